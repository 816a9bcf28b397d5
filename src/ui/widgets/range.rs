//! The stretch of time that all plots of a view show.

/// The shortest stretch that can be shown.
const MIN_NS: f64 = 100.0;
/// The free space behind the latest instant, as a share of the whole.
const MARGIN: f64 = 0.02;

/// The stretch of time that all plots of a view show. The caller owns it and passes it to each plot.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TimeRange {
    /// The left edge, in nanoseconds since the run's origin.
    pub from_ns: f64,
    /// The right edge.
    pub to_ns: f64,
    /// Whether the stretch follows the run: it grows with the run where it begins at 0, else it moves along. Zooming
    /// and panning end this; [`TimeRange::fit`] and [`TimeRange::go_live`] begin it.
    pub follow: bool,
}

impl Default for TimeRange {
    fn default() -> Self {
        Self { from_ns: 0.0, to_ns: 1e6, follow: true }
    }
}

impl TimeRange {
    /// Its length.
    pub fn width_ns(&self) -> f64 {
        self.to_ns - self.from_ns
    }

    /// Follows the run if [`TimeRange::follow`] is set; to be called once a frame. `full_ns` is the latest instant of
    /// everything shown.
    pub fn advance(&mut self, full_ns: u64) {
        if !self.follow {
            return;
        }
        let width = self.width_ns();
        self.to_ns = end(full_ns);
        self.from_ns = if self.from_ns <= 0.0 { 0.0 } else { (self.to_ns - width).max(0.0) };
    }

    /// Shows everything, and follows.
    pub fn fit(&mut self, full_ns: u64) {
        *self = Self { from_ns: 0.0, to_ns: end(full_ns), follow: true };
    }

    /// Goes to the latest instant at the same zoom, and follows.
    pub fn go_live(&mut self, full_ns: u64) {
        self.follow = true;
        self.advance(full_ns);
    }

    /// Shows `factor` times as much detail, and keeps `around_ns` in its place; part of the run stays in view.
    pub fn zoom(&mut self, factor: f64, around_ns: f64, full_ns: u64) {
        let width = (self.width_ns() / factor).clamp(MIN_NS, end(full_ns) * 1.5);
        let share = ((around_ns - self.from_ns) / self.width_ns()).clamp(0.0, 1.0);
        self.set(around_ns - share * width, around_ns + (1.0 - share) * width, full_ns);
    }

    /// Moves by `by_ns`; part of the run stays in view.
    pub fn pan(&mut self, by_ns: f64, full_ns: u64) {
        self.set(self.from_ns + by_ns, self.to_ns + by_ns, full_ns);
    }

    /// Shows the stretch between two instants, in either order.
    pub fn select(&mut self, a_ns: f64, b_ns: f64, full_ns: u64) {
        let (from, to) = (a_ns.min(b_ns).max(0.0), a_ns.max(b_ns));
        self.set(from, to.max(from + MIN_NS), full_ns);
    }

    fn set(&mut self, from_ns: f64, to_ns: f64, full_ns: u64) {
        let width = to_ns - from_ns;
        self.from_ns = from_ns.min(end(full_ns) - width * 0.1).max(0.0);
        self.to_ns = self.from_ns + width;
        self.follow = false;
    }
}

fn end(full_ns: u64) -> f64 {
    (full_ns as f64 * (1.0 + MARGIN)).max(MIN_NS * 10.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_grows_with_the_run_until_the_user_zooms() {
        let mut range = TimeRange::default();
        range.advance(1_000_000_000);
        assert_eq!((range.from_ns, range.to_ns), (0.0, 1.02e9));
        range.zoom(2.0, 0.5e9, 1_000_000_000);
        let zoomed = range;
        range.advance(2_000_000_000);
        assert_eq!(range, zoomed);
    }

    #[test]
    fn zooming_leaves_the_pointer_where_it_is() {
        let mut range = TimeRange { from_ns: 100.0e3, to_ns: 300.0e3, follow: false };
        range.zoom(4.0, 150.0e3, 1_000_000);
        assert_eq!((range.from_ns, range.to_ns), (137_500.0, 187_500.0));
    }

    #[test]
    fn the_run_cannot_be_lost_out_of_view() {
        let mut range = TimeRange { from_ns: 0.0, to_ns: 1e6, follow: false };
        range.pan(1e12, 1_000_000);
        assert!(range.from_ns < 1e6);
        range.pan(-1e12, 1_000_000);
        assert_eq!(range.from_ns, 0.0);
    }

    #[test]
    fn going_live_keeps_the_zoom() {
        let mut range = TimeRange { from_ns: 100.0e6, to_ns: 200.0e6, follow: false };
        range.go_live(1_000_000_000);
        assert_eq!((range.from_ns, range.to_ns), (920.0e6, 1_020.0e6));
        range.fit(1_000_000_000);
        assert_eq!((range.from_ns, range.to_ns, range.follow), (0.0, 1_020.0e6, true));
    }
}
