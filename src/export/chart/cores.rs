//! Per-core CPU usage: a step area for each core, or a strip of shades where there are many.

use super::{
    axis::TimeAxis,
    bars::ground,
    canvas::{Anchor, Area, Canvas, Style, short},
    theme::hex,
};
use crate::analysis::palette::Rgb;
use crate::model::{Run, Sample};

/// Up to this many cores have an area each.
const MOST_AREAS: usize = 8;
const CAPTION: f64 = 20.0;

/// A stretch of one core, in places of the axis.
struct Step {
    x: f64,
    end: f64,
    busy: f64,
}

/// Height of the block for a run.
pub fn height(run: &Run) -> f64 {
    let (cores, pitch) = grid(run);
    CAPTION + cores as f64 * pitch
}

fn grid(run: &Run) -> (usize, f64) {
    let cores = cores(run);
    let pitch = match cores {
        0..=4 => 30.0,
        5..=MOST_AREAS => 22.0,
        _ => (180.0 / cores as f64).floor().clamp(2.0, 12.0),
    };
    (cores, pitch)
}

fn cores(run: &Run) -> usize {
    run.cores.iter().map(|sample| sample.busy.len()).max().unwrap_or(0)
}

/// Draws the block from `y` on.
pub fn draw(canvas: &mut Canvas, axis: &TimeAxis, run: &Run, accent: Rgb, y: f64) {
    let (cores, pitch) = grid(run);
    let muted = Style::new(13.0, canvas.theme.muted);
    let caption = match cores {
        0 => "CPU (estimate): no samples were taken in this run",
        1..=MOST_AREAS => "CPU (estimate), each core from 0 to 100 %",
        _ => "CPU (estimate), each core from 0 % (pale) to 100 % (full)",
    };
    canvas.text(axis.left, y + 14.0, muted, caption);
    if cores == 0 {
        return;
    }
    let top = y + CAPTION;
    let gap = if pitch >= 10.0 { 3.0 } else { 0.0 };
    if cores > MOST_AREAS {
        ground(canvas, axis, top, cores as f64 * pitch);
    }
    for core in 0..cores {
        let row = Area { x: axis.left, y: top + core as f64 * pitch, w: axis.right - axis.left, h: pitch - gap };
        let steps = steps(axis, &run.cores, core);
        if cores <= MOST_AREAS {
            ground(canvas, axis, row.y, row.h);
            axis.grid(canvas, row.y, row.y + row.h);
            area(canvas, row, &steps, accent);
        } else {
            strip(canvas, row, &steps, accent);
        }
    }
    labels(canvas, axis, cores, pitch, top);
}

fn labels(canvas: &mut Canvas, axis: &TimeAxis, cores: usize, pitch: f64, top: f64) {
    let style = Style::new(13.0, canvas.theme.muted).at(Anchor::End);
    let x = axis.left - 10.0;
    if pitch >= 15.0 {
        for core in 0..cores {
            canvas.text(x, top + (core as f64 + 0.5) * pitch + 3.0, style, &format!("core {core}"));
        }
    } else {
        canvas.text(x, top + cores as f64 * pitch / 2.0 + 4.5, style, &format!("{cores} cores"));
    }
}

/// The steps of a core; samples narrower than two pixels become one, weighted by their lengths.
fn steps(axis: &TimeAxis, samples: &[Sample], core: usize) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    for sample in samples {
        let Some(busy) = sample.busy.get(core) else { continue };
        let (x, end) = (axis.x(sample.from_ns as f64), axis.x(sample.to_ns as f64));
        let busy = f64::from(busy.clamp(0.0, 1.0));
        match steps.last_mut() {
            _ if end <= x => {}
            Some(step) if step.end - step.x < 2.0 && x - step.end < 0.01 => {
                step.busy = (step.busy * (step.end - step.x) + busy * (end - x)) / (end - step.x);
                step.end = end;
            }
            _ => steps.push(Step { x, end, busy }),
        }
    }
    steps
}

/// Areas with a line on top, interrupted where there are no samples.
fn area(canvas: &mut Canvas, row: Area, steps: &[Step], accent: Rgb) {
    let bottom = row.y + row.h;
    let level = |step: &Step| bottom - step.busy * (row.h - 1.0);
    for joined in steps.chunk_by(|a, b| b.x - a.end < 0.01) {
        let line: String = joined.iter().map(|step| format!("V{}H{}", short(level(step)), short(step.end))).collect();
        let start = short(joined[0].x);
        canvas.path(
            &format!("M{start} {}{line}V{}Z", short(bottom), short(bottom)),
            &format!("class=\"core\" fill=\"{}\" fill-opacity=\"0.35\"", hex(accent)),
        );
        canvas.path(
            &format!("M{start} {}{line}", short(level(&joined[0]))),
            &format!("fill=\"none\" stroke=\"{}\" stroke-width=\"1.5\"", hex(accent)),
        );
    }
}

fn strip(canvas: &mut Canvas, row: Area, steps: &[Step], accent: Rgb) {
    for step in steps.iter().filter(|step| step.busy >= 0.01) {
        let cell = Area { x: step.x, w: step.end - step.x, ..row };
        canvas.rect(cell, accent, &format!("class=\"core\" fill-opacity=\"{}\"", short(step.busy)));
    }
}
