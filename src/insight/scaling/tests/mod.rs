mod crossings;
mod fits;

use super::scaling;
use crate::testing::Builder;
use model::{
    Experiment,
    LaunchMode::{self, Processes, Threads},
    scaling::{Point, Scaling},
};
use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64;
use scene::sweep::view::View;

const NOISE: f64 = 0.05;

/// Normally distributed numbers around 1, by the Box–Muller transform.
struct Noise(Pcg64);

impl Noise {
    fn new(seed: u64) -> Self {
        Self(Pcg64::seed_from_u64(seed))
    }

    fn around_one(&mut self, spread: f64) -> f64 {
        let (a, b): (f64, f64) = (1.0 - self.0.random::<f64>(), self.0.random());
        1.0 + spread * (-2.0 * a.ln()).sqrt() * (std::f64::consts::TAU * b).cos()
    }

    fn times(&mut self, seconds: f64, spread: f64, repeats: usize) -> Vec<f64> {
        (0..repeats).map(|_| seconds * self.around_one(spread)).collect()
    }
}

/// A sweep over workers in which each mode takes so many seconds with so many workers.
fn over_workers(modes: &[(LaunchMode, &[f64])], repeats: usize, spread: f64) -> Experiment {
    let mut noise = Noise::new(3);
    let most = modes[0].1.len();
    let mut builder = Builder::compare("t").without_samples().executions(8, 2).sweep(&format!("workers=1..{most}"));
    for (mode, seconds) in modes {
        for (workers, seconds) in (1..).zip(*seconds) {
            builder = builder.workers(workers).makespans(*mode, &noise.times(*seconds, spread, repeats));
        }
    }
    builder.build()
}

fn said(experiment: &Experiment) -> Scaling {
    scaling(experiment).expect("a sweep")
}

fn point(scaling: &Scaling, workers: u32) -> &Point {
    scaling.points.iter().find(|point| point.setting.workers == workers).expect("a point")
}

fn close(found: f64, expected: f64, share: f64) -> bool {
    (found / expected - 1.0).abs() <= share
}

#[test]
fn an_experiment_that_is_no_sweep_has_no_curves() {
    assert_eq!(scaling(&Builder::compare("t").makespans(Threads, &[1.0]).build()), None);
}

#[test]
fn a_curve_has_times_speedup_and_efficiency_with_intervals() {
    let experiment = over_workers(&[(Threads, &[2.0, 1.0, 0.8])], 12, 0.01);
    let scaling = said(&experiment);
    let workers: Vec<u32> = scaling.points.iter().map(|point| point.setting.workers).collect();
    assert_eq!(workers, [1, 2, 3]);
    assert_eq!((point(&scaling, 1).speedup, point(&scaling, 1).efficiency), (Some(1.0), Some(1.0)));
    let two = point(&scaling, 2);
    let interval = two.speedup_interval.expect("an interval");
    assert!(interval.low.expect("low") < 2.0 && interval.high.expect("high") > 2.0, "{interval:?}");
    assert!(close(two.efficiency.expect("known"), 1.0, 0.02) && close(two.speedup.expect("known"), 2.0, 0.02));
    let (time, throughput) = (two.makespan_ns.expect("known"), two.throughput_per_s.expect("known"));
    assert!(close(throughput.median * time.median, 8e9, 1e-9), "eight executions");
    assert!(close(throughput.low.expect("low") * time.high.expect("high"), 8e9, 1e-9));
    assert!(close(point(&scaling, 3).efficiency.expect("known"), 2.0 / 0.8 / 3.0, 0.02));
}

#[test]
fn drift_between_repeats_cancels_in_the_speedup() {
    let drift: Vec<f64> = (0..8).map(|i| 1.0 + f64::from(i) / 4.0).collect();
    let halves: Vec<f64> = drift.iter().map(|s| s / 2.0).collect();
    let experiment = Builder::compare("t").sweep("workers=1,2").workers(1).makespans(Threads, &drift);
    let scaling = said(&experiment.workers(2).makespans(Threads, &halves).build());
    let speedup = point(&scaling, 2).speedup_interval.expect("an interval");
    assert!(close(speedup.low.expect("low"), 2.0, 1e-6) && close(speedup.high.expect("high"), 2.0, 1e-6));
}

#[test]
fn the_best_is_the_fewest_workers_that_nothing_surely_beats() {
    let best = |seconds: &[f64]| {
        let scaling = said(&over_workers(&[(Threads, seconds)], 15, 0.01));
        (scaling.best[0].setting.workers, scaling.best[0].sentence.clone())
    };
    let (workers, sentence) = best(&[2.0, 1.0, 1.0, 1.12]);
    assert_eq!(workers, 2, "{sentence}");
    assert!(sentence.starts_with("Threads are best at 2 workers; beyond it 4 workers cost 1"), "{sentence}");
    assert!(sentence.contains(" % (95 %: ") && sentence.ends_with(" %)."), "{sentence}");
    let (workers, sentence) = best(&[2.0, 1.0, 1.0, 1.0]);
    assert_eq!(
        (workers, sentence.as_str()),
        (2, "Threads are best at 2 workers; more workers gain nothing that can be told.")
    );
    let (workers, sentence) = best(&[2.0, 1.0, 0.7, 0.5]);
    assert_eq!(workers, 4);
    assert!(sentence.starts_with("Threads are best at 4 workers, the most of the sweep: "), "{sentence}");
    let (workers, sentence) = best(&[1.0, 1.5, 2.0, 3.1]);
    assert_eq!(workers, 1);
    assert!(sentence.contains("best at 1 worker; beyond it 4 workers cost 3.1"), "{sentence}");
}

#[test]
fn no_number_is_best_beside_one_that_took_much_less_by_chance_or_not() {
    // Two workers took 0.6 of the time in most repeats; in two of them, others had the cores.
    let builder =
        Builder::compare("t").sweep("workers=1,2").workers(1).makespans(Threads, &[1.0, 1.01, 0.99, 1.0, 1.02, 0.98]);
    let scaling = said(&builder.workers(2).makespans(Threads, &[0.6, 0.61, 1.5, 0.6, 1.6, 0.59]).build());
    let best = &scaling.best[0];
    assert!(!best.told, "{best:?}");
    assert!(best.sentence.contains("so far 2 workers took the least"), "{}", best.sentence);
}

#[test]
fn too_few_repeats_name_no_best() {
    let scaling = said(&over_workers(&[(Processes, &[2.0, 1.0])], 2, 0.0));
    let best = &scaling.best[0];
    assert_eq!(best.setting.workers, 2);
    assert_eq!(
        best.sentence,
        "Too few repeats to tell how many workers are best for processes; so far 2 workers took the least, 1.00 s."
    );
    assert!(!best.told && View::of(&scaling).curves[0].best.is_none(), "no ring says what nobody can");
}

#[test]
fn a_sweep_with_one_point_says_so() {
    let scaling = said(&over_workers(&[(Threads, &[2.0])], 7, 0.01));
    assert_eq!(
        scaling.best[0].sentence,
        "Threads ran with 1 worker alone: there is no other number to compare it with."
    );
    assert_eq!(scaling.notes, ["The sweep has one point: a curve takes at least two values of workers."]);
    assert!(scaling.fits.iter().all(|fit| fit.parameters.is_empty()));
    let note = scaling.fits[0].note.as_deref();
    assert_eq!(
        note,
        Some("Amdahl's law takes complete repeats at 2 different numbers of workers at least; there is 1.")
    );
}

#[test]
fn curves_are_settings_apart_from_their_workers() {
    let experiment = over_workers(&[(Threads, &[2.0, 1.0]), (Processes, &[2.1, 1.1])], 7, 0.01);
    let scaling = said(&experiment);
    let points: Vec<_> = scaling.points.iter().map(|point| (point.setting.mode, point.setting.workers)).collect();
    assert_eq!(points, [(Threads, 1), (Threads, 2), (Processes, 1), (Processes, 2)]);
    assert_eq!((scaling.best.len(), scaling.fits.len(), scaling.crossings.len()), (2, 4, 0));
    assert!(scaling.best[1].sentence.starts_with("Processes are best at 2 workers"));
}

#[test]
fn a_mode_that_failed_is_told_and_the_other_is_shown() {
    let experiment =
        Builder::compare("t").sweep("workers=1,2").workers(1).crash(Threads, 2).makespans(Processes, &[1.0; 7]);
    let scaling = said(&experiment.workers(2).crash(Threads, 2).makespans(Processes, &[0.5; 7]).build());
    assert_eq!(scaling.best.len(), 1);
    assert_eq!(
        scaling.notes,
        ["No run as threads succeeded as a whole (the runner was ended by SIGSEGV): it has no curve."]
    );
    let note = scaling.points[0].note.as_deref().expect("why");
    assert_eq!(note, "No run as threads succeeded as a whole (the runner was ended by SIGSEGV).");
    assert_eq!((scaling.points[0].makespan_ns, scaling.points[2].note.as_deref()), (None, None));
}

#[test]
fn a_point_that_failed_is_a_gap_and_a_repeat_that_failed_is_left_out() {
    let experiment = Builder::compare("t").sweep("workers=1,2,3").workers(1).makespans(Threads, &[1.0; 7]);
    let experiment = experiment.workers(2).crash(Threads, 3).workers(3).makespans(Threads, &[0.4; 7]);
    let scaling = said(&experiment.build());
    assert_eq!(scaling.notes.len(), 1);
    assert!(
        scaling.notes[0].contains("succeeded as a whole at 2 workers (") && scaling.notes[0].contains("a gap there")
    );
    assert_eq!(scaling.best[0].setting.workers, 3);

    let mut experiment = over_workers(&[(Threads, &[2.0, 1.0])], 8, 0.01);
    let failed = model::Outcome::of(model::OutcomeKind::Failed);
    experiment.runs[3].executions[0].outcome = Some(failed);
    let scaling = said(&experiment);
    assert!(
        scaling.notes[0].starts_with("1 repeat as threads did not succeed as a whole and is left out ("),
        "{:?}",
        scaling.notes
    );
    assert_eq!((scaling.points[0].repeats, scaling.points[1].repeats), (7, 8));
}

#[test]
fn an_experiment_read_from_its_document_says_the_same() {
    let experiment = over_workers(&[(Threads, &[2.0, 1.0])], 7, 0.01);
    let document = crate::document::document(&experiment);
    let text = serde_json::to_string(&document).expect("text");
    let read: model::document::Document = serde_json::from_str(&text).expect("a document");
    let sweep = document.sweep.expect("a sweep");
    assert_eq!(read.sweep.as_ref().map(|read| &read.best), Some(&sweep.best));
    assert_eq!(sweep.points[0].setting, experiment.compared[0]);
    assert_eq!(scaling(&read.into_experiment()), Some(sweep));
}

/// A sweep of one mode, or two, over an argument with the name of a program's option.
fn over_option(modes: &[LaunchMode], seconds: &[f64]) -> Experiment {
    let mut builder = Builder::compare("t").without_samples().sweep("xz.1=1..4");
    for (value, seconds) in (1..).zip(seconds) {
        for mode in modes {
            builder = builder.argument(f64::from(value)).makespans(*mode, &[*seconds; 7]);
        }
    }
    let mut experiment = builder.build();
    experiment.sweep = experiment.sweep.map(|axis| axis.called(Some("-T".to_owned())));
    experiment
}

#[test]
fn the_best_value_of_an_argument_is_told_by_its_name() {
    let sentence = |seconds: &[f64]| {
        let best = said(&over_option(&[Processes], seconds)).best.remove(0);
        (best.told, best.sentence)
    };
    assert_eq!(
        sentence(&[2.0, 1.0, 1.0, 1.0]),
        (true, "Processes are best at -T 2; larger values gain nothing that can be told.".to_owned())
    );
    assert_eq!(
        sentence(&[2.0, 1.0, 1.2, 1.5]),
        (true, "Processes are best at -T 2; beyond it -T 4 costs 50 % (95 %: 50–50 %).".to_owned())
    );
    let (told, most) = sentence(&[4.0, 2.0, 1.5, 1.0]);
    assert!(
        told && most.starts_with("Processes are best at -T 4, the most of the sweep: 4.00 × as fast as -T 1"),
        "{most}"
    );
    let (told, grows) = sentence(&[1.0, 2.0, 3.0, 4.0]);
    assert_eq!(
        (told, grows.as_str()),
        (false, "Processes take longer the larger -T is: 4.00 × as much time at -T 4 as at -T 1 (95 %: 4.00–4.00).")
    );
}

#[test]
fn what_only_grows_is_no_answer_beside_a_crossing() {
    let scaling = said(&over_option(&[Threads, Processes], &[1.0, 2.0, 3.0, 4.0]));
    assert_eq!((scaling.best, scaling.variable.as_deref()), (Vec::new(), Some("-T")));
    assert_eq!(scaling.crossings.len(), 1);
}
