//! What an execution costs, step by step, from its launch to its join.

use super::{BlockedTotals, Phase, Setting};
use serde::{Deserialize, Serialize};

/// What an execution costs in each compared setting, and how far they are apart.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Waterfall {
    /// Each compared setting.
    pub settings: Vec<ExecutionCost>,
    /// Each setting against the first; empty for a sweep, whose curves say that.
    pub differences: Vec<CostDifference>,
}

/// A step of an execution between its launch and its join.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Step {
    /// From the launch call to the first instruction of the target, less the two below.
    Launching,
    /// Submitted to a pool whose workers are all busy.
    Queued,
    /// Arguments are on their way to another process.
    Sending,
    /// In the target, on a CPU.
    OnCpu,
    /// In the target, ready, waiting for a CPU.
    Ready,
    /// In the target, blocked on anything.
    Blocked,
    /// In the target, where its states are not known.
    InTarget,
    /// From the last instruction of the target until the thread or process is gone.
    Exiting,
    /// The result is on its way back.
    Returning,
    /// Gone, and the launcher has yet to join it.
    ToBeJoined,
}

impl Step {
    /// Every step in order.
    pub const ALL: [Step; 10] = [
        Self::Launching,
        Self::Queued,
        Self::Sending,
        Self::OnCpu,
        Self::Ready,
        Self::Blocked,
        Self::InTarget,
        Self::Exiting,
        Self::Returning,
        Self::ToBeJoined,
    ];

    /// The word that people see.
    pub fn word(self) -> &'static str {
        match self {
            Self::OnCpu => "on CPU",
            Self::Ready => "ready",
            Self::Blocked => "blocked",
            _ => self.phase().word(),
        }
    }

    /// The phase that it is, or lies in.
    pub fn phase(self) -> Phase {
        match self {
            Self::Launching => Phase::Launching,
            Self::Queued => Phase::Queued,
            Self::Sending => Phase::Sending,
            Self::OnCpu | Self::Ready | Self::Blocked | Self::InTarget => Phase::InTarget,
            Self::Exiting => Phase::Exiting,
            Self::Returning => Phase::Returning,
            Self::ToBeJoined => Phase::ToBeJoined,
        }
    }

    /// Its name in documents and tables: `to-be-joined`.
    pub fn key(self) -> &'static str {
        [
            "launching",
            "queued",
            "sending",
            "on-cpu",
            "ready",
            "blocked",
            "in-target",
            "exiting",
            "returning",
            "to-be-joined",
        ][self as usize]
    }

    /// Whether it is a state in the target.
    pub fn is_state(self) -> bool {
        matches!(self, Self::OnCpu | Self::Ready | Self::Blocked)
    }
}

/// What an execution costs in one setting, over the executions of all its complete measured repeats.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ExecutionCost {
    /// The setting.
    #[serde(flatten)]
    pub setting: Setting,
    /// Complete measured repeats.
    pub repeats: usize,
    /// Their executions that count.
    pub executions: usize,
    /// Their executions that do not count, because a stamp is missing.
    pub without: usize,
    /// From the launch call to the return of join; absent where no execution counts.
    pub span: Option<Times>,
    /// The steps that are known of any execution, in order. Their means add up to the span's.
    pub steps: Vec<StepCost>,
    /// The mean of *blocked* by what executions were blocked on, from samples; absent where no execution was looked at.
    /// Time blocked of executions that were not looked at counts as *other*.
    #[serde(default)]
    pub blocked_on: Option<BlockedTotals>,
    /// The peak memory of the runner's tree, divided by the most executions in flight, over repeats. An upper bound of
    /// what an execution adds: the runner's own memory is in it, and pages that processes share count in each.
    pub memory_share_bytes: Option<Quartiles>,
    /// The peak memory of an execution's own process; absent where it has none.
    pub own_memory_bytes: Option<Quartiles>,
    /// Why there are no times, in one sentence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// One step.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct StepCost {
    /// The step.
    pub step: Step,
    /// How long it takes. An execution without this step counts as 0 in the mean, so that means add up (its time is in
    /// another step), and does not count in the quartiles.
    #[serde(flatten)]
    pub times: Times,
    /// Executions of which the step is known.
    pub executions: usize,
}

/// A mean, because means add up, and quartiles, because a few slow executions don't move them. In nanoseconds.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Times {
    /// The mean.
    pub mean_ns: f64,
    /// A quarter took no longer.
    pub p25_ns: f64,
    /// Half took no longer.
    pub p50_ns: f64,
    /// Three quarters took no longer.
    pub p75_ns: f64,
}

/// Quartiles in the unit that the key names.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Quartiles {
    /// A quarter is no more.
    pub p25: f64,
    /// Half is no more.
    pub p50: f64,
    /// Three quarters are no more.
    pub p75: f64,
}

/// How far the cost of an execution in two settings is apart: means of b less those of a.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CostDifference {
    /// The first setting.
    pub a: Setting,
    /// The second setting.
    pub b: Setting,
    /// From launch to join, in nanoseconds.
    pub span_ns: f64,
    /// The same in percent of a's span.
    pub span_percent: f64,
    /// Step by step; they add up. Where the states of either are not all known, the time in the target is one step.
    pub steps: Vec<StepDifference>,
    /// For people: which step makes the difference.
    pub sentence: String,
}

/// How far one step is apart.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct StepDifference {
    /// The step.
    pub step: Step,
    /// In nanoseconds.
    pub ns: f64,
    /// In percent of a's whole span, so that the steps add up to the difference of the spans.
    pub percent: f64,
}

impl ExecutionCost {
    /// One step; absent where it is known of no execution.
    pub fn step(&self, step: Step) -> Option<&StepCost> {
        self.steps.iter().find(|cost| cost.step == step)
    }

    /// The mean of a step in nanoseconds, 0 where it is known of no execution.
    pub fn mean_ns(&self, step: Step) -> f64 {
        self.step(step).map_or(0.0, |cost| cost.times.mean_ns)
    }

    /// Whether the states of every execution are known.
    pub fn knows_states(&self) -> bool {
        self.executions > 0 && self.step(Step::InTarget).is_none()
    }

    /// The steps one after another: each with where it begins and ends, in nanoseconds since the launch.
    pub fn cascade(&self) -> impl Iterator<Item = (&StepCost, f64, f64)> {
        self.steps.iter().scan(0.0, |at, cost| {
            let from = *at;
            *at += cost.times.mean_ns;
            Some((cost, from, *at))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_key_of_a_step_is_its_name_in_documents() {
        for step in Step::ALL {
            assert_eq!(serde_json::to_value(step).expect("written"), step.key());
        }
    }
}
