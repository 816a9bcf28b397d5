//! Python interpreters: which ones the machine has, what they are, which functions a file has, and whether a plan's arguments
//! fit them. No user code is imported: the interpreter's own parser reads the files. Looking at a plan executes nothing in its
//! folder (`consent`). A module in C has no source; if it is part of the interpreter, it is imported and inspected, no other
//! is.

mod ask;
mod cache;
mod candidates;
mod check;
mod consent;
mod describe;
mod discover;
mod library;
mod locate;
mod probe;
mod signature;
mod source;
#[cfg(test)]
mod testing;
mod workloads;

pub use ask::guard_by;
pub use check::{check_python, unasked_of};
pub use consent::{Consent, allow, digest, interpreter_at, located, unasked, waiting};
pub use describe::describe;
pub use discover::{Discovered, Origin, discover};
pub use library::is_library;
pub use probe::{Probed, probe};
pub use source::{Function, FunctionKind, Lookup, Parameter, ParameterKind, Source};
pub use workloads::{WORKLOADS_MODULE, WORKLOADS_SOURCE};
