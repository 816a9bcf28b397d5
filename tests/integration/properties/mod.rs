//! Properties that hold for every input, checked with generated examples. A failure prints its smallest example.

mod changes;
mod events;
mod histories;
mod strategies;

use crate::{fuzz::bodies, turn::Turn};
use proptest::prelude::*;
use spawnscope::{
    export::{EXPORTERS, ExportOptions},
    model::{Experiment, Run, RunEvent, Stage},
    store::document_file,
};
use strategies::{any_events, any_run, strings};

/// How many examples of each property to try. A failing one is printed, and so not stored in a file.
fn cases(cases: u32) -> ProptestConfig {
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(cases(400))]

    #[test]
    fn any_order_of_events_folds((mut run, events) in (any_run(), any_events())) {
        let _turn = Turn::beside();
        let ids: Vec<u32> = run.executions.iter().map(|execution| execution.id).collect();
        let mut last_ns = run.now_ns;
        for event in &events {
            run.apply(event);
            prop_assert!(run.now_ns >= last_ns, "time went back");
            last_ns = run.now_ns;
            prop_assert_eq!(&ids, &run.executions.iter().map(|execution| execution.id).collect::<Vec<_>>());
        }
        let ended = events.iter().any(|event| matches!(event, RunEvent::Ended { .. }));
        prop_assert_eq!(run.end.is_some(), ended);
        let known = run.executions.iter().filter_map(|execution| execution.stamps.last()).map(|(_, ns)| ns);
        prop_assert!(known.max().unwrap_or(0) <= run.now_ns, "a stamp lies after now");
        prop_assert!(run.profiles.is_sorted_by(|a, b| a.execution < b.execution));
        run.main_marks();
        run.lanes();
        run.cpu_ns();
    }

    #[test]
    fn no_bytes_in_the_fifo_bring_the_host_down(bytes in lines()) {
        let _turn = Turn::beside();
        bodies::texts::run(&bytes);
    }

    #[test]
    fn no_words_in_the_slots_bring_the_host_down(words in proptest::collection::vec(any_word(), 0..200)) {
        let _turn = Turn::beside();
        let bytes: Vec<u8> = words.into_iter().flat_map(i64::to_le_bytes).collect();
        bodies::slots::run(&bytes);
    }
}

proptest! {
    #![proptest_config(cases(60))]

    #[test]
    fn any_run_exports_to_every_format_and_its_document_reads_back_equal(experiment in any_experiment()) {
        let _turn = Turn::beside();
        let options = ExportOptions { width_px: 640, scale: 1.0, ..ExportOptions::default() };
        for exporter in EXPORTERS {
            let made = exporter.export(&experiment, &options);
            let Ok(bytes) = made else { continue };
            prop_assert!(!bytes.is_empty());
            match exporter.extensions() {
                ["json"] => reads_back(&experiment, &bytes)?,
                ["svg"] => drop(roxmltree::Document::parse(std::str::from_utf8(&bytes).expect("UTF-8")).expect("an SVG")),
                ["csv"] => {
                    let mut rows = csv::ReaderBuilder::new().from_reader(&bytes[..]);
                    let rows = rows.records().collect::<Result<Vec<_>, _>>().expect("as many columns as the head").len();
                    prop_assert_eq!(rows, experiment.runs.iter().map(|run| run.executions.len()).sum::<usize>());
                }
                _ => {}
            }
        }
    }
}

/// The runs of a document that is read back must equal the original runs.
fn reads_back(experiment: &Experiment, bytes: &[u8]) -> Result<(), TestCaseError> {
    let read = document_file::read(bytes, "written").map_err(|error| TestCaseError::fail(error.to_string()))?;
    prop_assert_eq!(read.runs.len(), experiment.runs.len());
    for (read, was) in read.runs.iter().zip(&experiment.runs) {
        prop_assert_eq!(&read.end, &was.end);
        prop_assert_eq!((read.makespan_ns, read.origin_ns), (was.makespan_ns, was.origin_ns));
        let [read_slices, were] = [read, was].map(|run| run.slices.iter(0, u64::MAX).collect::<Vec<_>>());
        prop_assert_eq!(read_slices, were);
        prop_assert_eq!(&read.cores, &was.cores);
        for (read, was) in read.executions.iter().zip(&was.executions) {
            let stages = Stage::ALL.map(|stage| (read.stamps.get(stage), was.stamps.get(stage)));
            prop_assert!(stages.iter().all(|(read, was)| read == was), "{:?}", stages);
            prop_assert_eq!((&read.outcome, &read.result, &read.output), (&was.outcome, &was.result, &was.output));
            prop_assert_eq!((&read.usage, &read.states, &read.own), (&was.usage, &was.states, &was.own));
        }
    }
    bodies::export(&read);
    Ok(())
}

/// Up to three runs with arbitrary events.
fn any_experiment() -> impl Strategy<Value = Experiment> {
    let runs = proptest::collection::vec((any_run(), any_events()), 1..4);
    (runs, strings()).prop_map(|(runs, name)| {
        let mut experiment = bodies::experiment(0);
        experiment.plan.name = name;
        let fold = |(mut run, events): (Run, Vec<RunEvent>)| {
            events.iter().for_each(|event| drop(run.apply(event)));
            run
        };
        experiment.runs = runs.into_iter().map(fold).collect();
        experiment.plan.tasks[0].count = strategies::EXECUTIONS;
        (0..).zip(&mut experiment.runs).for_each(|(id, run)| (run.id, run.repeat) = (id, id));
        experiment.compared = experiment.settings();
        experiment
    })
}

/// Words as they occur in slots, and others.
fn any_word() -> impl Strategy<Value = i64> {
    prop_oneof![4 => Just(0), 4 => 1..20i64, 4 => 1_000..2_000i64, 1 => any::<i64>(), 1 => Just(i64::MAX), 1 => Just(i64::MIN)]
}

/// Lines, some of which are texts.
fn lines() -> impl Strategy<Value = Vec<u8>> {
    let line =
        prop_oneof![proptest::collection::vec(any::<u8>(), 0..40), events::text_line().prop_map(String::into_bytes),];
    proptest::collection::vec(line, 0..12).prop_map(|lines| lines.join(&b'\n'))
}
