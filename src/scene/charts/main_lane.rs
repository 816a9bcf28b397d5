//! The launcher's lane, and below it the GIL's.

use super::{
    axis::{TimeAxis, ground},
    bars::{BarRows, RowStrip},
    brush::{Kind, Layer},
    lanes::bars_of,
    left,
    stacked::Stacked,
};
use crate::{
    palette,
    picture::{Anchor, Area, Paint, Picture, Style},
    timeline::{Gil, Index, Mark, mark_text},
};
use model::Run;

/// Height of each of the two.
pub const HEIGHT: f64 = 20.0;
/// Up to this many marks each has a text on hovering.
const FEW: usize = 100;
/// What is hovered over is at least so wide.
const TICK: f64 = 2.0;

/// Draws what the launcher did, as the window's timeline does.
pub fn draw(picture: &mut Picture, axis: &TimeAxis, run: &Run, index: &Index, y: f64) {
    let rows = lane(picture, axis, y, "main");
    let (mut marks, mut edges, mut ticks) = (Stacked::default(), Stacked::default(), Vec::new());
    bars_of(axis, strip(axis, &rows)).draw(index, Layer::Rows, |kind, area, paint| match kind {
        Kind::Edge => edges.add_paint(Paint::of(picture.theme.row), area),
        Kind::Tick => ticks.push(area),
        Kind::Bar | Kind::Failed => marks.add_paint(paint, area),
    });
    marks.draw(picture, "mark");
    edges.draw(picture, "edge");
    // Over all else, so that the next stretch hides none.
    ticks.iter().for_each(|area| picture.filled("tick", *area, palette::FAILED, 0.0));
    told(picture, axis, run, &rows);
    left::draw(picture, axis, (run, index), &axis.view(), y, HEIGHT);
}

/// The one row of a lane.
fn strip(axis: &TimeAxis, rows: &BarRows) -> RowStrip {
    let area = Area { x: axis.left, y: rows.top, w: axis.right - axis.left, h: rows.bar };
    RowStrip { area, first: 0.0, last: 1.0, gap: (0.0, 0.0) }
}

/// What each mark was, to be read on hovering, where there are not too many.
fn told(picture: &mut Picture, axis: &TimeAxis, run: &Run, rows: &BarRows) {
    let marks = run.main_lane();
    if marks.len() > FEW {
        return;
    }
    let marks = marks.iter().map(|m| Mark::new(m.kind, m.from_ns, m.to_ns, m.execution));
    let (stretches, ticks): (Vec<Mark>, Vec<Mark>) = marks.partition(Mark::is_stretch);
    for mark in stretches.into_iter().chain(ticks) {
        let area = rows.area(axis, 0, mark.from_ns, mark.to_ns);
        picture.open("told", Some(&mark_text(run, &mark)));
        let ground = picture.theme.row;
        picture.pale(Area { w: area.w.max(TICK), ..area }, ground, 0.0);
        picture.close();
    }
}

/// The ground of a lane and its label.
fn lane(picture: &mut Picture, axis: &TimeAxis, y: f64, label: &str) -> BarRows {
    ground(picture, axis, y, HEIGHT);
    axis.grid(picture, y, y + HEIGHT);
    let style = Style::new(13.0, picture.theme.muted).at(Anchor::End);
    picture.text(axis.left - 10.0, y + 14.5, style, label);
    BarRows { top: y + 2.0, pitch: HEIGHT, bar: HEIGHT - 4.0 }
}

/// Draws who was on a CPU.
pub fn draw_gil(picture: &mut Picture, axis: &TimeAxis, index: &Index, kind: Gil, y: f64) {
    picture.open("gil", Some(kind.note().unwrap_or("who was on a CPU, in the colours of the lanes")));
    let rows = lane(picture, axis, y, "GIL");
    if kind.has_holders() {
        let mut stacked = Stacked::default();
        let bars = bars_of(axis, strip(axis, &rows));
        bars.draw(index, Layer::Gil, |_, area, paint| stacked.add_paint(paint, area));
        stacked.draw(picture, "holder");
    }
    picture.close();
}

/// What is said on that lane, over whatever lies there.
pub fn gil_note(picture: &mut Picture, axis: &TimeAxis, run: &Run, index: &Index, kind: Gil, y: f64) {
    let unknown = kind.has_holders() && index.profiles().is_empty() && run.end.is_some();
    if let Some(note) = if unknown { Some("not looked at in this run") } else { kind.note() } {
        let style = Style::new(13.0, picture.theme.ink).at(Anchor::End);
        let width = picture.text_width(style, note) + 12.0;
        let ground = picture.theme.row;
        let behind = Area { x: axis.right - width, y: y + 1.0, w: width, h: HEIGHT - 2.0 };
        picture.rect(behind, ground);
        picture.text(axis.right - 6.0, y + 14.5, style, note);
    }
}
