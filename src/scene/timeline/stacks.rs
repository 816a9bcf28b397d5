//! What an execution did, column by column; the states of a column are stacked by their shares.

use super::profiles::{StateCurve, StateNs};
use super::view::Columns;

/// A stretch with the time in each state.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stack {
    /// Where it begins, in nanoseconds since the run's origin.
    pub from_ns: f64,
    /// Where it ends.
    pub to_ns: f64,
    /// Time in each state; the sum is less than its length where the execution was not looked at throughout.
    pub ns: StateNs,
}

impl Stack {
    /// The share of its length in each state, 0 to 1; the sum is at most 1.
    pub fn shares(&self) -> StateNs {
        let whole = self.ns.iter().sum::<f64>().max(self.to_ns - self.from_ns);
        if whole > 0.0 { self.ns.map(|ns| (ns / whole).max(0.0)) } else { StateNs::default() }
    }
}

/// Calls `each` with what an execution did between two instants, from left to right and without a gap. A bin at least
/// as wide as a column is a stack of its own, from edge to edge; narrower bins are added up in their column.
pub fn stacks(curve: &StateCurve, from_ns: f64, to_ns: f64, columns: &Columns, mut each: impl FnMut(&Stack)) {
    let mut place = curve.first_ending_after(from_ns);
    let (mut at, mut sum) = (from_ns, curve.sum(place, from_ns));
    let mut column = columns.at(from_ns);
    while at < to_ns {
        let piece_end = curve.piece_end(place, at);
        let end = if piece_end - at >= columns.width_ns {
            piece_end
        } else {
            // Rounding may give the column before the one that begins here.
            column = column.max(columns.at(at));
            while columns.edge_ns(column + 1) <= at {
                column += 1;
            }
            columns.edge_ns(column + 1)
        };
        let end = end.min(to_ns);
        place = curve.first_ending_after_from(place, end);
        let next = curve.sum(place, end);
        each(&Stack { from_ns: at, to_ns: end, ns: std::array::from_fn(|state| next[state] - sum[state]) });
        (at, sum) = (end, next);
    }
}
