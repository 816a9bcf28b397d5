//! What colours, dashes and rings mean.

use super::panel::{DOT, circle, dashes};
use crate::{
    export::chart::{
        MARGIN,
        canvas::{Area, Canvas, Style, short},
        theme::hex,
    },
    scene::sweep::{
        legend::{Key, entries},
        view::View,
    },
};

const LINE: f64 = 26.0;
/// Width of a sample of a line.
const SAMPLE: f64 = 34.0;

/// Draws the legend from `y` on; returns where what follows begins.
pub fn draw(canvas: &mut Canvas, view: &View, y: f64) -> f64 {
    canvas.open("legend", None);
    let style = Style::new(15.0, canvas.theme.ink);
    let (mut x, mut y) = (MARGIN, y);
    for (key, text) in entries(view) {
        let text = canvas.ruler.fit(&text, style.size, false, canvas.width - 2.0 * MARGIN - SAMPLE - 8.0);
        let width = SAMPLE + 8.0 + canvas.text_width(style, &text);
        if x > MARGIN && x + width > canvas.width - MARGIN {
            (x, y) = (MARGIN, y + LINE);
        }
        sample(canvas, &key, x, y + 12.0);
        canvas.text(x + SAMPLE + 8.0, y + 17.0, style, &text);
        x += width + 26.0;
    }
    canvas.close();
    y + LINE + 10.0
}

fn sample(canvas: &mut Canvas, key: &Key, x: f64, y: f64) {
    let (ink, muted) = (canvas.theme.ink, canvas.theme.muted);
    let (end, middle) = (x + SAMPLE, x + SAMPLE / 2.0);
    let along = format!("M{} {}H{}", short(x), short(y), short(end));
    match key {
        Key::Curve(colour) => {
            canvas.line((x, y), (end, y), *colour, 2.0);
            circle(canvas, middle, y, DOT, &format!("fill=\"{}\"", hex(*colour)));
        }
        Key::Law(law) => {
            let dashes = dashes(*law);
            canvas
                .path(&along, &format!("stroke=\"{}\" stroke-width=\"1.6\" stroke-dasharray=\"{dashes}\"", hex(muted)));
        }
        Key::Ideal => canvas.line((x, y), (end, y), muted, 1.2),
        Key::Best => {
            circle(canvas, middle, y, DOT, &format!("fill=\"{}\"", hex(muted)));
            circle(canvas, middle, y, DOT + 4.0, &format!("fill=\"none\" stroke=\"{}\" stroke-width=\"2\"", hex(ink)));
        }
        Key::Interval => {
            canvas.rect(Area { x, y: y - 7.0, w: SAMPLE, h: 14.0 }, muted, "fill-opacity=\"0.18\"");
            canvas.line((middle, y - 7.0), (middle, y + 7.0), muted, 1.4);
            circle(canvas, middle, y, DOT - 1.0, &format!("fill=\"{}\"", hex(muted)));
        }
        Key::Crossing => {
            canvas.rect(Area { x: x + 5.0, y: y - 9.0, w: SAMPLE - 10.0, h: 18.0 }, muted, "fill-opacity=\"0.2\"");
            let line = format!("M{} {}v18", short(middle), short(y - 9.0));
            canvas.path(&line, &format!("stroke=\"{}\" stroke-width=\"1.4\" stroke-dasharray=\"6 4\"", hex(ink)));
        }
    }
}
