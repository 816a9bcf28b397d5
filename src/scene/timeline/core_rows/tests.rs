//! Compares what is drawn on the rows of cores with a slow and plain count of the same slices.

use super::*;
use crate::timeline::testing::{Dice, empty_run};
use model::{Slice, SlicesSource, Stage};

fn slice(core: u32, from_ns: u64, to_ns: u64, owner: Owner) -> Slice {
    Slice { from_ns, to_ns, core, owner, preempted: false }
}

/// A run of 8 executions on 4 lanes, in flight all the time, without slices yet.
fn run_of_eight() -> Run {
    let mut run = empty_run(8);
    for execution in &mut run.executions {
        execution.lane = Some(execution.id % 4);
        execution.stamps.set(Stage::LaunchCalled, 0);
    }
    run.slices_source = Some(SlicesSource::SwitchRecords);
    run
}

/// Slices of every length, owner and distance.
fn random_slices(dice: &mut Dice, run: &mut Run, cores: u32, each: u32) {
    for core in 0..cores {
        let mut at = dice.below(1_000);
        for _ in 0..each {
            let most = [30, 900, 40_000][dice.below(3) as usize];
            let length = 1 + dice.below(most);
            let owner = match dice.below(12) {
                0 => Owner::Launcher,
                1 => Owner::Other,
                2 => Owner::Helper(dice.below(8) as u32),
                id => Owner::Execution(id as u32 % 8),
            };
            run.slices.push(&slice(core, at, at + length, owner));
            at += length + dice.below(2) * dice.below(3_000);
        }
    }
}

fn items(run: &Run, view: &ViewRect) -> Vec<CoreItem> {
    let mut items = Vec::new();
    core_rows(run, view, |item| items.push(item));
    items
}

fn view(from_ns: f64, to_ns: f64, cores: u32, px: (f32, f32)) -> ViewRect {
    ViewRect { from_ns, to_ns, first_row: 0.0, last_row: f64::from(cores), width_px: px.0, height_px: px.1 }
}

/// Time drawn on a row between two pixels, in nanoseconds.
fn drawn(items: &[CoreItem], row: u32, view: &ViewRect, from_px: f32, to_px: f32) -> f64 {
    let ns_per_px = (view.to_ns - view.from_ns) / f64::from(view.width_px);
    let part = |item: &CoreItem| {
        let px = (item.to_px.min(to_px) - item.from_px.max(from_px)).max(0.0);
        f64::from(px) * ns_per_px * f64::from(item.share) * f64::from(item.rows)
    };
    items.iter().filter(|item| item.row == row).map(part).sum()
}

#[test]
fn every_column_shows_the_exact_busy_share_at_any_zoom() {
    let mut dice = Dice(0x51CE);
    for _ in 0..60 {
        let mut run = run_of_eight();
        random_slices(&mut dice, &mut run, 3, 400);
        let end = run.slices.cores()[0].end_ns() as f64;
        let from = end * dice.below(900) as f64 / 1_000.0;
        let to = from + end * (1 + dice.below(1_000)) as f64 / 1_000.0;
        let view = view(from, to, 3, (200.0, 60.0));
        let items = items(&run, &view);
        let ns_per_px = (to - from) / 200.0;
        for (core, on) in run.slices.cores().iter().enumerate() {
            for column in 0..200 {
                let at = |column: u32| from + f64::from(column) * ns_per_px;
                let cut = |slice: Slice| {
                    ((slice.to_ns as f64).min(at(column + 1)) - (slice.from_ns as f64).max(at(column))).max(0.0)
                };
                let plain: f64 = on.iter(0, 0, u64::MAX).map(cut).sum();
                let drawn = drawn(&items, core as u32, &view, column as f32, column as f32 + 1.0);
                let place = format!("core {core}, column {column} of {view:?}");
                assert!((drawn - plain).abs() <= ns_per_px * 2e-3, "{place}: drawn {drawn}, counted {plain}");
            }
        }
    }
}

#[test]
fn slices_of_a_pixel_are_their_own_and_the_work_follows_the_pixels() {
    let mut run = run_of_eight();
    random_slices(&mut Dice(7), &mut run, 2, 120_000);
    let end = run.slices.cores()[0].end_ns() as f64;
    for share in [1.0, 0.1, 0.001, 0.000_01] {
        let view = view(end * 0.3, end * (0.3 + share * 0.7), 2, (1_000.0, 40.0));
        let items = items(&run, &view);
        assert!(items.len() <= 4 * 1_000, "{} items at {share}", items.len());
        let wide = items.iter().filter(|item| item.to_px - item.from_px > 1.5);
        wide.for_each(|item| assert_eq!(item.share, 1.0, "{item:?}"));
    }
}

#[test]
fn from_afar_the_shares_are_those_of_the_slices() {
    let mut run = run_of_eight();
    random_slices(&mut Dice(99), &mut run, 2, 120_000);
    let end = run.slices.cores()[0].end_ns() as f64;
    let view = view(0.0, end, 2, (100.0, 40.0));
    assert!(!Detail::of(run.slices.cores(), 0, end as u64, end / 100.0).is_full(), "blocks are taken whole");
    let items = items(&run, &view);
    for core in 0..2 {
        for column in 0..100 {
            let at = |column: u32| (end * f64::from(column) / 100.0) as u64;
            let busy = run.slices.cores()[core as usize].busy_ns(at(column), at(column + 1)) as f64;
            let drawn = drawn(&items, core, &view, column as f32, column as f32 + 1.0);
            assert!((drawn - busy).abs() < end / 100.0 * 0.01, "core {core}, column {column}: {drawn}, {busy}");
        }
    }
}

#[test]
fn a_lone_busy_stretch_is_not_smeared_over_the_idle_time_around_it() {
    let mut run = run_of_eight();
    (0..50_000).for_each(|at| run.slices.push(&slice(0, at * 10, at * 10 + 9, Owner::Execution(0))));
    // A long and nearly empty block on another core.
    (0..20).for_each(|at| run.slices.push(&slice(1, at * 25_000, at * 25_000 + 100, Owner::Execution(1))));
    let view = view(0.0, 500_000.0, 2, (500.0, 40.0));
    let items = items(&run, &view);
    assert_eq!(items.iter().filter(|item| item.row == 1).count(), 20);
}

#[test]
fn a_column_has_the_colour_of_who_had_most_of_it() {
    let mut run = run_of_eight();
    let two = [(0, 20, Owner::Execution(1)), (20, 50, Owner::Helper(2)), (50, 70, Owner::Execution(5))];
    two.into_iter().for_each(|(from, to, owner)| run.slices.push(&slice(0, from, to, owner)));
    run.slices.push(&slice(0, 2_000, 4_000, Owner::Launcher));
    run.slices.push(&slice(0, 5_000, 7_000, Owner::Other));
    let shown = items(&run, &view(0.0, 10_000.0, 1, (100.0, 20.0)));
    let looks: Vec<_> = shown.iter().map(|item| (item.who, item.share)).collect();
    // Executions 1 and 5 share a lane and so a colour: together they have more time than the helper.
    let lane = Who::Lane { lane: 1, helper: false };
    assert_eq!(looks, [(lane, 0.7), (Who::Launcher, 1.0), (Who::Other, 1.0)]);
    assert_eq!(lane.colour(), palette::lane(1));
    assert!(Who::of(&run, Owner::Helper(2)).is_helper() && !lane.is_helper());
}

#[test]
fn a_slice_that_follows_one_of_its_colour_has_an_edge() {
    let mut run = run_of_eight();
    for (from, to, id) in [(0, 100, 1), (100, 200, 5), (200, 300, 2), (500, 600, 2)] {
        run.slices.push(&slice(0, from, to, Owner::Execution(id)));
    }
    let edges: Vec<_> = items(&run, &view(0.0, 1_000.0, 1, (100.0, 20.0))).iter().map(|item| item.edge).collect();
    assert_eq!(edges, [false, true, false, false]);
}

#[test]
fn a_slice_that_stands_alone_has_the_number_of_its_lane() {
    let mut run = run_of_eight();
    for (from, to, owner) in [
        (0, 100, Owner::Execution(1)),
        (100, 200, Owner::Helper(1)),
        (200, 300, Owner::Launcher),
        (300, 304, Owner::Execution(2)),
    ] {
        run.slices.push(&slice(0, from, to, owner));
    }
    let lanes: Vec<_> = items(&run, &view(0.0, 1_000.0, 1, (100.0, 20.0))).iter().map(|item| item.lane).collect();
    assert_eq!(
        lanes.iter().flatten().collect::<Vec<_>>(),
        [&1],
        "of none that is added up, nor of what is no execution"
    );
}

#[test]
fn thin_rows_are_added_up_in_strips() {
    let mut run = run_of_eight();
    for core in 0..256 {
        run.slices.push(&slice(core, 0, if core % 2 == 0 { 1_000 } else { 500 }, Owner::Execution(0)));
    }
    let items = items(&run, &view(0.0, 1_000.0, 256, (10.0, 64.0)));
    assert!(items.iter().all(|item| item.rows == 8 && item.row % 8 == 0), "a strip is two pixels high");
    let share = |px: f32| items.iter().find(|item| item.row == 8 && item.from_px == px).map(|item| item.share);
    assert_eq!((share(0.0), share(9.0)), (Some(1.0), Some(0.5)));
}

#[test]
fn pointing_finds_the_slice_or_the_nearest_within_reach() {
    let mut run = run_of_eight();
    (0..1_000).for_each(|at| run.slices.push(&slice(1, at * 100, at * 100 + 10, Owner::Execution(at as u32 % 8))));
    let found = |ns: f64, reach: f64| slice_at(&run.slices, 1, ns, reach).map(|slice| slice.from_ns);
    assert_eq!(found(5_005.0, 0.0), Some(5_000));
    assert_eq!(found(5_030.0, 0.0), None);
    assert_eq!(found(5_030.0, 30.0), Some(5_000));
    assert_eq!(found(5_080.0, 30.0), Some(5_100));
    assert_eq!((found(99_950.0, 1e9), found(2e5, 10.0)), (Some(99_900), None));
    assert_eq!(slice_at(&run.slices, 9, 0.0, 1e9), None);
}

#[test]
fn a_moment_tells_who_was_on_a_core_and_for_how_long() {
    let mut run = run_of_eight();
    for (from, to, id) in [(0, 400, 0), (500, 700, 1), (900, 1_500, 0)] {
        run.slices.push(&slice(0, from, to, Owner::Execution(id)));
    }
    let moment = core_moment(&run.slices, 0, 0.0, 1_000.0).expect("a core");
    assert_eq!(moment.busy, 0.7);
    assert_eq!(moment.owners, [(Owner::Execution(0), 0.5), (Owner::Execution(1), 0.2)]);
    let text = moment_text(&run, 0, &moment);
    assert_eq!(text, "core 0, 0–1 µs: 70 % busy; primes #1 50 %, primes #2 20 %");
}

#[test]
fn an_executions_slices_are_found_with_its_migrations() {
    let mut run = run_of_eight();
    let on = [(0, 0, 100, 3), (1, 150, 300, 3), (1, 350, 400, 4), (1, 450, 600, 3), (0, 700, 800, 3)];
    on.into_iter().for_each(|(core, from, to, id)| run.slices.push(&slice(core, from, to, Owner::Execution(id))));
    run.slices.push(&slice(0, 900, 950, Owner::Helper(3)));
    let own = |column_ns| own(&run, 3, 0.0, 2_000.0, column_ns);
    let stretches: Vec<_> = own(1.0).stretches.iter().map(|one| (one.core, one.from_ns, one.to_ns)).collect();
    assert_eq!(stretches, [(0, 0, 100), (0, 700, 800), (0, 900, 950), (1, 150, 300), (1, 450, 600)]);
    let moves: Vec<_> = own(1.0).migrations.iter().map(|one| (one.from, one.left_ns, one.to, one.came_ns)).collect();
    assert_eq!(moves, [(0, 100, 1, 150), (1, 600, 0, 700)], "what a helper does is no migration");
    assert_eq!(own(1_000.0).stretches.len(), 2, "what can't be told apart is one");
}

#[test]
fn very_many_slices_of_an_execution_are_found_by_their_blocks() {
    let mut run = run_of_eight();
    (0..100_000)
        .for_each(|at| run.slices.push(&slice(0, at * 10, at * 10 + 9, Owner::Execution((at / 50_000) as u32))));
    let own = own(&run, 1, 0.0, 1e6, 1e4);
    assert_eq!((own.stretches.len(), own.migrations.len()), (1, 0));
    let stretch = own.stretches[0];
    assert!(stretch.from_ns.abs_diff(500_000) < 1_000 && stretch.to_ns == 999_999, "{stretch:?}");
}

#[test]
fn a_slice_says_when_it_was_and_what_came_after() {
    let mut run = run_of_eight();
    run.executions[2].stamps.set(Stage::Exited, 2_000_000);
    let first = slice(1, 1_000_000, 1_500_000, Owner::Execution(2));
    assert_eq!(when_text(&first), "core 1, 1.000–1.500 ms: 500 µs");
    assert_eq!(after_text(&run, &first), "then blocked: it gave the CPU away");
    assert!(after_text(&run, &Slice { preempted: true, ..first }).starts_with("then ready"));
    assert_eq!(after_text(&run, &Slice { to_ns: 2_000_000, ..first }), "then over");
    assert_eq!((owner_text(&run, first.owner), source_text(&run)), ("primes #3".into(), "by switch records".into()));
    run.slices_source = Some(SlicesSource::Sampled);
    assert_eq!(source_text(&run), "sampled (an estimate)");
    assert_eq!(after_text(&run, &first), "what came after it was not seen");
}

#[test]
fn a_run_without_slices_and_a_view_of_nothing_draw_nothing() {
    let run = run_of_eight();
    assert!(items(&run, &view(0.0, 1e6, 2, (100.0, 20.0))).is_empty());
    assert!(items(&run, &view(-10.0, 0.0, 2, (100.0, 20.0))).is_empty());
    assert_eq!(own(&run, 0, 0.0, 1e9, 1.0), Own::default());
}
