//! Multiplies two square matrices.

use super::{Context, Ended, Group, Param, Params, ResultKind, TargetInfo};
use std::hint::black_box;

/// The registry's entry.
pub const INFO: TargetInfo = TargetInfo {
    name: "matmul",
    group: Group::Compute,
    help: "Multiplies two square matrices of its own; floating point in the caches, no difference.",
    params: &[Param::int("size", "Rows and columns of each matrix.", 700, 1, 2_048)],
    result: ResultKind::Digest,
    result_help: "digest of the product",
    quiet_stdout: false,
    work,
};

fn work(params: &Params, ctx: &Context<'_>) -> Result<u64, Ended> {
    let size = params.int("size") as usize;
    let left = black_box(matrix(size, 7, 3));
    let right = black_box(matrix(size, 5, 11));
    let mut product = vec![0.0; size * size];
    for (row, out) in left.chunks_exact(size).zip(product.chunks_exact_mut(size)) {
        ctx.check()?;
        multiply_row(row, &right, out);
    }
    Ok(digest(&product))
}

/// Small whole numbers, so that every sum is exact in any order.
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
    use crate::targets::tests::run;

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
        let cell =
            |place: usize| (0..size).map(|k| left[place / size * size + k] * right[k * size + place % size]).sum();
        let product: Vec<f64> = (0..size * size).map(cell).collect();
        assert_eq!(run("matmul", &[("size", 5.into())]), Ok(digest(&product)));
    }
}
