//! What launching costs: 10,000 empty executions through the engine compared with bare loops of `std::thread` and of fork,
//! two in flight; and 200 executions of 10 ms of CPU time compared with a bare loop of threads that does the same work. Each
//! is measured at every level.
//!
//! `cargo bench --bench launch`. Every figure is a ratio of medians of interleaved repeats; each bare loop runs in a fresh
//! process, as a runner does.

#![allow(unsafe_code, reason = "the peers are bare calls of the system")]

use spawnscope::{
    engine::{Command, Engine, Request},
    model::{Args, Event, Experiment, LaunchMode, Measure, Plan, Target, Task},
    os,
    targets::{self, Context, Params},
};
use std::{collections::VecDeque, process, time::Instant};

const LAUNCHES: u32 = 10_000;
const WORKS: u32 = 200;
const WORK_NS: f64 = 10e6;
const IN_FLIGHT: usize = 2;
const REPEATS: usize = 9;

fn main() {
    let args: Vec<String> = std::env::args().collect();
    match args.get(1).map(String::as_str) {
        Some("peer-threads") => print_ns(|| bare_threads(LAUNCHES, || ())),
        Some("peer-forks") => print_ns(bare_forks),
        Some("peer-work") => {
            let limit = args[2].parse().expect("a limit of primes");
            print_ns(|| bare_threads(WORKS, move || count_primes(limit)));
        }
        _ => table(),
    }
}

/// What is launched, and the bare loop that it is compared with.
struct Row {
    title: &'static str,
    peer: Vec<String>,
    mode: LaunchMode,
    task: Task,
    /// The bound of the ratio at each level of measurement, if there is one.
    bounds: [Option<f64>; 3],
}

fn rows() -> [Row; 3] {
    let limit = limit_that_takes(WORK_NS);
    let empty = || task("sleep", "seconds", 0.0.into(), LAUNCHES);
    let work = task("primes", "limit", limit.into(), WORKS);
    let peer = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
    [
        Row {
            title: "10,000 empty threads",
            peer: peer(&["peer-threads"]),
            mode: LaunchMode::Threads,
            task: empty(),
            bounds: [None, Some(1.10), Some(1.50)],
        },
        Row {
            title: "10,000 empty forks",
            peer: peer(&["peer-forks"]),
            mode: LaunchMode::Processes,
            task: empty(),
            bounds: [None; 3],
        },
        Row {
            title: "200 threads of 10 ms",
            peer: peer(&["peer-work", &limit.to_string()]),
            mode: LaunchMode::Threads,
            task: work,
            bounds: [None, None, Some(1.01)],
        },
    ]
}

fn table() {
    println!(
        "{IN_FLIGHT} in flight, medians of {REPEATS} interleaved repeats; run ÷ bare at each level, and its bound"
    );
    print!("{:<22} {:>9}", "", "bare ms");
    Measure::ALL.iter().for_each(|measure| print!(" {:>15}", measure.word()));
    println!(" {:>15}", "whole ÷, slices");
    for row in rows() {
        let mut bare = Vec::new();
        let mut levels = [const { (Vec::new(), Vec::new()) }; 3];
        for _ in 0..REPEATS {
            bare.push(peer_ms(&row.peer));
            for (measure, (runs, wholes)) in Measure::ALL.into_iter().zip(&mut levels) {
                let (run_ms, whole_ms) = engine_ms(&row, measure);
                runs.push(run_ms);
                wholes.push(whole_ms);
            }
        }
        let bare = median(&mut bare);
        print!("{:<22} {bare:>9.1}", row.title);
        for ((runs, _), bound) in levels.iter_mut().zip(row.bounds) {
            let bound = bound.map_or(String::new(), |bound| format!(" (≤ {bound:.2})"));
            print!(" {:>15}", format!("{:.3}{bound}", median(runs) / bare));
        }
        println!(" {:>15.3}", median(&mut levels[2].1) / bare);
    }
}

fn task(target: &str, param: &str, value: serde_json::Value, count: u32) -> Task {
    let mut task = Task::new(Target::parse(target));
    task.count = count;
    task.args = Args::Named([(param.to_owned(), value)].into());
    task
}

/// Calls `primes` as the runner does.
fn count_primes(limit: u64) {
    let target = targets::find("primes").expect("it is in the registry");
    let args = Args::Named([("limit".to_owned(), limit.into())].into());
    let params = Params::resolve(target.params, &args).expect("a limit within its range");
    let found = (target.work)(&params, &Context::new(&|| false));
    assert!(found.is_ok_and(|found| found > 0));
}

/// The limit of `primes` that takes about this much CPU time, which grows a little slower than the limit's power of 3/2.
fn limit_that_takes(wanted_ns: f64) -> u64 {
    let mut limit = 200_000.0;
    for _ in 0..4 {
        let mut taken: Vec<f64> = (0..9).map(|_| cpu_ns_of(limit as u64)).collect();
        limit *= (wanted_ns / median(&mut taken)).powf(0.7);
    }
    limit as u64
}

fn cpu_ns_of(limit: u64) -> f64 {
    let before = os::thread_cpu_ns();
    count_primes(limit);
    (os::thread_cpu_ns() - before) as f64
}

fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

fn print_ns(work: impl FnOnce()) {
    let start = Instant::now();
    work();
    println!("{}", start.elapsed().as_nanos());
}

fn peer_ms(peer: &[String]) -> f64 {
    let own = std::env::current_exe().expect("the bench's own file");
    let output = process::Command::new(own).args(peer).output().expect("the peer runs");
    let text = String::from_utf8(output.stdout).expect("a number");
    text.trim().parse::<f64>().expect("nanoseconds") / 1e6
}

fn bare_threads(count: u32, work: impl Fn() + Copy + Send + 'static) {
    let mut running = VecDeque::new();
    for _ in 0..count {
        if running.len() == IN_FLIGHT {
            let oldest: std::thread::JoinHandle<()> = running.pop_front().expect("one runs");
            oldest.join().expect("a thread that ends");
        }
        running.push_back(std::thread::spawn(work));
    }
    running.into_iter().for_each(|thread| thread.join().expect("a thread that ends"));
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

/// The run's makespan, and the time from the request to the end of the experiment, in ms.
fn engine_ms(row: &Row, measure: Measure) -> (f64, f64) {
    let mut plan = Plan::empty("launches");
    plan.run.mode = row.mode;
    plan.run.workers = IN_FLIGHT as u32;
    plan.run.repeat = 1;
    plan.run.warmup = 0;
    plan.run.measure = measure;
    plan.tasks.push(row.task.clone());
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
