//! What a sweep says: its curves with their intervals, laws of scaling fitted to them, the best value of what is
//! varied, and where one setting overtakes another.
//!
//! A *curve* is one setting without what is swept: a mode, its start method, its interpreter. Repeats are interleaved
//! over all points of all curves, so ratios are made of pairs: the i-th repeat here over the i-th there.

mod best;
mod crossing;
mod curve;
mod fit;

mod notes;
mod points;
mod sentences;
#[cfg(test)]
mod tests;

pub use curve::{MeasuredPoint, Sweep, SweepCurve, curve_of};
use model::{
    Experiment, SweepAxis,
    scaling::{Best, Crossing, Scaling},
};

/// What a sweep says; `None` where the experiment is none.
pub fn scaling(experiment: &Experiment) -> Option<Scaling> {
    Some(Sweep::of(experiment)?.scaling())
}

impl Sweep {
    /// The best number of workers, or value of an argument, of one of its curves; absent where no point has a complete
    /// repeat.
    pub fn best(&self, curve: &SweepCurve) -> Option<Best> {
        best::best(self, curve)
    }

    /// Where curves over an argument cross. Takes time: it resamples.
    pub fn crossings(&self) -> Vec<Crossing> {
        if matches!(self.axis, SweepAxis::Workers(_)) { Vec::new() } else { crossing::crossings(self) }
    }

    /// What the sweep says. Takes time: intervals come from resampling.
    pub fn scaling(&self) -> Scaling {
        let of_workers = matches!(self.axis, SweepAxis::Workers(_));
        Scaling {
            axis: self.axis.clone(),
            variable: self.axis.name().map(str::to_owned),
            points: self.curves.iter().flat_map(|curve| points::points(self, curve)).collect(),
            fits: if of_workers { self.curves.iter().flat_map(fit::fits).collect() } else { Vec::new() },
            best: self.curves.iter().filter_map(|curve| self.best(curve)).collect(),
            crossings: self.crossings(),
            notes: notes::notes(self),
        }
    }
}
