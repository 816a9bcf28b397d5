//! Python interpreters: which there are on the machine, what they say of themselves, which functions a file has, and
//! whether a plan's arguments fit them. Nothing of the user's is imported: files are read by the interpreter's own parser.

pub mod source;

pub use source::{Function, FunctionKind, Parameter, ParameterKind, Source};
