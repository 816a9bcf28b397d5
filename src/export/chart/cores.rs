//! Per-core CPU usage in two layers, the machine's and over it the run's own: a step area for each core, or a strip of
//! shades where there are many.

use super::{
    axis::TimeAxis,
    bars::ground,
    canvas::{Anchor, Area, Canvas, Style, short},
    theme::{hex, mix},
};
use crate::analysis::{
    core_use::{MACHINE, NO_SAMPLES, OwnUse, own_use},
    palette::Rgb,
};
use crate::model::{Run, Sample};

/// Up to this many cores have an area each.
const MOST_AREAS: usize = 8;
const CAPTION: f64 = 20.0;
/// Width of a column of the run's own use.
const COLUMN: f64 = 1.5;

/// A stretch of one core, in places of the axis.
struct Step {
    x: f64,
    end: f64,
    busy: f64,
}

/// The cores of a run's machine, and the colour of its mode.
pub struct Cores<'a> {
    run: &'a Run,
    count: usize,
    accent: Rgb,
}

impl<'a> Cores<'a> {
    /// Of a machine with so many cores.
    pub fn new(run: &'a Run, cores: usize, accent: Rgb) -> Self {
        let sampled = run.cores.iter().map(|sample| sample.busy.len()).max().unwrap_or(0);
        let known = sampled > 0 || crate::analysis::core_use::own_source(run).is_some();
        let count = if known { cores.max(sampled).max(run.slices.cores().len()) } else { 0 };
        Self { run, count, accent }
    }

    /// Height of the block.
    pub fn height(&self) -> f64 {
        CAPTION + self.count as f64 * self.pitch()
    }

    fn pitch(&self) -> f64 {
        match self.count {
            0..=4 => 30.0,
            5..=MOST_AREAS => 22.0,
            many => (180.0 / many as f64).floor().clamp(2.0, 12.0),
        }
    }

    /// Draws the block from `y` on.
    pub fn draw(&self, canvas: &mut Canvas, axis: &TimeAxis, y: f64) {
        let columns = ((axis.right - axis.left) / COLUMN).max(1.0) as usize;
        let own = own_use(self.run, self.count, 0, axis.end_ns as u64, columns).filter(|_| self.count > 0);
        self.caption(canvas, axis, y, own.as_ref());
        if self.count == 0 {
            return;
        }
        let (pitch, top) = (self.pitch(), y + CAPTION);
        let gap = if pitch >= 10.0 { 3.0 } else { 0.0 };
        if self.count > MOST_AREAS {
            ground(canvas, axis, top, self.count as f64 * pitch);
        }
        for core in 0..self.count {
            let row = Area { x: axis.left, y: top + core as f64 * pitch, w: axis.right - axis.left, h: pitch - gap };
            let machine = steps(axis, &self.run.cores, core);
            let own = own.as_ref().map(|own| own_steps(axis, own, core)).unwrap_or_default();
            if self.count <= MOST_AREAS {
                ground(canvas, axis, row.y, row.h);
                axis.grid(canvas, row.y, row.y + row.h);
                areas(canvas, row, &machine, &own, self.accent);
            } else {
                let grey = canvas.theme.muted;
                strip(canvas, row, &machine, grey, "machine");
                strip(canvas, row, &own, self.accent, "own");
            }
        }
        self.labels(canvas, axis, top);
    }

    /// What is drawn how.
    fn caption(&self, canvas: &mut Canvas, axis: &TimeAxis, y: f64, own: Option<&OwnUse>) {
        let muted = Style::new(13.0, canvas.theme.muted);
        let text = match self.count {
            0 => "CPU per core: no samples were taken in this run",
            1..=MOST_AREAS => "CPU, each core from 0 to 100 %",
            _ => "CPU, each core from 0 % (pale) to 100 % (full)",
        };
        canvas.text(axis.left, y + 14.0, muted, text);
        if self.count == 0 {
            return;
        }
        let mut x = axis.left + canvas.text_width(muted, text) + 22.0;
        let (pale, line) = machine_colours(canvas);
        let swatch = |x: f64| Area { x, y: y + 4.0, w: 11.0, h: 11.0 };
        if let Some(own) = own {
            canvas.rect(swatch(x), self.accent, "");
            canvas.text(x + 17.0, y + 14.0, muted, own.source.words());
            x += 17.0 + canvas.text_width(muted, own.source.words()) + 20.0;
        }
        if self.run.cores.is_empty() {
            canvas.text(x, y + 14.0, muted, NO_SAMPLES);
        } else {
            canvas.rect(swatch(x), pale, "");
            canvas.frame(swatch(x), line, 1.0);
            canvas.text(x + 17.0, y + 14.0, muted, MACHINE);
        }
    }

    fn labels(&self, canvas: &mut Canvas, axis: &TimeAxis, top: f64) {
        let style = Style::new(13.0, canvas.theme.muted).at(Anchor::End);
        let (x, pitch) = (axis.left - 10.0, self.pitch());
        if pitch >= 15.0 {
            for core in 0..self.count {
                canvas.text(x, top + (core as f64 + 0.5) * pitch + 3.0, style, &format!("core {core}"));
            }
        } else {
            let text = format!("{} cores", self.count);
            canvas.text(x, top + self.count as f64 * pitch / 2.0 + 4.5, style, &text);
        }
    }
}

/// The machine's area and its outline.
fn machine_colours(canvas: &Canvas) -> (Rgb, Rgb) {
    (mix(canvas.theme.row, canvas.theme.muted, 0.3), mix(canvas.theme.row, canvas.theme.muted, 0.8))
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

/// The run's own use, neighbours of one level together.
fn own_steps(axis: &TimeAxis, own: &OwnUse, core: usize) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    for (column, busy) in own.busy.get(core).into_iter().flatten().enumerate() {
        let (from_ns, to_ns) = own.edges(column);
        let (x, end, busy) = (axis.x(from_ns), axis.x(to_ns), f64::from(*busy));
        match steps.last_mut() {
            _ if end <= x => {}
            Some(step) if (step.busy - busy).abs() < 0.005 => step.end = end,
            _ => steps.push(Step { x, end, busy }),
        }
    }
    steps
}

/// The machine's area, over it the run's own, and over both the machine's outline: it is seen where the estimate lies below
/// what is exact, too.
fn areas(canvas: &mut Canvas, row: Area, machine: &[Step], own: &[Step], accent: Rgb) {
    let (pale, line) = machine_colours(canvas);
    for joined in machine.chunk_by(|a, b| b.x - a.end < 0.01) {
        canvas.path(&area(row, joined), &format!("class=\"core\" fill=\"{}\"", hex(pale)));
    }
    let own: String =
        own.chunk_by(|a, b| a.busy > 0.0 && b.busy > 0.0).filter(|c| c[0].busy > 0.0).map(|c| area(row, c)).collect();
    if !own.is_empty() {
        canvas.path(&own, &format!("class=\"own\" fill=\"{}\"", hex(accent)));
    }
    for joined in machine.chunk_by(|a, b| b.x - a.end < 0.01) {
        let d = format!("M{} {}{}", short(joined[0].x), short(level(row, &joined[0])), outline(row, joined));
        canvas.path(&d, &format!("fill=\"none\" stroke=\"{}\" stroke-width=\"1.3\"", hex(line)));
    }
}

fn level(row: Area, step: &Step) -> f64 {
    row.y + row.h - step.busy * (row.h - 1.0)
}

fn outline(row: Area, steps: &[Step]) -> String {
    steps.iter().map(|step| format!("V{}H{}", short(level(row, step)), short(step.end))).collect()
}

fn area(row: Area, steps: &[Step]) -> String {
    let foot = short(row.y + row.h);
    format!("M{} {foot}{}V{foot}Z", short(steps[0].x), outline(row, steps))
}

fn strip(canvas: &mut Canvas, row: Area, steps: &[Step], colour: Rgb, class: &str) {
    for step in steps.iter().filter(|step| step.busy >= 0.01) {
        let cell = Area { x: step.x, w: step.end - step.x, ..row };
        canvas.rect(cell, colour, &format!("class=\"{class}\" fill-opacity=\"{}\"", short(step.busy)));
    }
}
