//! Where processes were left running: signs that are visible at any zoom, on the lane of the execution that left them,
//! or on *main* where nobody knows whose they are.

use super::Index;
use super::layout::lanes_together;
use super::view::{Columns, ViewRect};
use insight::left;
use model::{Execution, LeftProcess, Run, Stage};

/// The most processes that a sign names; the list of executions names all.
const MOST_TOLD: usize = 4;

/// Where a process was left running.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct LeftMark {
    row: u32,
    at_ns: u64,
    /// Its place among the processes that the run left.
    process: usize,
    execution: Option<u32>,
    remains: bool,
}

/// A sign to draw: as high as wide, in the middle of its rows.
#[derive(Clone, Debug, PartialEq)]
pub struct LeftSign {
    /// The first row that it covers.
    pub row: u32,
    /// How many rows it covers.
    pub rows: u32,
    /// The left edge, in pixels from the view's left edge.
    pub from_px: f32,
    /// The right edge.
    pub to_px: f32,
    /// The execution that left the first of its processes, where that is known.
    pub execution: Option<u32>,
    /// Whether one of its processes could not be ended.
    pub remains: bool,
    /// The places of its processes among those that the run left.
    processes: Vec<usize>,
}

/// The marks of processes that a run left, in order of rows and instants; call it when the run has ended.
pub(super) fn marks(run: &Run, extent_ns: u64) -> Vec<LeftMark> {
    let end_ns = run.makespan_ns.or(run.end.as_ref().and_then(|end| end.ended_ns)).unwrap_or(extent_ns);
    let mark = |(place, process): (usize, &LeftProcess)| {
        let place_of = |execution: &Execution| Some((1 + execution.lane?, over_ns(execution)?));
        let execution = left::who_left(run, process);
        let (row, at_ns) = execution.and_then(place_of).unwrap_or((0, end_ns));
        let at_ns = at_ns.min(extent_ns);
        LeftMark { row, at_ns, process: place, execution: execution.map(|it| it.id), remains: process.remains() }
    };
    let mut marks: Vec<LeftMark> = left::of_run(run).iter().enumerate().map(mark).collect();
    marks.sort_unstable();
    marks
}

/// When an execution was over, while a process that it had started was not.
fn over_ns(execution: &Execution) -> Option<u64> {
    let stamps = &execution.stamps;
    stamps.get(Stage::Exited).or(stamps.get(Stage::Left)).or(stamps.last().map(|(_, ns)| ns))
}

/// The signs in a view, `size_px` wide. Marks of a row that would overlap share a sign.
pub fn left_signs(index: &Index, view: &ViewRect, size_px: f32) -> Vec<LeftSign> {
    if index.left.is_empty() || !view.is_valid() {
        return Vec::new();
    }
    let (columns, together) = (Columns::of(view, 1.0), lanes_together(view));
    let strip = |row: u32| if row == 0 { (0, 1) } else { (1 + (row - 1) / together * together, together) };
    let rows = view.first_row.floor().max(0.0) as u32..view.last_row.ceil() as u32;
    let first = index.left.partition_point(|mark| mark.row < rows.start);
    let in_view = index.left[first..].iter().take_while(|mark| mark.row < rows.end);
    let in_time = in_view.filter(|mark| (view.from_ns..=view.to_ns).contains(&(mark.at_ns as f64)));
    // A sign at the right edge is moved in.
    let px = |mark: &LeftMark| columns.px(mark.at_ns as f64).min(view.width_px - size_px).max(0.0);
    let mut placed: Vec<_> = in_time.map(|mark| (strip(mark.row), px(mark), mark)).collect();
    placed.sort_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)));
    let mut signs: Vec<LeftSign> = Vec::new();
    for ((row, rows), from_px, mark) in placed {
        match signs.last_mut().filter(|last| last.row == row && last.to_px > from_px) {
            Some(last) => last.take(mark),
            None => signs.push(LeftSign {
                row,
                rows,
                from_px,
                to_px: from_px + size_px,
                execution: mark.execution,
                remains: mark.remains,
                processes: vec![mark.process],
            }),
        }
    }
    signs
}

impl LeftSign {
    fn take(&mut self, mark: &LeftMark) {
        self.processes.push(mark.process);
        self.remains |= mark.remains;
    }

    /// Its processes, a line each: `leaves #1: sleep 600 (process 4711) was left running; SIGTERM ended it`.
    pub fn text(&self, run: &Run) -> String {
        let line = |process: &LeftProcess| {
            let who = left::who_left(run, process).map_or_else(String::new, |it| format!("{}: ", it.label()));
            format!("{who}{}", process.sentence())
        };
        let told = self.processes.iter().filter_map(|place| left::of_run(run).get(*place)).take(MOST_TOLD).map(line);
        let more = self.processes.len().saturating_sub(MOST_TOLD);
        told.chain((more > 0).then(|| format!("… and {more} more"))).collect::<Vec<_>>().join("\n")
    }
}
