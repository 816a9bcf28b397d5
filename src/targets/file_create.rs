//! Creates and removes small files.

use super::{Context, Ended, Group, Param, Params, ResultKind, TargetInfo, scratch};
use std::path::Path;

/// The registry's entry.
pub const INFO: TargetInfo = TargetInfo {
    name: "file-create",
    group: Group::Io,
    help: "Creates, fills and removes small files in a folder of its own; the file system's work, in any mode.",
    params: &[Param::int("files", "How many files are created and removed.", 5_000, 1, 100_000_000)],
    result: ResultKind::Count,
    result_help: "files",
    quiet_stdout: false,
    work,
};

fn work(params: &Params, ctx: &Context<'_>) -> Result<u64, Ended> {
    ctx.check()?;
    let folder = scratch::folder()?;
    let files = params.int("files");
    for number in 0..files {
        ctx.check()?;
        let path = folder.path().join(number.to_string());
        create_and_remove(&path).map_err(|error| Ended::io("create and remove a temporary file", error))?;
    }
    Ok(files)
}

fn create_and_remove(path: &Path) -> std::io::Result<()> {
    std::fs::write(path, b"spawnscope\n")?;
    std::fs::remove_file(path)
}
