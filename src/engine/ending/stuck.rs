//! Detects a launcher that does not go on: it was stopped, or it has ended and its guard does not end.

use super::{Launcher, Sight};
use model::{Plan, duration::limit_text};
use std::time::Duration;

/// How often the launcher is checked.
const LOOK_NS: i64 = 500_000_000;
/// From a launcher's end to its guard's; in between the guard cleans up.
const GUARD_NS: i64 = 4_000_000_000;

/// Checks a run's launcher from time to time.
#[derive(Clone)]
pub struct Stuck {
    /// The longest of the tasks' timeouts; absent if there is none.
    limit: Option<Duration>,
    launcher: Option<u32>,
    looked_ns: i64,
    /// The launcher's state at the last check, and since when.
    since: Option<(Launcher, i64)>,
}

impl Stuck {
    pub fn new(plan: &Plan) -> Self {
        let limit = (0..plan.tasks.len()).filter_map(|task| plan.timeout_of(task)).max();
        Self { limit, launcher: None, looked_ns: 0, since: None }
    }

    /// The launcher's process is known.
    pub fn know(&mut self, launcher: u32) {
        self.launcher = Some(launcher);
    }

    /// Why the run is to be ended, in one sentence, if its launcher has been stuck for too long; call it every tick.
    pub fn tick(&mut self, now_ns: i64, sight: &impl Sight) -> Option<String> {
        let launcher = self.launcher.filter(|_| now_ns - self.looked_ns >= LOOK_NS)?;
        self.looked_ns = now_ns;
        self.judge(sight.launcher(launcher), now_ns)
    }

    fn judge(&mut self, launcher: Launcher, now_ns: i64) -> Option<String> {
        let since = self.since.filter(|(before, _)| *before == launcher).map_or(now_ns, |(_, since)| since);
        self.since = Some((launcher, since));
        let waited_ns = now_ns - since;
        match (launcher, self.limit) {
            (Launcher::Ended, _) => (waited_ns > GUARD_NS)
                .then(|| "the launcher had ended, but its guard did not end; was the guard stopped?".to_owned()),
            (Launcher::Stopped, Some(limit)) => (i128::from(waited_ns) > limit.as_nanos() as i128).then(|| {
                format!(
                    "the launcher's process was stopped (SIGSTOP) for longer than the timeout of {}",
                    limit_text(limit)
                )
            }),
            (Launcher::Stopped, None) | (Launcher::GoesOn, _) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const S: i64 = 1_000_000_000;

    fn stuck(limit: Option<Duration>) -> Stuck {
        Stuck { limit, ..Stuck::new(&Plan::empty("p")) }
    }

    #[test]
    fn a_launcher_may_be_stopped_as_long_as_a_task_may_take() {
        let mut stuck_for_two = stuck(Some(Duration::from_secs(2)));
        assert_eq!(stuck_for_two.judge(Launcher::Stopped, S), None);
        assert_eq!(stuck_for_two.judge(Launcher::GoesOn, 2 * S), None);
        assert_eq!(stuck_for_two.judge(Launcher::Stopped, 3 * S), None);
        assert_eq!(stuck_for_two.judge(Launcher::Stopped, 5 * S), None);
        assert!(stuck_for_two.judge(Launcher::Stopped, 6 * S).is_some_and(|why| why.contains("2 s")));
        let mut for_ever = stuck(None);
        assert_eq!((for_ever.judge(Launcher::Stopped, S), for_ever.judge(Launcher::Stopped, 999 * S)), (None, None));
    }

    #[test]
    fn a_guard_ends_soon_after_its_launcher() {
        let mut stuck = stuck(None);
        assert_eq!(stuck.judge(Launcher::Ended, S), None);
        assert!(stuck.judge(Launcher::Ended, 6 * S).is_some());
    }
}
