//! The experiment on the screen, with all that is derived from it and all that is chosen in it.

use crate::{
    curves::Curves,
    listing::Listing,
    shown::ShownRuns,
    summary::{Due, Summary},
    views::Views,
};
use model::{Changes, Execution, Experiment, Plan, Run, Setting};
use std::{path::PathBuf, sync::Arc};

/// Tells one experiment on the screen from another, so that a result about a former one is not taken for one about
/// this.
#[derive(Clone, Default)]
pub struct Identity(Arc<()>);

impl PartialEq for Identity {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

/// The experiment on the screen. Another experiment is a new value, so nothing of the former is left in it.
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
    /// When the next summary is due.
    pub due: Due,
    /// The curves of its shown runs.
    pub curves: Curves,
    /// That it has ended, until the user is told, with the last summary.
    pub ended: Option<Ended>,
    identity: Identity,
    /// Which of its runs are shown.
    pub runs: ShownRuns,
    /// The views of these runs.
    pub views: Views,
    /// The setting whose run the list of executions shows.
    pub listed: Option<Setting>,
    /// Whether the list shows only executions that failed.
    pub failed_only: bool,
    /// The selected execution: its run's id and its own.
    pub selected: Option<(u32, u32)>,
    /// The settings whose costs stand beside each other, once the user has chosen them.
    pub cost_pair: Option<[Setting; 2]>,
}

/// How an experiment ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ended {
    /// The user has stopped it.
    pub stopped: bool,
}

impl Shown {
    /// An experiment, of the plan as it was measured.
    pub fn of(experiment: Experiment, measured: Plan, path: Option<PathBuf>) -> Self {
        let mut runs = ShownRuns::default();
        runs.settle(&experiment);
        Self { experiment: Some(Arc::new(experiment)), path, measured: Some(measured), runs, ..Self::default() }
    }

    /// What tells it from every other experiment.
    pub fn identity(&self) -> Identity {
        self.identity.clone()
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
        self.runs.listed(self.experiment.as_deref()?, self.listed)
    }

    /// The run that the list of executions shows, with what the list shows besides its executions.
    pub fn listing(&mut self) -> Option<(&Run, &mut Listing)> {
        let run = self.runs.listed(self.experiment.as_deref()?, self.listed)?;
        Some((run, self.views.listing(run)))
    }

    /// Changes the experiment, and notes what changed in its runs; gives whether there is an experiment.
    pub fn change(&mut self, happens: impl FnOnce(&mut Experiment) -> Option<(u32, Changes)>) -> bool {
        let Some(experiment) = &mut self.experiment else { return false };
        let experiment = Arc::make_mut(experiment);
        if let Some(changed) = happens(experiment) {
            self.views.note(experiment, changed);
        }
        true
    }
}
