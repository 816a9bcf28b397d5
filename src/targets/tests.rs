//! What must hold for every workload of the registry.

use super::*;
use model::Args;
use serde_json::Value;
use std::{cell::Cell, collections::BTreeSet};

/// Runs a workload to its end.
pub fn run(name: &str, args: &[(&str, Value)]) -> Result<u64, Ended> {
    run_with(name, args, &|| false)
}

/// Runs a workload that is told to stop after it has asked `questions` times.
pub fn run_stopping(name: &str, args: &[(&str, Value)], questions: u32) -> Result<u64, Ended> {
    let asked = Cell::new(0);
    run_with(name, args, &|| asked.replace(asked.get() + 1) >= questions)
}

fn run_with(name: &str, args: &[(&str, Value)], stop: &dyn Fn() -> bool) -> Result<u64, Ended> {
    let info = find(name).expect("a workload");
    let args = Args::Named(args.iter().map(|(key, value)| ((*key).to_owned(), value.clone())).collect());
    let params = Params::resolve(info.params, &args).expect("good args");
    (info.work)(&params, &Context::new(stop))
}

/// Small arguments for every workload that succeeds and does not print into the tests' output.
fn small() -> Vec<(&'static str, Vec<(&'static str, Value)>)> {
    vec![
        ("primes", vec![("limit", 20_000.into())]),
        ("sha256", vec![("mib", 1.into())]),
        ("matmul", vec![("size", 60.into()), ("rounds", 2.into())]),
        ("mandelbrot", vec![("size", 40.into()), ("iterations", 100.into())]),
        ("monte-carlo-pi", vec![("points", 100_000.into())]),
        ("mprotect-flip", vec![("rounds", 100.into())]),
        ("mmap-storm", vec![("rounds", 100.into())]),
        ("false-sharing", vec![("increments", 100_000.into())]),
        ("shared-mutex", vec![("rounds", 10_000.into())]),
        ("memory-copy", vec![("mib", 2.into()), ("rounds", 2.into())]),
        ("allocate", vec![("mib", 2.into()), ("rounds", 2.into())]),
        ("file-write", vec![("writes", 2.into()), ("kib", 4.into())]),
        ("file-create", vec![("files", 20.into())]),
        ("tcp-echo", vec![("round_trips", 50.into())]),
        ("sleep", vec![("seconds", 0.002.into())]),
        ("duty-cycle", vec![("seconds", 0.008.into()), ("period_ms", 2.into())]),
    ]
}

#[test]
fn names_are_unique_and_in_kebab_case() {
    let names: BTreeSet<_> = registry().iter().map(|target| target.name).collect();
    assert_eq!(names.len(), registry().len());
    for name in names {
        let good = name.split('-').all(|word| {
            !word.is_empty() && word.chars().all(|letter| letter.is_ascii_lowercase() || letter.is_ascii_digit())
        });
        assert!(good, "{name}");
    }
}

#[test]
fn the_little_runs_cover_the_registry() {
    let mut covered: BTreeSet<_> = small().into_iter().map(|(name, _)| name).collect();
    covered.extend(["fail", "stdout-lock"]);
    assert_eq!(covered, registry().iter().map(|target| target.name).collect());
}

#[test]
fn groups_stay_together() {
    let groups: Vec<_> = registry().iter().map(|target| target.group).collect();
    assert!(groups.is_sorted(), "{groups:?}");
}

#[test]
fn every_default_is_in_its_range() {
    for target in registry() {
        assert!(Params::resolve(target.params, &Args::none()).is_ok(), "{}", target.name);
    }
}

#[test]
fn help_is_one_line_that_is_a_sentence() {
    for target in registry() {
        let params = target.params.iter().map(|param| param.help);
        for help in params.chain([target.help]) {
            assert!(help.ends_with('.') && help.len() <= 120 && !help.contains('\n'), "{}: {help}", target.name);
        }
    }
}

#[test]
fn equal_args_give_equal_results_one_after_another_and_at_once() {
    for (name, args) in small() {
        let first = run(name, &args).unwrap_or_else(|ended| panic!("{name}: {ended:?}"));
        let at_once = std::thread::scope(|scope| {
            let threads = [(); 2].map(|()| scope.spawn(|| run(name, &args)));
            threads.map(|thread| thread.join().expect("no panic"))
        });
        assert_eq!(at_once, [Ok(first), Ok(first)], "{name}");
    }
}

#[test]
fn every_workload_stops_before_it_starts_if_so_told() {
    for target in registry() {
        assert_eq!(run_stopping(target.name, &[], 0), Err(Ended::Stopped), "{}", target.name);
    }
}

#[test]
fn every_workload_stops_in_the_middle() {
    for (name, _) in small() {
        assert_eq!(run_stopping(name, &[], 3), Err(Ended::Stopped), "{name}");
    }
}

#[test]
fn a_slip_finds_its_name() {
    let slips = [
        ("prime", Some("primes")),
        ("Primes", Some("primes")),
        ("monte_carlo_pi", Some("monte-carlo-pi")),
        ("mprotect", Some("mprotect-flip")),
        ("sha-256", Some("sha256")),
        ("slep", Some("sleep")),
        ("xz", None),
        ("", None),
    ];
    for (slip, name) in slips {
        assert_eq!(nearest(slip), name, "{slip}");
    }
}
