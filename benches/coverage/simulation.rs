//! Simulated comparisons: both settings have the same noise, their true ratio is known, and the verdict is the one that the
//! program would give.

use rand::Rng;
use rand_pcg::{Pcg64Mcg, rand_core::SeedableRng};
use spawnscope::{
    insight::{precision, verdict},
    model::{LaunchMode, Setting, document::Verdict},
    statistics::{bootstrap, median_interval::median_interval, order, rank_test},
};
use std::f64::consts::TAU;

/// The true ratio of settings that differ.
const RATIO: f64 = 1.3;
/// The fewest repeats of an adaptive comparison, its wanted precision, and the most repeats.
const FEWEST: usize = 7;
const PRECISION: f64 = 0.05;
const MOST: usize = 100;

/// How makespans spread around their middle.
#[derive(Clone, Copy)]
pub enum Noise {
    /// Normal, of 5 %.
    Normal,
    /// A long tail to the right: the logarithm is normal, of 7 %.
    Skewed,
    /// 65 % around one value, and 35 % around another that is 15 % higher; each normal, of 1 %.
    Bimodal,
}

impl Noise {
    pub const ALL: [Self; 3] = [Self::Normal, Self::Skewed, Self::Bimodal];

    pub fn title(self) -> &'static str {
        match self {
            Self::Normal => "normal",
            Self::Skewed => "skewed",
            Self::Bimodal => "bimodal",
        }
    }

    fn draw(self, dice: &mut Pcg64Mcg) -> f64 {
        match self {
            Self::Normal => (1.0 + 0.05 * normal(dice)).max(0.1),
            Self::Skewed => (0.07 * normal(dice)).exp(),
            Self::Bimodal => (if uniform(dice) < 0.35 { 1.15 } else { 1.0 }) * (1.0 + 0.01 * normal(dice)),
        }
    }

    /// The median of the noise, from many draws.
    fn median(self) -> f64 {
        let mut dice = Pcg64Mcg::seed_from_u64(1);
        order::median(&(0..400_001).map(|_| self.draw(&mut dice)).collect::<Vec<_>>()).expect("values")
    }
}

/// When an experiment has enough repeats.
#[derive(Clone, Copy)]
pub enum Stop {
    /// Exactly so many.
    At(usize),
    /// When the interval is narrow enough.
    Adaptive,
}

/// The outcome of many experiments, in percent.
pub struct Row {
    /// How often the interval contained the true ratio.
    pub held: f64,
    /// How often identical settings were called different.
    pub differ: f64,
    /// Repeats of an experiment, on average.
    pub repeats: f64,
}

/// Makes this many experiments with settings that differ, and as many with identical ones.
pub fn compare(noise: Noise, stop: Stop, experiments: u64) -> Row {
    let (mut held, mut differ, mut repeats) = (0, 0, 0);
    for seed in 0..experiments {
        let ratios = experiment(noise, stop, RATIO, 2 * seed);
        let interval = bootstrap::interval(&ratios, seed).expect("pairs enough");
        held += u64::from(interval.low <= RATIO.ln() && RATIO.ln() <= interval.high);
        repeats += ratios.len();
        let ratios = experiment(noise, stop, 1.0, 2 * seed + 1);
        let mut interval = bootstrap::interval(&ratios, seed).expect("pairs enough");
        (interval.low, interval.high) = (interval.low.exp(), interval.high.exp());
        let said = verdict::verdict(&interval, rank_test::p_value(&ratios));
        differ += u64::from(matches!(said, Verdict::A | Verdict::B));
    }
    let percent = |count: u64| 100.0 * count as f64 / experiments as f64;
    Row { held: percent(held), differ: percent(differ), repeats: repeats as f64 / experiments as f64 }
}

/// How often, in percent, the interval of a setting's median contained the true median; and the mean number of repeats.
pub fn medians(noise: Noise, stop: Stop, experiments: u64) -> (f64, f64) {
    let truth = noise.median();
    let (mut held, mut repeats) = (0, 0);
    for seed in 0..experiments {
        let mut dice = Pcg64Mcg::seed_from_u64(seed);
        let values = sequence(stop, || vec![noise.draw(&mut dice)], true, seed).remove(0);
        let (low, high) = median_interval(&values).expect("values enough");
        held += u64::from(low <= truth && truth <= high);
        repeats += values.len();
    }
    (100.0 * held as f64 / experiments as f64, repeats as f64 / experiments as f64)
}

/// The log ratios of one experiment.
fn experiment(noise: Noise, stop: Stop, ratio: f64, seed: u64) -> Vec<f64> {
    let mut dice = Pcg64Mcg::seed_from_u64(seed);
    let round = || vec![ratio * noise.draw(&mut dice), noise.draw(&mut dice)];
    let sides = sequence(stop, round, false, seed);
    sides[0].iter().zip(&sides[1]).map(|(a, b)| (a / b).ln()).collect()
}

/// Makes rounds until there are enough; returns the makespans of each setting.
fn sequence(stop: Stop, mut round: impl FnMut() -> Vec<f64>, sweep: bool, seed: u64) -> Vec<Vec<f64>> {
    let settings = [LaunchMode::Threads, LaunchMode::Processes].map(Setting::of);
    let (mut sides, mut timed) = (Vec::new(), Vec::new());
    for repeat in 0..MOST as u32 {
        let values = round();
        sides.resize(values.len(), Vec::new());
        for ((side, value), setting) in sides.iter_mut().zip(values).zip(settings) {
            side.push(value);
            timed.push(precision::Timed { setting, repeat, makespan_ns: Some((value * 1e9) as u64) });
        }
        let count = repeat as usize + 1;
        let enough = match stop {
            Stop::At(n) => count >= n,
            Stop::Adaptive => {
                let compared = &settings[..sides.len()];
                count >= FEWEST && precision::progress(&timed, compared, sweep, PRECISION, seed).enough
            }
        };
        if enough {
            break;
        }
    }
    sides
}

fn uniform(dice: &mut Pcg64Mcg) -> f64 {
    (dice.next_u64() >> 11) as f64 / (1_u64 << 53) as f64
}

/// A standard normal number, by the method of Box and Muller.
fn normal(dice: &mut Pcg64Mcg) -> f64 {
    (-2.0 * uniform(dice).max(1e-300).ln()).sqrt() * (TAU * uniform(dice)).cos()
}
