//! A sweep as charts draw it: curves with their colours, metrics, and the axis of the varied value.

use crate::palette::{self, Rgb};
use insight::{
    label::{label, workers},
    scaling::curve_of,
    spread::spread_text,
};
use model::{
    Setting, SweepAxis,
    quantity::{Unit, figures, number},
    scaling::{Crossing, Estimate, Fit, Point, Scaling},
};

/// An axis is logarithmic only if its last value is at least this many times the first.
const FAR: f64 = 8.0;
/// Colours for curves whose mode's accent is taken by another curve.
const FURTHER: [Rgb; 6] =
    [palette::ORANGE, palette::GREEN, palette::VERMILLION, palette::SKY_BLUE, palette::DARK_GREY, palette::YELLOW];

/// What a panel shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Metric {
    /// How long a run takes, in nanoseconds.
    Makespan,
    /// Executions per second.
    Throughput,
    /// How many times as fast as with one worker.
    Speedup,
    /// Speedup over workers.
    Efficiency,
}

impl Metric {
    /// The panels of a sweep over workers.
    pub const ALL: [Self; 4] = [Self::Makespan, Self::Throughput, Self::Speedup, Self::Efficiency];

    /// The panel's heading.
    pub fn title(self) -> &'static str {
        match self {
            Self::Makespan => "Makespan",
            Self::Throughput => "Throughput",
            Self::Speedup => "Speedup",
            Self::Efficiency => "Efficiency",
        }
    }

    /// What it means.
    pub fn meaning(self) -> &'static str {
        match self {
            Self::Makespan => "from the origin to the last join",
            Self::Throughput => "executions per second",
            Self::Speedup => "times as fast as with 1 worker",
            Self::Efficiency => "speedup over workers",
        }
    }

    /// A value for people, with its unit.
    pub fn text(self, value: f64) -> String {
        match self {
            Self::Makespan => Unit::Time.text(value),
            Self::Throughput => format!("{} /s", number(value)),
            Self::Speedup => Unit::Times.text(value),
            Self::Efficiency => figures(value),
        }
    }

    /// The lower end of a range: without its unit, where the upper end has the same.
    fn lower_text(self, low: f64, high: f64) -> String {
        let unit = match self {
            Self::Makespan => Unit::Time,
            Self::Throughput => return number(low),
            Self::Speedup => Unit::Times,
            Self::Efficiency => return figures(low),
        };
        match (unit.scaled(low), unit.scaled(high)) {
            (Some(low), Some(high)) if low.sign == high.sign => low.number_text(),
            _ => unit.text(low),
        }
    }

    /// `1.84 s (95 %: 1.80–1.90 s)`.
    pub fn estimate_text(self, estimate: &Estimate) -> String {
        let value = self.text(estimate.median);
        match (estimate.low, estimate.high) {
            (Some(low), Some(high)) => {
                format!("{value} (95 %: {}–{})", self.lower_text(low, high), self.text(high))
            }
            _ => value,
        }
    }

    /// Its estimate at a point.
    pub fn of(self, point: &Point) -> Option<Estimate> {
        match self {
            Self::Makespan => point.makespan_ns,
            Self::Throughput => point.throughput_per_s,
            Self::Speedup => point.speedup_interval,
            Self::Efficiency => point.efficiency_interval,
        }
    }

    /// The ideal line: its value at `workers` if every worker did its full share.
    pub fn ideal(self, workers: f64) -> Option<f64> {
        match self {
            Self::Speedup => Some(workers),
            Self::Efficiency => Some(1.0),
            Self::Makespan | Self::Throughput => None,
        }
    }
}

/// A sweep as charts draw it.
#[derive(Clone, Debug)]
pub struct View<'a> {
    /// Its results.
    pub scaling: &'a Scaling,
    /// Its curves.
    pub curves: Vec<CurveView<'a>>,
    /// Whether the axis of the varied value is logarithmic.
    pub log_x: bool,
}

/// A curve as charts draw it.
#[derive(Clone, Debug)]
pub struct CurveView<'a> {
    /// Its name in the legend.
    pub name: String,
    /// Its colour; each curve has another.
    pub colour: Rgb,
    /// Its points, ascending, with their places on the axis.
    pub points: Vec<(f64, &'a Point)>,
    /// The laws that could be fitted to it.
    pub fits: Vec<&'a Fit>,
    /// The place of the best number of workers, where there are enough repeats to tell.
    pub best: Option<f64>,
}

impl View<'_> {
    /// Everything known of a point, one item a line.
    pub fn point_words(&self, curve: &CurveView, point: &Point) -> String {
        let place = match point.setting.argument {
            Some(value) => format!("{} {value}", self.scaling.axis.title()),
            None => workers(point.setting.workers),
        };
        let mut lines = vec![format!("{}, {place}", curve.name)];
        lines.extend(Metric::ALL.iter().filter_map(|metric| {
            let estimate = metric.of(point)?;
            Some(format!("{}: {}", metric.title(), metric.estimate_text(&estimate)))
        }));
        lines.push(if point.repeats == 1 { "1 repeat".to_owned() } else { format!("{} repeats", point.repeats) });
        lines.extend(point.note.clone());
        lines.join("\n")
    }

    /// A panel in words, for screen readers: `Speedup over workers: Threads 1: 1.00 ×, 2: 1.94 ×; …`.
    pub fn words(&self, metric: Metric) -> String {
        let of_curve = |curve: &CurveView| {
            let value = |(x, point): &(f64, &Point)| Some(format!("{x}: {}", metric.text(metric.of(point)?.median)));
            let values: Vec<String> = curve.points.iter().filter_map(value).collect();
            format!("{} {}", curve.name, values.join(", "))
        };
        let curves: Vec<String> = self.curves.iter().map(of_curve).collect();
        format!("{} over {}: {}", metric.title(), self.scaling.axis.title(), curves.join("; "))
    }
}

impl<'a> View<'a> {
    /// The view of a sweep's results.
    pub fn of(scaling: &'a Scaling) -> Self {
        let axis = &scaling.axis;
        let kind = |side: Setting| curve_of(side, axis);
        let mut kinds: Vec<Setting> = Vec::new();
        for point in &scaling.points {
            if !kinds.contains(&kind(point.setting)) {
                kinds.push(kind(point.setting));
            }
        }
        let mut colours = Vec::new();
        let curves = kinds.iter().map(|setting| {
            let own = |side: Setting| kind(side) == *setting;
            let points = scaling.points.iter().filter(|point| own(point.setting));
            let best = scaling.best.iter().find(|best| best.told && own(best.setting));
            colours.push(colour(*setting, &colours));
            CurveView {
                name: label(*setting, &kinds),
                colour: colours[colours.len() - 1],
                points: points.map(|point| (place(point.setting, axis), point)).collect(),
                fits: scaling.fits.iter().filter(|fit| own(fit.setting) && !fit.parameters.is_empty()).collect(),
                best: best.map(|best| place(best.setting, axis)),
            }
        });
        Self { curves: curves.collect(), log_x: is_log(axis), scaling }
    }

    /// The sweep's panels: over an argument only makespans.
    pub fn metrics(&self) -> &'static [Metric] {
        match self.scaling.axis {
            SweepAxis::Workers(_) => &Metric::ALL,
            SweepAxis::Argument { .. } => &Metric::ALL[..1],
        }
    }

    /// The smallest and the largest varied value.
    pub fn x_range(&self) -> (f64, f64) {
        let all = values(&self.scaling.axis);
        (all.first().copied().unwrap_or(0.0), all.last().copied().unwrap_or(1.0))
    }

    /// Whether a panel's vertical axis is logarithmic: only that of makespans can be.
    pub fn log_y(&self, metric: Metric) -> bool {
        let range = self.y_range(metric);
        self.log_x && metric == Metric::Makespan && range.is_some_and(|(low, high)| low > 0.0 && high >= FAR * low)
    }

    /// The smallest and the largest value of a panel, intervals included; `None` where nothing is known yet.
    pub fn y_range(&self, metric: Metric) -> Option<(f64, f64)> {
        let estimates = self.curves.iter().flat_map(|curve| &curve.points).filter_map(|(_, point)| metric.of(point));
        let ends = estimates.flat_map(|e| [Some(e.median), e.low, e.high]).flatten();
        ends.fold(None, |range, value| {
            let (low, high) = range.unwrap_or((value, value));
            Some((value.min(low), value.max(high)))
        })
    }

    /// The sentences that say which setting is best and where curves cross.
    pub fn sentences(&self) -> impl Iterator<Item = &'a str> {
        sentences(self.scaling)
    }

    /// The crossings whose place is known.
    pub fn crossings(&self) -> impl Iterator<Item = (f64, &'a Crossing)> {
        self.scaling.crossings.iter().filter_map(|crossing| Some((crossing.at?, crossing)))
    }
}

/// The sentences that say which setting is best and where curves cross.
pub fn sentences(scaling: &Scaling) -> impl Iterator<Item = &str> {
    let best = scaling.best.iter().map(|best| best.sentence.as_str());
    best.chain(scaling.crossings.iter().map(|crossing| crossing.sentence.as_str()))
}

impl CurveView<'_> {
    /// A panel's value at `workers` by a fitted law.
    pub fn fitted(&self, fit: &Fit, metric: Metric, workers: f64) -> Option<f64> {
        let time = fit.time_ns(workers)?;
        let one = || fit.time_ns(1.0);
        match metric {
            Metric::Makespan => Some(time),
            Metric::Speedup => Some(one()? / time),
            Metric::Efficiency => Some(one()? / time / workers),
            Metric::Throughput => {
                let work =
                    |(_, point): &(f64, &Point)| Some(point.throughput_per_s?.median * point.makespan_ns?.median);
                Some(self.points.iter().find_map(work)? / time)
            }
        }
    }
}

/// A fitted law as a row of a table.
#[derive(Clone, Debug, PartialEq)]
pub struct FitRow {
    /// The curve, the law, and each parameter with one standard error: `serial 0.12 ± 0.01`; the curve and the law alone
    /// where it could not be fitted.
    pub cells: Vec<String>,
    /// Why there is no fit, or why to be careful with it.
    pub note: Option<String>,
}

/// Every law of every curve, including those that could not be fitted.
pub fn fit_rows(view: &View) -> Vec<FitRow> {
    let axis = &view.scaling.axis;
    let kinds: Vec<Setting> = view.scaling.fits.iter().map(|fit| curve_of(fit.setting, axis)).collect();
    let row = |(fit, kind): (&Fit, &Setting)| {
        let mut cells = vec![label(*kind, &kinds), fit.law.title().to_owned()];
        cells.extend(fit.law.parameters().iter().filter_map(|name| parameter(fit, name)));
        FitRow { cells, note: fit.note.clone() }
    };
    view.scaling.fits.iter().zip(&kinds).map(row).collect()
}

/// `T1 1.50 s ± 0.02`, `serial 0.12 ± 0.005`.
fn parameter(fit: &Fit, name: &str) -> Option<String> {
    use model::quantity::{Unit, figures};
    use statistics::order::Spread;
    let value = *fit.parameters.get(name)?;
    let error = fit.errors.get(name).copied();
    if name == model::laws::T1 {
        let error = error.unwrap_or(0.0);
        let spread = Spread { median: value, low: value - error, high: value + error, count: fit.errors.len() };
        return Some(format!("T1 {}", spread_text(Unit::Time, &spread)));
    }
    // The value has as many decimals as the error has with two significant figures.
    let decimals =
        error.filter(|error| *error > 0.0).map_or(3, |error| (1.0 - error.log10().floor()).clamp(0.0, 5.0) as usize);
    Some(match error {
        Some(error) if value.is_finite() => format!("{name} {value:.decimals$} ± {error:.decimals$}"),
        _ => format!("{name} {}", figures(value)),
    })
}

/// The place of a setting on the axis.
pub fn place(side: Setting, axis: &SweepAxis) -> f64 {
    match axis {
        SweepAxis::Workers(_) => f64::from(side.workers),
        SweepAxis::Argument { .. } => side.argument.map_or(0.0, |argument| argument.get()),
    }
}

fn values(axis: &SweepAxis) -> Vec<f64> {
    match axis {
        SweepAxis::Workers(workers) => workers.iter().map(|n| f64::from(*n)).collect(),
        SweepAxis::Argument { values, .. } => values.iter().map(|value| value.get()).collect(),
    }
}

/// Whether the values of an argument are spaced more evenly by ratio than by distance, and span a large enough ratio.
pub fn is_log(axis: &SweepAxis) -> bool {
    let values = values(axis);
    let (Some(first), Some(last)) = (values.first(), values.last()) else { return false };
    let uneven = |of: fn(f64) -> f64| {
        let gaps: Vec<f64> = values.windows(2).map(|pair| of(pair[1]) - of(pair[0])).collect();
        let (least, most) = gaps.iter().fold((f64::MAX, 0.0_f64), |(low, high), gap| (low.min(*gap), high.max(*gap)));
        most / least
    };
    let argument = matches!(axis, SweepAxis::Argument { .. });
    argument && *first > 0.0 && *last >= FAR * first && uneven(f64::ln) <= uneven(|value| value)
}

fn colour(setting: Setting, taken: &[Rgb]) -> Rgb {
    let own = palette::accent(setting.mode);
    let free = |colour: &Rgb| !taken.contains(colour);
    Some(own).filter(free).or_else(|| FURTHER.into_iter().find(free)).unwrap_or(FURTHER[taken.len() % FURTHER.len()])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn axis(text: &str) -> SweepAxis {
        text.parse().expect("an axis")
    }

    #[test]
    fn an_axis_is_logarithmic_where_its_values_are() {
        assert!(is_log(&axis("primes.limit=1e4..1e6:log5")));
        assert!(!is_log(&axis("primes.limit=100..1000:lin10")));
        assert!(!is_log(&axis("primes.limit=1000,1100")));
        assert!(!is_log(&axis("workers=1,2,4,8,16,32")), "the ideal line is straight");
        assert!(!is_log(&axis("t.x=5")));
    }

    #[test]
    fn curves_of_like_modes_have_colours_of_their_own() {
        use model::LaunchMode::{ThreadPool, Threads};
        let first = colour(Setting::of(Threads), &[]);
        assert_eq!(first, palette::BLUE);
        assert_eq!(colour(Setting::of(ThreadPool), &[first]), palette::ORANGE);
    }
}
