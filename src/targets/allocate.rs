//! Allocates memory, touches it and frees it.

use super::{
    Context, Ended, Group, Param, Params, ResultKind, TargetInfo,
    memory::{MIB, reserve, touch_spare},
};

/// The registry's entry.
pub const INFO: TargetInfo = TargetInfo {
    name: "allocate",
    group: Group::Memory,
    help: "Allocates a large block, touches every page and frees it; the kernel's work on first touch, in any mode.",
    params: &[
        Param::int("mib", "Size of the block.", 64, 1, 65_536).in_unit("MiB"),
        Param::int("rounds", "How often it is allocated and freed.", 4, 1, 1_000_000),
    ],
    result: ResultKind::Count,
    result_help: "pages of 4 KiB touched",
    quiet_stdout: false,
    work,
};

fn work(params: &Params, ctx: &Context<'_>) -> Result<u64, Ended> {
    let bytes = params.int("mib") as usize * MIB;
    let mut pages = 0;
    for _ in 0..params.int("rounds") {
        ctx.check()?;
        pages += touch_spare(&mut reserve(bytes)?, ctx)?;
    }
    Ok(pages)
}

#[cfg(test)]
mod tests {
    use crate::tests::run;

    #[test]
    fn every_page_is_touched() {
        assert_eq!(run("allocate", &[("mib", 2.into()), ("rounds", 3.into())]), Ok(3 * 512));
    }
}
