//! Several lanes drawn as one strip, with the exact share of its area of each phase and each state.

use super::Index;
use super::bar::{Bar, Stretch, solid};
use super::coarse::{Cell, FAILED, Level};
use super::profiles::{Course, Profiles};
use super::shares::{KINDS, Shares};
use super::stacks::{Stack, stacks};
use super::track::Track;
use super::view::{BarItem, Columns, Fill, ViewRect, WHOLE};
use model::Phase;

/// With more bars in view than this, buckets of the coarse levels are added up instead of bars.
const MAX_BARS: usize = 50_000;
/// After this many pieces, the states of each bar are spread evenly over its part in view.
const MAX_PIECES: usize = 200_000;
/// Shares below this are rounding errors.
const NOTHING: f32 = 1e-5;

/// Whether lanes are better drawn from their buckets, each as a strip: very many bars are in view, and the buckets are
/// fine enough.
pub fn suits(index: &Index, view: &ViewRect, lanes: (u32, u32)) -> bool {
    let level = index.coarse.level(1);
    let column_ns = Columns::of(view, f64::from(lanes.1 - lanes.0)).width_ns;
    level.bucket_ns as f64 <= 2.0 * column_ns && bars_in_view(index, view, lanes).is_none()
}

/// Draws the lanes of a view, `together` of them (a power of two) in each strip.
pub fn strips(index: &Index, view: &ViewRect, lanes: (u32, u32), together: u32, draw: &mut impl FnMut(BarItem)) {
    let strips = lanes.0 / together..lanes.1.div_ceil(together);
    // Strips at the edges of the view are whole too, and every view has its strips at the same lanes.
    let lanes = (strips.start * together, (strips.end * together).min(index.lanes()));
    let ranges = strips.map(|strip| (strip * together, ((strip + 1) * together).min(index.lanes())));
    let rows = f64::from(lanes.1 - lanes.0) / f64::from(together);
    match bars_in_view(index, view, lanes) {
        Some(bars) => {
            let mut strip = Strip::new(index, Columns::of(view, rows));
            for range in ranges {
                strip.add_bars(index, range, &bars[(range.0 - lanes.0) as usize..]);
                strip.add_open(index, range);
                strip.draw(range, draw);
            }
        }
        None => {
            let level = index.coarse.level(together);
            let mut strip = Strip::new(index, bucket_columns(level, view, rows));
            for range in ranges {
                strip.add_buckets(level, range);
                strip.add_open(index, range);
                strip.draw(range, draw);
            }
        }
    }
}

/// For each lane the places of its bars in view; absent where the bars of all lanes are too many.
pub fn bars_in_view(index: &Index, view: &ViewRect, lanes: (u32, u32)) -> Option<Vec<(usize, usize)>> {
    let mut places = Vec::with_capacity((lanes.1 - lanes.0) as usize);
    let mut all = 0;
    for track in &index.lanes[lanes.0 as usize..lanes.1 as usize] {
        let (first, behind) = in_view(track, view);
        all += behind - first;
        if all > MAX_BARS {
            return None;
        }
        places.push((first, behind));
    }
    Some(places)
}

/// Whether a row has few enough stretches in view to look at each.
pub fn few_in_view<S: Stretch>(track: &Track<S>, view: &ViewRect) -> bool {
    let (first, behind) = in_view(track, view);
    behind - first <= MAX_BARS
}

/// The places of a row's stretches in view.
fn in_view<S: Stretch>(track: &Track<S>, view: &ViewRect) -> (usize, usize) {
    let (from, to) = ((view.from_ns - 1.0).max(0.0) as u64, view.to_ns.max(0.0) as u64);
    let first = track.first_ending_after(from);
    let behind = track.first_ending_after_from(first.min(track.len()), to);
    (first, (behind + 1).min(track.len()))
}

/// Columns of whole buckets, at least a pixel wide and otherwise as near to the columns of the view as buckets allow.
fn bucket_columns(level: &Level, view: &ViewRect, rows: f64) -> Columns {
    let wanted = Columns::of(view, rows);
    let bucket_ns = level.bucket_ns as f64;
    let width_ns = (wanted.width_ns / bucket_ns).ceil().max(1.0) * bucket_ns;
    let from_ns = (view.from_ns.max(0.0) / width_ns).floor() * width_ns;
    let px_per_ns = f64::from(view.width_px) / (view.to_ns - view.from_ns);
    Columns {
        from_ns,
        width_ns,
        per_ns: 1.0 / width_ns,
        count: ((view.to_ns - from_ns) / width_ns).ceil().max(1.0) as usize,
        from_px: (from_ns - view.from_ns) * px_per_ns,
        width_px: width_ns * px_per_ns,
    }
}

/// Adds up one strip after another.
struct Strip<'a> {
    columns: Columns,
    profiles: &'a Profiles,
    /// How many more pieces of bars may be added one by one.
    pieces_left: usize,
    /// For each column the time of each kind that does not fill it, as a share of its width.
    part: Vec<[f32; KINDS]>,
    /// For each column the change, from the column before, of the time of each kind that fills columns.
    change: Vec<[f32; KINDS]>,
    failed: Vec<bool>,
}

/// A place in the columns: the column, and the share of it to the left of the place.
type BarPlace = (usize, f64);

impl<'a> Strip<'a> {
    fn new(index: &'a Index, columns: Columns) -> Self {
        let count = columns.count + 1;
        let (part, change) = (vec![[0.0; KINDS]; count], vec![[0.0; KINDS]; count]);
        let profiles = &index.profiles;
        Self { columns, profiles, pieces_left: MAX_PIECES, part, change, failed: vec![false; count] }
    }

    fn add_bars(&mut self, index: &Index, range: (u32, u32), places: &[(usize, usize)]) {
        for (track, &(from, to)) in index.lanes[range.0 as usize..range.1 as usize].iter().zip(places) {
            track.range(from..to).for_each(|bar| self.add(&bar));
        }
    }

    fn add_open(&mut self, index: &Index, range: (u32, u32)) {
        let from = index.open.partition_point(|(lane, _)| *lane < range.0);
        let open = index.open[from..].iter().take_while(|(lane, _)| *lane < range.1);
        open.for_each(|(_, bar)| self.add(bar));
    }

    fn add_buckets(&mut self, level: &Level, range: (u32, u32)) {
        let per_column = (self.columns.width_ns / level.bucket_ns as f64) as usize;
        let first = (self.columns.from_ns / level.bucket_ns as f64) as usize;
        for group in range.0 / level.lanes_per_group..range.1.div_ceil(level.lanes_per_group) {
            let cells = level.group(group as usize).get(first..).unwrap_or(&[]);
            for (column, cells) in cells.chunks(per_column).take(self.columns.count).enumerate() {
                cells.iter().for_each(|cell| self.add_cell(column, cell));
            }
        }
    }

    fn add_cell(&mut self, column: usize, cell: &Cell) {
        let per_ns = self.columns.per_ns as f32;
        self.part[column].iter_mut().zip(cell).for_each(|(sum, &ns)| *sum += ns * per_ns);
        self.failed[column] |= cell[FAILED] > 0.5;
    }

    fn add(&mut self, bar: &Bar) {
        let (from, to) = (self.columns.from_ns, self.columns.end_ns());
        if (bar.end() as f64) < from || bar.start() as f64 >= to {
            return;
        }
        let mut left = self.columns.place((bar.start() as f64).clamp(from, to));
        for (phase, begin, end) in bar.stretches().filter(|(_, begin, end)| begin < end) {
            let (begin, end) = ((begin as f64).clamp(from, to), (end as f64).clamp(from, to));
            let right = self.columns.place(end);
            if phase == Phase::InTarget {
                self.add_in_target(bar.execution(), (begin, end), left, right);
            } else {
                self.add_kind(phase as usize, 1.0, left, right);
            }
            left = right;
        }
        let launch = solid(bar) as f64;
        if bar.failed() && launch < to {
            self.failed[self.columns.at(launch)] = true;
        }
    }

    /// Adds the states of an execution in its target; the rest of the stretch stays *in the target*.
    fn add_in_target(&mut self, execution: u32, (from_ns, to_ns): (f64, f64), left: BarPlace, right: BarPlace) {
        let profiles = self.profiles;
        let course = profiles.course(execution);
        let Course::Curve(curve) = course else {
            return self.add_states(&course.even().unwrap_or_default().map(f64::from), left, right);
        };
        if to_ns <= from_ns {
            return;
        }
        if self.pieces_left == 0 {
            let stack = Stack { from_ns, to_ns, ns: curve.between(from_ns, to_ns) };
            return self.add_states(&stack.shares(), left, right);
        }
        let (columns, mut left) = (self.columns, left);
        stacks(curve, from_ns, to_ns, &columns, |stack| {
            self.pieces_left = self.pieces_left.saturating_sub(1);
            let right = columns.place(stack.to_ns);
            self.add_states(&stack.shares(), left, right);
            left = right;
        });
    }

    fn add_states(&mut self, shares: &super::profiles::StateNs, left: BarPlace, right: BarPlace) {
        let mut rest = 1.0;
        for (state, &share) in shares.iter().enumerate().filter(|(_, share)| **share > 0.0) {
            self.add_kind(Phase::ALL.len() + state, share, left, right);
            rest -= share;
        }
        if rest > f64::from(NOTHING) {
            self.add_kind(Phase::InTarget as usize, rest, left, right);
        }
    }

    /// Adds a share of a kind between two places.
    fn add_kind(&mut self, kind: usize, share: f64, (first, before): BarPlace, (last, within): BarPlace) {
        if first == last {
            self.part[first][kind] += (share * (within - before)) as f32;
            return;
        }
        self.part[first][kind] += (share * (1.0 - before)) as f32;
        self.part[last][kind] += (share * within) as f32;
        self.change[first + 1][kind] += share as f32;
        self.change[last][kind] -= share as f32;
    }

    /// Draws the strip, and begins the next.
    fn draw(&mut self, lanes: (u32, u32), draw: &mut impl FnMut(BarItem)) {
        let per_lane = 1.0 / (lanes.1 - lanes.0) as f32;
        let looked = self.profiles.looked();
        let mut throughout = [0.0_f32; KINDS];
        for column in 0..self.columns.count {
            throughout.iter_mut().zip(self.change[column]).for_each(|(sum, change)| *sum += change);
            let share = |kind: usize| ((self.part[column][kind] + throughout[kind]) * per_lane).clamp(0.0, 1.0);
            let kinds: [f32; KINDS] = std::array::from_fn(share);
            let mut item = |fill| draw(self.item(column, lanes, fill));
            // Adding and subtracting leaves rounding errors.
            if kinds.iter().any(|&share| share * (lanes.1 - lanes.0) as f32 > NOTHING) {
                item(Fill::Shares(Shares::of(kinds, looked)));
            }
            if self.failed[column] {
                item(Fill::Failed);
            }
        }
        self.part.fill([0.0; KINDS]);
        self.change.fill([0.0; KINDS]);
        self.failed.fill(false);
    }

    fn item(&self, column: usize, (first, last): (u32, u32), fill: Fill) -> BarItem {
        let (from_px, to_px) = (self.columns.edge_px(column), self.columns.edge_px(column + 1));
        BarItem { row: 1 + first, rows: last - first, from_px, to_px, band: WHOLE, fill }
    }
}
