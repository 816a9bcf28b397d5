//! A run's own use of each core, in columns: exact from its slices, or one level from its CPU clocks.

use model::{Run, SlicesSource, slices::CoreSlices};

/// The source of a run's own use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OwnSource {
    /// The kernel's records of every switch: exact.
    Records,
    /// Sampled slices: an estimate.
    Sampled,
    /// The executions' CPU clocks: an exact total, spread evenly over the run and all cores.
    Clocks,
}

impl OwnSource {
    /// What a legend calls the layer.
    pub fn words(self) -> &'static str {
        match self {
            Self::Records => "this run (exact)",
            Self::Sampled => "this run (estimate)",
            Self::Clocks => "this run, from its CPU clocks",
        }
    }

    /// One sentence about it.
    pub fn explained(self) -> &'static str {
        match self {
            Self::Records => "This run's own threads, by the kernel's record of every switch: exact.",
            Self::Sampled => "This run's own threads, by looks at which core each was on: an estimate.",
            Self::Clocks => {
                "The CPU time of this run's executions, spread evenly over the run and over all cores: the total is \
                 exact, when and where it was used is not known."
            }
        }
    }
}

/// What a legend calls the machine's layer.
pub const MACHINE: &str = "machine (estimate)";

/// What a legend says instead where the run was too short for a sample, or none could be taken.
pub const NO_SAMPLES: &str = "machine: no samples were taken";

/// Why the machine's layer is an estimate.
pub const MACHINE_EXPLAINED: &str =
    "The whole machine, other programs included: an estimate, because the system counts ticks.";

/// The source of a run's own use; absent where nothing is known.
pub fn own_source(run: &Run) -> Option<OwnSource> {
    match run.slices_source {
        Some(SlicesSource::Sampled) if !run.slices.is_empty() => Some(OwnSource::Sampled),
        _ if !run.slices.is_empty() => Some(OwnSource::Records),
        // One level over the whole run can be drawn only when its length is known.
        _ => run.end.as_ref().and(run.cpu_ns()).map(|_| OwnSource::Clocks),
    }
}

/// A run's own use of every core, in columns of one width.
#[derive(Clone, Debug, PartialEq)]
pub struct OwnUse {
    /// The source.
    pub source: OwnSource,
    /// The left edge of the first column, since the run's origin.
    pub from_ns: u64,
    /// The width of a column.
    pub column_ns: f64,
    /// Nothing is known from here on.
    pub until_ns: u64,
    /// By core, then by column: the share of the column in which the core ran the run's own threads, 0 to 1.
    pub busy: Vec<Vec<f32>>,
}

impl OwnUse {
    /// The share of a core's column at an instant; absent where nothing is known.
    pub fn at(&self, core: usize, ns: f64) -> Option<f32> {
        if ns >= self.until_ns as f64 || ns < self.from_ns as f64 {
            return None;
        }
        self.busy.get(core)?.get(((ns - self.from_ns as f64) / self.column_ns) as usize).copied()
    }

    /// Left and right edge of a column, cut where nothing more is known.
    pub fn edges(&self, column: usize) -> (f64, f64) {
        let left = self.from_ns as f64 + column as f64 * self.column_ns;
        (left, (left + self.column_ns).min(self.until_ns as f64))
    }
}

/// The own use of a run between two instants, on `cores` cores, in `count` columns; absent where nothing is known.
pub fn own_use(run: &Run, cores: usize, from_ns: u64, to_ns: u64, count: usize) -> Option<OwnUse> {
    let source = own_source(run)?;
    let count = count.max(1);
    let column_ns = (to_ns.saturating_sub(from_ns).max(1)) as f64 / count as f64;
    let ended = run.end.is_some().then(|| run.length_ns());
    let last_slice = || run.slices.cores().iter().map(CoreSlices::end_ns).max().unwrap_or(0);
    let until_ns = ended.unwrap_or_else(last_slice).min(to_ns);
    let busy = match source {
        OwnSource::Clocks => vec![vec![level(run, cores); count]; cores],
        _ => {
            let none = CoreSlices::default();
            let slices = |core| run.slices.cores().get(core).unwrap_or(&none);
            (0..cores.max(run.slices.cores().len())).map(|core| busy(slices(core), from_ns, column_ns, count)).collect()
        }
    };
    Some(OwnUse { source, from_ns, column_ns, until_ns, busy })
}

/// The mean use of all cores, by the clocks.
fn level(run: &Run, cores: usize) -> f32 {
    let capacity = run.length_ns().max(1) as f64 * cores.max(1) as f64;
    (run.cpu_ns().unwrap_or(0) as f64 / capacity).min(1.0) as f32
}

/// The busy share of each column of a core. Blocks of slices no wider than a column are not decoded: their time is
/// spread evenly over their extent, so that the work follows the columns.
fn busy(slices: &CoreSlices, from_ns: u64, column_ns: f64, count: usize) -> Vec<f32> {
    let mut columns = Columns { from_ns: from_ns as f64, column_ns, busy_ns: vec![0.0; count] };
    let to_ns = from_ns + (column_ns * count as f64).ceil() as u64;
    for block in slices.blocks(from_ns, to_ns) {
        let lasted = (block.to_ns - block.from_ns) as f64;
        if lasted <= column_ns {
            columns.add(block.from_ns, block.to_ns, block.busy_ns as f64 / lasted.max(1.0));
        } else {
            let within = (block.from_ns.max(from_ns), block.to_ns.min(to_ns));
            slices.iter(0, within.0, within.1).for_each(|slice| {
                columns.add(slice.from_ns.max(within.0), slice.to_ns.min(within.1), 1.0);
            });
        }
    }
    columns.busy_ns.iter().map(|ns| (ns / column_ns).min(1.0) as f32).collect()
}

struct Columns {
    from_ns: f64,
    column_ns: f64,
    busy_ns: Vec<f64>,
}

impl Columns {
    /// Adds a stretch of which `share` is busy.
    fn add(&mut self, from_ns: u64, to_ns: u64, share: f64) {
        let (from, to) = (from_ns as f64 - self.from_ns, to_ns as f64 - self.from_ns);
        let first = (from / self.column_ns).max(0.0) as usize;
        let last = ((to / self.column_ns).ceil() as usize).min(self.busy_ns.len());
        for column in first..last {
            let left = column as f64 * self.column_ns;
            let lies_in = to.min(left + self.column_ns) - from.max(left);
            self.busy_ns[column] += lies_in.max(0.0) * share;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use insight::testing::Builder;
    use model::{LaunchMode::Threads, Owner, Slice};

    fn run(slices: &[(u64, u64, u32)]) -> Run {
        let mut run = Builder::compare("t").makespans(Threads, &[1e-6]).build().runs.remove(0);
        for (from_ns, to_ns, core) in slices.iter().copied() {
            let owner = Owner::Execution(0);
            run.slices.push(&Slice { from_ns, to_ns, core, owner, preempted: false });
        }
        run
    }

    #[test]
    fn columns_hold_the_share_of_slices_whatever_their_edges() {
        let run = run(&[(100, 250, 0), (300, 400, 0), (0, 1_000, 1)]);
        let own = own_use(&run, 2, 0, 1_000, 10).expect("known");
        assert_eq!(own.source, OwnSource::Records);
        assert_eq!(own.busy[0], [0.0, 1.0, 0.5, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0]);
        assert_eq!(own.busy[1], [1.0; 10]);
        assert_eq!((own.at(0, 120.0), own.at(0, 1_000.0), own.edges(9)), (Some(1.0), None, (900.0, 1_000.0)));
        let zoomed = own_use(&run, 2, 200, 300, 2).expect("known");
        assert_eq!(zoomed.busy[0], [1.0, 0.0]);
    }

    #[test]
    fn very_many_slices_keep_their_time_in_wide_columns() {
        let many: Vec<_> = (0..100_000_u64).map(|n| (n * 10, n * 10 + 3, 0)).collect();
        let run = run(&many);
        for count in [10, 100, 5_000] {
            let own = own_use(&run, 1, 0, 1_000_000, count).expect("known");
            let busy: f64 = own.busy[0].iter().map(|share| f64::from(*share)).sum::<f64>() * own.column_ns;
            assert!((busy - 300_000.0).abs() < 1.0, "{count}: {busy}");
            assert!(own.busy[0].iter().all(|share| (share - 0.3).abs() < 0.02), "{count}");
        }
    }

    #[test]
    fn a_machine_of_more_cores_has_a_row_for_each() {
        let own = own_use(&run(&[(0, 500, 1)]), 4, 0, 1_000, 1).expect("known");
        assert_eq!(own.busy, [[0.0], [0.5], [0.0], [0.0]]);
    }

    #[test]
    fn without_slices_the_clocks_make_one_level() {
        let mut run = run(&[]);
        run.executions.iter_mut().for_each(|execution| execution.usage = None);
        assert_eq!(own_use(&run, 2, 0, 1_000, 4), None);
        let usage = model::Usage { user_ns: Some(600), system_ns: Some(400), ..Default::default() };
        run.executions[0].usage = Some(Box::new(usage));
        let own = own_use(&run, 2, 0, 1_000, 2).expect("known");
        assert_eq!((own.source, own.busy), (OwnSource::Clocks, vec![vec![0.5; 2]; 2]));
    }
}
