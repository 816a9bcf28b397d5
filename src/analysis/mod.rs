//! Pure functions over recorded runs: no clock, no threads, no window.

pub mod bootstrap;
pub mod compare;
pub mod core_use;
pub mod curves;
pub mod distribution;
pub mod document;
pub mod evidence;
pub mod findings;
pub mod gil;
pub mod label;
pub mod launch_costs;
pub mod median_interval;
pub mod noise;
pub mod others;
pub mod outliers;
pub mod pairs;
pub mod palette;
mod phrase;
pub mod precision;
pub mod rank_test;
pub mod ratio_axis;
pub mod remaining;
pub mod resources;
pub mod scaling;
pub mod signed_rank;
pub mod stats;
pub mod stopping;
pub mod summary;
pub mod swarm;
pub mod table;
#[cfg(test)]
pub(crate) mod testing;
pub mod ticks;
pub mod timeline;
pub mod trend;
pub mod verdict;
pub mod waterfall;
