//! The texts beside the steps of a waterfall, for the window and for charts.

use crate::model::{
    duration::{human_bytes, human_ns},
    waterfall::{CostDifference, ExecutionCost, Quartiles, Step, StepCost, StepDifference, Times},
};

/// What the numbers are, in one line.
pub const MEANING: &str = "means over the executions of all complete repeats, which add up from launch to join";

/// A time with its unit.
pub fn time(ns: f64) -> String {
    human_ns(ns.max(0.0).round() as u64)
}

/// A difference with its sign: `+402 µs`, `−12 ns`, `±0 s`.
pub fn signed(ns: f64) -> String {
    let sign = match ns.round() {
        0.0 => "±",
        more if more > 0.0 => "+",
        _ => "−",
    };
    format!("{sign}{}", time(ns.abs()))
}

/// `+84 %`, `−0.3 %`.
pub fn signed_percent(percent: f64) -> String {
    let decimals = usize::from(percent.abs() < 9.95);
    let text = format!("{:.decimals$} %", percent.abs());
    let sign = match percent {
        _ if text.starts_with("0.0 ") => "±",
        more if more > 0.0 => "+",
        _ => "−",
    };
    format!("{sign}{text}")
}

/// What stands beside a step's bar: its mean, and where there is one the difference from the first setting.
pub fn beside(ns: f64, apart: Option<(f64, f64)>) -> (String, Option<String>) {
    let apart = apart.map(|(ns, percent)| format!("{} ({})", signed(ns), signed_percent(percent)));
    (time(ns), apart)
}

/// How far one step is apart; absent where it can't be told.
pub fn step_apart(difference: &CostDifference, step: Step) -> Option<(f64, f64)> {
    let found = difference.steps.iter().find(|apart| apart.step == step)?;
    Some((found.ns, found.percent))
}

/// The steps that differ most, the greatest first; one more where it differs by at least `share` of the first.
pub fn most_apart(steps: &[StepDifference], share: f64) -> Vec<StepDifference> {
    let mut steps: Vec<StepDifference> = steps.to_vec();
    steps.sort_by(|a, b| b.ns.abs().total_cmp(&a.ns.abs()));
    let least = steps.first().map_or(0.0, |first| first.ns.abs() * share);
    steps.into_iter().take(2).filter(|step| step.ns.abs() >= least).collect()
}

/// `mean 48.1 µs · median 46.0 µs · quartiles 44.2 µs to 50.3 µs`.
pub fn quartile_line(times: &Times) -> String {
    let Times { mean_ns, p25_ns, p50_ns, p75_ns } = *times;
    let [mean, p25, p50, p75] = [mean_ns, p25_ns, p50_ns, p75_ns].map(time);
    format!("mean {mean} · median {p50} · quartiles {p25} to {p75}")
}

/// Of how many executions a step is known.
pub fn known_of(cost: &ExecutionCost, step: &StepCost) -> String {
    let plural = if cost.executions == 1 { "" } else { "s" };
    match step.executions {
        all if all == cost.executions => format!("{all} execution{plural}"),
        some => format!("{some} of {} execution{plural}", cost.executions),
    }
}

/// The name of a step beside others: *in the target* is the rest, where the states of some executions are known.
pub fn step_name(step: Step, states_too: bool) -> &'static str {
    if step == Step::InTarget && states_too { "in the target, states unknown" } else { step.word() }
}

/// Memory, where it is known: `at most 12.1 MiB an execution in flight (the peak of the runner's tree, shared out)`.
pub fn memory(cost: &ExecutionCost) -> Vec<String> {
    let text = |bytes: f64| human_bytes(bytes.max(0.0).round() as u64);
    let spread = |quartiles: &Quartiles| match [quartiles.p25, quartiles.p50, quartiles.p75].map(text) {
        [p25, p50, p75] if p25 == p75 => p50,
        [p25, p50, p75] => format!("{p50} ({p25} to {p75})"),
    };
    let share =
        cost.memory_share_bytes.as_ref().map(|share| format!("at most {} an execution in flight", spread(share)));
    let own = cost.own_memory_bytes.as_ref().map(|own| format!("its own process {}", spread(own)));
    share.into_iter().chain(own).collect()
}
