//! What is sent between processes, and calls through pools.

use super::*;
use model::{
    LaunchMode::{ProcessPool, ThreadPool},
    Sending,
    sending::Span,
};

/// Pools of threads and of processes; calls are in their targets for `in_target` ns, one after another in each lane, and those
/// of processes were on their way back for `returning` ns, with so many bytes.
fn pools(count: u32, in_target: u64, returning: u64, bytes: u64) -> Experiment {
    let builder = Builder::compare("t").python("python3").executions(count, 2).without_samples();
    let each = in_target + returning + 20_000;
    let secs = f64::from(count / 2) * each as f64 / 1e9;
    let builder = builder.makespans(ThreadPool, &[secs / 4.0; 6]).makespans(ProcessPool, &[secs; 6]);
    let mut experiment = builder.build();
    for run in &mut experiment.runs {
        let isolated = run.mode == ProcessPool;
        for execution in &mut run.executions {
            let from = u64::from(execution.id / 2) * if isolated { each } else { each / 4 };
            let entered = from + 20_000;
            let left = entered + if isolated { in_target } else { in_target.min(each / 5) };
            let stamps =
                [0, 0, 1_000, entered, left, left, (left + returning).min((run.makespan_ns).unwrap_or(u64::MAX))];
            Stage::ALL.into_iter().zip(stamps).for_each(|(stage, ns)| execution.stamps.set(stage, ns));
            execution.queued = true;
            let span = |from_ns, to_ns| Some(Span { from_ns, to_ns });
            let sending = Sending {
                argument_bytes: Some(60),
                pickled: span(from, from + 5_000),
                worker_free_ns: Some(from),
                unpickled: span(from + 10_000, entered),
                result_bytes: Some(bytes),
                result_pickled: span(left, left + returning / 4),
                result_unpickled: span(left + returning / 2, left + returning),
                ..Sending::default()
            };
            execution.sending = isolated.then(|| Box::new(sending));
            busy(execution);
        }
    }
    experiment
}

#[test]
fn big_results_are_sent_and_nothing_of_it_is_starting() {
    let experiment = pools(6, 5_000_000, 40_000_000, 40_000_000);
    let found = finding(&experiment, "sending");
    sound(&experiment, &found);
    assert!(found.sentence.contains("its result (38.1 MiB) takes 40.0 ms to be returned"), "{}", found.sentence);
    assert!(!found.sentence.contains("its arguments"), "{}", found.sentence);
    assert_eq!(found.evidence["returning_ns"], 40_000_000);
    assert_eq!(ids(&experiment)[0], "sending");
    assert!(!ids(&experiment).iter().any(|id| id == "start-cost-dominates"), "{:?}", ids(&experiment));
}

#[test]
fn short_calls_are_told_what_to_do_and_long_ones_nothing() {
    let experiment = pools(200, 1_500, 60_000, 45);
    let found = finding(&experiment, "sending");
    sound(&experiment, &found);
    assert!(found.advice.contains("chunksize"), "{}", found.advice);
    assert!(found.sentence.contains("the call itself 1.50 µs"), "{}", found.sentence);
    assert!(!ids(&experiment).iter().any(|id| id == "start-cost-dominates"), "{:?}", ids(&experiment));
    let long = pools(20, 50_000_000, 100_000, 45);
    assert!(!ids(&long).iter().any(|id| id == "sending"), "{:?}", ids(&long));
}

/// A task that computes and one of short calls; `ping_ns` is how long the latter takes in threads, all but 300 µs of it blocked.
fn beside_one_that_computes(ping_ns: u64) -> Experiment {
    let builder = Builder::compare("t").python("python3").executions(2, 2).without_samples();
    let mut experiment = builder.makespans(Threads, &[0.2; 6]).baseline(&[0.2; 3]).build();
    for run in &mut experiment.runs {
        let threads = run.mode == Threads;
        run.executions.iter_mut().for_each(busy);
        let ping = &mut run.executions[1];
        (ping.task_index, ping.task) = (1, "ping".into());
        let length = if threads { ping_ns } else { 300_000 };
        let entered = ping.stamps.get(Stage::Entered).expect("known");
        [Stage::Left, Stage::Exited].into_iter().for_each(|stage| ping.stamps.set(stage, entered + length));
        let blocked = (length - 300_000) as f64 / length as f64;
        did(ping, [1.0 - blocked, 0.0, blocked, 0.0, 0.0, 0.0, 0.0]);
    }
    experiment
}

#[test]
fn short_calls_beside_one_that_computes_wait_for_the_gil() {
    let experiment = beside_one_that_computes(5_500_000);
    let found = finding(&experiment, "short-calls-wait-for-gil");
    sound(&experiment, &found);
    assert!(found.sentence.contains("ping takes 5.50 ms, and 300 µs in sequence"), "{}", found.sentence);
    assert_eq!(found.evidence["in_target_apart_ns"], 300_000);
    let quick = ids(&beside_one_that_computes(400_000));
    assert!(!quick.iter().any(|id| id == "short-calls-wait-for-gil"), "nothing was lost: {quick:?}");
}
