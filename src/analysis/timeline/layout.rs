//! What to draw of an index in a view.

use super::Index;
use super::bar::{Stretch, solid};
use super::strip;
use super::sums::Sums;
use super::track::Track;
use super::view::{Columns, Fill, Item, ViewRect};
use crate::model::Phase;

/// Rows thinner than this, in pixels, are drawn several together.
const MIN_ROW_PX: f64 = 3.0;

/// Says what to draw in a view, rectangle by rectangle, row by row, each row from left to right as far as they overlap.
///
/// A phase of a column or more (a pixel, in most views) is a rectangle. What is narrower is added up in its column,
/// exactly. Rows thinner than three pixels are added up as well, in strips of a power of two of them. The work follows
/// the pixels of the view; where very many are in view, columns are the buckets of the index, as exact and nearly as
/// narrow. Pure: the same index and view give the same items.
pub fn layout(index: &Index, view: &ViewRect, mut draw: impl FnMut(Item)) {
    if !view.is_valid() {
        return;
    }
    if view.first_row < 1.0 {
        let columns = Columns::of(view, 1.0);
        row(&index.main, index.open_main.iter().copied(), &columns, 0, &mut draw);
    }
    let first = (view.first_row.max(1.0) - 1.0) as u32;
    let last = ((view.last_row - 1.0).ceil().max(0.0) as u32).min(index.lanes());
    if first >= last {
        return;
    }
    let together = lanes_together(view);
    if together > 1 || strip::suits(index, view, (first, last)) {
        strip::strips(index, view, (first, last), together, &mut draw);
        return;
    }
    let columns = Columns::of(view, f64::from(last - first));
    for lane in first..last {
        row(&index.lanes[lane as usize], index.open_in(lane).copied(), &columns, 1 + lane, &mut draw);
    }
}

/// How many lanes share a strip: the smallest power of two that makes it thick enough.
fn lanes_together(view: &ViewRect) -> u32 {
    let least = (MIN_ROW_PX / view.row_px()).ceil().clamp(1.0, f64::from(1_u32 << 30));
    (least as u32).next_power_of_two()
}

fn row<S: Stretch>(
    track: &Track<S>,
    open: impl Iterator<Item = S>,
    columns: &Columns,
    row: u32,
    draw: &mut impl FnMut(Item),
) {
    let mut pen = Pen { columns, row, cell: None, draw };
    let (from, to) = (columns.from_ns, columns.end_ns());
    let stretches = track.stretches();
    // One that ends at the very edge and has no length is in view: hence the step back.
    let mut at = track.first_ending_after((from - 1.0).max(0.0) as u64);
    while at < stretches.len() && (stretches[at].start() as f64) < to {
        let start = stretches[at].start() as f64;
        let column = columns.at(start);
        let behind = track.first_ending_after_from(at, columns.edge_ns(column + 1).max(0.0) as u64);
        if start < from || behind <= at + 1 {
            pen.stretch(&stretches[at]);
            at += 1;
        } else {
            pen.add(column, &track.sums(at, behind));
            at = behind;
        }
    }
    open.filter(|stretch| (stretch.start() as f64) < to).for_each(|stretch| pen.stretch(&stretch));
    pen.flush();
}

/// Draws one row from left to right, and adds up what is too narrow.
struct Pen<'a, F: FnMut(Item)> {
    columns: &'a Columns,
    row: u32,
    cell: Option<(usize, [f64; 5], bool)>,
    draw: &'a mut F,
}

impl<F: FnMut(Item)> Pen<'_, F> {
    fn stretch<S: Stretch>(&mut self, stretch: &S) {
        let edges = stretch.edges();
        for phase in Phase::ALL {
            self.phase(phase, edges[phase as usize] as f64, edges[phase as usize + 1] as f64);
        }
        if stretch.failed() {
            self.failed(solid(stretch) as f64, stretch.end() as f64);
        }
    }

    fn phase(&mut self, phase: Phase, from_ns: f64, to_ns: f64) {
        let (from, to) = (from_ns.max(self.columns.from_ns), to_ns.min(self.columns.end_ns()));
        if from >= to {
            return;
        }
        if to_ns - from_ns >= self.columns.width_ns {
            self.flush();
            return self.item(self.columns.px(from), self.columns.px(to), Fill::Phase(phase));
        }
        let (first, last) = (self.columns.at(from), self.columns.at(to));
        let border = if first == last { to } else { self.columns.edge_ns(last) };
        self.cell(first).1[phase as usize] += border - from;
        if to > border {
            self.cell(last).1[phase as usize] += to - border;
        }
    }

    fn failed(&mut self, from_ns: f64, to_ns: f64) {
        let (from, to) = (from_ns.max(self.columns.from_ns), to_ns.min(self.columns.end_ns()));
        if from > to {
            return;
        }
        if to_ns - from_ns >= self.columns.width_ns {
            self.flush();
            return self.item(self.columns.px(from), self.columns.px(to), Fill::Failed);
        }
        self.cell(self.columns.at(from)).2 = true;
    }

    fn add(&mut self, column: usize, sums: &Sums) {
        let cell = self.cell(column);
        cell.1.iter_mut().zip(sums.ns).for_each(|(sum, ns)| *sum += ns as f64);
        cell.2 |= sums.failed > 0;
    }

    /// The open cell of a column; an open one of another column is drawn.
    fn cell(&mut self, column: usize) -> &mut (usize, [f64; 5], bool) {
        if self.cell.as_ref().is_some_and(|(open, ..)| *open != column) {
            self.flush();
        }
        self.cell.get_or_insert((column, [0.0; 5], false))
    }

    fn flush(&mut self) {
        let Some((column, ns, failed)) = self.cell.take() else { return };
        let (from, to) = (self.columns.edge_px(column), self.columns.edge_px(column + 1));
        if ns.iter().any(|&ns| ns > 0.0) {
            let shares = ns.map(|ns| (ns / self.columns.width_ns).min(1.0) as f32);
            self.item(from, to, Fill::Shares(shares));
        }
        if failed {
            self.item(from, to, Fill::Failed);
        }
    }

    fn item(&mut self, from_px: f32, to_px: f32, fill: Fill) {
        (self.draw)(Item { row: self.row, rows: 1, from_px, to_px, fill });
    }
}
