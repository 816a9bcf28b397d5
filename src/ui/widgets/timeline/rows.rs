//! The rows in view: those of the launcher and the GIL stay at the top, lanes zoom and pan below them.

use crate::picture;
use eframe::egui::{Pos2, Rect};
use egui_plot::{GridMark, PlotTransform};
use scene::{charts::bars::RowStrip, ticks::round_step};

/// The greatest height of a lane, in points.
const MAX_LANE: f32 = 56.0;
/// The greatest height of a core's row; there are often few cores.
const MAX_CORE: f32 = 110.0;
/// The least and the greatest height of the launcher's and the GIL's row, in points.
const MAIN: (f32, f32) = (14.0, 28.0);
/// The height that the label of a lane needs, in points.
const LABEL_ROOM: f64 = 17.0;
/// The gap between rows: the least height of a row that has one, the gap as a share of that height, and the greatest
/// gap, in points.
const GAP: (f64, f64, f64) = (7.0, 0.09, 2.0);

/// The lanes that a panel shows. Lane n lies between n and n + 1 of the plot's y axis, main above them.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct LaneRange {
    /// The first lane in view.
    pub first: f64,
    /// The number of lanes in view; absent for all.
    pub count: Option<f64>,
}

impl LaneRange {
    /// Shows `factor` times as much detail, and keeps the lane at `around` in its place.
    pub fn zoom(&mut self, factor: f64, around: f64, lanes: u32) {
        let all = f64::from(lanes.max(1));
        let count = self.count.unwrap_or(all);
        let wanted = (count / factor).max(1.0_f64.min(all));
        let around = around.clamp(self.first, self.first + count);
        self.first += (around - self.first) * (1.0 - wanted / count);
        self.count = (wanted < all).then_some(wanted);
        self.pan(0.0, lanes);
    }

    /// Brings a lane into view at the same zoom.
    pub fn reveal(&mut self, lane: u32, lanes: u32) {
        let Some(count) = self.count else { return };
        let lane = f64::from(lane);
        if lane < self.first || lane + 1.0 > self.first + count {
            self.pan(lane + 0.5 - count / 2.0 - self.first, lanes);
        }
    }

    /// Moves by `by` lanes, within the lanes that there are.
    pub fn pan(&mut self, by: f64, lanes: u32) {
        let room = self.count.map_or(0.0, |count| f64::from(lanes) - count);
        self.first = (self.first + by).clamp(0.0, room.max(0.0));
    }
}

/// A row on the screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimelineRow {
    /// The launcher's row.
    Main,
    /// The row *GIL*: who was on a CPU.
    Gil,
    /// The row of a lane: 1 + its number.
    Lane(u32),
}

/// The rows on the screen.
#[derive(Clone, Copy, Debug)]
pub struct OnScreen {
    /// The launcher's row.
    pub main: RowStrip,
    /// The row *GIL*, where it is shown.
    pub gil: Option<RowStrip>,
    /// The rows of lanes.
    pub lanes: RowStrip,
}

/// Rows laid over the height of a plot.
#[derive(Clone, Copy, Debug)]
pub struct RowsInView {
    first: f64,
    shown: f64,
    lanes: u32,
    /// The height of each row above the lanes.
    head_row: f32,
    gil: bool,
    height: f32,
}

impl RowsInView {
    /// The rows of a plot `height` points high, with or without the row *GIL*.
    pub fn new(range: LaneRange, lanes: u32, gil: bool, height: f32) -> Self {
        Self::with(range, lanes, gil, height, MAX_LANE)
    }

    /// The rows of a plot of cores; above them, in place of main, is a row for a bar.
    pub fn of_cores(range: LaneRange, cores: u32, height: f32) -> Self {
        Self::with(range, cores, false, height, MAX_CORE)
    }

    fn with(range: LaneRange, lanes: u32, gil: bool, height: f32, most: f32) -> Self {
        let all = f64::from(lanes.max(1));
        let count = range.count.unwrap_or(all).min(all);
        let heads = if gil { 2.0 } else { 1.0 };
        let head_row = (height / (count as f32 + heads)).clamp(MAIN.0, MAIN.1);
        let head = head_row * heads;
        let shown = count.max(f64::from((height - head) / most));
        Self { first: range.first, shown, lanes, head_row, gil, height: height.max(head + 1.0) }
    }

    /// The plot's y bounds: they begin above the first lane, where main is.
    pub fn bounds(&self) -> (f64, f64) {
        (self.first - f64::from(self.head()) / f64::from(self.lane_points()), self.first + self.shown)
    }

    /// The height of the rows above the lanes, in points.
    fn head(&self) -> f32 {
        if self.gil { 2.0 * self.head_row } else { self.head_row }
    }

    /// Main, the GIL and the lanes on the screen.
    pub fn on(&self, frame: Rect) -> OnScreen {
        let y = |points: f32| frame.top() + frame.height() * (points / self.height);
        let row = |from: f32, to: f32| strip(frame.with_min_y(y(from)).with_max_y(y(to)), (0.0, 1.0));
        // Below the last lane nothing is drawn, even where there is room.
        let lanes = (1.0 + self.first, 1.0 + self.first + self.shown);
        OnScreen {
            main: row(0.0, self.head_row),
            gil: self.gil.then(|| row(self.head_row, self.head())),
            lanes: strip(frame.with_min_y(y(self.head())), lanes),
        }
    }

    /// The rows of cores on the screen (row n is core n), and the row of a bar above them.
    pub fn cores_on(&self, frame: Rect) -> (RowStrip, RowStrip) {
        let OnScreen { main, lanes, .. } = self.on(frame);
        (RowStrip { first: lanes.first - 1.0, last: lanes.last - 1.0, ..lanes }, main)
    }

    /// The row at a place on the screen; absent below the last lane.
    pub fn row_at(&self, transform: &PlotTransform, pos: Pos2) -> Option<TimelineRow> {
        let rows = self.on(*transform.frame());
        let is_in = |strip: RowStrip| picture::rect(strip.area).contains(pos);
        if is_in(rows.main) {
            return Some(TimelineRow::Main);
        }
        if rows.gil.is_some_and(is_in) {
            return Some(TimelineRow::Gil);
        }
        let row = rows.lanes.row_at(f64::from(pos.y));
        (is_in(rows.lanes) && row < f64::from(1 + self.lanes)).then_some(TimelineRow::Lane(row as u32))
    }

    /// The height of a lane in points.
    pub fn lane_points(&self) -> f32 {
        (f64::from(self.height - self.head()) / self.shown) as f32
    }

    /// The places of row labels: main, the GIL, and as many lanes as have room.
    pub fn marks(&self) -> Vec<GridMark> {
        // egui_plot takes from the step how much room a label has and how strong it is; this step always gives enough.
        let mark = |value| GridMark { value, step_size: self.shown };
        let lane_points = f64::from(self.lane_points());
        let heads = (0..if self.gil { 2 } else { 1 }).map(|row| (f64::from(row) + 0.5) * f64::from(self.head_row));
        let heads = heads.map(|points| self.first - (f64::from(self.head()) - points) / lane_points);
        let step = round_step((LABEL_ROOM / lane_points).max(1.0)).round().max(1.0) as u32;
        // The first lane's label has to keep off the label above.
        let first = self.first + (LABEL_ROOM - f64::from(self.head_row) / 2.0) / lane_points;
        let last = (self.first + self.shown).min(f64::from(self.lanes));
        let lanes = (0..self.lanes).step_by(step as usize).map(|lane| f64::from(lane) + 0.5);
        let fits = move |middle: &f64| *middle >= first.max(self.first) && *middle <= last;
        heads.chain(lanes.filter(fits)).map(mark).collect()
    }

    /// The label at a mark.
    pub fn label(&self, value: f64) -> String {
        let above = (self.first - value) * f64::from(self.lane_points());
        match above {
            above if above <= 0.0 => format!("{}", value as u32),
            above if self.gil && above < f64::from(self.head_row) => "GIL".to_owned(),
            _ => "main".to_owned(),
        }
    }
}

/// Rows on the screen, with a gap between them where they are thick enough.
fn strip(rect: Rect, (first, last): (f64, f64)) -> RowStrip {
    let rows = RowStrip { area: picture::area(rect), first, last, gap: (0.0, 0.0) };
    let gap = if rows.pitch() >= GAP.0 { (rows.pitch() * GAP.1).min(GAP.2) } else { 0.0 };
    RowStrip { gap: (gap, gap), ..rows }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_have_room_and_no_lane_is_named_that_is_not_there() {
        for lanes in [1_u32, 3, 16, 100, 10_000] {
            let rows = RowsInView::new(LaneRange::default(), lanes, false, 300.0);
            let marks = rows.marks();
            assert_eq!(rows.label(marks[0].value), "main");
            assert_eq!(
                rows.label(marks[1].value),
                if lanes < 100 { "0" } else { ["10", "1000"][usize::from(lanes > 100)] }
            );
            let points = f64::from(rows.lane_points());
            let apart = |pair: &[GridMark]| (pair[1].value - pair[0].value) * points;
            assert!(marks.windows(2).all(|pair| apart(pair) > 14.0), "{lanes} lanes: labels touch");
            assert!(marks.len() <= 20, "{lanes} lanes: {} labels", marks.len());
            assert!(marks.iter().all(|mark| mark.value < f64::from(lanes)));
        }
    }

    #[test]
    fn the_gil_has_a_row_below_main() {
        let rows = RowsInView::new(LaneRange::default(), 3, true, 200.0);
        let labels: Vec<_> = rows.marks().iter().map(|mark| rows.label(mark.value)).collect();
        assert_eq!(labels, ["main", "GIL", "0", "1", "2"]);
        let on = rows.on(Rect::from_min_max(Pos2::ZERO, Pos2::new(100.0, 200.0)));
        let [main, gil, lanes] =
            [on.main, on.gil.expect("it has a row"), on.lanes].map(|rows| picture::rect(rows.area));
        assert_eq!((main.bottom(), gil.bottom()), (gil.top(), lanes.top()));
    }

    #[test]
    fn zooming_rows_keeps_the_lane_under_the_pointer_and_ends_at_all() {
        let mut range = LaneRange::default();
        range.zoom(4.0, 50.0, 100);
        assert_eq!((range.first, range.count), (37.5, Some(25.0)));
        range.pan(1e9, 100);
        assert_eq!(range.first, 75.0);
        range.zoom(0.01, 80.0, 100);
        assert_eq!(range, LaneRange::default());
    }
}
