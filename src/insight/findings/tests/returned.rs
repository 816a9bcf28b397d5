//! Rules about what executions returned, and about an event loop that is kept.

use super::*;
use model::{LaunchMode::Asyncio, LoopKept, Setting};
use serde_json::{Value, json};

/// Runs in two modes in which an execution returned what `result` says of mode, repeat and id.
fn returned(modes: [LaunchMode; 2], result: impl Fn(LaunchMode, u32, u32) -> Value) -> Experiment {
    let mut experiment = experiment(4, 4, &modes, |_, _| {});
    for run in &mut experiment.runs {
        let (mode, repeat) = (run.mode, run.repeat);
        run.executions.iter_mut().for_each(|it| it.result = Some(result(mode, repeat, it.id)));
    }
    experiment
}

const OF_RESULTS: [&str; 4] = [results::DIFFER, results::ORDER, results::EQUAL, results::NEVER_RUN];

fn said(experiment: &Experiment) -> Vec<String> {
    let all = findings(experiment);
    all.iter().for_each(|finding| sound(experiment, finding));
    let told = all.into_iter().map(|finding| finding.id);
    told.filter(|id| OF_RESULTS.contains(&id.as_str())).collect()
}

#[test]
fn updates_that_threads_lose_are_told_first() {
    let counter = |mode, repeat: u32, id: u32| match mode {
        Sequential => json!(2_000 * (id + 1)),
        _ => json!(2_000 + 37 * repeat + id),
    };
    let experiment = returned([Threads, Sequential], counter);
    let found = &findings(&experiment)[0];
    assert_eq!((found.id.as_str(), found.title.as_str()), (results::ORDER, "Updates are lost"));
    assert!(found.sentence.contains("8,000 in sequence, and never more than 2,188 as threads"), "{}", found.sentence);
    assert!(found.sentence.ends_with("A wrong result is not a fast one."), "{}", found.sentence);
    assert_eq!(
        (&found.evidence["greatest_count"], &found.evidence["greatest_elsewhere_count"]),
        (&2_188.into(), &8_000.into())
    );
}

#[test]
fn a_counter_behind_a_lock_loses_none_though_its_order_varies() {
    let counter = |mode, repeat: u32, id: u32| match mode {
        Sequential => json!(2_000 * (id + 1)),
        _ => json!(8_000 - (id + repeat) % 4),
    };
    let experiment = returned([Threads, Sequential], counter);
    assert_eq!(said(&experiment), [results::ORDER]);
    let found = finding(&experiment, results::ORDER);
    assert!(!found.sentence.contains("lost") && found.title == "Results depend on the order", "{}", found.sentence);
}

#[test]
fn two_ways_that_agree_with_themselves_and_not_with_each_other_differ() {
    let own = |mode, _, id: u32| json!(if mode == Processes { 2_000 } else { 2_000 * (id + 1) });
    let experiment = returned([Processes, Sequential], own);
    assert_eq!(said(&experiment), [results::DIFFER]);
    let found = finding(&experiment, results::DIFFER);
    assert!(found.sentence.contains("of 4 executions 3 differ"), "{}", found.sentence);
}

#[test]
fn what_varies_everywhere_or_nowhere_is_said_nothing_of() {
    let nothing: [fn(LaunchMode, u32, u32) -> Value; 3] = [
        |_, _, id| json!(id),
        // Process numbers, times: different in each repeat of both.
        |mode, repeat, id| json!(format!("{mode} {repeat} {id}")),
        |_, _, _| Value::Null,
    ];
    for result in nothing {
        assert_eq!(said(&returned([Threads, Sequential], result)), [""; 0]);
    }
    let mut two = returned([Threads, Sequential], |mode, _, id| json!(format!("{mode} {id}")));
    two.runs.retain(|run| run.repeat < 2);
    assert_eq!(said(&two), [""; 0], "two repeats may agree by chance");
}

#[test]
fn one_random_state_in_forked_processes_is_told_where_sequence_has_many() {
    let drawn = |forked: bool| {
        move |mode: LaunchMode, repeat: u32, id: u32| {
            let same = mode == Processes && forked;
            json!(
                f64::from(repeat * 10 + if same { 0 } else { id }) * 0.137 + if mode == Processes { 0.5 } else { 0.0 }
            )
        }
    };
    let experiment = returned([Processes, Sequential], drawn(true));
    assert_eq!(said(&experiment), [results::EQUAL]);
    assert_eq!(finding(&experiment, results::EQUAL).evidence["equal_count"], 4);
    assert_eq!(said(&returned([Processes, Sequential], drawn(false))), [""; 0]);
    // Equal in sequence too: these are no random numbers.
    assert_eq!(said(&returned([Processes, Sequential], |_, repeat, _| json!(repeat))), [""; 0]);
}

#[test]
fn what_was_made_and_never_run_is_told() {
    let made = |text: &'static str| {
        returned([Threads, Sequential], move |_, repeat, id| json!(format!("{text} at 0x7f{repeat}{id}>")))
    };
    for (text, word) in [
        ("<generator object count", "a generator"),
        ("<coroutine object fetch", "a coroutine"),
        ("<async_generator object rows", "an async generator"),
    ] {
        let experiment = made(text);
        assert_eq!(said(&experiment), [results::NEVER_RUN]);
        let found = finding(&experiment, results::NEVER_RUN);
        assert!(
            found.sentence.contains(word) && found.sentence.contains("So did all 4 executions"),
            "{}",
            found.sentence
        );
    }
    assert_eq!(said(&made("'<generator object count")), [""; 0], "a text");
}

/// Coroutines of 250 ms in one thread; each begins when `begins` says.
fn coroutines(begins: impl Fn(u32) -> u64) -> Experiment {
    let mut experiment = experiment(4, 4, &[Threads], |_, _| {});
    experiment.compared[0] = Setting { mode: Asyncio, start_method: None, ..experiment.compared[0] };
    for run in &mut experiment.runs {
        (run.mode, run.start_method) = (Asyncio, None);
        for execution in &mut run.executions {
            (execution.pid, execution.tid, execution.states) = (Some(7), Some(7), None);
            let begin = 1_000_000 + begins(execution.id);
            let stamps = &mut execution.stamps;
            stamps.set(Stage::LaunchCalled, 500_000 + u64::from(execution.id));
            stamps.set(Stage::Entered, begin);
            [Stage::Left, Stage::Exited, Stage::Joined]
                .into_iter()
                .for_each(|stage| stamps.set(stage, begin + 249_000_000));
        }
    }
    experiment
}

#[test]
fn a_loop_that_is_never_given_back_is_told_and_one_that_is_awaited_is_not() {
    let kept = coroutines(|id| 249_000_000 * u64::from(id));
    let found = finding(&kept, loop_kept::ID);
    sound(&kept, &found);
    assert!(found.sentence.contains("3 others were ready to begin"), "{}", found.sentence);
    assert_eq!(ids(&kept), [loop_kept::ID], "neither overlapping waits nor the order of joins");
    let awaited = coroutines(|id| 20_000 * u64::from(id));
    assert!(ids(&awaited).contains(&event_loop::ID.to_owned()) && !ids(&awaited).contains(&loop_kept::ID.to_owned()));
    // Steps after all others began, short ones, and ones beside which nobody was.
    let steps = |steps: &[(u32, u64, u64)]| {
        let mut experiment = coroutines(|id| 20_000 * u64::from(id));
        let step = |it: &(u32, u64, u64)| LoopKept { execution: it.0, from_ns: it.1, to_ns: it.2 };
        for run in &mut experiment.runs {
            (run.makespan_ns, run.loop_kept) = (Some(300_000_000), steps.iter().map(step).collect());
        }
        experiment
    };
    let late = steps(&[(3, 20_000_000, 220_000_000)]);
    let found = finding(&late, loop_kept::ID);
    sound(&late, &found);
    assert!(found.sentence.contains("none of the 3 others that had begun could go on"), "{}", found.sentence);
    for harmless in [&[(3, 20_000_000, 25_000_000)][..], &[(0, 500_000, 900_000)], &[]] {
        assert!(!ids(&steps(harmless)).contains(&loop_kept::ID.to_owned()), "{harmless:?}");
    }
    // A coroutine that computes for a moment keeps nobody.
    assert!(!ids(&coroutines(|id| 2_000_000 * u64::from(id))).contains(&loop_kept::ID.to_owned()));
}
