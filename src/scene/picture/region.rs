//! The parts of a picture that have a text on hovering.

use super::{About, Area, Picture, Shape};

/// A part of a picture.
#[derive(Clone, Debug, PartialEq)]
pub struct Region {
    /// Its class.
    pub class: &'static str,
    /// The rectangle around its shapes.
    pub area: Area,
    /// Whether no part within it has a text of its own.
    pub alone: bool,
    /// Its text.
    pub told: String,
    /// What it is about, to which a click leads.
    pub about: Option<About>,
}

impl Picture {
    /// The parts that have a text; a part within another comes after it.
    pub fn regions(&self) -> Vec<Region> {
        let mut regions: Vec<(Option<Area>, Region)> = Vec::new();
        // The open parts, as places among the regions; `None` for a part without a text.
        let mut open: Vec<Option<usize>> = Vec::new();
        for shape in self.shapes() {
            match shape {
                Shape::Open { class, told: Some(told), about } => {
                    open.iter().flatten().for_each(|at: &usize| regions[*at].1.alone = false);
                    open.push(Some(regions.len()));
                    let region = Region { class, area: NOTHING, alone: true, told: told.clone(), about: *about };
                    regions.push((None, region));
                }
                Shape::Open { .. } => open.push(None),
                Shape::Close => drop(open.pop()),
                // Shapes in no such part are left out, because they may be long.
                _ if open.iter().all(Option::is_none) => {}
                shape => {
                    let around = self.around(shape);
                    for at in open.iter().flatten() {
                        let area = &mut regions[*at].0;
                        *area = Some(area.map_or(around, |area| both(area, around)));
                    }
                }
            }
        }
        regions.into_iter().filter_map(|(area, region)| Some(Region { area: area?, ..region })).collect()
    }

    /// The rectangle around a shape.
    fn around(&self, shape: &Shape) -> Area {
        match shape {
            Shape::Rect { area, .. } | Shape::Frame { area, .. } => *area,
            Shape::Rects { rects, .. } => rects.iter().map(|(area, _)| *area).reduce(both).unwrap_or(NOTHING),
            Shape::Lines { places, .. } | Shape::Convex { corners: places, .. } => of_places(places.iter().copied()),
            Shape::Bands { bands, .. } => {
                let ribs = bands.iter().flatten();
                of_places(ribs.flat_map(|rib| [(rib.x, rib.upper), (rib.x, rib.lower)]))
            }
            Shape::Circle { centre: (x, y), radius, .. } => {
                Area { x: x - radius, y: y - radius, w: 2.0 * radius, h: 2.0 * radius }
            }
            Shape::Text { at, style, text } => {
                let width = self.text_width(*style, text);
                let x = at.0 - width * style.anchor.share();
                Area { x, y: at.1 - style.size, w: width, h: style.size * 1.2 }
            }
            Shape::Open { .. } | Shape::Close => NOTHING,
        }
    }
}

const NOTHING: Area = Area { x: 0.0, y: 0.0, w: 0.0, h: 0.0 };

fn of_places(places: impl Iterator<Item = (f64, f64)>) -> Area {
    places.map(|(x, y)| Area { x, y, w: 0.0, h: 0.0 }).reduce(both).unwrap_or(NOTHING)
}

/// The rectangle around two rectangles.
fn both(a: Area, b: Area) -> Area {
    let (x, y) = (a.x.min(b.x), a.y.min(b.y));
    let (end, foot) = ((a.x + a.w).max(b.x + b.w), (a.y + a.h).max(b.y + b.h));
    Area { x, y, w: end - x, h: foot - y }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::picture::{ChartTheme, Ruler, Style, Theme};
    use std::rc::Rc;

    struct Even;

    impl Ruler for Even {
        fn width(&self, text: &str, size: f64, _: bool) -> f64 {
            text.chars().count() as f64 * size
        }
    }

    #[test]
    fn a_part_is_around_all_that_is_drawn_in_it_and_what_is_within_comes_after() {
        let mut picture = Picture::new(100.0, Theme::of(ChartTheme::Light), Rc::new(Even));
        picture.open("row", Some("a row"));
        picture.text(10.0, 20.0, Style::new(10.0, [0; 3]), "ab");
        picture.open("nothing told", None);
        picture.open_about("dot", "a dot", About::Run(3));
        picture.circle("", (50.0, 40.0), 5.0, None, None);
        picture.close();
        picture.close();
        picture.close();
        picture.open("empty", Some("nothing is drawn in it"));
        picture.close();
        let regions = picture.regions();
        assert_eq!(regions.iter().map(|region| region.told.as_str()).collect::<Vec<_>>(), ["a row", "a dot"]);
        assert_eq!(regions[0].area, Area { x: 10.0, y: 10.0, w: 45.0, h: 35.0 });
        assert_eq!((regions[1].area.x, regions[1].about), (45.0, Some(About::Run(3))));
        assert_eq!((regions[0].alone, regions[1].alone), (false, true));
    }

    #[test]
    fn texts_are_cut_and_broken_to_their_room() {
        assert_eq!(Even.fit("abcdef", 1.0, false, 4.0), "abc…");
        assert_eq!(Even.fit("ab cdef", 1.0, false, 4.0), "ab…");
        assert_eq!(Even.fit("abc", 1.0, false, 3.0), "abc");
        assert_eq!(Even.wrap("ab cd efgh", 1.0, false, 5.0), ["ab cd", "efgh"]);
    }
}
