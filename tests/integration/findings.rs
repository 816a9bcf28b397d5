//! Every starter plan yields the finding that it was made to show, and the control yields only *no difference*.
//!
//! Each plan is compared once while the machine is quiet by its own figures; that result counts. The control is
//! compared three times, and must be clean every time, on a busy machine too. `SPAWNSCOPE_FINDINGS_TIMES=3` runs all of
//! them three times in a row.

use crate::{
    machine::{not_measured, quietly, try_quietly},
    python::interpreters,
    support::Folder,
    support::required,
};
use serde_json::Value;
use spawnscope::{
    insight::findings,
    starters::{self, Starter},
};

/// If other programs take this share of the machine or more, a plan that needs two cores can't show anything.
const LOUD: f64 = 0.10;
/// The same for the control, which must tell 3 % from none; from this share on Spawnscope itself warns.
const LOUD_FOR_CONTROL: f64 = 0.05;
/// The control, and how often it is compared.
const CONTROL: (&str, usize) = ("no-difference.toml", 3);
/// The only other findings that the control may have, if other programs take much of the machine: that they do, and
/// that nothing can be concluded.
const SAID_OF_NOISE: [&str; 2] = ["others-disturbed", "too-few-repeats"];

#[test]
fn every_starter_shows_what_it_was_made_to_show() {
    let folder = Folder::alone();
    let times = std::env::var("SPAWNSCOPE_FINDINGS_TIMES").map_or(1, |times| times.parse().expect("a number"));
    let has_python = interpreters::newest().is_some();
    let (mut wrong, mut loud) = (Vec::new(), Vec::new());
    for starter in starters::all()
        .iter()
        .filter(|starter| starter.file != CONTROL.0)
        .cycle()
        .take(times * (starters::all().len() - 1))
    {
        if starter.toml.contains("python:") && !has_python {
            required::<()>(&format!("{} needs a Python", starter.file));
            continue;
        }
        let document = match try_quietly(LOUD, || compare(&folder, starter)) {
            Ok(document) => document,
            Err(figure) => {
                loud.push((starter.file, figure));
                continue;
            }
        };
        if !ids(&document).iter().any(|id| id == starter.finding) {
            wrong.push(format!("{} ({}): {:?}", starter.file, starter.finding, ids(&document)));
        }
    }
    if let Some((_, figure)) = loud.last() {
        let files: Vec<_> = loud.iter().map(|(file, _)| *file).collect();
        not_measured(&format!("findings of {}", files.join(", ")), figure);
    }
    assert!(wrong.is_empty(), "not found (found instead):\n{}", wrong.join("\n"));
}

#[test]
fn every_finding_has_its_line_in_the_documentation() {
    let page = include_str!("../../docs/findings.md");
    let missing: Vec<_> = findings::ids().filter(|id| !page.contains(&format!("`{id}`"))).collect();
    assert!(missing.is_empty(), "docs/findings.md has no line for {missing:?}");
}

#[test]
fn the_control_shows_no_difference_and_nothing_else_every_time() {
    let folder = Folder::alone();
    let control = starters::all().iter().find(|starter| starter.file == CONTROL.0).expect("the control is a starter");
    for _ in 0..CONTROL.1 {
        let quiet = quietly(control.file, LOUD_FOR_CONTROL, || {
            let document = compare(&folder, control);
            let found = ids(&document);
            let clean = |id: &String| id == control.finding || SAID_OF_NOISE.contains(&id.as_str());
            assert!(found.iter().all(clean), "a reason for nothing: {found:?}");
            document
        });
        let Some(document) = quiet else { return };
        assert_eq!(ids(&document), [control.finding], "on a quiet machine");
    }
}

/// Runs the plan as it is: a comparison, or the sweep that it has. A program can't be a thread, so it is compared with
/// running in sequence.
fn compare(folder: &Folder, starter: &Starter) -> Value {
    folder.write(starter.file, starter.toml);
    let modes: &[&str] = if starter.toml.contains("program:") { &["--modes", "sequential,processes"] } else { &[] };
    let verb = if starter.toml.contains("\nsweep = ") { "sweep" } else { "compare" };
    // Telling three per cent from none takes many repeats; the comparison ends once it is precise enough.
    let limit: &[&str] = if starter.file == CONTROL.0 { &["--limit", "240s"] } else { &[] };
    let said = folder.run(&[&[verb, starter.file, "--json"], modes, limit].concat());
    assert!(said.status <= 1, "{}: {said:?}", starter.file);
    let document = said.json();
    sound(&document);
    document
}

fn findings(document: &Value) -> &Vec<Value> {
    document["findings"].as_array().expect("a list")
}

fn ids(document: &Value) -> Vec<String> {
    findings(document).iter().map(|finding| finding["id"].as_str().expect("an id").to_owned()).collect()
}

/// Checks that each finding has a sentence, figures whose names have units, and a place that exists.
fn sound(document: &Value) {
    for finding in findings(document) {
        let text = |key: &str| finding[key].as_str().expect("a text").to_owned();
        assert!(text("sentence").ends_with('.') && !text("title").is_empty(), "{finding}");
        let runs = finding["runs"].as_array().expect("a list");
        let run = document["runs"].as_array().expect("runs").iter().find(|run| run["id"] == runs[0]).expect("a run");
        if let Some(execution) = finding["place"]["execution"].as_u64() {
            assert!(run["executions"][execution as usize].is_object(), "{finding}");
        }
        for (name, value) in finding["evidence"].as_object().expect("figures") {
            let unit = ["_percent", "_ns", "_ratio", "_count", "_bytes"].iter().any(|unit| name.ends_with(unit));
            assert!(value.is_string() || unit, "{name}");
        }
    }
}
