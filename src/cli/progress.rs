//! How far an experiment is: a bar while it goes on, and a line for each run that has ended.

use super::{report, screen::Screen};
use crate::{
    analysis::remaining::{done_share, remaining_ns},
    model::Experiment,
};
use std::time::{Duration, Instant};

/// The bar is drawn no more often than this.
const LEAST_PAUSE: Duration = Duration::from_millis(100);
/// Pauses are this many times as long as the drawing took: it costs at most 1 % of a core, however many executions.
const PAUSE_FACTOR: u32 = 100;

/// Follows an experiment.
pub struct Progress<'a> {
    screen: &'a Screen,
    /// Runs whose line is on the screen.
    told: usize,
    /// When the bar is to be drawn again.
    next: Instant,
}

impl<'a> Progress<'a> {
    pub fn new(screen: &'a Screen) -> Self {
        Self { screen, told: 0, next: Instant::now() }
    }

    /// Shows what is new.
    pub fn show(&mut self, experiment: &Experiment) {
        while let Some(run) = experiment.runs.get(self.told).filter(|run| run.end.is_some()) {
            self.screen.say(&report::run_line(run, experiment));
            self.told += 1;
        }
        if self.screen.has_bar() {
            self.draw(experiment);
        }
    }

    fn draw(&mut self, experiment: &Experiment) {
        let start = Instant::now();
        if start < self.next {
            return;
        }
        self.screen.progress(done_share(experiment, None), words(experiment));
        self.next = start + LEAST_PAUSE.max(start.elapsed() * PAUSE_FACTOR);
    }
}

fn words(experiment: &Experiment) -> String {
    let (done, all) = experiment.progress();
    let runs = format!("{done}/{all} runs");
    match remaining_ns(experiment, None) {
        Some(ns) => format!("{runs}, about {} left", clock(ns)),
        None => runs,
    }
}

/// `0:04`, `12:30`, `1:02:03`; never less than what is left.
fn clock(ns: u64) -> String {
    let seconds = ns.div_ceil(1_000_000_000);
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    if hours > 0 { format!("{hours}:{minutes:02}:{seconds:02}") } else { format!("{minutes}:{seconds:02}") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::testing::Builder;
    use crate::model::LaunchMode::Threads;

    #[test]
    fn a_remaining_time_reads_like_a_clock() {
        assert_eq!(
            [0, 3_100_000_000, 750_000_000_000, 3_723_000_000_000].map(clock),
            ["0:00", "0:04", "12:30", "1:02:03"]
        );
    }

    #[test]
    fn the_words_count_runs_and_tell_the_time_left() {
        let experiment = Builder::compare("t").makespans(Threads, &[1.0, 1.0]).build();
        assert_eq!(words(&experiment), "2/2 runs, about 0:00 left");
    }
}
