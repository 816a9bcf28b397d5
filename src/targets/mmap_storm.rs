//! Maps and unmaps memory again and again.

use super::{Context, Ended, Group, Param, Params, ResultKind, TargetInfo, memory::PAGE};
use memmap2::MmapMut;

/// The registry's entry.
pub const INFO: TargetInfo = TargetInfo {
    name: "mmap-storm",
    group: Group::Sharing,
    help: "Maps and unmaps memory; threads queue at the lock of their one memory map, processes have one each.",
    params: &[
        Param::int("rounds", "How often memory is mapped and unmapped.", 5_000, 1, 1_000_000_000),
        Param::int("touched", "Pages of 4 KiB touched in each mapping.", 16, 0, 65_536).in_unit("pages"),
    ],
    result: ResultKind::Count,
    result_help: "mappings made",
    quiet_stdout: false,
    work,
};

fn work(params: &Params, ctx: &Context<'_>) -> Result<u64, Ended> {
    let (rounds, touched) = (params.int("rounds"), params.int("touched") as usize);
    for _ in 0..rounds {
        ctx.check()?;
        map_and_touch(touched).map_err(|error| Ended::io("map memory", error))?;
    }
    Ok(rounds)
}

/// Maps as many pages as are touched, at least one; dropping the mapping unmaps them.
fn map_and_touch(touched: usize) -> std::io::Result<()> {
    let mut mapping = MmapMut::map_anon(touched.max(1) * PAGE)?;
    for page in mapping.chunks_mut(PAGE).take(touched) {
        page[0] = 1;
    }
    std::hint::black_box(&mut mapping);
    Ok(())
}
