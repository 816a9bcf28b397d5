//! Spawnscope launches the same tasks as threads and as processes, shows both on one time axis, and says which is
//! faster and why. `ARCHITECTURE.md` is the map of the rooms.
//!
//! Arrows: [`model`] and [`statistics`] ← [`insight`] ← [`scene`] ← `export`; `model` ← [`targets`] ← `runner`; `model` ← `samplers` ← [`engine`];
//! engine and runner meet in `protocol` alone; `model` ← `store`; everything ← `cli`, `ui`, which never see each other.

pub mod cli;
pub mod engine;
pub mod export;
pub mod insight;
pub mod interpreters;
pub mod model;
pub mod os;
pub mod protocol;
pub mod runner;
pub mod samplers;
pub mod scene;
pub mod starters;
pub mod statistics;
pub mod store;
pub mod targets;
#[cfg(feature = "gui")]
pub mod ui;
