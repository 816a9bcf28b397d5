//! Drives the ending of runs through every order of events, without a process.

mod kind;
mod state;
mod world;

use super::*;
use kind::{Kind, LIMIT, MS, RUN_LIMIT, SECOND};
use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64;
use state::{ALL, Move};
use world::World;

/// Every sequence of this many moves is tried, from each start below.
const DEPTH: usize = 3;
/// This many longer, random sequences are tried for each kind of run.
const WALKS: u64 = 100;

fn try_all(world: &World, depth: usize, tried: &mut usize) {
    *tried += 1;
    if world.is_let_go {
        return;
    }
    world.clone().stop_to_the_end();
    world.clone().wait_to_the_end();
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
    use Move::{Die, Enter, Grace, Hello, Launch, Loaded, Return, Second, Stop};
    let beginnings: [&[Move]; 6] = [
        &[],
        &[Hello, Loaded, Launch],
        &[Hello, Loaded, Launch, Enter, Launch, Enter],
        &[Hello, Loaded, Launch, Enter, Launch, Enter, Second, Second],
        &[Hello, Loaded, Launch, Enter, Launch, Enter, Return, Die, Second, Second],
        &[Hello, Loaded, Launch, Enter, Second, Second, Grace, Stop],
    ];
    let mut tried = 0;
    for kind in Kind::ALL {
        for beginning in beginnings {
            let mut world = World::new(kind);
            beginning.iter().for_each(|next| world.make(*next));
            try_all(&world, DEPTH, &mut tried);
        }
    }
    assert!(tried > 10_000, "{tried}");
}

#[test]
fn long_orders_by_chance_keep_the_rules() {
    for kind in Kind::ALL {
        for seed in 0..WALKS {
            let mut rng = Pcg64::seed_from_u64(seed);
            let mut world = World::new(kind);
            while world.moves < 40 && !world.is_let_go {
                let possible: Vec<_> = ALL.into_iter().filter(|next| world.is_possible(*next)).collect();
                world.make(possible[rng.random_range(0..possible.len())]);
            }
            if !world.is_let_go {
                world.clone().stop_to_the_end();
                world.wait_to_the_end();
            }
        }
    }
}

fn running(kind: Kind) -> World {
    let mut world = World::new(kind);
    world.make_all(&[Move::Hello, Move::Loaded, Move::Launch, Move::Enter]);
    world
}

fn orders(effects: &[Effect]) -> Vec<&Order> {
    effects.iter().filter_map(|effect| if let Effect::Order(order) = effect { Some(order) } else { None }).collect()
}

#[test]
fn a_process_that_is_stopped_is_asked_and_killed_and_ended_with_its_run() {
    let mut world = running(Kind::Programs);
    world.make(Move::Stop);
    assert_eq!(orders(&world.effects), [&Order::Terminate { executions: vec![0] }]);
    world.tick(190 * MS);
    assert_eq!(orders(&world.effects).len(), 1);
    world.tick(20 * MS);
    world.tick(20 * MS);
    assert_eq!(orders(&world.effects)[1..], [&Order::Kill { executions: vec![0] }], "once is enough");
    world.tick(200 * MS);
    assert_eq!(world.effects.last(), Some(&Effect::End("the user stopped the run".to_owned())));
}

#[test]
fn a_thread_that_is_stopped_is_ended_with_its_run_after_one_grace() {
    let mut world = running(Kind::Threads);
    world.make(Move::Stop);
    world.tick(210 * MS);
    let end = Effect::End("the user stopped the run".to_owned());
    assert_eq!(world.effects, [Effect::AskAll, Effect::DemandOfRest(Demand::Stop), end]);
}

#[test]
fn whose_process_is_not_known_gets_no_order() {
    let mut world = World::new(Kind::PythonPool);
    world.make_all(&[Move::Hello, Move::Loaded, Move::Launch, Move::Launch, Move::Stop]);
    world.tick(210 * MS);
    assert!(orders(&world.effects).is_empty(), "they wait in the queue: {:?}", world.effects);
}

#[test]
fn a_timeout_and_then_a_stop_take_the_shorter_way() {
    let mut world = running(Kind::Threads);
    world.tick(LIMIT + MS);
    assert_eq!(world.effects, [Effect::Ask(0), Effect::Demand(0, Demand::Timeout(LIMIT as u64))]);
    world.make(Move::Stop);
    world.tick(210 * MS);
    assert_eq!(world.effects.last(), Some(&Effect::End("the user stopped the run".to_owned())));
}

#[test]
fn who_is_not_ended_by_any_order_is_let_go() {
    let mut world = running(Kind::Programs);
    world.make(Move::Stop);
    world.tick(410 * MS);
    let after_end = world.effects.len();
    [SECOND, SECOND + MS, SECOND, SECOND, SECOND].into_iter().for_each(|ns| world.tick(ns));
    let [below, guard] = [Effect::KillBelow, Effect::KillGuard];
    assert_eq!(world.effects[after_end..], [below.clone(), below.clone(), guard, below.clone(), below, Effect::LetGo]);
}

#[test]
fn another_protocol_and_what_takes_too_long_to_load_are_fatal_once() {
    let mut world = World::new(Kind::PythonSpawn);
    world.make(Move::OtherHello);
    let why = world.ending.fatal().map(str::to_owned).expect("fatal");
    assert!(why.starts_with("the runner speaks protocol"), "{why}");
    world.make(Move::Long);
    assert_eq!(world.ending.fatal(), Some(&*why), "the first reason counts");
    let mut silent = World::new(Kind::PythonSpawn);
    silent.make(Move::Long);
    assert!(silent.ending.fatal().is_some_and(|why| why.contains("did not say hello")));
    assert!(!silent.ending.is_greeted());
}

#[test]
fn a_run_that_may_take_only_so_long_is_ended_then() {
    let mut world = running(Kind::Endless);
    world.tick(RUN_LIMIT - SECOND);
    assert!(world.effects.is_empty() && !world.ending.was_too_long());
    world.tick(2 * SECOND);
    assert!(matches!(&world.effects[..], [Effect::End(why)] if why == "the run took longer than 30 s"));
    assert!(world.ending.was_too_long());
}
