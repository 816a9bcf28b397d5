//! What lies upon each other in columns, as many rectangles of a look.

use super::brush::paint_of;
use crate::{
    palette::{Pattern, Rgb},
    picture::{Area, Paint, Picture, Shape},
    timeline::Part,
};
use std::collections::BTreeMap;

/// A colour, how opaque it is (in hundredths), and its pattern.
type PartLook = (Rgb, u8, Pattern);

/// Rectangles by their look; neighbours of one height become one.
#[derive(Default)]
pub struct Stacked {
    all: BTreeMap<PartLook, Areas>,
}

#[derive(Default)]
struct Areas {
    done: Vec<Area>,
    /// The last one, which may go on: its edges, in tenths.
    open: Option<[i64; 4]>,
}

impl Areas {
    /// Adds a rectangle; places are whole tenths.
    fn add(&mut self, area: Area) {
        let [left, top, right, bottom] = [area.x, area.y, area.x + area.w, area.y + area.h].map(tenths);
        if left >= right || top >= bottom {
            return;
        }
        match &mut self.open {
            Some([_, upper, end, lower]) if (*end, *upper, *lower) == (left, top, bottom) => *end = right,
            _ => {
                self.close();
                self.open = Some([left, top, right, bottom]);
            }
        }
    }

    fn close(&mut self) {
        if let Some([left, top, right, bottom]) = self.open.take() {
            let [x, y, w, h] = [left, top, right - left, bottom - top].map(|value| value as f64 / 10.0);
            self.done.push(Area { x, y, w, h });
        }
    }
}

fn tenths(value: f64) -> i64 {
    (value * 10.0).round() as i64
}

impl Stacked {
    /// Adds a part in a band (0 to 1, from the foot on) of an area.
    pub fn add(&mut self, part: Part, area: Area, (from, to): (f64, f64)) {
        self.add_paint(paint_of(part), Area { y: area.y + (1.0 - to) * area.h, h: (to - from) * area.h, ..area });
    }

    /// Adds a rectangle of a paint.
    pub fn add_paint(&mut self, Paint { colour, opacity, pattern }: Paint, area: Area) {
        let look = (colour, (opacity * 100.0).round() as u8, pattern);
        self.all.entry(look).or_default().add(area);
    }

    /// Draws them, those of a look together.
    pub fn draw(self, picture: &mut Picture, class: &'static str) {
        for ((colour, percent, pattern), mut areas) in self.all {
            areas.close();
            let paint = Paint { colour, opacity: f64::from(percent) / 100.0, pattern };
            picture.add(Shape::Rects { class, areas: areas.done, paint });
        }
    }
}
