//! One execution of a plan in one mode with one worker count.

use super::{Execution, LaunchMode, Output, Plan, RunEnd, RunEvent, RunSetting, Sample, Stage, StartMethod};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// One execution of a plan in one mode with one worker count. Built from a plan, then from its events alone:
/// live, replayed and headless are the same code.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Run {
    /// Its place in the experiment, from 0.
    pub id: u32,
    /// How the tasks are launched.
    pub mode: LaunchMode,
    /// How processes are started; absent in modes that start none.
    #[serde(default)]
    pub start_method: Option<StartMethod>,
    /// The most executions in flight; 0 for as many as there are.
    pub workers: u32,
    /// Which repeat of its setting, from 0; warm-ups are counted apart.
    pub repeat: u32,
    /// Whether it is a warm-up, which no statistic counts.
    pub warmup: bool,
    /// Date and time of its start, RFC 3339.
    pub started_at: String,
    /// From the origin to the last join; absent while it runs, and where it was cut short.
    pub makespan_ns: Option<u64>,
    /// How it ended; absent while it runs.
    #[serde(default)]
    pub end: Option<RunEnd>,
    /// The runner's process.
    #[serde(default)]
    pub runner_pid: Option<u32>,
    /// What the runner itself wrote: the output of targets that share its process.
    #[serde(default)]
    pub output: Option<Output>,
    /// The machine's per-core CPU usage meanwhile (an estimate, see [`Sample`]).
    pub cores: Vec<Sample>,
    /// What the launcher did; filled when the run has ended, see [`Run::main_marks`].
    #[serde(default)]
    pub main: Vec<MainMark>,
    /// Every execution, by its id.
    pub executions: Vec<Execution>,
    /// The latest instant known, since the origin; not part of the document.
    #[serde(skip)]
    pub now_ns: u64,
}

/// A stretch on the launcher's own lane.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MainMark {
    /// When it began, since the run's origin.
    pub from_ns: u64,
    /// When it ended.
    pub to_ns: u64,
    /// What the launcher did.
    pub kind: MainKind,
    /// For which execution.
    pub execution: u32,
}

/// What the launcher does on its lane.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MainKind {
    /// A call of spawn, fork or start.
    Start,
    /// Blocked until an execution has ended and is joined.
    Join,
}

impl Run {
    /// A run of which nothing has happened yet.
    pub fn new(id: u32, plan: &Plan, setting: RunSetting, repeat: u32, warmup: bool, started_at: String) -> Self {
        Self {
            id,
            mode: setting.mode,
            start_method: setting.start_method,
            workers: setting.workers,
            repeat,
            warmup,
            started_at,
            makespan_ns: None,
            end: None,
            runner_pid: None,
            output: None,
            cores: Vec::new(),
            main: Vec::new(),
            executions: executions_of(plan),
            now_ns: 0,
        }
    }

    /// The setting of which it is a repeat.
    pub fn setting(&self) -> RunSetting {
        RunSetting { mode: self.mode, workers: self.workers, start_method: self.start_method }
    }

    /// Takes in what has happened.
    pub fn apply(&mut self, event: &RunEvent) {
        match event {
            RunEvent::Runner { pid } => self.runner_pid = Some(*pid),
            RunEvent::Now { ns } => self.now_ns = self.now_ns.max(*ns),
            RunEvent::Executions(changed) => changed.iter().for_each(|execution| self.replace(execution)),
            RunEvent::Sample(sample) => self.cores.push(sample.clone()),
            RunEvent::Output(output) => self.output = Some(output.clone()),
            RunEvent::Ended { makespan_ns, end } => {
                self.makespan_ns = *makespan_ns;
                self.end = Some(end.clone());
                self.now_ns = self.now_ns.max(makespan_ns.is_none().then_some(end.ended_ns).flatten().unwrap_or(0));
                self.main = self.main_marks();
            }
        }
    }

    fn replace(&mut self, execution: &Execution) {
        if let Some((_, ns)) = execution.stamps.last() {
            self.now_ns = self.now_ns.max(ns);
        }
        if let Some(place) = self.executions.get_mut(execution.id as usize) {
            *place = execution.clone();
        }
    }

    /// The launcher's start calls and the stretches in which it was blocked in join, in order of their start.
    pub fn main_marks(&self) -> Vec<MainMark> {
        let mut marks = Vec::with_capacity(self.executions.len() * 2);
        for execution in &self.executions {
            let stamps = &execution.stamps;
            let mut mark = |from: Option<u64>, to: Option<u64>, kind| {
                if let (Some(from_ns), Some(to_ns)) = (from, to) {
                    marks.push(MainMark { from_ns, to_ns, kind, execution: execution.id });
                }
            };
            mark(stamps.get(Stage::LaunchCalled), stamps.get(Stage::Launched), MainKind::Start);
            mark(stamps.join_called(), stamps.get(Stage::Joined), MainKind::Join);
        }
        marks.sort_by_key(|mark| (mark.from_ns, mark.to_ns));
        marks
    }

    /// Executions that have ended, and all of them.
    pub fn progress(&self) -> (usize, usize) {
        (self.executions.iter().filter(|execution| execution.outcome.is_some()).count(), self.executions.len())
    }

    /// Whether every execution succeeded.
    pub fn succeeded(&self) -> bool {
        self.executions.iter().all(|execution| execution.outcome.as_ref().is_some_and(super::Outcome::is_success))
    }

    /// The number of lanes in use: one more than the highest.
    pub fn lanes(&self) -> u32 {
        self.executions.iter().filter_map(|execution| execution.lane).max().map_or(0, |lane| lane + 1)
    }

    /// User and system time of all executions of which it is known; absent where it is known of none.
    pub fn cpu_ns(&self) -> Option<u64> {
        let known = self.executions.iter().filter_map(|execution| execution.usage.as_ref()?.cpu_ns());
        known.fold(None, |sum, ns| Some(sum.unwrap_or(0) + ns))
    }
}

fn executions_of(plan: &Plan) -> Vec<Execution> {
    let mut executions = Vec::with_capacity(plan.executions() as usize);
    for (task_index, task) in plan.tasks.iter().enumerate() {
        let name: Arc<str> = task.name.as_str().into();
        for instance in 0..task.count {
            executions.push(Execution::new(executions.len() as u32, name.clone(), task_index as u32, instance));
        }
    }
    executions
}
