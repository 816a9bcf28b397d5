//! Ticks of a time axis: round instants with one common unit.

/// The unit of an axis.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AxisUnit {
    /// The unit's symbol.
    pub symbol: &'static str,
    /// Nanoseconds in one unit.
    pub ns: u64,
}

const UNITS: [AxisUnit; 6] = [
    AxisUnit { symbol: "ns", ns: 1 },
    AxisUnit { symbol: "µs", ns: 1_000 },
    AxisUnit { symbol: "ms", ns: 1_000_000 },
    AxisUnit { symbol: "s", ns: 1_000_000_000 },
    AxisUnit { symbol: "min", ns: 60_000_000_000 },
    AxisUnit { symbol: "h", ns: 3_600_000_000_000 },
];

/// One mark of an axis.
#[derive(Clone, Debug, PartialEq)]
pub struct Tick {
    /// Where it is.
    pub at_ns: f64,
    /// Its number, without the unit: `0.5`.
    pub number: String,
}

/// The ticks of an axis.
#[derive(Clone, Debug, PartialEq)]
pub struct Ticks {
    /// The unit of every number.
    pub unit: AxisUnit,
    /// The distance from tick to tick.
    pub step_ns: f64,
    /// The ticks in order, all inside the interval.
    pub ticks: Vec<Tick>,
}

impl Ticks {
    /// A tick's number with the unit.
    pub fn label(&self, tick: &Tick) -> String {
        format!("{} {}", tick.number, self.unit.symbol)
    }
}

/// The smallest number that is 1, 2 or 5 times a power of ten and no smaller than `least`.
pub fn round_step(least: f64) -> f64 {
    let tens = 10f64.powf(least.log10().floor());
    let step = [1.0, 2.0, 5.0, 10.0].into_iter().map(|digit| digit * tens).find(|step| *step >= least * (1.0 - 1e-9));
    step.unwrap_or(10.0 * tens)
}

/// The label of a tick on an axis between two instants whose ticks are `step_ns` apart.
pub fn label_at(at_ns: f64, step_ns: f64, (from_ns, to_ns): (f64, f64)) -> String {
    let unit = unit_for(from_ns.abs().max(to_ns.abs()), (to_ns - from_ns).max(1.0));
    let (worth, decimals) = (unit.ns as f64, decimals(step_ns / unit.ns as f64));
    format!("{:.decimals$} {}", at_ns / worth, unit.symbol)
}

/// At most `most` + 1 round instants between two (a `most` below 2 counts as 2), with numbers in a unit that suits the
/// farther end.
pub fn ticks(from_ns: f64, to_ns: f64, most: usize) -> Ticks {
    let span = (to_ns - from_ns).max(1.0);
    let unit = unit_for(from_ns.abs().max(to_ns.abs()), span);
    let step = step(span / unit.ns as f64 / most.max(2) as f64, unit);
    let step_ns = step * unit.ns as f64;
    let decimals = decimals(step);
    let (first, last) = ((from_ns / step_ns).ceil() as i64, (to_ns / step_ns).floor() as i64);
    let tick = |i: i64| Tick { at_ns: i as f64 * step_ns, number: format!("{:.decimals$}", i as f64 * step) };
    Ticks { unit, step_ns, ticks: (first..=last).take(most.max(2) + 1).map(tick).collect() }
}

/// The largest unit that fits into the farther end at least once; minutes and hours only where they fit into the span
/// twice.
fn unit_for(farthest_ns: f64, span_ns: f64) -> AxisUnit {
    let fits = |unit: &&AxisUnit| {
        let ns = unit.ns as f64;
        farthest_ns >= ns && (unit.ns < UNITS[4].ns || span_ns >= 2.0 * ns)
    };
    *UNITS.iter().rev().find(fits).unwrap_or(&UNITS[0])
}

/// The smallest round step that is no smaller than `least`, see [`round_step`]; for minutes and hours also 0.25, 15 and
/// 30.
fn step(least: f64, unit: AxisUnit) -> f64 {
    if unit.ns >= UNITS[4].ns
        && let Some(step) = [0.25, 0.5, 1.0, 2.0, 5.0, 10.0, 15.0, 20.0, 30.0].into_iter().find(|step| *step >= least)
    {
        return step;
    }
    let step = round_step(least);
    if unit.ns == 1 { step.max(1.0) } else { step }
}

fn decimals(step: f64) -> usize {
    let is_whole = |value: f64| (value - value.round()).abs() < 1e-6 * value;
    (0..12).find(|decimals| is_whole(step * 10f64.powi(*decimals))).unwrap_or(12) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(from: f64, to: f64, most: usize) -> Vec<String> {
        let ticks = ticks(from, to, most);
        ticks.ticks.iter().map(|tick| ticks.label(tick)).collect()
    }

    #[test]
    fn ticks_are_round_and_share_a_unit() {
        assert_eq!(labels(0.0, 1.84e9, 5), ["0.0 s", "0.5 s", "1.0 s", "1.5 s"]);
        assert_eq!(labels(0.0, 130e6, 10), ["0 ms", "20 ms", "40 ms", "60 ms", "80 ms", "100 ms", "120 ms"]);
        assert_eq!(labels(0.0, 900.0, 4), ["0 ns", "500 ns"]);
        assert_eq!(labels(0.0, 300e9, 6), ["0 min", "1 min", "2 min", "3 min", "4 min", "5 min"]);
        assert_eq!(labels(0.0, 120e9, 4), ["0.0 min", "0.5 min", "1.0 min", "1.5 min", "2.0 min"]);
    }

    #[test]
    fn a_small_window_far_out_keeps_its_digits() {
        assert_eq!(
            labels(1.840_000_1e9, 1.840_000_9e9, 4),
            ["1.8400002 s", "1.8400004 s", "1.8400006 s", "1.8400008 s"]
        );
        assert_eq!(labels(-50e6, 100e6, 3), ["-50 ms", "0 ms", "50 ms", "100 ms"]);
    }

    #[test]
    fn there_are_never_too_many_and_always_some() {
        for exponent in 0..14 {
            for most in 2..20 {
                let ticks = ticks(0.0, 3.7 * 10f64.powi(exponent), most);
                assert!((2..=most + 1).contains(&ticks.ticks.len()), "{ticks:?}");
            }
        }
    }
}
