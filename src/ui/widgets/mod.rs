//! Small things that the panels are made of.

pub mod command_button;
pub mod idle_cores;
pub mod pairs;
pub mod rows;
pub mod run_view;
pub mod search_list;
pub mod value_field;
