//! What events changed in a run: what is made of the run is updated by exactly that, without a search.

use super::{Execution, Run};

/// A set of executions by their ids, in order. An id takes at most two bytes, two sets are joined in blocks of 65,536
/// ids, and the n-th id of a million is found at once.
pub type Ids = roaring::RoaringBitmap;

/// A part of a run besides its executions and their profiles.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RunPart {
    /// The runner: its process, its interpreter, what it wrote.
    Runner,
    /// The origin, and the latest instant known.
    Clock,
    /// What the launcher did besides starting and joining, and the join in which it is now.
    Launcher,
    /// How executions are looked at, and the sources of states and slices.
    Measuring,
    /// Which thread was on which core.
    Slices,
    /// The machine's usage, core by core, and the share of other programs in it.
    Cores,
    /// Processes and threads of the run: how many were alive, and those that belong to no execution.
    Members,
    /// Steps in which an execution kept its event loop from all others.
    Kept,
    /// The run's end; after it, only [`RunPart::Cores`] still changes.
    End,
}

impl RunPart {
    /// Every part.
    pub const ALL: [Self; 9] = [
        Self::Runner,
        Self::Clock,
        Self::Launcher,
        Self::Measuring,
        Self::Slices,
        Self::Cores,
        Self::Members,
        Self::Kept,
        Self::End,
    ];
}

/// What one event, or several, changed in a run.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Changes {
    /// Executions that changed.
    pub executions: Ids,
    /// Executions whose profile grew.
    pub profiles: Ids,
    /// A bit for each part that was touched.
    parts: u16,
}

impl Changes {
    /// Everything in a run: the changes to take in where nothing of the run was taken in before.
    pub fn all(run: &Run) -> Self {
        let mut executions = Ids::new();
        executions.insert_range(0..run.executions.len() as u32);
        let profiles = run.profiles.iter().map(|profile| profile.execution).collect();
        Self { executions, profiles, parts: RunPart::ALL.into_iter().fold(0, |parts, part| parts | bit(part)) }
    }

    /// Whether nothing changed.
    pub fn is_empty(&self) -> bool {
        self.executions.is_empty() && self.profiles.is_empty() && self.parts == 0
    }

    /// Whether a part was touched.
    pub fn has(&self, part: RunPart) -> bool {
        self.parts & bit(part) != 0
    }

    /// Adds what changed later.
    pub fn merge(&mut self, later: Self) {
        self.executions |= later.executions;
        self.profiles |= later.profiles;
        self.parts |= later.parts;
    }

    /// The executions that changed, as they are now.
    pub fn executions_of<'a>(&'a self, run: &'a Run) -> impl Iterator<Item = &'a Execution> {
        self.executions.iter().filter_map(|id| run.executions.get(id as usize))
    }

    pub(super) fn note(&mut self, part: RunPart, changed: bool) {
        self.parts |= if changed { bit(part) } else { 0 };
    }
}

fn bit(part: RunPart) -> u16 {
    1 << part as u16
}
