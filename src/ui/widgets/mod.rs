//! The parts of panels.

pub mod argument_field;
mod axis;
pub mod command_button;
pub mod core_view;
mod cores;
pub mod curve;
pub mod drop_down;
pub mod idle_cores;
pub mod legend;
pub mod navigate;
pub mod pairs;
mod plotted;
pub mod range;
pub mod rows;
pub mod run_view;
pub mod search_list;
pub mod timeline;
pub mod value_field;
