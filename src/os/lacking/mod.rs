//! What only Linux is asked for so far, as a system answers that is not: by nothing, or by an error that says so. What can't
//! be opened is a type without values.

mod looks;
mod processes;
mod records;

pub use {looks::*, processes::*, records::*};

use crate::system::NAME;
use std::io;

/// The error of asking this system for what it is not asked for yet; `what` follows *can't*.
pub fn lacking(what: &str) -> io::Error {
    io::Error::new(io::ErrorKind::Unsupported, format!("on {NAME} Spawnscope can't {what} yet"))
}
