//! Where one execution ran: its own slices in a view, and its migrations from core to core.

use super::detail::{CorePiece, Detail};
use model::{Owner, Run, Slice, Stage};

/// Up to this many migrations are all marked; of more only those that are far enough apart.
const MOST_MIGRATIONS: usize = 400;

/// A stretch of an execution on a core.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stretch {
    /// The core.
    pub core: u32,
    /// Where it begins, in nanoseconds since the run's origin.
    pub from_ns: u64,
    /// Where it ends.
    pub to_ns: u64,
}

/// An execution goes on on another core.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Migration {
    /// The core that it was on.
    pub from: u32,
    /// When it left that core, in nanoseconds since the run's origin.
    pub left_ns: u64,
    /// The core on which it goes on.
    pub to: u32,
    /// When it began there.
    pub came_ns: u64,
}

/// Where an execution ran.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Own {
    /// Its slices and those of its helpers, in order for each core; neighbours that can't be told apart are one.
    pub stretches: Vec<Stretch>,
    /// Its migrations in order; empty where slices are too many to look at one by one.
    pub migrations: Vec<Migration>,
}

/// Where an execution ran between two instants, for columns `column_ns` wide.
pub fn own(run: &Run, execution: u32, from_ns: f64, to_ns: f64, column_ns: f64) -> Own {
    let mut own = Own::default();
    let Some((from, to)) = extent(run, execution, from_ns, to_ns) else { return own };
    let cores = run.slices.cores();
    let detail = Detail::of(cores, from, to, column_ns);
    let mut slices: Vec<Slice> = Vec::new();
    for (number, core) in cores.iter().enumerate() {
        let core_number = number as u32;
        detail.pieces(core, core_number, (from, to), |piece| {
            let (owner, from_ns, to_ns) = match piece {
                CorePiece::Slice(slice) => (slice.owner, slice.from_ns, slice.to_ns),
                CorePiece::Block(block) => (block.most, block.from_ns, block.to_ns),
            };
            if owner.execution() == Some(execution) {
                own.take(Stretch { core: core_number, from_ns, to_ns }, column_ns);
                if let CorePiece::Slice(slice) = piece {
                    slices.push(slice);
                }
            }
        });
    }
    if detail.is_full() {
        slices.retain(|slice| slice.owner == Owner::Execution(execution));
        own.migrations = migrations(&mut slices, column_ns);
    }
    own
}

/// The part of a view in which the execution was in flight.
fn extent(run: &Run, execution: u32, from_ns: f64, to_ns: f64) -> Option<(u64, u64)> {
    let stamps = &run.executions.get(execution as usize)?.stamps;
    let launch = stamps.get(Stage::LaunchCalled)?;
    let gone = stamps.get(Stage::Joined).unwrap_or(u64::MAX);
    let (from, to) = ((from_ns.max(0.0) as u64).max(launch), (to_ns.max(0.0) as u64).min(gone));
    (from < to).then_some((from, to))
}

impl Own {
    /// Adds a stretch, or extends the last of its core where the two can't be told apart.
    fn take(&mut self, stretch: Stretch, column_ns: f64) {
        match self.stretches.last_mut() {
            Some(last) if last.core == stretch.core && ((stretch.from_ns - last.to_ns) as f64) < column_ns => {
                last.to_ns = stretch.to_ns;
            }
            _ => self.stretches.push(stretch),
        }
    }
}

fn migrations(slices: &mut [Slice], column_ns: f64) -> Vec<Migration> {
    slices.sort_by_key(|slice| slice.from_ns);
    let moved = |pair: &[Slice]| {
        let (a, b) = (pair[0], pair[1]);
        let migration = Migration { from: a.core, left_ns: a.to_ns, to: b.core, came_ns: b.from_ns };
        (a.core != b.core).then_some(migration)
    };
    let mut all: Vec<Migration> = slices.windows(2).filter_map(moved).collect();
    if all.len() > MOST_MIGRATIONS {
        let mut last = 0;
        let apart = (3.0 * column_ns) as u64;
        all.retain(|migration| {
            let keep = migration.came_ns >= last + apart;
            last = if keep { migration.came_ns } else { last };
            keep
        });
    }
    all
}
