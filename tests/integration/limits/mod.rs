//! Where the system gives less than a run would like: little shared memory, limits on processes, streams that take nothing.
//! Each run ends, says in a sentence what was refused, and leaves nothing behind.

mod grid;
mod memory;
mod streams;
