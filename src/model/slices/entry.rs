//! A slice in the document.

use super::{Owner, Slice};
use serde::{Deserialize, Serialize};

/// A slice in the document, below its execution.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SliceEntry {
    /// When the thread was put on the CPU, since the run's origin.
    pub from_ns: u64,
    /// When the thread left the CPU.
    pub to_ns: u64,
    /// The core.
    pub core: u32,
    /// Whether the thread was ready after the slice.
    #[serde(default)]
    pub preempted: bool,
    /// Below an execution: whether the slice is one of its members', not its own thread's.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub helper: bool,
    /// Among the run's other slices: whether it is the launcher's.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub launcher: bool,
}

impl SliceEntry {
    /// The entry of a slice.
    pub fn of(slice: &Slice) -> Self {
        let Slice { from_ns, to_ns, core, owner, preempted } = *slice;
        let (helper, launcher) = (matches!(owner, Owner::Helper(_)), owner == Owner::Launcher);
        Self { from_ns, to_ns, core, preempted, helper, launcher }
    }

    /// The slice of an entry; `execution` is the one below which the entry stands.
    pub fn slice(&self, execution: Option<u32>) -> Slice {
        let Self { from_ns, to_ns, core, preempted, helper, launcher } = *self;
        let owner = match (execution, helper, launcher) {
            (Some(id), false, _) => Owner::Execution(id),
            (Some(id), true, _) => Owner::Helper(id),
            (None, _, true) => Owner::Launcher,
            (None, ..) => Owner::Other,
        };
        Slice { from_ns, to_ns, core, owner, preempted }
    }
}
