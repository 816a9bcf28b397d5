//! Burns a share of each period and sleeps for the rest.

use super::{Context, Ended, Group, Param, Params, ResultKind, TargetInfo, pause::pause};
use std::{
    hint::black_box,
    time::{Duration, Instant},
};

/// The registry's entry.
pub const INFO: TargetInfo = TargetInfo {
    name: "duty-cycle",
    group: Group::Behaviour,
    help: "Computes for a share of each period and sleeps for the rest: a load whose true share is known.",
    params: &[
        Param::float("share", "The share of each period in which it is on a CPU.", 0.3, 0.0, 1.0),
        Param::float("period_ms", "How long a period is.", 4.0, 0.1, 60_000.0).in_unit("ms"),
        Param::float("seconds", "How long to go on; the last period is whole.", 1.0, 0.0, 86_400.0).in_unit("s"),
        Param::int("core", "The core to stay on, from 0; −1 for any.", -1, -1, 1_023),
    ],
    result: ResultKind::Count,
    result_help: "nanoseconds of CPU time",
    quiet_stdout: false,
    work,
};

fn work(params: &Params, ctx: &Context<'_>) -> Result<u64, Ended> {
    ctx.check()?;
    let core = usize::try_from(params.signed("core")).ok();
    let _pinned = core.map(pin).transpose()?;
    let (started, cpu_before_ns) = (Instant::now(), os::thread_cpu_ns());
    let period = Duration::from_secs_f64(params.float("period_ms") / 1e3);
    let periods = (params.float("seconds") / period.as_secs_f64()).ceil() as u64;
    let mut burnt_ns = 0;
    for done in 1..=periods {
        // Times count from the start, so that an overshoot of one period shortens the next.
        let passed_ns = period.as_nanos() as f64 * done as f64;
        burnt_ns = (passed_ns * params.float("share")) as u64;
        burn_until(cpu_before_ns + burnt_ns, ctx)?;
        pause(Duration::from_nanos(passed_ns as u64).saturating_sub(started.elapsed()), ctx)?;
    }
    Ok(burnt_ns)
}

/// Steps between two reads of the clock; they take a microsecond or two.
const BATCH: u32 = 1_000;

/// Computes until the thread's CPU clock reaches `cpu_ns`.
fn burn_until(cpu_ns: u64, ctx: &Context<'_>) -> Result<(), Ended> {
    let mut number = cpu_ns | 1;
    while os::thread_cpu_ns() < cpu_ns {
        ctx.check()?;
        for _ in 0..BATCH {
            number = black_box(number.wrapping_mul(6_364_136_223_846_793_005));
        }
    }
    Ok(())
}

fn pin(core: usize) -> Result<os::Pinned, Ended> {
    let refused = |error| Ended::Failed(format!("it can't run on core {core}: {error}; name another, or −1 for any"));
    os::pin_this_thread(core).map_err(refused)
}

#[cfg(test)]
mod tests {
    use crate::{Ended, tests::run};

    #[test]
    fn it_uses_the_share_that_it_is_told_to() {
        let before_ns = os::thread_cpu_ns();
        let args = [("share", 0.25.into()), ("period_ms", 8.into()), ("seconds", 0.08.into())];
        assert_eq!(run("duty-cycle", &args), Ok(20_000_000));
        let used_ns = os::thread_cpu_ns() - before_ns;
        assert!((20_000_000..22_000_000).contains(&used_ns), "{used_ns}");
    }

    #[test]
    fn a_core_that_is_not_there_is_told() {
        match run("duty-cycle", &[("core", 1_023.into())]) {
            Err(Ended::Failed(message)) => {
                assert!(message.contains("core 1023") && message.contains("−1"), "{message}")
            }
            other => panic!("{other:?}"),
        }
    }
}
