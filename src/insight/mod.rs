//! What recorded runs say: comparison, verdict, findings, tables and sentences. Pure functions: no clock, no threads, no
//! window.

pub mod answers;
pub mod causes;
pub mod compare;
pub mod document;
pub mod evidence;
pub mod failed;
pub mod findings;
mod gil;
pub mod label;
pub mod launch_costs;
pub mod left;
pub mod noise;
pub mod others;
mod pairs;
mod phrase;
pub mod precision;
pub mod remaining;
pub mod resources;
pub mod scaling;
pub mod sending;
pub mod spread;
pub mod stamps;
pub mod stopping;
pub mod summary;
pub mod table;
pub mod tally;
#[cfg(any(test, feature = "testing"))]
pub mod testing;
pub mod verdict;
pub mod waterfall;
