//! Charts of a run, a comparison and a sweep: parts of a picture, each drawn between two edges.

pub mod axis;
pub mod bars;
pub mod brush;
pub mod comparison;
pub mod core_rows;
pub mod cores;
pub mod curve;
pub mod histogram;
pub mod idle_cores;
pub mod lanes;
pub mod left;
pub mod legend;
pub mod main_lane;
pub mod sweep_legend;
pub mod sweep_panel;
pub mod waterfall;
