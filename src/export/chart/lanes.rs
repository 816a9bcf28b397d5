//! The lanes of a run: a row each, or several to a row where there are too many.

use super::{
    axis::TimeAxis,
    bars::{Row, Rows, ground},
    canvas::{Anchor, Area, Canvas, Style, short},
    density::Strokes,
    pieces::{Piece, pieces, waiting},
    theme::hex,
};
use crate::analysis::palette;
use crate::model::{Execution, Phase, Run, Stage, duration::human_ns};
use std::collections::HashSet;

/// Up to this many executions each is a group of its own, with a text on hovering.
pub const FEW: usize = 400;

/// How lanes are laid on rows.
pub struct Layout {
    lanes: usize,
    /// Lanes that share a row.
    per_row: usize,
    rows: usize,
    pitch: f64,
}

impl Layout {
    /// Rows for so many lanes in about `budget` of height.
    pub fn new(lanes: usize, budget: f64) -> Self {
        let pitch = |rows: usize| (budget / rows.max(1) as f64).clamp(2.0, 26.0);
        let most_rows = (budget / 2.0) as usize;
        let per_row = lanes.div_ceil(most_rows.max(1)).max(1);
        let rows = lanes.div_ceil(per_row);
        // Whole units, so that edges are sharp.
        let pitch = if lanes <= 40 { pitch(rows).floor().max(10.0) } else { pitch(rows).floor() };
        Self { lanes, per_row, rows, pitch }
    }

    /// Height of all rows.
    pub fn height(&self) -> f64 {
        self.rows as f64 * self.pitch
    }

    fn rows_at(&self, y: f64) -> Rows {
        let gap = match self.pitch {
            pitch if pitch >= 10.0 => 3.0,
            pitch if pitch >= 4.0 => 1.0,
            _ => 0.0,
        };
        Rows { top: y + gap / 2.0, pitch: self.pitch, bar: self.pitch - gap }
    }
}

/// Draws the lanes of a run with their labels, from `y` on.
pub fn draw(canvas: &mut Canvas, axis: &TimeAxis, run: &Run, layout: &Layout, y: f64) {
    ground(canvas, axis, y, layout.height());
    axis.grid(canvas, y, y + layout.height());
    labels(canvas, axis, layout, y);
    let rows = layout.rows_at(y);
    let executions = by_lane(run);
    if executions.len() <= FEW && layout.per_row == 1 {
        few(canvas, axis, run, &rows, &executions);
    } else {
        many(canvas, axis, run, &rows, layout, &executions);
    }
    failures(canvas, axis, run, &rows, layout.per_row, &executions);
}

fn by_lane(run: &Run) -> Vec<(usize, &Execution)> {
    let mut executions: Vec<_> = run.executions.iter().filter_map(|e| Some((e.lane? as usize, e))).collect();
    executions.sort_by_key(|(lane, e)| (*lane, e.stamps.get(Stage::LaunchCalled)));
    executions
}

fn labels(canvas: &mut Canvas, axis: &TimeAxis, layout: &Layout, y: f64) {
    let style = Style::new(13.0, canvas.theme.muted).at(Anchor::End);
    let x = axis.left - 10.0;
    if layout.pitch >= 15.0 {
        for lane in 0..layout.lanes {
            let middle = y + (lane as f64 + 0.5) * layout.pitch;
            canvas.text(x, middle + 4.5, style, &format!("lane {lane}"));
        }
        return;
    }
    canvas.text(x, y + layout.height() / 2.0 + 4.5, style, &format!("{} lanes", grouped(layout.lanes)));
    if layout.height() >= 70.0 {
        canvas.text(x, y + 11.0, style, "0");
        canvas.text(x, y + layout.height() - 2.0, style, &grouped(layout.lanes - 1));
    }
}

/// The number with thin spaces between thousands.
pub fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push('\u{2009}');
        }
        text.push(digit);
    }
    text
}

/// Every phase of every execution as a rectangle of at least a pixel.
fn few(canvas: &mut Canvas, axis: &TimeAxis, run: &Run, rows: &Rows, executions: &[(usize, &Execution)]) {
    let mut free_ns = vec![0; run.lanes() as usize];
    for (lane, execution) in executions {
        canvas.open("execution", Some(&hover_text(execution)));
        if let Some(piece) = waiting(execution, free_ns[*lane]) {
            let area = rows.area(axis, *lane, piece.from_ns, piece.to_ns);
            let thin = Area { y: area.y + area.h / 3.0, h: area.h / 3.0, ..area };
            canvas.rect(thin, palette::phase(Phase::Waiting), "fill-opacity=\"0.45\"");
        }
        for piece in pieces(execution, run.now_ns) {
            let mut area = rows.area(axis, *lane, piece.from_ns, piece.to_ns);
            if piece.to_ns > piece.from_ns && area.w < 1.0 {
                area.w = 1.0;
            }
            canvas.rect(area, palette::phase(piece.phase), "");
            if piece.phase == Phase::InTarget {
                name(canvas, area, execution);
            }
        }
        canvas.close();
        free_ns[*lane] = execution.stamps.last().map_or(0, |(_, ns)| ns);
    }
}

/// The execution's name on its bar, where there is room.
fn name(canvas: &mut Canvas, area: Area, execution: &Execution) {
    let style = Style::new(13.0, [0x06, 0x14, 0x10]).bold();
    let label = execution.label();
    let room = area.w - 14.0;
    if area.h < 17.0 || room < canvas.text_width(style, "abcdefg").min(canvas.text_width(style, &label)) {
        return;
    }
    let text = canvas.ruler.fit(&label, style.size, true, room);
    canvas.text(area.x + 7.0, area.y + area.h / 2.0 + 4.7, style, &text);
}

fn hover_text(execution: &Execution) -> String {
    let phases = Phase::ALL.into_iter().filter_map(|phase| {
        let ns = execution.stamps.phase_ns(phase)?;
        Some(format!("{} {}", phase.word(), human_ns(ns)))
    });
    let outcome = execution.outcome.as_ref().map_or_else(|| "running".to_owned(), |outcome| outcome.sentence());
    format!("{}: {outcome}; {}", execution.label(), phases.collect::<Vec<_>>().join(", "))
}

/// Rectangles and folded columns, a few paths for all of them.
fn many(canvas: &mut Canvas, axis: &TimeAxis, run: &Run, rows: &Rows, layout: &Layout, all: &[(usize, &Execution)]) {
    let mut strokes = Strokes::default();
    let mut waits = Strokes::default();
    for same_row in all.chunk_by(|a, b| a.0 / layout.per_row == b.0 / layout.per_row) {
        let row_index = same_row[0].0 / layout.per_row;
        let mut row = Row::new(axis, Phase::ALL.map(palette::phase).to_vec(), layout.per_row > 1);
        for (_, execution) in same_row {
            pieces(execution, run.now_ns).into_iter().for_each(|p| row.add(p.phase as usize, p.from_ns, p.to_ns));
        }
        let lanes_here = layout.per_row.min(layout.lanes - row_index * layout.per_row);
        row.finish(&mut strokes, lanes_here as f64, rows.middle(row_index));
        if layout.per_row == 1 {
            wide_waits(same_row).for_each(|piece| {
                let area = rows.area(axis, row_index, piece.from_ns, piece.to_ns);
                if area.w >= 1.0 {
                    waits.add(palette::phase(Phase::Waiting), 45, area.x, rows.middle(row_index), area.w);
                }
            });
        }
    }
    waits.draw(canvas, (rows.bar / 3.0).max(1.0));
    strokes.draw(canvas, rows.bar);
}

fn wide_waits(lane: &[(usize, &Execution)]) -> impl Iterator<Item = Piece> {
    let mut free_ns = 0;
    lane.iter().filter_map(move |(_, execution)| {
        let piece = waiting(execution, free_ns);
        free_ns = execution.stamps.last().map_or(free_ns, |(_, ns)| ns);
        piece
    })
}

/// An outline and a cross for each execution that did not succeed; where they are dense, one cross for several.
fn failures(canvas: &mut Canvas, axis: &TimeAxis, run: &Run, rows: &Rows, per_row: usize, all: &[(usize, &Execution)]) {
    let mut crossed = HashSet::new();
    for (lane, execution) in all.iter().filter(|(_, e)| e.failed()) {
        let pieces = pieces(execution, run.now_ns);
        let (Some(first), Some(last)) = (pieces.first(), pieces.last()) else { continue };
        let area = rows.area(axis, lane / per_row, first.from_ns, last.to_ns);
        if per_row == 1 && area.h >= 6.0 && area.w >= 3.0 {
            let inner = Area { x: area.x + 1.0, y: area.y + 1.0, w: area.w - 2.0, h: area.h - 2.0 };
            canvas.frame(inner, palette::FAILED, 2.0);
        }
        let place = (area.x + area.w, area.y + area.h / 2.0);
        if crossed.insert(((place.0 / 12.0) as i64, (place.1 / 12.0) as i64)) {
            cross(canvas, place.0, place.1);
        }
    }
}

/// The mark of an execution that did not succeed.
pub fn cross(canvas: &mut Canvas, x: f64, y: f64) {
    let arm = 5.0;
    let [left, right, top, bottom] = [x - arm, x + arm, y - arm, y + arm].map(short);
    let d = format!("M{left} {top}L{right} {bottom}M{left} {bottom}L{right} {top}");
    let paper = hex(canvas.theme.paper);
    canvas.path(&d, &format!("stroke=\"{paper}\" stroke-width=\"5.5\" stroke-linecap=\"round\""));
    canvas.path(
        &d,
        &format!("class=\"failed\" stroke=\"{}\" stroke-width=\"3\" stroke-linecap=\"round\"", hex(palette::FAILED)),
    );
}
