//! Multiplies two square matrices.

use super::{Context, Ended, Group, Param, Params, ResultKind, TargetInfo};

/// The registry's entry.
pub const INFO: TargetInfo = TargetInfo {
    name: "matmul",
    group: Group::Compute,
    help: "Multiplies two square matrices of its own; floating point in the caches, no difference.",
    params: &[
        Param::int("size", "Rows and columns of each matrix.", 160, 1, 2_048),
        Param::int("rounds", "How many products in a row; each is a factor of the next.", 150, 1, 1_000_000),
    ],
    result: ResultKind::Digest,
    result_help: "digest of the product",
    quiet_stdout: false,
    work,
};

fn work(params: &Params, ctx: &Context<'_>) -> Result<u64, Ended> {
    let size = params.int("size") as usize;
    let mut left = matrix(size, 7, 3);
    let right = matrix(size, 5, 11);
    let mut product = vec![0.0; size * size];
    for _ in 0..params.int("rounds") {
        multiply(&left, &right, &mut product, ctx)?;
        left.iter_mut().zip(&product).for_each(|(factor, value)| *factor = value % MODULUS);
    }
    Ok(digest(&product))
}

/// Keeps the factors of the next round small.
const MODULUS: f64 = 13.0;

fn multiply(left: &[f64], right: &[f64], product: &mut [f64], ctx: &Context<'_>) -> Result<(), Ended> {
    let size = product.len().isqrt();
    product.fill(0.0);
    for (row, out) in left.chunks_exact(size).zip(product.chunks_exact_mut(size)) {
        ctx.check()?;
        multiply_row(row, right, out);
    }
    Ok(())
}

/// Small whole numbers, so that every sum is exact, whatever the order of its terms.
fn matrix(size: usize, down: usize, across: usize) -> Vec<f64> {
    (0..size * size).map(|place| ((place / size * down + place % size * across) % 13) as f64).collect()
}

fn multiply_row(row: &[f64], right: &[f64], out: &mut [f64]) {
    for (factor, line) in row.iter().zip(right.chunks_exact(out.len())) {
        for (sum, value) in out.iter_mut().zip(line) {
            *sum += factor * value;
        }
    }
}

/// FNV-1a over whole numbers.
fn digest(values: &[f64]) -> u64 {
    values.iter().fold(0xcbf2_9ce4_8422_2325, |hash, value| (hash ^ *value as u64).wrapping_mul(0x0100_0000_01b3))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::run;

    #[test]
    fn the_product_is_right() {
        let mut out = [0.0; 2];
        multiply_row(&[1.0, 2.0], &[3.0, 4.0, 5.0, 6.0], &mut out);
        assert_eq!(out, [13.0, 16.0]);
    }

    #[test]
    fn the_digest_is_that_of_the_textbook_product() {
        let size = 5;
        let (left, right) = (matrix(size, 7, 3), matrix(size, 5, 11));
        let cell = |left: &[f64], place: usize| -> f64 {
            (0..size).map(|k| left[place / size * size + k] * right[k * size + place % size]).sum()
        };
        let first: Vec<_> = (0..size * size).map(|place| cell(&left, place)).collect();
        assert_eq!(run("matmul", &[("size", 5.into()), ("rounds", 1.into())]), Ok(digest(&first)));
        let small: Vec<_> = first.iter().map(|value| value % MODULUS).collect();
        let second: Vec<_> = (0..size * size).map(|place| cell(&small, place)).collect();
        assert_eq!(run("matmul", &[("size", 5.into()), ("rounds", 2.into())]), Ok(digest(&second)));
    }
}
