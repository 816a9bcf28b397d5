//! What the lines, dashes, rings and bands of a sweep's charts mean.

use super::view::View;
use crate::palette::Rgb;
use model::{SweepAxis, scaling::Law};

/// The symbol of an entry in a legend.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Key {
    /// A curve of this colour.
    Curve(Rgb),
    /// A fitted law.
    Law(Law),
    /// The ideal line: speedup equals the number of workers.
    Ideal,
    /// The ring around the best number of workers.
    Best,
    /// A point with its interval.
    Interval,
    /// The place where two curves cross, with its interval.
    Crossing,
}

/// The entries that a sweep's charts need: symbol and words.
pub fn entries(view: &View) -> Vec<(Key, String)> {
    let mut entries: Vec<_> = view.curves.iter().map(|curve| (Key::Curve(curve.colour), curve.name.clone())).collect();
    entries.push((Key::Interval, "median, 95 % interval".to_owned()));
    for law in Law::ALL {
        if view.curves.iter().any(|curve| curve.fits.iter().any(|fit| fit.law == law)) {
            entries.push((Key::Law(law), law.title().to_owned()));
        }
    }
    if matches!(view.scaling.axis, SweepAxis::Workers(_)) {
        entries.push((Key::Ideal, "ideal".to_owned()));
        if view.curves.iter().any(|curve| curve.best.is_some()) {
            entries.push((Key::Best, "best".to_owned()));
        }
    }
    if view.crossings().next().is_some() {
        entries.push((Key::Crossing, "where both take as long, 95 % interval".to_owned()));
    }
    entries
}
