//! The lanes of a run: a row each, or several to a row where there are too many.

use super::{
    axis::{TimeAxis, ground},
    bars::{BarRows, RowStrip},
    brush::{Bars, Kind, Layer},
    left,
    pieces::{Piece, before, pieces},
    stacked::Stacked,
};
use crate::picture::{Anchor, Area, Picture, Stroke, Style};
use crate::{
    palette,
    timeline::{AROUND, Columns, Course, Filter, Index, Part, Profiles, ViewRect, stacks},
};
use model::{
    Execution, Phase, Run, Stage, State,
    quantity::{grouped, human_ns},
};
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

    fn rows_at(&self, y: f64) -> BarRows {
        let gap = match self.pitch {
            pitch if pitch >= 10.0 => 3.0,
            pitch if pitch >= 4.0 => 1.0,
            _ => 0.0,
        };
        BarRows { top: y + gap / 2.0, pitch: self.pitch, bar: self.pitch - gap }
    }
}

/// Draws the lanes of a run with their labels, from `y` on.
pub fn draw(picture: &mut Picture, axis: &TimeAxis, run: &Run, index: &Index, layout: &Layout, y: f64) {
    ground(picture, axis, y, layout.height());
    axis.grid(picture, y, y + layout.height());
    labels(picture, axis, layout, y);
    let rows = layout.rows_at(y);
    let executions = by_lane(run);
    if executions.len() <= FEW && layout.per_row == 1 {
        let bars = Few { axis, run, rows: &rows, profiles: index.profiles(), columns: axis.columns(layout.rows) };
        few(picture, &bars, &executions);
    } else {
        many(picture, axis, index, layout, &rows);
    }
    failures(picture, axis, run, &rows, layout.per_row, &executions);
    left::draw(picture, axis, (run, index), &view(axis, layout), y, layout.height() / layout.lanes.max(1) as f64);
}

/// All lanes.
fn view(axis: &TimeAxis, layout: &Layout) -> ViewRect {
    let last_row = 1.0 + layout.lanes as f64;
    ViewRect { first_row: 1.0, last_row, height_px: layout.height() as f32, ..axis.view() }
}

/// How bars are drawn.
struct Few<'a> {
    axis: &'a TimeAxis,
    run: &'a Run,
    rows: &'a BarRows,
    /// What executions did.
    profiles: &'a Profiles,
    columns: Columns,
}

impl Few<'_> {
    /// What is known of a stretch: of one in the target what was done there.
    fn course(&self, execution: &Execution, piece: &Piece) -> Course<'_> {
        if piece.phase == Phase::InTarget { self.profiles.course(execution.id) } else { Course::Plain }
    }

    /// The area of a stretch: lower where it is not in the target and the others are divided by states, some of which
    /// have the same colours.
    fn around(&self, piece: &Piece, area: Area) -> Area {
        if !self.profiles.looked() || piece.phase == Phase::InTarget {
            return area;
        }
        let (from, to) = (f64::from(AROUND.0), f64::from(AROUND.1));
        Area { y: area.y + (1.0 - to) * area.h, h: (to - from) * area.h, ..area }
    }

    /// Divides a stretch in the target by states.
    fn states(&self, course: Course<'_>, piece: &Piece, area: Area, stacked: &mut Stacked) {
        let mut column = |from_ns: f64, to_ns: f64, shares: &[f64]| {
            let (x, end) = (self.axis.x(from_ns), self.axis.x(to_ns));
            // A lone short stretch stays visible.
            let least = if area.w <= 1.0 { area.w } else { 0.0 };
            let column = Area { x, w: (end - x).max(least), ..area };
            let mut foot = 0.0;
            for (state, share) in State::ALL.into_iter().zip(shares) {
                stacked.add(Part::State(state), column, (foot, foot + share));
                foot += share;
            }
            stacked.add(Part::Unseen, column, (foot.min(1.0), 1.0));
        };
        let (from, to) = (piece.from_ns as f64, piece.to_ns as f64);
        match course {
            Course::Curve(curve) => {
                stacks(curve, from, to, &self.columns, |stack| column(stack.from_ns, stack.to_ns, &stack.shares()));
            }
            course => column(from, to, &course.even().unwrap_or_default().map(f64::from)),
        }
    }
}

/// The colour that each lane has on the GIL's row, left of it.
pub fn swatches(picture: &mut Picture, axis: &TimeAxis, layout: &Layout, y: f64) {
    if layout.per_row > 1 || layout.pitch < 6.0 {
        return;
    }
    let rows = layout.rows_at(y);
    for lane in 0..layout.lanes {
        let area = Area { x: axis.left - 6.0, y: rows.top + lane as f64 * rows.pitch, w: 5.0, h: rows.bar };
        picture.filled("lane", area, palette::lane(lane as u32), 0.0);
    }
}

fn by_lane(run: &Run) -> Vec<(usize, &Execution)> {
    let mut executions: Vec<_> = run.executions.iter().filter_map(|e| Some((e.lane? as usize, e))).collect();
    executions.sort_by_key(|(lane, e)| (*lane, e.stamps.get(Stage::LaunchCalled), e.stamps.get(Stage::Entered)));
    executions
}

fn labels(picture: &mut Picture, axis: &TimeAxis, layout: &Layout, y: f64) {
    let style = Style::new(13.0, picture.theme.muted).at(Anchor::End);
    let x = axis.left - 10.0;
    if layout.pitch >= 15.0 {
        for lane in 0..layout.lanes {
            let middle = y + (lane as f64 + 0.5) * layout.pitch;
            picture.text(x, middle + 4.5, style, &format!("lane {lane}"));
        }
        return;
    }
    picture.text(x, y + layout.height() / 2.0 + 4.5, style, &format!("{} lanes", grouped(layout.lanes as i128)));
    if layout.height() >= 70.0 {
        picture.text(x, y + 11.0, style, "0");
        picture.text(x, y + layout.height() - 2.0, style, &grouped(layout.lanes as i128 - 1));
    }
}

/// Every phase of every execution as a rectangle of at least a pixel.
fn few(picture: &mut Picture, bars: &Few, executions: &[(usize, &Execution)]) {
    let mut free_ns = vec![0; bars.run.lanes() as usize];
    for (lane, execution) in executions {
        picture.open("execution", Some(&hover_text(execution)));
        for piece in before(execution, free_ns[*lane]) {
            if !waits(piece.phase) {
                one(picture, bars, execution, &piece, *lane);
                continue;
            }
            let area = bars.rows.area(bars.axis, *lane, piece.from_ns, piece.to_ns);
            let thin = Area { y: area.y + area.h / 3.0, h: area.h / 3.0, ..area };
            picture.marked(thin, palette::phase(piece.phase), 0.45);
        }
        for piece in pieces(execution, bars.run.now_ns) {
            one(picture, bars, execution, &piece, *lane);
        }
        picture.close();
        free_ns[*lane] = execution.stamps.last().map_or(0, |(_, ns)| ns);
    }
}

/// Whether it is drawn thin: nobody works for it yet.
fn waits(phase: Phase) -> bool {
    palette::phase_pattern(phase).is_thin()
}

fn one(picture: &mut Picture, bars: &Few, execution: &Execution, piece: &Piece, lane: usize) {
    let mut area = bars.rows.area(bars.axis, lane, piece.from_ns, piece.to_ns);
    if piece.to_ns > piece.from_ns && area.w < 1.0 {
        area.w = 1.0;
    }
    match bars.course(execution, piece) {
        Course::Plain => picture.marked(bars.around(piece, area), palette::phase(piece.phase), 1.0),
        course => {
            let mut stacked = Stacked::default();
            bars.states(course, piece, area, &mut stacked);
            stacked.draw(picture, "state");
        }
    }
    if piece.phase == Phase::InTarget {
        let plate = !matches!(bars.course(execution, piece), Course::Plain | Course::OnCpu);
        name(picture, area, execution, plate);
    }
}

/// The execution's name on its bar, where there is room; on a plate where the bar has several colours.
fn name(picture: &mut Picture, area: Area, execution: &Execution, plate: bool) {
    let style = Style::new(13.0, [0x06, 0x14, 0x10]).bold();
    let label = execution.label();
    let room = area.w - 14.0;
    if area.h < 17.0 || room < picture.text_width(style, "abcdefg").min(picture.text_width(style, &label)) {
        return;
    }
    let text = picture.ruler.fit(&label, style.size, true, room);
    if plate {
        let width = picture.text_width(style, &text) + 8.0;
        let behind = Area { x: area.x + 3.0, y: area.y + area.h / 2.0 - 8.0, w: width, h: 16.0 };
        picture.pale(behind, [0xff; 3], 0.66);
    }
    picture.text(area.x + 7.0, area.y + area.h / 2.0 + 4.7, style, &text);
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

/// What the timeline's layout says. Lanes that are too low are added up in it, states and phases alike.
fn many(picture: &mut Picture, axis: &TimeAxis, index: &Index, layout: &Layout, rows: &BarRows) {
    let area = Area { x: axis.left, y: rows.top, w: axis.right - axis.left, h: layout.height() };
    let gap = if layout.per_row == 1 { rows.pitch - rows.bar } else { 0.0 };
    let strip = RowStrip { area, first: 1.0, last: 1.0 + layout.lanes as f64, gap: (0.0, gap) };
    let mut stacked = Stacked::default();
    bars_of(axis, strip).draw(index, Layer::Rows, |kind, area, paint| {
        // Crosses tell what did not succeed.
        if kind != Kind::Failed {
            stacked.add_paint(paint, area);
        }
    });
    stacked.draw(picture, "state");
}

/// How the bars of a chart are drawn: one column a unit, few colours.
pub fn bars_of(axis: &TimeAxis, rows: RowStrip) -> Bars {
    Bars {
        rows,
        instants: (axis.from_ns, axis.end_ns),
        unit_px: 1.0,
        grain: 10.0,
        filter: Filter::default(),
        coarse: true,
    }
}

/// An outline and a cross for each execution that did not succeed; where they are dense, one cross for several.
fn failures(
    picture: &mut Picture,
    axis: &TimeAxis,
    run: &Run,
    rows: &BarRows,
    per_row: usize,
    all: &[(usize, &Execution)],
) {
    let mut crossed = HashSet::new();
    for (lane, execution) in all.iter().filter(|(_, e)| e.failed()) {
        let pieces = pieces(execution, run.now_ns);
        let (Some(first), Some(last)) = (pieces.first(), pieces.last()) else { continue };
        let area = rows.area(axis, lane / per_row, first.from_ns, last.to_ns);
        if per_row == 1 && area.h >= 6.0 && area.w >= 3.0 {
            let inner = Area { x: area.x + 1.0, y: area.y + 1.0, w: area.w - 2.0, h: area.h - 2.0 };
            picture.frame(inner, palette::FAILED, 2.0);
        }
        let place = (area.x + area.w, area.y + area.h / 2.0);
        if crossed.insert(((place.0 / 12.0) as i64, (place.1 / 12.0) as i64)) {
            cross(picture, place.0, place.1);
        }
    }
}

/// The mark of an execution that did not succeed.
pub fn cross(picture: &mut Picture, x: f64, y: f64) {
    let arm = 5.0;
    let paper = picture.theme.paper;
    for (class, colour, width) in [("", paper, 5.5), ("failed", palette::FAILED, 3.0)] {
        let ends = [(-arm, -arm), (arm, arm), (0.0, 0.0), (-arm, arm), (arm, -arm)];
        let places = ends.map(|(right, down)| (x + right, y + down)).to_vec();
        picture.lines(class, places, Stroke::new(colour, width).rounded());
    }
}
