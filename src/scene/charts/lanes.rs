//! The lanes of a run: a row for each, or for several where there are too many.

use super::{
    axis::{TimeAxis, ground},
    bars::{self, RowStrip},
    brush::{BarDetail, Bars, Layer},
    left,
};
use crate::picture::{Area, Picture, Stroke, Style};
use crate::{
    palette,
    timeline::{Course, Index, hit},
};
use model::{Execution, Phase, Run, Stage, State, quantity::human_ns};
use std::collections::HashSet;

/// Up to this many executions in a chart, each has a text on hovering.
pub const FEW: usize = 400;
/// The least width of a bar that has a name, and the free space beside the name, both relative to the text's height.
const NAMED: (f64, f64) = (3.8, 0.4);
/// The least width of an area for hovering.
const LEAST: f64 = 2.0;
/// The side of a square in which one cross stands for all.
const CROSSED: f64 = 12.0;

/// The arrangement of lanes on rows.
pub struct Layout {
    lanes: usize,
    rows: usize,
    pitch: f64,
}

impl Layout {
    /// Rows for `lanes` lanes, about `budget` high in all.
    pub fn new(lanes: usize, budget: f64) -> Self {
        let pitch = |rows: usize| (budget / rows.max(1) as f64).clamp(2.0, 26.0);
        let most_rows = (budget / 2.0) as usize;
        let rows = lanes.div_ceil(lanes.div_ceil(most_rows.max(1)).max(1));
        // Whole units make sharp edges.
        let pitch = if lanes <= 40 { pitch(rows).floor().max(10.0) } else { pitch(rows).floor() };
        Self { lanes, rows, pitch }
    }

    /// The height of all rows.
    pub fn height(&self) -> f64 {
        self.rows as f64 * self.pitch
    }

    /// The rows from `y` on.
    pub fn strip(&self, axis: &TimeAxis, y: f64) -> RowStrip {
        let gap = match self.pitch {
            pitch if pitch >= 10.0 => 1.5,
            pitch if pitch >= 4.0 => 0.5,
            _ => 0.0,
        };
        let area = Area { x: axis.left, y, w: axis.right - axis.left, h: self.height() };
        RowStrip { area, first: 1.0, last: 1.0 + self.lanes as f64, gap: (gap, gap) }
    }
}

/// Draws the lanes of a run with their labels, from `y` on.
pub fn draw(picture: &mut Picture, axis: &TimeAxis, run: &Run, index: &Index, layout: &Layout, y: f64) {
    ground(picture, axis, y, layout.height());
    axis.grid(picture, y, y + layout.height());
    let bars = Bars { axis, rows: layout.strip(axis, y), look: BarDetail::of_chart() };
    bars::names(picture, axis, &bars.rows, layout.lanes, "lane");
    let failed = executions(picture, &bars, run, index);
    if run.executions.len() <= FEW && layout.rows == layout.lanes {
        told(picture, &bars, run, index);
    }
    crosses(picture, &failed);
}

/// Draws executions on their lanes, with names where there is room, and signs of processes left running. Returns the
/// area of each execution that is marked as not succeeded.
pub fn executions(picture: &mut Picture, bars: &Bars<'_>, run: &Run, index: &Index) -> Vec<Area> {
    let failed = bars.draw(picture, index, Layer::Rows, "state");
    names(picture, bars, run, index);
    left::draw(picture, bars.axis, &bars.rows, (run, index));
    failed
}

/// Draws, to the left of each lane, its colour on the row *GIL* and on the rows of cores.
pub fn swatches(picture: &mut Picture, axis: &TimeAxis, rows: &RowStrip, lanes: u32) {
    if rows.pitch() < 5.0 {
        return;
    }
    for row in rows.rows(1 + lanes) {
        if let Some((y, bottom)) = rows.span(row, 1) {
            let area = Area { x: axis.left - 6.0, y, w: 5.0, h: bottom - y };
            picture.filled("lane", area, palette::lane(row - 1), 0.0);
        }
    }
}

/// Draws the names of executions, on bars that have room for them.
fn names(picture: &mut Picture, bars: &Bars<'_>, run: &Run, index: &Index) {
    let (axis, rows, size) = (bars.axis, &bars.rows, bars.look.text);
    if rows.pitch() - rows.gap.0 - rows.gap.1 < 0.99 * size {
        return;
    }
    for row in rows.rows(index.rows()) {
        let mut x = axis.left + 1.0;
        while x < axis.right {
            x = named(picture, bars, (run, index), row, x).max(x + NAMED.0 * size / 2.0);
        }
    }
}

/// Names the execution at a place of a row, where it has room; returns where its target ends.
fn named(picture: &mut Picture, bars: &Bars<'_>, (run, index): (&Run, &Index), row: u32, x: f64) -> f64 {
    let axis = bars.axis;
    let target = hit(index, axis.at(x), row, 0.0).filter(|hit| hit.phase == Phase::InTarget);
    let Some(execution) = target.and_then(|hit| run.executions.get(hit.execution as usize)) else { return x };
    let stamp = |stage| execution.stamps.get(stage).map(|ns| axis.x(ns as f64));
    let left = stamp(Stage::Entered).unwrap_or(x);
    let right = stamp(Stage::Left).or(stamp(Stage::Exited)).unwrap_or_else(|| axis.x(index.extent_ns() as f64));
    let (place, divided) = (bars.rows.span(row, 1), index.profiles().course(execution.id));
    if let Some((y, bottom)) = place.filter(|_| right - left >= NAMED.0 * bars.look.text) {
        let area = Area { x: left, y, w: right - left, h: bottom - y };
        name(picture, area, execution, bars.look.text, !matches!(divided, Course::Plain | Course::OnCpu));
    }
    right + 1.0
}

/// A name on its bar, cut to its room; on a plate where the bar has several colours.
fn name(picture: &mut Picture, area: Area, execution: &Execution, size: f64, plate: bool) {
    let style = Style::new(size, [0; 3]).bold();
    let (free, middle) = (NAMED.1 * size, area.y + area.h / 2.0);
    let text = picture.ruler.fit(&execution.label(), size, true, area.w - 2.0 * free);
    if plate {
        let (w, h) = (picture.text_width(style, &text) + free, (1.25 * size).min(area.h));
        picture.pale(Area { x: area.x + free / 2.0, y: middle - h / 2.0, w, h }, [0xff; 3], 0.66);
    }
    picture.text(area.x + free, middle + 0.36 * size, style, &text);
}

/// Adds a text on hovering for each execution.
fn told(picture: &mut Picture, bars: &Bars<'_>, run: &Run, index: &Index) {
    for execution in &run.executions {
        let place = index.place(execution).and_then(|place| bars.rows.place(bars.axis, place));
        if let Some(area) = place {
            picture.told("execution", &hover_text(execution), Area { w: area.w.max(LEAST), ..area });
        }
    }
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

/// Draws a cross for each execution that did not succeed; where they are dense, one for several.
fn crosses(picture: &mut Picture, failed: &[Area]) {
    let mut crossed = HashSet::new();
    for area in failed {
        let (x, y) = (area.x + area.w, area.y + area.h / 2.0);
        if crossed.insert([x, y].map(|at| (at / CROSSED) as i64)) {
            cross(picture, x, y);
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
