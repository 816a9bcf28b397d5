//! The host's side: takes commands, makes runs happen in runner processes, and tells what happens.

mod active;
mod asking_stacks;
mod asking_where;
mod calibrate;
mod dispatcher;
mod emitter;
mod ending;
pub mod handle;
mod left_behind;
mod loading;
mod measured;
mod memory;
pub mod naming;
mod news;
mod not_started;
mod orphans;
mod outcome;
mod overdue;
mod pool_queue;
mod reading;
mod records;
pub mod request;
mod rounds;
mod run_folder;
mod runner_process;
mod schedule;
mod stacks;
mod states;
mod stuck;
mod tail;
pub mod told;
mod tracing;
mod watching;

pub use calibrate::calibrate;
pub use handle::{Command, Engine};
pub use request::Request;
