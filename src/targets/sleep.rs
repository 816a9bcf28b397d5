//! Waits without using a CPU.

use super::{Context, Ended, Group, Param, Params, ResultKind, TargetInfo, pause::pause};
use std::time::Duration;

/// The registry's entry.
pub const INFO: TargetInfo = TargetInfo {
    name: "sleep",
    group: Group::Behaviour,
    help: "Sleeps; shows that waiting needs no core, and that many waits overlap in any mode.",
    params: &[Param::float("seconds", "How long to sleep.", 0.2, 0.0, 86_400.0).in_unit("s")],
    result: ResultKind::Count,
    result_help: "milliseconds asked for",
    quiet_stdout: false,
    work,
};

fn work(params: &Params, ctx: &Context<'_>) -> Result<u64, Ended> {
    let duration = Duration::from_secs_f64(params.float("seconds"));
    pause(duration, ctx)?;
    Ok((duration.as_secs_f64() * 1e3).round() as u64)
}
