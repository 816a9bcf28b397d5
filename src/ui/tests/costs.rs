//! What the window shows of launch costs, resources, other programs, and what measuring costs.

use super::{Screen, fixture};
use egui_kittest::kittest::{NodeT, Queryable};
use model::{
    Alive, Event, Owner, Plan, RunEnd, RunEvent, Sample, Slice, SlicesSource, States, StatesSource, Usage,
    event::Sources,
};

/// A run of threads and one of processes, each with slices, states and usage; other programs took 3 ms of each.
fn measured() -> Screen {
    let mut screen = Screen::new();
    let experiment = fixture::experiment(1);
    screen.send(vec![Event::Started(Box::new(experiment.clone()))]);
    for id in 0..2 {
        screen.send(vec![fixture::run_started(&experiment, id)]);
        screen.send(meanwhile(id));
        let mut events = fixture::run_events(&experiment, id, 6_000_000);
        if let Event::Run(_, RunEvent::Executions(executions)) = &mut events[0] {
            for execution in executions {
                let states = States { on_cpu_ns: 700_000, runnable_ns: 200_000, blocked_ns: 100_000, blocked_on: None };
                execution.states = Some(Box::new(states));
                let usage =
                    Usage { user_ns: Some(650_000), minor_faults: Some(17), migrations: Some(3), ..Usage::default() };
                execution.usage = Some(Box::new(usage));
            }
        }
        screen.send(events);
    }
    screen.send(vec![Event::Ended { stopped: false }]);
    screen
}

fn meanwhile(id: u32) -> Vec<Event> {
    let slice = |core, from_ns, to_ns| Slice { from_ns, to_ns, core, owner: Owner::Execution(core), preempted: false };
    let alive = |at_ns, threads| Alive { at_ns, processes: 1, threads };
    let sources =
        Sources { states: Some(StatesSource::SwitchRecords), slices: Some(SlicesSource::SwitchRecords), note: None };
    let events = [
        RunEvent::Sources(sources),
        RunEvent::Slices(vec![slice(0, 1_000_000, 4_000_000), slice(1, 2_000_000, 5_000_000)]),
        RunEvent::Alive(vec![alive(0, 1), alive(1_000_000, 5), alive(5_000_000, 1)]),
        RunEvent::Sample(Sample { from_ns: 0, to_ns: 6_000_000, busy: vec![0.75, 0.75] }),
    ];
    events.map(|event| Event::Run(id, event)).into()
}

#[test]
fn the_costs_tab_has_both_histograms_and_the_curves_of_each_run() {
    let mut screen = Screen::new();
    screen.click("Costs");
    assert!(screen.shows("No costs yet"));
    let mut screen = {
        drop(screen);
        measured()
    };
    screen.click("Costs");
    for text in [
        "Start latency, Threads: p50 2.00 ms · p90 2.00 ms · p99 2.00 ms · max 2.00 ms · 4 executions",
        "Exit to join, Processes: p50 1.00 ms",
        "Executions in the target, threads: at most 4",
        "Executions on a CPU, threads: at most 2, on average 1.00 · exact, from the kernel's records",
        "Threads alive, processes: at most 5",
    ] {
        assert!(screen.shows(text), "{text}");
    }
}

#[test]
fn the_costs_tab_begins_with_the_steps_of_an_execution_in_both_settings() {
    let mut screen = measured();
    screen.click("Costs");
    for text in [
        "What an execution costs",
        "Threads, launching: mean 2.00 ms · median 2.00 ms · quartiles 2.00 ms to 2.00 ms · 4 executions",
        "Processes, on CPU: mean 700 µs",
        "Processes, waiting to be joined: mean 1.00 ms · median 1.00 ms · quartiles 1.00 ms to 1.00 ms · 4 executions",
        "Threads, from launch to join: mean 5.00 ms",
        "on average: about as long.",
    ] {
        assert!(screen.shows(text), "{text}");
    }
    assert!(!screen.shows("First setting"), "there are but two");
    assert!(screen.enabled("Export what an execution costs…"));
}

#[test]
fn with_a_third_setting_any_two_can_be_set_beside_each_other() {
    let mut screen = Screen::new();
    let mut experiment = fixture::experiment(1);
    let pool = model::Setting::of(model::LaunchMode::ThreadPool);
    experiment.compared.push(pool);
    let third = model::experiment::Scheduled { setting: pool, repeat: 0, warmup: false };
    experiment.schedule.push(third);
    screen.send(vec![Event::Started(Box::new(experiment.clone()))]);
    for (id, makespan_ns) in [(0, 6_000_000), (1, 12_000_000), (2, 24_000_000)] {
        screen.send(vec![fixture::run_started(&experiment, id)]);
        screen.send(fixture::run_events(&experiment, id, makespan_ns));
    }
    screen.send(vec![Event::Ended { stopped: false }]);
    screen.click("Costs");
    assert!(screen.shows("took 5.00 ms as threads and 10.0 ms as processes, on average: +5.00 ms (+100 %)"));
    assert!(!screen.shows("Thread pool, launching"));
    screen.click("Second setting");
    screen.click("Thread pool");
    assert!(screen.shows("took 5.00 ms as threads and 20.0 ms in the thread pool"));
    screen.click("First setting");
    screen.harness.query_all_by_label("Thread pool").last().expect("a choice").click();
    screen.settle();
    assert!(screen.shows("took 20.0 ms in the thread pool and 5.00 ms as threads"), "they are exchanged");
}

#[test]
fn where_nothing_succeeded_the_costs_tab_says_when_there_will_be_steps() {
    let mut screen = Screen::new();
    let experiment = fixture::experiment(1);
    screen.send(vec![Event::Started(Box::new(experiment.clone())), fixture::run_started(&experiment, 0)]);
    let mut events = fixture::run_events(&experiment, 0, 6_000_000);
    if let Event::Run(_, RunEvent::Executions(executions)) = &mut events[0] {
        executions[0].outcome = Some(model::Outcome::of(model::OutcomeKind::Failed));
    }
    screen.click("Costs");
    screen.send(events);
    assert!(screen.shows("It comes when a repeat is complete"));
    screen.send(vec![Event::Ended { stopped: false }]);
    assert!(screen.shows("No repeat is complete"));
    assert!(screen.shows("Start latency, Threads"), "launch costs are of all executions");
}

#[test]
fn very_many_slices_are_counted_without_a_frame_that_waits() {
    let mut screen = Screen::new();
    let experiment = fixture::experiment(1);
    screen.send(vec![Event::Started(Box::new(experiment.clone())), fixture::run_started(&experiment, 0)]);
    let slice = |n: u64| Slice {
        from_ns: n * 100,
        to_ns: n * 100 + 50,
        core: 0,
        owner: Owner::Execution((n % 4) as u32),
        preempted: false,
    };
    screen.send(vec![Event::Run(0, RunEvent::Slices((0..60_000).map(slice).collect()))]);
    screen.send(fixture::run_events(&experiment, 0, 6_000_000));
    screen.send(vec![Event::Ended { stopped: false }]);
    screen.click("Costs");
    while !screen.shows("Executions on a CPU, threads: at most 1, on average 0.50") {
        assert!(screen.shows("Executions on a CPU, threads: not known: it is being worked out"));
        std::thread::yield_now();
        screen.settle();
    }
}

#[test]
fn others_are_warned_of_beside_the_run_and_in_the_messages() {
    let mut screen = measured();
    // 75 % of two cores less 6 of 12 ms.
    assert!(screen.shows("Other programs took about 25 % of the machine during this run (an estimate"));
    screen.click("Messages");
    assert!(screen.shows("Other programs took about 25 % of the machine in threads, repeat 1"));
}

#[test]
fn a_quiet_machine_is_not_warned_of() {
    let mut screen = Screen::new();
    let experiment = fixture::experiment(1);
    screen.send(vec![Event::Started(Box::new(experiment.clone())), fixture::run_started(&experiment, 0)]);
    screen.send(fixture::run_events(&experiment, 0, 6_000_000));
    screen.send(vec![Event::Ended { stopped: false }]);
    assert!(!screen.shows("Other programs took"));
}

#[test]
fn the_inspector_says_what_was_used_and_dashes_what_is_unknown() {
    let mut screen = measured();
    screen.click("Executions");
    screen.click("Execution 1");
    for text in [
        "user: 650 µs",
        "system: —",
        "minor page faults: 17",
        "migrations: 3",
        "peak memory: —",
        "on CPU: 700 µs",
        "ready: 200 µs",
        "together: 1.00 ms",
        "exact: switch records and run-queue clock",
    ] {
        assert!(screen.shows(text), "{text}");
    }
    assert!(!screen.shows("system: 0"));
}

#[test]
fn the_table_has_totals_of_the_run() {
    let mut screen = measured();
    screen.click("Table");
    for text in ["Start latency, max", "Exit to join, p90", "In the target: ready"] {
        assert!(screen.shows(text), "{text}");
    }
    let table = screen.bench().state.shown.summary.table.as_ref().expect("a table");
    let cell = |label: &str| table.rows.iter().find(|row| row.label == label).map(|row| row.cell(0));
    assert_eq!(cell("In the target: on CPU").as_deref(), Some("70 %"));
    assert_eq!((cell("Migrations").as_deref(), cell("System time").as_deref()), (Some("12"), Some("—")));
    assert_eq!((cell("Most threads").as_deref(), cell("Most processes").as_deref()), (Some("5"), Some("1")));
}

#[test]
fn the_help_tells_what_measuring_costs_and_measures_it() {
    let mut screen = Screen::new();
    let experiment = fixture::experiment(1);
    screen.send(vec![Event::Started(Box::new(experiment.clone())), fixture::run_started(&experiment, 0)]);
    let mut events = fixture::run_events(&experiment, 0, 6_000_000);
    let end = RunEnd { complete: true, host_share: Some(0.0123), ..RunEnd::default() };
    events[1] = Event::Run(0, RunEvent::Ended { makespan_ns: Some(6_000_000), end });
    screen.send(events);
    screen.send(vec![Event::Ended { stopped: false }]);
    screen.click("Help");
    screen.click("What measuring costs");
    for text in ["a clock read and a store", "1.23 % of the machine", "Nothing of this is subtracted"] {
        assert!(screen.shows(text), "{text}");
    }
    screen.click("Measure now");
    screen.wait_until(|state| !state.session.calibration.is_running());
    for text in ["Threads: stamps", "50.0 µs", "−250 ns", "Medians of 9 interleaved rounds"] {
        assert!(screen.shows(text), "{text}");
    }
}

#[test]
fn how_much_is_measured_can_be_chosen() {
    let mut screen = Screen::new();
    screen.click("More run settings");
    screen.click("Measure");
    screen.click("stamps");
    let plan: &Plan = screen.bench().state.editing.draft.plan();
    assert_eq!(plan.run.measure, model::Measure::Stamps);
    assert!(screen.harness.get_by_label("Measure").accesskit_node().value().is_some() || screen.shows("a clock read"));
}
