//! When to look: at deadlines that don't drift, and for at most a share of one core.

use std::time::{Duration, Instant};

/// The deadlines of the looks.
///
/// Each period has one deadline. Periods are counted from the start, so that a late look delays no other. The place within the
/// period is pseudo-random: looks at regular intervals would fall in step with what they look at. The GIL changes hands every 5
/// ms, for example, and 100 looks a second would see the same thread at work each time.
///
/// The CPU time of looking is paid from an allowance. It fills at a share of one core, and holds at most one second's worth.
/// While it is overdrawn, deadlines are left out.
pub struct Pace {
    start: Instant,
    period: Duration,
    turn: u64,
    most_of_a_core: f64,
    allowance_secs: f64,
    filled: Instant,
}

impl Pace {
    /// `hz` looks a second from `start`, for at most a share of one core.
    pub fn new(hz: f64, most_of_a_core: f64, start: Instant) -> Self {
        let period = Duration::from_secs_f64(1.0 / hz.clamp(0.1, 10_000.0));
        Self { start, period, turn: 0, most_of_a_core, allowance_secs: most_of_a_core, filled: start }
    }

    /// The next deadline, after a look that ended at `now` and cost `cost` of CPU time.
    pub fn next(&mut self, now: Instant, cost: Duration) -> Instant {
        let since = now.saturating_duration_since(self.filled).as_secs_f64();
        self.filled = now;
        let most = self.most_of_a_core;
        self.allowance_secs = (self.allowance_secs + since * most).min(most) - cost.as_secs_f64();
        let wait = Duration::from_secs_f64((-self.allowance_secs).max(0.0) / most);
        let earliest = now + wait;
        let behind = earliest.saturating_duration_since(self.start).as_nanos() / self.period.as_nanos();
        self.turn = (self.turn + 1).max(u64::try_from(behind).unwrap_or(u64::MAX));
        loop {
            let deadline = self.deadline(self.turn);
            if deadline >= earliest {
                break deadline;
            }
            self.turn += 1;
        }
    }

    fn deadline(&self, turn: u64) -> Instant {
        self.start + Duration::from_secs_f64(self.period.as_secs_f64() * (turn as f64 + scattered(turn)))
    }
}

/// A pseudo-random number from 0 to 1 for a turn, always the same: the mixing steps of SplitMix64.
fn scattered(turn: u64) -> f64 {
    let mut bits = turn.wrapping_mul(0x9E37_79B9_7F4A_7C15);
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    ((bits ^ (bits >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    const MOST_OF_A_CORE: f64 = 0.02;

    /// The deadlines within the first ten seconds, where each look costs this much.
    fn deadlines(hz: f64, cost: Duration) -> Vec<f64> {
        let start = Instant::now();
        let mut pace = Pace::new(hz, MOST_OF_A_CORE, start);
        let mut now = start;
        let mut looks = Vec::new();
        while now - start < Duration::from_secs(10) {
            now = pace.next(now, cost).max(now);
            looks.push((now - start).as_secs_f64());
            now += cost;
        }
        looks
    }

    #[test]
    fn cheap_looks_are_as_many_as_asked_for_and_spread_over_the_period() {
        let looks = deadlines(100.0, Duration::from_micros(50));
        assert!((995..=1005).contains(&looks.len()), "{}", looks.len());
        let mut tenths = [0; 10];
        looks.iter().for_each(|at| tenths[((at * 100.0).fract() * 10.0) as usize] += 1);
        assert!(tenths.iter().all(|count| (60..=140).contains(count)), "{tenths:?}");
    }

    #[test]
    fn dear_looks_become_fewer_until_they_cost_what_they_may() {
        let cost = Duration::from_millis(4);
        let looks = deadlines(100.0, cost);
        let share = |looks: usize, secs: f64| looks as f64 * cost.as_secs_f64() / secs;
        let last_second = looks.iter().filter(|at| **at >= 9.0 && **at < 10.0).count();
        assert!(share(last_second, 1.0) <= MOST_OF_A_CORE * 1.21, "{last_second}");
        assert!(share(looks.len(), 10.0) <= MOST_OF_A_CORE * 1.15, "{}", looks.len());
        assert!(share(looks.len(), 10.0) >= MOST_OF_A_CORE * 0.8, "{}", looks.len());
    }
}
