//! What a reader of the report relies on.

use super::*;
use insight::testing::Builder;
use model::{
    Conditions,
    LaunchMode::{Processes, Threads},
    RunEnd,
};

fn two() -> Experiment {
    let mut experiment = Builder::compare("Primes | <fast> *and* slow")
        .makespans(Threads, &[2.0; 7])
        .makespans(Processes, &[1.0; 7])
        .build();
    experiment.plan.tasks[0].name = "a|b #1".to_owned();
    experiment
}

fn text(experiment: &Experiment) -> String {
    String::from_utf8(Markdown.export(experiment, &ExportOptions::default()).expect("a report")).expect("UTF-8")
}

/// The lines of each table.
fn tables(text: &str) -> Vec<Vec<&str>> {
    let mut tables: Vec<Vec<&str>> = Vec::new();
    let mut inside = false;
    for line in text.lines() {
        let row = line.starts_with('|');
        match tables.last_mut().filter(|_| inside && row) {
            Some(table) => table.push(line),
            None if row => tables.push(vec![line]),
            None => {}
        }
        inside = row;
    }
    tables
}

/// The number of cells in a line; an escaped pipe does not end one.
fn cells(line: &str) -> usize {
    line.replace("\\|", "").matches('|').count() - 1
}

#[test]
fn a_comparison_reads_from_title_to_plan() {
    let text = text(&two());
    insta::assert_snapshot!(text);
    assert!(!text.contains("## Why") && !text.contains("## What failed"));
}

#[test]
fn every_table_is_whole() {
    let experiment = Builder::compare("t").crash(Threads, 2).makespans(Processes, &[1.0]).baseline(&[2.0]).build();
    for text in [text(&two()), text(&experiment)] {
        let tables = tables(&text);
        assert!(tables.len() >= 3, "{text}");
        for table in tables {
            assert!(table.len() >= 3 && table.iter().all(|line| cells(line) == cells(table[0])), "{table:?}");
        }
    }
}

#[test]
fn what_failed_is_listed_and_numbers_make_no_links() {
    let mut experiment = Builder::compare("t").crash(Threads, 5).makespans(Processes, &[1.0]).build();
    experiment.message = Some("stopped by the user".to_owned());
    let text = text(&experiment);
    assert!(
        text.contains(
            "executions did not succeed.\n\n- `primes #1` (`threads, repeat 1`): lost (SIGSEGV); 20 times in all"
        ),
        "{text}"
    );
    assert!(text.contains("- **Note:** Ended early: stopped by the user."), "{text}");
    assert!(text.contains("Nothing to compare: no run as threads succeeded"), "{text}");
}

#[test]
fn what_was_left_running_is_listed_once_for_all_that_is_alike() {
    let text = text(&insight::testing::left::experiment());
    let expected = "## What was left running\n\n- processes, repeat 1: sleep 609 (process 99) was left running; it could not be \
                    ended, and may still be there\n- primes #1 (processes, repeat 1): sleep 600 (process 4710) was left running \
                    and held its stdout or stderr; SIGKILL ended it; 8 such processes in all\n";
    assert!(text.contains(expected) && text.contains("### Processes were left running"), "{text}");
    assert!(!self::text(&two()).contains("left running"));
}

#[test]
fn conditions_are_told_where_the_machine_told_them() {
    let mut experiment = two();
    assert!(!text(&experiment).contains("Conditions"));
    for (run, mhz) in experiment.runs.iter_mut().zip([2_000, 3_000]) {
        let conditions = Conditions {
            lowest_mhz: Some(mhz),
            highest_mhz: Some(mhz + 500),
            throttle_events: Some(u64::from(mhz == 3_000)),
            on_battery: Some(false),
        };
        run.end = Some(RunEnd { complete: true, conditions: Some(conditions), ..RunEnd::default() });
    }
    let text = text(&experiment);
    let expected =
        "**Conditions:** cores at 2000 to 3500 MHz before and after runs, thermal throttling in 1 run, on mains\n";
    assert!(text.contains(expected), "{text}");
}

#[test]
fn findings_and_sweeps_are_written_with_their_figures() {
    use model::{Finding, FindingPlace, SweepAxis, scaling::*};
    let experiment = two();
    let finding = Finding {
        id: "x".to_owned(),
        title: "Oversubscription".to_owned(),
        sentence: "Executions were ready for 47 % of their time.".to_owned(),
        advice: "Fewer workers.".to_owned(),
        evidence: [("ready_percent".to_owned(), 47.123_456.into())].into_iter().collect(),
        runs: vec![0, 1],
        place: Some(FindingPlace { execution: Some(0), from_ns: 0, to_ns: 1_500_000 }),
    };
    let mut page = Page::default();
    findings::write(&mut page, &experiment, &[finding]);
    insta::assert_snapshot!("findings", page.text());
    let side = experiment.compared[0];
    let estimate = |median: f64| Estimate { median, low: Some(median * 0.9), high: Some(median * 1.1) };
    let point = Point {
        setting: side,
        repeats: 7,
        makespan_ns: Some(estimate(2e9)),
        throughput_per_s: Some(estimate(2.0)),
        speedup: Some(1.0),
        speedup_interval: None,
        efficiency: None,
        efficiency_interval: None,
        note: Some("One repeat failed.".to_owned()),
    };
    let fit = Fit {
        setting: side,
        law: Law::Amdahl,
        parameters: [("serial".to_owned(), 0.12), ("t1_ns".to_owned(), 2e9)].into(),
        errors: [("serial".to_owned(), 0.01)].into(),
        note: None,
    };
    let sweep = Scaling {
        axis: SweepAxis::Workers(vec![2]),
        variable: None,
        points: vec![point],
        fits: vec![fit],
        best: vec![Best { setting: side, told: true, sentence: "Threads are best at 2 workers.".to_owned() }],
        crossings: Vec::new(),
        notes: vec!["A repeat is left out.".to_owned()],
    };
    let mut page = Page::default();
    sweep::write(&mut page, &experiment, &sweep);
    insta::assert_snapshot!("sweep", page.text());
}

#[test]
fn without_a_run_there_is_nothing_to_report() {
    assert!(Markdown.export(&Builder::compare("t").build(), &ExportOptions::default()).is_err());
}
