//! How many executions did not succeed: one number for every view.

use model::{Execution, Experiment, Run};

/// Executions that ended in another way than success.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Failed {
    /// How many, in the measured repeats of what was asked for.
    pub count: usize,
    /// How many executions there are in these repeats.
    pub of: usize,
    /// How many besides, in warm-ups and in a sequential baseline that nobody asked for.
    pub besides: usize,
}

/// The runs whose failures count: the measured repeats of the settings that were asked for.
pub fn counted(experiment: &Experiment, run: &Run) -> bool {
    !run.warmup && (experiment.compared.is_empty() || experiment.compared.contains(&run.setting()))
}

/// How many executions of an experiment did not succeed.
pub fn failed(experiment: &Experiment) -> Failed {
    let mut all = Failed::default();
    for run in &experiment.runs {
        let failed = run.executions.iter().filter(|execution| Execution::failed(execution)).count();
        if counted(experiment, run) {
            all.count += failed;
            all.of += run.executions.len();
        } else {
            all.besides += failed;
        }
    }
    all
}

impl Failed {
    /// `3 of 12 executions did not succeed`, and how many besides; absent where all succeeded.
    pub fn words(&self) -> Option<String> {
        let Self { count, of, besides } = *self;
        let plural = if of == 1 { "" } else { "s" };
        let elsewhere = "in warm-ups or in the sequential baseline";
        match (count, besides) {
            (0, 0) => None,
            (0, _) => Some(format!("{besides} {elsewhere} did not succeed, and all others did")),
            (_, 0) => Some(format!("{count} of {of} execution{plural} did not succeed")),
            _ => Some(format!("{count} of {of} execution{plural} did not succeed, and {besides} {elsewhere}")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{compare::compare, findings::why, table::table, testing::Builder};
    use model::{LaunchMode, Outcome, OutcomeKind};

    #[test]
    fn all_views_have_one_number_and_a_baseline_is_told_apart() {
        let fail = |run: &mut Run| {
            run.executions[0].outcome = Some(Outcome::of(OutcomeKind::Exception));
        };
        let experiment = Builder::compare("t")
            .makespans(LaunchMode::Threads, &[1.0, 1.0])
            .change_last(fail)
            .makespans(LaunchMode::Processes, &[1.0, 1.0])
            .change_last(fail)
            .baseline(&[2.0])
            .change_last(fail)
            .build();
        let failed = failed(&experiment);
        assert_eq!(failed, Failed { count: 2, of: 16, besides: 1 });
        let why = why(&experiment, &compare(&experiment));
        let finding = why.findings.iter().find(|finding| finding.id == "failures").expect("a finding");
        assert!(finding.sentence.starts_with("2 of 16 executions did not succeed"), "{}", finding.sentence);
        let words = failed.words().expect("some");
        assert_eq!(words, "2 of 16 executions did not succeed, and 1 in warm-ups or in the sequential baseline");
        drop(table(&experiment));
    }

    #[test]
    fn where_all_succeeded_nothing_is_said() {
        let experiment = Builder::compare("t").makespans(LaunchMode::Threads, &[1.0]).build();
        assert_eq!(failed(&experiment).words(), None);
    }
}
