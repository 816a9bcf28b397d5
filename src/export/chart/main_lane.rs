//! The launcher's lane, and below it the GIL's.

use super::{
    axis::TimeAxis,
    bars::{Row, Rows, ground},
    canvas::{Anchor, Area, Canvas, Style},
    density::Strokes,
    stacked::Stacked,
};
use crate::analysis::{
    palette,
    timeline::{Gil, Index, Mark, gil, mark_text},
};
use crate::model::{MainKind, Run};

/// Height of each of the two.
pub const HEIGHT: f64 = 20.0;
/// Up to this many marks each is a group of its own, with a text on hovering.
const FEW: usize = 100;
/// A tick is so wide.
const TICK: f64 = 2.0;
const KINDS: [MainKind; 7] = [
    MainKind::Start,
    MainKind::Join,
    MainKind::Call,
    MainKind::Lock,
    MainKind::JoinTimeout,
    MainKind::StartAgain,
    MainKind::Abandon,
];

/// Draws what the launcher did.
pub fn draw(canvas: &mut Canvas, axis: &TimeAxis, run: &Run, y: f64) {
    let rows = lane(canvas, axis, y, "main");
    let marks: Vec<Mark> = run.main_lane().iter().map(|m| Mark::new(m.kind, m.from_ns, m.to_ns, m.execution)).collect();
    if marks.len() <= FEW { few(canvas, axis, run, &rows, &marks) } else { many(canvas, axis, &rows, &marks) }
}

/// The ground of a lane and its label.
fn lane(canvas: &mut Canvas, axis: &TimeAxis, y: f64, label: &str) -> Rows {
    ground(canvas, axis, y, HEIGHT);
    axis.grid(canvas, y, y + HEIGHT);
    let style = Style::new(13.0, canvas.theme.muted).at(Anchor::End);
    canvas.text(axis.left - 10.0, y + 14.5, style, label);
    Rows { top: y + 2.0, pitch: HEIGHT, bar: HEIGHT - 4.0 }
}

fn few(canvas: &mut Canvas, axis: &TimeAxis, run: &Run, rows: &Rows, marks: &[Mark]) {
    for mark in marks.iter().filter(|mark| mark.is_stretch()) {
        let mut area = rows.area(axis, 0, mark.from_ns, mark.to_ns);
        // One ends where the next begins: a gap tells them apart.
        let gap = if area.w > 3.0 { 1.0 } else { 0.0 };
        area.w = (area.w - gap).max(1.0);
        canvas.open("mark", Some(&mark_text(run, mark)));
        canvas.marked(area, palette::main_kind(mark.kind), "");
        canvas.close();
    }
    // Over all else, so that the next stretch hides none.
    for (mark, area) in marks.iter().filter_map(|mark| Some((mark, tick(axis, rows, mark)?))) {
        canvas.open("mark", Some(&mark_text(run, mark)));
        canvas.rect(area, palette::FAILED, "class=\"tick\"");
        canvas.close();
    }
}

fn many(canvas: &mut Canvas, axis: &TimeAxis, rows: &Rows, marks: &[Mark]) {
    let mut row = Row::new(axis, KINDS.map(palette::main_kind).to_vec(), false);
    let mut strokes = Strokes::default();
    let mut wide = Stacked::default();
    for mark in marks.iter().filter(|mark| mark.is_stretch()) {
        let area = rows.area(axis, 0, mark.from_ns, mark.to_ns);
        let colour = palette::main_kind(mark.kind);
        if area.w >= 1.0 {
            wide.add_look((colour, 100, palette::pattern(colour)), area);
        } else {
            row.add(mark.kind as usize, mark.from_ns, mark.to_ns);
        }
    }
    row.finish(&mut strokes, 1.0, rows.middle(0));
    strokes.draw(canvas, rows.bar);
    wide.draw(canvas, "mark");
    let mut ticks = Strokes::default();
    let mut drawn_to = f64::NEG_INFINITY;
    for area in marks.iter().filter_map(|mark| tick(axis, rows, mark)) {
        if area.x >= drawn_to {
            ticks.add(palette::FAILED, 100, area.x, rows.middle(0), area.w);
            drawn_to = area.x + area.w;
        }
    }
    ticks.draw(canvas, rows.bar);
}

fn tick(axis: &TimeAxis, rows: &Rows, mark: &Mark) -> Option<Area> {
    let at = mark.tick_ns()?;
    let area = rows.area(axis, 0, at, if mark.is_stretch() { at } else { mark.to_ns });
    Some(Area { w: area.w.max(TICK), ..area })
}

/// Draws who was on a CPU.
pub fn draw_gil(canvas: &mut Canvas, axis: &TimeAxis, run: &Run, index: &Index, kind: Gil, y: f64) {
    canvas.open("gil", Some(kind.note().unwrap_or("who was on a CPU, in the colours of the lanes")));
    let rows = lane(canvas, axis, y, "GIL");
    if kind.has_holders() {
        let mut stacked = Stacked::default();
        gil(index, &axis.view(), |item| {
            let (x, end) = (axis.left + f64::from(item.from_px), axis.left + f64::from(item.to_px));
            let area = Area { x, y: rows.top, w: end.min(axis.right) - x, h: rows.bar };
            stacked.add(item.fill, area, (f64::from(item.band.0), f64::from(item.band.1)));
        });
        stacked.draw(canvas, "holder");
    }
    let unknown = kind.has_holders() && index.profiles().is_empty() && run.end.is_some();
    if let Some(note) = if unknown { Some("not looked at in this run") } else { kind.note() } {
        let style = Style::new(13.0, canvas.theme.ink).at(Anchor::End);
        let width = canvas.text_width(style, note) + 12.0;
        let ground = canvas.theme.row;
        let behind = Area { x: axis.right - width, y: y + 1.0, w: width, h: HEIGHT - 2.0 };
        canvas.rect(behind, ground, "fill-opacity=\"0.85\"");
        canvas.text(axis.right - 6.0, y + 14.5, style, note);
    }
    canvas.close();
}
