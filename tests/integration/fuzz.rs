//! Runs the fuzz targets on their corpora as plain tests: inputs that once failed, and those that cover the most.

#[path = "../fuzz/bodies/mod.rs"]
pub mod bodies;

use crate::turn::Turn;
use std::{fs, path::Path};

/// Runs a target on each file of its corpus.
fn run_corpus(target: &str, run: fn(&[u8])) {
    let _turn = Turn::beside();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fuzz/corpus").join(target);
    let entries = fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let paths: Vec<_> = entries.map(|entry| entry.expect("an entry").path()).collect();
    assert!(!paths.is_empty(), "{} is empty", folder.display());
    for path in paths {
        let bytes = fs::read(&path).expect("read");
        let ended = std::panic::catch_unwind(|| run(&bytes));
        assert!(ended.is_ok(), "{target} panicked on {}", path.display());
    }
}

#[test]
fn plans_of_the_corpus() {
    run_corpus("plan", bodies::plan::run);
}

#[test]
fn documents_of_the_corpus() {
    run_corpus("document", bodies::document::run);
}

#[test]
fn texts_of_the_corpus() {
    run_corpus("texts", bodies::texts::run);
}

#[test]
fn slots_of_the_corpus() {
    run_corpus("slots", bodies::slots::run);
}
