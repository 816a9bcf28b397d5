//! The legend of a sweep: the meaning of colours, dashes and rings.

use super::sweep_panel::{CROSSING, DOT, dashes};
use crate::{
    picture::{Area, KEY, Picture, Stroke, Style},
    sweep::{
        legend::{Key, entries},
        view::View,
    },
};

const LINE: f64 = 26.0;
/// The width of an entry's symbol.
const SAMPLE: f64 = 34.0;

/// Draws the legend between two edges, from `y` on; returns its lower end.
pub fn draw(picture: &mut Picture, (left, right): (f64, f64), view: &View, y: f64) -> f64 {
    picture.open("legend", None);
    let style = Style::new(15.0, picture.theme.ink);
    let (mut x, mut y) = (left, y);
    for (key, text) in entries(view) {
        let text = picture.ruler.fit(&text, style.size, false, right - left - SAMPLE - 8.0);
        let width = SAMPLE + 8.0 + picture.text_width(style, &text);
        if x > left && x + width > right {
            (x, y) = (left, y + LINE);
        }
        picture.open(KEY, Some(&text));
        sample(picture, &key, x, y + 12.0);
        picture.text(x + SAMPLE + 8.0, y + 17.0, style, &text);
        picture.close();
        x += width + 26.0;
    }
    picture.close();
    y + LINE + 10.0
}

fn sample(picture: &mut Picture, key: &Key, x: f64, y: f64) {
    let (ink, muted) = (picture.theme.ink, picture.theme.muted);
    let (end, middle) = (x + SAMPLE, x + SAMPLE / 2.0);
    match key {
        Key::Curve(colour) => {
            picture.line((x, y), (end, y), *colour, 2.0);
            picture.circle("", (middle, y), DOT, Some(*colour), None);
        }
        Key::Law(law) => {
            picture.lines("", vec![(x, y), (end, y)], Stroke::new(muted, 1.6).dashed(dashes(*law)));
        }
        Key::Ideal => picture.line((x, y), (end, y), muted, 1.2),
        Key::Best => {
            picture.circle("", (middle, y), DOT, Some(muted), None);
            picture.circle("", (middle, y), DOT + 4.0, None, Some((ink, 2.0)));
        }
        Key::Interval => {
            picture.pale(Area { x, y: y - 7.0, w: SAMPLE, h: 14.0 }, muted, 0.18);
            picture.line((middle, y - 7.0), (middle, y + 7.0), muted, 1.4);
            picture.circle("", (middle, y), DOT - 1.0, Some(muted), None);
        }
        Key::Crossing => {
            picture.pale(Area { x: x + 5.0, y: y - 9.0, w: SAMPLE - 10.0, h: 18.0 }, muted, 0.2);
            let down = vec![(middle, y - 9.0), (middle, y + 9.0)];
            picture.lines("", down, Stroke::new(ink, 1.4).dashed(CROSSING));
        }
    }
}
