//! A median with its spread, as people read it.

use model::quantity::Unit;
use statistics::order::Spread;

/// Median ± half of the spread (`1.84 s ± 0.03`); the median alone where there is one value.
pub fn spread_text(unit: Unit, spread: &Spread) -> String {
    if spread.count < 2 { unit.text(spread.median) } else { unit.text_with(spread.median, spread.half()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_value_has_no_spread() {
        let text = |values: &[f64]| spread_text(Unit::Time, &Spread::of(values).expect("values"));
        assert_eq!([text(&[1.81e9, 1.84e9, 1.87e9]), text(&[1.84e9])], ["1.84 s ± 0.03", "1.84 s"]);
    }
}
