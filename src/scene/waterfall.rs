//! A waterfall as bars on one time axis, for the window and for charts. Each step is a row with a bar for each setting;
//! the bar begins where the setting's step before ended.

use crate::palette::{self, Rgb};
use insight::{
    label::label,
    waterfall::{difference, words},
};
use model::{
    BlockedOn, Setting, State,
    waterfall::{CostDifference, ExecutionCost, Step, StepCost},
};

/// A waterfall, ready to draw.
#[derive(Clone, Debug, PartialEq)]
pub struct Drawing {
    /// A row for each step that any setting has, and one for all steps together.
    pub rows: Vec<StepRow>,
    /// The longest span, in nanoseconds, at which the axis ends.
    pub end_ns: f64,
    /// The memory of each setting whose memory is known.
    pub memory: Vec<MemoryBar>,
    /// One sentence for each setting's difference from the first; then what can't be shown, and why.
    pub sentences: Vec<String>,
}

/// The row of one step, or of all together.
#[derive(Clone, Debug, PartialEq)]
pub struct StepRow {
    /// Its name.
    pub name: &'static str,
    /// The bars of the settings that have the step, in the order of settings.
    pub bars: Vec<Bar>,
    /// The meanings of the colours, where bars have several parts.
    pub kinds: Vec<(Rgb, &'static str)>,
}

/// One step of one setting.
#[derive(Clone, Debug, PartialEq)]
pub struct Bar {
    /// The setting's place among those that are drawn.
    pub setting: usize,
    /// What the setting is called.
    pub name: String,
    /// Its parts, one after another.
    pub pieces: Vec<BarPart>,
    /// Its mean with its unit.
    pub value: String,
    /// Its difference from the first setting's; absent for the first setting and where the difference can't be told.
    pub apart: Option<String>,
    /// Mean, median, quartiles, and the number of executions.
    pub details: String,
}

/// A part of a bar.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BarPart {
    /// Where it begins, in nanoseconds since the launch.
    pub from_ns: f64,
    /// Where it ends.
    pub to_ns: f64,
    /// Its colour, as in the timeline.
    pub color: Rgb,
    /// Whether it stands for executions whose states are unknown while those of others are known.
    pub pale: bool,
}

/// The memory of one setting.
#[derive(Clone, Debug, PartialEq)]
pub struct MemoryBar {
    /// The setting's place among those that are drawn.
    pub setting: usize,
    /// What the setting is called.
    pub name: String,
    /// The median of the figure that stands for it, in bytes.
    pub bytes: f64,
    /// Everything known of it, in words.
    pub text: String,
}

impl Bar {
    /// Where it begins and ends, in nanoseconds since the launch.
    pub fn ends(&self) -> (f64, f64) {
        (self.pieces.first().map_or(0.0, |piece| piece.from_ns), self.pieces.last().map_or(0.0, |piece| piece.to_ns))
    }
}

/// The drawing of some settings, all compared with the first; labels tell each from the others of `among`. Absent where
/// no setting has a span.
pub fn drawing(costs: &[(&ExecutionCost, Setting)], among: &[Setting]) -> Option<Drawing> {
    let spans = costs.iter().filter_map(|(cost, _)| cost.span).map(|span| span.mean_ns);
    let end_ns = spans.reduce(f64::max)?;
    let first = costs.first()?;
    let apart: Vec<_> = costs.iter().skip(1).map(|other| difference(*first, *other, among)).collect();
    let apart = std::iter::once(None).chain(apart);
    let sides: Vec<Side<'_>> = costs
        .iter()
        .zip(apart)
        .enumerate()
        .map(|(at, ((cost, setting), apart))| Side { at, cost, name: label(*setting, among), apart })
        .collect();
    let split = costs.iter().any(|(cost, _)| cost.step(Step::OnCpu).is_some());
    let row = |step| StepRow {
        name: words::step_name(step, split),
        bars: sides.iter().filter_map(|side| side.bar(step, split)).collect(),
        kinds: if step == Step::Blocked { kinds(costs) } else { Vec::new() },
    };
    let mut rows: Vec<StepRow> = Step::ALL.into_iter().map(row).filter(|row| !row.bars.is_empty()).collect();
    let bars = sides.iter().filter_map(|side| side.together(split)).collect();
    rows.push(StepRow { name: "together", bars, kinds: Vec::new() });
    let notes = sides.iter().filter_map(|side| Some(format!("{}: {}", side.name, side.cost.note.as_ref()?)));
    let sentences = sides.iter().filter_map(|side| Some(side.apart.as_ref()?.sentence.clone()));
    Some(Drawing {
        rows,
        end_ns,
        memory: sides.iter().filter_map(Side::memory).collect(),
        sentences: sentences.chain(notes).collect(),
    })
}

struct Side<'a> {
    at: usize,
    cost: &'a ExecutionCost,
    name: String,
    apart: Option<CostDifference>,
}

impl Side<'_> {
    fn bar(&self, step: Step, split: bool) -> Option<Bar> {
        let (cost, from_ns, to_ns) = self.cost.cascade().find(|(cost, ..)| cost.step == step)?;
        let apart = self.apart.as_ref().and_then(|apart| words::step_apart(apart, step));
        let mut details = format!(
            "{}, {}: {} · {}",
            self.name,
            words::step_name(step, split),
            words::quartile_line(&cost.times),
            words::known_of(self.cost, cost)
        );
        if let (Step::Blocked, Some(on)) = (step, words::blocked_on(self.cost)) {
            details += &format!(" · {on}");
        }
        Some(Bar {
            setting: self.at,
            name: self.name.clone(),
            pieces: pieces(self.cost, cost, from_ns, to_ns, split),
            value: words::time(cost.times.mean_ns),
            // Where the states of some executions are known, *in the target* stands only for the others.
            apart: apart.filter(|apart| differs(apart.0) && (step != Step::InTarget || !split)).map(words::apart),
            details,
        })
    }

    fn together(&self, split: bool) -> Option<Bar> {
        let span = self.cost.span?;
        let all = self.cost.cascade().flat_map(|(cost, from_ns, to_ns)| pieces(self.cost, cost, from_ns, to_ns, split));
        let repeats =
            if self.cost.repeats == 1 { "1 repeat".to_owned() } else { format!("{} repeats", self.cost.repeats) };
        let executions = self.cost.executions;
        let plural = if executions == 1 { "" } else { "s" };
        let mut details = format!(
            "{}, from launch to join: {} · {executions} execution{plural} of {repeats}",
            self.name,
            words::quartile_line(&span)
        );
        if self.cost.without > 0 {
            details += &format!(" · {} more without a stamp", self.cost.without);
        }
        Some(Bar {
            setting: self.at,
            name: self.name.clone(),
            pieces: all.collect(),
            value: words::time(span.mean_ns),
            apart: self
                .apart
                .as_ref()
                .filter(|apart| differs(apart.span_ns))
                .map(|apart| words::apart((apart.span_ns, apart.span_percent))),
            details,
        })
    }

    fn memory(&self) -> Option<MemoryBar> {
        let bytes = self.cost.memory_share_bytes.or(self.cost.own_memory_bytes)?.p50;
        Some(MemoryBar {
            setting: self.at, name: self.name.clone(), bytes, text: words::memory(self.cost).join(" · ")
        })
    }
}

/// Whether a difference is large enough to be shown.
fn differs(ns: f64) -> bool {
    ns.abs() >= 0.5
}

/// The parts of a step's bar: blocked time divided by what it was blocked on; any other step in one piece.
fn pieces(of: &ExecutionCost, cost: &StepCost, from_ns: f64, to_ns: f64, split: bool) -> Vec<BarPart> {
    let whole = BarPart { from_ns, to_ns, color: color(cost.step), pale: split && cost.step == Step::InTarget };
    let Some(on) = of.blocked_on.filter(|_| cost.step == Step::Blocked) else { return vec![whole] };
    let shares = BlockedOn::ALL.map(|kind| on.get(kind) as f64);
    let sum: f64 = shares.iter().sum();
    if sum <= 0.0 {
        return vec![whole];
    }
    let mut at = from_ns;
    let piece = |(kind, share): (BlockedOn, f64)| {
        let from_ns = at;
        at += (to_ns - whole.from_ns) * share / sum;
        BarPart { from_ns, to_ns: at, color: palette::state(State::Blocked(kind)), pale: false }
    };
    BlockedOn::ALL.into_iter().zip(shares).filter(|(_, share)| *share > 0.0).map(piece).collect()
}

/// What executions of any setting were blocked on.
fn kinds(costs: &[(&ExecutionCost, Setting)]) -> Vec<(Rgb, &'static str)> {
    let seen = |kind: &BlockedOn| costs.iter().any(|(cost, _)| cost.blocked_on.is_some_and(|on| on.get(*kind) > 0));
    let kinds: Vec<BlockedOn> = BlockedOn::ALL.into_iter().filter(seen).collect();
    // *Something else* alone explains nothing.
    let says = kinds != [BlockedOn::Other];
    kinds.into_iter().filter(|_| says).map(|kind| (palette::state(State::Blocked(kind)), kind.word())).collect()
}

/// The colour of a step: that of its phase or state in the timeline.
fn color(step: Step) -> Rgb {
    match step {
        Step::OnCpu => palette::state(State::OnCpu),
        Step::Ready => palette::state(State::Ready),
        Step::Blocked => palette::state(State::Blocked(BlockedOn::Other)),
        step => palette::phase(step.phase()),
    }
}
