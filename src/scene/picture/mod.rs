//! A picture as a list of shapes, in the order of drawing. A painter (the window, an SVG file) only paints them; it
//! works out no places.

mod region;
mod ruler;
mod shape;
mod theme;

pub use region::Region;
pub use ruler::Ruler;
pub use shape::{About, Anchor, Area, Paint, Position, Rib, Shape, Stroke, Style};
pub use theme::{ChartTheme, Theme, mix};

use super::palette::{self, Pattern, Rgb};
use std::rc::Rc;

/// The class of an entry of a legend.
pub const KEY: &str = "key";

/// A picture so far. Places and sizes are in units of its own, from its upper left corner.
pub struct Picture {
    /// Its width.
    pub width: f64,
    /// Its colours.
    pub theme: Theme,
    /// Measures texts.
    pub ruler: Rc<dyn Ruler>,
    shapes: Vec<Shape>,
}

impl Picture {
    /// An empty picture.
    pub fn new(width: f64, theme: Theme, ruler: Rc<dyn Ruler>) -> Self {
        Self { width, theme, ruler, shapes: Vec::new() }
    }

    /// The shapes, the lowest first.
    pub fn shapes(&self) -> &[Shape] {
        &self.shapes
    }

    /// Adds a shape over the others.
    pub fn add(&mut self, shape: Shape) {
        self.shapes.push(shape);
    }

    /// A filled rectangle.
    pub fn rect(&mut self, area: Area, fill: Rgb) {
        self.filled("", area, fill, 0.0);
    }

    /// A filled rectangle of a class, with round corners.
    pub fn filled(&mut self, class: &'static str, area: Area, fill: Rgb, radius: f64) {
        self.add(Shape::Rect { class, area, paint: Paint::of(fill), radius });
    }

    /// A translucent rectangle.
    pub fn pale(&mut self, area: Area, fill: Rgb, opacity: f64) {
        self.add(Shape::Rect { class: "", area, paint: Paint { opacity, ..Paint::of(fill) }, radius: 0.0 });
    }

    /// A rectangle in a colour of the palette, with the colour's pattern.
    pub fn marked(&mut self, area: Area, fill: Rgb, opacity: f64) {
        let paint = Paint { colour: fill, opacity, pattern: palette::pattern(fill) };
        self.add(Shape::Rect { class: "", area, paint, radius: 0.0 });
    }

    /// A rectangle in a colour, with any pattern.
    pub fn patterned(&mut self, area: Area, fill: Rgb, opacity: f64, pattern: Pattern) {
        self.add(Shape::Rect { class: "", area, paint: Paint { colour: fill, opacity, pattern }, radius: 0.0 });
    }

    /// Many rectangles that do not overlap.
    pub fn rects(&mut self, class: &'static str, rects: Vec<(Area, Paint)>) {
        if !rects.is_empty() {
            self.add(Shape::Rects { class, rects });
        }
    }

    /// The edge of a rectangle.
    pub fn frame(&mut self, area: Area, colour: Rgb, width: f64) {
        self.add(Shape::Frame { area, stroke: Stroke::new(colour, width) });
    }

    /// A straight line.
    pub fn line(&mut self, from: Position, to: Position, colour: Rgb, width: f64) {
        self.lines("", vec![from, to], Stroke::new(colour, width));
    }

    /// Straight lines from place to place.
    pub fn lines(&mut self, class: &'static str, places: Vec<Position>, stroke: Stroke) {
        if places.len() > 1 {
            self.add(Shape::Lines { class, places, stroke });
        }
    }

    /// Filled areas between two lines each.
    pub fn bands(&mut self, class: &'static str, bands: Vec<Vec<Rib>>, paint: Paint) {
        if !bands.is_empty() {
            self.add(Shape::Bands { class, bands, paint });
        }
    }

    /// A circle: filled, with an edge, or both.
    pub fn circle(
        &mut self,
        class: &'static str,
        centre: Position,
        radius: f64,
        fill: Option<Rgb>,
        edge: Option<(Rgb, f64)>,
    ) {
        let edge = edge.map(|(colour, width)| Stroke::new(colour, width));
        self.add(Shape::Circle { class, centre, radius, fill, edge });
    }

    /// A text whose baseline is at `y`.
    pub fn text(&mut self, x: f64, y: f64, style: Style, text: &str) {
        self.add(Shape::Text { at: (x, y), style, text: text.to_owned() });
    }

    /// Texts beside each other, `gap` apart; each is cut to the room that is left before `right`. Returns where the
    /// next text would begin.
    pub fn texts<'a>(
        &mut self,
        (mut x, y): Position,
        (right, gap): (f64, f64),
        texts: impl IntoIterator<Item = (Style, &'a str)>,
    ) -> f64 {
        for (style, text) in texts {
            let text = self.ruler.fit(text, style.size, style.bold, (right - x).max(0.0));
            self.text(x, y, style, &text);
            x += self.text_width(style, &text) + gap;
        }
        x
    }

    /// Texts centred on their places, between two edges; each where it has room beside the text before.
    pub fn labels(&mut self, edges: (f64, f64), y: f64, gap: f64, labels: impl IntoIterator<Item = (f64, String)>) {
        let style = Style::new(14.0, self.theme.ink).at(Anchor::Middle);
        let mut free = f64::MIN;
        for (x, text) in labels {
            let half = self.text_width(style, &text) / 2.0;
            let x = x.min(edges.1 - half).max(edges.0 + half);
            if x - half >= free {
                self.text(x, y, style, &text);
                free = x + half + gap;
            }
        }
    }

    /// The width of a text in a style.
    pub fn text_width(&self, style: Style, text: &str) -> f64 {
        self.ruler.width(text, style.size, style.bold)
    }

    /// Draws below every shape but the first `shapes`.
    pub fn below(&mut self, shapes: usize, draw: impl FnOnce(&mut Self)) {
        let before = self.shapes.len();
        draw(self);
        let drawn = self.shapes.len() - before;
        self.shapes[shapes..].rotate_right(drawn);
    }

    /// Begins a part of a class; `told` is its text on hovering and for screen readers.
    pub fn open(&mut self, class: &'static str, told: Option<&str>) {
        self.add(Shape::Open { class, told: told.map(str::to_owned), about: None });
    }

    /// Begins a part that is about a run or a setting.
    pub fn open_about(&mut self, class: &'static str, told: &str, about: About) {
        self.add(Shape::Open { class, told: Some(told.to_owned()), about: Some(about) });
    }

    /// An invisible part that adds a text on hovering to the shapes below it.
    pub fn told(&mut self, class: &'static str, told: &str, area: Area) {
        self.open(class, Some(told));
        self.pale(area, self.theme.row, 0.0);
        self.close();
    }

    /// Two lines around an area, visible on any colour.
    pub fn outline(&mut self, area: Area, width: f64) {
        self.frame(area, self.theme.paper, 2.0 * width);
        self.frame(area, self.theme.ink, width);
    }

    /// Ends the part that was begun last.
    pub fn close(&mut self) {
        self.add(Shape::Close);
    }
}
