//! The runs that one click, or one command, makes.

use super::{Changes, Event, Interpreter, LaunchMode, Machine, Plan, Run, StartMethod, SweepAxis, SweptValue, Task};
use serde::{Deserialize, Serialize};

/// What distinguishes the runs of an experiment, repeats aside.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Setting {
    /// How tasks are launched.
    pub mode: LaunchMode,
    /// The most executions in flight; 0 for as many as there are.
    pub workers: u32,
    /// How processes, or Python threads, are started; absent in modes that start none.
    pub start_method: Option<StartMethod>,
    /// The interpreter of the Python functions that it runs; absent where it runs built-in targets and programs.
    #[serde(default)]
    pub interpreter: Option<Interpreter>,
    /// In a sweep over an argument: the value that it has.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub argument: Option<SweptValue>,
}

impl Setting {
    /// A mode with all else left open.
    pub fn of(mode: LaunchMode) -> Self {
        Self { mode, workers: 0, start_method: None, interpreter: None, argument: None }
    }

    /// Whether it runs a task: Python functions in an interpreter, everything else without one.
    pub fn runs(&self, task: &Task) -> bool {
        task.target.is_python() == self.interpreter.is_some()
    }
}

/// One run to come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scheduled {
    /// Its setting.
    pub setting: Setting,
    /// Which repeat, from 0; warm-ups are counted apart.
    pub repeat: u32,
    /// Whether it is a warm-up.
    pub warmup: bool,
}

/// The runs that one click, or one command, makes.
#[derive(Clone, Debug)]
pub struct Experiment {
    /// The version of the program that made it.
    pub program_version: String,
    /// The machine on which it was measured.
    pub machine: Machine,
    /// The plan that was run.
    pub plan: Plan,
    /// What its settings vary, where it is a sweep.
    pub sweep: Option<SweepAxis>,
    /// The runs that were asked for, in order, and those that were added since; empty for one read from a file.
    pub schedule: Vec<Scheduled>,
    /// The settings to compare, first against each other; the rest of the runs are baselines.
    pub compared: Vec<Setting>,
    /// The runs so far.
    pub runs: Vec<Run>,
    /// Whether it is over.
    pub ended: bool,
    /// Why it ended early, in one sentence.
    pub message: Option<String>,
    /// Why baselines were given up, or why there is nothing to compare with, in one sentence each.
    pub baseline_notes: Vec<String>,
}

impl Experiment {
    /// Takes in an event of this experiment, never of another; says in which run something changed, and what.
    pub fn apply(&mut self, event: &Event) -> Option<(u32, Changes)> {
        match event {
            // They change nothing here, so they are not copied.
            Event::Started(_) | Event::Idle(_) => None,
            event => self.take_in(event.clone()),
        }
    }

    /// Like [`Experiment::apply`], for an event that nobody else needs: executions, of which there may be a million,
    /// are moved, not copied.
    pub fn take_in(&mut self, event: Event) -> Option<(u32, Changes)> {
        match event {
            Event::Started(_) | Event::Idle(_) => {}
            Event::Planned(more) => self.schedule.extend(more),
            Event::BaselineDropped { setting, why } => {
                let begun = self.runs.len();
                let mut place = 0..;
                self.schedule.retain(|run| place.next().is_some_and(|place| place < begun) || run.setting != setting);
                self.baseline_notes.push(why);
            }
            Event::RunStarted(run) => {
                let changes = (run.id, Changes::all(&run));
                self.runs.push(*run);
                return Some(changes);
            }
            Event::Run(id, event) => return Some((id, self.run_mut(id)?.take_in(event))),
            Event::Ended { stopped } => {
                self.ended = true;
                if stopped {
                    self.message = Some("stopped by the user".to_owned());
                }
            }
            Event::Failed(message) => {
                self.ended = true;
                self.message = Some(message);
            }
        }
        None
    }

    fn run_mut(&mut self, id: u32) -> Option<&mut Run> {
        self.runs.iter_mut().rev().find(|run| run.id == id)
    }

    /// The settings of its runs, in order of their first appearance.
    pub fn settings(&self) -> Vec<Setting> {
        let mut settings = Vec::new();
        for run in &self.runs {
            if !settings.contains(&run.setting()) {
                settings.push(run.setting());
            }
        }
        settings
    }

    /// The measured (not warm-up) runs of one setting.
    pub fn repeats(&self, setting: Setting) -> impl Iterator<Item = &Run> {
        self.runs.iter().filter(move |run| !run.warmup && run.setting() == setting)
    }

    /// Whether a run was asked for: not one of a baseline that the experiment adds by itself.
    pub fn was_asked_for(&self, run: &Run) -> bool {
        self.compared.is_empty() || self.compared.contains(&run.setting())
    }

    /// Whether there are executions and every one that was asked for succeeded.
    pub fn succeeded(&self) -> bool {
        let mut asked = self.runs.iter().filter(|run| self.was_asked_for(run));
        self.message.is_none() && !self.runs.is_empty() && asked.all(Run::succeeded)
    }

    /// The runs that have ended, and all that were asked for.
    pub fn progress(&self) -> (usize, usize) {
        (self.runs.iter().filter(|run| run.end.is_some()).count(), self.schedule.len().max(self.runs.len()))
    }
}
