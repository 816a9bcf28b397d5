//! Prints lines.

use super::{Context, Ended, Group, Param, Params, ResultKind, TargetInfo};
use std::io::Write;

/// The registry's entry.
pub const INFO: TargetInfo = TargetInfo {
    name: "stdout-lock",
    group: Group::Sharing,
    help: "Prints lines into the void; threads queue for the lock of stdout, each process has one of its own.",
    params: &[Param::int("lines", "How many lines are printed.", 400_000, 1, 1_000_000_000)],
    result: ResultKind::Count,
    result_help: "lines",
    quiet_stdout: true,
    work,
};

fn work(params: &Params, ctx: &Context<'_>) -> Result<u64, Ended> {
    print(params.int("lines"), &mut std::io::stdout(), ctx)
}

/// Takes the lock of `out` anew for each line, as `println!` does.
fn print(lines: u64, out: &mut dyn Write, ctx: &Context<'_>) -> Result<u64, Ended> {
    for line in 0..lines {
        ctx.check()?;
        writeln!(out, "line {line}").map_err(|error| Ended::io("print a line", error))?;
    }
    Ok(lines)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_is_printed() {
        let mut out = Vec::new();
        assert_eq!(print(3, &mut out, &Context::new(&|| false)), Ok(3));
        assert_eq!(String::from_utf8(out).as_deref(), Ok("line 0\nline 1\nline 2\n"));
    }

    #[test]
    fn it_stops_without_printing() {
        let mut out = Vec::new();
        assert_eq!(print(3, &mut out, &Context::new(&|| true)), Err(Ended::Stopped));
        assert!(out.is_empty());
    }
}
