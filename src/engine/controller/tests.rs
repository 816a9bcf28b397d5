//! Drives the controller through every order of inputs, without a thread or a process.

mod world;

use super::*;
use crate::Request;
use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64;
use world::{ALL, Move, World, request};

/// Every sequence of this many moves is tried, from each start below.
const DEPTH: usize = 5;
/// This many longer, random sequences are tried too.
const WALKS: u64 = 3_000;

fn try_all(world: &World, depth: usize, tried: &mut usize) {
    *tried += 1;
    world.clone().quit();
    if depth == 0 {
        return;
    }
    for next in ALL.into_iter().filter(|next| world.is_possible(*next)) {
        let mut world = world.clone();
        world.make(next);
        try_all(&world, depth - 1, tried);
    }
}

#[test]
fn every_order_of_what_may_happen_keeps_the_rules() {
    let beginnings: [&[Move]; 4] = [
        &[],
        &[Move::Launch, Move::Prepared, Move::Due],
        &[Move::Launch, Move::Prepared, Move::Due, Move::RunEnds, Move::Due],
        &[Move::Launch, Move::Prepared, Move::Due, Move::RunEnds, Move::Due, Move::RunEnds, Move::Due],
    ];
    let mut tried = 0;
    for beginning in beginnings {
        let mut world = World::new();
        beginning.iter().for_each(|next| world.make(*next));
        try_all(&world, DEPTH, &mut tried);
    }
    assert!(tried > 10_000, "{tried}");
}

#[test]
fn long_orders_by_chance_keep_the_rules() {
    for seed in 0..WALKS {
        let mut rng = Pcg64::seed_from_u64(seed);
        let mut world = World::new();
        for _ in 0..60 {
            let possible: Vec<_> = ALL.into_iter().filter(|next| world.is_possible(*next)).collect();
            if possible.is_empty() {
                break;
            }
            world.make(possible[rng.random_range(0..possible.len())]);
        }
        world.quit();
    }
}

#[test]
fn an_experiment_goes_its_way() {
    let mut world = World::new();
    world.make_all(&[Move::Launch, Move::Prepared]);
    assert_eq!(world.controller.due_ns(), Some(world.now_ns + world::SETTLE_NS));
    world.make(Move::Due);
    let mut runs = 0;
    while world.run.is_some() {
        runs += 1;
        world.make_all(&[Move::RunEnds, Move::Due]);
    }
    assert_eq!(runs, 2 * 3 + 2, "three rounds of two settings, and a baseline in every second one");
    assert!(matches!(world.controller.state, State::LastSample(..)));
    world.make(Move::Covering);
    assert!(matches!(world.controller.state, State::Idle));
    assert_eq!(world.told_ends, ["ended"]);
}

#[test]
fn a_baseline_that_fails_is_given_up_and_all_else_is_made() {
    let mut world = World::new();
    world.make_all(&[Move::Launch, Move::Prepared, Move::Due]);
    while let Some(run) = &world.run {
        let fails = run.limit.is_some();
        world.make_all(&[if fails { Move::RunFails } else { Move::RunEnds }, Move::Due]);
    }
    assert_eq!((world.runs.len(), world.dropped.len()), (2 * 3 + 1, 1));
}

#[test]
fn a_stop_ends_what_only_waits_at_once() {
    let settling: &[Move] = &[Move::Launch, Move::Prepared];
    let last_sample: &[Move] = &[Move::Launch, Move::Prepared, Move::Due, Move::RunFails, Move::Stop];
    for before in [settling, last_sample] {
        let mut world = World::new();
        world.make_all(before);
        assert!(!matches!(world.controller.state, State::Idle));
        world.make(Move::Stop);
        assert!(matches!(world.controller.state, State::Idle), "{before:?}");
        assert_eq!(world.told_ends.len(), 1, "{before:?}");
    }
}

#[test]
fn a_sample_that_does_not_reach_the_end_of_the_last_run_is_not_the_last() {
    let mut world = World::new();
    world.make_all(&[Move::Launch, Move::Prepared, Move::Due, Move::RunCannot]);
    assert!(matches!(world.controller.state, State::LastSample(..)));
    world.make(Move::Before);
    assert!(matches!(world.controller.state, State::LastSample(..)));
    world.make(Move::Due);
    assert!(matches!(world.controller.state, State::Idle), "it does not come");
    assert_eq!(world.told_ends, ["failed"]);
}

#[test]
fn an_experiment_goes_on_until_it_is_sure_enough() {
    let mut plan = request().plan;
    (plan.run.repeat, plan.run.precision) = (3, 0.01);
    let mut request = Request { plan, ..request() };
    request.baseline = false;
    let mut world = World::new();
    let step = |world: &mut World, input| world.take(input);
    step(&mut world, Input::Command(Command::Launch(Box::new(request.clone()))));
    let prepared = Prepared::new(request, model::Machine::default(), Vec::new(), 1);
    step(&mut world, Input::Prepared(Ok(Box::new(prepared))));
    world.make(Move::Due);
    while world.planned == 0 {
        assert!(world.run.is_some(), "it ended although nothing is known with precision");
        // Times differ from run to run.
        world.makespan_ns = 1_000_000 + 400_000 * u64::from(world.runs.len() as u32 % 3);
        world.make_all(&[Move::RunEnds, Move::Due]);
    }
    assert_eq!(world.planned, 2, "one round more");
}
