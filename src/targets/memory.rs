//! Memory that the system may refuse: the refusal becomes a message and not an abort.

use super::{Context, Ended};

/// Bytes of a MiB.
pub const MIB: usize = 1 << 20;
/// The smallest page size in use: a step of this length touches every page on any system.
pub const PAGE: usize = 4096;

/// A vector with room for `bytes`, not yet touched.
///
/// # Errors
/// The system refuses that much memory.
pub fn reserve(bytes: usize) -> Result<Vec<u8>, Ended> {
    let mut memory = Vec::new();
    match memory.try_reserve_exact(bytes) {
        Ok(()) => Ok(memory),
        Err(_) => Err(Ended::Failed(format!("the system refused {} MiB of memory; ask for less", bytes.div_ceil(MIB)))),
    }
}

/// A vector of `bytes` bytes of this value.
///
/// # Errors
/// The system refuses that much memory, or the execution is to end early.
pub fn filled(bytes: usize, value: u8, ctx: &Context<'_>) -> Result<Vec<u8>, Ended> {
    let mut memory = reserve(bytes)?;
    while memory.len() < bytes {
        ctx.check()?;
        memory.resize(bytes.min(memory.len() + MIB), value);
    }
    Ok(memory)
}

/// Writes to every page of a vector's spare room. Returns the pages touched.
///
/// # Errors
/// The execution is to end early.
pub fn touch_spare(memory: &mut Vec<u8>, ctx: &Context<'_>) -> Result<u64, Ended> {
    let mut pages = 0;
    for piece in memory.spare_capacity_mut().chunks_mut(MIB) {
        ctx.check()?;
        for page in piece.chunks_mut(PAGE) {
            page[0].write(1);
            pages += 1;
        }
        // The memory is never read: without this the compiler would leave the writes out.
        std::hint::black_box(piece);
    }
    Ok(pages)
}
