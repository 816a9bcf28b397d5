//! From the rectangles of bars to one mesh.

use eframe::egui::{Color32, Mesh, Pos2, Rect, Ui, Vec2, pos2};
use scene::{
    charts::{
        bars::RowStrip,
        brush::{Bars, Layer},
    },
    palette::{self, Pattern, Rgb},
    picture::{Area, Paint},
    timeline::{Filter, Index, ViewRect},
};

/// Rows of at least so many points have a gap between them.
const GAP_ROW: f32 = 7.0;

/// A strip of rows on the screen.
#[derive(Clone, Copy, Debug)]
pub struct Rows {
    /// Where they are drawn.
    pub rect: Rect,
    /// The first row at its upper edge.
    pub first: f64,
    /// The last row at its lower edge.
    pub last: f64,
}

impl Rows {
    fn y(&self, row: f64) -> f32 {
        self.rect.top() + ((row - self.first) / (self.last - self.first)) as f32 * self.rect.height()
    }

    /// These rows between two instants, as the layout of what is in view takes them.
    pub fn view(&self, (from_ns, to_ns): (f64, f64), pixels_per_point: f32) -> ViewRect {
        ViewRect {
            from_ns,
            to_ns,
            first_row: self.first,
            last_row: self.last,
            width_px: (self.rect.width() * pixels_per_point).round(),
            height_px: self.rect.height() * pixels_per_point,
        }
    }

    /// The same for what draws bars.
    pub fn strip(&self) -> RowStrip {
        let rect = self.rect;
        let [x, y, w, h] = [rect.left(), rect.top(), rect.width(), rect.height()].map(f64::from);
        let gap = f64::from(self.gap());
        RowStrip { area: Area { x, y, w, h }, first: self.first, last: self.last, gap: (gap, gap) }
    }

    /// What is left free above and below the bars of a row, in points.
    pub fn gap(&self) -> f32 {
        if self.row_points() >= GAP_ROW { (self.row_points() * 0.09).min(2.0) } else { 0.0 }
    }

    /// Height of a row in points.
    pub fn row_points(&self) -> f32 {
        self.rect.height() / (self.last - self.first) as f32
    }

    /// From top to bottom of so many rows, without the gap to their neighbours.
    pub fn span(&self, row: u32, rows: u32) -> (f32, f32) {
        self.clip(self.whole(row, rows))
    }

    /// The same, with what is out of view.
    fn whole(&self, row: u32, rows: u32) -> (f32, f32) {
        let gap = self.gap();
        (self.y(f64::from(row)) + gap, self.y(f64::from(row + rows)) - gap)
    }

    fn clip(&self, (top, bottom): (f32, f32)) -> (f32, f32) {
        (top.max(self.rect.top()), bottom.min(self.rect.bottom()))
    }
}

/// Adds what an index shows in a strip of rows between two instants.
pub fn paint(
    mesh: &mut Mesh,
    index: &Index,
    layer: Layer,
    rows: &Rows,
    instants: (f64, f64),
    filter: Filter,
    pixels_per_point: f32,
) {
    let ppp = f64::from(pixels_per_point);
    let bars = Bars { rows: rows.strip(), instants, unit_px: ppp, grain: ppp, filter, coarse: false };
    bars.draw(index, layer, |_, area, Paint { colour, opacity, pattern }| {
        patch(mesh, rect_of(area), (colour, opacity as f32), pattern);
    });
}

fn rect_of(Area { x, y, w, h }: Area) -> Rect {
    Rect::from_min_max(pos2(x as f32, y as f32), pos2((x + w) as f32, (y + h) as f32))
}

/// A rectangle on its way to the mesh.
#[derive(Clone, Copy, PartialEq)]
struct Patch {
    rect: Rect,
    color: Color32,
    /// Its second mark, and the colour of that.
    pattern: (Pattern, Color32),
}

impl Patch {
    /// Of a colour of the palette, so strong, 0 to 1.
    fn of(rect: Rect, color: Rgb, strength: f32, pattern: Pattern) -> Self {
        let ink = opaque(palette::ink(color)).gamma_multiply(strength * Pattern::STRENGTH);
        Self { rect, color: opaque(color).gamma_multiply(strength), pattern: (pattern, ink) }
    }
}

/// Draws a patch. The lines of a pattern have their places on the screen, so that they go on from column to column.
fn draw_patch(mesh: &mut Mesh, patch: &Patch) {
    let (rect, (pattern, ink)) = (patch.rect, patch.pattern);
    mesh.add_colored_rect(rect, patch.color);
    let (across, down) = pattern.lines();
    let places = |from: f32, to: f32| {
        let first = (from / Pattern::STEP).ceil() as i64;
        (first..).map(|n| n as f32 * Pattern::STEP).take_while(move |at| *at < to)
    };
    if across {
        places(rect.top(), rect.bottom()).for_each(|y| {
            let line =
                Rect::from_min_max(pos2(rect.left(), y), pos2(rect.right(), (y + Pattern::WIDTH).min(rect.bottom())));
            mesh.add_colored_rect(line, ink);
        });
    }
    if down {
        places(rect.left(), rect.right()).for_each(|x| {
            let line =
                Rect::from_min_max(pos2(x, rect.top()), pos2((x + Pattern::WIDTH).min(rect.right()), rect.bottom()));
            mesh.add_colored_rect(line, ink);
        });
    }
}

/// Paints one mark of the palette as on a bar: the sample of a legend.
pub fn sample(ui: &Ui, rect: Rect, (color, strength): (Rgb, f32), pattern: Pattern) {
    let rect = if pattern.is_thin() { thin(rect) } else { rect };
    let mut mesh = Mesh::default();
    patch(&mut mesh, rect, (color, strength), pattern);
    ui.painter().add(mesh);
}

/// Adds a rectangle of a colour, so strong, with a pattern.
pub fn patch(mesh: &mut Mesh, rect: Rect, (color, strength): (Rgb, f32), pattern: Pattern) {
    draw_patch(mesh, &Patch::of(rect, color, strength, pattern));
}

/// A line in the middle of a bar.
fn thin(rect: Rect) -> Rect {
    rect.shrink2(Vec2::new(0.0, rect.height() / 3.0))
}

/// A colour of the palette.
pub fn opaque([r, g, b]: Rgb) -> Color32 {
    Color32::from_rgb(r, g, b)
}

/// The least width and height of an outline: it marks what is too small to be seen, too.
const LEAST_OUTLINE: f32 = 6.0;

/// The rectangle to outline a place with.
pub fn outline(rows: &Rows, row: u32, from_x: f32, to_x: f32) -> Rect {
    let (top, bottom) = rows.span(row, 1);
    let rect = Rect::from_min_max(Pos2::new(from_x, top), Pos2::new(to_x.max(from_x), bottom.max(top)));
    let missing = Vec2::splat(LEAST_OUTLINE) - rect.size();
    rect.expand2(missing.max(Vec2::ZERO) / 2.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_has_its_lines_within_the_bar() {
        let mut mesh = Mesh::default();
        let rect = Rect::from_min_max(pos2(10.0, 10.0), pos2(30.0, 20.0));
        draw_patch(&mut mesh, &Patch::of(rect, palette::SKY_BLUE, 1.0, Pattern::Bars));
        assert_eq!(mesh.vertices.len(), 4 * (1 + 5), "the bar, and lines at 12, 16, 20, 24 and 28");
        assert!(mesh.vertices.iter().all(|vertex| rect.contains(vertex.pos)));
    }
}
