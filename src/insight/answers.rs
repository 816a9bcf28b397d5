//! What an experiment's tasks gave: how long each takes, what they returned, wrote and raised. Equal answers are listed
//! once, however many repeats gave them.

use super::{compare::counts, label::word, table::UNKNOWN};
use model::{Execution, Experiment, LaunchMode, Outcome, OutcomeKind, Run, Setting, Stage, quantity::Unit};
use statistics::order::median;

/// How long one task takes, in each compared setting.
#[derive(Clone, Debug, PartialEq)]
pub struct TaskTimes {
    /// The task's name.
    pub task: String,
    /// Median time of its executions in the target, in nanoseconds, over complete repeats, or over all where none is
    /// complete; absent where no time is known.
    pub in_target_ns: Vec<Option<f64>>,
}

impl TaskTimes {
    /// The first compared setting's time divided by the second's.
    pub fn ratio(&self) -> Option<f64> {
        let [first, second, ..] = self.in_target_ns[..] else { return None };
        first.zip(second.filter(|ns| *ns > 0.0)).map(|(first, second)| first / second)
    }

    /// A table's cells, one for each compared setting.
    pub fn cells(&self) -> impl Iterator<Item = String> {
        self.in_target_ns.iter().map(|ns| ns.map_or_else(|| UNKNOWN.to_owned(), |ns| Unit::Time.text(ns)))
    }
}

/// The times of each task, where the plan has several tasks and some time is known; none of a sweep, whose points have
/// times of their own.
pub fn task_times(experiment: &Experiment) -> Vec<TaskTimes> {
    let tasks = &experiment.plan.tasks;
    if tasks.len() < 2 || experiment.sweep.is_some() {
        return Vec::new();
    }
    let of_task = |index: usize| {
        let time = |setting: &Setting| {
            // Where no repeat is complete, the executions that did succeed are better than nothing.
            let complete = experiment.repeats(*setting).any(counts);
            let runs = experiment.repeats(*setting).filter(|run| counts(run) || !complete);
            let own = runs.flat_map(|run| &run.executions).filter(|it| it.task_index as usize == index && !it.failed());
            median(&own.filter_map(|it| it.stamps.in_target_ns()).map(|ns| ns as f64).collect::<Vec<_>>())
        };
        TaskTimes { task: tasks[index].name.clone(), in_target_ns: experiment.compared.iter().map(time).collect() }
    };
    let times: Vec<TaskTimes> = (0..tasks.len()).map(of_task).collect();
    let known = times.iter().any(|task| task.in_target_ns.iter().any(Option::is_some));
    if known { times } else { Vec::new() }
}

/// Executions that gave the same answer.
#[derive(Clone, Debug)]
pub struct Alike<'a> {
    /// The first of them, and its run.
    pub first: (&'a Run, &'a Execution),
    /// How many there are, that one included.
    pub count: usize,
}

/// The executions of the runs that were asked for, grouped by key; those without a key are left out.
fn alike<'a, K: PartialEq>(
    experiment: &'a Experiment,
    key: impl Fn(&'a Run, &'a Execution) -> Option<K>,
) -> Vec<Alike<'a>> {
    let mut found: Vec<(K, Alike<'a>)> = Vec::new();
    for run in experiment.runs.iter().filter(|run| experiment.was_asked_for(run)) {
        for execution in &run.executions {
            let Some(own) = key(run, execution) else { continue };
            let room = found.len() < MOST_KINDS;
            match found.iter_mut().find(|(known, _)| *known == own) {
                Some((_, alike)) => alike.count += 1,
                // Nobody reads more kinds than that, and each one more slows the search.
                None if room => found.push((own, Alike { first: (run, execution), count: 1 })),
                None => {}
            }
        }
    }
    found.into_iter().map(|(_, alike)| alike).collect()
}

const MOST_KINDS: usize = 64;

/// What the tasks returned: one entry for each task and result.
pub fn results(experiment: &Experiment) -> Vec<Alike<'_>> {
    alike(experiment, |_, execution| Some((execution.task_index, execution.result.as_ref()?)))
}

/// What the tasks wrote to stdout or stderr: one entry for each task and text.
pub fn outputs(experiment: &Experiment) -> Vec<Alike<'_>> {
    alike(experiment, |_, execution| {
        let output = execution.output.as_ref().filter(|output| !output.is_empty())?;
        Some((execution.task_index, &output.stdout_tail, &output.stderr_tail, output.stdout_bytes))
    })
}

/// Outcomes other than success: one entry for each task, setting and outcome.
pub fn failures(experiment: &Experiment) -> Vec<Alike<'_>> {
    alike(experiment, |run, execution| {
        let sentence = execution.outcome.as_ref().filter(|outcome| !outcome.is_success()).map(Outcome::sentence)?;
        Some((execution.task_index, run.setting(), sentence))
    })
}

/// How many executions did not succeed.
pub fn failed(experiment: &Experiment) -> usize {
    let asked = experiment.runs.iter().filter(|run| experiment.was_asked_for(run));
    asked.flat_map(|run| &run.executions).filter(|execution| execution.failed()).count()
}

const JOINED_A_THREAD: &str = "join() returned as after a success: what a thread raises ends that thread alone, and join() does not \
                               raise it. Keep the exception in an object that both see, or use concurrent.futures: result() \
                               gives the value or raises.";
const JOINED_A_PROCESS: &str = "join() returned as after a success: what a process raises ends that process alone, and join() does \
                                not raise it. Look at exitcode, or use concurrent.futures: result() gives the value or raises.";

/// The remark that `join()` does not raise, where a thread or a process raised an exception and was joined as if
/// nothing had happened.
pub fn silent_join_of(run: &Run, execution: &Execution) -> Option<&'static str> {
    let raised = execution.outcome.as_ref().is_some_and(|outcome| outcome.kind == OutcomeKind::Exception);
    if !raised || run.interpreter.is_none() || execution.stamps.get(Stage::Joined).is_none() {
        return None;
    }
    match run.mode {
        LaunchMode::Threads => Some(JOINED_A_THREAD),
        LaunchMode::Processes => Some(JOINED_A_PROCESS),
        _ => None,
    }
}

/// The same for an experiment: the remark on threads where both apply.
pub fn silent_join(experiment: &Experiment) -> Option<&'static str> {
    let of = |mode| {
        let mut runs = experiment.runs.iter().filter(|run| run.mode == mode && experiment.was_asked_for(run));
        runs.find_map(|run| run.executions.iter().find_map(|it| silent_join_of(run, it)))
    };
    of(LaunchMode::Threads).or_else(|| of(LaunchMode::Processes))
}

/// `threads, repeat 2`: a run's setting and repeat.
pub fn place(run: &Run, settings: &[Setting]) -> String {
    let kind = if run.warmup { "warm-up" } else { "repeat" };
    format!("{}, {kind} {}", word(run.setting(), settings), run.repeat + 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Builder;
    use model::LaunchMode::{Processes, Threads};

    #[test]
    fn equal_results_and_failures_are_one_entry_with_a_count() {
        let mut experiment =
            Builder::compare("t").makespans(Threads, &[1.0; 3]).makespans(Processes, &[1.0; 3]).build();
        assert_eq!(results(&experiment).iter().map(|it| it.count).collect::<Vec<_>>(), [24]);
        assert!(failures(&experiment).is_empty() && failed(&experiment) == 0 && silent_join(&experiment).is_none());
        for execution in &mut experiment.runs[0].executions {
            execution.outcome = Some(Outcome::with_message(OutcomeKind::Exception, "ValueError: no"));
        }
        let found = failures(&experiment);
        assert_eq!((found.len(), found[0].count, failed(&experiment)), (1, 4, 4));
        assert_eq!(silent_join(&experiment), None, "nothing is joined in Python");
        experiment.runs[0].interpreter = Some(model::Interpreter::new("python3"));
        experiment.compared[0] = experiment.runs[0].setting();
        assert!(silent_join(&experiment).is_some_and(|said| said.contains("join() does not raise it")));
    }

    #[test]
    fn times_are_told_by_task_where_there_are_several() {
        let mut experiment = Builder::compare("t").makespans(Threads, &[1.0; 3]).build();
        assert_eq!(task_times(&experiment), []);
        let mut second = experiment.plan.tasks[0].clone();
        second.name = "other".to_owned();
        experiment.plan.tasks.push(second);
        let times = task_times(&experiment);
        assert!(times[0].in_target_ns[0].is_some() && times[1].in_target_ns[0].is_none(), "{times:?}");
    }
}
