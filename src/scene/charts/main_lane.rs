//! The rows above the lanes: what the launcher did, and who was on a CPU.

use super::{
    axis::{TimeAxis, ground},
    bars::RowStrip,
    brush::{Bars, Layer},
    left,
};
use crate::{
    picture::{Anchor, Area, Picture, Style},
    timeline::{Gil, Index, mark_text, marks_between},
};
use model::Run;

/// The height of each of the two rows in a chart.
pub const HEIGHT: f64 = 20.0;
/// Up to this many marks in view each has a text on hovering.
const FEW: usize = 100;
/// The least width of an area for hovering.
const LEAST: f64 = 2.0;

/// Draws the background and the label of one of these rows in a chart, from `y` on.
pub fn lane(picture: &mut Picture, axis: &TimeAxis, y: f64, label: &str) -> RowStrip {
    ground(picture, axis, y, HEIGHT);
    axis.grid(picture, y, y + HEIGHT);
    let style = Style::new(13.0, picture.theme.muted).at(Anchor::End);
    picture.text(axis.left - 10.0, y + 14.5, style, label);
    let area = Area { x: axis.left, y, w: axis.right - axis.left, h: HEIGHT };
    RowStrip { area, first: 0.0, last: 1.0, gap: (2.0, 2.0) }
}

/// Draws what the launcher did, and signs of processes of which nobody knows who left them running.
pub fn launcher(picture: &mut Picture, bars: &Bars<'_>, run: &Run, index: &Index) {
    bars.draw(picture, index, Layer::Rows, "mark");
    let Bars { axis, rows, .. } = bars;
    let (y, bottom) = rows.whole(0, 1);
    for mark in marks_between(index, axis.from_ns, axis.end_ns, FEW).unwrap_or_default() {
        let (x, end) = (axis.x(mark.from_ns as f64), axis.x(mark.to_ns as f64));
        picture.told("told", &mark_text(run, &mark), Area { x, y, w: (end - x).max(LEAST), h: bottom - y });
    }
    left::draw(picture, axis, rows, (run, index));
}

/// Draws who was on a CPU.
pub fn gil(picture: &mut Picture, bars: &Bars<'_>, run: &Run, index: &Index, kind: Gil) {
    let told = format!("GIL: {}", note(run, index, kind).unwrap_or("who was running"));
    picture.open("gil", Some(&told));
    picture.pale(bars.rows.area, picture.theme.row, 0.0);
    if kind.has_holders() {
        bars.draw(picture, index, Layer::Gil, "holder");
    }
    picture.close();
}

/// Whether the row *GIL* shows the colours of lanes.
pub fn has_holders(run: &Run, index: &Index) -> bool {
    Gil::of(run).is_some_and(Gil::has_holders) && !index.profiles().is_empty()
}

/// Draws the note of the row *GIL*, over its bars.
pub fn gil_note(picture: &mut Picture, bars: &Bars<'_>, run: &Run, index: &Index, kind: Gil) {
    let Some(note) = note(run, index, kind) else { return };
    let (size, area) = (bars.look.text, bars.rows.area);
    let style = Style::new(size, picture.theme.ink).at(Anchor::End);
    let w = picture.text_width(style, note) + 12.0;
    picture.rect(Area { x: area.x + area.w - w, y: area.y + 1.0, w, h: area.h - 2.0 }, picture.theme.row);
    picture.text(area.x + area.w - 6.0, area.y + area.h / 2.0 + 0.36 * size, style, note);
}

fn note(run: &Run, index: &Index, kind: Gil) -> Option<&'static str> {
    let unknown = kind.has_holders() && index.profiles().is_empty() && run.end.is_some();
    if unknown { Some("not looked at in this run") } else { kind.note() }
}
