//! A run with its heading, the launcher's row, its lanes and the cores.

use super::{MARGIN, choice};
use crate::ExportOptions;
use insight::{
    label::label,
    spread::spread_text,
    summary::{ModeSummary, summarise},
};
use model::{
    Experiment, InterpreterFacts, Run,
    quantity::{Unit, grouped, human_ns},
};
use scene::{
    charts::{
        axis::TimeAxis,
        brush::{BarDetail, Bars},
        core_rows,
        cores::Cores,
        lanes, main_lane,
    },
    palette,
    picture::{Anchor, Area, Picture, Style},
    timeline::{Gil, Index},
};

const HEADING: f64 = 34.0;
const GAP: f64 = 6.0;

/// A setting and its run that is shown.
pub struct Panel<'a> {
    /// The run.
    pub run: &'a Run,
    /// Its timeline.
    pub index: Index,
    cores: usize,
    title: String,
    makespan: String,
    repeat: String,
}

impl<'a> Panel<'a> {
    /// A panel for each shown setting that has a run.
    pub fn all(experiment: &'a Experiment, options: &ExportOptions) -> Vec<Self> {
        let settings = choice::shown(experiment);
        let summaries = summarise(experiment);
        let panel = |setting| {
            let run = choice::run_of(experiment, setting, options)?;
            let summary = summaries.iter().find(|summary| summary.setting == setting)?;
            Some(Self {
                run,
                index: Index::of(run),
                cores: experiment.machine.logical_cores as usize,
                title: label(setting, &settings).to_uppercase(),
                makespan: makespan(run, summary),
                repeat: repeat(experiment, run),
            })
        };
        settings.iter().filter_map(|setting| panel(*setting)).collect()
    }

    /// The latest instant of the run.
    pub fn end_ns(&self) -> u64 {
        let samples = self.run.cores.last().map_or(0, |sample| sample.to_ns.max(0) as u64);
        let known = self.run.makespan_ns.unwrap_or(0).max(self.run.now_ns);
        if known == 0 { samples } else { known }
    }

    /// Draws the panel from `y` on, one of `count`; returns its lower end.
    pub fn draw(&self, picture: &mut Picture, axis: &TimeAxis, y: f64, count: usize) -> f64 {
        picture.open("panel", None);
        self.heading(picture, y);
        let (run, index, look) = (self.run, &self.index, BarDetail::of_chart());
        let main_top = y + HEADING;
        let mut lanes_top = main_top + main_lane::HEIGHT + GAP;
        let above =
            |picture: &mut Picture, y, label| Bars { axis, rows: main_lane::lane(picture, axis, y, label), look };
        let main = above(picture, main_top, "main");
        main_lane::launcher(picture, &main, run, index);
        let gil = Gil::of(run).map(|gil| (gil, above(picture, lanes_top, "GIL")));
        if let Some((gil, bars)) = &gil {
            main_lane::gil(picture, bars, run, index, *gil);
            lanes_top += main_lane::HEIGHT + GAP;
        }
        let budget = (840.0 / count as f64).clamp(110.0, 420.0);
        let layout = lanes::Layout::new(run.lanes() as usize, budget);
        let slices_top = lanes_top + layout.height() + GAP;
        let slices = core_rows::height(run);
        let cores_top = slices_top + slices;
        let cores = Cores::new(run, self.cores);
        let bottom = cores_top + cores.height();
        if run.lanes() > 0 {
            lanes::draw(picture, axis, run, index, &layout, lanes_top);
            if main_lane::has_holders(run, index) || slices > 0.0 {
                lanes::swatches(picture, axis, &layout.strip(axis, lanes_top), run.lanes());
            }
        }
        core_rows::draw(picture, axis, run, slices_top);
        cores.draw(picture, axis, cores_top);
        self.end_line(picture, axis, main_top, lanes_top + layout.height());
        if let Some((gil, bars)) = &gil {
            main_lane::gil_note(picture, bars, run, index, *gil);
        }
        picture.close();
        bottom
    }

    fn heading(&self, picture: &mut Picture, y: f64) {
        let accent = palette::accent(self.run.mode);
        let baseline = y + 22.0;
        picture.rect(Area { x: MARGIN, y: y + 4.0, w: 6.0, h: 22.0 }, accent);
        let repeat = Style::new(15.0, picture.theme.muted).at(Anchor::End);
        picture.text(picture.width - MARGIN, baseline, repeat, &self.repeat);
        let room = picture.width - 2.0 * MARGIN - picture.text_width(repeat, &self.repeat) - 40.0;
        let parts = [
            (Style::new(20.0, picture.theme.readable(accent)).bold(), self.title.clone()),
            (Style::new(20.0, picture.theme.ink).bold(), self.makespan.clone()),
            (Style::new(15.0, picture.theme.muted), self.interpreter()),
            (Style::new(15.0, picture.theme.readable(palette::FAILED)).bold(), failures(self.run)),
        ];
        let texts = parts.iter().filter(|(_, text)| !text.is_empty()).map(|(style, text)| (*style, text.as_str()));
        picture.texts((MARGIN + 16.0, baseline), (MARGIN + 16.0 + room, 16.0), texts);
    }

    fn interpreter(&self) -> String {
        self.run.interpreter_facts.as_ref().map_or_else(String::new, InterpreterFacts::title)
    }

    /// Draws the line where the run ended.
    fn end_line(&self, picture: &mut Picture, axis: &TimeAxis, top: f64, bottom: f64) {
        let colour = if self.run.makespan_ns.is_some() { palette::accent(self.run.mode) } else { palette::FAILED };
        let colour = picture.theme.readable(colour);
        let x = axis.x(self.end_ns() as f64);
        picture.line((x, top - 3.0), (x, bottom + 3.0), colour, 1.5);
    }
}

fn makespan(run: &Run, summary: &ModeSummary) -> String {
    match (&summary.makespan_ns, run.makespan_ns) {
        (Some(spread), _) => spread_text(Unit::Time, spread),
        (None, Some(ns)) => human_ns(ns),
        (None, None) if run.end.is_none() => format!("running for {}", human_ns(run.now_ns)),
        (None, None) => format!("cut short at {}", human_ns(run.now_ns)),
    }
}

fn repeat(experiment: &Experiment, run: &Run) -> String {
    let all = experiment.repeats(run.setting()).count();
    if run.warmup { "warm-up".to_owned() } else { format!("repeat {} of {all}", run.repeat + 1) }
}

fn failures(run: &Run) -> String {
    match run.executions.iter().filter(|execution| execution.failed()).count() {
        0 => String::new(),
        failed => {
            let all = grouped(run.executions.len() as i128);
            format!("{} of {all} executions did not succeed in this repeat", grouped(failed as i128))
        }
    }
}
