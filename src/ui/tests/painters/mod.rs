//! Both painters on the same pictures: what egui is given in the window, and what a reader of the SVG finds there.

mod charts;
mod page;
mod screen;

use eframe::egui::Color32;
use scene::picture::Picture;
use std::collections::BTreeMap;

/// Places are written with two decimals, and those of many rectangles with one.
const NEAR: f64 = 0.11;
/// Opacities are written with two decimals.
const SHADE: u8 = 3;

/// What was painted.
#[derive(Debug, Default)]
pub struct Painted {
    /// Colour, whether there is a pattern on it, left, top, right and bottom edge.
    pub rects: Vec<(Color32, bool, [f64; 4])>,
    /// The ways of lines, and of edges of rectangles; of the window's those with corners.
    pub lines: Vec<(Color32, Vec<[f64; 2]>)>,
    /// Straight lines and dashes in the window, and the whole ways of what is dashed in a file.
    pub straight: Vec<(Color32, Vec<[f64; 2]>)>,
    /// The outlines of filled areas.
    pub areas: Vec<(Color32, Vec<[f64; 2]>)>,
    /// Colour, whether filled, middle and radius.
    pub circles: Vec<(Color32, bool, [f64; 3])>,
    /// Colour, words, where the baseline begins, size.
    pub texts: Vec<(Color32, String, [f64; 3])>,
}

impl Painted {
    fn holds_what(&self, other: &Self, name: &str) {
        covered(name, &levels(&self.rects, &other.rects));
        let way = |a: &(Color32, Vec<[f64; 2]>), b: &(Color32, Vec<[f64; 2]>)| {
            alike(a.0, b.0) && a.1.len() == b.1.len() && a.1.iter().zip(&b.1).all(|(a, b)| near(a, b))
        };
        let (straight, ways): (Vec<_>, Vec<_>) = other.lines.iter().cloned().partition(|(_, places)| places.len() == 2);
        let (lines, dashes): (Vec<_>, Vec<_>) =
            self.straight.iter().cloned().partition(|line| straight.iter().any(|other| way(line, other)));
        same(name, "lines", &lines, &straight, way);
        same(name, "ways", &self.lines, &ways, way);
        same(name, "areas", &self.areas, &other.areas, way);
        same(name, "circles", &self.circles, &other.circles, |a, b| a.1 == b.1 && alike(a.0, b.0) && near(&a.2, &b.2));
        same(name, "texts", &self.texts, &other.texts, |a, b| a.1 == b.1 && alike(a.0, b.0) && near(&a.2, &b.2));
        assert_eq!(dashes.is_empty(), other.straight.is_empty(), "{name}: {dashes:?}");
        for (colour, dash) in &dashes {
            let on = |way: &[[f64; 2]]| dash.iter().all(|end| way.windows(2).any(|piece| is_on(*end, piece)));
            let there = other.straight.iter().any(|(of, way)| alike(*of, *colour) && on(way));
            assert!(there, "{name}: {dash:?} is on no line of the file");
        }
    }
}

/// Rectangles of one look and height, by their left and right edges: in the window, and in the file.
struct Level {
    look: (Color32, bool, [f64; 2]),
    covered: [Vec<(f64, f64)>; 2],
}

/// Rectangles by look and height: painters may join neighbours.
fn levels(screen: &[(Color32, bool, [f64; 4])], page: &[(Color32, bool, [f64; 4])]) -> Vec<Level> {
    // By whole heights, of which the ones beside are looked through too.
    let mut levels: BTreeMap<i64, Vec<Level>> = BTreeMap::new();
    for (whose, rects) in [screen, page].into_iter().enumerate() {
        // What nobody sees is left out.
        for (colour, hatched, [x, y, end, foot]) in rects.iter().filter(|(colour, ..)| colour.a() > 0) {
            let is = |level: &&mut Level| {
                let (of, with, height) = level.look;
                alike(of, *colour) && with == *hatched && near(&height, &[*y, *foot])
            };
            let at = y.floor() as i64;
            match levels.range_mut(at - 1..=at + 1).flat_map(|(_, levels)| levels).find(is) {
                Some(level) => level.covered[whose].push((*x, *end)),
                None => {
                    let mut covered = [Vec::new(), Vec::new()];
                    covered[whose].push((*x, *end));
                    levels.entry(at).or_default().push(Level { look: (*colour, *hatched, [*y, *foot]), covered });
                }
            }
        }
    }
    levels.into_values().flatten().collect()
}

/// Each painter covers what the other covers, but for the rounding of edges.
fn covered(name: &str, levels: &[Level]) {
    let visible = |level: &&Level| level.look.2[1] - level.look.2[0] > NEAR;
    for Level { look, covered } in levels.iter().filter(visible) {
        let ends = |whose: usize| covered[whose].iter().flat_map(move |(x, end)| [(*x, whose, 1), (*end, whose, -1)]);
        let mut ends: Vec<(f64, usize, i32)> = [0, 1].into_iter().flat_map(ends).collect();
        ends.sort_by(|a, b| a.0.total_cmp(&b.0));
        let (mut deep, mut apart) = ([0, 0], 0.0);
        for pair in ends.windows(2) {
            deep[pair[0].1] += pair[0].2;
            let there = deep.map(|deep| deep > 0);
            apart = if there[0] == there[1] && pair[1].0 > pair[0].0 { 0.0 } else { apart + pair[1].0 - pair[0].0 };
            assert!(apart < 2.0 * NEAR, "{name}: {look:?} at {}: in the window and in the file {there:?}", pair[0].0);
        }
    }
}

fn near(a: &[f64], b: &[f64]) -> bool {
    a.iter().zip(b).all(|(a, b)| (a - b).abs() < NEAR)
}

fn alike(a: Color32, b: Color32) -> bool {
    a.to_array().into_iter().zip(b.to_array()).all(|(a, b)| a.abs_diff(b) <= SHADE)
}

/// Whether a place is on a straight line.
fn is_on([x, y]: [f64; 2], piece: &[[f64; 2]]) -> bool {
    let ([ax, ay], [bx, by]) = (piece[0], piece[1]);
    let (dx, dy) = (bx - ax, by - ay);
    let share = (((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy).max(1e-9)).clamp(0.0, 1.0);
    (x - ax - share * dx).hypot(y - ay - share * dy) < 2.0 * NEAR
}

/// Each of one list has its own in the other.
fn same<T: std::fmt::Debug>(name: &str, what: &str, a: &[T], b: &[T], are: impl Fn(&T, &T) -> bool) {
    let mut left: Vec<&T> = b.iter().collect();
    for one in a {
        let Some(at) = left.iter().position(|other| are(one, other)) else {
            panic!("{name}, {what}: the window has {one:?}, the file has none of {} such", b.len());
        };
        left.swap_remove(at);
    }
    assert!(left.is_empty(), "{name}, {what}: the file has {} more, the first of which is {:?}", left.len(), left[0]);
}

/// Paints a picture with both, and holds one against the other.
fn compare(name: &str, draw: impl Fn(&mut Picture) -> f64) {
    let (screen, page) = screen::paint(&draw);
    assert!(screen.rects.len() + screen.lines.len() + screen.texts.len() > 2, "{name} is empty: {screen:?}");
    screen.holds_what(&page, name);
}
