//! What to draw of an index in a view.

use super::Index;
use super::bar::Stretch;
use super::mark::Mark;
use super::pen::Pen;
use super::profiles::Profiles;
use super::strip;
use super::track::Track;
use super::view::{BarItem, Columns, Fill, ViewRect, WHOLE};
use crate::palette;

/// Rows thinner than this, in pixels, are drawn several together.
const MIN_ROW_PX: f64 = 3.0;

/// A stretch of the launcher narrower than this, in columns, has no edge of its own.
const EDGE_ROOM: f64 = 4.0;
/// The least width of a tick, in pixels.
const TICK_PX: f32 = 2.0;

/// Calls `draw` with the rectangles of a view, row by row, each row from left to right as far as they overlap.
///
/// A phase at least as wide as a column (a pixel, in most views) is a rectangle; *in the target* is divided by the
/// execution's known states. Narrower phases are added up in their column, exactly. Rows thinner than three pixels are
/// added up as well, states and phases alike, in strips of a power of two of them. The work follows the pixels of the
/// view. Where very many bars are in view, the buckets of the index serve as columns; they are as exact and nearly as
/// narrow. Pure: the same index and view give the same items.
pub fn layout(index: &Index, view: &ViewRect, mut draw: impl FnMut(BarItem)) {
    if !view.is_valid() {
        return;
    }
    if view.first_row < 1.0 {
        let columns = Columns::of(view, 1.0);
        row(&index.main, index.open_main.iter().copied(), calls(index, view), &columns, 0, &mut draw);
        edges(&index.main, &columns, &mut draw);
        ticks(&index.ticks, &columns, view.width_px, &mut draw);
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
    // With too many bars in view, each narrower than a column, only phases are added up, and the states in the target
    // stay open.
    let looked = index.profiles.looked();
    let fine = looked && strip::bars_in_view(index, view, (first, last)).is_some();
    let profiles = (fine.then_some(&index.profiles), looked);
    for lane in first..last {
        row(&index.lanes[lane as usize], index.open_in(lane).copied(), profiles, &columns, 1 + lane, &mut draw);
    }
}

/// The profiles that divide the launcher's calls of functions, unless too many are in view, and whether anybody looked.
/// In a call the launcher does what the execution does.
fn calls<'a>(index: &'a Index, view: &ViewRect) -> (Option<&'a Profiles>, bool) {
    if !index.calls() || index.profiles.is_empty() {
        return (None, false);
    }
    (strip::few_in_view(&index.main, view).then_some(&index.profiles), true)
}

/// How many lanes share a strip: the smallest power of two that makes it thick enough.
pub(super) fn lanes_together(view: &ViewRect) -> u32 {
    let least = (MIN_ROW_PX / view.row_px()).ceil().clamp(1.0, f64::from(1_u32 << 30));
    (least as u32).next_power_of_two()
}

fn row<S: Stretch>(
    track: &Track<S>,
    open: impl Iterator<Item = S>,
    (profiles, looked): (Option<&Profiles>, bool),
    columns: &Columns,
    row: u32,
    draw: &mut impl FnMut(BarItem),
) {
    let mut pen = Pen::new(columns, profiles, looked, row, draw);
    let (from, to) = (columns.from_ns, columns.end_ns());
    // A stretch without length at the very edge is in view: hence the step back.
    let mut at = track.first_ending_after((from - 1.0).max(0.0) as u64);
    while let Some(stretch) = track.get(at).filter(|stretch| (stretch.start() as f64) < to) {
        let start = stretch.start() as f64;
        let column = columns.at(start);
        let behind = track.first_ending_after_from(at, columns.edge_ns(column + 1).max(0.0) as u64);
        if start < from || behind <= at + 1 || profiles.is_some() {
            pen.stretch(&stretch);
            at += 1;
        } else {
            pen.add(column, &track.sums(at, behind));
            at = behind;
        }
    }
    open.filter(|stretch| (stretch.start() as f64) < to).for_each(|stretch| pen.stretch(&stretch));
    pen.flush();
}

/// Draws an edge where a stretch follows another of its colour, if it is wide enough.
fn edges(marks: &Track<Mark>, columns: &Columns, draw: &mut impl FnMut(BarItem)) {
    let room_ns = EDGE_ROOM * columns.width_ns;
    let mut at = marks.first_ending_after(columns.from_ns.max(0.0) as u64);
    while let Some(mark) = marks.get(at).filter(|mark| (mark.from_ns as f64) < columns.end_ns()) {
        let before = at.checked_sub(1).and_then(|before| marks.get(before));
        let follows = before.is_some_and(|before| {
            let same = palette::main_kind(before.kind) == palette::main_kind(mark.kind);
            same && ((mark.from_ns - before.to_ns) as f64) < columns.width_ns
        });
        if follows && (mark.to_ns - mark.from_ns) as f64 >= room_ns {
            let from_px = columns.px(mark.from_ns as f64);
            draw(BarItem { row: 0, rows: 1, from_px, to_px: from_px + 1.0, band: WHOLE, fill: Fill::Edge });
        }
        // Marks that end within the room of this one have no edge.
        at = marks.first_ending_after_from(at + 1, (mark.from_ns as f64 + room_ns) as u64);
    }
}

/// Draws the marks that must be visible at any zoom; of several in one place only the first.
fn ticks(ticks: &[Mark], columns: &Columns, width_px: f32, draw: &mut impl FnMut(BarItem)) {
    let at_ns = |mark: &Mark| mark.tick_ns().unwrap_or(mark.from_ns) as f64;
    let first = ticks.partition_point(|mark| (mark.to_ns as f64) < columns.from_ns);
    let mut drawn_to = f32::NEG_INFINITY;
    for mark in ticks[first..].iter().take_while(|mark| at_ns(mark) <= columns.end_ns()) {
        let end_px = if mark.is_stretch() { 0.0 } else { columns.px(mark.to_ns as f64) };
        // A tick at the right edge is moved in.
        let from_px = columns.px(at_ns(mark)).min(width_px - TICK_PX).max(0.0);
        let to_px = end_px.min(width_px).max(from_px + TICK_PX);
        if to_px > drawn_to {
            draw(BarItem { row: 0, rows: 1, from_px, to_px, band: WHOLE, fill: Fill::Tick });
            drawn_to = to_px;
        }
    }
}
