//! Intervals hold the truth as often as they say. A small part of `cargo bench --bench coverage`, with wider bounds.

#[path = "../../benches/coverage/simulation.rs"]
mod simulation;

use crate::turn::Turn;
use simulation::{Noise, Stop, compare, medians};

#[test]
fn intervals_of_a_ratio_hold_the_truth_and_identical_modes_do_not_differ() {
    let _turn = Turn::beside();
    for noise in Noise::ALL {
        let row = compare(noise, Stop::At(8), 250);
        assert!((91.0..=99.0).contains(&row.held), "{}: {} %", noise.title(), row.held);
        assert!(row.differ <= 7.0, "{}: {} %", noise.title(), row.differ);
    }
}

#[test]
fn an_adaptive_comparison_keeps_its_promise() {
    let _turn = Turn::beside();
    let row = compare(Noise::Normal, Stop::Adaptive, 60);
    assert!(row.held >= 88.0 && row.differ <= 10.0, "{} % {} %", row.held, row.differ);
    assert!((9.0..40.0).contains(&row.repeats), "{} repeats", row.repeats);
}

#[test]
fn intervals_of_a_median_hold_the_truth() {
    let _turn = Turn::beside();
    for noise in Noise::ALL {
        let (held, _) = medians(noise, Stop::At(9), 1_000);
        assert!((93.0..=97.0).contains(&held), "{}: {held} %", noise.title());
    }
}
