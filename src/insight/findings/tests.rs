//! Each rule on runs made to show it, and on runs made not to.

use super::*;
use crate::testing::Builder;
use model::{
    Bin, BlockedTotals, Execution, InterpreterFacts,
    LaunchMode::{self, Processes, Sequential, Threads},
    Phase, Profile, Stage, State, States, StatesSource, Usage,
};

mod advice;
mod alone;
mod contrast;
mod left;
mod own;
mod recorded;
mod returned;
mod sending;
mod single;
mod sweeps;
mod turns;
mod whole;

/// An experiment of 6 repeats of threads and of processes, each of a second, whose executions are what `change` makes them.
fn both(change: impl Fn(LaunchMode, &mut Execution)) -> Experiment {
    experiment(4, 2, &[Threads, Processes], change)
}

fn experiment(count: u32, lanes: u32, modes: &[LaunchMode], change: impl Fn(LaunchMode, &mut Execution)) -> Experiment {
    let builder = Builder::compare("t").executions(count, lanes).without_samples();
    let built = modes.iter().fold(builder, |builder, mode| builder.makespans(*mode, &[1.0; 6]));
    changed(built.build(), change)
}

/// The experiment with busy executions, each changed by `change`.
fn changed(mut experiment: Experiment, change: impl Fn(LaunchMode, &mut Execution)) -> Experiment {
    for run in &mut experiment.runs {
        let mode = run.mode;
        run.executions.iter_mut().for_each(|execution| {
            busy(execution);
            change(mode, execution);
        });
    }
    experiment
}

/// Says that its functions ran in CPython.
fn in_python(mut experiment: Experiment, gil: bool) -> Experiment {
    for run in &mut experiment.runs {
        run.interpreter_facts = Some(InterpreterFacts {
            executable: "python3".into(),
            implementation: "CPython".to_owned(),
            version: "3.13.0".to_owned(),
            free_threaded: !gil,
            gil_enabled: Some(gil),
            thread_libraries: Vec::new(),
        });
    }
    experiment
}

/// Puts an execution on a CPU throughout.
fn busy(execution: &mut Execution) {
    did(execution, [1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0]);
}

/// Puts an execution into the first states for these shares of the time in its target, into none of the rest.
fn did<const N: usize>(execution: &mut Execution, first: [f64; N]) {
    let mut shares = [0.0; State::COUNT];
    shares[..N].copy_from_slice(&first);
    let length = execution.stamps.in_target_ns().unwrap_or(0) as f64;
    let [on_cpu, ready, blocked @ ..] = shares.map(|share| (share * length) as u64);
    let blocked_ns = blocked.iter().sum();
    let blocked_on = Some(BlockedTotals::of(blocked));
    execution.states = Some(Box::new(States { on_cpu_ns: on_cpu, runnable_ns: ready, blocked_ns, blocked_on }));
    used(execution, on_cpu, 0);
}

fn used(execution: &mut Execution, user_ns: u64, system_ns: u64) {
    execution.usage = Some(Box::new(Usage { user_ns: Some(user_ns), system_ns: Some(system_ns), ..Usage::default() }));
}

/// Puts executions into one state in each stretch of 10 ms of the time in the target; `state` has the execution's id
/// and the stretch's number.
fn stretch_by_stretch(experiment: &mut Experiment, state: impl Fn(u32, u64) -> State) {
    const STRETCH: u64 = 10_000_000;
    for run in &mut experiment.runs {
        run.states_source = Some(StatesSource::SwitchRecords);
        run.profiles.clear();
        for execution in &mut run.executions {
            let (from, to) = execution.phase(Phase::InTarget).expect("stamps");
            let mut profile = Profile { execution: execution.id, bins: Vec::new() };
            let mut shares = [0.0; State::COUNT];
            for number in 0..(to - from) / STRETCH {
                let mut in_state_ns = [0; State::COUNT];
                in_state_ns[state(execution.id, number).index()] = STRETCH;
                let from_ns = from + number * STRETCH;
                profile.push(Bin { from_ns, to_ns: from_ns + STRETCH, in_state_ns });
                shares[state(execution.id, number).index()] += STRETCH as f64 / (to - from) as f64;
            }
            did(execution, shares);
            run.profiles.push(profile);
        }
    }
}

fn ids(experiment: &Experiment) -> Vec<String> {
    findings(experiment).into_iter().map(|finding| finding.id).collect()
}

fn finding(experiment: &Experiment, id: &str) -> Finding {
    let all = findings(experiment);
    let found = all.iter().find(|finding| finding.id == id);
    found.unwrap_or_else(|| panic!("{id} is not in {all:?}")).clone()
}

/// What every finding holds, whatever the rule.
fn sound(experiment: &Experiment, finding: &Finding) {
    assert!(finding.sentence.ends_with('.') && !finding.title.is_empty(), "{finding:?}");
    assert!(!finding.runs.is_empty(), "{finding:?}");
    let run = |id: u32| experiment.runs.iter().find(|run| run.id == id);
    assert!(finding.runs.iter().all(|id| run(*id).is_some()), "{finding:?}");
    for name in finding.evidence.keys() {
        let units = ["_percent", "_ns", "_ratio", "_count", "_bytes"];
        assert!(units.iter().any(|unit| name.ends_with(unit)) || finding.evidence[name].is_string(), "{name}");
    }
    if let Some(place) = finding.place {
        let run = run(finding.runs[0]).expect("known");
        assert!(place.from_ns <= place.to_ns && place.to_ns <= run.length_ns(), "{finding:?}");
        assert!(place.execution.is_none_or(|id| (id as usize) < run.executions.len()), "{finding:?}");
    }
}

#[test]
fn ids_are_unique_and_in_kebab_case() {
    let mut seen = std::collections::BTreeSet::new();
    for (id, _) in RULES {
        assert!(seen.insert(id) && id.chars().all(|c| c.is_ascii_lowercase() || c == '-'), "{id}");
    }
}

#[test]
fn nothing_that_has_not_run_has_a_finding() {
    assert_eq!(findings(&Builder::compare("t").build()), []);
}
