//! What lies upon each other in columns, as many rectangles of a look.

use crate::{
    palette::{self, Pattern, Rgb},
    picture::{Area, Paint, Picture, Shape},
    timeline::{Fill, LEAST, Part, Shares},
};
use std::collections::BTreeMap;

/// A colour, how opaque it is (in hundredths), and its pattern.
pub type PartLook = (Rgb, u8, Pattern);

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
        let [left, top, right, bottom] = [area.x, area.y, area.x + area.w, area.y + area.h].map(|v| tenths(v).max(0));
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
    /// Adds what the layout draws in a band (0 to 1, from the foot on) of an area.
    pub fn add(&mut self, fill: Fill, area: Area, (from, to): (f64, f64)) {
        let band = Area { y: area.y + (1.0 - to) * area.h, h: (to - from) * area.h, ..area };
        self.add_look(look(fill), band);
    }

    /// Adds a rectangle of a look.
    pub fn add_look(&mut self, look: PartLook, area: Area) {
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

/// How a fill looks.
pub fn look(fill: Fill) -> PartLook {
    let part = |part: Part, pattern| {
        let (colour, strength) = part.look();
        (colour, (strength * 100.0).round() as u8, pattern)
    };
    match fill {
        Fill::State(state) => part(Part::State(state), palette::state_pattern(state)),
        Fill::Lane(lane) => (palette::lane(lane), 100, Pattern::Solid),
        Fill::Unseen => part(Part::Unseen, Pattern::Grid),
        Fill::Phase(phase) => part(Part::Phase(phase), palette::phase_pattern(phase)),
        Fill::Shares(shares) => mixed(&shares),
        Fill::Failed | Fill::Edge | Fill::Tick => (palette::FAILED, 100, Pattern::Solid),
    }
}

/// One colour for all that an area holds. A few steps for each channel are enough, and let neighbours be drawn as one.
fn mixed(shares: &Shares) -> PartLook {
    let (colour, strength) = shares.mix(|_| 1.0);
    let only = shares.parts().count() == 1;
    let step = |channel: u8| if only { channel } else { ((u16::from(channel) + 8) / 16 * 16).min(255) as u8 };
    (colour.map(step), ((strength.max(LEAST) * 25.0).round() * 4.0) as u8, Pattern::Solid)
}
