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

/// Cells of a line; an escaped pipe ends none.
fn cells(line: &str) -> usize {
    line.replace("\\|", "").matches('|').count() - 1
}

#[test]
fn a_comparison_reads_from_title_to_plan() {
    let text = text(&two());
    let parts = [
        "# Primes \\| &lt;fast&gt; \\*and\\* slow\n\n**Machine:** AMD EPYC 7763, 2 cores, Debian 12 6.18, 8.00 GiB of memory\\\n",
        "**Runs:** 14 measured runs of 2 settings, begun 2026-01-31 10:20 UTC, ",
        "- **Processes are 2.00 × faster than threads (95 %: ",
        "(7 pairs, rank test p = 0.016)",
        "## Results\n\n|  | Threads | Processes | Threads / Processes |\n| :-- | --: | --: | --: |\n| Makespan | 2.00 s ± 0.00 | 1.00 s ± 0.00 | 2.00 |\n",
        "## What an execution costs\n\n- From launch to join an execution took",
        "| together |",
        "## Launch costs\n\n|  | p50 | p90 | p99 | max | Executions |\n",
        "| Processes: exit to join |",
        "## Plan\n\nAt most 2 in flight.\n\n| Task | Target | Arguments | Executions |\n",
        "| a\\|b #1 | primes |  | 4 |",
    ];
    let mut from = 0;
    for part in parts {
        let at = text[from..].find(part).unwrap_or_else(|| panic!("{part:?} does not follow in {text}"));
        from += at;
    }
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
    use model::{Finding, Place, SweepAxis, document::Side, scaling::*};
    let experiment = two();
    let finding = Finding {
        id: "x".to_owned(),
        title: "Oversubscription".to_owned(),
        sentence: "Executions were ready for 47 % of their time.".to_owned(),
        advice: "Fewer workers.".to_owned(),
        evidence: [("ready_percent".to_owned(), 47.123_456.into())].into_iter().collect(),
        runs: vec![0, 1],
        place: Some(Place { execution: Some(0), from_ns: 0, to_ns: 1_500_000 }),
    };
    let mut page = Page::default();
    findings::write(&mut page, &experiment, &[finding]);
    assert_eq!(
        page.text(),
        "## Why\n\n### Oversubscription\n\nExecutions were ready for 47 % of their time.\n\n**Try:** Fewer workers.\n\n- \
         Evidence: `ready_percent = 47.123`\n- Seen in `threads, repeat 1`, `threads, repeat 2`; in the first `primes #1` \
         from 0 s to 1.50 ms\n"
    );
    let side = Side::from(experiment.compared[0]);
    let estimate = |median: f64| Estimate { median, low: Some(median * 0.9), high: Some(median * 1.1) };
    let point = Point {
        setting: side.clone(),
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
        setting: side.clone(),
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
    let text = page.text();
    for part in [
        "## Sweep of workers\n\n- **Threads are best at 2 workers.**\n- A repeat is left out.\n",
        "| Threads | 2 | 7 | 2.00 s (1.80 s to 2.20 s) | 2.00 (1.80 to 2.20) | 1.00 | — |",
        "- Threads: One repeat failed.",
        "### Fits\n\n- Threads, Amdahl's law: serial = 0.12 ± 0.0100, t1 = 2.00 s\n",
    ] {
        assert!(text.contains(part), "{part:?} is not in {text}");
    }
}

#[test]
fn without_a_run_there_is_nothing_to_report() {
    assert!(Markdown.export(&Builder::compare("t").build(), &ExportOptions::default()).is_err());
}
