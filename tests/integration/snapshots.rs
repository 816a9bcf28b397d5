//! Long texts for users, in full: each is compared with a file in `snapshots/`, which a person has read.
//!
//! After changing a text on purpose, run `INSTA_UPDATE=always cargo test --test integration snapshots::`, then read the
//! difference.

use crate::support::Folder;
use std::path::{Path, PathBuf};

/// The saved runs from which reports are made; among them are a comparison, findings, failures and all kinds of Python
/// runs.
const REPORTED: [&str; 6] = ["crash", "memory-copy", "programs", "python-gil", "python-start-methods", "waiting"];
const VERBS: [&str; 9] = ["run", "compare", "sweep", "export", "check", "targets", "calibrate", "new", "trust"];

fn runs(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/findings").join(name).with_extension("json")
}

#[test]
fn saved_runs_read_in_the_terminal_as_they_did() {
    let folder = Folder::new();
    for name in REPORTED {
        let said = folder.run(&[runs(name).to_str().expect("UTF-8")]);
        assert_eq!(said.status, 0, "{said:?}");
        insta::assert_snapshot!(format!("terminal_{name}"), said.stdout);
    }
}

#[test]
fn saved_runs_read_in_a_report_as_they_did() {
    let folder = Folder::new();
    for name in REPORTED {
        let said = folder.run(&["export", runs(name).to_str().expect("UTF-8"), "report.md", "--force"]);
        assert_eq!(said.status, 0, "{said:?}");
        let text = std::fs::read_to_string(folder.path("report.md")).expect("a report");
        insta::assert_snapshot!(format!("report_{name}"), text);
    }
}

#[test]
fn what_a_verb_takes_is_told_as_it_was() {
    let folder = Folder::new();
    let help = |arguments: &[&str]| {
        let said = folder.run(arguments);
        assert_eq!(said.status, 0, "{said:?}");
        said.stdout
    };
    insta::assert_snapshot!("help", help(&["--help"]));
    for verb in VERBS {
        insta::assert_snapshot!(format!("help_{verb}"), help(&[verb, "--help"]));
    }
}
