//! Launches: 10,000 empty executions through the engine against bare loops of `std::thread` and of fork, two in flight.
//!
//! `cargo bench --bench launch`. Every figure is a ratio of medians of interleaved repeats in one run; each peer runs in a
//! fresh process of its own, as a runner does.

use spawnscope::{
    engine::{Command, Engine, Request},
    model::{Args, Event, Experiment, LaunchMode, Plan, Target, Task},
};
use std::{collections::VecDeque, process, time::Instant};

const LAUNCHES: u32 = 10_000;
const IN_FLIGHT: usize = 2;
const REPEATS: usize = 9;

fn main() {
    let args: Vec<String> = std::env::args().collect();
    match args.get(1).map(String::as_str) {
        Some("peer-threads") => print_ns(bare_threads),
        Some("peer-forks") => print_ns(bare_forks),
        _ => table(),
    }
}

fn table() {
    println!("{LAUNCHES} empty executions, {IN_FLIGHT} in flight, medians of {REPEATS} interleaved repeats");
    println!(
        "{:<10} {:>12} {:>12} {:>12} {:>8} {:>12}",
        "mode", "bare ms", "run ms", "whole ms", "run ÷", "whole ÷ bare"
    );
    for (mode, peer) in [(LaunchMode::Threads, "peer-threads"), (LaunchMode::Processes, "peer-forks")] {
        let (mut bare, mut run, mut whole) = (Vec::new(), Vec::new(), Vec::new());
        for _ in 0..REPEATS {
            bare.push(peer_ms(peer));
            let (run_ms, whole_ms) = engine_ms(mode);
            run.push(run_ms);
            whole.push(whole_ms);
        }
        let [bare, run, whole] = [bare, run, whole].map(median);
        println!("{mode:<10} {bare:>12.1} {run:>12.1} {whole:>12.1} {:>8.3} {:>12.3}", run / bare, whole / bare);
    }
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

fn print_ns(work: fn()) {
    let start = Instant::now();
    work();
    println!("{}", start.elapsed().as_nanos());
}

fn peer_ms(peer: &str) -> f64 {
    let own = std::env::current_exe().expect("the bench's own file");
    let output = process::Command::new(own).arg(peer).output().expect("the peer runs");
    let text = String::from_utf8(output.stdout).expect("a number");
    text.trim().parse::<f64>().expect("nanoseconds") / 1e6
}

fn bare_threads() {
    let mut running = VecDeque::new();
    for _ in 0..LAUNCHES {
        if running.len() == IN_FLIGHT {
            let oldest: std::thread::JoinHandle<()> = running.pop_front().expect("one runs");
            oldest.join().expect("an empty thread");
        }
        running.push_back(std::thread::spawn(|| ()));
    }
    running.into_iter().for_each(|thread| thread.join().expect("an empty thread"));
}

fn bare_forks() {
    let mut running = 0;
    for _ in 0..LAUNCHES {
        if running == IN_FLIGHT {
            wait_any();
            running -= 1;
        }
        // SAFETY: this process has one thread, and the child does nothing but end.
        match unsafe { libc::fork() } {
            0 => unsafe { libc::_exit(0) },
            child => assert!(child > 0, "the system forks"),
        }
        running += 1;
    }
    (0..running).for_each(|_| wait_any());
}

fn wait_any() {
    // SAFETY: no status is asked for.
    assert!(unsafe { libc::wait(std::ptr::null_mut()) } > 0, "a child ends");
}

/// The run's makespan, and the whole time from the request to the end of the experiment.
fn engine_ms(mode: LaunchMode) -> (f64, f64) {
    let mut task = Task::new(Target::parse("sleep"));
    task.count = LAUNCHES;
    task.args = Args::Named([("seconds".to_owned(), 0.0.into())].into());
    let mut plan = Plan::empty("empty");
    plan.run.mode = mode;
    plan.run.workers = IN_FLIGHT as u32;
    plan.run.repeat = 1;
    plan.run.warmup = 0;
    plan.tasks.push(task);
    let engine = Engine::with_runner(env!("CARGO_BIN_EXE_spawnscope").into(), || ()).expect("the engine starts");
    let start = Instant::now();
    engine.send(Command::Launch(Box::new(Request::run(plan))));
    let experiment = follow(&engine);
    let whole = start.elapsed().as_nanos() as f64;
    assert!(experiment.succeeded(), "{:?}", experiment.message);
    (experiment.runs[0].makespan_ns.expect("complete") as f64 / 1e6, whole / 1e6)
}

fn follow(engine: &Engine) -> Experiment {
    let mut experiment = None;
    for event in engine.events().iter().flatten() {
        match &event {
            Event::Started(started) => experiment = Some((**started).clone()),
            Event::Failed(message) => panic!("{message}"),
            _ => {}
        }
        if let Some(experiment) = &mut experiment {
            experiment.apply(&event);
            if experiment.ended {
                return experiment.clone();
            }
        }
    }
    panic!("the engine ended")
}
