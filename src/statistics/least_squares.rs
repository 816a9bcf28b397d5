//! Linear least squares.
//!
//! The modified Gram–Schmidt process, over the columns with the values as the last one: Björck Å.: *Solving Linear
//! Least Squares Problems by Gram-Schmidt Orthogonalization*, BIT 7 (1967).

/// The least share of a column that must be left without its part along the columns before it: below, it is a
/// combination of them.
const INDEPENDENT: f64 = 1e-10;

/// How columns add up to values.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LinearFit<const N: usize> {
    /// The factor of each column.
    pub factors: [f64; N],
    /// Covariances of the factors, from the residuals; absent where there are no more rows than columns.
    pub covariance: Option<[[f64; N]; N]>,
}

impl<const N: usize> LinearFit<N> {
    /// The standard error of a quantity with these derivatives with respect to the factors.
    pub fn error(&self, gradient: &[f64; N]) -> Option<f64> {
        let covariance = self.covariance?;
        let rows = covariance.iter().zip(gradient).map(|(row, slope)| slope * dot(row, gradient));
        Some(rows.sum::<f64>().max(0.0).sqrt())
    }
}

/// The factors that minimise the sum of squared residuals; `None` where there are fewer rows than columns, where a
/// column is a linear combination of others, and where a number is not finite.
pub fn least_squares<const N: usize>(rows: &[([f64; N], f64)]) -> Option<LinearFit<N>> {
    let free = rows.len().checked_sub(N)?;
    let mut columns: [Vec<f64>; N] = std::array::from_fn(|at| rows.iter().map(|(row, _)| row[at]).collect());
    let mut values: Vec<f64> = rows.iter().map(|(_, value)| *value).collect();
    let (mut upper, mut right) = ([[0.0; N]; N], [0.0; N]);
    for at in 0..N {
        let (done, later) = columns.split_at_mut(at + 1);
        let column = &mut done[at];
        let whole = rows.iter().map(|(row, _)| row[at] * row[at]).sum::<f64>().sqrt();
        let size = dot(column, column).sqrt();
        if !size.is_finite() || size <= whole * INDEPENDENT {
            return None;
        }
        column.iter_mut().for_each(|value| *value /= size);
        upper[at][at] = size;
        for (other, column_after) in (at + 1..).zip(later) {
            upper[at][other] = take_out(column, column_after);
        }
        right[at] = take_out(column, &mut values);
    }
    let variance = (free > 0).then(|| dot(&values, &values) / free as f64);
    let inverse = inverse(&upper);
    let factors = inverse.map(|row| dot(&row, &right));
    let covariance = variance.map(|variance| inverse.map(|row| inverse.map(|other| variance * dot(&row, &other))));
    factors.iter().all(|factor| factor.is_finite()).then_some(LinearFit { factors, covariance })
}

/// Subtracts from a column its part along `unit`, and returns how much that was.
fn take_out(unit: &[f64], column: &mut [f64]) -> f64 {
    let part = dot(unit, column);
    column.iter_mut().zip(unit).for_each(|(value, along)| *value -= part * along);
    part
}

/// The inverse of an upper triangular matrix.
#[expect(clippy::needless_range_loop, reason = "a formula of rows and columns")]
fn inverse<const N: usize>(upper: &[[f64; N]; N]) -> [[f64; N]; N] {
    let mut inverse = [[0.0; N]; N];
    for column in 0..N {
        for row in (0..=column).rev() {
            let known: f64 = (row + 1..=column).map(|at| upper[row][at] * inverse[at][column]).sum();
            inverse[row][column] = (f64::from(u8::from(row == column)) - known) / upper[row][row];
        }
    }
    inverse
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_straight_line_is_that_of_the_closed_form() {
        // The closed form of the slope, its error and the intercept: Weisberg S.: Applied Linear Regression (2014), 2.2.
        let heat = [194.5, 194.3, 197.9, 198.4, 199.4, 199.9];
        let pressure = [20.79, 20.79, 22.4, 22.67, 23.15, 23.35];
        let rows: Vec<_> = heat.into_iter().zip(pressure).map(|(heat, pressure)| ([1.0, heat], pressure)).collect();
        let fit = least_squares(&rows).expect("a fit");
        let n = heat.len() as f64;
        let (x, y): (f64, f64) = (heat.iter().sum::<f64>() / n, pressure.iter().sum::<f64>() / n);
        let sxx: f64 = heat.iter().map(|heat| (heat - x).powi(2)).sum();
        let sxy: f64 = heat.iter().zip(pressure).map(|(heat, pressure)| (heat - x) * (pressure - y)).sum();
        let slope = sxy / sxx;
        let rest: f64 = heat.iter().zip(pressure).map(|(heat, p)| (p - y - slope * (heat - x)).powi(2)).sum();
        let near = |found: f64, expected: f64| assert!((found / expected - 1.0).abs() < 1e-9, "{found} {expected}");
        near(fit.factors[1], slope);
        near(fit.factors[0], y - slope * x);
        near(fit.error(&[0.0, 1.0]).expect("an error"), (rest / (n - 2.0) / sxx).sqrt());
    }

    #[test]
    fn what_can_not_be_told_is_not_told() {
        assert_eq!(least_squares(&[([1.0, 2.0], 1.0)]), None);
        assert_eq!(least_squares(&[([1.0, 2.0], 1.0), ([2.0, 4.0], 2.0), ([3.0, 6.0], 4.0)]), None);
        assert_eq!(least_squares(&[([1.0], f64::NAN), ([1.0], 1.0)]), None);
        let through = least_squares(&[([1.0, 1.0], 3.0), ([1.0, 2.0], 5.0)]).expect("a fit");
        assert!((through.factors[0] - 1.0).abs() < 1e-12 && (through.factors[1] - 2.0).abs() < 1e-12);
        assert_eq!((through.covariance, through.error(&[1.0, 0.0])), (None, None));
    }
}
