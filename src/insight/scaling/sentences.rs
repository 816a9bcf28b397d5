//! What is said of a crossing.

use super::crossing::CrossingKind;
use crate::phrase::Phrase;
use model::{
    SweepAxis,
    quantity::{figures, number},
};

/// A smaller share of resamples is not worth a word.
const WORTH_A_WORD: f64 = 0.005;

/// `Processes begin to pay from limit 41,000 on (95 %: 33,000–52,000); below, threads are faster.`
pub(super) fn crossing(axis: &SweepAxis, below: &Phrase, above: &Phrase, found: &CrossingKind) -> String {
    let begin = if above.verb == "are" { "begin" } else { "begins" };
    match found {
        CrossingKind::At { at, interval: Some((low, high)), without, .. } => {
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
        CrossingKind::At { at, .. } => format!(
            "{} {begin} to pay from {} on so far; there are too few repeats for an interval.",
            above.subject(),
            axis.at(&number(*at))
        ),
        CrossingKind::Throughout { surely: true, .. } => {
            format!("{} {} faster than {} in the whole range.", below.subject(), below.verb, above.name)
        }
        CrossingKind::Throughout { surely: false, .. } => format!(
            "{} took less time than {} in the whole range so far; there are too few repeats to be sure.",
            below.subject(),
            above.name
        ),
        CrossingKind::Same => {
            format!("No difference that matters between {} and {} in the whole range.", below.name, above.name)
        }
        CrossingKind::Unclear { at, share, .. } => unclear(axis, below, above, *at, *share),
        CrossingKind::OnePoint => format!(
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
