//! Compares what the timeline draws with a slow and plain count of the same runs.

mod joins;
mod lanes;
mod left;
mod states;

use super::{
    testing::{Dice, empty_run, random_run, stamps},
    *,
};
use model::{Changes, Execution, MainKind, Outcome, OutcomeKind, Phase, Run, RunEnd, RunEvent, Stage, Stamps};

fn items(index: &Index, view: &ViewRect) -> Vec<BarItem> {
    let mut items = Vec::new();
    layout(index, view, |item| items.push(item));
    items
}

/// Time in each phase of the given rows between two instants, counted execution by execution.
fn plain(index: &Index, rows: (u32, u32), from_ns: f64, to_ns: f64) -> PhaseShares<f64> {
    let mut sums = PhaseShares::default();
    for row in rows.0..rows.1 {
        for bar in index.lanes[row as usize - 1].iter() {
            for (phase, from, to) in bar::Stretch::stretches(&bar) {
                sums[phase as usize] += ((to as f64).min(to_ns) - (from as f64).max(from_ns)).max(0.0);
            }
        }
    }
    sums
}

/// The same, by the items drawn.
fn drawn(items: &[BarItem], rows: (u32, u32), view: &ViewRect, from_ns: f64, to_ns: f64) -> PhaseShares<f64> {
    let ns_per_px = (view.to_ns - view.from_ns) / f64::from(view.width_px);
    let mut sums = PhaseShares::<f64>::default();
    for item in items.iter().filter(|item| rows.0 <= item.row && item.row + item.rows <= rows.1) {
        let ns = |px: f32| view.from_ns + f64::from(px) * ns_per_px;
        let height = f64::from(item.rows) * f64::from(item.band.1 - item.band.0);
        let length = (ns(item.to_px).min(to_ns) - ns(item.from_px).max(from_ns)).max(0.0) * height;
        match item.fill {
            Fill::Phase(phase) => sums[phase as usize] += length,
            Fill::Shares(shares) => {
                (0..sums.len()).for_each(|phase| sums[phase] += f64::from(shares.phases[phase]) * length);
                let known = shares.in_target() - shares.phases[Phase::InTarget as usize];
                sums[Phase::InTarget as usize] += f64::from(known) * length;
            }
            Fill::State(_) | Fill::Unseen => sums[Phase::InTarget as usize] += length,
            Fill::Failed | Fill::Lane(_) | Fill::Edge | Fill::Tick => {}
        }
    }
    sums
}

fn assert_near(drawn: PhaseShares<f64>, plain: PhaseShares<f64>, tolerance_ns: f64, place: &str) {
    for phase in Phase::ALL {
        let (drawn, plain) = (drawn[phase as usize], plain[phase as usize]);
        assert!((drawn - plain).abs() <= tolerance_ns, "{place}: {}: drawn {drawn}, counted {plain}", phase.word());
    }
}

fn view_of(dice: &mut Dice, index: &Index, height_px: f32) -> ViewRect {
    let extent = index.extent_ns() as f64;
    let width = extent / [1.0, 1.0, 7.0, 90.0, 3_000.0][dice.below(5) as usize];
    let from_ns = dice.below(1_000) as f64 / 1_000.0 * (extent - width);
    let rows = f64::from(index.rows());
    ViewRect { from_ns, to_ns: from_ns + width, first_row: 1.0, last_row: rows, width_px: 200.0, height_px }
}

#[test]
fn every_column_shows_the_exact_share_of_every_phase_at_any_zoom() {
    let mut dice = Dice(0x5EED);
    for _ in 0..60 {
        let lanes = 1 + dice.below(6) as u32;
        let executions = 1 + dice.below(400) as u32;
        let index = Index::of(&random_run(&mut dice, executions, lanes));
        let view = view_of(&mut dice, &index, 600.0);
        let items = items(&index, &view);
        let ns_per_px = (view.to_ns - view.from_ns) / 200.0;
        for row in 1..=index.lanes() {
            for column in 0..200 {
                let from = view.from_ns + f64::from(column) * ns_per_px;
                let rows = (row, row + 1);
                let place = format!("row {row}, column {column}, view {view:?}");
                let cells = drawn(&items, rows, &view, from, from + ns_per_px);
                assert_near(cells, plain(&index, rows, from, from + ns_per_px), ns_per_px * 1e-3, &place);
            }
        }
    }
}

#[test]
fn thin_rows_are_added_up_exactly() {
    let mut dice = Dice(0xF01D);
    for _ in 0..12 {
        let index = Index::of(&random_run(&mut dice, 3_000, 150));
        let view = view_of(&mut dice, &index, 60.0);
        let items = items(&index, &view);
        assert!(items.iter().all(|item| item.rows <= 8), "strips of eight lanes: {:?}", items.first());
        let ns_per_px = (view.to_ns - view.from_ns) / 200.0;
        for row in (1..=index.lanes()).step_by(8) {
            let rows = (row, (row + 8).min(index.rows()));
            for column in 0..200 {
                let from = view.from_ns + f64::from(column) * ns_per_px;
                let place = format!("rows {rows:?}, column {column}, view {view:?}");
                let cells = drawn(&items, rows, &view, from, from + ns_per_px);
                assert_near(cells, plain(&index, rows, from, from + ns_per_px), ns_per_px * 8e-3, &place);
            }
        }
    }
}

#[test]
fn what_is_seen_from_afar_is_exact_too() {
    let mut dice = Dice(0xFA2);
    let index = Index::of(&random_run(&mut dice, 70_000, 300));
    let extent = index.extent_ns() as f64;
    let view =
        ViewRect { from_ns: 0.0, to_ns: extent, first_row: 1.0, last_row: 301.0, width_px: 300.0, height_px: 90.0 };
    let items = items(&index, &view);
    let ns_per_px = extent / 300.0;
    for item in items.iter().filter(|item| matches!(item.fill, Fill::Shares(_))).step_by(37) {
        let (from, to) = (f64::from(item.from_px) * ns_per_px, f64::from(item.to_px) * ns_per_px);
        let rows = (item.row, item.row + item.rows);
        let slack = (to - from) * f64::from(item.rows) * 2e-3;
        assert_near(drawn(&[*item], rows, &view, from, to), plain(&index, rows, from, to), slack, &format!("{item:?}"));
    }
    let all = (1, index.rows());
    let plain = plain(&index, all, 0.0, extent);
    assert_near(drawn(&items, all, &view, 0.0, extent * 1.1), plain, plain.iter().sum::<f64>() * 1e-5, "everything");
}

#[test]
fn a_failed_execution_shows_at_any_zoom() {
    let mut dice = Dice(0xBAD);
    for _ in 0..40 {
        let run = random_run(&mut dice, 300, 40);
        let index = Index::of(&run);
        let height = [20.0, 60.0, 600.0][dice.below(3) as usize];
        let view = view_of(&mut dice, &index, height);
        let items = items(&index, &view);
        let px_per_ns = 200.0 / (view.to_ns - view.from_ns);
        for execution in run.executions.iter().filter(|execution| execution.failed()) {
            let place = index.place(execution).expect("it has started");
            let from_px = (place.from_ns as f64 - view.from_ns) * px_per_ns;
            if (0.0..199.0).contains(&from_px) {
                let covers = |item: &&BarItem| {
                    (item.row..item.row + item.rows).contains(&place.row)
                        && f64::from(item.from_px) <= from_px + 1e-3
                        && from_px <= f64::from(item.to_px) + 1e-3
                };
                assert!(
                    items.iter().filter(|item| item.fill == Fill::Failed).any(|item| covers(&item)),
                    "{place:?} {view:?}"
                );
            }
        }
    }
}

#[test]
fn the_work_follows_the_pixels() {
    let mut dice = Dice(0xB16);
    let index = Index::of(&random_run(&mut dice, 30_000, 10));
    let extent = index.extent_ns() as f64;
    let view =
        ViewRect { from_ns: 0.0, to_ns: extent, first_row: 0.0, last_row: 11.0, width_px: 100.0, height_px: 220.0 };
    let drawn = items(&index, &view).len();
    assert!(drawn < 11 * 100 * 3, "{drawn} items for 11 rows of 100 pixels");
}

/// The run as it was known at an instant.
fn as_of(run: &Run, now_ns: u64) -> Run {
    let mut early = run.clone();
    early.end = None;
    early.makespan_ns = None;
    early.now_ns = now_ns;
    for execution in &mut early.executions {
        let all = execution.stamps;
        let mut known = Stamps::default();
        for stage in Stage::ALL {
            if let Some(ns) = all.get(stage).filter(|&ns| ns <= now_ns) {
                known.set(stage, ns);
            }
        }
        if let Some(ns) = all.join_called().filter(|&ns| ns <= now_ns) {
            known.set_join_called(ns);
        }
        execution.stamps = known;
        if known.get(Stage::LaunchCalled).is_none() {
            execution.lane = None;
        }
        if known.get(Stage::Joined).is_none() {
            execution.outcome = None;
        }
    }
    early
}

#[test]
fn growing_with_the_run_ends_as_if_built_at_once() {
    let mut dice = Dice(0x11FE);
    for _ in 0..10 {
        let executions = 1 + dice.below(4_000) as u32;
        let lanes = 1 + dice.below(200) as u32;
        let run = random_run(&mut dice, executions, lanes);
        let (mut growing, mut live) = (empty_run(executions), Index::default());
        for step in 1..=12 {
            let known = as_of(&run, run.now_ns * step / 12).executions.into_iter();
            let changes = growing.take_in(RunEvent::Executions(known.collect()));
            live.take(&growing, &changes);
        }
        let end = RunEvent::Ended { makespan_ns: run.makespan_ns, end: run.end.clone().expect("it has ended") };
        let changes = growing.take_in(end);
        live.take(&growing, &changes);
        let batch = Index::of(&run);
        assert_eq!(live.lanes(), batch.lanes());
        for (live, batch) in live.lanes.iter().zip(&batch.lanes) {
            assert!(live.iter().eq(batch.iter()));
            assert_eq!(live.sums(0, live.len()), batch.sums(0, batch.len()));
        }
        assert!(live.main.iter().eq(batch.main.iter()));
        assert!(live.open.is_empty() && live.open_main.is_empty());
    }
}

fn one(ns: &[(Stage, u64)], lane: u32, outcome: Option<Outcome>) -> Run {
    let mut run = empty_run(1);
    let execution: &mut Execution = &mut run.executions[0];
    execution.lane = Some(lane);
    execution.outcome = outcome;
    ns.iter().for_each(|&(stage, ns)| execution.stamps.set(stage, ns));
    run
}

#[test]
fn what_is_in_flight_reaches_to_now() {
    let mut run = one(&[(Stage::Created, 0), (Stage::LaunchCalled, 100), (Stage::Entered, 200)], 0, None);
    run.now_ns = 1_000;
    let mut index = Index::of(&run);
    assert_eq!(hit(&index, 999.0, 1, 0.0), Some(Hit { execution: 0, phase: Phase::InTarget }));
    assert_eq!(hit(&index, 150.0, 1, 0.0), Some(Hit { execution: 0, phase: Phase::Launching }));
    let doing = main_at(&index, 500.0, 0.0).map(|mark| (mark.kind, mark.execution));
    assert_eq!(doing, Some((MainKind::Start, 0)), "start has not returned");
    run.now_ns = 2_000;
    index.take(&run, &Changes::all(&run));
    assert_eq!(index.place(&run.executions[0]), Some(BarPlace { row: 1, from_ns: 100, to_ns: 2_000 }));
}

#[test]
fn what_was_lost_was_there_until_its_runner_was_seen_to_be_gone() {
    let lost = Some(Outcome::of(OutcomeKind::Lost));
    let mut run = one(&[(Stage::Created, 0), (Stage::LaunchCalled, 100), (Stage::Entered, 200)], 0, lost);
    run.now_ns = 1_000;
    run.end = Some(RunEnd { ended_ns: Some(800), ..RunEnd::default() });
    let index = Index::of(&run);
    assert_eq!(index.place(&run.executions[0]), Some(BarPlace { row: 1, from_ns: 100, to_ns: 800 }));
    assert_eq!(hit(&index, 600.0, 1, 0.0).map(|hit| hit.phase), Some(Phase::InTarget));
}

#[test]
fn what_was_killed_in_the_target_was_there_until_it_was_gone() {
    let killed = Some(Outcome::of(OutcomeKind::Signalled));
    let known = [(Stage::LaunchCalled, 100), (Stage::Entered, 200), (Stage::Exited, 700), (Stage::Joined, 900)];
    let index = Index::of(&one(&known, 0, killed));
    assert_eq!(hit(&index, 600.0, 1, 0.0).map(|hit| hit.phase), Some(Phase::InTarget));
    assert_eq!(hit(&index, 800.0, 1, 0.0).map(|hit| hit.phase), Some(Phase::ToBeJoined));
}

#[test]
fn waiting_shows_only_where_the_lane_is_free() {
    let mut run = empty_run(2);
    for (id, launch) in [(0, 100), (1, 600)] {
        let execution = &mut run.executions[id];
        execution.lane = Some(0);
        execution.outcome = Some(Outcome::success());
        execution.stamps = stamps([0, launch, launch, launch + 50, launch + 200, launch + 300, launch + 400], launch);
    }
    let index = Index::of(&run);
    let at = |ns: f64| hit(&index, ns, 1, 0.0).map(|hit| (hit.execution, hit.phase));
    assert_eq!(at(50.0), Some((0, Phase::Waiting)));
    assert_eq!(at(499.0), Some((0, Phase::ToBeJoined)), "the second was made at 0 and waits elsewhere until 500");
    assert_eq!(at(550.0), Some((1, Phase::Waiting)));
    assert_eq!(at(620.0), Some((1, Phase::Launching)));
}

#[test]
fn a_call_in_a_pool_has_its_lane_when_a_worker_takes_it() {
    use Stage::*;
    let stage_ns =
        [(Created, 0), (LaunchCalled, 1), (Launched, 2), (Entered, 50), (Left, 60), (Exited, 60), (Joined, 70)];
    let mut run = one(&stage_ns, 0, Some(Outcome::success()));
    run.executions[0].queued = true;
    let index = Index::of(&run);
    assert_eq!(index.place(&run.executions[0]), Some(BarPlace { row: 1, from_ns: 50, to_ns: 70 }));
    assert_eq!(hit(&index, 45.0, 1, 0.0).map(|hit| hit.phase), Some(Phase::Queued));
    assert_eq!(hit(&index, 55.0, 1, 0.0).map(|hit| hit.phase), Some(Phase::InTarget));
}

#[test]
fn what_reaches_into_its_successor_is_cut_there() {
    let mut run = empty_run(2);
    for (id, launch) in [(0, 100), (1, 300)] {
        let execution = &mut run.executions[id];
        execution.lane = Some(0);
        execution.outcome = Some(Outcome::success());
        execution.stamps = stamps([0, launch, launch, launch + 50, launch + 150, launch + 180, launch + 900], launch);
    }
    let index = Index::of(&run);
    assert_eq!(hit(&index, 290.0, 1, 0.0).map(|hit| hit.execution), Some(0));
    assert_eq!(hit(&index, 310.0, 1, 0.0).map(|hit| hit.execution), Some(1));
}

#[test]
fn what_is_narrower_than_a_pixel_can_be_pointed_at() {
    let stage_ns = [(Stage::LaunchCalled, 100), (Stage::Entered, 101), (Stage::Left, 102), (Stage::Joined, 103)];
    let index = Index::of(&one(&stage_ns, 2, Some(Outcome::success())));
    assert_eq!(hit(&index, 150.0, 3, 60.0).map(|hit| hit.execution), Some(0));
    assert_eq!(hit(&index, 150.0, 3, 10.0), None);
    assert_eq!(hit(&index, 150.0, 2, 60.0), None, "another lane");
    assert_eq!(hit(&index, 150.0, 99, 60.0), None, "no such lane");
}

#[test]
fn a_document_without_an_end_or_a_clock_is_drawn_whole() {
    let mut run = random_run(&mut Dice(7), 50, 4);
    (run.end, run.now_ns, run.makespan_ns) = (None, 0, None);
    let index = Index::of(&run);
    assert_eq!(index.extent_ns(), run.executions.iter().filter_map(|e| e.stamps.get(Stage::Joined)).max().unwrap_or(0));
}

#[test]
fn a_view_of_nothing_draws_nothing() {
    let index = Index::of(&random_run(&mut Dice(9), 50, 4));
    let view = ViewRect { from_ns: 5.0, to_ns: 5.0, first_row: 0.0, last_row: 5.0, width_px: 100.0, height_px: 100.0 };
    assert!(items(&index, &view).is_empty());
    assert!(items(&Index::default(), &ViewRect { to_ns: 9.0, ..view }).is_empty());
}
