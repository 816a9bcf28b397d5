//! Files that users keep: plans, settings, recorded runs. Each has its version in it.

pub mod atomic;
pub mod destination;
pub mod document_file;
pub mod kept;
mod numbers;
pub mod plan_file;
pub mod recent;
pub mod settings;
pub mod trusted_file;
pub mod unsaved;
