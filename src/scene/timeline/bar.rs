//! One execution in its lane: the edges between its phases, in ascending order.

use model::{
    Execution, Phase, Stage,
    phases::{Edges, QUEUED, STRETCHES},
};

/// Something drawn on a row: edges, with the [`STRETCHES`] between them, in order.
pub trait Stretch: Copy {
    /// Instants in nanoseconds since the run's origin, ascending from left to right.
    fn edges(&self) -> Edges<u64>;
    /// Whether it is marked as belonging to an execution that did not succeed.
    fn failed(&self) -> bool;
    /// The execution's id.
    fn execution(&self) -> u32;
    /// Tells it from another on its row with the same execution and the same instants.
    fn kind(&self) -> u8 {
        0
    }
    /// Ends it at `at_ns` at the latest.
    fn cut(&mut self, at_ns: u64);
    /// Moves its beginning and its waiting to `from_ns` at the earliest.
    fn follow(&mut self, from_ns: u64);

    /// Where it begins.
    fn start(&self) -> u64 {
        self.edges()[0]
    }

    /// Where it ends.
    fn end(&self) -> u64 {
        self.edges()[STRETCHES.len()]
    }

    /// Its stretches with their beginnings and ends, empty ones included.
    fn stretches(&self) -> impl DoubleEndedIterator<Item = (Phase, u64, u64)> + use<Self> {
        let edges = self.edges();
        (0..STRETCHES.len()).map(move |at| (STRETCHES[at], edges[at], edges[at + 1]))
    }

    /// The phase at an instant; `None` outside.
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
    /// The bar of an execution whose launch was called. A missing edge lies at the next known one; edges after the last
    /// stamp lie at `now_ns` while the execution runs, else at that stamp.
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

/// Where the part that must be visible begins: the launch of a bar, the start of a mark. For a call in a pool it is
/// where a worker took the call, because until then others have its lane. Rows are sorted by it.
pub fn solid<S: Stretch>(stretch: &S) -> u64 {
    let edges = stretch.edges();
    edges[solid_place(&edges)]
}

fn solid_place(edges: &Edges<u64>) -> usize {
    if edges[QUEUED] < edges[QUEUED + 1] { QUEUED + 1 } else { 1 }
}
