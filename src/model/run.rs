//! All executions of a plan once, in one setting.

use super::{
    Alive, Execution, Interpreter, InterpreterFacts, LaunchMode, Member, Output, OwnWork, Phase, Plan, Profile, RunEnd,
    Sample, Sampling, Setting, SliceEntry, Slices, SlicesSource, Stage, StartMethod, StatesSource, SweptValue,
    event::Waits,
};
use serde::{Deserialize, Serialize};
use std::{borrow::Cow, collections::HashSet, sync::Arc};

/// All executions of a plan once, in one setting. A run is built from a plan and changed by its events alone, so a
/// live, a replayed and a headless run are the same code.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Run {
    /// Its place in the experiment, from 0.
    pub id: u32,
    /// How the tasks are launched.
    pub mode: LaunchMode,
    /// How processes, or Python threads, are started; absent in modes that start none.
    #[serde(default)]
    pub start_method: Option<StartMethod>,
    /// The interpreter of the Python functions that it runs, as the plan names it.
    #[serde(default)]
    pub interpreter: Option<Interpreter>,
    /// In a sweep over an argument: the value that it has.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub argument: Option<SweptValue>,
    /// What that interpreter said of itself; absent before that, and for a run of built-in targets.
    #[serde(default)]
    pub interpreter_facts: Option<InterpreterFacts>,
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
    /// The instant from which its instants count, in nanoseconds of CLOCK_MONOTONIC.
    #[serde(default)]
    pub origin_ns: Option<u64>,
    /// What the runner itself wrote: the output of targets that share its process.
    #[serde(default)]
    pub output: Option<Output>,
    /// The machine's per-core CPU usage during the run (an estimate, see [`Sample`]).
    pub cores: Vec<Sample>,
    /// The share of the whole machine that other programs took during the run, 0 to 1, an estimate: see
    /// [`Run::estimate_others`]. Absent while it runs, and where it is not known.
    #[serde(default)]
    pub others_share: Option<f64>,
    /// What the launcher did besides starting and joining: a join that timed out, a second start; since the run's origin.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub marks: Vec<MainMark>,
    /// Steps of 5 ms and more in which an execution kept its event loop from all others; empty where that was not
    /// measured.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub loop_kept: Vec<LoopKept>,
    /// What executions did, stretch by stretch, by their ids; only of those that were looked at.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub profiles: Vec<Profile>,
    /// How the executions were looked at.
    #[serde(default)]
    pub sampling: Option<Sampling>,
    /// The source of the executions' states; absent where there are none.
    #[serde(default)]
    pub states_source: Option<StatesSource>,
    /// The source of the slices; absent where there are none.
    #[serde(default)]
    pub slices_source: Option<SlicesSource>,
    /// Why slices are not exact, or not complete, and what would help, in one sentence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub slices_note: Option<String>,
    /// Which thread was on which core, and when. In the document slices are below their executions, and in
    /// `other_slices`.
    #[serde(skip)]
    pub slices: Slices,
    /// In the document alone: slices of the launcher and of what else ran in the runner's tree.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub other_slices: Vec<SliceEntry>,
    /// Processes and threads of the runner's tree over time, by the kernel's records; empty where there are none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub alive: Vec<Alive>,
    /// Threads and processes of the run that belong to no execution: a library's, made while it was loaded, or those
    /// that went on when the execution that started them was over. They are counted to no execution.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub members: Vec<Member>,
    /// All of these together; absent where there are none, or where that is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub own: Option<OwnWork>,
    /// What the launcher did. In the document alone: in memory it is worked out where it is needed, see
    /// [`Run::main_lane`].
    #[serde(default)]
    pub main: Vec<MainMark>,
    /// Every execution, by its id.
    pub executions: Vec<Execution>,
    /// The join in which the launcher is blocked now. One that was cut off by the run's end is among `marks`.
    #[serde(skip)]
    pub waits: Option<Waits>,
    /// The latest instant known, since the origin; not part of the document.
    #[serde(skip)]
    pub now_ns: u64,
}

/// One step of an event loop, in which no other execution of the loop could go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LoopKept {
    /// The execution that kept the loop.
    pub execution: u32,
    /// When it began, since the run's origin.
    pub from_ns: u64,
    /// When it ended.
    pub to_ns: u64,
}

/// A stretch on the launcher's own lane.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MainMark {
    /// When it began, since the run's origin.
    pub from_ns: u64,
    /// When it ended.
    pub to_ns: u64,
    /// What the launcher did.
    pub kind: MainKind,
    /// For which execution.
    pub execution: u32,
    /// What came of it, in one sentence, where that is not plain: `RuntimeError: threads can only be started once`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<Box<str>>,
}

/// What the launcher does on its lane.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MainKind {
    /// A call of spawn, fork or start.
    Start,
    /// Blocked until an execution has ended and is joined.
    Join,
    /// Sequential: the target is called in the main thread itself; of Python the function, or a Thread's `run()`.
    Call,
    /// Python, raw threads, which can't be joined: blocked on a lock that the thread releases at its end.
    Lock,
    /// Python: a join with a timeout that returned while the thread was still alive.
    JoinTimeout,
    /// Python: a second start of the same thread, and its error.
    StartAgain,
    /// Python, daemon threads: the run is over, and nobody waits for the thread.
    Abandon,
}

impl MainMark {
    /// Its length, in nanoseconds.
    pub fn ns(&self) -> u64 {
        self.to_ns.saturating_sub(self.from_ns)
    }
}

impl MainKind {
    /// What people see: `start()`, `join()`.
    pub fn word(self) -> &'static str {
        match self {
            Self::Start => "start",
            Self::Join => "join",
            Self::Call => "call in the main thread",
            Self::Lock => "wait on a lock",
            Self::JoinTimeout => "join with a timeout",
            Self::StartAgain => "second start",
            Self::Abandon => "abandoned",
        }
    }

    /// Whether the launcher waits in it.
    pub fn is_waiting(self) -> bool {
        matches!(self, Self::Join | Self::Lock | Self::JoinTimeout)
    }
}

impl Run {
    /// A run of which nothing has happened yet.
    pub fn new(id: u32, plan: &Plan, setting: Setting, repeat: u32, warmup: bool, started_at: String) -> Self {
        Self {
            id,
            mode: setting.mode,
            start_method: setting.start_method,
            interpreter: setting.interpreter,
            argument: setting.argument,
            interpreter_facts: None,
            workers: setting.workers,
            repeat,
            warmup,
            started_at,
            makespan_ns: None,
            end: None,
            runner_pid: None,
            origin_ns: None,
            output: None,
            cores: Vec::new(),
            others_share: None,
            marks: Vec::new(),
            loop_kept: Vec::new(),
            profiles: Vec::new(),
            sampling: None,
            states_source: None,
            slices_source: None,
            slices_note: None,
            slices: Slices::default(),
            other_slices: Vec::new(),
            alive: Vec::new(),
            members: Vec::new(),
            own: None,
            main: Vec::new(),
            waits: None,
            executions: executions_of(plan, setting),
            now_ns: 0,
        }
    }

    /// The setting of which it is a repeat.
    pub fn setting(&self) -> Setting {
        let Self { mode, workers, start_method, interpreter, argument, .. } = *self;
        Setting { mode, workers, start_method, interpreter, argument }
    }

    /// Whether the launcher calls the target itself, instead of starting and joining a thread or process: in mode
    /// sequential, all targets but programs, which are processes of their own.
    pub fn calls(&self, execution: &Execution) -> bool {
        self.mode == LaunchMode::Sequential && (self.interpreter.is_some() || execution.tid.is_some())
    }

    /// How the launcher waits for an execution.
    pub fn wait_kind(&self) -> MainKind {
        if self.start_method == Some(StartMethod::Raw) { MainKind::Lock } else { MainKind::Join }
    }

    /// Puts the slices below their executions, where the document has them.
    pub fn spread_slices(&mut self) {
        for slice in self.slices.iter(0, u64::MAX) {
            let entry = SliceEntry::of(&slice);
            match slice.owner.execution().and_then(|id| self.executions.get_mut(id as usize)) {
                Some(execution) => {
                    // Most of a pool's executions have one slice.
                    execution.slices.reserve_exact(usize::from(execution.slices.is_empty()));
                    execution.slices.push(entry);
                }
                None => self.other_slices.push(entry),
            }
        }
        self.executions.iter_mut().for_each(|execution| execution.slices.sort_by_key(|entry| entry.from_ns));
        self.other_slices.sort_by_key(|entry| entry.from_ns);
    }

    /// The counterpart of [`Run::spread_slices`].
    pub fn gather_slices(&mut self) {
        let mut all = Vec::new();
        for execution in &mut self.executions {
            let id = Some(execution.id);
            all.extend(std::mem::take(&mut execution.slices).iter().map(|entry| entry.slice(id)));
        }
        all.extend(std::mem::take(&mut self.other_slices).iter().map(|entry| entry.slice(None)));
        all.sort_by_key(|slice| slice.from_ns);
        self.slices = Slices::default();
        all.iter().for_each(|slice| self.slices.push(slice));
    }

    /// Notes which executions are their task's only one, which the document does not say of each.
    pub fn name_alone(&mut self) {
        let several: HashSet<u32> = self.executions.iter().filter(|e| e.instance > 0).map(|e| e.task_index).collect();
        self.executions.iter_mut().for_each(|execution| execution.alone = !several.contains(&execution.task_index));
    }

    /// What an execution did, where it was looked at.
    pub fn profile(&self, execution: u32) -> Option<&Profile> {
        let at = self.profiles.binary_search_by_key(&execution, |profile| profile.execution).ok()?;
        Some(&self.profiles[at])
    }

    /// What the launcher did: as the document has it where the run was read from one, else worked out.
    pub fn main_lane(&self) -> Cow<'_, [MainMark]> {
        if self.main.is_empty() { self.main_marks().into() } else { self.main.as_slice().into() }
    }

    /// The launcher's start calls and the stretches in which it was blocked in join, and what else it did, in order of
    /// their start.
    pub fn main_marks(&self) -> Vec<MainMark> {
        let mut marks = Vec::with_capacity(self.executions.len() * 2 + self.marks.len());
        marks.extend(self.marks.iter().cloned());
        for execution in &self.executions {
            let stamps = &execution.stamps;
            let mut mark = |from: Option<u64>, to: Option<u64>, kind| {
                if let (Some(from_ns), Some(to_ns)) = (from, to) {
                    marks.push(MainMark { from_ns, to_ns, kind, execution: execution.id, message: None });
                }
            };
            if self.calls(execution) {
                mark(stamps.get(Stage::LaunchCalled), stamps.get(Stage::Joined), MainKind::Call);
                continue;
            }
            mark(stamps.get(Stage::LaunchCalled), stamps.get(Stage::Launched), MainKind::Start);
            mark(stamps.join_called(), stamps.get(Stage::Joined), self.wait_kind());
        }
        marks.extend(self.open_join());
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

    /// Whether its executions can be in a phase: only pools have a queue, and nothing is sent to a thread or a forked process.
    pub fn has_phase(&self, phase: Phase) -> bool {
        let python = self.interpreter.is_some();
        let pool = self.mode == LaunchMode::ProcessPool;
        let spawned = self.mode == LaunchMode::Processes && self.start_method != Some(StartMethod::Fork);
        match phase {
            Phase::Queued => queues(self.mode, python),
            Phase::Sending => python && (pool || spawned),
            Phase::Returning => python && pool,
            _ => true,
        }
    }

    /// The number of lanes in use: one more than the highest.
    pub fn lanes(&self) -> u32 {
        self.executions.iter().filter_map(|execution| execution.lane).max().map_or(0, |lane| lane + 1)
    }

    /// CPU time of all executions where it is known, with their members, and of the run's threads and processes that
    /// belong to no execution; absent where no execution's is known.
    pub fn cpu_ns(&self) -> Option<u64> {
        let known = self.executions.iter().filter_map(Execution::cpu_ns);
        let sum = known.fold(None, |sum, ns| Some(sum.unwrap_or(0) + ns))?;
        Some(sum + self.own.map_or(0, |own| own.on_cpu_ns))
    }
}

/// Whether a launch call puts an execution into a pool's queue. In a built-in pool, the worker that takes an execution
/// launches it.
fn queues(mode: LaunchMode, python: bool) -> bool {
    python && matches!(mode, LaunchMode::ThreadPool | LaunchMode::ProcessPool | LaunchMode::Interpreters)
}

impl Run {
    /// CPU time of the executions' members, and of the run's threads and processes that belong to no execution; absent
    /// where none of either is known.
    pub fn own_cpu_ns(&self) -> Option<u64> {
        let of_executions = self.executions.iter().filter_map(|execution| Some(execution.own.as_ref()?.on_cpu_ns));
        let all = of_executions.chain(self.own.map(|own| own.on_cpu_ns));
        all.fold(None, |sum, ns| Some(sum.unwrap_or(0) + ns))
    }
}

fn executions_of(plan: &Plan, setting: Setting) -> Vec<Execution> {
    let mut executions = Vec::with_capacity(plan.executions() as usize);
    let queued = queues(setting.mode, setting.interpreter.is_some());
    for (task_index, task) in plan.tasks.iter().enumerate().filter(|(_, task)| setting.runs(task)) {
        let name: Arc<str> = task.name.as_str().into();
        for instance in 0..task.count {
            let execution = Execution::new(executions.len() as u32, name.clone(), task_index as u32, instance);
            executions.push(Execution { alone: task.count == 1, queued, ..execution });
        }
    }
    executions
}
