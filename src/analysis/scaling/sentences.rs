//! What is said of a crossing.

use super::crossing::Found;
use crate::{
    analysis::{
        phrase::Phrase,
        stats::{figures, grouped},
    },
    model::SweepAxis,
};

/// A share of resamples below which it is not worth a word.
const WORTH_A_WORD: f64 = 0.005;

/// `Processes begin to pay from limit 41,000 on (95 %: 33,000–52,000); below, threads are faster.`
pub(super) fn crossing(axis: &SweepAxis, below: &Phrase, above: &Phrase, found: &Found) -> String {
    let begin = if above.verb == "are" { "begin" } else { "begins" };
    match found {
        Found::At { at, interval: Some((low, high)), without, .. } => {
            let ([low, high], at) = ([*low, *high].map(number), axis.at(&number(*at)));
            let rest = match *without > WORTH_A_WORD {
                true => format!("; in {} % of the resamples they do not cross", figures(without * 100.0)),
                false => String::new(),
            };
            format!(
                "{} {begin} to pay from {at} on (95 %: {low}–{high}{rest}); below, {} {} faster.",
                above.subject(),
                below.name,
                below.verb
            )
        }
        Found::At { at, .. } => format!(
            "{} {begin} to pay from {} on so far; there are too few repeats for an interval.",
            above.subject(),
            axis.at(&number(*at))
        ),
        Found::Throughout { surely: true, .. } => {
            format!("{} {} faster than {} in the whole range.", below.subject(), below.verb, above.name)
        }
        Found::Throughout { surely: false, .. } => format!(
            "{} took less time than {} in the whole range so far; there are too few repeats to be sure.",
            below.subject(),
            above.name
        ),
        Found::Same => {
            format!("No difference that matters between {} and {} in the whole range.", below.name, above.name)
        }
        Found::Unclear { at, share, .. } => unclear(axis, below, above, *at, *share),
        Found::OnePoint => format!(
            "{} and {} have times at one value of {} alone: where they cross can't be told.",
            below.subject(),
            above.name,
            axis.variable()
        ),
    }
}

fn unclear(axis: &SweepAxis, below: &Phrase, above: &Phrase, at: Option<f64>, share: f64) -> String {
    let near = at.map_or_else(String::new, |at| format!(", near {}", axis.at(&number(at))));
    format!(
        "Unclear: {} and {} cross in {:.0} % of the resamples{near}; more repeats, or a wider range, would tell.",
        below.name,
        above.name,
        share * 100.0
    )
}

/// A number of two or three figures with its thousands apart: `41,000`, `0.35`.
pub fn number(value: f64) -> String {
    let size = value.abs();
    if size < 1000.0 {
        return figures(value);
    }
    let unit = 10f64.powi(size.log10().floor() as i32 - 2);
    grouped(((value / unit).round() * unit) as i128)
}

/// A value as somebody gave it: a small whole number in its own digits, another one as [`number`] has it.
pub fn exact(value: f64) -> String {
    if value.fract() == 0.0 && value.abs() < 1000.0 { format!("{value:.0}") } else { number(value) }
}

/// A number with the decimals of its step, and with its thousands apart.
pub fn plain(value: f64, step: f64) -> String {
    let decimals = (-step.log10().floor()).clamp(0.0, 12.0) as usize;
    if decimals == 0 { grouped(value.round() as i128) } else { format!("{value:.decimals$}") }
}
