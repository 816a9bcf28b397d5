//! The host's side: takes commands, makes runs in runner processes, and sends events.

mod active;
mod calibrate;
mod controller;
mod dispatcher;
mod emitter;
mod ending;
mod handle;
mod left_behind;
mod memory;
pub mod naming;
mod not_started;
mod observer;
mod orphans;
mod outcome;
mod prepared;
mod python_runner;
mod reading;
pub mod request;
mod rounds;
mod run_folder;
mod runner_process;
mod schedule;
mod stacks;
mod states;
mod tail;
pub mod told;
mod tracing;
mod watching;

pub use calibrate::calibrate;
pub use handle::{Command, Engine};
pub use request::{Request, usual_start_method};
