//! Python interpreters: which there are on the machine, what they say of themselves, which functions a file has, and
//! whether a plan's arguments fit them. Nothing of the user's is imported: files are read by the interpreter's own parser.
//! Who only looks at a plan executes nothing of its folder (`consent`).
//! A module in C has nothing to read: one that is part of the interpreter is imported and asked, no other.

mod ask;
mod cache;
mod candidates;
pub mod check;
mod consent;
pub mod describe;
pub mod discover;
mod library;
mod locate;
pub mod probe;
mod signature;
pub mod source;
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
