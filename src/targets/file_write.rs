//! Writes a file and waits until it is on the disk.

use super::{Context, Ended, Group, Param, Params, ResultKind, TargetInfo, scratch};
use std::{
    fs::File,
    io::{Seek, Write},
};

/// The registry's entry.
pub const INFO: TargetInfo = TargetInfo {
    name: "file-write",
    group: Group::Io,
    help: "Writes a temporary file and has it put on the disk (fsync) each time; waits for the disk, in any mode.",
    params: &[
        Param::int("writes", "How often the file is written and put on the disk.", 100, 1, 1_000_000),
        Param::int("kib", "Size of the file.", 256, 1, 65_536).in_unit("KiB"),
    ],
    result: ResultKind::Count,
    result_help: "bytes written",
    quiet_stdout: false,
    work,
};

fn work(params: &Params, ctx: &Context<'_>) -> Result<u64, Ended> {
    ctx.check()?;
    let folder = scratch::folder()?;
    let path = folder.path().join("data");
    let mut file = File::create_new(path).map_err(|error| Ended::io("make a temporary file", error))?;
    let block = vec![0x5a; params.int("kib") as usize * 1024];
    let mut bytes = 0;
    for _ in 0..params.int("writes") {
        ctx.check()?;
        write_through(&mut file, &block).map_err(|error| Ended::io("write a temporary file", error))?;
        bytes += block.len() as u64;
    }
    Ok(bytes)
}

/// Overwrites the file from its start, so that it never grows, and waits for the disk.
fn write_through(file: &mut File, block: &[u8]) -> std::io::Result<()> {
    file.rewind()?;
    file.write_all(block)?;
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use crate::tests::run;

    #[test]
    fn every_byte_is_counted() {
        assert_eq!(run("file-write", &[("writes", 2.into()), ("kib", 3.into())]), Ok(2 * 3 * 1024));
    }
}
