//! Rules that hold threads against processes, or many against one.

use super::*;
use model::{InterpreterFacts, Machine, Setting, StartMethod};

/// CPU time of a thread, as multiples of what a process takes for it, and how often the CPU was given away.
fn threads_pay(user: f64, system: f64, switches: u64) -> Experiment {
    both(move |mode, execution| {
        let work = execution.stamps.in_target_ns().unwrap_or(0) / 10;
        let (user, system, switches) = if mode == Threads { (user, system, switches) } else { (1.0, 0.2, 1) };
        used(execution, (work as f64 * user) as u64, (work as f64 * system) as u64);
        execution.usage.as_mut().expect("known").voluntary_switches = Some(switches);
    })
}

const SHARING: [&str; 3] = [kernel::ID, cache_line::ID, lock::ID];

#[test]
fn what_grows_tells_the_kernel_a_cache_line_and_a_lock_apart() {
    for ((user, system, switches), expected) in
        [((1.0, 4.0, 5_000), kernel::ID), ((3.0, 0.2, 1), cache_line::ID), ((5.0, 1.5, 5_000), lock::ID)]
    {
        let experiment = threads_pay(user, system, switches);
        let found = finding(&experiment, expected);
        sound(&experiment, &found);
        assert!(found.sentence.starts_with("As threads"), "{}", found.sentence);
        let others: Vec<_> = ids(&experiment).into_iter().filter(|id| SHARING.contains(&id.as_str())).collect();
        assert_eq!(others, [expected], "{user} {system} {switches}");
    }
    for (user, system, switches) in [(1.0, 0.2, 1), (1.2, 0.25, 1), (1.0, 0.2, 5_000)] {
        let none = ids(&threads_pay(user, system, switches));
        assert!(!none.iter().any(|id| SHARING.contains(&id.as_str())), "{none:?}");
    }
}

#[test]
fn a_gil_that_goes_to_and_fro_is_no_contention_in_the_kernel() {
    let found = |gil: bool, switches: u64| {
        ids(&in_python(threads_pay(1.0, 4.0, switches), gil)).contains(&kernel::ID.to_owned())
    };
    assert_eq!((found(true, 50_000), found(true, 500), found(false, 50_000)), (false, true, true));
}

#[test]
fn what_the_other_side_has_nothing_of_is_not_so_many_times_as_much() {
    let mut experiment = threads_pay(1.0, 4.0, 5_000);
    for execution in experiment.runs.iter_mut().filter(|run| run.mode == Processes).flat_map(|run| &mut run.executions)
    {
        execution.usage.as_mut().expect("known").system_ns = Some(0);
    }
    let found = finding(&experiment, kernel::ID);
    assert!(
        found.evidence.contains_key("system_ns") && !found.evidence.contains_key("system_growth_ratio"),
        "{found:?}"
    );
}

#[test]
fn a_growth_in_two_repeats_is_an_anecdote() {
    let mut experiment = threads_pay(3.0, 0.2, 1);
    experiment.runs.retain(|run| run.repeat < 2);
    assert!(!ids(&experiment).contains(&cache_line::ID.to_owned()));
}

#[test]
fn memory_is_told_where_processes_too_take_more_cpu_time_than_one_alone() {
    let grown = |ratio: f64| {
        let mut experiment = experiment(4, 2, &[Threads, Processes, Sequential], |_, _| {});
        for run in &mut experiment.runs {
            let ratio = if run.mode == Sequential { 1.0 } else { ratio };
            for execution in &mut run.executions {
                let states = execution.states.as_mut().expect("known");
                let on_cpu_ns = (100_000_000.0 * ratio) as u64;
                states.on_cpu_ns = on_cpu_ns;
                used(execution, on_cpu_ns, 0);
            }
        }
        experiment.compared.retain(|setting| setting.mode != Sequential);
        experiment.machine = Machine { physical_cores: Some(2), ..experiment.machine };
        experiment
    };
    let mut traffic = grown(1.6);
    let found = finding(&traffic, memory::ID);
    sound(&traffic, &found);
    assert_eq!(found.evidence["on_cpu_growth_ratio"], 1.6);
    assert!(found.sentence.contains("Inferred"), "{}", found.sentence);
    assert!(!ids(&grown(1.1)).contains(&memory::ID.to_owned()));
    traffic.machine.physical_cores = Some(1);
    assert!(!ids(&traffic).contains(&memory::ID.to_owned()), "two hardware threads share a core");
}

#[test]
fn what_faults_and_switches_explain_is_no_cache_line_and_no_memory() {
    let grown = |faults: u64, switches: u64| {
        let mut experiment = threads_pay(3.0, 0.2, 1);
        for execution in
            experiment.runs.iter_mut().filter(|run| run.mode == Threads).flat_map(|run| &mut run.executions)
        {
            let usage = execution.usage.as_mut().expect("known");
            (usage.minor_faults, usage.involuntary_switches) = (Some(faults), Some(switches));
        }
        for execution in
            experiment.runs.iter_mut().filter(|run| run.mode != Threads).flat_map(|run| &mut run.executions)
        {
            let usage = execution.usage.as_mut().expect("known");
            (usage.minor_faults, usage.involuntary_switches) = (Some(0), Some(0));
        }
        ids(&experiment)
    };
    // Each takes 100 ms more in user mode.
    assert!(grown(100, 100).contains(&cache_line::ID.to_owned()));
    assert!(!grown(60_000, 0).contains(&cache_line::ID.to_owned()), "new memory, not a cache line");
    assert!(!grown(0, 20_000).contains(&cache_line::ID.to_owned()), "switches, not a cache line");
}

#[test]
fn microseconds_are_no_memory_traffic() {
    let mut experiment = experiment(2, 2, &[Processes, Sequential], |_, _| {});
    for run in &mut experiment.runs {
        let on_cpu_ns = if run.mode == Sequential { 5_000 } else { 40_000 };
        for execution in &mut run.executions {
            let entered = execution.stamps.get(Stage::Entered).expect("stamps");
            execution.stamps.set(Stage::Left, entered + on_cpu_ns);
            busy(execution);
        }
    }
    experiment.machine = Machine { physical_cores: Some(2), ..experiment.machine };
    assert!(!ids(&experiment).contains(&memory::ID.to_owned()));
}

#[test]
fn threads_of_an_interpreter_that_are_able_at_once_have_given_its_lock_away() {
    let beside = |processes: f64, shares: [f64; 7]| {
        let mut experiment = Builder::compare("t")
            .python("python3")
            .makespans(Threads, &[1.0; 6])
            .makespans(Processes, &[processes; 6])
            .build();
        experiment.runs.iter_mut().flat_map(|run| &mut run.executions).for_each(|execution| did(execution, shares));
        experiment
    };
    let python = |shares| beside(1.0, shares);
    let released = python([0.9, 0.08, 0.02, 0.0, 0.0, 0.0, 0.0]);
    let found = finding(&released, at_once::ID);
    sound(&released, &found);
    assert!(found.sentence.contains("give its lock away"), "{}", found.sentence);
    assert!(found.advice.starts_with("Threads are enough"), "{}", found.advice);
    // They run at once though processes are faster by a little; where processes are faster by much, threads don't
    // suffice.
    let slightly = finding(&beside(0.94, [0.9, 0.08, 0.02, 0.0, 0.0, 0.0, 0.0]), at_once::ID);
    assert!(slightly.advice.contains("Processes are 1.06 × faster than threads"), "{}", slightly.advice);
    assert!(!ids(&beside(0.5, [0.9, 0.08, 0.02, 0.0, 0.0, 0.0, 0.0])).contains(&at_once::ID.to_owned()));
    assert!(!ids(&python([0.5, 0.0, 0.5, 0.0, 0.0, 0.0, 0.0])).contains(&at_once::ID.to_owned()));
    let mut free = released.clone();
    for run in &mut free.runs {
        let facts = run.interpreter_facts.take().expect("known");
        run.interpreter_facts = Some(InterpreterFacts { gil_enabled: Some(false), ..facts });
    }
    assert!(!ids(&free).contains(&at_once::ID.to_owned()), "there is no lock to give away");
}

#[test]
fn side_by_side_is_told_where_one_after_another_was_compared() {
    let built = |sequential: f64| {
        let builder = Builder::compare("t").without_samples();
        let mut experiment = builder.makespans(Sequential, &[sequential; 6]).makespans(Processes, &[1.0; 6]).build();
        experiment.runs.iter_mut().flat_map(|run| &mut run.executions).for_each(busy);
        experiment
    };
    let mut experiment = built(2.0);
    for loss in [1.0, 0.5] {
        assert!(!ids(&built(loss)).contains(&at_once::ID.to_owned()), "the verdict says otherwise");
    }
    let found = finding(&experiment, at_once::ID);
    sound(&experiment, &found);
    assert!(found.sentence.contains("in sequence, one works after another"), "{}", found.sentence);
    experiment.compared.retain(|setting| setting.mode != Sequential);
    assert!(!ids(&experiment).contains(&at_once::ID.to_owned()), "a baseline is not compared");
}

#[test]
fn start_methods_that_launch_much_slower_are_named() {
    let methods = |slow_ns: u64| {
        let mut experiment = both(|_, _| {});
        experiment.compared[0] = Setting { start_method: Some(StartMethod::Spawn), ..experiment.compared[1] };
        for run in experiment.runs.iter_mut().filter(|run| run.mode == Threads) {
            (run.mode, run.start_method) = (Processes, Some(StartMethod::Spawn));
            for execution in &mut run.executions {
                let called = execution.stamps.get(Stage::LaunchCalled).expect("called");
                execution.stamps.set(Stage::Entered, called + slow_ns);
            }
        }
        experiment
    };
    let slow = methods(200_000_000);
    let found = finding(&slow, start_methods::ID);
    sound(&slow, &found);
    assert!(
        found.sentence.starts_with("With spawn an execution takes 200 ms to launch, with fork"),
        "{}",
        found.sentence
    );
    assert!(!ids(&methods(470_000)).contains(&start_methods::ID.to_owned()));
}
