//! What is kept on disk: every file is versioned.

pub mod settings;
