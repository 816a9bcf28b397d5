//! What is read of the system from outside: per-core usage, the machine's description.

pub mod cpu;
pub mod machine;

pub use cpu::{CpuSampler, Pace};
