//! What rules look at: the figures of each complete run, side by side.

use super::{run_facts::RunFacts, turns::FEWEST_LOOKS};
use crate::{compare::counts, phrase::Phrase, summary};
use model::{Experiment, LaunchMode, LockLooks, Setting, Target, document::Comparison};
use statistics::order::{self, quantile};

/// The fewest repeats of each setting from which a difference between two is told from noise.
const FEWEST: usize = 3;

/// From this share of the time of one after another on, nothing is gained.
const AS_LONG: f64 = 0.9;

/// What rules look at.
pub struct Facts<'a> {
    /// The experiment.
    pub experiment: &'a Experiment,
    /// What its runs say of each two settings.
    pub comparisons: &'a [Comparison],
    /// Settings with at least one complete repeat: those compared, then the baselines.
    pub sides: Vec<SideFacts<'a>>,
}

/// The complete repeats of one setting.
pub struct SideFacts<'a> {
    /// The setting.
    pub setting: Setting,
    /// What a sentence calls it.
    pub phrase: Phrase,
    /// Whether it was compared, and is no baseline.
    pub compared: bool,
    /// Its complete repeats, in order.
    pub runs: Vec<RunFacts<'a>>,
}

/// A setting that shows something.
pub struct Hit<'a, 'f> {
    /// The facts of the setting.
    pub side: &'f SideFacts<'a>,
    /// The figure that shows it, the median over its repeats.
    pub value: f64,
    /// Those of its repeats that show it, the plainest first.
    pub runs: Vec<&'f RunFacts<'a>>,
}

impl<'a> Facts<'a> {
    /// The facts of an experiment.
    pub fn of(experiment: &'a Experiment, comparisons: &'a [Comparison]) -> Self {
        Self::of_sides(experiment, comparisons, |_| true)
    }

    /// The facts of the two settings of a comparison, and of the baselines.
    pub fn of_two(experiment: &'a Experiment, comparison: &'a Comparison) -> Self {
        let of_it = |setting| [comparison.a, comparison.b].contains(&setting);
        let wanted = |setting| of_it(setting) || !experiment.compared.contains(&setting);
        Self::of_sides(experiment, std::slice::from_ref(comparison), wanted)
    }

    fn of_sides(experiment: &'a Experiment, comparisons: &'a [Comparison], wanted: impl Fn(Setting) -> bool) -> Self {
        let of = |setting| {
            let mut runs: Vec<_> = experiment.repeats(setting).filter(|run| counts(run)).map(RunFacts::of).collect();
            share_looks(&mut runs);
            let phrase = Phrase::of(setting, &experiment.compared);
            SideFacts { setting, phrase, compared: experiment.compared.contains(&setting), runs }
        };
        let settings = summary::settings(experiment).into_iter().filter(|setting| wanted(*setting));
        let sides = settings.map(of).filter(|side| !side.runs.is_empty());
        Self { experiment, comparisons, sides: sides.collect() }
    }

    /// The machine's cores.
    pub fn cores(&self) -> f64 {
        f64::from(self.experiment.machine.logical_cores.max(1))
    }

    /// The facts of a setting.
    pub fn side(&self, setting: Setting) -> Option<&SideFacts<'a>> {
        self.sides.iter().find(|side| side.setting == setting)
    }

    /// Other settings in which the same work was measured, baselines among them, that fulfil a condition.
    pub fn ways(&self, side: &SideFacts<'a>, is: impl Fn(Setting) -> bool) -> Vec<Setting> {
        let others = self.sides.iter().filter(|other| other.setting != side.setting && other.does_the_work_of(side));
        others.map(|other| other.setting).filter(|other| is(*other)).collect()
    }

    /// The same work one after another, where that was measured: in sequence, or else in the same mode by one worker.
    pub fn in_sequence(&self, side: &SideFacts<'a>) -> Option<&SideFacts<'a>> {
        let one = Setting { workers: 1, ..side.setting };
        let all = || self.sides.iter().filter(|other| other.does_the_work_of(side));
        all()
            .find(|other| other.setting.mode == LaunchMode::Sequential)
            .or_else(|| all().find(|other| other.setting == one))
    }

    /// The same; absent where it is the setting that is asked about.
    pub fn beside_sequence(&self, side: &SideFacts<'a>) -> Option<&SideFacts<'a>> {
        self.in_sequence(side).filter(|sequence| sequence.setting != side.setting)
    }

    /// The share of the time of the same work one after another that a setting takes, by the medians; absent where the
    /// former was not measured, or is the setting itself.
    pub fn of_sequence(&self, side: &SideFacts<'a>) -> Option<f64> {
        let makespan = |side: &SideFacts<'a>| side.median(|run| run.makespan_ns);
        Some(makespan(side) / makespan(self.beside_sequence(side)?).max(1.0))
    }

    /// Whether a setting takes less time than the same work one after another; absent where that was not measured.
    /// Waits that overlap save time: those that save none are waits for each other.
    pub fn saves_time(&self, side: &SideFacts<'a>) -> Option<bool> {
        self.of_sequence(side).map(|share| share < AS_LONG)
    }

    /// Whether all tasks are programs, each of which is a process in every mode.
    pub fn starts_programs(&self) -> bool {
        self.experiment.plan.tasks.iter().all(|task| matches!(task.target, Target::Program(_)))
    }

    /// The settings that were compared.
    pub fn compared(&self) -> impl Iterator<Item = &SideFacts<'a>> {
        self.sides.iter().filter(|side| side.compared)
    }

    /// The compared settings whose figure reaches `least` in the median, the greatest first.
    pub fn hits(&self, least: f64, of: impl Fn(&RunFacts<'a>) -> f64) -> Vec<Hit<'a, '_>> {
        let hit = |side| Hit::of(side, least, &of);
        let mut hits: Vec<_> = self.compared().filter_map(hit).collect();
        hits.sort_by(|a, b| b.value.total_cmp(&a.value));
        hits
    }

    /// Each compared setting whose executions share an address space, beside one that does the same work apart: in
    /// processes if that was measured, else one after another.
    pub fn shared_and_apart(&self) -> Vec<(&SideFacts<'a>, &SideFacts<'a>)> {
        let shared = self.compared().filter(|side| side.shares_memory());
        shared.filter_map(|side| Some((side, self.counterpart(side)?))).collect()
    }

    fn counterpart(&self, shared: &SideFacts<'a>) -> Option<&SideFacts<'a>> {
        let same_work = |side: &&SideFacts<'a>| side.does_the_work_of(shared);
        let isolated = |side: &&SideFacts<'a>| side.setting.mode.isolates();
        let as_many = |side: &&SideFacts<'a>| side.setting.workers == shared.setting.workers;
        let find = |fits: &dyn Fn(&&SideFacts<'a>) -> bool| self.sides.iter().filter(same_work).find(fits);
        find(&|side| isolated(side) && as_many(side))
            .or_else(|| find(&isolated))
            .or_else(|| find(&|side| side.setting.mode == LaunchMode::Sequential))
    }
}

/// Adds up the lock samples of all repeats, because a short run has few. A repeat in which only one thread happened to
/// be seen waiting can't tell whether all wait at one place, so of three repeats or more the median share counts.
fn share_looks(runs: &mut [RunFacts<'_>]) {
    let sum = |a: LockLooks, b: LockLooks| LockLooks {
        all: a.all + b.all,
        shared: a.shared + b.shared,
        most: a.most.zip(b.most).map(|(a, b)| a + b),
    };
    let looks: Vec<LockLooks> = runs.iter().filter_map(|run| run.lock_looks).collect();
    let told = looks.iter().filter(|looks| looks.all >= FEWEST_LOOKS);
    let shares: Vec<f64> = told.filter_map(|looks| Some(looks.most? as f64 / looks.all as f64)).collect();
    let mut all = looks.into_iter().reduce(sum);
    if let (true, Some(all), Some(share)) = (shares.len() >= FEWEST, &mut all, order::median(&shares)) {
        all.most = Some((share * all.all as f64).round() as u64);
    }
    runs.iter_mut().for_each(|run| run.lock_looks = all);
}

impl<'a> SideFacts<'a> {
    /// Whether it does the same work as another setting: the same functions of one interpreter, with the same argument.
    pub fn does_the_work_of(&self, other: &SideFacts<'_>) -> bool {
        let work = |setting: Setting| (setting.interpreter, setting.argument);
        work(self.setting) == work(other.setting)
    }

    /// The median of a figure over the repeats.
    pub fn median(&self, of: impl Fn(&RunFacts<'a>) -> f64) -> f64 {
        order::median(&self.values(of)).unwrap_or(0.0)
    }

    /// A figure of each repeat.
    pub fn values(&self, of: impl Fn(&RunFacts<'a>) -> f64) -> Vec<f64> {
        self.runs.iter().map(of).collect()
    }

    /// Whether a figure is at least `times` that of another setting, and their middle halves lie apart. Takes three
    /// repeats of each.
    pub fn exceeds(&self, other: &SideFacts<'a>, times: f64, of: impl Fn(&RunFacts<'a>) -> f64) -> bool {
        let [own, others] = [self, other].map(|side| order::sorted(&side.values(&of)));
        let enough = own.len() >= FEWEST && others.len() >= FEWEST;
        let at = |values: &[f64], p| quantile(values, p).unwrap_or(0.0);
        enough && at(&own, 0.5) >= times * at(&others, 0.5) && at(&own, 0.25) > at(&others, 0.75)
    }

    /// Whether executions share an address space while several are in flight.
    pub fn shares_memory(&self) -> bool {
        matches!(self.setting.mode, LaunchMode::Threads | LaunchMode::ThreadPool | LaunchMode::Interpreters)
    }

    /// Whether threads and processes that executions started do the work, see [`RunFacts::is_done_by_own`].
    pub fn is_done_by_own(&self) -> bool {
        self.median(|run| f64::from(u8::from(run.is_done_by_own()))) >= 0.5
    }

    /// The repeat in which a figure is the greatest.
    pub fn plainest(&self, of: impl Fn(&RunFacts<'a>) -> f64) -> &RunFacts<'a> {
        let values = self.runs.iter().map(|run| (of(run), run));
        values.reduce(|best, next| if next.0 > best.0 { next } else { best }).map_or(&self.runs[0], |(_, run)| run)
    }

    /// The ids of its repeats.
    pub fn ids(&self) -> impl Iterator<Item = u32> {
        self.runs.iter().map(|facts| facts.run.id)
    }
}

impl<'a, 'f> Hit<'a, 'f> {
    /// The hit, where the setting's figure reaches `least` in the median.
    pub fn of(side: &'f SideFacts<'a>, least: f64, of: &impl Fn(&RunFacts<'a>) -> f64) -> Option<Self> {
        // A figure may take a pass over all executions, so it is worked out once for each run.
        let mut values: Vec<(f64, &RunFacts<'a>)> = side.runs.iter().map(|run| (of(run), run)).collect();
        let value = order::median(&values.iter().map(|(value, _)| *value).collect::<Vec<_>>())?;
        values.retain(|(value, _)| *value >= least);
        values.sort_by(|a, b| b.0.total_cmp(&a.0));
        let runs: Vec<_> = values.into_iter().map(|(_, run)| run).collect();
        (value >= least && !runs.is_empty()).then_some(Self { side, value, runs })
    }
}
