//! The system gives less than a run needs: little shared memory, limits on processes, streams that accept nothing. Each
//! run must end, say in a sentence what was refused, and leave nothing behind.

mod grid;
mod memory;
mod streams;
