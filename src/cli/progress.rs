//! How far an experiment is: a bar while it goes on, and a line for each run that has ended.

use super::{report, screen::Screen};
use crate::{
    analysis::remaining::remaining_ns,
    model::{Experiment, Run},
};

/// Follows an experiment.
pub struct Progress<'a> {
    screen: &'a Screen,
    /// Runs whose line is on the screen.
    told: usize,
}

impl<'a> Progress<'a> {
    pub fn new(screen: &'a Screen) -> Self {
        Self { screen, told: 0 }
    }

    /// Shows what is new.
    pub fn show(&mut self, experiment: &Experiment) {
        while let Some(run) = experiment.runs.get(self.told).filter(|run| run.end.is_some()) {
            self.screen.say(&report::run_line(run, experiment));
            self.told += 1;
        }
        let (done, all) = executions(experiment);
        self.screen.progress(done, all, words(experiment));
    }
}

/// Executions that have ended in all runs so far, and all that were asked for.
fn executions(experiment: &Experiment) -> (u64, u64) {
    let ended = |run: &Run| if run.end.is_some() { run.executions.len() } else { run.progress().0 };
    let done: usize = experiment.runs.iter().map(ended).sum();
    (done as u64, experiment.progress().1 as u64 * experiment.plan.executions())
}

fn words(experiment: &Experiment) -> String {
    let (done, all) = experiment.progress();
    let runs = format!("{done}/{all} runs");
    match remaining_ns(experiment) {
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
    fn progress_counts_executions_of_all_runs() {
        let experiment = Builder::compare("t").makespans(Threads, &[1.0, 1.0]).build();
        let (done, all) = executions(&experiment);
        assert_eq!(done, experiment.runs.iter().map(|run| run.executions.len() as u64).sum::<u64>());
        assert!(all > 0 && words(&experiment).starts_with("2/2 runs"));
    }
}
