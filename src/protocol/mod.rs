//! What hosts and runners say to each other. `docs/protocol.md` documents it for runners in other languages.
//!
//! A run has a folder of its own with three files: [`PLAN_FILE`] (the run request, JSON), [`SLOTS_FILE`] (stamps, mapped by
//! host, runner and workers) and [`TEXTS_FILE`] (a FIFO of JSON lines, runner to host). The stdin of the runner's guard takes
//! [`text::Order`] lines and is its lifeline: when it closes, the guard ends the whole run.

pub mod request;
pub mod sending;
pub mod slots;
pub mod tail;
pub mod text;
mod words;

/// The version of the protocol; a runner that speaks another is refused.
pub const PROTOCOL: u32 = 2;
/// The run request, in the run's folder.
pub const PLAN_FILE: &str = "plan.json";
/// The stamps, in the run's folder.
pub const SLOTS_FILE: &str = "slots";
/// The sizes and times of what each execution is sent, in the run's folder; only for Python functions that are sent arguments.
pub const SENDING_FILE: &str = "sending";
/// The texts, in the run's folder.
pub const TEXTS_FILE: &str = "texts";
/// Where the processes of a Python run write their threads' stacks on request, in the run's folder.
pub const STACKS_FILE: &str = "stacks";
/// The Python runner, in the folder of a run of Python functions.
pub const PYTHON_RUNNER_FILE: &str = "spawnscope_runner.py";
/// The hidden verb that makes the program a runner.
pub const RUNNER_VERB: &str = "__runner";
/// The hidden verb that makes the program a guard, which starts a runner and ends everything that the runner started.
pub const GUARD_VERB: &str = "__guard";
/// The environment variable that holds the run's folder in every process of a run. It tells to which run an orphan belongs.
pub const RUN_VARIABLE: &str = "SPAWNSCOPE_RUN";
/// Takes the folder's place on the command line of a guard whose program is no runner.
pub const NO_FOLDER: &str = "-";
/// The hidden verb that makes the program a worker: one execution, or a pool's share of them.
pub const WORKER_VERB: &str = "__worker";

/// [`RUN_VARIABLE`] as the processes of a run have it in their environment: `NAME=value`.
pub fn run_mark(folder: &std::path::Path) -> String {
    format!("{RUN_VARIABLE}={}", folder.display())
}
