//! Per-core CPU usage in two layers, the machine's and over it the run's own: a step area for each core, or a strip of
//! shades where there are many.

use super::{
    axis::{TimeAxis, ground},
    density::Strips,
};
use crate::picture::{Anchor, Area, Paint, Picture, Rib, Stroke, Style, mix};
use crate::{
    core_use::{MACHINE, NO_SAMPLES, OwnUse, own_use},
    palette::{self, Rgb},
};
use model::{Run, Sample, State};
use std::ops::Range;

/// Up to this many cores have an area each.
const MOST_AREAS: usize = 8;
const CAPTION: f64 = 20.0;
/// Width of a column of the run's own use.
const COLUMN: f64 = 1.5;
/// Most strips of shades: of more cores each strip shows the mean of several.
const MOST_STRIPS: usize = 90;
/// Most columns of all strips together, so that the picture stays small.
const MOST_CELLS: usize = 9_000;
/// Shades that are told apart.
const SHADES: f64 = 10.0;

/// A stretch of one core, in places of the axis.
struct Step {
    x: f64,
    end: f64,
    busy: f64,
}

/// The cores of a run's machine.
pub struct Cores<'a> {
    run: &'a Run,
    count: usize,
}

impl<'a> Cores<'a> {
    /// Of a machine with so many cores.
    pub fn new(run: &'a Run, cores: usize) -> Self {
        let sampled = run.cores.iter().map(|sample| sample.busy.len()).max().unwrap_or(0);
        let known = sampled > 0 || crate::core_use::own_source(run).is_some();
        let count = if known { cores.max(sampled).max(run.slices.cores().len()) } else { 0 };
        Self { run, count }
    }

    /// Height of the block.
    pub fn height(&self) -> f64 {
        CAPTION + self.rows() as f64 * self.pitch()
    }

    /// A row for each core, or for several.
    fn rows(&self) -> usize {
        self.count.min(MOST_STRIPS)
    }

    fn pitch(&self) -> f64 {
        match self.count {
            0..=4 => 30.0,
            5..=MOST_AREAS => 22.0,
            _ => (180.0 / self.rows() as f64).floor().clamp(2.0, 12.0),
        }
    }

    /// Draws the block from `y` on.
    pub fn draw(&self, picture: &mut Picture, axis: &TimeAxis, y: f64) {
        let most = if self.count > MOST_AREAS { MOST_CELLS / self.rows() } else { usize::MAX };
        let columns = (((axis.right - axis.left) / COLUMN).max(1.0) as usize).min(most);
        let own = own_use(self.run, self.count, 0, axis.end_ns as u64, columns).filter(|_| self.count > 0);
        self.caption(picture, axis, y, own.as_ref());
        let top = y + CAPTION;
        match self.count {
            0 => return,
            1..=MOST_AREAS => self.areas(picture, axis, top, own.as_ref()),
            _ => self.strips(picture, axis, top, own.as_ref()),
        }
        self.labels(picture, axis, top);
    }

    fn areas(&self, picture: &mut Picture, axis: &TimeAxis, top: f64, own: Option<&OwnUse>) {
        let pitch = self.pitch();
        for core in 0..self.count {
            let row = Area { x: axis.left, y: top + core as f64 * pitch, w: axis.right - axis.left, h: pitch - 3.0 };
            let machine = self.machine(axis, core..core + 1);
            let own = own.map(|own| own_steps(axis, own, core..core + 1)).unwrap_or_default();
            ground(picture, axis, row.y, row.h);
            axis.grid(picture, row.y, row.y + row.h);
            areas(picture, row, &machine, &own);
        }
    }

    /// The machine's use until the run's end: a sample may go on beyond it.
    fn machine(&self, axis: &TimeAxis, cores: Range<usize>) -> Vec<Step> {
        let end = axis.x(self.run.length_ns() as f64);
        let mut steps = steps(axis, &self.run.cores, cores);
        steps.retain(|step| step.x < end);
        steps.iter_mut().for_each(|step| step.end = step.end.min(end));
        steps
    }

    fn strips(&self, picture: &mut Picture, axis: &TimeAxis, top: f64, own: Option<&OwnUse>) {
        let (pitch, rows) = (self.pitch(), self.rows());
        ground(picture, axis, top, rows as f64 * pitch);
        let (mut machine, mut runs) = (Shades::default(), Shades::default());
        for row in 0..rows {
            let cores = row * self.count / rows..(row + 1) * self.count / rows;
            let gap = if pitch >= 10.0 { 3.0 } else { 0.0 };
            let area = Area { x: axis.left, y: top + row as f64 * pitch, w: axis.right - axis.left, h: pitch - gap };
            machine.add(picture.theme.muted, area, &self.machine(axis, cores.clone()));
            runs.add(own_colour(), area, &own.map(|own| own_steps(axis, own, cores)).unwrap_or_default());
        }
        machine.strips.draw(picture, "core", machine.height);
        runs.strips.draw(picture, "own", runs.height);
    }

    /// What is drawn how.
    fn caption(&self, picture: &mut Picture, axis: &TimeAxis, y: f64, own: Option<&OwnUse>) {
        let muted = Style::new(13.0, picture.theme.muted);
        let mut text = match self.count {
            0 => "CPU per core: no samples were taken in this run",
            1..=MOST_AREAS => "CPU, each core from 0 to 100 %",
            _ => "CPU, each core from 0 % (pale) to 100 % (full)",
        };
        let machine = if self.run.cores.is_empty() { NO_SAMPLES } else { MACHINE };
        let items: Vec<&str> = own.map(|own| own.source.words()).into_iter().chain([machine]).collect();
        let width = items.iter().map(|item| picture.text_width(muted, item) + 40.0).sum::<f64>();
        if self.count > 0 && picture.text_width(muted, text) + width > axis.right - axis.left {
            text = "CPU";
        }
        picture.text(axis.left, y + 14.0, muted, text);
        if self.count == 0 {
            return;
        }
        let mut x = axis.left + picture.text_width(muted, text) + 20.0;
        let (pale, line) = machine_colours(picture);
        let swatch = |x: f64| Area { x, y: y + 4.0, w: 11.0, h: 11.0 };
        if let Some(own) = own {
            picture.rect(swatch(x), own_colour());
            picture.text(x + 17.0, y + 14.0, muted, own.source.words());
            x += 17.0 + picture.text_width(muted, own.source.words()) + 20.0;
        }
        if self.run.cores.is_empty() {
            picture.text(x, y + 14.0, muted, NO_SAMPLES);
        } else {
            picture.rect(swatch(x), pale);
            picture.frame(swatch(x), line, 1.0);
            picture.text(x + 17.0, y + 14.0, muted, MACHINE);
        }
    }

    fn labels(&self, picture: &mut Picture, axis: &TimeAxis, top: f64) {
        let style = Style::new(13.0, picture.theme.muted).at(Anchor::End);
        let (x, pitch) = (axis.left - 10.0, self.pitch());
        if pitch >= 15.0 {
            for core in 0..self.count {
                picture.text(x, top + (core as f64 + 0.5) * pitch + 3.0, style, &format!("core {core}"));
            }
        } else {
            let text = format!("{} cores", self.count);
            picture.text(x, top + self.rows() as f64 * pitch / 2.0 + 4.5, style, &text);
        }
    }
}

/// The run's own use is what its executions are on a CPU for.
fn own_colour() -> Rgb {
    palette::state(State::OnCpu)
}

/// The machine's area and its outline.
fn machine_colours(picture: &Picture) -> (Rgb, Rgb) {
    (mix(picture.theme.row, picture.theme.muted, 0.3), mix(picture.theme.row, picture.theme.muted, 0.8))
}

/// The mean of some cores in steps; samples narrower than two pixels become one, weighted by their lengths.
fn steps(axis: &TimeAxis, samples: &[Sample], cores: Range<usize>) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    for sample in samples {
        let Some(busy) = mean(sample.busy.get(cores.clone())) else { continue };
        let (x, end) = (axis.x(sample.from_ns as f64), axis.x(sample.to_ns as f64));
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

fn mean(busy: Option<&[f32]>) -> Option<f64> {
    let busy = busy.filter(|busy| !busy.is_empty())?;
    Some(busy.iter().map(|share| f64::from(share.clamp(0.0, 1.0))).sum::<f64>() / busy.len() as f64)
}

/// The mean of the run's own use of some cores, neighbours of one level together.
fn own_steps(axis: &TimeAxis, own: &OwnUse, cores: Range<usize>) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    let Some(of) = own.busy.get(cores).filter(|of| !of.is_empty()) else { return steps };
    for column in 0..of[0].len() {
        let (from_ns, to_ns) = own.edges(column);
        let busy = of.iter().map(|core| f64::from(core[column])).sum::<f64>() / of.len() as f64;
        let (x, end) = (axis.x(from_ns), axis.x(to_ns));
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
fn areas(picture: &mut Picture, row: Area, machine: &[Step], own: &[Step]) {
    let (pale, line) = machine_colours(picture);
    let joined = || machine.chunk_by(|a, b| b.x - a.end < 0.01);
    picture.bands("core", joined().map(|steps| band(row, steps)).collect(), Paint::of(pale));
    let own = own.chunk_by(|a, b| a.busy > 0.0 && b.busy > 0.0).filter(|steps| steps[0].busy > 0.0);
    picture.bands("own", own.map(|steps| band(row, steps)).collect(), Paint::of(own_colour()));
    for steps in joined() {
        let places = band(row, steps).iter().map(|rib| (rib.x, rib.upper)).collect();
        picture.lines("", places, Stroke::new(line, 1.3));
    }
}

/// The area below steps that follow each other.
fn band(row: Area, steps: &[Step]) -> Vec<Rib> {
    let lower = row.y + row.h;
    let mut x = steps[0].x;
    let mut ribs = Vec::with_capacity(2 * steps.len());
    for step in steps {
        let upper = lower - step.busy * (row.h - 1.0);
        ribs.extend([x, step.end].map(|x| Rib { x, upper, lower }));
        x = step.end;
    }
    ribs
}

/// Cells by shade, each shade one path of thick lines.
#[derive(Default)]
struct Shades {
    height: f64,
    strips: Strips,
}

impl Shades {
    fn add(&mut self, colour: Rgb, row: Area, steps: &[Step]) {
        let shade = |step: &Step| (step.busy * SHADES).round() as u8;
        for cells in steps.chunk_by(|a, b| shade(a) == shade(b) && b.x - a.end < 0.01) {
            let (x, end, percent) =
                (cells[0].x, cells[cells.len() - 1].end, f64::from(shade(&cells[0])) / SHADES * 100.0);
            if percent > 0.0 {
                self.strips.add(colour, percent.round() as u8, x, row.y + row.h / 2.0, end - x);
            }
            self.height = row.h;
        }
    }
}
