//! The host's side: takes commands, makes runs happen in runner processes, and tells what happens.

mod dispatcher;
pub mod handle;
pub mod request;

pub use handle::{Command, Engine};
pub use request::Request;
