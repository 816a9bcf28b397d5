//! Estimates pi by throwing points at a square.

use super::{Context, Ended, Group, Param, Params, ResultKind, TargetInfo};

/// The registry's entry.
pub const INFO: TargetInfo = TargetInfo {
    name: "monte-carlo-pi",
    group: Group::Compute,
    help: "Throws points at a quarter circle; pi is 4 × hits ÷ points. Shares nothing: no difference.",
    params: &[
        Param::int("points", "How many points are thrown.", 80_000_000, 1, 1_000_000_000_000),
        Param::int("seed", "Where the random numbers start; the same seed gives the same hits.", 1, 0, i64::MAX),
    ],
    result: ResultKind::Count,
    result_help: "points inside the circle",
    quiet_stdout: false,
    work,
};

/// Points between two checks for a stop.
const BATCH: u64 = 65_536;
/// The circle's radius as a whole number, so that nothing is rounded.
const RADIUS: u64 = 1 << 31;

fn work(params: &Params, ctx: &Context<'_>) -> Result<u64, Ended> {
    let (points, mut state) = (params.int("points"), params.int("seed"));
    let (mut hits, mut thrown) = (0, 0);
    while thrown < points {
        ctx.check()?;
        let batch = BATCH.min(points - thrown);
        for _ in 0..batch {
            hits += u64::from(is_inside(next_random(&mut state)));
        }
        thrown += batch;
    }
    Ok(hits)
}

fn is_inside(random: u64) -> bool {
    let (x, y) = (random >> 33, random & (RADIUS - 1));
    x * x + y * y < RADIUS * RADIUS
}

/// SplitMix64.
fn next_random(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mixed = (*state ^ (*state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::run;

    #[test]
    fn the_generator_is_splitmix64() {
        let mut state = 1_234_567;
        let numbers = [next_random(&mut state), next_random(&mut state)];
        assert_eq!(numbers, [6_457_827_717_110_365_317, 3_203_168_211_198_807_973]);
    }

    #[test]
    fn the_hits_give_pi() {
        let hits = run("monte-carlo-pi", &[("points", 1_000_000.into()), ("seed", 1.into())]).expect("a result");
        let pi = 4.0 * hits as f64 / 1e6;
        assert!((pi - std::f64::consts::PI).abs() < 0.005, "{pi}");
        assert_ne!(run("monte-carlo-pi", &[("points", 1_000_000.into()), ("seed", 2.into())]), Ok(hits));
    }
}
