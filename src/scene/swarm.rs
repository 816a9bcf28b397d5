//! Dots on one axis, moved aside so that each can be seen.

/// The diameters that are tried, the largest first.
const DIAMETERS: [f64; 6] = [9.0, 7.5, 6.0, 4.5, 3.0, 2.0];

/// Where dots lie.
#[derive(Clone, Debug, PartialEq)]
pub struct Swarm {
    /// The diameter of every dot.
    pub diameter: f64,
    /// How far each dot is moved aside, in the order of the places; 0 is on the axis.
    pub aside: Vec<f64>,
}

/// Moves dots at ascending places aside, on alternating sides, within `height` around the axis. Takes the largest
/// diameter at which no dot covers another; where even the smallest is too large, dots of that size cover each other.
pub fn swarm(places: &[f64], height: f64) -> Swarm {
    let tried = DIAMETERS.iter().map(|diameter| lay(places, height, *diameter));
    let mut last = None;
    for (swarm, free) in tried {
        if free {
            return swarm;
        }
        last = Some(swarm);
    }
    last.unwrap_or(Swarm { diameter: DIAMETERS[0], aside: Vec::new() })
}

/// The swarm with one diameter, and whether no dot covers another.
fn lay(places: &[f64], height: f64, diameter: f64) -> (Swarm, bool) {
    let rows = ((height / diameter).floor() as usize).max(1);
    // Rows beside the axis come in pairs, so that a swarm is as wide on both sides.
    let rows = if rows.is_multiple_of(2) { rows - 1 } else { rows };
    let mut ends = vec![f64::NEG_INFINITY; rows];
    let mut free = true;
    let mut row_of = |place: f64| {
        let row = match ends.iter().position(|end| *end <= place) {
            Some(row) => row,
            None => {
                free = false;
                (0..rows).min_by(|a, b| ends[*a].total_cmp(&ends[*b])).unwrap_or(0)
            }
        };
        ends[row] = place + diameter;
        row
    };
    let side = |row: usize| if row.is_multiple_of(2) { -1.0 } else { 1.0 };
    let aside = places.iter().map(|place| row_of(*place)).map(|row| side(row) * row.div_ceil(2) as f64 * diameter);
    let aside = aside.collect();
    (Swarm { diameter, aside }, free)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn covers(places: &[f64], swarm: &Swarm) -> bool {
        let apart = |i: usize, j: usize| (places[i] - places[j]).hypot(swarm.aside[i] - swarm.aside[j]);
        (0..places.len()).any(|i| (0..i).any(|j| apart(i, j) < swarm.diameter - 1e-9))
    }

    #[test]
    fn dots_that_are_apart_stay_on_the_axis() {
        assert_eq!(swarm(&[0.0, 10.0, 20.0], 40.0), Swarm { diameter: 9.0, aside: vec![-0.0, -0.0, -0.0] });
    }

    #[test]
    fn equal_values_are_stacked_to_either_side_and_within_the_height() {
        let places = [50.0; 5];
        let found = swarm(&places, 48.0);
        assert_eq!(found.aside, [0.0, 9.0, -9.0, 18.0, -18.0]);
        assert!(!covers(&places, &found));
    }

    #[test]
    fn no_dot_covers_another_while_there_is_room() {
        let places: Vec<f64> = (0..120).map(|i| f64::from(i * i % 211) * 0.9).collect();
        let places = statistics::order::sorted(&places);
        let found = swarm(&places, 60.0);
        assert!(!covers(&places, &found), "{found:?}");
        assert!(found.aside.iter().all(|aside| aside.abs() + found.diameter / 2.0 <= 30.0));
    }

    #[test]
    fn very_many_dots_are_small_and_stay_within_the_height() {
        let found = swarm(&vec![1.0; 10_000], 40.0);
        assert_eq!(found.diameter, 2.0);
        assert!(found.aside.iter().all(|aside| aside.abs() <= 20.0));
    }
}
