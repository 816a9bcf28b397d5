//! One execution in its lane: edges between phases that never go back.

use model::{
    Execution, Phase, Stage,
    phases::{Edges, QUEUED, STRETCHES},
};

/// Something drawn on a row: edges, between which the [`STRETCHES`] lie, in order.
pub trait Stretch: Copy {
    /// Instants in nanoseconds since the run's origin, none before the one to its left.
    fn edges(&self) -> Edges<u64>;
    /// Whether it belongs to an execution that did not succeed and is to be marked so.
    fn failed(&self) -> bool;
    /// The execution's id.
    fn execution(&self) -> u32;
    /// What tells it from another of its row with the same execution and the same instants.
    fn kind(&self) -> u8 {
        0
    }
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
        self.edges()[STRETCHES.len()]
    }

    /// Its stretches with where they begin and end, those without a length included.
    fn stretches(&self) -> impl DoubleEndedIterator<Item = (Phase, u64, u64)> + use<Self> {
        let edges = self.edges();
        (0..STRETCHES.len()).map(move |at| (STRETCHES[at], edges[at], edges[at + 1]))
    }

    /// The phase at an instant, where it lies within.
    fn phase_at(&self, ns: u64) -> Option<Phase> {
        self.stretches().find(|(_, from, to)| (*from..*to).contains(&ns)).map(|(phase, ..)| phase)
    }
}

/// An execution in its lane.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bar {
    edges: Edges<u64>,
    execution: u32,
    failed: bool,
}

impl Bar {
    /// The bar of an execution whose launch was called. What is missing is drawn up to the next stamp that is known;
    /// past the last, up to `now_ns` where it still runs, else not at all.
    pub fn new(execution: &Execution, now_ns: Option<u64>) -> Option<Self> {
        let edges = edges(execution, now_ns)?;
        Some(Self { edges, execution: execution.id, failed: execution.failed() })
    }
}

fn edges(execution: &Execution, now_ns: Option<u64>) -> Option<Edges<u64>> {
    let launch = execution.stamps.get(Stage::LaunchCalled)?;
    let known = execution.edges();
    let last = execution.stamps.last().map_or(launch, |(_, ns)| ns);
    let mut next = now_ns.unwrap_or(last).max(last);
    let mut edges = Edges::default();
    for (edge, instant) in edges.iter_mut().zip(known).rev() {
        next = instant.unwrap_or(next);
        *edge = next;
    }
    edges[0] = known[0].unwrap_or(launch).min(edges[1]);
    (1..edges.len()).for_each(|at| edges[at] = edges[at].max(edges[at - 1]));
    Some(edges)
}

impl Stretch for Bar {
    fn edges(&self) -> Edges<u64> {
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
        let solid = solid_place(&self.edges);
        let end = self.edges[solid];
        self.edges[..solid].iter_mut().for_each(|edge| *edge = (*edge).max(from_ns).min(end));
    }
}

/// Where the part that must be seen begins: the launch of a bar, the start of a mark; of a call in a pool where a worker has
/// taken it, because until then others have its lane. Rows are sorted by it.
pub fn solid<S: Stretch>(stretch: &S) -> u64 {
    let edges = stretch.edges();
    edges[solid_place(&edges)]
}

fn solid_place(edges: &Edges<u64>) -> usize {
    if edges[QUEUED] < edges[QUEUED + 1] { QUEUED + 1 } else { 1 }
}
