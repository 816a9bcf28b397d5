//! Copies memory that fits into no cache.

use super::{
    Context, Ended, Group, Param, Params, ResultKind, TargetInfo,
    memory::{MIB, PAGE, filled},
};
use std::hint::black_box;

/// The registry's entry.
pub const INFO: TargetInfo = TargetInfo {
    name: "memory-copy",
    group: Group::Memory,
    help: "Copies a buffer larger than the caches; the bus to memory is shared by cores, in any mode.",
    params: &[
        Param::int("mib", "Size of the buffer; there are two.", 64, 1, 16_384).in_unit("MiB"),
        Param::int("rounds", "How often it is copied.", 8, 1, 1_000_000),
    ],
    result: ResultKind::Digest,
    result_help: "digest of the copy",
    quiet_stdout: false,
    work,
};

fn work(params: &Params, ctx: &Context<'_>) -> Result<u64, Ended> {
    let bytes = params.int("mib") as usize * MIB;
    let mut source = filled(bytes, 0x5a, ctx)?;
    let mut copy = filled(bytes, 0, ctx)?;
    for round in 0..params.int("rounds") {
        mark(&mut source, round);
        for (to, from) in copy.chunks_mut(MIB).zip(source.chunks(MIB)) {
            ctx.check()?;
            to.copy_from_slice(black_box(from));
        }
        black_box(&mut copy);
    }
    Ok(digest(&copy))
}

/// Changes one byte of each MiB, so that each round copies another source.
fn mark(source: &mut [u8], round: u64) {
    for (place, piece) in source.chunks_mut(MIB).enumerate() {
        piece[0] = (round as usize + place) as u8;
    }
}

/// FNV-1a over the first byte of each page.
fn digest(copy: &[u8]) -> u64 {
    let bytes = copy.iter().step_by(PAGE);
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::run;

    #[test]
    fn the_digest_is_that_of_the_last_source() {
        let mut source = vec![0x5a; 2 * MIB];
        mark(&mut source, 2);
        let args = [("mib", 2.into()), ("rounds", 3.into())];
        assert_eq!(run("memory-copy", &args), Ok(digest(&source)));
    }
}
