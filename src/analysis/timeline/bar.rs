//! One execution in its lane: edges between phases that never go back.

use crate::model::{Execution, Phase, Stage, Stamps};

/// Something drawn on a row: six edges, between which the five phases lie, in order.
pub trait Stretch: Copy {
    /// Instants in nanoseconds since the run's origin, none before the one to its left.
    fn edges(&self) -> [u64; 6];
    /// Whether it belongs to an execution that did not succeed and is to be marked so.
    fn failed(&self) -> bool;
    /// The execution's id.
    fn execution(&self) -> u32;
    /// Ends it at `at_ns` at the latest.
    fn cut(&mut self, at_ns: u64);
    /// Lets it begin, with its waiting, at `from_ns` at the earliest.
    fn follow(&mut self, from_ns: u64);

    /// Where it begins.
    fn start(&self) -> u64 {
        self.edges()[0]
    }

    /// Where it ends.
    fn end(&self) -> u64 {
        self.edges()[5]
    }

    /// The phase at an instant, where it lies within.
    fn phase_at(&self, ns: u64) -> Option<Phase> {
        let edges = self.edges();
        Phase::ALL.into_iter().find(|&phase| edges[phase as usize] <= ns && ns < edges[phase as usize + 1])
    }
}

/// An execution in its lane.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bar {
    edges: [u64; 6],
    execution: u32,
    failed: bool,
}

impl Bar {
    /// The bar of an execution whose launch was called. What is missing is drawn up to the next stamp that is known;
    /// past the last, up to `now_ns` where it still runs, else not at all.
    pub fn new(execution: &Execution, now_ns: Option<u64>) -> Option<Self> {
        let edges = edges(&execution.stamps, now_ns)?;
        Some(Self { edges, execution: execution.id, failed: execution.failed() })
    }
}

fn edges(stamps: &Stamps, now_ns: Option<u64>) -> Option<[u64; 6]> {
    let launch = stamps.get(Stage::LaunchCalled)?;
    let created = stamps.get(Stage::Created).unwrap_or(launch).min(launch);
    let later = [Stage::Entered, Stage::Left, Stage::Exited, Stage::Joined].map(|stage| stamps.get(stage));
    let known = stamps.last().map_or(launch, |(_, ns)| ns);
    let mut next = now_ns.unwrap_or(known).max(known);
    let mut edges = [created, launch, 0, 0, 0, 0];
    for (edge, stamp) in edges[2..].iter_mut().zip(later).rev() {
        next = stamp.unwrap_or(next);
        *edge = next;
    }
    (1..6).for_each(|at| edges[at] = edges[at].max(edges[at - 1]));
    Some(edges)
}

impl Stretch for Bar {
    fn edges(&self) -> [u64; 6] {
        self.edges
    }

    fn failed(&self) -> bool {
        self.failed
    }

    fn execution(&self) -> u32 {
        self.execution
    }

    fn cut(&mut self, at_ns: u64) {
        self.edges.iter_mut().for_each(|edge| *edge = (*edge).min(at_ns));
    }

    fn follow(&mut self, from_ns: u64) {
        self.edges[0] = self.edges[0].max(from_ns).min(self.edges[1]);
    }
}

/// Where the part that must be seen begins: the launch of a bar, the start of a mark. Rows are sorted by it.
pub fn solid<S: Stretch>(stretch: &S) -> u64 {
    stretch.edges()[1]
}
