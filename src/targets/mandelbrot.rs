//! Computes the Mandelbrot set.

use super::{Context, Ended, Group, Param, Params, ResultKind, TargetInfo};

/// The registry's entry.
pub const INFO: TargetInfo = TargetInfo {
    name: "mandelbrot",
    group: Group::Compute,
    help: "Computes the Mandelbrot set in registers alone; shares nothing, so there is no difference.",
    params: &[
        Param::int("size", "Width and height of the picture.", 400, 1, 16_384).in_unit("points"),
        Param::int("iterations", "The most steps for a point.", 2_000, 1, 100_000),
    ],
    result: ResultKind::Count,
    result_help: "steps of all points together",
    quiet_stdout: false,
    work,
};

/// Points between two checks for a stop.
const BATCH: u64 = 16;

fn work(params: &Params, ctx: &Context<'_>) -> Result<u64, Ended> {
    let (size, most) = (params.int("size"), params.int("iterations"));
    let step = 3.0 / size as f64;
    let mut steps = 0;
    for point in 0..size * size {
        if point.is_multiple_of(BATCH) {
            ctx.check()?;
        }
        let (column, row) = (point % size, point / size);
        steps += steps_to_leave(column as f64 * step - 2.25, row as f64 * step - 1.5, most);
    }
    Ok(steps)
}

/// Steps until the point has left the circle of radius 2; `most` where it stays.
fn steps_to_leave(real: f64, imaginary: f64, most: u64) -> u64 {
    let (mut x, mut y) = (0.0, 0.0);
    for step in 0..most {
        let (xx, yy) = (x * x, y * y);
        if xx + yy > 4.0 {
            return step;
        }
        y = 2.0 * x * y + imaginary;
        x = xx - yy + real;
    }
    most
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_set_keeps_its_own_and_loses_the_rest() {
        assert_eq!(steps_to_leave(0.0, 0.0, 500), 500);
        assert_eq!(steps_to_leave(-1.0, 0.0, 500), 500);
        // 1 → 2 → 5: outside at the third step.
        assert_eq!(steps_to_leave(1.0, 0.0, 500), 3);
    }
}
