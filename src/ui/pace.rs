//! How often the window may draw while a run is measured, so that drawing does not disturb the measurement.

use std::{
    sync::atomic::{AtomicU64, Ordering},
    time::{Duration, Instant},
};

/// The share of the whole machine that drawing may take while a run is measured: half of the 2 % that the window may
/// take, because frames are few and a run may be short.
pub const MOST_SHARE: f64 = 0.01;
/// The shortest time between two frames that nobody asked for by mouse or key.
pub const SHORTEST: Duration = Duration::from_millis(100);
/// The longest time between two such frames.
pub const LONGEST: Duration = Duration::from_secs(4);

/// The time to leave between two frames that cost `cost` of CPU time each, on a machine of `cores` cores.
pub fn interval(cost: Duration, cores: usize) -> Duration {
    let secs = cost.as_secs_f64() / MOST_SHARE / cores.max(1) as f64;
    Duration::from_secs_f64(secs.min(LONGEST.as_secs_f64())).max(SHORTEST)
}

/// When the next frame may be drawn; the window's thread sets it, the engine's thread reads it.
pub struct Gate {
    start: Instant,
    opens_ms: AtomicU64,
}

impl Gate {
    /// A gate that is open.
    pub fn new(start: Instant) -> Self {
        Self { start, opens_ms: AtomicU64::new(0) }
    }

    /// Closes the gate from `now` for `time`.
    pub fn close(&self, now: Instant, time: Duration) {
        let opens = now.saturating_duration_since(self.start) + time;
        self.opens_ms.store(opens.as_millis() as u64, Ordering::Relaxed);
    }

    /// Opens the gate.
    pub fn open(&self) {
        self.opens_ms.store(0, Ordering::Relaxed);
    }

    /// The time until the gate opens; never 0, for which egui would draw twice.
    pub fn left(&self, now: Instant) -> Duration {
        let opens = Duration::from_millis(self.opens_ms.load(Ordering::Relaxed));
        opens.saturating_sub(now.saturating_duration_since(self.start)).max(Duration::from_millis(1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_interval_keeps_the_window_within_its_share() {
        for (cost_ms, cores) in [(5, 2), (20, 2), (30, 1), (200, 8)] {
            let cost = Duration::from_millis(cost_ms);
            let share = cost.as_secs_f64() / interval(cost, cores).as_secs_f64() / cores as f64;
            assert!(share <= MOST_SHARE + 1e-9, "{cost_ms} ms on {cores} cores take {share}");
        }
    }

    #[test]
    fn the_interval_stays_within_its_bounds() {
        assert_eq!(interval(Duration::ZERO, 2), SHORTEST);
        assert_eq!(interval(Duration::from_micros(10), 64), SHORTEST);
        assert_eq!(interval(Duration::from_secs(9), 0), LONGEST);
    }

    #[test]
    fn the_gate_opens_when_its_time_has_come() {
        let start = Instant::now();
        let gate = Gate::new(start);
        assert_eq!(gate.left(start), Duration::from_millis(1));
        gate.close(start, Duration::from_millis(500));
        assert_eq!(gate.left(start + Duration::from_millis(200)), Duration::from_millis(300));
        assert_eq!(gate.left(start + Duration::from_secs(9)), Duration::from_millis(1));
        gate.open();
        assert_eq!(gate.left(start), Duration::from_millis(1));
    }
}
