//! The lanes of a run: a row each, or several to a row where there are too many.

use super::{
    axis::TimeAxis,
    bars::{Row, Rows, ground},
    canvas::{Anchor, Area, Canvas, Style, short},
    density::Strokes,
    pieces::{Piece, before, pieces},
    stacked::Stacked,
    theme::hex,
};
use crate::analysis::{
    palette,
    timeline::{AROUND, Columns, Curve, Fill, Profiles, stacks},
};
use crate::model::{Execution, Phase, Run, Stage, State, duration::human_ns};
use std::collections::HashSet;

/// Up to this many executions each is a group of its own, with a text on hovering.
pub const FEW: usize = 400;

/// Bars lower than this show phases alone.
const STATES_BAR: f64 = 4.0;

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
pub fn draw(canvas: &mut Canvas, axis: &TimeAxis, run: &Run, profiles: &Profiles, layout: &Layout, y: f64) {
    ground(canvas, axis, y, layout.height());
    axis.grid(canvas, y, y + layout.height());
    labels(canvas, axis, layout, y);
    let rows = layout.rows_at(y);
    let executions = by_lane(run);
    let looked = layout.per_row == 1 && rows.bar >= STATES_BAR;
    let bars =
        Bars { axis, run, rows: &rows, profiles: profiles_if(profiles, looked), columns: axis.columns(layout.rows) };
    if executions.len() <= FEW && layout.per_row == 1 {
        few(canvas, &bars, &executions);
    } else {
        many(canvas, &bars, layout, &executions);
    }
    failures(canvas, axis, run, &rows, layout.per_row, &executions);
}

fn profiles_if(profiles: &Profiles, looked: bool) -> Option<&Profiles> {
    Some(profiles).filter(|profiles| looked && !profiles.is_empty())
}

/// How bars are drawn.
struct Bars<'a> {
    axis: &'a TimeAxis,
    run: &'a Run,
    rows: &'a Rows,
    /// What executions did; absent where bars are too low for it.
    profiles: Option<&'a Profiles>,
    columns: Columns,
}

impl Bars<'_> {
    /// What is known of a stretch in the target, where there is room to show it.
    fn curve(&self, execution: &Execution, piece: &Piece, area: Area) -> Option<&Curve> {
        let wide = piece.phase == Phase::InTarget && area.w >= 1.0;
        self.profiles.filter(|_| wide)?.get(execution.id)
    }

    /// The area of a stretch: lower where it is not in the target and the others are divided by states, some of which
    /// have the same colours.
    fn around(&self, piece: &Piece, area: Area) -> Area {
        if self.profiles.is_none() || piece.phase == Phase::InTarget {
            return area;
        }
        let (from, to) = (f64::from(AROUND.0), f64::from(AROUND.1));
        Area { y: area.y + (1.0 - to) * area.h, h: (to - from) * area.h, ..area }
    }

    /// Divides a stretch in the target by states.
    fn states(&self, curve: &Curve, piece: &Piece, area: Area, stacked: &mut Stacked) {
        stacks(curve, piece.from_ns as f64, piece.to_ns as f64, &self.columns, |stack| {
            let (x, end) = (self.axis.x(stack.from_ns), self.axis.x(stack.to_ns));
            let column = Area { x, w: end - x, ..area };
            let mut foot = 0.0;
            for (state, share) in State::ALL.into_iter().zip(stack.shares()) {
                stacked.add(Fill::State(state), column, (foot, foot + share));
                foot += share;
            }
            stacked.add(Fill::Unseen, column, (foot, 1.0));
        });
    }
}

/// The colour that each lane has on the GIL's row, left of it.
pub fn swatches(canvas: &mut Canvas, axis: &TimeAxis, layout: &Layout, y: f64) {
    if layout.per_row > 1 || layout.pitch < 6.0 {
        return;
    }
    let rows = layout.rows_at(y);
    for lane in 0..layout.lanes {
        let area = Area { x: axis.left - 6.0, y: rows.top + lane as f64 * rows.pitch, w: 5.0, h: rows.bar };
        canvas.rect(area, palette::lane(lane as u32), "class=\"lane\"");
    }
}

fn by_lane(run: &Run) -> Vec<(usize, &Execution)> {
    let mut executions: Vec<_> = run.executions.iter().filter_map(|e| Some((e.lane? as usize, e))).collect();
    executions.sort_by_key(|(lane, e)| (*lane, e.stamps.get(Stage::LaunchCalled), e.stamps.get(Stage::Entered)));
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
fn few(canvas: &mut Canvas, bars: &Bars, executions: &[(usize, &Execution)]) {
    let mut free_ns = vec![0; bars.run.lanes() as usize];
    for (lane, execution) in executions {
        canvas.open("execution", Some(&hover_text(execution)));
        for piece in before(execution, free_ns[*lane]) {
            if !waits(piece.phase) {
                one(canvas, bars, execution, &piece, *lane);
                continue;
            }
            let area = bars.rows.area(bars.axis, *lane, piece.from_ns, piece.to_ns);
            let thin = Area { y: area.y + area.h / 3.0, h: area.h / 3.0, ..area };
            canvas.rect(thin, palette::phase(piece.phase), "fill-opacity=\"0.45\"");
        }
        for piece in pieces(execution, bars.run.now_ns) {
            one(canvas, bars, execution, &piece, *lane);
        }
        canvas.close();
        free_ns[*lane] = execution.stamps.last().map_or(0, |(_, ns)| ns);
    }
}

/// Whether it is drawn thin: nobody works for it yet.
fn waits(phase: Phase) -> bool {
    matches!(phase, Phase::Waiting | Phase::Queued)
}

fn one(canvas: &mut Canvas, bars: &Bars, execution: &Execution, piece: &Piece, lane: usize) {
    let mut area = bars.rows.area(bars.axis, lane, piece.from_ns, piece.to_ns);
    if piece.to_ns > piece.from_ns && area.w < 1.0 {
        area.w = 1.0;
    }
    match bars.curve(execution, piece, area) {
        Some(curve) => {
            let mut stacked = Stacked::default();
            bars.states(curve, piece, area, &mut stacked);
            stacked.draw(canvas, "state");
        }
        None => canvas.rect(bars.around(piece, area), palette::phase(piece.phase), ""),
    }
    if piece.phase == Phase::InTarget {
        name(canvas, area, execution, bars.curve(execution, piece, area).is_some());
    }
}

/// The execution's name on its bar, where there is room; on a plate where the bar has several colours.
fn name(canvas: &mut Canvas, area: Area, execution: &Execution, plate: bool) {
    let style = Style::new(13.0, [0x06, 0x14, 0x10]).bold();
    let label = execution.label();
    let room = area.w - 14.0;
    if area.h < 17.0 || room < canvas.text_width(style, "abcdefg").min(canvas.text_width(style, &label)) {
        return;
    }
    let text = canvas.ruler.fit(&label, style.size, true, room);
    if plate {
        let width = canvas.text_width(style, &text) + 8.0;
        let behind = Area { x: area.x + 3.0, y: area.y + area.h / 2.0 - 8.0, w: width, h: 16.0 };
        canvas.rect(behind, [0xff; 3], "fill-opacity=\"0.66\" rx=\"2\"");
    }
    canvas.text(area.x + 7.0, area.y + area.h / 2.0 + 4.7, style, &text);
}

fn hover_text(execution: &Execution) -> String {
    let phases = execution.phases().filter_map(|phase| {
        let ns = execution.phase_ns(phase)?;
        Some(format!("{} {}", phase.word(), human_ns(ns)))
    });
    let outcome = execution.outcome.as_ref().map_or_else(|| "running".to_owned(), |outcome| outcome.sentence());
    let states = execution.states.iter().flat_map(|states| {
        let known = State::ALL.into_iter().filter_map(|state| Some((state, states.get(state)?)));
        known.filter(|(_, ns)| *ns > 0).map(|(state, ns)| format!("{} {}", state.word(), human_ns(ns)))
    });
    let states: Vec<_> = states.collect();
    let inside = if states.is_empty() { String::new() } else { format!("; in it: {}", states.join(", ")) };
    format!("{}: {outcome}; {}{inside}", execution.label(), phases.collect::<Vec<_>>().join(", "))
}

/// Rectangles and folded columns, a few paths for all of them.
fn many(canvas: &mut Canvas, bars: &Bars, layout: &Layout, all: &[(usize, &Execution)]) {
    let Bars { axis, run, rows, .. } = bars;
    let (mut strokes, mut waits, mut stacked) = (Strokes::default(), Strokes::default(), Stacked::default());
    for same_row in all.chunk_by(|a, b| a.0 / layout.per_row == b.0 / layout.per_row) {
        let row_index = same_row[0].0 / layout.per_row;
        let colours = Phase::ALL.map(palette::phase).into_iter().chain(State::ALL.map(palette::state));
        let mut row = Row::new(axis, colours.collect(), layout.per_row > 1);
        for (_, execution) in same_row {
            for piece in pieces(execution, run.now_ns) {
                let area = rows.area(axis, row_index, piece.from_ns, piece.to_ns);
                let lower = bars.around(&piece, area);
                match bars.curve(execution, &piece, area) {
                    Some(curve) => bars.states(curve, &piece, area, &mut stacked),
                    None if lower.h < area.h && area.w >= 1.0 => {
                        stacked.add(Fill::Phase(piece.phase), lower, (0.0, 1.0));
                    }
                    None => fold(&mut row, bars, execution, &piece),
                }
            }
        }
        let lanes_here = layout.per_row.min(layout.lanes - row_index * layout.per_row);
        row.finish(&mut strokes, lanes_here as f64, rows.middle(row_index));
        if layout.per_row == 1 {
            wide_waits(same_row).for_each(|piece| {
                let area = rows.area(axis, row_index, piece.from_ns, piece.to_ns);
                if area.w >= 1.0 {
                    waits.add(palette::phase(piece.phase), 45, area.x, rows.middle(row_index), area.w);
                }
            });
        }
    }
    waits.draw(canvas, (rows.bar / 3.0).max(1.0));
    strokes.draw(canvas, rows.bar);
    stacked.draw(canvas, "state");
}

/// Adds a stretch to its row, one in the target by what is known of it.
fn fold(row: &mut Row, bars: &Bars, execution: &Execution, piece: &Piece) {
    let curve = bars.profiles.filter(|_| piece.phase == Phase::InTarget).and_then(|all| all.get(execution.id));
    let mut from_ns = piece.from_ns;
    if let Some(curve) = curve {
        let times = curve.between(piece.from_ns as f64, piece.to_ns as f64);
        for (state, ns) in times.into_iter().enumerate() {
            let to_ns = (from_ns + ns.round() as u64).min(piece.to_ns);
            row.add(Phase::ALL.len() + state, from_ns, to_ns);
            from_ns = to_ns;
        }
    }
    row.add(piece.phase as usize, from_ns, piece.to_ns);
}

fn wide_waits(lane: &[(usize, &Execution)]) -> impl Iterator<Item = Piece> {
    let mut free_ns = 0;
    lane.iter().flat_map(move |(_, execution)| {
        let pieces = before(execution, free_ns);
        free_ns = execution.stamps.last().map_or(free_ns, |(_, ns)| ns);
        pieces
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
