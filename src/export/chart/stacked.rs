//! Groups rectangles by their look, so that files are small.

use scene::{
    palette::{Pattern, Rgb},
    picture::{Area, Paint},
};
use std::collections::BTreeMap;

/// A colour, its opacity in hundredths, and its pattern.
type Look = (Rgb, u8, Pattern);

/// The rectangles by look, rounded to tenths of a unit; neighbours of one height are merged.
pub fn by_look(rects: &[(Area, Paint)]) -> impl Iterator<Item = (Paint, Vec<Area>)> {
    let mut all: BTreeMap<Look, Vec<[i64; 4]>> = BTreeMap::new();
    for (area, Paint { colour, opacity, pattern }) in rects {
        let [left, top, right, bottom] = [area.x, area.y, area.x + area.w, area.y + area.h].map(tenths);
        if left >= right || top >= bottom {
            continue;
        }
        let edges = all.entry((*colour, (opacity * 100.0).round() as u8, *pattern)).or_default();
        match edges.last_mut() {
            Some([_, upper, end, lower]) if (*end, *upper, *lower) == (left, top, bottom) => *end = right,
            _ => edges.push([left, top, right, bottom]),
        }
    }
    all.into_iter().map(|((colour, percent, pattern), edges)| {
        let paint = Paint { pattern, ..Paint::percent(colour, percent) };
        (paint, edges.into_iter().map(area_of).collect())
    })
}

fn tenths(value: f64) -> i64 {
    (value * 10.0).round() as i64
}

fn area_of([left, top, right, bottom]: [i64; 4]) -> Area {
    let [x, y, w, h] = [left, top, right - left, bottom - top].map(|value| value as f64 / 10.0);
    Area { x, y, w, h }
}
