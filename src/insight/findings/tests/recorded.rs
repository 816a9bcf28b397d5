//! Rules on runs that were recorded on a machine of two cores, stripped to what rules look at.

use super::*;
use model::document::Document;

macro_rules! recorded {
    ($file:literal) => {
        read(include_str!(concat!("../../../../tests/data/findings/", $file, ".json")))
    };
}

fn read(text: &str) -> Experiment {
    serde_json::from_str::<Document>(text).expect("a document").into_experiment()
}

/// The findings of a recorded experiment, each found sound.
fn of(experiment: &Experiment) -> Vec<String> {
    let found = findings(experiment);
    found.iter().for_each(|finding| sound(experiment, finding));
    found.into_iter().map(|finding| finding.id).collect()
}

#[test]
fn plans_that_were_made_to_show_something_show_it_first() {
    for (experiment, expected) in [
        (recorded!("crash"), failures::CRASH),
        (recorded!("false-sharing"), cache_line::ID),
        (recorded!("memory-map-lock"), kernel::ID),
        (recorded!("shared-mutex"), lock::ID),
        (recorded!("python-gil"), interpreter_lock::ID),
        (recorded!("python-asyncio"), event_loop::ID),
        // The plan of no difference, while other programs took a sixth of the machine.
        (recorded!("disturbed"), others::ID),
    ] {
        assert_eq!(of(&experiment).first().map(String::as_str), Some(expected));
    }
}

#[test]
fn others_show_it_among_what_else_there_is() {
    for (experiment, expected) in [
        (recorded!("programs"), at_once::ID),
        (recorded!("python-hashlib"), at_once::ID),
        (recorded!("python-join-timeout"), refusals::JOIN_TIMEOUT),
        (recorded!("python-start-methods"), start_methods::ID),
        (recorded!("python-tutorial"), join_order::ID),
        (recorded!("oversubscription"), oversubscription::ID),
        (recorded!("start-up-cost"), start_cost::ID),
        (recorded!("waiting"), waiting::ID),
    ] {
        let found = of(&experiment);
        assert!(found.iter().any(|id| id == expected), "{expected} is not in {found:?}");
    }
}

#[test]
fn each_rule_of_a_cause_is_silent_on_runs_that_show_another() {
    let causes = [
        interpreter_lock::ID,
        lock::ID,
        kernel::ID,
        cache_line::ID,
        start_methods::ID,
        start_cost::ID,
        event_loop::ID,
        waiting::ID,
        oversubscription::ID,
        memory::ID,
        join_order::ID,
    ];
    for (experiment, expected) in [
        (recorded!("false-sharing"), &[cache_line::ID][..]),
        (recorded!("memory-map-lock"), &[kernel::ID]),
        (recorded!("shared-mutex"), &[lock::ID]),
        (recorded!("python-gil"), &[interpreter_lock::ID]),
        (recorded!("start-up-cost"), &[start_cost::ID]),
        (recorded!("waiting"), &[waiting::ID]),
        (recorded!("oversubscription"), &[oversubscription::ID]),
        // Two cores of this machine copy as fast as one: its memory is fast enough for both.
        (recorded!("memory-copy"), &[]),
        (recorded!("disturbed"), &[]),
    ] {
        let found: Vec<_> = of(&experiment).into_iter().filter(|id| causes.contains(&id.as_str())).collect();
        assert_eq!(found, expected);
    }
}

#[test]
fn the_reason_beside_a_verdict_is_a_clause() {
    let clause = |experiment: &Experiment| reason(experiment, &compare(experiment)[0]).expect("a reason");
    let said = clause(&recorded!("memory-map-lock"));
    assert!(said.starts_with("threads spend") && said.contains("in the kernel") && !said.ends_with('.'), "{said}");
    assert!(clause(&recorded!("python-gil")).starts_with("threads wait for the GIL during"));
    assert!(clause(&recorded!("shared-mutex")).contains("lock"));
    assert!(clause(&recorded!("false-sharing")).contains("cache line"));
}
