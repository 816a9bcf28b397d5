//! Where the curves of two settings cross in a sweep over an argument: at which value their makespans are the same.
//!
//! At each value of the argument the paired log ratios of both settings have a middle (the Hodges–Lehmann estimate, as
//! in comparisons). Between two values of different sign the middle is interpolated on a straight line over the
//! logarithm of the argument (over the argument itself, where not all are above 0), and the crossing is where that is
//! 0. Its interval is that of the percentile bootstrap (Efron B., Tibshirani R. J.: *An Introduction to the Bootstrap*,
//! 1993, chapter 13), with levels widened for few repeats as in comparisons, see [`statistics::bootstrap`]. Repeats are
//! resampled, all points of a repeat together, because they saw the same machine, and each resample has its crossing.

use super::curve::{MeasuredPoint, Sweep, SweepCurve};
use super::sentences;
use crate::verdict::EQUIVALENCE;
use model::scaling::Crossing;
use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64;
use statistics::{
    bootstrap::expanded_level,
    order::{median, quantile, sorted},
    signed_rank::FEWEST_PAIRS,
};

/// Up to so many values, all pairs of them are averaged.
const LOCATED_TO: usize = 60;
/// How many resamples are drawn.
const DRAWS: usize = 2_000;
/// The share of resamples that has to agree.
const CONFIDENCE: f64 = 0.95;

/// The crossings of every two curves.
pub fn crossings(sweep: &Sweep) -> Vec<Crossing> {
    let curves = &sweep.curves;
    let pairs = curves.iter().enumerate().flat_map(|(i, a)| curves[i + 1..].iter().map(move |b| (a, b)));
    pairs.filter_map(|(a, b)| crossing(sweep, a, b)).collect()
}

fn crossing(sweep: &Sweep, a: &SweepCurve, b: &SweepCurve) -> Option<Crossing> {
    let ratios = Ratios::of(a, b)?;
    let found = ratios.find(sweep.seed);
    let (below, above) = match &found {
        CrossingKind::At { rises: false, .. }
        | CrossingKind::Unclear { rises: Some(false), .. }
        | CrossingKind::Throughout { a_is_faster: false, .. } => (b, a),
        _ => (a, b),
    };
    let (at, low, high) = match found {
        CrossingKind::At { at, interval, .. } => (Some(at), interval.map(|i| i.0), interval.map(|i| i.1)),
        CrossingKind::Unclear { at, .. } => (at, None, None),
        _ => (None, None, None),
    };
    let sentence = sentences::crossing(&sweep.axis, &below.phrase, &above.phrase, &found);
    Some(Crossing { below: below.setting, above: above.setting, at, low, high, sentence })
}

/// What is known of the crossing of two curves.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum CrossingKind {
    /// They cross.
    At {
        at: f64,
        /// Its interval, where there are repeats enough.
        interval: Option<(f64, f64)>,
        /// Whether the first is faster below, and slower above.
        rises: bool,
        /// The share of resamples in which they do not cross this way.
        without: f64,
    },
    /// One is faster at all values; `surely`, where there are enough repeats to say so.
    Throughout { a_is_faster: bool, surely: bool },
    /// At no value is there a difference that matters.
    Same,
    /// They may cross: in this share of resamples they do, perhaps here.
    Unclear { at: Option<f64>, rises: Option<bool>, share: f64 },
    /// Both have times at one value only.
    OnePoint,
}

/// The log ratios of two curves.
struct Ratios {
    /// The values of the argument at which both have times, ascending.
    x: Vec<f64>,
    /// At each value the log ratio of every repeat, where there is one: above 0 where the first takes longer.
    logs: Vec<Vec<Option<f64>>>,
    /// How many repeats there are.
    repeats: usize,
}

impl Ratios {
    fn of(a: &SweepCurve, b: &SweepCurve) -> Option<Self> {
        let both = a.points.iter().filter_map(|point| {
            let partner = b.points.iter().find(|other| other.x == point.x)?;
            Some((point.x, numbered(point, partner))).filter(|(_, pairs)| !pairs.is_empty())
        });
        let both: Vec<_> = both.collect();
        let mut repeats: Vec<u32> = both.iter().flat_map(|(_, pairs)| pairs).map(|(repeat, _)| *repeat).collect();
        repeats.sort_unstable();
        repeats.dedup();
        let of_repeat =
            |pairs: &[(u32, f64)], repeat: &u32| pairs.iter().find(|(r, _)| r == repeat).map(|(_, log)| *log);
        let logs = both.iter().map(|(_, pairs)| repeats.iter().map(|repeat| of_repeat(pairs, repeat)).collect());
        let (x, logs) = (both.iter().map(|(x, _)| *x).collect(), logs.collect());
        (!both.is_empty()).then_some(Self { x, logs, repeats: repeats.len() })
    }

    fn find(&self, seed: u64) -> CrossingKind {
        let middles = self.middles(&(0..self.repeats).collect::<Vec<_>>());
        if middles.len() == 1 {
            return CrossingKind::OnePoint;
        }
        let near = |median: &Option<f64>| median.is_none_or(|log| log.abs() <= EQUIVALENCE.ln_1p());
        if middles.iter().all(near) {
            return CrossingKind::Same;
        }
        let here = self.cross(&middles);
        if self.repeats < FEWEST_PAIRS {
            return match here {
                Some((at, rises)) => CrossingKind::At { at, interval: None, rises, without: 0.0 },
                None => CrossingKind::Throughout { a_is_faster: is_faster(&middles), surely: false },
            };
        }
        self.by_drawing(seed, &middles, here)
    }

    fn by_drawing(&self, seed: u64, middles: &[Option<f64>], here: Option<(f64, bool)>) -> CrossingKind {
        let draws = self.draws(seed);
        let share = |of: usize| of as f64 / draws.len() as f64;
        match here {
            Some((at, rises)) => {
                let alike = draws.iter().flatten().filter(|(_, other)| *other == rises);
                let places = sorted(&alike.map(|(at, _)| *at).collect::<Vec<_>>());
                let without = 1.0 - share(places.len());
                let level = expanded_level(self.repeats);
                let end = |p: f64| quantile(&places, p);
                match (end(level), end(1.0 - level)) {
                    (Some(low), Some(high)) if 1.0 - without >= CONFIDENCE => {
                        CrossingKind::At { at, interval: Some((low, high)), rises, without }
                    }
                    _ => CrossingKind::Unclear { at: Some(at), rises: Some(rises), share: 1.0 - without },
                }
            }
            None => {
                let crossed = share(draws.iter().flatten().count());
                if 1.0 - crossed >= CONFIDENCE {
                    return CrossingKind::Throughout { a_is_faster: is_faster(middles), surely: true };
                }
                CrossingKind::Unclear { at: None, rises: None, share: crossed }
            }
        }
    }

    /// The crossing in each resample, where there is one.
    fn draws(&self, seed: u64) -> Vec<Option<(f64, bool)>> {
        let mut random = Pcg64::seed_from_u64(seed);
        let mut draw = |_| {
            let drawn: Vec<usize> = (0..self.repeats).map(|_| random.random_range(0..self.repeats)).collect();
            self.cross(&self.middles(&drawn))
        };
        (0..DRAWS).map(&mut draw).collect()
    }

    /// The middle at each value over the repeats with these indices, each as often as it is listed.
    fn middles(&self, repeats: &[usize]) -> Vec<Option<f64>> {
        let at =
            |logs: &Vec<Option<f64>>| location(&repeats.iter().filter_map(|place| logs[*place]).collect::<Vec<_>>());
        self.logs.iter().map(at).collect()
    }

    /// Where the middles change their sign, and whether they rise there; `None` where they don't. Curves that run side
    /// by side for a while may have several such places: then the one that best separates the signs.
    fn cross(&self, middles: &[Option<f64>]) -> Option<(f64, bool)> {
        let known: Vec<(f64, f64)> =
            self.x.iter().zip(middles).filter_map(|(x, median)| Some((*x, (*median)?))).collect();
        let total: f64 = known.iter().map(|(_, log)| log).sum();
        let mut below = 0.0;
        let mut best: Option<(f64, (f64, bool))> = None;
        for pair in known.windows(2) {
            below += pair[0].1;
            let rises = pair[1].1 > pair[0].1;
            let changes = (pair[0].1 < 0.0) != (pair[1].1 < 0.0) && pair[0].1 != pair[1].1;
            let agreement = (total - 2.0 * below) * if rises { 1.0 } else { -1.0 };
            if changes && best.is_none_or(|(most, _)| agreement > most) {
                best = Some((agreement, (self.between(pair[0], pair[1]), rises)));
            }
        }
        best.map(|(_, place)| place)
    }

    fn between(&self, (from, a): (f64, f64), (to, b): (f64, f64)) -> f64 {
        let share = a / (a - b);
        if self.x.iter().all(|x| *x > 0.0) { from * (to / from).powf(share) } else { from + (to - from) * share }
    }
}

/// The log ratio of each repeat that both have, with the repeat's number.
fn numbered(a: &MeasuredPoint, b: &MeasuredPoint) -> Vec<(u32, f64)> {
    let ratio = |(repeat, ns): &(u32, f64)| {
        let (_, other) = b.makespans.iter().find(|(other, _)| other == repeat)?;
        Some((*repeat, (ns / other).ln()))
    };
    a.makespans.iter().filter_map(ratio).collect()
}

/// The Hodges–Lehmann estimate, as in comparisons; of many values, for which it takes long, the median.
fn location(values: &[f64]) -> Option<f64> {
    if values.len() > LOCATED_TO {
        return median(values);
    }
    let pairs = values.iter().enumerate().flat_map(|(i, a)| values[i..].iter().map(move |b| (a + b) / 2.0));
    let mut averages: Vec<f64> = pairs.collect();
    let upper = averages.len() / 2;
    if averages.is_empty() {
        return None;
    }
    let even = averages.len().is_multiple_of(2);
    let (below, middle, _) = averages.select_nth_unstable_by(upper, f64::total_cmp);
    let lower = below.iter().copied().fold(f64::MIN, f64::max);
    Some(if even { (lower + *middle) / 2.0 } else { *middle })
}

/// Whether the first is faster on average over the values.
fn is_faster(middles: &[Option<f64>]) -> bool {
    middles.iter().flatten().sum::<f64>() < 0.0
}
