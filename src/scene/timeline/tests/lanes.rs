//! With many lanes bars keep their states: an area that adds them up shows the states, and never shows *ready* as *on a
//! CPU*.

use super::super::*;
use super::items;
use crate::timeline::testing::empty_run;
use model::{Bin, Changes, Outcome, OutcomeKind, Profile, Run, RunEnd, RunEvent, Stage, State, States, StatesSource};

const SECOND: u64 = 1_000_000_000;

/// One thread for each lane, all in their targets for a second, on two cores: each is on a CPU for `1 / of` of the
/// time, and otherwise ready.
fn crowded(lanes: u32, of: u64) -> Run {
    let mut run = empty_run(lanes);
    for execution in &mut run.executions {
        execution.lane = Some(execution.id);
        Stage::ALL.into_iter().zip([0, 0, 0, 0, SECOND, SECOND, SECOND]).for_each(|(stage, ns)| {
            execution.stamps.set(stage, ns);
        });
        execution.outcome = Some(Outcome::success());
        let on_cpu_ns = SECOND / of;
        let states = States { on_cpu_ns, runnable_ns: SECOND - on_cpu_ns, ..States::default() };
        execution.states = Some(Box::new(states));
    }
    run.states_source = Some(StatesSource::SwitchRecords);
    run.end = Some(RunEnd { complete: true, ..RunEnd::default() });
    (run.makespan_ns, run.now_ns) = (Some(SECOND), SECOND);
    run
}

/// The same, with turns of 4 ms that are known one by one.
fn in_turns(lanes: u32) -> Run {
    const TURN: u64 = 4_000_000;
    let mut run = crowded(lanes, u64::from(lanes) / 2);
    for id in 0..lanes {
        let bin = |turn: u64| {
            let state = if turn % u64::from(lanes / 2) == u64::from(id / 2) { State::OnCpu } else { State::Ready };
            let mut in_state_ns = [0; State::ALL.len()];
            in_state_ns[state.index()] = TURN;
            Bin { from_ns: turn * TURN, to_ns: (turn + 1) * TURN, in_state_ns }
        };
        run.profiles.push(Profile { execution: id, bins: (0..SECOND / TURN).map(bin).collect() });
    }
    run
}

fn view(index: &Index, (from_ns, to_ns): (u64, u64), row_px: f32) -> ViewRect {
    let rows = index.lanes();
    let (from_ns, to_ns) = (from_ns as f64, to_ns as f64);
    let height_px = row_px * rows as f32;
    ViewRect { from_ns, to_ns, first_row: 1.0, last_row: f64::from(1 + rows), width_px: 500.0, height_px }
}

/// The shares of *on a CPU*, *ready* and *unseen* in everything drawn as in its target.
fn shares(index: &Index, view: &ViewRect) -> [f64; 3] {
    let (mut sums, mut all) = ([0.0; 3], 0.0);
    for item in items(index, view) {
        let area = f64::from(item.to_px - item.from_px) * f64::from(item.rows);
        let area = area * f64::from(item.band.1 - item.band.0);
        let mut add = |at: usize, share: f32| sums[at] += area * f64::from(share);
        match item.fill {
            Fill::State(State::OnCpu) => add(0, 1.0),
            Fill::State(State::Ready) => add(1, 1.0),
            Fill::Unseen => add(2, 1.0),
            Fill::Shares(shares) => {
                add(0, shares.states[State::OnCpu.index()]);
                add(1, shares.states[State::Ready.index()]);
                add(2, shares.unseen);
                all += area * f64::from(shares.in_target());
                continue;
            }
            fill => panic!("in the target, and nothing else: {fill:?}"),
        }
        all += area;
    }
    sums.map(|sum| sum / all)
}

#[test]
fn sixty_four_lanes_on_two_cores_are_mostly_ready_at_any_height_and_zoom() {
    for run in [in_turns(64), crowded(64, 32)] {
        let index = Index::of(&run);
        for row_px in [0.4, 1.0, 2.0, 2.9, 3.0, 8.0, 20.0] {
            for instants in [(0, SECOND), (128_000_000, 256_000_000)] {
                let [on_cpu, ready, unseen] = shares(&index, &view(&index, instants, row_px));
                let place = format!("rows of {row_px} px, {instants:?}");
                assert!((on_cpu - 1.0 / 32.0).abs() < 0.01, "{place}: {on_cpu}");
                assert!((ready - 31.0 / 32.0).abs() < 0.01 && unseen < 1e-3, "{place}: {ready}, {unseen}");
            }
        }
    }
}

#[test]
fn turns_that_can_be_told_apart_are_in_their_columns_in_thin_rows_too() {
    let index = Index::of(&in_turns(64));
    // Columns of 2 ms, and strips of two lanes whose threads take their turns together.
    let (on_cpu, ready): (Vec<f32>, Vec<f32>) = items(&index, &view(&index, (0, SECOND), 2.0))
        .into_iter()
        .filter(|item| item.row == 1)
        .map(|item| {
            let Fill::Shares(shares) = item.fill else { panic!("{item:?}") };
            (shares.states[State::OnCpu.index()], shares.states[State::Ready.index()])
        })
        .unzip();
    assert!(on_cpu[..2].iter().all(|share| *share > 0.99) && ready[..2].iter().all(|share| *share < 0.01));
    assert!(on_cpu[2..64].iter().all(|share| *share < 0.01) && on_cpu[64] > 0.99, "{:?}", &on_cpu[..70]);
}

#[test]
fn ten_thousand_lanes_from_afar_show_their_states() {
    let mut run = crowded(10_000, 5_000);
    let index = Index::of(&run);
    let [on_cpu, ready, unseen] = shares(&index, &view(&index, (0, SECOND), 0.04));
    assert!(on_cpu < 0.001 && ready > 0.998 && unseen < 1e-3, "{on_cpu} {ready} {unseen}");
    // While the run goes on, more may come: unknown states are neutral.
    run.end = None;
    run.executions.iter_mut().for_each(|execution| execution.states = None);
    run.executions[9_999].states = Some(Box::new(States { on_cpu_ns: SECOND, ..States::default() }));
    let mut live = Index::of(&run);
    live.take(&run, &Changes::all(&run));
    let [on_cpu, _, unseen] = shares(&live, &view(&live, (0, SECOND), 0.04));
    assert!(on_cpu < 0.01 && unseen > 0.99, "{on_cpu} {unseen}");
}

#[test]
fn very_many_bars_have_their_states_from_the_buckets() {
    let mut run = empty_run(120_000);
    for execution in &mut run.executions {
        let (lane, place) = (execution.id % 4, u64::from(execution.id / 4));
        let from = place * 30_000;
        execution.lane = Some(lane);
        let ns = [from, from, from, from, from + 30_000, from + 30_000, from + 30_000];
        Stage::ALL.into_iter().zip(ns).for_each(|(stage, ns)| execution.stamps.set(stage, ns));
        execution.outcome = Some(Outcome::of(OutcomeKind::Success));
        let states = States { on_cpu_ns: 15_000, runnable_ns: 15_000, ..States::default() };
        execution.states = Some(Box::new(states));
    }
    run.now_ns = 30_000 * 30_000;
    let live = {
        let mut index = Index::of(&run);
        let changes = run.take_in(RunEvent::Ended { makespan_ns: None, end: RunEnd::default() });
        index.take(&run, &changes);
        index
    };
    for index in [live, Index::of(&run)] {
        for row_px in [1.0, 10.0] {
            let [on_cpu, ready, unseen] = shares(&index, &view(&index, (0, run.now_ns), row_px));
            assert!((on_cpu - 0.5).abs() < 0.01 && (ready - 0.5).abs() < 0.01, "{row_px}: {on_cpu} {ready}");
            assert!(unseen < 0.01);
        }
    }
}
