//! What each fuzz target does with bytes that anybody may have written. `cargo fuzz` runs it, and the integration tests run it
//! on the corpora.

pub mod document;
pub mod plan;
pub mod slots;
pub mod texts;

use spawnscope::{
    export::{EXPORTERS, ExportOptions},
    model::{Experiment, LaunchMode, Machine, Plan, Run, Setting, Target, Task},
    store::document_file,
};
use std::fs::File;

/// An experiment of one run of which nothing has happened yet: of Python functions, whose results are texts.
pub fn experiment(executions: u32) -> Experiment {
    let mut plan = Plan::empty("fuzzed");
    plan.tasks.push(Task { count: executions, ..Task::new(Target::parse("python:work.py:work")) });
    let setting = Setting {
        interpreter: Some(spawnscope::model::Interpreter::new("python3")),
        ..Setting::of(LaunchMode::ProcessPool)
    };
    let run = Run::new(0, &plan, setting, 0, false, "2026-01-31T10:20:30Z".to_owned());
    Experiment {
        program_version: "0.1.0".to_owned(),
        machine: Machine { logical_cores: 2, ..Machine::default() },
        plan,
        sweep: None,
        schedule: Vec::new(),
        compared: vec![setting],
        runs: vec![run],
        ended: true,
        message: None,
        baseline_notes: Vec::new(),
    }
}

/// A file without a name, so many bytes long, all 0.
pub fn zeroed(bytes: u64) -> File {
    let file = tempfile::tempfile().expect("a temporary file");
    file.set_len(bytes).expect("as long as that");
    file
}

/// Exports to every format of text: none panics, and the document is read back as it was written.
pub fn export(experiment: &Experiment) {
    let options = ExportOptions { width_px: 640, ..ExportOptions::default() };
    for exporter in EXPORTERS.iter().filter(|exporter| !exporter.title().starts_with("PNG")) {
        let Ok(bytes) = exporter.export(experiment, &options) else { continue };
        if exporter.extensions() == ["json"] {
            let read = document_file::read(&bytes, "written").expect("what was written is read");
            let again = exporter.export(&read, &options).expect("and written again");
            assert!(bytes == again, "the document is another when it is read and written again");
        }
    }
}
