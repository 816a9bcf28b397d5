//! Which interpreters each case needs, and why.
//!
//! Interpreters differ in these things: whether there is a GIL (3.13t has none), how multiprocessing starts processes
//! (from 3.14 on its default is no longer fork; what it creates at import differs), how a lock parks (3.13), how fast
//! Python computes (PyPy compiles it), what their parsers and signatures say, and how their own pools behave. A case
//! about one of these runs on the oldest, the newest, the free-threaded ones and PyPy: in what the case is about, those
//! between don't differ. What concerns all interpreters has a test of its own, in `python`.

use crate::{
    python::interpreters::{self, Found},
    support::required,
};
use Concerns::{Newest, NoPython, Some_, WithNumpy};
use std::{collections::BTreeSet, fs, path::Path};

/// Which interpreters a case needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Concerns {
    /// The oldest and the newest CPython, those without a GIL, and PyPy.
    Some_,
    /// One is enough: the newest CPython.
    Newest,
    /// The newest one that can import numpy.
    WithNumpy,
    /// Programs only.
    NoPython,
}

/// The cases, and why.
pub const TABLE: [(&str, Concerns, &str); 20] = [
    ("02-io-beside-cpu", Some_, "a GIL, its switch interval, and none"),
    (
        "03-tiny-tasks-pool",
        Newest,
        "a comparison; what sending costs is measured on every interpreter in python::sending",
    ),
    ("05-blas-threads", WithNumpy, "the library has the threads, whoever loads it"),
    ("07-queue-then-join", Some_, "how a child ends, and its queue's thread"),
    ("08-lambda-nested", Some_, "what each pickles, and how it starts a process"),
    ("11-pool-in-pool", Some_, "how a pool starts its workers, and what a fork inherits"),
    ("15-subprocess-in-threads", Some_, "how a program is started: by fork, by vfork, or in Python"),
    ("16-gzip-many-files", NoPython, "no Python"),
    ("17-xz-own-threads", NoPython, "no Python"),
    ("18-slips", Some_, "each reads the files with its own parser"),
    ("19-producer-consumer", Some_, "how a queue waits, in threads and in processes"),
    ("23-blocking-coroutine", Some_, "each has an event loop of its own"),
    ("27-results-and-errors", Some_, "tracebacks and representations are its own"),
    ("31-lost-updates", Some_, "threads interleave otherwise with no GIL, and locks park otherwise"),
    ("32-script-without-guard", Some_, "what multiprocessing refuses, and in which words"),
    ("33-own-threads-inside", Some_, "threads compute at once where there is no GIL"),
    ("34-big-result", WithNumpy, "the array is numpy's; what pickling sends is tested on every interpreter"),
    ("37-sweep-labels", Some_, "names of parameters are asked of the interpreter"),
    ("39-script-with-main-loop", Some_, "where a loading is, a signal's handler tells"),
    ("40-pool-queue-timeout", Some_, "pools are Python's own code"),
];

fn row(case: &str) -> (&'static str, Concerns, &'static str) {
    *TABLE.iter().find(|(name, ..)| *name == case).unwrap_or_else(|| panic!("{case} is not in the table"))
}

/// The interpreters that a case needs, the oldest first; if there is none, it prints why.
pub fn pythons(case: &str) -> Vec<Found> {
    assert_eq!(row(case).1, Some_, "{case}");
    let found = interpreters::thoroughly_tested();
    if found.is_empty() {
        required::<()>("a case needs a Python");
    }
    found
}

/// Runs something in all of them at once: for cases that mostly wait and don't measure time.
pub fn at_once(case: &str, run: impl Fn(&Found, &str) + Sync) {
    let (pythons, run) = (pythons(case), &run);
    std::thread::scope(|scope| {
        for python in &pythons {
            scope.spawn(move || run(python, &path(python)));
        }
    });
}

/// The path of an interpreter, as an option's value.
pub fn path(python: &Found) -> String {
    python.path.to_string_lossy().into_owned()
}

#[test]
fn every_case_says_whom_it_concerns_and_why() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/cases");
    let names = fs::read_dir(folder).expect("cases").map(|entry| entry.expect("an entry").file_name());
    let names = names.map(|name| name.into_string().expect("a name"));
    // A folder without a number is no case, but shared by several kinds of tests.
    let there: BTreeSet<String> = names.filter(|name| name.starts_with(|it: char| it.is_ascii_digit())).collect();
    assert_eq!(there, TABLE.iter().map(|(name, ..)| (*name).to_owned()).collect());
    assert!(TABLE.iter().all(|(_, _, why)| !why.is_empty()));
    let of = |whom| TABLE.iter().filter(|(_, concerns, _)| *concerns == whom).count();
    assert_eq!([Newest, WithNumpy, NoPython].map(of), [1, 2, 2]);
}
