//! What lies upon each other in columns, as one path of rectangles a colour.

use super::{
    canvas::{Area, Canvas, short},
    theme::hex,
};
use crate::analysis::{palette, palette::Rgb, timeline::Fill};
use crate::model::{Phase, State};
use std::{collections::BTreeMap, fmt::Write};

/// How strong the colour of *in the target* is where nobody looked.
pub const UNSEEN: f64 = 0.35;

/// Rectangles by colour and opacity (in hundredths); neighbours of one height become one.
#[derive(Default)]
pub struct Stacked {
    paths: BTreeMap<(Rgb, u8), Rects>,
}

#[derive(Default)]
struct Rects {
    d: String,
    open: Option<[i64; 4]>,
}

impl Rects {
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
            let [x, y, w, h] = [left, top, right - left, bottom - top].map(|value| short(value as f64 / 10.0));
            // Writing to a String cannot fail.
            let _ = write!(self.d, "M{x} {y}h{w}v{h}h-{w}z");
        }
    }
}

fn tenths(value: f64) -> i64 {
    (value * 10.0).round() as i64
}

impl Stacked {
    /// Adds what the layout draws in a band (0 to 1, from the foot on) of an area.
    pub fn add(&mut self, fill: Fill, area: Area, (from, to): (f64, f64)) {
        let (colour, percent) = look(fill);
        let band = Area { y: area.y + (1.0 - to) * area.h, h: (to - from) * area.h, ..area };
        self.paths.entry((colour, percent)).or_default().add(band);
    }

    /// Draws them, each path with a class.
    pub fn draw(mut self, canvas: &mut Canvas, class: &str) {
        for ((colour, percent), rects) in &mut self.paths {
            rects.close();
            let opacity = match percent {
                100 => String::new(),
                percent => format!(" fill-opacity=\"{}\"", short(f64::from(*percent) / 100.0)),
            };
            canvas.path(&rects.d, &format!("class=\"{class}\" fill=\"{}\"{opacity}", hex(*colour)));
        }
    }
}

fn look(fill: Fill) -> (Rgb, u8) {
    match fill {
        Fill::State(state) => (palette::state(state), 100),
        Fill::Lane(lane) => (palette::lane(lane), 100),
        Fill::Unseen => (palette::state(State::OnCpu), (UNSEEN * 100.0) as u8),
        Fill::Phase(phase) => (palette::phase(phase), 100),
        Fill::Shares(_) => (palette::phase(Phase::InTarget), 100),
        Fill::Failed | Fill::Edge | Fill::Tick => (palette::FAILED, 100),
    }
}
