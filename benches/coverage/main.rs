//! How often intervals contain the true value, and how often identical settings are called different: 1,000 simulated
//! experiments for each line of the table. It fails if 95 % intervals contain the true value in less than 93 or more than 97
//! %, or if more than 5 % of identical settings are called different.
//!
//! `cargo bench --bench coverage`. Everything is seeded, so the table is the same on every machine.

mod simulation;

use simulation::{Noise, Stop, compare, medians};

const EXPERIMENTS: u64 = 1_000;
/// The experiments for medians, which are quick.
const MEDIANS: u64 = 5_000;

fn main() {
    let mut good = true;
    println!("{EXPERIMENTS} comparisons and {MEDIANS} medians a line; intervals of 95 %");
    println!("adaptive: from 7 repeats until ±5 %, at most 100\n");
    println!("noise     repeats     mean   ratio held   called different   median held   mean");
    for noise in Noise::ALL {
        for (stop, name) in
            [(Stop::At(7), "7"), (Stop::At(10), "10"), (Stop::At(20), "20"), (Stop::Adaptive, "adaptive")]
        {
            let row = compare(noise, stop, EXPERIMENTS);
            let (median, mean) = medians(noise, stop, MEDIANS);
            println!(
                "{:<9} {name:>8} {:>7.1} {:>10.1} % {:>15.1} % {:>11.1} % {mean:>6.1}",
                noise.title(),
                row.repeats,
                row.held,
                row.differ,
                median
            );
            good &= (93.0..=97.0).contains(&row.held) && row.differ <= 5.0 && (93.0..=97.0).contains(&median);
        }
    }
    assert!(good, "an interval does not keep what it promises");
}
