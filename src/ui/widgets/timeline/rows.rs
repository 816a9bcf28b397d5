//! Which rows are in view: the launcher's stays at the top, lanes zoom and pan below it.

use super::paint::Rows;
use crate::ui::widgets::axis::round_up;
use eframe::egui::{Pos2, Rect};
use egui_plot::{GridMark, PlotTransform};

/// The thickest a lane gets, in points.
const MAX_LANE: f32 = 56.0;
/// The launcher's row, in points.
const MAIN: (f32, f32) = (14.0, 28.0);
/// Room that the label of a lane needs, in points.
const LABEL_ROOM: f64 = 17.0;

/// The lanes that a panel looks at. Lane n lies between n and n + 1 of the plot's y axis, main above them.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct LaneRange {
    /// The first, where not all are in view.
    pub first: f64,
    /// How many; all of them where absent.
    pub count: Option<f64>,
}

impl LaneRange {
    /// Shows `factor` times as much detail, with the lane at `around` where it is.
    pub fn zoom(&mut self, factor: f64, around: f64, lanes: u32) {
        let all = f64::from(lanes.max(1));
        let count = self.count.unwrap_or(all);
        let wanted = (count / factor).max(1.0_f64.min(all));
        let around = around.clamp(self.first, self.first + count);
        self.first += (around - self.first) * (1.0 - wanted / count);
        self.count = (wanted < all).then_some(wanted);
        self.pan(0.0, lanes);
    }

    /// Moves by so many lanes; no further than there are any.
    pub fn pan(&mut self, by: f64, lanes: u32) {
        let room = self.count.map_or(0.0, |count| f64::from(lanes) - count);
        self.first = (self.first + by).clamp(0.0, room.max(0.0));
    }
}

/// Rows laid over the height of a plot.
#[derive(Clone, Copy, Debug)]
pub struct RowsInView {
    first: f64,
    shown: f64,
    lanes: u32,
    main_points: f32,
    height: f32,
}

impl RowsInView {
    /// The rows of a plot so many points high.
    pub fn new(range: LaneRange, lanes: u32, height: f32) -> Self {
        let all = f64::from(lanes.max(1));
        let count = range.count.unwrap_or(all).min(all);
        let main_points = (height / (count as f32 + 1.0)).clamp(MAIN.0, MAIN.1);
        let shown = count.max(f64::from((height - main_points) / MAX_LANE));
        Self { first: range.first, shown, lanes, main_points, height: height.max(main_points + 1.0) }
    }

    /// The plot's y bounds: they begin above the first lane, where main is.
    pub fn bounds(&self) -> (f64, f64) {
        (self.first - self.main_lanes(), self.first + self.shown)
    }

    /// The height of the launcher's row, in lanes.
    fn main_lanes(&self) -> f64 {
        let lane_points = f64::from(self.height - self.main_points) / self.shown;
        f64::from(self.main_points) / lane_points
    }

    /// Main and the lanes on the screen.
    pub fn on(&self, frame: Rect) -> (Rows, Rows) {
        let border = frame.top() + frame.height() * (self.main_points / self.height);
        let main = Rows { rect: frame.with_max_y(border), first: 0.0, last: 1.0 };
        // Below the last lane nothing is drawn, however much room there is.
        let (first, last) = (1.0 + self.first, 1.0 + self.first + self.shown);
        (main, Rows { rect: frame.with_min_y(border), first, last })
    }

    /// The row at a place on the screen; absent below the last lane.
    pub fn row_at(&self, transform: &PlotTransform, pos: Pos2) -> Option<u32> {
        let (main, lanes) = self.on(*transform.frame());
        if main.rect.contains(pos) {
            return Some(0);
        }
        let lane = self.lane_at(&lanes, pos);
        (lanes.rect.contains(pos) && lane < f64::from(self.lanes)).then_some(1 + lane as u32)
    }

    /// How many points of the screen a lane is high.
    pub fn lane_points(&self) -> f32 {
        (f64::from(self.height - self.main_points) / self.shown) as f32
    }

    fn lane_at(&self, lanes: &Rows, pos: Pos2) -> f64 {
        self.first + f64::from((pos.y - lanes.rect.top()) / lanes.rect.height()) * self.shown
    }

    /// Where the labels of rows stand: main, and as many lanes as have room.
    pub fn marks(&self) -> Vec<GridMark> {
        // The step says how much room a label has, and how strong it is: there is always enough.
        let mark = |value| GridMark { value, step_size: self.shown };
        let main = mark(self.first - self.main_lanes() / 2.0);
        let lane_points = f64::from(self.lane_points());
        let step = round_up((LABEL_ROOM / lane_points).max(1.0)).round().max(1.0) as u32;
        // The first has to keep off the label of main.
        let first = self.first + (LABEL_ROOM - f64::from(self.main_points) / 2.0) / lane_points;
        let last = (self.first + self.shown).min(f64::from(self.lanes));
        let lanes = (0..self.lanes).step_by(step as usize).map(|lane| f64::from(lane) + 0.5);
        let fits = move |middle: &f64| *middle >= first.max(self.first) && *middle <= last;
        std::iter::once(main).chain(lanes.filter(fits).map(mark)).collect()
    }

    /// The label at a mark.
    pub fn label(&self, value: f64) -> String {
        if value < self.first { "main".to_owned() } else { format!("{}", value as u32) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_have_room_and_no_lane_is_named_that_is_not_there() {
        for lanes in [1_u32, 3, 16, 100, 10_000] {
            let rows = RowsInView::new(LaneRange::default(), lanes, 300.0);
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
