//! The charts of a sweep: its curves with their colours, its axes and its legend.

pub mod legend;
pub mod scale;
pub mod view;
