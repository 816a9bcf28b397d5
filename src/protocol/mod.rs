//! What hosts and runners say to each other. `docs/protocol.md` documents it for runners in other languages.
//!
//! A run has a folder of its own with three files: [`PLAN_FILE`] (the run request, JSON), [`SLOTS_FILE`] (stamps, mapped
//! by all) and [`TEXTS_FILE`] (a FIFO of JSON lines, runner to host). The stdin of the runner's guard takes [`text::Order`]
//! lines and is its lifeline: at its end, whoever is left is ended.

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
/// What is sent for each execution, in the run's folder of Python functions that are sent their arguments.
pub const SENDING_FILE: &str = "sending";
/// The texts, in the run's folder.
pub const TEXTS_FILE: &str = "texts";
/// Where the processes of a Python run write the stacks of their threads when they are asked for them, in the run's folder.
pub const STACKS_FILE: &str = "stacks";
/// The Python runner, in the run's folder of Python functions.
pub const PYTHON_RUNNER_FILE: &str = "spawnscope_runner.py";
/// The hidden verb that makes the program a runner.
pub const RUNNER_VERB: &str = "__runner";
/// The hidden verb that makes the program the guard of a runner: it starts it, and ends all of it.
pub const GUARD_VERB: &str = "__guard";
/// The variable that every process of a run has in its environment: the run's folder. It tells whose an orphan is.
pub const RUN_VARIABLE: &str = "SPAWNSCOPE_RUN";
/// Stands where a guard's folder would, for a program that is no runner.
pub const NO_FOLDER: &str = "-";
/// The hidden verb that makes the program a worker: one execution, or a pool's share of them.
pub const WORKER_VERB: &str = "__worker";

/// [`RUN_VARIABLE`] as the environment of the processes of this run has it: `NAME=value`.
pub fn run_mark(folder: &std::path::Path) -> String {
    format!("{RUN_VARIABLE}={}", folder.display())
}
