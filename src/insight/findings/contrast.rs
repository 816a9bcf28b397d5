//! What executions pay for sharing an address space, beside the same work apart: in the kernel, in user mode, in
//! switches.

use super::{
    facts::{Facts, SideFacts},
    run_facts::RunFacts,
};

/// CPU time grows by chance, cold caches and changing clock rates, but seldom by a quarter.
const GROWN: f64 = 1.25;
/// Time in the kernel comes from few calls: growth by half is no chance.
const SYSTEM_GROWN: f64 = 1.5;
/// A growth that is less than a tenth of the time in the targets explains nothing.
const LEAST_SHARE: f64 = 0.10;
/// Executions that are shorter than this on average take more CPU time because they are new: cold caches, first
/// touches.
const SHORTEST_NS: f64 = 1e7;
/// How often the CPU must be given away, as a multiple and in number, to mean more than a stray page fault.
const SWITCHES: (f64, f64) = (10.0, 50.0);

/// Two settings that do the same work, and what the first pays more.
pub struct Contrast<'a, 'f> {
    /// The setting whose executions share an address space.
    pub shared: &'f SideFacts<'a>,
    /// The setting in which each has its own, or is alone.
    pub apart: &'f SideFacts<'a>,
    /// Additional CPU time in user mode, as a share of the time in the targets; 0 where that is no clear growth.
    pub user_share: f64,
    /// Additional CPU time in the kernel, likewise.
    pub system_share: f64,
    /// Whether the CPU is given away much more often.
    pub switches: bool,
}

/// CPU time in user mode of a run, in nanoseconds.
pub fn user(run: &RunFacts<'_>) -> f64 {
    run.user_ns.unwrap_or(0.0)
}

/// CPU time in the kernel.
pub fn system(run: &RunFacts<'_>) -> f64 {
    run.system_ns.unwrap_or(0.0)
}

/// How often the CPU was given away.
pub fn gave_away(run: &RunFacts<'_>) -> f64 {
    run.gave_away.unwrap_or(0.0)
}

/// The contrasts of every setting that shares an address space.
pub fn contrasts<'a, 'f>(facts: &'f Facts<'a>) -> Vec<Contrast<'a, 'f>> {
    let all = facts.shared_and_apart().into_iter();
    all.map(|(shared, apart)| Contrast::of(shared, apart, facts.in_sequence(shared))).collect()
}

impl<'a, 'f> Contrast<'a, 'f> {
    /// What grows must also grow beside the same work one after another, where that was measured: else sharing costs by
    /// itself, and not being at it at once.
    fn of(shared: &'f SideFacts<'a>, apart: &'f SideFacts<'a>, alone: Option<&'f SideFacts<'a>>) -> Self {
        let each_ns = |run: &RunFacts<'_>| run.in_target_ns / run.run.executions.len().max(1) as f64;
        // How much of the members' work clocks count depends on the mode.
        let by_themselves = !shared.is_done_by_own() && !apart.is_done_by_own();
        let together =
            by_themselves && shared.median(RunFacts::in_flight) > 1.2 && shared.median(each_ns) >= SHORTEST_NS;
        let grown = |times: f64, of: fn(&RunFacts<'_>) -> f64| {
            let share = (shared.median(of) - apart.median(of)) / shared.median(|run| run.in_target_ns).max(1.0);
            let at_once = alone.is_none_or(|alone| shared.exceeds(alone, times, of));
            let clear = together && at_once && share >= LEAST_SHARE && shared.exceeds(apart, times, of);
            if clear { share } else { 0.0 }
        };
        let switches = shared.median(gave_away) >= apart.median(gave_away) * SWITCHES.0 + SWITCHES.1;
        Self {
            shared,
            apart,
            user_share: grown(GROWN, user),
            system_share: grown(SYSTEM_GROWN, system),
            switches: together && switches,
        }
    }

    /// How many times as much the sharing setting has of something; infinite where the other has none.
    pub fn ratio(&self, of: impl Fn(&RunFacts<'a>) -> f64) -> f64 {
        self.shared.median(&of) / self.apart.median(&of)
    }

    /// The ids of the sharing setting's runs, the one with the greatest figure first.
    pub fn runs(&self, of: impl Fn(&RunFacts<'a>) -> f64) -> Vec<u32> {
        let mut runs: Vec<_> = self.shared.runs.iter().collect();
        runs.sort_by(|a, b| of(b).total_cmp(&of(a)));
        runs.into_iter().map(|facts| facts.run.id).collect()
    }
}
