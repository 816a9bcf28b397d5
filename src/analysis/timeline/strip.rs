//! Several lanes drawn as one strip, with the exact share of its area that each phase takes.

use super::Index;
use super::bar::{Bar, Stretch, solid};
use super::coarse::{Cell, FAILED, Level};
use super::view::{Columns, Fill, Item, PhaseShares, ViewRect, WHOLE};

/// With more bars in view than this, the buckets of the coarse levels are added up, and not the bars.
const MAX_BARS: usize = 50_000;

/// Whether single lanes are better drawn from their buckets: very many bars are in view, and buckets are fine enough.
pub fn suits(index: &Index, view: &ViewRect, lanes: (u32, u32)) -> bool {
    let level = index.coarse.level(1);
    let column_ns = Columns::of(view, f64::from(lanes.1 - lanes.0)).width_ns;
    level.bucket_ns as f64 <= 2.0 * column_ns && bars_in_view(index, view, lanes).is_none()
}

/// Draws the lanes of a view, `together` of them (a power of two) in each strip.
pub fn strips(index: &Index, view: &ViewRect, lanes: (u32, u32), together: u32, draw: &mut impl FnMut(Item)) {
    let strips = lanes.0 / together..lanes.1.div_ceil(together);
    // Strips at the edges of the view are whole too, and strips begin at the same lanes in every view.
    let lanes = (strips.start * together, (strips.end * together).min(index.lanes()));
    let ranges = strips.map(|strip| (strip * together, ((strip + 1) * together).min(index.lanes())));
    let rows = f64::from(lanes.1 - lanes.0) / f64::from(together);
    match bars_in_view(index, view, lanes) {
        Some(bars) => {
            let mut strip = Strip::new(Columns::of(view, rows));
            for range in ranges {
                strip.add_bars(index, range, &bars[(range.0 - lanes.0) as usize..]);
                strip.add_open(index, range);
                strip.draw(range, draw);
            }
        }
        None => {
            let level = index.coarse.level(together);
            let mut strip = Strip::new(bucket_columns(level, view, rows));
            for range in ranges {
                strip.add_buckets(level, range);
                strip.add_open(index, range);
                strip.draw(range, draw);
            }
        }
    }
}

/// For each lane the places of its bars in view; absent where there are too many in all.
pub fn bars_in_view(index: &Index, view: &ViewRect, lanes: (u32, u32)) -> Option<Vec<(usize, usize)>> {
    let (from, to) = ((view.from_ns - 1.0).max(0.0) as u64, view.to_ns.max(0.0) as u64);
    let mut places = Vec::with_capacity((lanes.1 - lanes.0) as usize);
    let mut all = 0;
    for track in &index.lanes[lanes.0 as usize..lanes.1 as usize] {
        let first = track.first_ending_after(from);
        let behind = track.first_ending_after_from(first.min(track.stretches().len()), to);
        let behind = (behind + 1).min(track.stretches().len());
        all += behind - first;
        if all > MAX_BARS {
            return None;
        }
        places.push((first, behind));
    }
    Some(places)
}

/// Columns of whole buckets, a pixel wide or more, and whole pixels apart from that as nearly as buckets allow.
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
struct Strip {
    columns: Columns,
    /// Time in each phase in a column, of stretches that do not fill it.
    part_ns: Vec<PhaseShares<f64>>,
    /// How many lanes more than in the column before are in each phase throughout.
    change: Vec<PhaseShares<i32>>,
    failed: Vec<bool>,
}

impl Strip {
    fn new(columns: Columns) -> Self {
        let count = columns.count + 1;
        Self {
            columns,
            part_ns: vec![PhaseShares::default(); count],
            change: vec![PhaseShares::default(); count],
            failed: vec![false; count],
        }
    }

    fn add_bars(&mut self, index: &Index, range: (u32, u32), places: &[(usize, usize)]) {
        for (track, &(from, to)) in index.lanes[range.0 as usize..range.1 as usize].iter().zip(places) {
            track.stretches()[from..to].iter().for_each(|bar| self.add(bar));
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
        for (sum, &ns) in self.part_ns[column].iter_mut().zip(cell) {
            *sum += f64::from(ns);
        }
        self.failed[column] |= cell[FAILED] > 0.5;
    }

    fn add(&mut self, bar: &Bar) {
        let (from, to) = (self.columns.from_ns, self.columns.end_ns());
        if (bar.end() as f64) < from || bar.start() as f64 >= to {
            return;
        }
        let mut left = self.columns.place((bar.start() as f64).clamp(from, to));
        for (phase, _, end) in bar.stretches().filter(|(_, start, end)| start < end) {
            let right = self.columns.place((end as f64).clamp(from, to));
            self.add_phase(phase as usize, left, right);
            left = right;
        }
        let launch = solid(bar) as f64;
        if bar.failed() && launch < to {
            self.failed[self.columns.at(launch)] = true;
        }
    }

    /// Adds a phase between two places: columns, and how much of each column lies left of the place.
    fn add_phase(&mut self, phase: usize, (first, before): (usize, f64), (last, within): (usize, f64)) {
        let width = self.columns.width_ns;
        if first == last {
            self.part_ns[first][phase] += (within - before) * width;
            return;
        }
        self.part_ns[first][phase] += (1.0 - before) * width;
        self.part_ns[last][phase] += within * width;
        self.change[first + 1][phase] += 1;
        self.change[last][phase] -= 1;
    }

    /// Draws the strip, and begins the next.
    fn draw(&mut self, lanes: (u32, u32), draw: &mut impl FnMut(Item)) {
        let area_ns = self.columns.width_ns * f64::from(lanes.1 - lanes.0);
        let mut throughout = PhaseShares::<i32>::default();
        for column in 0..self.columns.count {
            for (sum, change) in throughout.iter_mut().zip(self.change[column]) {
                *sum += change;
            }
            let ns: PhaseShares<f64> = std::array::from_fn(|phase| {
                self.part_ns[column][phase] + f64::from(throughout[phase]) * self.columns.width_ns
            });
            let mut item = |fill| draw(self.item(column, lanes, fill));
            // Taking bars out of a bucket can leave a trace of rounding, far below a nanosecond a lane.
            if ns.iter().any(|&ns| ns > 0.0) {
                item(Fill::Shares(ns.map(|ns| (ns / area_ns).clamp(0.0, 1.0) as f32)));
            }
            if self.failed[column] {
                item(Fill::Failed);
            }
        }
        self.part_ns.fill(PhaseShares::default());
        self.change.fill(PhaseShares::default());
        self.failed.fill(false);
    }

    fn item(&self, column: usize, (first, last): (u32, u32), fill: Fill) -> Item {
        let (from_px, to_px) = (self.columns.edge_px(column), self.columns.edge_px(column + 1));
        Item { row: 1 + first, rows: last - first, from_px, to_px, band: WHOLE, fill }
    }
}
