//! Everything that needs the program itself.

mod engine;
