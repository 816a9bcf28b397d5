//! Everything that needs the program itself.

mod arrows;
mod engine;
