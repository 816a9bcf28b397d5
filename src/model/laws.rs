//! The laws of scaling: how long a run takes with so many workers.
//!
//! - Amdahl G. M.: *Validity of the single processor approach to achieving large scale computing capabilities*, AFIPS
//!   Spring Joint Computer Conference (1967): a share of the work is serial, the rest is shared out evenly.
//! - Gunther N. J.: *Guerrilla Capacity Planning*, Springer (2007), chapters 4–6, and *A General Theory of Computational
//!   Scalability Based on Rational Functions*, arXiv:0808.1431: besides contention for what is shared, every two workers
//!   wait for each other's data to become the same (coherency).

use crate::scaling::{Fit, Law};

/// The parameter of both laws: the time with one worker, in nanoseconds.
pub const T1: &str = "t1_ns";

impl Law {
    /// The laws, the simpler one first.
    pub const ALL: [Self; 2] = [Self::Amdahl, Self::Usl];

    /// What it is called: `Amdahl's law`.
    pub fn title(self) -> &'static str {
        match self {
            Self::Amdahl => "Amdahl's law",
            Self::Usl => "Universal Scalability Law",
        }
    }

    /// What it is called where there is little room.
    pub fn short(self) -> &'static str {
        match self {
            Self::Amdahl => "Amdahl",
            Self::Usl => "USL",
        }
    }

    /// The names of its parameters, as they stand in [`Fit::parameters`].
    pub fn parameters(self) -> &'static [&'static str] {
        match self {
            Self::Amdahl => &[T1, "serial"],
            Self::Usl => &[T1, "contention", "coherency"],
        }
    }

    /// The time with `workers` workers, in the unit of the first parameter.
    ///
    /// Amdahl: T1 · (s + (1 − s) / N). USL: T1 · (1 + σ (N − 1) + κ N (N − 1)) / N.
    pub fn time(self, parameters: &[f64], workers: f64) -> f64 {
        match (self, parameters) {
            (Self::Amdahl, [t1, serial]) => t1 * (serial + (1.0 - serial) / workers),
            (Self::Usl, [t1, contention, coherency]) => {
                t1 * (1.0 + contention * (workers - 1.0) + coherency * workers * (workers - 1.0)) / workers
            }
            _ => f64::NAN,
        }
    }
}

impl Fit {
    /// The time with so many workers, in nanoseconds; `None` where it could not be fitted, or gives none.
    pub fn time_ns(&self, workers: f64) -> Option<f64> {
        let values: Option<Vec<f64>> =
            self.law.parameters().iter().map(|name| self.parameters.get(*name).copied()).collect();
        Some(self.law.time(&values?, workers)).filter(|ns| ns.is_finite() && *ns > 0.0)
    }
}
