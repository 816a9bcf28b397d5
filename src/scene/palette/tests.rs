//! No two meanings of one view look alike: in normal sight, to the colour-blind, and in greyscale, in both themes.

use super::*;
use crate::timeline::TimeKind;

type Linear = [f64; 3];

fn linear(colour: Rgb) -> Linear {
    colour.map(|channel| {
        let value = f64::from(channel) / 255.0;
        if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
    })
}

/// Machado, Oliveira, Fernandes: *A Physiologically-based Model for Simulation of Color Vision Deficiency*, 2009; in full.
const SIGHTS: [(&str, [[f64; 3]; 3]); 4] = [
    ("normal", [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]]),
    ("protanopia", [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]),
    (
        "deuteranopia",
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    ),
    ("tritanopia", [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]),
];

fn seen(matrix: &[[f64; 3]; 3], colour: Linear) -> Linear {
    matrix.map(|row| row.iter().zip(colour).map(|(factor, channel)| factor * channel).sum::<f64>().clamp(0.0, 1.0))
}

/// CIE L*a*b* under D65.
fn lab([r, g, b]: Linear) -> [f64; 3] {
    let x = (0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.95047;
    let y = 0.2126 * r + 0.7152 * g + 0.0722 * b;
    let z = (0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.08883;
    let f = |t: f64| if t > 0.008856 { t.cbrt() } else { 7.787 * t + 16.0 / 116.0 };
    let (x, y, z) = (f(x), f(y), f(z));
    [116.0 * y - 16.0, 500.0 * (x - y), 200.0 * (y - z)]
}

fn distance(a: Linear, b: Linear) -> f64 {
    lab(a).into_iter().zip(lab(b)).map(|(a, b)| (a - b).powi(2)).sum::<f64>().sqrt()
}

/// A meaning in a picture: its words, colour and pattern.
type Meaning = (&'static str, Rgb, Pattern);

/// Everything that can be drawn in one timeline, on a background.
fn timeline(ground: Rgb) -> Vec<Meaning> {
    let on = |(colour, strength): (Rgb, f32)| {
        let mixed = |at: usize| f32::from(colour[at]) * strength + f32::from(ground[at]) * (1.0 - strength);
        std::array::from_fn(|at| mixed(at) as u8)
    };
    // *On CPU* is *in the target*.
    let phases = Phase::ALL.into_iter().filter(|phase| *phase != Phase::InTarget);
    let mut all: Vec<Meaning> =
        phases.map(|phase| (phase.word(), on(TimeKind::Phase(phase).look()), phase_pattern(phase))).collect();
    all.extend(State::ALL.into_iter().map(|state| (state.word(), super::state(state), state_pattern(state))));
    all.push(("not looked at", on(UNSEEN), Pattern::Grid));
    all.push(("not a success", FAILED, Pattern::Foot));
    all
}

/// The backgrounds of rows in the light and in the dark theme.
const GROUNDS: [Rgb; 2] = [[0xff; 3], [0x14, 0x16, 0x1a]];
/// Colours closer than this look alike.
const APART: f64 = 12.0;
/// The same in greyscale: a difference of lightness.
const GREY_APART: f64 = 10.0;

#[test]
fn no_two_meanings_of_a_timeline_look_alike_to_anybody() {
    for ground in GROUNDS {
        let all = timeline(ground);
        for (at, (a, first, pattern)) in all.iter().enumerate() {
            for (b, second, _) in all[at + 1..].iter().filter(|other| other.2 == *pattern) {
                for (sight, matrix) in &SIGHTS {
                    let apart = distance(seen(matrix, linear(*first)), seen(matrix, linear(*second)));
                    assert!(apart >= APART, "{a} and {b}, {sight}: {apart:.1}");
                }
                let grey = (lab(linear(*first))[0] - lab(linear(*second))[0]).abs();
                assert!(grey >= GREY_APART, "{a} and {b} in greyscale: {grey:.1}");
            }
        }
    }
}

#[test]
fn no_two_meanings_share_a_colour() {
    let all = timeline(GROUNDS[0]);
    for (at, (a, first, _)) in all.iter().enumerate() {
        for (b, second, _) in &all[at + 1..] {
            assert!(distance(linear(*first), linear(*second)) >= 5.0, "{a} and {b}");
        }
        let lane = LANES.iter().find(|lane| *lane == first);
        assert_eq!(lane, None, "{a} has the colour of a lane");
    }
}

#[test]
fn every_meaning_is_seen_on_both_grounds() {
    for ground in GROUNDS {
        for (word, colour, _) in timeline(ground) {
            let apart = distance(linear(colour), linear(ground));
            assert!(apart >= APART, "{word} on {ground:?}: {apart:.1}");
        }
    }
}

#[test]
fn lines_are_seen_on_what_they_lie() {
    for (word, colour, pattern) in GROUNDS.into_iter().flat_map(timeline) {
        if pattern.lines() != (false, false) {
            let ink = ink(colour);
            let line = |at: usize| (f32::from(colour[at]) + f32::from(ink[at])) / 2.0;
            let line: Rgb = std::array::from_fn(|at| line(at) as u8);
            assert!((lab(linear(line))[0] - lab(linear(colour))[0]).abs() >= 15.0, "{word}");
        }
    }
}
