//! Per-core CPU usage in two layers, the machine's and over it the run's own: a step area for each core, or a strip of
//! shades where there are many.

use super::{
    axis::TimeAxis,
    bars::ground,
    canvas::{Anchor, Area, Canvas, Style, short},
    theme::{hex, mix},
};
use crate::{
    model::{Run, Sample, State},
    scene::{
        core_use::{MACHINE, NO_SAMPLES, OwnUse, own_use},
        palette::{self, Rgb},
    },
};
use std::{collections::BTreeMap, fmt::Write, ops::Range};

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
        let known = sampled > 0 || crate::scene::core_use::own_source(run).is_some();
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
    pub fn draw(&self, canvas: &mut Canvas, axis: &TimeAxis, y: f64) {
        let most = if self.count > MOST_AREAS { MOST_CELLS / self.rows() } else { usize::MAX };
        let columns = (((axis.right - axis.left) / COLUMN).max(1.0) as usize).min(most);
        let own = own_use(self.run, self.count, 0, axis.end_ns as u64, columns).filter(|_| self.count > 0);
        self.caption(canvas, axis, y, own.as_ref());
        let top = y + CAPTION;
        match self.count {
            0 => return,
            1..=MOST_AREAS => self.areas(canvas, axis, top, own.as_ref()),
            _ => self.strips(canvas, axis, top, own.as_ref()),
        }
        self.labels(canvas, axis, top);
    }

    fn areas(&self, canvas: &mut Canvas, axis: &TimeAxis, top: f64, own: Option<&OwnUse>) {
        let pitch = self.pitch();
        for core in 0..self.count {
            let row = Area { x: axis.left, y: top + core as f64 * pitch, w: axis.right - axis.left, h: pitch - 3.0 };
            let machine = self.machine(axis, core..core + 1);
            let own = own.map(|own| own_steps(axis, own, core..core + 1)).unwrap_or_default();
            ground(canvas, axis, row.y, row.h);
            axis.grid(canvas, row.y, row.y + row.h);
            areas(canvas, row, &machine, &own);
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

    fn strips(&self, canvas: &mut Canvas, axis: &TimeAxis, top: f64, own: Option<&OwnUse>) {
        let (pitch, rows) = (self.pitch(), self.rows());
        ground(canvas, axis, top, rows as f64 * pitch);
        let (mut machine, mut runs) = (Shades::default(), Shades::default());
        for row in 0..rows {
            let cores = row * self.count / rows..(row + 1) * self.count / rows;
            let gap = if pitch >= 10.0 { 3.0 } else { 0.0 };
            let area = Area { x: axis.left, y: top + row as f64 * pitch, w: axis.right - axis.left, h: pitch - gap };
            machine.add(area, &self.machine(axis, cores.clone()));
            runs.add(area, &own.map(|own| own_steps(axis, own, cores)).unwrap_or_default());
        }
        let grey = canvas.theme.muted;
        machine.draw(canvas, grey, "core");
        runs.draw(canvas, own_colour(), "own");
    }

    /// What is drawn how.
    fn caption(&self, canvas: &mut Canvas, axis: &TimeAxis, y: f64, own: Option<&OwnUse>) {
        let muted = Style::new(13.0, canvas.theme.muted);
        let mut text = match self.count {
            0 => "CPU per core: no samples were taken in this run",
            1..=MOST_AREAS => "CPU, each core from 0 to 100 %",
            _ => "CPU, each core from 0 % (pale) to 100 % (full)",
        };
        let machine = if self.run.cores.is_empty() { NO_SAMPLES } else { MACHINE };
        let items: Vec<&str> = own.map(|own| own.source.words()).into_iter().chain([machine]).collect();
        let width = items.iter().map(|item| canvas.text_width(muted, item) + 40.0).sum::<f64>();
        if self.count > 0 && canvas.text_width(muted, text) + width > axis.right - axis.left {
            text = "CPU";
        }
        canvas.text(axis.left, y + 14.0, muted, text);
        if self.count == 0 {
            return;
        }
        let mut x = axis.left + canvas.text_width(muted, text) + 20.0;
        let (pale, line) = machine_colours(canvas);
        let swatch = |x: f64| Area { x, y: y + 4.0, w: 11.0, h: 11.0 };
        if let Some(own) = own {
            canvas.rect(swatch(x), own_colour(), "");
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
            canvas.text(x, top + self.rows() as f64 * pitch / 2.0 + 4.5, style, &text);
        }
    }
}

/// The run's own use is what its executions are on a CPU for.
fn own_colour() -> Rgb {
    palette::state(State::OnCpu)
}

/// The machine's area and its outline.
fn machine_colours(canvas: &Canvas) -> (Rgb, Rgb) {
    (mix(canvas.theme.row, canvas.theme.muted, 0.3), mix(canvas.theme.row, canvas.theme.muted, 0.8))
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
fn areas(canvas: &mut Canvas, row: Area, machine: &[Step], own: &[Step]) {
    let (pale, line) = machine_colours(canvas);
    for joined in machine.chunk_by(|a, b| b.x - a.end < 0.01) {
        canvas.path(&area(row, joined), &format!("class=\"core\" fill=\"{}\"", hex(pale)));
    }
    let own: String =
        own.chunk_by(|a, b| a.busy > 0.0 && b.busy > 0.0).filter(|c| c[0].busy > 0.0).map(|c| area(row, c)).collect();
    if !own.is_empty() {
        canvas.path(&own, &format!("class=\"own\" fill=\"{}\"", hex(own_colour())));
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

/// Cells by shade, each shade one path of thick lines.
#[derive(Default)]
struct Shades {
    height: f64,
    /// With where the pen is.
    paths: BTreeMap<u8, (String, (f64, f64))>,
}

impl Shades {
    fn add(&mut self, row: Area, steps: &[Step]) {
        let shade = |step: &Step| (step.busy * SHADES).round() as u8;
        for cells in steps.chunk_by(|a, b| shade(a) == shade(b) && b.x - a.end < 0.01) {
            let (x, end) = (tenths(cells[0].x), tenths(cells[cells.len() - 1].end));
            let y = tenths(row.y + row.h / 2.0);
            let (path, pen) = self.paths.entry(shade(&cells[0])).or_default();
            // Writing to a String cannot fail. From the pen's place on, which makes the path shorter by half.
            let _ = write!(path, "m{} {}h{}", short(x - pen.0), short(y - pen.1), short(end - x));
            *pen = (end, y);
            self.height = row.h;
        }
    }

    fn draw(self, canvas: &mut Canvas, colour: Rgb, class: &str) {
        let (colour, height) = (hex(colour), short(self.height));
        for (shade, (path, _)) in self.paths.into_iter().filter(|(shade, _)| *shade > 0) {
            let opacity = short(f64::from(shade) / SHADES);
            let look = format!("stroke=\"{colour}\" stroke-width=\"{height}\" stroke-opacity=\"{opacity}\"");
            canvas.path(&path, &format!("class=\"{class}\" fill=\"none\" {look}"));
        }
    }
}

fn tenths(place: f64) -> f64 {
    (place * 10.0).round() / 10.0
}
