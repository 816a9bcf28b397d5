//! What the engine says while it works. Window, terminal and tests take in the same events.

use super::{
    Alive, Bin, Conditions, Execution, Experiment, InterpreterFacts, LeftProcess, LoopKept, MainMark, Member, Output,
    OwnWork, Run, Sample, Sampling, Setting, Slice, SlicesSource, States, StatesSource, experiment::Scheduled,
};
use serde::{Deserialize, Serialize};

/// What happens in one run. Instants are nanoseconds since the run's origin.
#[derive(Clone, Debug, PartialEq)]
pub enum RunEvent {
    /// The runner's process has started.
    Runner {
        /// Its process.
        pid: u32,
    },
    /// The interpreter in which the runner runs; sent again when the targets are loaded.
    Interpreter(InterpreterFacts),
    /// What the launcher did besides starting and joining, see [`super::MainKind`].
    Marks(Vec<MainMark>),
    /// An execution kept its event loop from all others for a while.
    Kept(LoopKept),
    /// The join in which the launcher is blocked now; absent when it is in none.
    Waits(Option<Waits>),
    /// What executions did between two looks at them, in order for each.
    Bins(Vec<(u32, Bin)>),
    /// How executions were looked at.
    Sampling(Sampling),
    /// The instant from which the run's instants count.
    Origin {
        /// In nanoseconds of CLOCK_MONOTONIC.
        ns: u64,
    },
    /// The sources of states and slices; sent again when they change.
    Sources(Sources),
    /// Which thread was on which core, and when; slices of one core come in order.
    Slices(Vec<Slice>),
    /// How many processes and threads were alive, in order.
    Alive(Vec<Alive>),
    /// Threads and processes that belong to no execution, one by one and in total; sent again when they change.
    Members {
        /// Those that took most CPU time.
        members: Vec<Member>,
        /// All of them.
        own: OwnWork,
    },
    /// Time has come this far.
    Now {
        /// Since the run's origin.
        ns: u64,
    },
    /// These executions have changed; each is whole.
    Executions(Vec<Execution>),
    /// What these executions did, where more is known of that than when they were sent; all else of them stays.
    Did(Vec<Did>),
    /// Per-core CPU usage of one more interval.
    Sample(Sample),
    /// What the runner's own process wrote.
    Output(Output),
    /// The run is over; only the sample that covers its end may follow.
    Ended {
        /// From the origin to the last join; absent where the run was cut short.
        makespan_ns: Option<u64>,
        /// How it ended.
        end: RunEnd,
    },
}

/// What an execution that has ended did, as far as that is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Did {
    /// The execution.
    pub execution: u32,
    /// What it did while it was in its target.
    pub states: Option<States>,
    /// Times it moved to another core; absent where its slices are not known.
    pub migrations: Option<u32>,
}

/// A join that has begun and has not returned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Waits {
    /// When it began, since the run's origin.
    pub since_ns: u64,
    /// The execution that the launcher joins; absent where it waits for whichever ends first.
    pub execution: Option<u32>,
}

/// The sources of a run's states and slices.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Sources {
    /// Absent where there are no states.
    pub states: Option<StatesSource>,
    /// Absent where there are no slices.
    pub slices: Option<SlicesSource>,
    /// Why slices are not exact, or not complete, and what would help, in one sentence; absent where they are, or were not
    /// asked for.
    pub note: Option<String>,
}

/// How a run ended, and what is known of it as a whole.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct RunEnd {
    /// Whether every execution came to its own end: not stopped, runner not lost.
    pub complete: bool,
    /// Why it did not, in one sentence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// Why the executions could not be looked at for their states, in one sentence; absent where they could, or states
    /// were not asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub states_note: Option<String>,
    /// When the host saw that the runner was gone, since the run's origin: what was in flight then ended with it.
    #[serde(default)]
    pub ended_ns: Option<u64>,
    /// Most memory of the runner's tree: the runner's peak and the peaks of the processes in flight with it, summed.
    /// Pages that processes share count in each, so it is an upper bound.
    pub peak_memory_bytes: Option<u64>,
    /// CPU time of the host (the window or the terminal program) during the run.
    pub host_cpu_ns: Option<u64>,
    /// The host's CPU time as a share of the whole machine's, 0 to 1.
    pub host_share: Option<f64>,
    /// Processes that outlived the program, or the run, that had started them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub left: Vec<LeftProcess>,
    /// What the machine was like during the run; absent where the system does not tell.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conditions: Option<Conditions>,
}

/// What happens in an experiment, or to the engine itself.
#[derive(Clone, Debug)]
pub enum Event {
    /// An experiment begins; it has no runs yet.
    Started(Box<Experiment>),
    /// The experiment goes on: these runs are made too.
    Planned(Vec<Scheduled>),
    /// A run of it begins; its executions are listed.
    RunStarted(Box<Run>),
    /// Something happened in the run with this id.
    Run(u32, RunEvent),
    /// No more runs of a baseline are made, and those there are don't count.
    BaselineDropped {
        /// The baseline's setting.
        setting: Setting,
        /// Why, in one sentence.
        why: String,
    },
    /// The experiment is over.
    Ended {
        /// Whether the user stopped it.
        stopped: bool,
    },
    /// The engine could not go on; one sentence with what to do. The experiment is over.
    Failed(String),
    /// Per-core usage while nothing runs; instants count from the engine's start.
    Idle(Sample),
}
