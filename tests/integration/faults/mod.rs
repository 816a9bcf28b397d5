//! Faults × modes × kinds of target: a row of [`table::ROWS`] is a fault, [`cell`] does it in one setting, and [`holds`] says
//! what must hold.

mod cell;
mod holds;
mod table;

use crate::{python::interpreters, turn::Turn};
use cell::Cell;
use std::{
    collections::BTreeSet,
    sync::{
        Mutex,
        atomic::{AtomicUsize, Ordering},
    },
};
use table::{Kind, ROWS, SETTINGS};

/// Every cell that there is; those of Python where there is one.
fn cells() -> Vec<Cell> {
    let python = interpreters::newest().map(|found| found.path.to_string_lossy().into_owned());
    let of_row = |row| {
        let there = SETTINGS.iter().filter(|setting| setting.kind != Kind::Python || python.is_some());
        there.filter_map(|setting| Cell::new(row, setting, python.as_deref())).collect::<Vec<_>>()
    };
    ROWS.iter().flat_map(of_row).collect()
}

/// Two at a time: most of a cell is waiting. All that fail are told, not the first alone.
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
    // Its deadlines are those of a machine that has little else to do.
    let _turn = Turn::alone();
    let cells = cells();
    if interpreters::newest().is_some() {
        assert!(cells.len() >= 150, "{} cells", cells.len());
    }
    let before = run_folders();
    every(&cells);
    // Whatever is left of one, also without the request by which a cell knows its own.
    let left: Vec<_> = run_folders().difference(&before).cloned().collect();
    assert!(left.is_empty(), "run folders are left: {left:?}");
}

/// The folders of runs in memory; nobody else has one while this test is alone.
fn run_folders() -> BTreeSet<String> {
    let entries = std::fs::read_dir("/dev/shm").expect("Linux has it");
    let names = entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned());
    names.filter(|name| name.starts_with("spawnscope-")).collect()
}
