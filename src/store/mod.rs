//! Files that people keep: plans, settings, recorded runs. Every one carries its version.

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
