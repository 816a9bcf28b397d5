//! Flips the protection of its own mapping, and touches it.

use super::{Context, Ended, Group, Param, Params, ResultKind, TargetInfo, memory::PAGE};
use memmap2::MmapMut;

/// The registry's entry.
pub const INFO: TargetInfo = TargetInfo {
    name: "mprotect-flip",
    group: Group::Sharing,
    help: "Flips a mapping between read-only and writable; threads share one memory map and its lock, processes don't.",
    params: &[
        Param::int("rounds", "How often the protection goes there and back.", 50_000, 1, 1_000_000_000),
        Param::int("pages", "Pages of 4 KiB in the mapping, all touched each round.", 4, 1, 1_024).in_unit("pages"),
    ],
    result: ResultKind::Count,
    result_help: "rounds seen in the mapping",
    quiet_stdout: false,
    work,
};

fn work(params: &Params, ctx: &Context<'_>) -> Result<u64, Ended> {
    let (rounds, pages) = (params.int("rounds"), params.int("pages") as usize);
    let mut mapping = MmapMut::map_anon(pages * PAGE).map_err(|error| Ended::io("map memory", error))?;
    for round in 1..=rounds {
        ctx.check()?;
        for page in mapping.chunks_mut(PAGE) {
            page[..8].copy_from_slice(&round.to_le_bytes());
        }
        mapping = flip(mapping).map_err(|error| Ended::io("change the protection of memory", error))?;
    }
    let last = mapping.chunks(PAGE).filter_map(|page| page.first_chunk()).map(|bytes| u64::from_le_bytes(*bytes));
    Ok(last.min().unwrap_or(0))
}

/// Makes the mapping read-only and writable again: two system calls.
fn flip(mapping: MmapMut) -> std::io::Result<MmapMut> {
    std::hint::black_box(mapping.make_read_only()?).make_mut()
}
