//! The texts beside the steps of a waterfall, for the window and for charts.

use model::{
    BlockedOn,
    quantity::{human_bytes, human_ns},
    waterfall::{CostDifference, ExecutionCost, Quartiles, Step, StepCost, StepDifference, Times},
};

/// What the times are, in one line.
pub const MEANING: &str = "means over all executions of complete repeats; they add up";

/// What the memory of a setting means, in one line.
pub const MEMORY_MEANING: &str =
    "the peak of the runner's tree, an upper bound, shared out among the executions in flight";

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

/// A difference with its percent of the first setting's span: `+402 µs (+84 %)`.
pub fn apart((ns, percent): (f64, f64)) -> String {
    format!("{} ({})", signed(ns), signed_percent(percent))
}

/// How far one step is apart; absent where it can't be told.
pub fn step_apart(difference: &CostDifference, step: Step) -> Option<(f64, f64)> {
    let found = difference.steps.iter().find(|apart| apart.step == step)?;
    Some((found.ns, found.percent))
}

/// The step that differs most, and a second one where it differs by at least `share` of the first.
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

/// For how many executions a step is known.
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

/// On what executions were blocked, where that was sampled: `by samples on the GIL 93 %, a sleep 7 %`.
pub fn blocked_on(cost: &ExecutionCost) -> Option<String> {
    let on = cost.blocked_on?;
    let all: u64 = BlockedOn::ALL.iter().map(|kind| on.get(*kind)).sum();
    let share = |kind: BlockedOn| 100.0 * on.get(kind) as f64 / all.max(1) as f64;
    let kinds = BlockedOn::ALL.into_iter().filter(|kind| share(*kind) >= 0.5);
    let kinds: Vec<_> = kinds.map(|kind| format!("{} {:.0} %", kind.word(), share(kind))).collect();
    (!kinds.is_empty()).then(|| format!("by samples on {}", kinds.join(", ")))
}

/// Memory, where it is known: `at most 12.1 MiB each`, `own process 4.61 MiB (4.60 MiB to 5.75 MiB)`.
pub fn memory(cost: &ExecutionCost) -> Vec<String> {
    let text = |bytes: f64| human_bytes(bytes.max(0.0).round() as u64);
    let spread = |quartiles: &Quartiles| match [quartiles.p25, quartiles.p50, quartiles.p75].map(text) {
        [p25, p50, p75] if p25 == p75 => p50,
        [p25, p50, p75] => format!("{p50} ({p25} to {p75})"),
    };
    let share = cost.memory_share_bytes.as_ref().map(|share| format!("at most {} each", spread(share)));
    let own = cost.own_memory_bytes.as_ref().map(|own| format!("own process {}", spread(own)));
    share.into_iter().chain(own).collect()
}
