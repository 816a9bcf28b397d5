//! What can be read from the system from outside: per-core usage, the states of threads, a description of the machine, and its
//! condition at an instant.

pub mod conditions;
mod cpu;
pub mod machine;
pub mod slices;
pub mod states;

pub use cpu::{CpuSampler, Pace};
pub use slices::SliceSampler;
pub use states::{StateSampler, Watched};
