//! Faults × modes × kinds of target: a row of [`table::ROWS`] is a fault, [`cell`] causes it in one setting, and
//! [`holds`] checks what must hold. Signals from outside are also sent at seeded moments of a run's start: at three of
//! them, or as many as `SPAWNSCOPE_FAULT_MOMENTS` says.

mod cell;
mod holds;
mod table;

use crate::{python::interpreters, turn::Turn};
use cell::Cell;
use rand::{RngExt as _, SeedableRng as _};
use rand_pcg::Pcg64;
use std::{
    collections::BTreeSet,
    sync::{
        Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};
use table::{Kind, ROWS, SETTINGS, Setting};

/// Every possible cell; those of Python in the oldest and the newest CPython found.
fn cells() -> Vec<Cell> {
    let pythons = [interpreters::oldest(), interpreters::newest()].into_iter().flatten();
    let pythons: BTreeSet<String> = pythons.map(|found| found.path.to_string_lossy().into_owned()).collect();
    let of_setting = |row, setting: &'static Setting| -> Vec<Cell> {
        match setting.kind {
            Kind::Python => pythons.iter().filter_map(|python| Cell::new(row, setting, Some(python))).collect(),
            _ => Cell::new(row, setting, None).into_iter().collect(),
        }
    };
    let cells = ROWS.iter().flat_map(|row| SETTINGS.iter().flat_map(move |setting| of_setting(row, setting)));
    cells.flat_map(with_moments(seeded_moments())).collect()
}

/// From a start to a signal: a run's start takes some 30 ms, a Python runner's some 100.
fn seeded_moments() -> impl FnMut() -> Duration {
    let mut random = Pcg64::seed_from_u64(12);
    move || Duration::from_micros(random.random_range(0..120_000))
}

/// A cell; if it sends a signal from outside, also the same cell at other moments.
fn with_moments(mut next: impl FnMut() -> Duration) -> impl FnMut(Cell) -> Vec<Cell> {
    let most = std::env::var("SPAWNSCOPE_FAULT_MOMENTS").ok().map_or(3, |most| most.parse().expect("a number"));
    move |cell| {
        let moments = if cell.row.sent.is_some() { most } else { 0 };
        let others: Vec<_> = (0..moments).map(|_| cell.at(next())).collect();
        std::iter::once(cell).chain(others).collect()
    }
}

/// Tries two cells at a time, because a cell mostly waits. Reports all failures, not only the first.
fn every(cells: &[Cell]) {
    let (next, wrong) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    let work = || {
        while let Some(cell) = cells.get(next.fetch_add(1, Ordering::Relaxed)) {
            if let Err(what) = holds::tried(cell) {
                wrong.lock().expect("no cell panics").push(format!("{}: {what}", cell.name()));
            }
        }
    };
    std::thread::scope(|scope| {
        scope.spawn(work);
        work();
    });
    let wrong = wrong.into_inner().expect("no cell panics");
    assert!(wrong.is_empty(), "{} of {} cells:\n{}", wrong.len(), cells.len(), wrong.join("\n"));
    println!("{} cells", cells.len());
}

#[test]
fn whatever_goes_wrong_is_told_and_leaves_nothing() {
    // Its time limits assume that the machine has little else to do.
    let _turn = Turn::alone();
    let cells = cells();
    if interpreters::newest().is_some() {
        assert!(cells.len() >= 150, "{} cells", cells.len());
    }
    let before = run_folders();
    every(&cells);
    // The next start removes what was killed before it had a guard.
    let folder = crate::support::Folder::within_a_turn();
    folder.write("plan.toml", crate::support::plan("primes", "args = { limit = 10 }"));
    assert_eq!(folder.run(&["run", "plan.toml"]).status, 0);
    // Anything left of a run counts here, even a folder without the request by which a cell finds its own.
    let left: Vec<_> = run_folders().difference(&before).cloned().collect();
    assert!(left.is_empty(), "run folders are left: {left:?}");
}

/// The folders of runs in memory; while this test is alone, no other test has one.
fn run_folders() -> BTreeSet<String> {
    let entries = std::fs::read_dir("/dev/shm").expect("Linux has it");
    let names = entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned());
    names.filter(|name| name.starts_with("spawnscope-")).collect()
}
