//! What only Linux provides so far, as another system answers it: with nothing, or with an error that says so. A type that
//! can't be opened has no values.

mod looks;
mod processes;
mod records;

pub use {looks::*, processes::*, records::*};

use crate::system::NAME;
use std::io;

/// The error for what Spawnscope does not do on this system yet; `what` follows *can't*.
pub fn lacking(what: &str) -> io::Error {
    io::Error::new(io::ErrorKind::Unsupported, format!("on {NAME} Spawnscope can't {what} yet"))
}
