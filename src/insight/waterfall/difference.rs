//! Which step makes the difference between two settings.

use super::words;
use crate::{phrase::Phrase, verdict::EQUIVALENCE};
use model::{
    Setting,
    waterfall::{CostDifference, ExecutionCost, Step, StepDifference, Times},
};

/// A second step is named where it differs by at least this share of the first.
const WORTH_NAMING: f64 = 0.1;

/// How far b is from a; absent where either has no execution that counts. `among` are all settings shown.
pub fn difference(
    (a, of_a): (&ExecutionCost, Setting),
    (b, of_b): (&ExecutionCost, Setting),
    among: &[Setting],
) -> Option<CostDifference> {
    let (span_a, span_b) = (a.span?.mean_ns, b.span?.mean_ns);
    let percent = |ns: f64| 100.0 * ns / span_a.max(1.0);
    let split = a.knows_states() && b.knows_states();
    let told = |step: &Step| if split { *step != Step::InTarget } else { !step.is_state() };
    // Only some executions are queued or sent anything; all have the other steps.
    let rare = |step: &Step| matches!(step, Step::Queued | Step::Sending | Step::Returning);
    let had = |step: &Step| !rare(step) || [a, b].iter().any(|cost| cost.step(*step).is_some());
    let known = Step::ALL.into_iter().filter(told).filter(had);
    let apart = |step| {
        let ns = mean_ns(b, step, split) - mean_ns(a, step, split);
        StepDifference { step, ns, percent: percent(ns) }
    };
    let steps: Vec<StepDifference> = known.map(apart).collect();
    let span_ns = span_b - span_a;
    let phrases = [of_a, of_b].map(|setting| Phrase::of(setting, among));
    Some(CostDifference {
        a: a.setting,
        b: b.setting,
        span_ns,
        span_percent: percent(span_ns),
        sentence: sentence(&phrases, [span_a, span_b], &steps) + &skewed(a.span.as_ref()?, b.span.as_ref()?),
        steps,
    })
}

/// The mean of a step; *in the target* includes its states where these are not told apart.
fn mean_ns(cost: &ExecutionCost, step: Step, split: bool) -> f64 {
    if step == Step::InTarget && !split {
        return [Step::OnCpu, Step::Ready, Step::Blocked, Step::InTarget].map(|step| cost.mean_ns(step)).iter().sum();
    }
    cost.mean_ns(step)
}

/// What is added where a mean is above the upper quartile: then a few executions raise it.
fn skewed(a: &Times, b: &Times) -> String {
    if [a, b].iter().all(|times| times.mean_ns <= times.p75_ns) {
        return String::new();
    }
    let [half_a, half_b] = [a, b].map(|times| words::time(times.p50_ns));
    format!(" A few slow ones raise these means: half of the executions took at most {half_a} and {half_b}.")
}

fn sentence([a, b]: &[Phrase; 2], [span_a, span_b]: [f64; 2], steps: &[StepDifference]) -> String {
    let [time_a, time_b] = [span_a, span_b].map(words::time);
    let both =
        format!("From launch to join an execution took {time_a} {} and {time_b} {}, on average: ", a.manner, b.manner);
    let apart = span_b - span_a;
    if apart.abs() < EQUIVALENCE * span_a.max(1.0) {
        return format!("{both}about as long.");
    }
    let most = words::most_apart(steps, WORTH_NAMING);
    let most: Vec<_> = most.iter().map(|step| format!("{} ({})", step.step.word(), words::signed(step.ns))).collect();
    let percent = words::signed_percent(100.0 * apart / span_a.max(1.0));
    format!("{both}{} ({percent}). What differs most: {}.", words::signed(apart), most.join(", "))
}
