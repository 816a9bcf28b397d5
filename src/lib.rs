//! Spawnscope launches the same tasks as threads and as processes, shows both on one time axis, and says which is
//! faster and why. `ARCHITECTURE.md` is the map of the rooms, each of which is a crate; this one puts them together.

#[cfg(feature = "gui")]
pub use ui;
pub use {
    cli, engine, export, insight, interpreters, model, os, protocol, runner, samplers, scene, starters, statistics,
    store, targets,
};
