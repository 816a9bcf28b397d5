//! Laws of scaling fitted to a curve by least squares.
//!
//! The residuals are relative, (T − law) / M, over every complete repeat; M is the median with the same number of
//! workers. The noise of a run is in proportion to its length, so a run with one worker weighs as much as a short one
//! with many. (Over T itself, repeats that are short by chance would weigh more, and pull the curve down.) Both laws
//! are linear in factors from which their parameters follow, so the fit is a linear one. A parameter's standard error
//! follows from the factors' covariances and from the parameter's derivatives; it is that of SciPy's `curve_fit` with
//! `absolute_sigma=False`.

use super::curve::SweepCurve;
use model::scaling::{Fit, Law};
use statistics::{least_squares::least_squares, order::median};
use std::collections::BTreeMap;

/// A parameter that is out of its range by more than this many standard errors is surely so.
const SURELY: f64 = 1.96;
/// A curve that misses a median by more than this is said not to fit: medians of times that follow it are rarely so far
/// off.
const FAR: f64 = 0.10;
/// A speedup above the number of workers by more than this share is no chance.
const IDEAL: f64 = 0.02;

/// Every law, fitted to one curve.
pub fn fits(curve: &SweepCurve) -> Vec<Fit> {
    let known = curve.points.iter().filter(|point| !point.makespans.is_empty());
    let points: Vec<(f64, Vec<f64>)> = known.map(|point| (point.x, point.times())).collect();
    let fit = |law: Law| {
        let (found, note) = match fit(law, &points) {
            Ok(found) => {
                let note = found.note(law, &points);
                (found, note)
            }
            Err(why) => (Fitted::default(), Some(why)),
        };
        let named = |values: &[f64]| -> BTreeMap<String, f64> {
            law.parameters().iter().map(|name| (*name).to_owned()).zip(values.iter().copied()).collect()
        };
        let (parameters, errors) = (named(&found.parameters), named(&found.errors));
        Fit { setting: curve.setting, law, parameters, errors, note }
    };
    Law::ALL.map(fit).to_vec()
}

/// Parameters in the order of [`Law::parameters`], and the standard error of each, where it is known.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Fitted {
    pub parameters: Vec<f64>,
    pub errors: Vec<f64>,
}

/// Fits a law to points: different numbers of workers, each with the times of its repeats in nanoseconds.
///
/// # Errors
/// Why it can't be fitted, in one sentence.
pub fn fit(law: Law, points: &[(f64, Vec<f64>)]) -> Result<Fitted, String> {
    let needed = law.parameters().len();
    if points.len() < needed {
        let there_are = match points.len() {
            0 => "there is none".to_owned(),
            1 => "there is 1".to_owned(),
            n => format!("there are {n}"),
        };
        return Err(format!(
            "{} takes complete repeats at {needed} different numbers of workers at least; {there_are}.",
            subject(law)
        ));
    }
    let found = match law {
        Law::Amdahl => solved::<2>(points),
        Law::Usl => solved::<3>(points),
    };
    found.ok_or_else(|| format!("{} does not fit these times: they don't tell the time with one worker.", subject(law)))
}

/// The first `N` parameters of the Universal Scalability Law; Amdahl's law is the same without the third.
///
/// T = T1 (1 − σ) · 1/N + T1 σ · 1 + T1 κ · (N − 1) is linear in its three factors.
fn solved<const N: usize>(points: &[(f64, Vec<f64>)]) -> Option<Fitted> {
    let mut rows = Vec::new();
    for (workers, times) in points {
        let middle = median(times)?;
        let columns = [1.0 / workers, 1.0, workers - 1.0];
        let row: [f64; N] = std::array::from_fn(|at| columns[at] / middle);
        rows.extend(times.iter().map(|ns| (row, ns / middle)));
    }
    let fit = least_squares(&rows)?;
    let t1 = Some(fit.factors[0] + fit.factors[1]).filter(|t1| *t1 > 0.0)?;
    let parameter = |at: usize| if at == 0 { t1 } else { fit.factors[at] / t1 };
    // The derivatives of a parameter with respect to the factors.
    let gradient = |at: usize| -> [f64; N] {
        let of_t1 = |factor: usize| f64::from(u8::from(factor < 2));
        std::array::from_fn(|factor| match at {
            0 => of_t1(factor),
            _ => (f64::from(u8::from(factor == at)) - parameter(at) * of_t1(factor)) / t1,
        })
    };
    Some(Fitted {
        parameters: (0..N).map(parameter).collect(),
        errors: (0..N).filter_map(|at| fit.error(&gradient(at))).collect(),
    })
}

/// The law at the start of a sentence.
fn subject(law: Law) -> &'static str {
    match law {
        Law::Amdahl => "Amdahl's law",
        Law::Usl => "The Universal Scalability Law",
    }
}

impl Fitted {
    /// Why the fit is to be taken with care.
    fn note(&self, law: Law, points: &[(f64, Vec<f64>)]) -> Option<String> {
        if self.errors.is_empty() {
            let repeats = self.parameters.len();
            return Some(format!(
                "As many parameters as complete repeats ({repeats}): the curve goes through all, and errors can't be told."
            ));
        }
        self.meaningless(law, points).or_else(|| self.passes_by(law, points)).or_else(|| self.not_told_from_zero(law))
    }

    /// Says that a parameter surely has a value for which its law has no meaning.
    fn meaningless(&self, law: Law, points: &[(f64, Vec<f64>)]) -> Option<String> {
        let surely =
            |index: usize, end: f64| (self.parameters[index] - end) / self.errors[index].max(f64::MIN_POSITIVE);
        match law {
            Law::Amdahl if surely(1, 1.0) > SURELY => Some(
                "The serial share is above 1: more workers make it slower, for which this law has no place.".to_owned(),
            ),
            Law::Amdahl if surely(1, 0.0) < -SURELY => Some(below_zero("The serial share", points)),
            Law::Usl if surely(1, 0.0) < -SURELY => Some(below_zero("Contention", points)),
            Law::Usl if surely(2, 0.0) < -SURELY => Some(
                "Coherency is below 0: many workers are faster than contention alone allows, for which this law has no place."
                    .to_owned(),
            ),
            _ => None,
        }
    }

    /// Says where the curve misses the median times, if it does.
    fn passes_by(&self, law: Law, points: &[(f64, Vec<f64>)]) -> Option<String> {
        let off = |(workers, times): &(f64, Vec<f64>)| {
            Some(((law.time(&self.parameters, *workers) / median(times)? - 1.0).abs(), *workers))
        };
        let (off, workers) = points.iter().filter_map(off).max_by(|a, b| a.0.total_cmp(&b.0))?;
        let at = crate::label::workers(workers as u32);
        (off > FAR)
            .then(|| format!("The curve is off by {:.0} % at {at}: these times do not follow the law.", off * 100.0))
    }

    fn not_told_from_zero(&self, law: Law) -> Option<String> {
        let below = |index: usize| self.parameters[index] < 0.0;
        let what = match law {
            Law::Amdahl if below(1) => "The serial share can't",
            Law::Usl if below(1) && below(2) => "Neither contention nor coherency can",
            Law::Usl if below(1) => "Contention can't",
            Law::Usl if below(2) => "Coherency can't",
            _ => return None,
        };
        Some(format!("{what} be told from 0."))
    }
}

/// Why a parameter may come out below 0: speedup above the ideal, or a bend, as where there are no more cores.
fn below_zero(parameter: &str, points: &[(f64, Vec<f64>)]) -> String {
    let mut work = points.iter().filter_map(|(workers, times)| Some(workers * median(times)?));
    let first = work.next().unwrap_or(f64::INFINITY);
    let why = if work.any(|work| work < first * (1.0 - IDEAL)) {
        "speedup is above the number of workers, for which this law has no place"
    } else {
        "speedup ends more suddenly than this law can, as where there are no more cores"
    };
    format!("{parameter} is below 0: {why}.")
}
