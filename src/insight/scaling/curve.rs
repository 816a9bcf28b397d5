//! The measurements of a sweep, without its runs.

use crate::{
    compare::{makespans, seed, why_incomplete},
    phrase::Phrase,
};
use model::{Experiment, Setting, SweepAxis, plan::ONE_PROGRAM};

/// The measurements of a sweep.
#[derive(Clone, Debug)]
pub struct Sweep {
    /// What is varied.
    pub axis: SweepAxis,
    /// The seed of resampling.
    pub seed: u64,
    /// The curves, in the order in which their settings were asked for.
    pub curves: Vec<SweepCurve>,
    /// Whether no more runs come.
    pub ended: bool,
    /// Why only one mode was run, in a sentence, where all modes of the plan are the same.
    pub same: Option<String>,
}

/// One setting over what is varied.
#[derive(Clone, Debug)]
pub struct SweepCurve {
    /// The setting of its first point.
    pub setting: Setting,
    /// What it is called among the curves, as part of a sentence.
    pub(super) phrase: Phrase,
    /// Its points, ascending.
    pub points: Vec<MeasuredPoint>,
}

/// What was measured at one point.
#[derive(Clone, Debug)]
pub struct MeasuredPoint {
    /// The setting.
    pub setting: Setting,
    /// The number of workers, or the argument.
    pub x: f64,
    /// How many executions one run has.
    pub executions: usize,
    /// Repeat and makespan in nanoseconds of every complete measured run, in order.
    pub makespans: Vec<(u32, f64)>,
    /// Measured runs that have ended.
    pub ended: usize,
    /// Why a run that does not count does not, where there is one.
    pub why: Option<String>,
}

impl Sweep {
    /// The measurements so far; `None` where the experiment is no sweep.
    pub fn of(experiment: &Experiment) -> Option<Self> {
        let axis = experiment.sweep.clone()?;
        let settings = match experiment.compared.as_slice() {
            [] => experiment.settings(),
            compared => compared.to_vec(),
        };
        let mut firsts: Vec<Setting> = Vec::new();
        for setting in &settings {
            if !firsts.iter().any(|first| curve_of(*first, &axis) == curve_of(*setting, &axis)) {
                firsts.push(*setting);
            }
        }
        let kinds: Vec<Setting> = firsts.iter().map(|first| curve_of(*first, &axis)).collect();
        let curves = kinds.iter().map(|kind| {
            let mut points: Vec<MeasuredPoint> = settings
                .iter()
                .filter(|setting| curve_of(**setting, &axis) == *kind)
                .filter_map(|setting| MeasuredPoint::of(experiment, *setting, &axis))
                .collect();
            points.sort_by(|a, b| a.x.total_cmp(&b.x));
            let setting = points.first().map_or(*kind, |point| point.setting);
            SweepCurve { setting, phrase: Phrase::of(*kind, &kinds), points }
        });
        let same = (kinds.len() == 1 && experiment.plan.is_one_program()).then(|| ONE_PROGRAM.to_owned());
        Some(Self { curves: curves.collect(), axis, seed: seed(experiment), ended: experiment.ended, same })
    }

    /// What is varied, as a sentence calls it: `workers`, or the argument's name.
    pub fn variable(&self) -> String {
        self.axis.variable()
    }
}

/// A setting without what is swept: the same for all points of a curve.
pub fn curve_of(setting: Setting, axis: &SweepAxis) -> Setting {
    match axis {
        SweepAxis::Workers(_) => Setting { workers: 0, ..setting },
        SweepAxis::Argument { .. } => Setting { argument: None, ..setting },
    }
}

impl MeasuredPoint {
    fn of(experiment: &Experiment, setting: Setting, axis: &SweepAxis) -> Option<Self> {
        let x = match axis {
            SweepAxis::Workers(_) => f64::from(setting.workers),
            SweepAxis::Argument { .. } => setting.argument?.get(),
        };
        let ended = || experiment.repeats(setting).filter(|run| run.end.is_some());
        let mut makespans = makespans(experiment, setting);
        makespans.sort_unstable_by_key(|(repeat, _)| *repeat);
        Some(Self {
            setting,
            x,
            executions: experiment.repeats(setting).next().map_or(0, |run| run.executions.len()),
            why: (ended().count() > makespans.len()).then(|| why_incomplete(experiment, setting)).flatten(),
            ended: ended().count(),
            makespans,
        })
    }

    /// The makespans alone.
    pub fn times(&self) -> Vec<f64> {
        self.makespans.iter().map(|(_, ns)| *ns).collect()
    }
}
