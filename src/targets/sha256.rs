//! Hashes zeros with SHA-256.

use super::{Context, Ended, Group, Param, Params, ResultKind, TargetInfo};
use sha2::{Digest, Sha256};
use std::hint::black_box;

/// The registry's entry.
pub const INFO: TargetInfo = TargetInfo {
    name: "sha256",
    group: Group::Compute,
    help: "Hashes zeros with SHA-256 in a core's own cache; shares nothing, so there is no difference.",
    params: &[Param::int(
        "mib",
        "How much is hashed; head -c 256M /dev/zero | sha256sum checks it.",
        256,
        1,
        1_048_576,
    )
    .in_unit("MiB")],
    result: ResultKind::Digest,
    result_help: "first 8 bytes of the SHA-256 digest",
    quiet_stdout: false,
    work,
};

/// Bytes between two checks for a stop; they stay in the cache.
const BLOCK: usize = 16 * 1024;
const BLOCKS_PER_MIB: u64 = 64;

fn work(params: &Params, ctx: &Context<'_>) -> Result<u64, Ended> {
    let zeros = black_box([0_u8; BLOCK]);
    let mut hasher = Sha256::new();
    for _ in 0..params.int("mib") * BLOCKS_PER_MIB {
        ctx.check()?;
        hasher.update(zeros);
    }
    let digest: [u8; 32] = hasher.finalize().into();
    Ok(digest[..8].iter().fold(0, |number, byte| number << 8 | u64::from(*byte)))
}

#[cfg(test)]
mod tests {
    use crate::tests::run;

    #[test]
    fn the_digest_is_that_of_sha256sum() {
        // head -c 1M /dev/zero | sha256sum, and 3M
        assert_eq!(run("sha256", &[("mib", 1.into())]), Ok(0x30e1_4955_ebf1_3522));
        assert_eq!(run("sha256", &[("mib", 3.into())]), Ok(0xbbd0_5cf6_097a_c9b1));
    }
}
