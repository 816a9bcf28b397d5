//! Signs of processes that were left running.

use super::*;
use crate::timeline::left_signs;
use insight::testing::{Builder, left::process};
use model::{LaunchMode::Processes, LeftEnd, Run, Stage};

/// Four executions on two lanes in a second, two of which left processes running; of two more processes only the run is
/// known.
fn run() -> Run {
    let mut run = Builder::compare("t").makespans(Processes, &[1.0]).build().runs.remove(0);
    run.end.get_or_insert_default().left = vec![
        process(1, Some(0), LeftEnd::Killed),
        process(2, Some(0), LeftEnd::Killed),
        process(3, Some(1), LeftEnd::Remains),
        process(4, None, LeftEnd::Terminated),
        process(5, Some(99), LeftEnd::Killed),
    ];
    run
}

fn view(rows: std::ops::Range<f64>) -> ViewRect {
    let (from_ns, to_ns, width_px, height_px) = (0.0, 1e9, 1_000.0, 20.0 * (rows.end - rows.start) as f32);
    ViewRect { from_ns, to_ns, first_row: rows.start, last_row: rows.end, width_px, height_px }
}

#[test]
fn signs_stand_where_executions_end_on_their_lanes_and_on_main_where_nobody_knows_whose() {
    let (run, index) = (run(), Index::of(&run()));
    let signs = left_signs(&index, &view(0.0..3.0), 8.0);
    let at = |id: usize| run.executions[id].stamps.get(Stage::Exited).expect("ended") as f32 / 1e6;
    let row = |id: usize| 1 + run.executions[id].lane.expect("a lane");
    let of = |row: u32| signs.iter().find(|sign| sign.row == row).expect("a sign");
    assert_eq!(signs.len(), 3, "{signs:?}");
    let [main, first, second] = [of(0), of(row(0)), of(row(1))];
    assert!((first.from_px - at(0)).abs() < 1.0 && (second.from_px - at(1)).abs() < 1.0, "{signs:?}");
    assert_eq!((main.from_px, main.to_px), (992.0, 1_000.0), "moved in from the right edge");
    assert_eq!(
        [main, first, second].map(|sign| (sign.execution, sign.remains)),
        [(None, false), (Some(0), false), (Some(1), true)]
    );
    assert_eq!(
        first.text(&run),
        "primes #1: sleep 601 (process 1) was left running and held its stdout or stderr; SIGKILL ended it\nprimes #1: sleep \
         602 (process 2) was left running and held its stdout or stderr; SIGKILL ended it"
    );
    assert_eq!((first.rows, first.to_px - first.from_px), (1, 8.0));
    assert!(main.text(&run).starts_with("sleep 604 (process 4) was left running; SIGTERM ended it\n"), "{main:?}");
}

#[test]
fn signs_follow_the_view_and_are_one_where_they_are_near() {
    let index = Index::of(&run());
    assert!(left_signs(&index, &ViewRect { to_ns: 1e6, ..view(1.0..3.0) }, 8.0).is_empty(), "before they end");
    assert_eq!(left_signs(&index, &view(0.0..1.0), 8.0).len(), 1, "main alone");
    let low = ViewRect { height_px: 2.0, ..view(1.0..3.0) };
    let signs = left_signs(&index, &low, 1_000.0);
    assert_eq!((signs.len(), signs[0].row, signs[0].remains), (1, 1, true), "{signs:?}");
    assert_eq!(signs[0].text(&run()).lines().count(), 3);
    let many = (0..9).map(|pid| process(pid, Some(0), LeftEnd::Killed)).collect();
    let mut run = run();
    run.end.get_or_insert_default().left = many;
    let signs = left_signs(&Index::of(&run), &view(0.0..3.0), 8.0);
    assert!(signs.len() == 1 && signs[0].text(&run).ends_with("\n… and 5 more"), "{signs:?}");
}
