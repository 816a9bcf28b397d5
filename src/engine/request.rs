//! What a front end asks for: a plan, and which runs of it.

use crate::model::{LaunchMode, Plan};

/// A plan, and which runs of it to make.
#[derive(Clone, Debug)]
pub struct Request {
    /// What to run, with its settings.
    pub plan: Plan,
    /// The modes to run it in: one for a run; for a comparison two or more, interleaved.
    pub modes: Vec<LaunchMode>,
    /// Whether to run it sequentially too, now and then, so that a speedup can be told.
    pub baseline: bool,
}

impl Request {
    /// One run setting: the plan's own mode.
    pub fn run(plan: Plan) -> Self {
        let modes = vec![plan.run.mode];
        Self { plan, modes, baseline: false }
    }

    /// The plan in two or more modes, interleaved, with the sequential baseline.
    pub fn compare(plan: Plan, modes: Vec<LaunchMode>) -> Self {
        Self { plan, modes, baseline: true }
    }
}
