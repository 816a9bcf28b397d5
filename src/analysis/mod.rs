//! Pure functions over recorded runs: no clock, no threads, no window.

pub mod palette;
pub mod timeline;
