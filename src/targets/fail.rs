//! Fails, in one of the ways in which programs fail.

use super::{
    Context, Ended, Group, Param, Params, ResultKind, TargetInfo,
    memory::{MIB, reserve, touch_spare},
    pause::pause,
};
use std::{io::Write, time::Duration};

/// The registry's entry.
pub const INFO: TargetInfo = TargetInfo {
    name: "fail",
    group: Group::Behaviour,
    help: "Fails as asked; shows what a failure takes down with it in a thread and in a process.",
    params: &[
        Param::choice(
            "kind",
            "How it fails; hang ignores every request to stop.",
            "panic",
            &["panic", "exit", "abort", "segfault", "hang", "flood", "allocate"],
        ),
        Param::int("after_ms", "How long it sleeps before that.", 0, 0, 86_400_000).in_unit("ms"),
        Param::int("code", "For exit: the exit status.", 3, 0, 255),
        Param::int("bytes", "For flood: how much it prints.", 64 << 20, 0, 1 << 40).in_unit("bytes"),
        Param::int("mib", "For allocate: how much memory it takes.", 256, 1, 65_536).in_unit("MiB"),
    ],
    result: ResultKind::Count,
    result_help: "bytes printed (flood)",
    quiet_stdout: false,
    work,
};

fn work(params: &Params, ctx: &Context<'_>) -> Result<u64, Ended> {
    pause(Duration::from_millis(params.int("after_ms")), ctx)?;
    match params.choice("kind") {
        "exit" => std::process::exit(params.int("code") as i32),
        "abort" => std::process::abort(),
        "segfault" => segfault(),
        "hang" => hang(),
        "flood" => flood(params.int("bytes"), &mut std::io::stdout(), ctx),
        "allocate" => Err(hoard(params.int("mib"), ctx)),
        _ => panic!("this is the panic that was asked for"),
    }
}

#[expect(unsafe_code, reason = "the crash needs what no safe code can do")]
fn segfault() -> Result<u64, Ended> {
    let nowhere = std::hint::black_box(std::ptr::without_provenance_mut::<u8>(16));
    // SAFETY: none, on purpose: the first page is never mapped, so the system ends the process here.
    unsafe { nowhere.write_volatile(1) };
    Err(Ended::Failed("the system let it write to address 16".to_owned()))
}

/// Never returns and never checks for a stop: only the end of its process ends it.
fn hang() -> ! {
    loop {
        std::thread::sleep(Duration::from_secs(3_600));
    }
}

/// Prints `bytes` bytes in lines.
fn flood(bytes: u64, out: &mut dyn Write, ctx: &Context<'_>) -> Result<u64, Ended> {
    let lines = b"a flood of output, sixty-four bytes with the end of the line...\n".repeat(256);
    let mut left = bytes;
    while left > 0 {
        ctx.check()?;
        let piece = &lines[..lines.len().min(left as usize)];
        out.write_all(piece).map_err(|error| Ended::io("print", error))?;
        left -= piece.len() as u64;
    }
    out.flush().map_err(|error| Ended::io("print", error))?;
    Ok(bytes)
}

/// Takes and touches memory, MiB by MiB, then says how far it got.
fn hoard(mib: u64, ctx: &Context<'_>) -> Ended {
    let mut hoard = Vec::new();
    for taken in 0..mib {
        let Ok(mut memory) = reserve(MIB) else {
            return Ended::Failed(format!("the system refused more memory after {taken} MiB of {mib} MiB"));
        };
        if touch_spare(&mut memory, ctx).is_err() {
            return Ended::Stopped;
        }
        hoard.push(memory);
    }
    Ended::Failed(format!("allocated and touched {mib} MiB, then failed as asked"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::run;

    #[test]
    fn a_flood_has_every_byte() {
        let mut out = Vec::new();
        assert_eq!(flood(100_000, &mut out, &Context::new(&|| false)), Ok(100_000));
        assert_eq!(out.len(), 100_000);
        assert_eq!(out.iter().position(|byte| *byte == b'\n'), Some(63));
    }

    #[test]
    fn memory_is_taken_and_the_failure_says_so() {
        let ended = run("fail", &[("kind", "allocate".into()), ("mib", 2.into())]);
        assert_eq!(ended, Err(Ended::Failed("allocated and touched 2 MiB, then failed as asked".to_owned())));
    }

    #[test]
    fn it_panics_where_nothing_else_is_asked() {
        let panic = std::panic::catch_unwind(|| run("fail", &[])).expect_err("a panic");
        assert_eq!(panic.downcast_ref::<&str>(), Some(&"this is the panic that was asked for"));
    }

    #[test]
    fn it_can_be_stopped_before_it_fails() {
        let args = [("after_ms", 60_000.into())];
        assert_eq!(crate::tests::run_stopping("fail", &args, 2), Err(Ended::Stopped));
    }
}
