//! Steps add up, whatever is missing.

use super::*;
use crate::testing::Builder;
use model::{
    BlockedTotals, Execution,
    LaunchMode::{Processes, Threads},
    Stage, Stamps, States, Usage,
};
use scene::waterfall::drawing;
use statistics::order;

/// Stamps of an execution that was launched at 1,000 and whose steps took this long.
fn steps(execution: &mut Execution, [launching, in_target, exiting, to_be_joined]: [u64; 4]) {
    execution.stamps = Stamps::default();
    let mut at = 1_000;
    execution.stamps.set(Stage::LaunchCalled, at);
    let took = [launching, in_target, exiting, to_be_joined];
    for (stage, ns) in [Stage::Entered, Stage::Left, Stage::Exited, Stage::Joined].into_iter().zip(took) {
        at += ns;
        execution.stamps.set(stage, at);
    }
}

fn states(execution: &mut Execution, [on_cpu_ns, runnable_ns, blocked_ns]: [u64; 3]) {
    execution.states = Some(Box::new(States { on_cpu_ns, runnable_ns, blocked_ns, blocked_on: None }));
}

/// Four executions a setting, as threads and as processes.
fn experiment() -> Experiment {
    let mut experiment = Builder::compare("t").makespans(Threads, &[1.0]).makespans(Processes, &[1.0]).build();
    for (run, launching) in experiment.runs.iter_mut().zip([100, 1_100]) {
        for (execution, more) in run.executions.iter_mut().zip([0, 10, 20, 30]) {
            steps(execution, [launching + more, 1_000, 40, 60]);
            states(execution, [700, 200, 100]);
        }
    }
    experiment
}

fn means(cost: &ExecutionCost) -> Vec<(Step, f64)> {
    cost.steps.iter().map(|cost| (cost.step, cost.times.mean_ns)).collect()
}

#[test]
fn steps_add_up_to_the_span_and_begin_where_the_last_ended() {
    let found = waterfall(&experiment());
    let threads = &found.settings[0];
    let expected = [
        (Step::Launching, 115.0),
        (Step::OnCpu, 700.0),
        (Step::Ready, 200.0),
        (Step::Blocked, 100.0),
        (Step::Exiting, 40.0),
        (Step::ToBeJoined, 60.0),
    ];
    assert_eq!(means(threads), expected);
    assert_eq!((threads.executions, threads.without, threads.repeats), (4, 0, 1));
    let ends: Vec<_> = threads.cascade().map(|(_, from, to)| (from, to)).collect();
    assert!(ends.windows(2).all(|pair| pair[0].1 == pair[1].0));
    assert_eq!((ends[0].0, ends[5].1), (0.0, threads.span.expect("known").mean_ns));
    let launching = threads.step(Step::Launching).expect("known");
    assert_eq!((launching.times.p25_ns, launching.times.p50_ns, launching.times.p75_ns), (107.5, 115.0, 122.5));
}

#[test]
fn the_difference_adds_up_too_and_names_the_step_that_makes_it() {
    let found = waterfall(&experiment()).differences.remove(0);
    assert_eq!((found.span_ns, found.steps.iter().map(|step| step.ns).sum::<f64>()), (1_000.0, 1_000.0));
    let percents: f64 = found.steps.iter().map(|step| step.percent).sum();
    assert!((percents - found.span_percent).abs() < 1e-9 && (found.span_percent - 82.3).abs() < 0.1, "{found:?}");
    assert_eq!(
        found.sentence,
        "From launch to join an execution took 1.22 µs as threads and 2.21 µs as processes, on average: +1.00 µs (+82 \
         %). What differs most: launching (+1.00 µs)."
    );
}

#[test]
fn means_that_a_few_raise_have_the_medians_beside() {
    let mut experiment = experiment();
    let mut second = experiment.runs[0].clone();
    second.repeat = 1;
    experiment.runs.push(second);
    steps(&mut experiment.runs[0].executions[0], [100, 1_000, 40, 9_000_000]);
    let found = waterfall(&experiment).differences.remove(0);
    let expected = " A few slow ones raise these means: half of the executions took at most 1.2";
    assert!(found.sentence.contains(expected), "{}", found.sentence);
}

#[test]
fn about_as_long_names_no_step() {
    let mut experiment = experiment();
    experiment.runs[1].executions = experiment.runs[0].executions.clone();
    let found = waterfall(&experiment).differences.remove(0);
    assert!(found.sentence.ends_with("on average: about as long."), "{}", found.sentence);
    assert!(!found.sentence.contains("differs"));
}

#[test]
fn states_that_some_executions_lack_are_a_step_of_their_own() {
    let mut experiment = experiment();
    experiment.runs[0].executions[3].states = None;
    let found = waterfall(&experiment);
    let threads = &found.settings[0];
    assert_eq!((threads.mean_ns(Step::OnCpu), threads.mean_ns(Step::InTarget)), (525.0, 250.0));
    let total: f64 = threads.steps.iter().map(|cost| cost.times.mean_ns).sum();
    assert_eq!(total, threads.span.expect("known").mean_ns);
    let on_cpu = threads.step(Step::OnCpu).expect("known of three");
    assert_eq!((on_cpu.executions, on_cpu.times.p50_ns), (3, 700.0));
    let steps: Vec<Step> = found.differences[0].steps.iter().map(|apart| apart.step).collect();
    assert_eq!(steps, [Step::Launching, Step::InTarget, Step::Exiting, Step::ToBeJoined], "nothing is made up");
    assert_eq!(found.differences[0].steps[1].ns, 0.0);
}

#[test]
fn without_states_the_target_is_one_step() {
    let mut experiment = experiment();
    experiment.runs.iter_mut().flat_map(|run| &mut run.executions).for_each(|execution| execution.states = None);
    let found = waterfall(&experiment);
    let steps: Vec<Step> = found.settings[0].steps.iter().map(|cost| cost.step).collect();
    assert_eq!(steps, [Step::Launching, Step::InTarget, Step::Exiting, Step::ToBeJoined]);
}

#[test]
fn stamps_out_of_order_and_missing_ones_lose_no_time() {
    let mut experiment = experiment();
    let [first, second, third, _] = &mut experiment.runs[0].executions[..] else { panic!("four") };
    // The result was taken before the worker said that it was done.
    first.stamps.set(Stage::Exited, 9_000);
    first.stamps.set(Stage::Joined, 2_150);
    second.stamps = Stamps::default();
    // States that don't add up to the time in the target don't count.
    states(third, [1, 1, 1]);
    let found = of_setting(&experiment, experiment.compared[0]);
    assert_eq!((found.executions, found.without), (3, 1));
    let total: f64 = found.steps.iter().map(|cost| cost.times.mean_ns).sum();
    assert!((total - found.span.expect("known").mean_ns).abs() < 1e-9);
    assert_eq!(found.step(Step::InTarget).map(|cost| cost.executions), Some(1));
}

#[test]
fn what_has_no_complete_repeat_says_so() {
    let experiment = Builder::compare("t").crash(Threads, 2).makespans(Processes, &[1.0]).build();
    let found = waterfall(&experiment);
    assert_eq!((found.settings[0].span, found.settings[0].steps.len()), (None, 0));
    assert!(found.settings[0].note.as_ref().is_some_and(|note| note.contains("No repeat is complete")));
    assert!(found.settings[1].note.is_none() && found.differences.is_empty());
}

#[test]
fn memory_is_shared_out_among_those_in_flight_and_processes_have_their_own() {
    let mut experiment = experiment();
    for (execution, mib) in experiment.runs[1].executions.iter_mut().zip([3, 1, 2, 2]) {
        execution.usage = Some(Box::new(Usage { max_rss_bytes: Some(mib << 20), ..Usage::default() }));
    }
    let found = waterfall(&experiment);
    let [threads, processes] = &found.settings[..] else { panic!("two") };
    assert_eq!(threads.memory_share_bytes.map(|share| share.p50), Some(f64::from(12 << 20)), "24 MiB of two lanes");
    assert_eq!(words::memory(threads), ["at most 12.0 MiB each"]);
    assert_eq!(processes.own_memory_bytes.map(|own| own.p50), Some(f64::from(2 << 20)));
    assert_eq!(words::memory(processes)[1], "own process 2.00 MiB (1.75 MiB to 2.25 MiB)");
}

#[test]
fn quartiles_are_those_of_sorted_values() {
    for count in [1, 2, 3, 4, 5, 101] {
        let values: Vec<f64> = (0..count).map(|i| f64::from((i * 37) % 101)).collect();
        let found = quartiles(&mut values.clone()).expect("values");
        let sorted = order::sorted(&values);
        let expected = [0.25, 0.5, 0.75].map(|p| order::quantile(&sorted, p).expect("values"));
        assert_eq!([found.p25, found.p50, found.p75], expected, "{count}");
    }
    assert_eq!(quartiles(&mut []), None);
}

#[test]
fn differences_have_a_sign_and_percents_decimals_where_they_are_small() {
    assert_eq!([402_300.0, -12.0, 0.2].map(words::signed), ["+402 µs", "−12 ns", "±0 s"]);
    assert_eq!([84.4, -9.96, 0.31, -0.04].map(words::signed_percent), ["+84 %", "−10 %", "+0.3 %", "±0.0 %"]);
}

#[test]
fn a_drawing_has_a_bar_for_each_setting_and_parts_by_what_blocked_it() {
    let mut experiment = experiment();
    let on = BlockedTotals { gil_ns: 60, sleep_ns: 40, ..Default::default() };
    for execution in &mut experiment.runs[0].executions {
        execution.states.as_mut().expect("known").blocked_on = Some(on);
    }
    let found = waterfall(&experiment);
    let shown = shown(&experiment);
    let costs: Vec<_> = found.settings.iter().zip(shown.clone()).collect();
    let drawing = drawing(&costs, &shown).expect("two settings");
    let names: Vec<_> = drawing.rows.iter().map(|row| row.name).collect();
    let steps = ["launching", "on CPU", "ready", "blocked", "exiting", "waiting to be joined", "together"];
    assert_eq!(names, steps);
    assert!(drawing.rows.iter().all(|row| row.bars.len() == 2));
    let blocked = &drawing.rows[3].bars[0];
    assert_eq!(blocked.pieces.iter().map(|piece| piece.to_ns - piece.from_ns).collect::<Vec<_>>(), [60.0, 40.0]);
    assert!(
        blocked.details.ends_with("4 executions · by samples on the GIL 60 %, a sleep 40 %"),
        "{}",
        blocked.details
    );
    assert_eq!(drawing.rows[3].bars[1].pieces.len(), 1, "nobody looked at these");
    assert_eq!(drawing.rows[3].kinds.iter().map(|(_, word)| *word).collect::<Vec<_>>(), ["the GIL", "a sleep"]);
    let processes = &drawing.rows[0].bars[1];
    assert_eq!((processes.value.as_str(), processes.apart.as_deref()), ("1.11 µs", Some("+1.00 µs (+82 %)")));
    let whole = &drawing.rows[6].bars[1];
    assert_eq!((whole.ends(), drawing.end_ns), ((0.0, 2_215.0), 2_215.0));
    assert_eq!(drawing.sentences, [found.differences[0].sentence.clone()]);
    assert_eq!(drawing.memory.len(), 2);
}

#[test]
fn a_setting_without_times_is_named_and_the_other_drawn() {
    let experiment = Builder::compare("t").crash(Threads, 2).makespans(Processes, &[1.0]).build();
    let (found, shown) = (waterfall(&experiment), shown(&experiment));
    let costs: Vec<_> = found.settings.iter().zip(shown.clone()).collect();
    let half = drawing(&costs, &shown).expect("processes");
    assert!(half.rows.iter().all(|row| row.bars.iter().all(|bar| bar.setting == 1 && bar.apart.is_none())));
    assert!(half.sentences[0].starts_with("Threads: No repeat is complete"), "{:?}", half.sentences);
    assert_eq!(drawing(&costs[..1], &shown), None);
}
