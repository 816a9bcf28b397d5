//! What window and exports draw of recorded runs, and where: layout, axes, colours. Pure functions: no clock, no
//! window.

pub mod charts;
pub mod core_use;
pub mod curves;
pub mod distribution;
pub mod palette;
pub mod picture;
pub mod ratio_axis;
mod swarm;
pub mod sweep;
pub mod ticks;
pub mod timeline;
pub mod waterfall;
