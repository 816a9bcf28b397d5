//! Intervals contain the true value as often as they say: a small part of `cargo bench --bench coverage`. Everything is
//! seeded, so the figures are the same everywhere; a change of the statistics shows here, and must be judged with the
//! benchmark.

#[path = "../../benches/coverage/simulation.rs"]
mod simulation;

use crate::turn::Turn;
use simulation::{Noise, Row, Stop, compare, medians};

/// How often the interval contained the true ratio, and how often identical modes were called different, in percent;
/// and the mean number of repeats.
fn figures(row: &Row) -> [f64; 3] {
    [row.held, row.differ, row.repeats].map(|figure| (figure * 100.0).round() / 100.0)
}

#[test]
fn intervals_of_a_ratio_hold_the_truth_and_identical_modes_do_not_differ() {
    let _turn = Turn::beside();
    let told = Noise::ALL.map(|noise| (noise.title(), figures(&compare(noise, Stop::At(8), 250))));
    assert_eq!(told, [("normal", [94.8, 4.8, 8.0]), ("skewed", [94.8, 5.2, 8.0]), ("bimodal", [96.8, 3.2, 8.0])]);
}

#[test]
fn an_adaptive_comparison_keeps_its_promise() {
    let _turn = Turn::beside();
    assert_eq!(figures(&compare(Noise::Normal, Stop::Adaptive, 60)), [96.67, 1.67, 14.57]);
}

#[test]
fn intervals_of_a_median_hold_the_truth() {
    let _turn = Turn::beside();
    let told = Noise::ALL.map(|noise| (noise.title(), medians(noise, Stop::At(9), 1_000).0));
    assert_eq!(told, [("normal", 94.7), ("skewed", 94.7), ("bimodal", 95.7)]);
}
