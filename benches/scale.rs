//! How the cost of recording and exporting grows with the number of executions: 250,000 and 1,000,000 empty ones in a thread
//! pool.
//!
//! `cargo bench --bench scale`. Times are given by their growth (at 4 n ÷ at n) and relative to the same run at another level
//! (slices ÷ stamps), memory in bytes per execution; all are medians of interleaved repeats. Every measurement has its own
//! process, so that none finds the memory of another. The exit status is 1 if a bound does not hold.

use spawnscope::{
    engine::{Command, Engine, Request},
    export::{self, ExportOptions},
    model::{Args, Event, Experiment, LaunchMode, Measure, Plan, Target, Task},
    os,
    store::{atomic::Existing, document_file},
};
use std::{path::Path, process, time::Instant};

/// The executions of the smaller runs; the larger runs have four times as many.
const FEW: u32 = 250_000;
const REPEATS: usize = 3;
const FORMATS: [&str; 4] = ["png", "svg", "json", "csv"];
/// The bound of the growth: time for four times as many executions ÷ time for one.
const GROWTH: f64 = 4.6;
/// The bound of the time of recording at *slices* ÷ the time at *stamps*.
const SLICES: f64 = 3.0;
/// The bound of the host's memory, in bytes per execution.
const RESIDENT: f64 = 600.0;
/// The bounds of an export of the larger run, in seconds and in bytes.
const EXPORT: (f64, f64) = (10.0, 2e9);

fn main() {
    let args: Vec<String> = std::env::args().collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    match args[1..] {
        ["record", measure, count, file] => record(measure, count, Path::new(file)),
        ["export", document, file] => export(Path::new(document), Path::new(file)),
        _ => table(),
    }
}

/// Seconds, and bytes of memory.
#[derive(Clone, Copy)]
struct Figures {
    secs: f64,
    bytes: f64,
}

impl Figures {
    /// The medians.
    fn of(all: &[Self]) -> Self {
        let median = |of: fn(&Self) -> f64| {
            let mut values: Vec<f64> = all.iter().map(of).collect();
            values.sort_by(f64::total_cmp);
            values[values.len() / 2]
        };
        Self { secs: median(|one| one.secs), bytes: median(|one| one.bytes) }
    }
}

/// Prints figures, and notes which bounds do not hold.
struct Table {
    broken: bool,
}

impl Table {
    fn row(&mut self, title: &str, value: f64, unit: &str, most: f64) {
        let held = value <= most;
        self.broken |= !held;
        println!("{title:<44} {value:>9.2}{unit} (at most {most}){}", if held { "" } else { "  NOT HELD" });
    }
}

fn table() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = |name: &str| folder.path().join(name).display().to_string();
    let counts = [FEW, 4 * FEW];
    let mut recorded = [[Vec::new(), Vec::new()], [Vec::new(), Vec::new()]];
    for _ in 0..REPEATS {
        for (of_measure, measure) in recorded.iter_mut().zip(["stamps", "slices"]) {
            for (figures, count) in of_measure.iter_mut().zip(counts) {
                figures.push(itself(&["record", measure, &count.to_string(), &path(&format!("{count}.json"))]));
            }
        }
    }
    let [stamps, slices] = recorded.map(|of_measure| of_measure.map(|figures| Figures::of(&figures)));
    let mut table = Table { broken: false };
    println!("{} executions in a thread pool of two, medians of {REPEATS} interleaved repeats", counts[1]);
    println!("stamps {:.2} s, slices {:.2} s", stamps[1].secs, slices[1].secs);
    table.row("recording slices, growth", slices[1].secs / slices[0].secs, " ×", GROWTH);
    table.row("recording, slices ÷ stamps", slices[1].secs / stamps[1].secs, " ×", SLICES);
    table.row("resident at the end, an execution", slices[1].bytes / f64::from(counts[1]), " B", RESIDENT);
    for format in FORMATS {
        let mut exported = [Vec::new(), Vec::new()];
        for _ in 0..REPEATS {
            for (figures, count) in exported.iter_mut().zip(counts) {
                figures.push(itself(&["export", &path(&format!("{count}.json")), &path(&format!("out.{format}"))]));
            }
        }
        let [few, many] = exported.map(|figures| Figures::of(&figures));
        table.row(&format!("reading, and writing {format}, growth"), many.secs / few.secs, " ×", GROWTH);
        table.row(&format!("reading, and writing {format}"), many.secs, " s", EXPORT.0);
        table.row("its peak of memory, an execution", many.bytes / f64::from(counts[1]), " B", EXPORT.1 / 1e6);
    }
    process::exit(i32::from(table.broken));
}

/// Makes one measurement in its own process, and returns what that prints.
fn itself(args: &[&str]) -> Figures {
    let program = std::env::current_exe().expect("known");
    let output = process::Command::new(program).args(args).output().expect("it runs");
    let text = String::from_utf8_lossy(&output.stdout);
    let numbers: Vec<f64> = text.split_whitespace().filter_map(|word| word.parse().ok()).collect();
    let [secs, bytes] = numbers[..] else { panic!("{args:?}: {text}{}", String::from_utf8_lossy(&output.stderr)) };
    Figures { secs, bytes }
}

/// Makes a run, prints how long that took and how much memory is resident at its end, then saves the run.
fn record(measure: &str, count: &str, file: &Path) {
    let mut plan = Plan::empty("scale");
    plan.run.mode = LaunchMode::ThreadPool;
    (plan.run.workers, plan.run.repeat, plan.run.warmup) = (2, 1, 0);
    plan.run.measure = if measure == "stamps" { Measure::Stamps } else { Measure::Slices };
    let args = Args::Named([("seconds".to_owned(), 0.0.into())].into_iter().collect());
    let count = count.parse().expect("a number");
    plan.tasks.push(Task { args, count, ..Task::new(Target::Builtin("sleep".to_owned())) });
    let engine = Engine::with_runner(env!("CARGO_BIN_EXE_spawnscope").into(), || {}).expect("started");
    let begin = Instant::now();
    engine.send(Command::Launch(Box::new(Request::run(plan))));
    let mut experiment: Option<Experiment> = None;
    'all: for batch in engine.events() {
        for event in batch {
            match (event, &mut experiment) {
                (Event::Started(started), _) => experiment = Some(*started),
                (Event::Failed(message), _) => panic!("{message}"),
                (Event::Ended { .. }, _) => break 'all,
                (event, Some(experiment)) => drop(experiment.take_in(event)),
                (_, None) => {}
            }
        }
    }
    println!("{} {}", begin.elapsed().as_secs_f64(), resident_bytes());
    let experiment = experiment.expect("started");
    assert!(experiment.succeeded(), "every execution succeeds");
    export::write(file, Existing::Replace, &experiment, &ExportOptions::default()).expect("written");
}

/// Reads a run and exports it in a format; prints how long that took, and the peak of memory.
fn export(from: &Path, file: &Path) {
    let begin = Instant::now();
    let bytes = std::fs::read(from).expect("readable");
    let experiment = document_file::read(&bytes, "runs.json").expect("a document");
    drop(bytes);
    export::write(file, Existing::Replace, &experiment, &ExportOptions::default()).expect("written");
    println!("{} {}", begin.elapsed().as_secs_f64(), os::peak_resident_bytes().expect("known"));
}

/// The resident memory of this process now.
fn resident_bytes() -> u64 {
    let statm = std::fs::read_to_string("/proc/self/statm").expect("Linux says it");
    let pages = statm.split_whitespace().nth(1).and_then(|pages| pages.parse::<u64>().ok());
    pages.expect("a number") * 4096
}
