use super::{
    super::{Sweep, crossing::crossings},
    NOISE, Noise, said,
};
use crate::testing::Builder;
use model::{
    Experiment,
    LaunchMode::{self, Processes, Threads},
    quantity::number,
};

const LIMITS: [f64; 5] = [1e4, 3e4, 1e5, 3e5, 1e6];

/// A mode, and its makespan in seconds at each value.
type Curve = (LaunchMode, fn(f64) -> f64);

/// A sweep over an argument in which each mode takes so many seconds at each value.
fn over_limit(values: &[f64], modes: &[Curve], repeats: usize, spread: f64) -> Experiment {
    let mut noise = Noise::new(5);
    let axis = values.iter().map(f64::to_string).collect::<Vec<_>>().join(",");
    let mut builder = Builder::compare("t").without_samples().sweep(&format!("primes.limit={axis}"));
    for (mode, seconds) in modes {
        for value in values {
            builder = builder.argument(*value).makespans(*mode, &noise.times(seconds(*value), spread, repeats));
        }
    }
    builder.build()
}

#[test]
fn the_crossing_is_found_with_its_interval() {
    // Threads cost nothing to start and share a lock; processes cost 40 ms. They cross at 80,000.
    let modes: [Curve; 2] = [(Threads, |x| 1e-6 * x), (Processes, |x| 0.04 + 0.5e-6 * x)];
    let scaling = said(&over_limit(&LIMITS, &modes, 12, NOISE));
    let crossing = &scaling.crossings[0];
    assert_eq!((crossing.below.mode, crossing.above.mode), (Threads, Processes));
    let (at, low, high) = (crossing.at.expect("at"), crossing.low.expect("low"), crossing.high.expect("high"));
    assert!(low < 80_000.0 && 80_000.0 < high && low < at && at < high, "{crossing:?}");
    assert!(high < 1.5 * low, "{crossing:?}");
    let expected = format!("Processes begin to pay from limit {} on (95 %: ", number(at));
    assert!(crossing.sentence.starts_with(&expected), "{}", crossing.sentence);
    assert!(crossing.sentence.ends_with("); below, threads are faster."), "{}", crossing.sentence);
    assert_eq!(crossing.below.argument, scaling.points[0].setting.argument);
    assert!(scaling.fits.is_empty() && scaling.best.is_empty() && scaling.points[0].speedup.is_none());
}

#[test]
fn the_intervals_of_crossings_hold_the_truth() {
    // Both take the same at 30,000, which is one of the points: there is noise, but no error of interpolation.
    let times = |noise: &mut Noise, seconds: fn(f64) -> f64, x: f64| noise.times(seconds(x), NOISE, 8);
    let mut held = 0;
    const TRIALS: usize = 40;
    for trial in 0..TRIALS {
        let mut noise = Noise::new(trial as u64);
        let mut builder = Builder::compare("t").without_samples().executions(1, 1).sweep("primes.limit=1e4,3e4,9e4");
        for x in [1e4, 3e4, 9e4] {
            let (threads, processes) =
                (times(&mut noise, |x| x * 1e-6, x), times(&mut noise, |x| 0.03 * (x / 3e4).powf(0.7), x));
            builder = builder.argument(x).makespans(Threads, &threads).makespans(Processes, &processes);
        }
        let crossing = &crossings(&Sweep::of(&builder.build()).expect("a sweep"))[0];
        held +=
            usize::from(crossing.low.is_some_and(|low| low <= 3e4) && crossing.high.is_some_and(|high| high >= 3e4));
    }
    // Of 40 intervals of 95 %, fewer than 33 hold the truth once in a thousand times. Of 600 intervals each, those from
    // 6, 7, 10 and 20 repeats held it in 94, 95, 97 and 96 %.
    assert!(held >= 33, "{held} of {TRIALS}");
}

#[test]
fn one_may_be_faster_in_the_whole_range() {
    let modes: [Curve; 2] = [(Threads, |x| 1e-6 * x), (Processes, |x| 1.3e-6 * x)];
    let scaling = said(&over_limit(&LIMITS, &modes, 12, 0.02));
    assert_eq!(scaling.crossings[0].at, None);
    assert_eq!(scaling.crossings[0].sentence, "Threads are faster than processes in the whole range.");
    let few = said(&over_limit(&LIMITS, &modes, 3, 0.02));
    assert!(few.crossings[0].sentence.contains("too few repeats to be sure"), "{}", few.crossings[0].sentence);
}

#[test]
fn what_is_the_same_or_noise_is_no_crossing() {
    let alike: [Curve; 2] = [(Threads, |x| 1e-6 * x), (Processes, |x| 1e-6 * x)];
    let same = said(&over_limit(&LIMITS, &alike, 12, 0.002));
    assert_eq!(
        same.crossings[0].sentence,
        "No difference that matters between threads and processes in the whole range."
    );
    let noisy = said(&over_limit(&LIMITS[..3], &alike, 8, 0.4));
    let crossing = &noisy.crossings[0];
    assert!(crossing.sentence.starts_with("Unclear: ") && crossing.low.is_none(), "{crossing:?}");
}

#[test]
fn numbers_have_three_figures_and_their_thousands_apart() {
    assert_eq!(
        [41_234.0, 1_234_567.0, 0.3512, 999.7, 1000.0].map(number),
        ["41,200", "1,230,000", "0.35", "1000", "1,000"]
    );
}
