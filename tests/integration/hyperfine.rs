//! Measures the same commands with hyperfine and with `run` in two modes, in turns: the results must agree.

use crate::{
    machine::{not_measured, quietly},
    support::{Folder, required},
};
use rustix::thread::{CpuSet, sched_getaffinity, sched_setaffinity};
use serde_json::Value;
use spawnscope::statistics::{median_interval::median_interval, order::median};
use std::process::Command;

/// Rounds of a few runs of each tool, so that other load on the machine affects both.
const ROUNDS: u64 = 8;
/// If other programs take this share of the machine or more, they change what is measured.
const LOUD: f64 = 0.05;
/// The medians of two tools may differ by at most this share. An interval alone is not enough: the wider it is, the
/// more easily it agrees.
const APART: f64 = 0.05;
/// Tools closer than this share agree, however narrow the interval: launching costs about as much, and in that they may
/// differ.
const SAME: f64 = 0.01;
/// If the ends of the interval of one tool's times are further apart than this ratio, the machine's speed changed.
const STEADY: f64 = 1.2;
/// Commands of some 50 to 200 ms: the cost of launching them, in which tools may differ, is small compared with that.
const COMMANDS: [&str; 2] = ["BEGIN { while (i++ < 3000000); }", "BEGIN { while (i++ < 6000000); }"];

/// The median of each round: runs of one round share the machine's state, so they are not independent.
#[derive(Default)]
struct Times {
    hyperfine_ns: Vec<f64>,
    sequential_ns: Vec<f64>,
    processes_ns: Vec<f64>,
}

#[test]
fn hyperfine_and_both_ways_of_running_agree_within_their_intervals() {
    if Command::new("hyperfine").arg("--version").output().is_err() {
        required::<()>("there is no hyperfine; install Debian's package hyperfine");
        return;
    }
    let folder = Folder::alone();
    let Some(times) = quietly("hyperfine", LOUD, || on_one_core(|| measure(&folder))) else { return };
    if let Some(figure) = times.iter().find_map(|times| unsteady(&times.hyperfine_ns)) {
        return not_measured("hyperfine", &figure);
    }
    println!("{}", agreement(&times).unwrap_or_else(|why| panic!("{why}")));
}

/// Does something, with all that it starts, on one core: cores of a shared machine are not equally fast.
fn on_one_core<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    let pinned = || {
        let all = sched_getaffinity(None).expect("a thread's cores");
        let first = (0..CpuSet::MAX_CPU).find(|core| all.is_set(*core)).expect("a core");
        let mut one = CpuSet::new();
        one.set(first);
        sched_setaffinity(None, &one).expect("a core of its own set");
        work()
    };
    std::thread::scope(|scope| scope.spawn(pinned).join().expect("it ends"))
}

/// The machine's own figure if its speed changed meanwhile: hyperfine alone measured very different times of the same
/// command.
fn unsteady(hyperfine_ns: &[f64]) -> Option<String> {
    let (low, high) = interval(hyperfine_ns);
    (high > STEADY * low)
        .then(|| format!("by hyperfine alone one command takes {:.0} to {:.0} ms", low / 1e6, high / 1e6))
}

/// Measures both commands with both tools.
fn measure(folder: &Folder) -> [Times; 2] {
    let mut times = [Times::default(), Times::default()];
    for round in 0..ROUNDS {
        for (command, times) in COMMANDS.iter().zip(&mut times) {
            if round % 2 == 0 {
                times.hyperfine(folder, command);
            }
            times.spawnscope(folder, command);
            if round % 2 == 1 {
                times.hyperfine(folder, command);
            }
        }
    }
    times
}

/// A table of both tools' results; an error if they differ.
fn agreement(times: &[Times; 2]) -> Result<String, String> {
    let mut table = String::new();
    for (command, times) in COMMANDS.iter().zip(times) {
        let ours = [("sequential", &times.sequential_ns), ("processes", &times.processes_ns)];
        table += &format!("{command}\n  hyperfine   {}\n", words(&times.hyperfine_ns));
        for (name, values) in ours {
            table += &format!("  {name:<10}  {}\n", words(values));
            // The tools of one round share the machine's state, so a slow round cancels out in their ratio.
            let ratios: Vec<f64> = values.iter().zip(&times.hyperfine_ns).map(|(our, its)| our / its).collect();
            let (low, high) = interval(&ratios);
            let apart = median(&ratios).map_or(1.0, |ratio| (ratio - 1.0).abs());
            table += &format!("              {low:.4} to {high:.4} of hyperfine's\n");
            if apart > APART || low > 1.0 + SAME || high < 1.0 - SAME {
                return Err(format!("{name} and hyperfine differ:\n{table}"));
            }
        }
    }
    let ratio = |of: fn(&Times) -> &Vec<f64>| Some(median(of(&times[1]))? / median(of(&times[0]))?);
    let ratios = [ratio(|t| &t.hyperfine_ns), ratio(|t| &t.sequential_ns), ratio(|t| &t.processes_ns)];
    Ok(format!("{table}second command / first: {ratios:.3?}"))
}

fn interval(values: &[f64]) -> (f64, f64) {
    median_interval(values).expect("enough values")
}

fn words(values: &[f64]) -> String {
    let (low, high) = interval(values);
    let ms = |ns: f64| ns / 1e6;
    let middle = median(values).expect("values");
    format!("{:7.2} ms (95 %: {:.2}–{:.2}, n = {})", ms(middle), ms(low), ms(high), values.len())
}

impl Times {
    fn hyperfine(&mut self, folder: &Folder, program: &str) {
        let file = folder.path("hyperfine.json");
        let mut command = Command::new("hyperfine");
        command.args(["--shell", "none", "--warmup", "1", "--runs", "4", "--export-json"]);
        let output = command.arg(&file).arg(format!("awk '{program}'")).output().expect("hyperfine starts");
        assert!(output.status.success(), "{output:?}");
        let document: Value = serde_json::from_slice(&std::fs::read(file).expect("written")).expect("JSON");
        let seconds = document["results"][0]["times"].as_array().expect("times");
        let round: Vec<f64> = seconds.iter().map(|it| it.as_f64().expect("seconds") * 1e9).collect();
        self.hyperfine_ns.extend(median(&round));
    }

    /// A command that runs once is the same in both modes, and a comparison would say so; here each mode has its own
    /// run.
    fn spawnscope(&mut self, folder: &Folder, program: &str) {
        let plan = format!("schema = 1\n[[task]]\ntarget = \"program:awk\"\nargs = ['{program}']\n");
        folder.write("plan.toml", plan);
        for (mode, times) in [("sequential", &mut self.sequential_ns), ("processes", &mut self.processes_ns)] {
            let said = folder.run(&[
                "run",
                "plan.toml",
                "--mode",
                mode,
                "--repeat",
                "3",
                "--warmup",
                "1",
                "--measure",
                "stamps",
                "--json",
            ]);
            assert_eq!(said.status, 0, "{said:?}");
            let document = said.json();
            let runs = document["runs"].as_array().expect("runs").iter().filter(|run| run["warmup"] == false);
            let took = |run: &Value| {
                assert_eq!(run["mode"], mode);
                let stamp = |key: &str| run["executions"][0]["stamps"][key].as_f64().expect("a stamp");
                stamp("joined_ns") - stamp("launch_called_ns")
            };
            times.extend(median(&runs.map(took).collect::<Vec<f64>>()));
        }
    }
}
