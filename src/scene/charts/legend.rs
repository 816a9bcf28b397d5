//! The legend of timelines: the meaning of colours and marks.

use super::{
    brush::paint_of,
    lanes::{FEW, cross},
    left,
};
use crate::{
    palette::{self, Pattern, Rgb},
    picture::{Area, Paint, Picture, Style},
    timeline::{AROUND, Gil, Index, Shade, TimeKind},
};
use model::{MainKind, Owner, Phase, Run, SlicesSource, State, StatesSource};

const LINE: f64 = 26.0;
/// The width and height of a swatch in a chart.
const SWATCH: (f64, f64) = (18.0, 14.0);
/// The kinds of launcher's marks that have a tick.
const MAIN_TICKS: [MainKind; 3] = [MainKind::JoinTimeout, MainKind::StartAgain, MainKind::Abandon];
/// The height of the mark of a failure, as a share of a bar's.
const FOOT: f64 = 0.3;

/// Everything to explain in the shown runs.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Legend {
    /// In the order of [`Phase::ALL`].
    phases: [bool; Phase::ALL.len()],
    /// By [`State::index`].
    states: [bool; State::COUNT],
    ticks: Vec<MainKind>,
    /// Whether processes were left running.
    left: bool,
    looks_per_second: Option<f64>,
    /// Whether a run's states come from another source than switch records.
    inexact: bool,
    /// Whether an execution may be in its target while nobody saw what it did there.
    unseen: bool,
    /// Whether a run was measured but the states of its executions can't be told, so that none has the colour of *in
    /// the target*.
    untold: bool,
    /// Whether another run has executions in the colour of *in the target*.
    told: bool,
    lanes: u32,
    /// Whether a run's slices are sampled.
    sampled_slices: bool,
    /// Whether a run has slices.
    slices: bool,
    /// Whether an execution did not succeed.
    failed: bool,
    /// Whether a row *GIL* shows who was on a CPU.
    holders: bool,
    /// Whether a run has so many executions that bars are added up.
    many: bool,
}

impl Legend {
    /// Adds what a shown run has to explain.
    pub fn add(&mut self, run: &Run, index: &Index) {
        Phase::ALL.into_iter().for_each(|phase| self.phases[phase as usize] |= run.has_phase(phase));
        State::ALL.into_iter().for_each(|state| self.states[state.index()] |= index.profiles().has(state));
        let ticks = MAIN_TICKS.into_iter().filter(|kind| !self.ticks.contains(kind) && index.has_tick(*kind));
        self.left |= index.has_left();
        self.ticks.extend(ticks.collect::<Vec<_>>());
        let looked = !index.profiles().is_empty();
        let reached = run.sampling.map(|sampling| sampling.reached_hz).filter(|_| looked);
        self.looks_per_second = self.looks_per_second.into_iter().chain(reached).reduce(f64::min);
        self.inexact |= looked && run.states_source != Some(StatesSource::SwitchRecords);
        let failed = index.has_failed();
        self.failed |= failed;
        self.untold |= index.profiles().looked() && !looked;
        self.told |= run.has_phase(Phase::InTarget) && (looked || !index.profiles().looked());
        let cut_off = run.end.is_none() || failed;
        self.unseen |= looked && (cut_off || run.states_source != Some(StatesSource::SwitchRecords));
        self.lanes = self.lanes.max(index.lanes());
        self.slices |= !run.slices.is_empty();
        self.sampled_slices |= run.slices_source == Some(SlicesSource::Sampled);
        self.holders |= looked && Gil::of(run).is_some_and(Gil::has_holders);
        self.many |= run.executions.len() > FEW;
    }

    /// The legend of the view by lane: phases and states, in the order in which they are shown.
    pub fn lane_items(&self) -> Vec<LegendItem> {
        let looked = self.states.contains(&true);
        let mut items = Vec::new();
        for phase in Phase::ALL.into_iter().filter(|phase| self.phases[*phase as usize]) {
            // As on the bars: where the target is divided by states, the other phases are lower.
            let height = if looked && phase != Phase::InTarget { f64::from(AROUND.1 - AROUND.0) } else { 1.0 };
            let swatch = Swatch::part(TimeKind::Phase(phase), height);
            if phase != Phase::InTarget || self.told {
                items.push(LegendItem { shade: Some(Shade::Phase(phase)), ..item(swatch, words(phase, looked)) });
            }
            if phase == Phase::InTarget {
                self.in_target(looked, &mut items);
            }
        }
        items.push(item(Swatch::Colour(palette::FAILED, 1.0, (1.0, FOOT), Pattern::Solid), NOT_A_SUCCESS));
        items.extend(self.ticks());
        items.extend(self.left.then(|| item(Swatch::Left, LEFT)));
        items.extend(self.method());
        items
    }

    /// Adds the states in the target.
    fn in_target(&self, looked: bool, items: &mut Vec<LegendItem>) {
        for state in State::ALL.into_iter().filter(|state| *state != State::OnCpu && self.states[state.index()]) {
            let swatch = Swatch::of(TimeKind::State(state));
            items.push(LegendItem { shade: Some(Shade::State(state)), ..item(swatch, state.word()) });
        }
        if self.untold || looked && self.unseen {
            let swatch = Swatch::of(TimeKind::Unseen);
            items.push(LegendItem { shade: Some(Shade::Unseen), ..item(swatch, "not looked at") });
        }
    }

    fn ticks(&self) -> Option<LegendItem> {
        let kinds: Vec<_> = self.ticks.iter().map(|kind| kind.word()).collect();
        let tick = Swatch::Colour(palette::FAILED, 1.0, (0.15, 1.0), Pattern::Solid);
        (!kinds.is_empty()).then(|| item(tick, format!("main: {}", kinds.join(", "))))
    }

    /// How the states were measured.
    fn method(&self) -> Option<LegendItem> {
        if !self.states.contains(&true) {
            return None;
        }
        let (text, more) = match (self.inexact, self.looks_per_second) {
            (false, _) => (
                "exact, by switch records".to_owned(),
                "States and their order are exact, by the kernel's record of every switch; on what a thread was blocked \
                 is sampled.",
            ),
            (true, often) => (
                format!("sampled {:.0} × a second", often?),
                "Totals are exact; in which order states came, and on what a thread was blocked, is sampled.",
            ),
        };
        Some(LegendItem { more: Some(more), ..item(Swatch::More, text) })
    }

    /// The legend of the view by core: the colours of owners.
    pub fn core_items(&self) -> Vec<LegendItem> {
        let lanes = palette::LANES.len() as u32;
        let mut items: Vec<LegendItem> = if self.lanes <= lanes {
            (0..self.lanes).map(|lane| item(Swatch::full(palette::lane(lane)), format!("lane {lane}"))).collect()
        } else {
            vec![item(Swatch::Lanes, format!("a lane: its executions ({lanes} colours in a cycle)"))]
        };
        items.extend([
            item(Swatch::Hatched(palette::lane(0)), HELPER),
            item(Swatch::full(palette::LAUNCHER), LAUNCHER),
            item(Swatch::full(palette::OTHER), OTHER),
            item(Swatch::Paler(palette::lane(0)), "paler: for that share of a pixel"),
        ]);
        if self.slices {
            let text = if self.sampled_slices { "sampled: an estimate" } else { "exact, by switch records" };
            items.push(item(Swatch::More, text));
        }
        items
    }

    /// The legend of a chart of these runs, which has both views: only what occurs in them.
    fn chart_items(&self, runs: &[&Run]) -> Vec<LegendItem> {
        let mut items = self.lane_items();
        items.retain(|item| item.text != NOT_A_SUCCESS && item.swatch != Swatch::More);
        // A chart has more room for words than the window.
        for item in &mut items {
            match item.shade {
                Some(Shade::Phase(Phase::Launching)) => item.text += " (main: in a start call)",
                Some(Shade::Unseen) => item.text.insert_str(0, "in the target, "),
                _ => {}
            }
        }
        let crosses = self.failed.then(|| item(Swatch::Cross, NOT_A_SUCCESS));
        items.extend(crosses);
        let cycle = |text: &str| item(Swatch::Lanes, text);
        items.extend(self.holders.then(|| cycle("GIL: who was on a CPU, in the colour of the lane")));
        if self.slices {
            items.push(cycle("on a core: an execution, in the colour of its lane"));
            let owners = [
                item(Swatch::Hatched(palette::lane(0)), format!("on a core: {HELPER}")),
                item(Swatch::full(palette::LAUNCHER), format!("on a core: the {LAUNCHER}")),
                item(Swatch::full(palette::OTHER), format!("on a core: {OTHER}")),
            ];
            items.extend(owners.into_iter().zip(owners_of(runs)).filter_map(|(item, there)| there.then_some(item)));
        }
        if self.many || self.slices {
            let colour = palette::phase(Phase::InTarget);
            items.push(item(Swatch::Paler(colour), "paler: busy for that share only"));
        }
        items.push(item(Swatch::End, "end of the run"));
        items.extend(self.method().map(|LegendItem { text, more, .. }| {
            let more = more.unwrap_or_default();
            item(Swatch::None, if self.inexact { format!("States: {text}. {more}") } else { more.to_owned() })
        }));
        items
    }
}

const NOT_A_SUCCESS: &str = "not a success";
const LEFT: &str = "left a process running";
const HELPER: &str = "started by an execution";
const LAUNCHER: &str = "launcher";
const OTHER: &str = "other threads of the runner";

/// Whether helpers, launchers and others were on a core.
fn owners_of(runs: &[&Run]) -> [bool; 3] {
    let mut found = [false; 3];
    for slice in runs.iter().flat_map(|run| run.slices.iter(0, u64::MAX)) {
        match slice.owner {
            Owner::Execution(_) => {}
            Owner::Helper(_) => found[0] = true,
            Owner::Launcher => found[1] = true,
            Owner::Other => found[2] = true,
        }
    }
    found
}

/// The words for a phase, and for its colour on the launcher's row.
fn words(phase: Phase, looked: bool) -> &'static str {
    match phase {
        Phase::Launching => "launching",
        Phase::InTarget if looked => "in the target, on CPU",
        Phase::ToBeJoined => "to be joined (main: in join)",
        phase => phase.word(),
    }
}

/// An entry: a swatch and words.
#[derive(Clone, Debug, PartialEq)]
pub struct LegendItem {
    /// Its swatch.
    pub swatch: Swatch,
    /// Its meaning.
    pub text: String,
    /// The shade that it switches off, if any.
    pub shade: Option<Shade>,
    /// More about it, in a sentence.
    pub more: Option<&'static str>,
}

fn item(swatch: Swatch, text: impl Into<String>) -> LegendItem {
    LegendItem { swatch, text: text.into(), shade: None, more: None }
}

/// The look of an entry.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Swatch {
    /// A colour, its strength, its width and height as shares of the swatch's, and its pattern.
    Colour(Rgb, f64, (f64, f64), Pattern),
    /// Stripes.
    Hatched(Rgb),
    /// One colour in several strengths.
    Paler(Rgb),
    /// Several lanes' colours.
    Lanes,
    /// The sign of a process that was left running.
    Left,
    /// The cross of an execution that did not succeed.
    Cross,
    /// The line at the end of a run.
    End,
    /// A sign that there is more to read.
    More,
    /// Nothing: the entry has only words.
    None,
}

impl Swatch {
    /// One colour over the whole swatch.
    pub fn full(colour: Rgb) -> Self {
        Self::Colour(colour, 1.0, (1.0, 1.0), Pattern::Solid)
    }

    /// A part of a bar, as it is painted.
    pub fn of(part: TimeKind) -> Self {
        Self::part(part, 1.0)
    }

    /// A part of a bar, at a share of the swatch's height.
    fn part(part: TimeKind, height: f64) -> Self {
        let Paint { colour, opacity, pattern } = paint_of(part);
        Self::Colour(colour, opacity, (1.0, height), pattern)
    }

    /// Draws the swatch in an area; hollow where the entry is switched off.
    pub fn draw(self, picture: &mut Picture, area: Area, off: bool) {
        let (x, middle) = (area.x + area.w / 2.0, area.y + area.h / 2.0);
        let square = |side: f64| Area { x: x - side / 2.0, y: middle - side / 2.0, w: side, h: side };
        let part =
            |n: usize, of: usize| Area { x: area.x + area.w * n as f64 / of as f64, w: area.w / of as f64, ..area };
        match self {
            Self::Colour(colour, strength, (w, h), pattern) => {
                let h = if pattern.is_thin() { h / 3.0 } else { h };
                let (w, h) = (w * area.w, h * area.h);
                let area = Area { x: x - w / 2.0, y: middle - h / 2.0, w, h };
                if off {
                    picture.frame(area, mixed(picture, colour, strength), 1.0);
                } else {
                    picture.patterned(area, colour, strength, pattern);
                }
            }
            Self::Hatched(colour) => {
                picture.pale(area, colour, 0.4);
                let seventh = area.h / 7.0;
                for stripe in 0..3 {
                    let y = area.y + seventh * (1.0 + 2.0 * f64::from(stripe));
                    picture.rect(Area { y, h: seventh, ..area }, colour);
                }
            }
            Self::Paler(colour) => {
                for (n, strength) in [0.25, 0.5, 0.75].into_iter().enumerate() {
                    picture.pale(part(n, 3), colour, strength);
                }
            }
            Self::Lanes => (0..3).for_each(|lane| picture.rect(part(lane, 3), palette::lane(lane as u32))),
            Self::Left => left::shape(picture, square(left::SIZE), false),
            Self::Cross => cross(picture, x, middle),
            Self::End => {
                let muted = picture.theme.muted;
                picture.line((x, area.y - 1.0), (x, area.y + area.h + 1.0), muted, 1.5);
            }
            Self::More | Self::None => {}
        }
    }
}

/// A colour mixed with that of the paper.
fn mixed(picture: &Picture, colour: Rgb, strength: f64) -> Rgb {
    crate::picture::mix(picture.theme.paper, colour, strength)
}

/// Draws the legend of these runs between two edges, from `y` on; returns its lower end.
pub fn draw(picture: &mut Picture, (left, right): (f64, f64), runs: &[(&Run, &Index)], y: f64) -> f64 {
    let mut legend = Legend::default();
    runs.iter().for_each(|(run, index)| legend.add(run, index));
    picture.open("legend", None);
    let style = Style::new(14.0, picture.theme.ink);
    let (mut x, mut baseline) = (left, y + 16.0);
    for LegendItem { swatch, text, .. } in legend.chart_items(&runs.iter().map(|(run, _)| *run).collect::<Vec<_>>()) {
        let room = if swatch == Swatch::None { 0.0 } else { SWATCH.0 + 8.0 };
        let width = room + picture.text_width(style, &text) + 24.0;
        if x > left && x + width - 24.0 > right {
            (x, baseline) = (left, baseline + LINE);
        }
        swatch.draw(picture, Area { x, y: baseline - 12.0, w: SWATCH.0, h: SWATCH.1 }, false);
        picture.text(x + room, baseline, style, &text);
        x += width;
    }
    picture.close();
    baseline + 16.0
}
