//! What is to be tried, beside a verdict that says otherwise.

use super::*;
use model::{Outcome, OutcomeKind, Run, Setting, document::Verdict};

/// Each mode with these makespans, in seconds, one a repeat; each execution is what `change` makes it.
fn timed(sides: &[(LaunchMode, &[f64])], change: impl Fn(LaunchMode, &mut Execution)) -> Experiment {
    let builder = Builder::compare("t").executions(4, 2).without_samples();
    let mut built = sides.iter().fold(builder, |builder, (mode, secs)| builder.makespans(*mode, secs)).build();
    for run in &mut built.runs {
        let mode = run.mode;
        run.executions.iter_mut().for_each(|execution| {
            busy(execution);
            change(mode, execution);
        });
    }
    built
}

fn advice(experiment: &Experiment, id: &str) -> String {
    finding(experiment, id).advice
}

/// The first eight repeats were on a busy machine, and those of processes did not end.
#[test]
fn processes_are_not_advised_where_only_the_medians_say_that_they_pay() {
    let threads = [[3.0; 8].as_slice(), &[1.0; 6]].concat();
    let processes = [[3.6; 8].as_slice(), &[1.2; 6]].concat();
    let mut loaded = timed(&[(Threads, &threads), (Processes, &processes)], |mode, execution| {
        let gil = if mode == Threads { 0.4 } else { 0.0 };
        did(execution, [0.9 - gil, 0.1, gil]);
    });
    assert!(advice(&loaded, interpreter_lock::ID).starts_with("Processes gain little or nothing here, as measured"));
    for run in loaded.runs.iter_mut().filter(|run| run.mode == Processes).take(8) {
        run.executions[0].outcome = Some(Outcome::of(OutcomeKind::TimedOut));
    }
    assert_eq!(compare(&loaded)[0].verdict, Verdict::A, "{:?}", compare(&loaded)[0]);
    let said = advice(&loaded, interpreter_lock::ID);
    assert!(said.starts_with("Processes gain little or nothing here, as measured"), "{said}");
}

#[test]
fn fewer_workers_are_not_advised_where_more_are_faster_though_memory_slows_each() {
    let with_one_in = |secs: f64| {
        let sides = [(Processes, &[1.0; 6][..]), (Sequential, &[secs; 6])];
        let mut experiment = timed(&sides, |mode, execution| {
            let on_cpu_ns = if mode == Sequential { 100_000_000 } else { 160_000_000 };
            execution.states.as_mut().expect("known").on_cpu_ns = on_cpu_ns;
            used(execution, on_cpu_ns, 0);
            if mode == Sequential {
                // One after another.
                let own = 1_000_000_000 / 4 * u64::from(execution.id);
                execution.stamps.set(Stage::Entered, own + 1_000_000);
                execution.stamps.set(Stage::Left, own + 200_000_000);
            }
        });
        experiment.machine.physical_cores = Some(2);
        experiment
    };
    let said = advice(&with_one_in(1.0), memory::ID);
    assert!(said.starts_with("More at once gain nothing"), "{said}");
    let said = advice(&with_one_in(1.5), memory::ID);
    assert!(said.starts_with("More at once are faster all the same") && said.contains("Work on pieces"), "{said}");
}

#[test]
fn threads_are_not_said_to_wait_as_well_as_processes_that_are_faster() {
    let asleep = |_, execution: &mut Execution| did(execution, [0.01, 0.02, 0.0, 0.0, 0.97]);
    let said =
        |processes: f64| advice(&timed(&[(Threads, &[1.0; 6]), (Processes, &[processes; 6])], asleep), waiting::ID);
    assert!(said(1.0).contains("wait as well as processes"), "{}", said(1.0));
    assert!(said(0.5).starts_with("More workers than cores pay") && !said(0.5).contains("as well as"), "{}", said(0.5));
}

#[test]
fn as_many_workers_as_cores_are_advised_unless_more_were_faster() {
    let crowd = |_, execution: &mut Execution| did(execution, [0.1, 0.9]);
    let crowded = experiment(16, 16, &[Threads], crowd);
    let with_two: Vec<_> = crowded.runs.iter().cloned().map(|run| Run { workers: 2, ..run }).collect();
    for (times, start) in [(1.0, "Set workers to 2"), (1.5, "Each execution is done sooner with 2 workers")] {
        let mut both = crowded.clone();
        both.runs.extend(with_two.iter().cloned());
        both.compared.push(Setting { workers: 2, ..crowded.compared[0] });
        for (id, run) in both.runs.iter_mut().enumerate() {
            run.id = id as u32;
            let own = if run.workers == 2 { times } else { 1.0 };
            run.makespan_ns = run.makespan_ns.map(|ns| (ns as f64 * own) as u64);
        }
        let said = advice(&both, oversubscription::ID);
        assert!(said.starts_with(start), "{said}");
    }
}
