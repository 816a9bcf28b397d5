//! Which of an experiment's runs are on the screen.

use model::{Experiment, Run, Setting};
use std::collections::HashMap;

/// Which run of each setting is shown: the one that the user chose, else the latest while the experiment goes on, and
/// the one with the median makespan afterwards.
#[derive(Default)]
pub struct ShownRuns {
    chosen: HashMap<Setting, u32>,
    median: HashMap<Setting, u32>,
    /// The settings that have a timeline, where there are too many and the user has chosen.
    timelines: Option<[Setting; 2]>,
}

/// Up to this number of settings have a timeline each; of more, for example in a sweep, the user chooses two.
pub const MOST_TIMELINES: usize = 4;

impl ShownRuns {
    /// Notes which run of a setting the user chose, by its id; `None` for the default.
    pub fn choose(&mut self, setting: Setting, run: Option<u32>) {
        match run {
            Some(id) => self.chosen.insert(setting, id),
            None => self.chosen.remove(&setting),
        };
    }

    /// The chosen run of a setting.
    pub fn choice(&self, setting: Setting) -> Option<u32> {
        self.chosen.get(&setting).copied()
    }

    /// The settings that have a timeline: all, or two of many.
    pub fn timelines(&self, experiment: &Experiment) -> Vec<Setting> {
        let all = settings(experiment);
        if all.len() <= MOST_TIMELINES {
            return all;
        }
        let chosen = self.timelines.filter(|chosen| chosen.iter().all(|setting| all.contains(setting)));
        chosen.unwrap_or_else(|| two_of(&all)).to_vec()
    }

    /// Shows `setting` in place of another that has a timeline.
    pub fn replace(&mut self, experiment: &Experiment, before: Setting, setting: Setting) {
        if let [mut first, mut second] = self.timelines(experiment)[..] {
            // If `setting` has the other timeline, the two change places.
            let other = if before == first { &mut second } else { &mut first };
            if *other == setting {
                *other = before;
            }
            *(if before == first { &mut first } else { &mut second }) = setting;
            self.timelines = Some([first, second]);
        }
    }

    /// Shows a setting's timeline, if it is not shown, in place of one of the same mode, else of the first.
    pub fn bring(&mut self, experiment: &Experiment, setting: Setting) {
        let shown = self.timelines(experiment);
        if shown.contains(&setting) {
            return;
        }
        let same = shown.iter().find(|other| other.mode == setting.mode).or(shown.first()).copied();
        if let Some(before) = same {
            self.replace(experiment, before, setting);
        }
    }

    /// Finds the medians anew; called when the experiment has ended.
    pub fn settle(&mut self, experiment: &Experiment) {
        let settings = experiment.settings();
        self.median = settings.into_iter().filter_map(|s| Some((s, median_run(experiment, s)?))).collect();
    }

    /// The run that the list of executions shows: the shown run of this setting, else of the first.
    pub fn listed<'a>(&self, experiment: &'a Experiment, setting: Option<Setting>) -> Option<&'a Run> {
        self.run(experiment, setting.or_else(|| settings(experiment).first().copied())?)
    }

    /// The run to show for a setting.
    pub fn run<'a>(&self, experiment: &'a Experiment, setting: Setting) -> Option<&'a Run> {
        let of_setting = |run: &&Run| run.setting() == setting;
        let by_id = |id: u32| experiment.runs.iter().find(|run| run.id == id);
        let chosen = self.choice(setting).and_then(by_id).filter(of_setting);
        let median = self.median.get(&setting).copied().filter(|_| experiment.ended).and_then(by_id);
        chosen.or(median).or_else(|| experiment.runs.iter().rev().find(of_setting))
    }
}

/// The settings that are on the screen: those compared, or all where nothing is.
pub fn settings(experiment: &Experiment) -> Vec<Setting> {
    if experiment.compared.is_empty() { experiment.settings() } else { experiment.compared.clone() }
}

/// The first, and the first of another mode with as many workers and the same argument; else the first two.
fn two_of(all: &[Setting]) -> [Setting; 2] {
    let first = all[0];
    let alike = |other: &&Setting| other.workers == first.workers && other.argument == first.argument;
    let second = all.iter().skip(1).find(alike).unwrap_or(&all[1]);
    [first, *second]
}

/// The measured run whose makespan is the median of its setting's.
fn median_run(experiment: &Experiment, setting: Setting) -> Option<u32> {
    let mut runs: Vec<_> = experiment.repeats(setting).filter_map(|run| Some((run.makespan_ns?, run.id))).collect();
    runs.sort_unstable();
    runs.get(runs.len().saturating_sub(1) / 2).map(|(_, id)| *id)
}

/// Least, median and greatest makespan of a setting's measured runs, and their number.
pub fn makespans(experiment: &Experiment, setting: Setting) -> Option<[u64; 4]> {
    let mut all: Vec<u64> = experiment.repeats(setting).filter_map(|run| run.makespan_ns).collect();
    all.sort_unstable();
    let middle = all.len() / 2;
    let median = match all.len() {
        0 => return None,
        odd if odd % 2 == 1 => all[middle],
        _ => all[middle - 1].midpoint(all[middle]),
    };
    Some([all[0], median, all[all.len() - 1], all.len() as u64])
}

/// A run's name in a picker: `repeat 3`, `warm-up 1`.
pub fn name(run: &Run) -> String {
    format!("{} {}", if run.warmup { "warm-up" } else { "repeat" }, run.repeat + 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::fixture;

    #[test]
    fn the_latest_is_shown_while_running_and_the_median_afterwards() {
        let mut experiment = fixture::experiment(3);
        let setting = experiment.compared[0];
        let mut shown = ShownRuns::default();
        assert!(shown.run(&experiment, setting).is_none());
        for (id, makespan) in [(0, 5), (1, 1), (2, 9), (3, 1), (4, 7), (5, 1)] {
            fixture::run_to_end(&mut experiment, id, makespan);
        }
        assert_eq!(shown.run(&experiment, setting).map(|run| run.id), Some(4));
        experiment.ended = true;
        shown.settle(&experiment);
        assert_eq!(shown.run(&experiment, setting).map(|run| run.makespan_ns), Some(Some(7)));
        assert_eq!(makespans(&experiment, setting), Some([5, 7, 9, 3]));
        shown.choose(setting, Some(2));
        assert_eq!(shown.run(&experiment, setting).map(|run| run.id), Some(2));
        shown.choose(setting, None);
        assert_eq!(shown.run(&experiment, setting).map(|run| run.id), Some(4));
    }

    #[test]
    fn of_many_settings_two_have_a_timeline() {
        let mut experiment = fixture::experiment(1);
        let [threads, processes] = [experiment.compared[0], experiment.compared[1]];
        let with = |setting: Setting, workers| Setting { workers, ..setting };
        experiment.compared =
            [threads, processes].into_iter().flat_map(|it| (1..=3).map(move |n| with(it, n))).collect();
        let mut shown = ShownRuns::default();
        assert_eq!(shown.timelines(&experiment), [with(threads, 1), with(processes, 1)]);
        shown.bring(&experiment, with(processes, 3));
        assert_eq!(shown.timelines(&experiment), [with(threads, 1), with(processes, 3)]);
        shown.replace(&experiment, with(threads, 1), with(processes, 3));
        assert_eq!(shown.timelines(&experiment), [with(processes, 3), with(threads, 1)], "they change places");
        experiment.compared.truncate(2);
        assert_eq!(shown.timelines(&experiment).len(), 2);
    }
}
