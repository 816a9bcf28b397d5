//! Pure functions over recorded runs: no clock, no threads, no window.

pub mod compare;
pub mod gil;
pub mod label;
pub mod palette;
mod phrase;
pub mod remaining;
pub mod signed_rank;
pub mod stats;
pub mod summary;
pub mod table;
#[cfg(test)]
pub(crate) mod testing;
pub mod ticks;
pub mod timeline;
pub mod verdict;
