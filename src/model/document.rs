//! The JSON document of an experiment. Its keys are a contract.

use super::scaling::Scaling;
use super::waterfall::Waterfall;
use super::{Experiment, Finding, Machine, Plan, Run, Setting, SweepAxis};
use serde::{Deserialize, Serialize};

/// The document's version.
pub const DOCUMENT_SCHEMA: &str = "spawnscope.experiment/1";

/// The JSON document of an experiment. Keys may be added; none is renamed or removed without a new schema number.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Document {
    /// Always [`DOCUMENT_SCHEMA`].
    pub schema: String,
    /// The program that made it.
    pub program: Program,
    /// The machine on which it was measured.
    pub machine: Machine,
    /// The plan that was run.
    pub plan: Plan,
    /// Every run, warm-ups included.
    pub runs: Vec<Run>,
    /// What the runs say of two settings.
    #[serde(default)]
    pub comparisons: Vec<Comparison>,
    /// What launching costs in each compared setting.
    #[serde(default)]
    pub launch_costs: Vec<LaunchCostsEntry>,
    /// What an execution costs, step by step, in each compared setting.
    #[serde(default)]
    pub waterfall: Waterfall,
    /// Curves over worker counts; absent where none were asked for.
    #[serde(default)]
    pub sweep: Option<Scaling>,
    /// Explanations found in the measurements.
    #[serde(default)]
    pub findings: Vec<Finding>,
    /// The settings that were compared, baselines excluded.
    #[serde(default)]
    pub compared: Vec<Setting>,
    /// Why the experiment ended early, in one sentence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// Why sequential baselines that the experiment added were given up, or why there is nothing to compare with, in
    /// one sentence each.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub baseline_notes: Vec<String>,
}

/// The program that made a document.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Program {
    /// The program's version.
    pub version: String,
}

/// Which of two settings is faster.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// The first.
    A,
    /// The second.
    B,
    /// Neither: the interval lies within a few per cent of 1.
    None,
    /// The spread, or the number of repeats, does not allow to say.
    Unclear,
}

/// What the runs say of two settings.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Comparison {
    /// The first setting.
    pub a: Setting,
    /// The second setting.
    pub b: Setting,
    /// What is compared: always `makespan_ns`.
    pub metric: String,
    /// a divided by b: above 1, b is faster; null where a setting has no complete run.
    pub ratio: Option<f64>,
    /// Lower end of the interval; null where there are too few repeats.
    pub low: Option<f64>,
    /// Upper end of the interval.
    pub high: Option<f64>,
    /// The confidence that the interval reaches, 0 to 1: at least 0.95 where there is an interval.
    pub confidence: f64,
    /// Wilcoxon's signed-rank test, two-sided: the probability that pairs lie this far to one side by chance; null
    /// where there is no pair.
    #[serde(default)]
    pub p_value: Option<f64>,
    /// Pairs of repeats that both count.
    #[serde(default)]
    pub pairs: usize,
    /// Which is faster.
    pub verdict: Verdict,
    /// The verdict for people.
    pub sentence: String,
}

/// What launching costs in one setting, over the executions of all its measured repeats.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LaunchCostsEntry {
    /// The setting.
    #[serde(flatten)]
    pub setting: Setting,
    /// From the launch call to the first instruction of the target.
    pub start_latency_ns: LatencyEntry,
    /// From the end of a thread or process to the return of join.
    pub exit_to_join_ns: LatencyEntry,
}

/// Quantiles of a latency, in nanoseconds; null where no execution's latency is known.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct LatencyEntry {
    /// Half took no longer.
    pub p50: Option<f64>,
    /// 90 % took no longer.
    pub p90: Option<f64>,
    /// 99 % took no longer.
    pub p99: Option<f64>,
    /// The longest.
    pub max: Option<f64>,
    /// Executions whose latency is known.
    pub count: usize,
    /// Executions whose latency is not known, because a stamp is missing.
    pub without: usize,
}

impl Document {
    /// The document of an experiment with its comparisons.
    pub fn new(experiment: &Experiment, comparisons: Vec<Comparison>) -> Self {
        let mut runs = experiment.runs.clone();
        for run in &mut runs {
            run.spread_slices();
            if run.end.is_some() {
                run.main = run.main_lane().into_owned();
            }
        }
        Self {
            schema: DOCUMENT_SCHEMA.to_owned(),
            program: Program { version: experiment.program_version.clone() },
            machine: experiment.machine.clone(),
            plan: experiment.plan.clone(),
            runs,
            comparisons,
            launch_costs: Vec::new(),
            waterfall: Waterfall::default(),
            sweep: None,
            findings: Vec::new(),
            compared: experiment.compared.clone(),
            message: experiment.message.clone(),
            baseline_notes: experiment.baseline_notes.clone(),
        }
    }

    /// The experiment that the document holds; its comparisons can be made anew from it.
    pub fn into_experiment(self) -> Experiment {
        let mut runs = self.runs;
        for run in &mut runs {
            run.gather_slices();
            run.name_alone();
            let cut_short = run.end.as_ref().filter(|_| run.makespan_ns.is_none()).and_then(|end| end.ended_ns);
            let stamps = run.executions.iter().filter_map(|execution| execution.stamps.last()).map(|(_, ns)| ns);
            run.now_ns = stamps.chain(cut_short).max().unwrap_or(0);
        }
        let sweep = self.sweep.map(|sweep| sweep.axis.called(sweep.variable));
        let mut compared = self.compared;
        // The document has the name of the varied argument in the axis only.
        if let Some(name) = sweep.as_ref().map(SweepAxis::variable) {
            let arguments = compared.iter_mut().map(|setting| &mut setting.argument);
            for argument in arguments.chain(runs.iter_mut().map(|run| &mut run.argument)) {
                *argument = argument.map(|value| value.called(&name));
            }
        }
        Experiment {
            program_version: self.program.version,
            machine: self.machine,
            plan: self.plan,
            sweep,
            schedule: Vec::new(),
            compared,
            runs,
            ended: true,
            message: self.message,
            baseline_notes: self.baseline_notes,
        }
    }
}
