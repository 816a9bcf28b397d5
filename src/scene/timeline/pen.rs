//! Draws one row from left to right, and adds up stretches that are too narrow.

use super::bar::{Stretch, solid};
use super::profiles::{Course, Profiles, StateNs};
use super::shares::{KINDS, Shares};
use super::stacks::{Stack, stacks};
use super::sums::Sums;
use super::view::{AROUND, BarItem, Columns, Fill, PhaseShares, WHOLE};
use model::{Phase, State};

/// Parts of a row's height below this are rounding errors.
const NOTHING: f64 = 1e-6;

/// The order of phases in a stacked column, from its foot up, above the states.
const FROM_THE_FOOT: [Phase; 8] = [
    Phase::InTarget,
    Phase::Launching,
    Phase::Sending,
    Phase::Returning,
    Phase::Exiting,
    Phase::ToBeJoined,
    Phase::Queued,
    Phase::Waiting,
];

/// The sums of one column.
#[derive(Default)]
struct Cell {
    column: usize,
    phase_ns: PhaseShares<f64>,
    /// The states of the time in the target.
    state_ns: StateNs,
    failed: bool,
}

/// A stretch whose states have the same shares throughout.
fn even(course: Course<'_>, from_ns: f64, to_ns: f64) -> Stack {
    let shares = course.even().unwrap_or_default();
    Stack { from_ns, to_ns, ns: shares.map(|share| f64::from(share) * (to_ns - from_ns)) }
}

/// Draws one row from left to right, and adds up stretches that are too narrow.
pub struct Pen<'a, F: FnMut(BarItem)> {
    columns: &'a Columns,
    profiles: Option<&'a Profiles>,
    /// Whether anybody looked at the run's executions; if so, *in the target* alone does not mean *on a CPU*.
    looked: bool,
    row: u32,
    cell: Option<Cell>,
    draw: &'a mut F,
}

impl<'a, F: FnMut(BarItem)> Pen<'a, F> {
    /// A pen for a row. Profiles divide *in the target* by states; without profiles, and where `looked`, it is drawn as
    /// unseen.
    pub fn new(columns: &'a Columns, profiles: Option<&'a Profiles>, looked: bool, row: u32, draw: &'a mut F) -> Self {
        Self { columns, profiles, looked, row, cell: None, draw }
    }

    fn course(&self, execution: u32) -> Course<'a> {
        match self.profiles {
            Some(profiles) => profiles.course(execution),
            None if self.looked => Course::Unseen,
            None => Course::Plain,
        }
    }

    /// Draws one stretch, or adds it up.
    pub fn stretch<S: Stretch>(&mut self, stretch: &S) {
        let course = self.course(stretch.execution());
        for (phase, from_ns, to_ns) in stretch.stretches() {
            let course = if phase == Phase::InTarget { course } else { Course::Plain };
            self.phase(phase, from_ns as f64, to_ns as f64, course);
        }
        if stretch.failed() {
            self.failed(solid(stretch) as f64, stretch.end() as f64);
        }
    }

    /// Adds sums to a column.
    pub fn add(&mut self, column: usize, sums: &Sums) {
        let cell = self.cell(column);
        cell.phase_ns.iter_mut().zip(sums.ns).for_each(|(sum, ns)| *sum += ns as f64);
        cell.failed |= sums.failed > 0;
    }

    /// Draws the column that was added up last.
    pub fn flush(&mut self) {
        let Some(cell) = self.cell.take() else { return };
        let (from, to) = (self.columns.edge_px(cell.column), self.columns.edge_px(cell.column + 1));
        if cell.state_ns.iter().any(|&ns| ns > 0.0) {
            self.stacked(&cell, from, to);
        } else if cell.phase_ns.iter().any(|&ns| ns > 0.0) {
            let mut kinds = [0.0; KINDS];
            kinds.iter_mut().zip(cell.phase_ns).for_each(|(kind, ns)| *kind = (ns / self.columns.width_ns) as f32);
            self.item(from, to, WHOLE, Fill::Shares(Shares::of(kinds.map(|share| share.min(1.0)), self.looked)));
        }
        if cell.failed {
            self.item(from, to, WHOLE, Fill::Failed);
        }
    }

    fn phase(&mut self, phase: Phase, from_ns: f64, to_ns: f64, course: Course<'_>) {
        let (from, to) = (from_ns.max(self.columns.from_ns), to_ns.min(self.columns.end_ns()));
        if from >= to {
            return;
        }
        if to_ns - from_ns >= self.columns.width_ns {
            self.flush();
            let (left, right) = (self.columns.px(from), self.columns.px(to));
            return match course {
                Course::Curve(curve) => stacks(curve, from, to, self.columns, |stack| self.states(stack)),
                Course::Unseen => self.item(left, right, WHOLE, Fill::Unseen),
                Course::Plain => {
                    let band = if self.looked && phase != Phase::InTarget { AROUND } else { WHOLE };
                    self.item(left, right, band, Fill::Phase(phase));
                }
                Course::Even(_) | Course::OnCpu => self.states(&even(course, from, to)),
            };
        }
        let (first, last) = (self.columns.at(from), self.columns.at(to));
        let border = if first == last { to } else { self.columns.edge_ns(last) };
        self.narrow(first, phase, from, border, course);
        if to > border {
            self.narrow(last, phase, border, to, course);
        }
    }

    fn narrow(&mut self, column: usize, phase: Phase, from_ns: f64, to_ns: f64, course: Course<'_>) {
        let shares = match course {
            Course::Curve(curve) => Some(Stack { from_ns, to_ns, ns: curve.between(from_ns, to_ns) }.shares()),
            course => course.even().map(|shares| shares.map(f64::from)),
        };
        let cell = self.cell(column);
        cell.phase_ns[phase as usize] += to_ns - from_ns;
        if let Some(shares) = shares {
            cell.state_ns.iter_mut().zip(shares).for_each(|(sum, share)| *sum += share * (to_ns - from_ns));
        }
    }

    fn failed(&mut self, from_ns: f64, to_ns: f64) {
        let (from, to) = (from_ns.max(self.columns.from_ns), to_ns.min(self.columns.end_ns()));
        if from > to {
            return;
        }
        if to_ns - from_ns >= self.columns.width_ns {
            self.flush();
            return self.item(self.columns.px(from), self.columns.px(to), WHOLE, Fill::Failed);
        }
        self.cell(self.columns.at(from)).failed = true;
    }

    /// The open cell of a column; draws the open cell of another column first.
    fn cell(&mut self, column: usize) -> &mut Cell {
        if self.cell.as_ref().is_some_and(|open| open.column != column) {
            self.flush();
        }
        self.cell.get_or_insert_with(|| Cell { column, ..Cell::default() })
    }

    /// Draws the states of a stretch in the target, stacked.
    fn states(&mut self, stack: &Stack) {
        let (from, to) = (self.columns.px(stack.from_ns), self.columns.px(stack.to_ns));
        let mut foot = 0.0;
        for (state, share) in State::ALL.into_iter().zip(stack.shares()) {
            foot = self.band(from, to, foot, share, Fill::State(state));
        }
        self.band(from, to, foot, 1.0 - foot, Fill::Unseen);
    }

    /// Draws the sums of a column, stacked: first the states, then the phases around them.
    fn stacked(&mut self, cell: &Cell, from: f32, to: f32) {
        let all = cell.phase_ns.iter().sum::<f64>();
        // A lane holds one execution at a time, so that a sum beyond the column's width is a rounding error.
        let scale = 1.0 / all.max(self.columns.width_ns);
        let mut foot = 0.0;
        for (state, ns) in State::ALL.into_iter().zip(cell.state_ns) {
            foot = self.band(from, to, foot, ns * scale, Fill::State(state));
        }
        let mut phase_ns = cell.phase_ns;
        phase_ns[Phase::InTarget as usize] -= cell.state_ns.iter().sum::<f64>();
        for phase in FROM_THE_FOOT {
            let unseen = self.looked && phase == Phase::InTarget;
            let fill = if unseen { Fill::Unseen } else { Fill::Phase(phase) };
            foot = self.band(from, to, foot, phase_ns[phase as usize] * scale, fill);
        }
    }

    /// Draws a part of the row's height, unless it is empty; returns where the next part begins.
    fn band(&mut self, from_px: f32, to_px: f32, foot: f64, height: f64, fill: Fill) -> f64 {
        if height <= NOTHING {
            return foot;
        }
        self.item(from_px, to_px, (foot as f32, (foot + height).min(1.0) as f32), fill);
        foot + height
    }

    fn item(&mut self, from_px: f32, to_px: f32, band: (f32, f32), fill: Fill) {
        (self.draw)(BarItem { row: self.row, rows: 1, from_px, to_px, band, fill });
    }
}
