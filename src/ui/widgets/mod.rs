//! What panels are made of.

pub mod axis;
pub mod cores;
pub mod navigate;
pub mod range;
pub mod timeline;
