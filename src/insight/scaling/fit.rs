//! Laws of scaling fitted to a curve by least squares.
//!
//! The residuals are relative, (T − law) / M, over every complete repeat, M the median with so many workers: the noise of a
//! run is in proportion to its length, and a run with one worker weighs as much as a short one with many. (Over T itself,
//! repeats that are short by chance would weigh more, and pull the curve down.) The fit is MPFIT's (Levenberg and Marquardt's,
//! Markwardt C. B.: *Non-linear Least-squares Fitting in IDL with MPFIT*, ADASS XVIII, 2009). An error is the root of the
//! parameter's variance, times χ² over the degrees of freedom: that of SciPy's `curve_fit` with `absolute_sigma=False`.

use super::curve::Curve;
use crate::{
    model::scaling::{Fit, Law},
    statistics::order::median,
};
use rmpfit::{MPError, MPFitter, MPResult, MPStatus, MPSuccess};
use std::collections::BTreeMap;

/// From so many standard errors beyond the end of what it can mean, a parameter means something else.
const SURELY: f64 = 1.96;
/// A curve that passes by a median by more is said not to fit: medians of times that follow it are rarely so far off.
const FAR: f64 = 0.10;
/// From so much above the number of workers on, a speedup is no chance.
const IDEAL: f64 = 0.02;

/// Every law, fitted to one curve.
pub fn fits(curve: &Curve) -> Vec<Fit> {
    let known = curve.points.iter().filter(|point| !point.makespans.is_empty());
    let points: Vec<(f64, Vec<f64>)> = known.map(|point| (point.x, point.times())).collect();
    let fit = |law: Law| {
        let (found, note) = match fit(law, &points) {
            Ok(found) => {
                let note = found.note(law, &points);
                (found, note)
            }
            Err(why) => (Found::default(), Some(why)),
        };
        let named = |values: &[f64]| -> BTreeMap<String, f64> {
            law.parameters().iter().map(|name| (*name).to_owned()).zip(values.iter().copied()).collect()
        };
        let (parameters, errors) = (named(&found.parameters), named(&found.errors));
        Fit { setting: curve.setting.into(), law, parameters, errors, note }
    };
    Law::ALL.map(fit).to_vec()
}

/// Parameters in the order of [`Law::parameters`], and one standard error of each, where it can be told.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Found {
    pub parameters: Vec<f64>,
    pub errors: Vec<f64>,
}

/// Fits a law to numbers of workers, each another and with the times of its repeats, in nanoseconds.
///
/// # Errors
/// Why it can't be fitted, in one sentence.
pub fn fit(law: Law, points: &[(f64, Vec<f64>)]) -> Result<Found, String> {
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
    // Parameters of like size: the time with one worker is counted in what the first point says of it.
    let unit = points.first().and_then(|(workers, times)| Some(workers * median(times)?)).unwrap_or(1.0);
    let mut problem = Problem::of(law, points, unit);
    let mut parameters = match law {
        Law::Amdahl => vec![1.0, 0.1],
        Law::Usl => vec![1.0, 0.1, 0.001],
    };
    let status = problem.mpfit(&mut parameters).map_err(|error| no_fit(law, &error))?;
    if !converged(&status) || parameters.iter().any(|value| !value.is_finite()) || parameters[0] <= 0.0 {
        return Err(format!(
            "{} does not fit these times: the search for its parameters came to no end.",
            subject(law)
        ));
    }
    let free = problem.data.len() - needed;
    let scale = (status.best_norm / free as f64).sqrt();
    let mut errors: Vec<f64> = match free {
        0 => Vec::new(),
        _ => status.xerror.iter().map(|error| error * scale).collect(),
    };
    parameters[0] *= unit;
    errors.iter_mut().take(1).for_each(|error| *error *= unit);
    Ok(Found { parameters, errors })
}

struct Problem {
    law: Law,
    /// Workers, time, and the middle time with so many workers.
    data: Vec<(f64, f64, f64)>,
}

impl Problem {
    fn of(law: Law, points: &[(f64, Vec<f64>)], unit: f64) -> Self {
        let of_point = |(workers, times): &(f64, Vec<f64>)| {
            let (workers, middle) = (*workers, median(times).unwrap_or(unit) / unit);
            times.iter().map(|ns| (workers, ns / unit, middle)).collect::<Vec<_>>()
        };
        Self { law, data: points.iter().flat_map(of_point).collect() }
    }
}

impl MPFitter for Problem {
    fn eval(&mut self, parameters: &[f64], deviates: &mut [f64]) -> MPResult<()> {
        for (deviate, (workers, time, middle)) in deviates.iter_mut().zip(&self.data) {
            *deviate = (time - self.law.time(parameters, *workers)) / middle;
        }
        Ok(())
    }

    fn number_of_points(&self) -> usize {
        self.data.len()
    }
}

fn converged(status: &MPStatus) -> bool {
    !matches!(status.success, MPSuccess::NotDone | MPSuccess::MaxIter)
}

/// The law at the start of a sentence.
fn subject(law: Law) -> &'static str {
    match law {
        Law::Amdahl => "Amdahl's law",
        Law::Usl => "The Universal Scalability Law",
    }
}

fn no_fit(law: Law, error: &MPError) -> String {
    let why = match error {
        MPError::Nan => "its residuals are not finite",
        MPError::Empty | MPError::DoF => "there are too few complete repeats",
        _ => "the search for its parameters failed",
    };
    format!("{} does not fit these times: {why}.", subject(law))
}

impl Found {
    /// Why it is to be taken with care.
    fn note(&self, law: Law, points: &[(f64, Vec<f64>)]) -> Option<String> {
        if self.errors.is_empty() {
            let repeats = self.parameters.len();
            return Some(format!(
                "As many parameters as complete repeats ({repeats}): the curve goes through all, and errors can't be told."
            ));
        }
        self.meaningless(law, points).or_else(|| self.passes_by(law, points)).or_else(|| self.not_told_from_zero(law))
    }

    /// A parameter that surely has a value for which its law has no meaning.
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

    /// Where the curve passes by the median times, if it does.
    fn passes_by(&self, law: Law, points: &[(f64, Vec<f64>)]) -> Option<String> {
        let off = |(workers, times): &(f64, Vec<f64>)| {
            Some(((law.time(&self.parameters, *workers) / median(times)? - 1.0).abs(), *workers))
        };
        let (off, workers) = points.iter().filter_map(off).max_by(|a, b| a.0.total_cmp(&b.0))?;
        let at = crate::insight::label::workers(workers as u32);
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

/// Why a parameter may come out so: more than the ideal, or a bend, as where the cores end.
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
