//! Counts primes by trial division.

use super::{Context, Ended, Group, Param, Params, ResultKind, TargetInfo};

/// The registry's entry.
pub const INFO: TargetInfo = TargetInfo {
    name: "primes",
    group: Group::Compute,
    help: "Counts primes by trial division; shares nothing, so threads and processes take equally long.",
    params: &[Param::int("limit", "Primes up to this number are counted.", 3_000_000, 0, 1_000_000_000)],
    result: ResultKind::Count,
    result_help: "primes",
    quiet_stdout: false,
    work,
};

/// Numbers between two checks for a stop; they take under a millisecond at the highest limit.
const BATCH: u32 = 256;

fn work(params: &Params, ctx: &Context<'_>) -> Result<u64, Ended> {
    let limit = u32::try_from(params.int("limit")).unwrap_or(u32::MAX);
    let mut found = 0;
    for number in 0..=limit {
        if number.is_multiple_of(BATCH) {
            ctx.check()?;
        }
        found += u64::from(is_prime(number));
    }
    Ok(found)
}

fn is_prime(number: u32) -> bool {
    if number < 4 || number.is_multiple_of(2) || number.is_multiple_of(3) {
        return number == 2 || number == 3;
    }
    let mut divisor = 5;
    while divisor * divisor <= number {
        if number.is_multiple_of(divisor) || number.is_multiple_of(divisor + 2) {
            return false;
        }
        divisor += 6;
    }
    true
}

#[cfg(test)]
mod tests {
    use crate::tests::run;

    #[test]
    fn the_count_is_that_of_the_tables() {
        let known = [(0, 0), (1, 0), (2, 1), (10, 4), (100, 25), (10_000, 1_229), (1_000_000, 78_498)];
        for (limit, primes) in known {
            assert_eq!(run("primes", &[("limit", limit.into())]), Ok(primes), "up to {limit}");
        }
    }
}
