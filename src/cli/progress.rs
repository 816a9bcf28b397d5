//! The progress of an experiment: a bar while it goes on, and a line for each run that has ended.

use super::{report, screen::Screen};
use insight::{
    precision::{self, Progress as Precision},
    remaining::{done_share, remaining_ns},
    stopping::so_far,
};
use model::Experiment;
use std::time::{Duration, Instant};

/// The shortest pause between two drawings of the bar.
const LEAST_PAUSE: Duration = Duration::from_millis(100);
/// A pause is at least this many times as long as the drawing took, so the bar costs at most 1 % of a core.
const PAUSE_FACTOR: u32 = 100;

/// Follows an experiment.
pub struct Progress<'a> {
    screen: &'a Screen,
    /// How many runs have their line on the screen.
    told: usize,
    /// The precision of the comparison, and the number of rounds after which it was computed.
    precision: (usize, Option<Precision>),
    /// When the bar is to be drawn again.
    next: Instant,
}

impl<'a> Progress<'a> {
    pub fn new(screen: &'a Screen) -> Self {
        Self { screen, told: 0, precision: (0, None), next: Instant::now() }
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
        let rounds = rounds(experiment);
        if rounds != self.precision.0 {
            self.precision = (rounds, precision::of_experiment(experiment));
        }
        let precision = self.precision.1.as_ref();
        self.screen.progress(done_share(experiment, precision), words(experiment, precision));
        self.next = start + LEAST_PAUSE.max(start.elapsed() * PAUSE_FACTOR);
    }
}

/// The number of measured rounds that are over: repeats that every compared setting has.
fn rounds(experiment: &Experiment) -> usize {
    let ended = |setting| experiment.repeats(setting).filter(|run| run.end.is_some()).count();
    experiment.compared.iter().map(|setting| ended(*setting)).min().unwrap_or(0)
}

fn words(experiment: &Experiment, precision: Option<&Precision>) -> String {
    let (done, all) = experiment.progress();
    let mut words = format!("{done}/{all} runs");
    if let Some(ns) = remaining_ns(experiment, precision) {
        words += &format!(", about {} left", clock(ns));
    }
    match precision.filter(|precision| precision.half_width.is_some()) {
        Some(precision) => format!("{words}, {}", so_far(experiment, precision)),
        None => words,
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
    use insight::testing::Builder;
    use model::LaunchMode::{Processes, Threads};

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
        assert_eq!(words(&experiment, None), "2/2 runs, about 0:00 left");
    }

    #[test]
    fn the_interval_so_far_follows() {
        let threads = [1.0, 1.2, 1.1, 1.3, 1.0, 1.2];
        let mut experiment = Builder::compare("t").makespans(Threads, &threads).makespans(Processes, &[1.0; 6]).build();
        experiment.ended = false;
        assert_eq!(rounds(&experiment), 6);
        let precision = precision::of_experiment(&experiment);
        let words = words(&experiment, precision.as_ref());
        assert!(words.contains("left, ±") && words.contains(" of ±5 % wanted, about "), "{words}");
    }
}
