//! The experiment on the screen, with all that is derived from it and all that is chosen in it.

use crate::{
    scalings::Scalings,
    shown::{self, ShownRuns},
    summary::Summary,
    views::Views,
};
use model::{Execution, Experiment, Plan, Run, RunSetting};
use std::{
    path::PathBuf,
    sync::Arc,
    time::{Duration, Instant},
};

/// A summary that takes no longer than this is made after every run.
const QUICK: Duration = Duration::from_millis(20);
/// One that takes longer is made so many times its own length apart, which is 2 % of the time.
const SUMMARY_EVERY: u32 = 50;

/// The experiment on the screen. Another one is another value: nothing of the former is left in it.
#[derive(Default)]
pub struct Shown {
    /// The experiment; absent before the first.
    pub experiment: Option<Arc<Experiment>>,
    /// The file from which it was read, where it was.
    pub path: Option<PathBuf>,
    /// The plan as it was when the experiment was launched, or read from its file.
    pub measured: Option<Plan>,
    /// What its runs say together.
    pub summary: Summary,
    /// Whether runs have ended since the summary was made.
    pub summary_is_old: bool,
    /// Before when no further summary is made while runs go on.
    next_summary: Option<Instant>,
    /// What it says as a sweep.
    pub scalings: Scalings,
    /// Which of its runs are shown.
    pub runs: ShownRuns,
    /// How they are shown.
    pub views: Views,
    /// The setting whose run the list of executions shows.
    pub listed: Option<RunSetting>,
    /// Whether the list shows only executions that failed.
    pub failed_only: bool,
    /// The selected execution: its run's id and its own.
    pub selected: Option<(u32, u32)>,
}

impl Shown {
    /// An experiment, of the plan as it was measured.
    pub fn of(experiment: Experiment, measured: Plan, path: Option<PathBuf>) -> Self {
        let mut runs = ShownRuns::default();
        runs.settle(&experiment);
        Self { experiment: Some(Arc::new(experiment)), path, measured: Some(measured), runs, ..Self::default() }
    }

    /// Finds the summary anew; called when a run has ended.
    pub fn summarise(&mut self) {
        if let Some(experiment) = &self.experiment {
            self.summary = Summary::of(experiment);
            self.summary_is_old = false;
            self.runs.settle(experiment);
        }
    }

    /// The same while runs go on: what takes long is made less often, so that it does not fall into the runs it is of.
    pub fn summarise_gently(&mut self) {
        self.summary_is_old = self.next_summary.is_some_and(|next| Instant::now() < next);
        if !self.summary_is_old {
            let begin = Instant::now();
            self.summarise();
            let took = begin.elapsed();
            self.next_summary = (took > QUICK).then(|| begin + took * SUMMARY_EVERY);
        }
    }

    /// Whether there is a run to show.
    pub fn has_runs(&self) -> bool {
        self.experiment.as_deref().is_some_and(|experiment| !experiment.runs.is_empty())
    }

    /// Whether it is a sweep.
    pub fn is_sweep(&self) -> bool {
        self.experiment.as_deref().is_some_and(|experiment| experiment.sweep.is_some())
    }

    /// How many executions did not succeed, and where to look; absent where all did.
    pub fn failures_words(&self) -> Option<String> {
        self.summary.failed.words().map(|words| format!("{words}; see Executions for which and why"))
    }

    /// The selected execution and its run.
    pub fn selected_execution(&self) -> Option<(&Run, &Execution)> {
        let (run, execution) = self.selected?;
        let run = self.experiment.as_deref()?.runs.iter().find(|candidate| candidate.id == run)?;
        Some((run, run.executions.get(execution as usize)?))
    }

    /// The run that the list of executions shows.
    pub fn listed_run(&self) -> Option<&Run> {
        let experiment = self.experiment.as_deref()?;
        let setting = self.listed.or_else(|| shown::settings(experiment).first().copied())?;
        self.runs.run(experiment, setting)
    }
}
