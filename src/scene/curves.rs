//! Curves of a run over time: how many executions are in their targets, how many are on a CPU, how many processes and
//! threads are alive. Each is a step function, reduced to columns that keep its mean and its maximum.

use model::{Execution, LaunchMode, Run, Slice, Slices, SlicesSource, Stage};
use std::{cmp::Reverse, collections::BinaryHeap, collections::HashMap};

/// What a curve counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CurveKind {
    /// Executions between the first and the last instruction of their targets.
    InTarget,
    /// Executions of which a thread is on a CPU: their own, or one that they have started.
    OnCpu,
    /// The runner and the processes below it.
    Processes,
    /// Threads of the runner and of the processes below it.
    Threads,
}

impl CurveKind {
    /// Every kind, in the order in which they are shown.
    pub const ALL: [CurveKind; 4] = [Self::InTarget, Self::OnCpu, Self::Processes, Self::Threads];

    /// The heading that people see.
    pub fn title(self) -> &'static str {
        ["Executions in the target", "Executions on a CPU", "Processes alive", "Threads alive"][self as usize]
    }
}

/// The source of a curve.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CurveSource {
    /// The stamps: exact.
    Stamps,
    /// The kernel's records: exact.
    Records,
    /// Sampled slices: an estimate.
    Sampled,
    /// Stamps in place of missing records: executions only, without the runner's own threads and idle workers of pools.
    StampsAlone,
}

impl CurveSource {
    /// In a few words.
    pub fn words(self) -> &'static str {
        match self {
            Self::Stamps => "exact, from stamps",
            Self::Records => "exact, from the kernel's records",
            Self::Sampled => "an estimate, from samples",
            Self::StampsAlone => "from stamps: those of executions alone",
        }
    }
}

/// A step function in columns of one width, from the run's origin on.
#[derive(Clone, Debug, PartialEq)]
pub struct UsageCurve {
    /// What it counts.
    pub kind: CurveKind,
    /// The source.
    pub source: CurveSource,
    /// The width of a column.
    pub column_ns: f64,
    /// The maximum in each column.
    pub max: Vec<u32>,
    /// The mean of each column.
    pub mean: Vec<f32>,
}

impl UsageCurve {
    /// The maximum over the whole run.
    pub fn peak(&self) -> u32 {
        self.max.iter().copied().max().unwrap_or(0)
    }

    /// The mean over the whole run.
    pub fn average(&self) -> f64 {
        self.mean.iter().map(|mean| f64::from(*mean)).sum::<f64>() / self.mean.len().max(1) as f64
    }
}

/// A curve, or why there is none.
pub type Known = Result<UsageCurve, String>;

/// A curve of a run, in `columns` columns.
///
/// # Errors
/// The curve is unknown; the error says why in one sentence.
pub fn curve(run: &Run, kind: CurveKind, columns: usize) -> Known {
    let length_ns = run.length_ns();
    if length_ns == 0 {
        return Err("Nothing has begun yet.".to_owned());
    }
    let mut fold = Fold::new(length_ns, columns.max(1));
    let source = match kind {
        CurveKind::InTarget => {
            count(&mut fold, stretches(run, Stage::Entered, Stage::Left));
            CurveSource::Stamps
        }
        CurveKind::OnCpu if run.slices.is_empty() => {
            return Err(run.slices_note.clone().unwrap_or_else(|| "This run was measured without slices.".to_owned()));
        }
        CurveKind::OnCpu => return Ok(on_cpu(&run.slices, run.slices_source, length_ns, columns)),
        CurveKind::Processes | CurveKind::Threads if !run.alive.is_empty() => {
            for alive in &run.alive {
                let value = if kind == CurveKind::Processes { alive.processes } else { alive.threads };
                fold.set(alive.at_ns, value);
            }
            CurveSource::Records
        }
        CurveKind::Processes if run.mode == LaunchMode::Processes => {
            count(&mut fold, stretches(run, Stage::Launched, Stage::Exited));
            CurveSource::StampsAlone
        }
        CurveKind::Threads if run.mode == LaunchMode::Threads => {
            count(&mut fold, stretches(run, Stage::Launched, Stage::Exited));
            CurveSource::StampsAlone
        }
        _ => return Err("Not known: there are no records of the kernel, and the stamps don't tell.".to_owned()),
    };
    Ok(fold.finish(kind, source))
}

/// The interval between two stages of each execution; without a later stamp it lasts to the end of the run.
fn stretches(run: &Run, from: Stage, to: Stage) -> Vec<(u64, u64)> {
    let end = run.length_ns();
    let last = |execution: &Execution| {
        let later = Stage::ALL.into_iter().filter(|stage| *stage >= to);
        later.filter_map(|stage| execution.stamps.get(stage)).next().unwrap_or(end)
    };
    let stretch = |execution: &Execution| Some((execution.stamps.get(from)?, last(execution)));
    run.executions.iter().filter_map(stretch).collect()
}

/// Adds to the fold how many intervals hold each instant.
fn count(fold: &mut Fold, stretches: Vec<(u64, u64)>) {
    // At one instant ends come before starts, so that an interval that follows another is never counted with it.
    let mut edges: Vec<(u64, bool)> = stretches.iter().flat_map(|(from, to)| [(*from, true), (*to, false)]).collect();
    edges.sort_unstable();
    let mut now = 0_u32;
    for (at_ns, starts) in edges {
        now = if starts { now + 1 } else { now.saturating_sub(1) };
        fold.set(at_ns, now);
    }
}

/// How many executions were on a CPU. Reads every slice: a million slices take a tenth of a second, so call this where
/// no frame waits for it.
pub fn on_cpu(slices: &Slices, source: Option<SlicesSource>, length_ns: u64, columns: usize) -> UsageCurve {
    let mut fold = Fold::new(length_ns, columns.max(1));
    let mut cores: Vec<_> =
        slices.cores().iter().enumerate().map(|(core, slices)| slices.iter(core as u32, 0, u64::MAX)).collect();
    // The next edge of each core; at one instant an end comes before a start.
    let mut edges = BinaryHeap::new();
    let mut current: Vec<Option<Slice>> = vec![None; cores.len()];
    let mut running: HashMap<u32, u32> = HashMap::new();
    let mut advance = |core: usize, current: &mut Vec<Option<Slice>>, edges: &mut BinaryHeap<_>| {
        let next = cores[core].by_ref().find(|slice| slice.owner.execution().is_some());
        edges.extend(next.map(|slice| Reverse((slice.from_ns, true, core))));
        current[core] = next;
    };
    (0..current.len()).for_each(|core| advance(core, &mut current, &mut edges));
    while let Some(Reverse((at_ns, starts, core))) = edges.pop() {
        let Some((slice, id)) = current[core].and_then(|slice| Some((slice, slice.owner.execution()?))) else {
            continue;
        };
        if starts {
            *running.entry(id).or_default() += 1;
            edges.push(Reverse((slice.to_ns, false, core)));
        } else {
            if let Some(count) = running.get_mut(&id) {
                *count -= 1;
                if *count == 0 {
                    running.remove(&id);
                }
            }
            advance(core, &mut current, &mut edges);
        }
        fold.set(at_ns, running.len() as u32);
    }
    let sampled = source == Some(SlicesSource::Sampled);
    fold.finish(CurveKind::OnCpu, if sampled { CurveSource::Sampled } else { CurveSource::Records })
}

/// Reduces a step function to columns as its values come.
struct Fold {
    column_ns: f64,
    length_ns: f64,
    max: Vec<u32>,
    sum: Vec<f64>,
    at_ns: f64,
    value: u32,
}

impl Fold {
    fn new(length_ns: u64, columns: usize) -> Self {
        let (length_ns, count) = (length_ns as f64, columns as f64);
        let (max, sum) = (vec![0; columns], vec![0.0; columns]);
        Self { column_ns: length_ns / count, length_ns, max, sum, at_ns: 0.0, value: 0 }
    }

    /// Sets the value from an instant on; instants come in order.
    fn set(&mut self, at_ns: u64, value: u32) {
        let at_ns = (at_ns as f64).clamp(self.at_ns, self.length_ns);
        self.fill(at_ns);
        (self.at_ns, self.value) = (at_ns, value);
    }

    /// Adds the current value to the columns, up to an instant.
    fn fill(&mut self, to_ns: f64) {
        if to_ns <= self.at_ns {
            return;
        }
        let first = (self.at_ns / self.column_ns) as usize;
        let last = ((to_ns / self.column_ns).ceil() as usize).min(self.max.len());
        for column in first..last {
            let left = column as f64 * self.column_ns;
            let lies_in = to_ns.min(left + self.column_ns) - self.at_ns.max(left);
            if lies_in > 0.0 {
                self.sum[column] += lies_in * f64::from(self.value);
                self.max[column] = self.max[column].max(self.value);
            }
        }
    }

    fn finish(mut self, kind: CurveKind, source: CurveSource) -> UsageCurve {
        self.fill(self.length_ns);
        let mean = self.sum.iter().map(|sum| (sum / self.column_ns) as f32).collect();
        UsageCurve { kind, source, column_ns: self.column_ns, max: self.max, mean }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use insight::testing::Builder;
    use model::{
        Alive,
        LaunchMode::{Processes, Sequential, Threads},
        Owner, Stamps,
    };

    fn run(stays: &[(u64, u64)]) -> Run {
        let mut run = Builder::compare("t").makespans(Threads, &[1e-6]).build().runs.remove(0);
        run.executions.truncate(stays.len());
        for (execution, (entered, left)) in run.executions.iter_mut().zip(stays) {
            execution.stamps = Stamps::default();
            execution.stamps.set(Stage::Launched, *entered);
            execution.stamps.set(Stage::Entered, *entered);
            execution.stamps.set(Stage::Left, *left);
            execution.stamps.set(Stage::Exited, *left);
        }
        run
    }

    fn all(run: &Run, columns: usize) -> [Known; 4] {
        CurveKind::ALL.map(|kind| curve(run, kind, columns))
    }

    fn known(known: &Known) -> &UsageCurve {
        known.as_ref().expect("known")
    }

    #[test]
    fn concurrency_is_the_number_between_entered_and_left() {
        let run = run(&[(0, 600), (400, 1_000), (600, 800)]);
        let curves = all(&run, 5);
        let in_target = known(&curves[0]);
        assert_eq!((in_target.source, in_target.peak()), (CurveSource::Stamps, 2));
        assert_eq!(in_target.max, [1, 1, 2, 2, 1]);
        assert_eq!(in_target.mean, [1.0, 1.0, 2.0, 2.0, 1.0]);
        assert!((in_target.average() - 1.4).abs() < 1e-6);
        let threads = known(&curves[3]);
        assert_eq!((threads.source, threads.peak()), (CurveSource::StampsAlone, 2));
        assert!(curves[1].is_err() && curves[2].is_err());
    }

    #[test]
    fn one_that_never_left_counts_to_the_end() {
        let mut run = run(&[(500, 600)]);
        run.executions[0].stamps = Stamps::default();
        run.executions[0].stamps.set(Stage::Entered, 500);
        assert_eq!(known(&all(&run, 2)[0]).max, [0, 1]);
    }

    #[test]
    fn an_execution_on_two_cores_counts_once() {
        let mut run = run(&[(0, 1_000), (0, 1_000)]);
        let slices = [
            (0, 500, 0, Owner::Execution(0)),
            (500, 1_000, 0, Owner::Execution(1)),
            (0, 250, 1, Owner::Helper(0)),
            (250, 500, 1, Owner::Execution(1)),
            (500, 1_000, 1, Owner::Launcher),
        ];
        for (from_ns, to_ns, core, owner) in slices {
            run.slices.push(&Slice { from_ns, to_ns, core, owner, preempted: false });
        }
        let curves = all(&run, 4);
        let on_cpu = known(&curves[1]);
        assert_eq!((on_cpu.source, &on_cpu.max), (CurveSource::Records, &vec![1, 2, 1, 1]));
    }

    #[test]
    fn who_is_alive_comes_from_the_records_where_there_are_any() {
        let mut run = Builder::compare("t").makespans(Processes, &[1e-6]).build().runs.remove(0);
        assert_eq!(known(&all(&run, 2)[2]).source, CurveSource::StampsAlone);
        run.alive = [(0, 1, 1), (200, 3, 4), (900, 1, 2)]
            .map(|(at_ns, processes, threads)| Alive { at_ns, processes, threads })
            .into();
        let curves = all(&run, 2);
        assert_eq!((known(&curves[2]).source, &known(&curves[2]).max), (CurveSource::Records, &vec![3, 3]));
        assert_eq!(known(&curves[3]).peak(), 4);
        let sequential = Builder::compare("t").makespans(Sequential, &[1e-6]).build().runs.remove(0);
        assert!(all(&sequential, 2)[3].is_err());
    }
}
