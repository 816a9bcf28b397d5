//! From the layout's rectangles to one mesh.

use eframe::egui::{Color32, Mesh, Pos2, Rect, Ui, Vec2, pos2};
use model::State;
use scene::{
    palette::{self, Pattern, Rgb},
    timeline::{Fill, Filter, Index, Item, LEAST, Part, Shade, Shares, ViewRect, gil, layout},
};

/// Bars of at least so many points can be thinner without being lost.
const THIN_FROM: f32 = 6.0;
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

/// Which rows of an index to paint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layer {
    /// The launcher's and the lanes'.
    Rows,
    /// Who was on a CPU.
    Gil,
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
    let view = rows.view(instants, pixels_per_point);
    let points_per_px = rows.rect.width() / view.width_px.max(1.0);
    let mut brush = Brush { mesh, filter, pixels_per_point, open: [None; SLOTS] };
    let mut draw = |item: Item| {
        let left = rows.rect.left() + item.from_px * points_per_px;
        let right = rows.rect.left() + item.to_px * points_per_px;
        brush.item(&item, (left.max(rows.rect.left()), right.min(rows.rect.right())), rows);
    };
    match layer {
        Layer::Rows => layout(index, &view, &mut draw),
        Layer::Gil => gil(index, &view, &mut draw),
    }
    brush.end();
}

/// Kinds of fills that lie upon each other in a column: the states, the unseen, the lanes; and one for all others.
const UNSEEN_SLOT: usize = State::ALL.len();
const LANE_SLOT: usize = UNSEEN_SLOT + 1;
const OTHER_SLOT: usize = LANE_SLOT + palette::LANES.len();
const SLOTS: usize = OTHER_SLOT + 1;

/// Puts rectangles in a mesh; neighbours of one colour and height become one.
struct Brush<'a> {
    mesh: &'a mut Mesh,
    filter: Filter,
    pixels_per_point: f32,
    /// The last of each kind, which may go on.
    open: [Option<Patch>; SLOTS],
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
    fn plain(rect: Rect, color: Color32) -> Self {
        Self { rect, color, pattern: (Pattern::Solid, Color32::TRANSPARENT) }
    }

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

impl Brush<'_> {
    fn item(&mut self, item: &Item, (left, right): (f32, f32), rows: &Rows) {
        let (top, bottom) = rows.clip(self.band(rows.whole(item.row, item.rows), item.band));
        if left >= right || top >= bottom {
            return;
        }
        let rect = Rect::from_min_max(pos2(left, top), pos2(right, bottom));
        match item.fill {
            Fill::Phase(phase) => {
                let pattern = palette::phase_pattern(phase);
                let rect = if pattern.is_thin() && rect.height() >= THIN_FROM { thin(rect) } else { rect };
                self.part(OTHER_SLOT, rect, Part::Phase(phase), pattern);
            }
            Fill::Shares(shares) => self.rect(OTHER_SLOT, rect, mix(&shares, self.filter)),
            Fill::State(state) => {
                self.part(state.index(), rect, Part::State(state), palette::state_pattern(state));
            }
            Fill::Unseen => self.part(UNSEEN_SLOT, rect, Part::Unseen, Pattern::Grid),
            Fill::Lane(lane) => {
                self.rect(LANE_SLOT + lane as usize % palette::LANES.len(), rect, opaque(palette::lane(lane)));
            }
            Fill::Edge => {
                self.end();
                self.rect(OTHER_SLOT, rect, Color32::from_black_alpha(160));
            }
            Fill::Tick => {
                self.end();
                self.rect(OTHER_SLOT, rect, opaque(palette::FAILED));
            }
            Fill::Failed => {
                self.end();
                self.failed(rect);
            }
        }
    }

    /// A part of a row's height, on whole pixels: stacks are crisp, and equal neighbours become one. The lowest is a
    /// pixel high or more, so that a lone short execution stays visible.
    fn band(&self, (top, bottom): (f32, f32), (from, to): (f32, f32)) -> (f32, f32) {
        if (from, to) == (0.0, 1.0) {
            return (top, bottom);
        }
        let at = |share: f32| match share {
            0.0 => bottom,
            1.0 => top,
            share => ((bottom - share * (bottom - top)) * self.pixels_per_point).round() / self.pixels_per_point,
        };
        let least = if from == 0.0 { bottom - 1.0 / self.pixels_per_point } else { bottom };
        (at(to).min(least).max(top), at(from).min(bottom))
    }

    /// A line along the foot, and at a wide one a cap at its end: told by its shape, not by its colour alone.
    fn failed(&mut self, rect: Rect) {
        let color = opaque(palette::FAILED);
        let foot = (rect.height() * 0.3).clamp(1.0, 5.0).min(rect.height());
        // A dark line keeps the mark off what lies above it.
        let edge = Rect::from_min_max(pos2(rect.left(), rect.bottom() - foot - 1.0), rect.max);
        self.rect(OTHER_SLOT, edge.with_min_y(edge.top().max(rect.top())), Color32::from_black_alpha(180));
        self.rect(OTHER_SLOT, rect.with_min_y(rect.bottom() - foot), color);
        if rect.width() >= 8.0 {
            self.rect(OTHER_SLOT, rect.with_min_x(rect.right() - 3.0), color);
        }
    }

    fn part(&mut self, slot: usize, rect: Rect, part: Part, pattern: Pattern) {
        let (color, strength) = part.look();
        self.patch(slot, Patch::of(rect, color, strength * self.filter.strength(shade(part)), pattern));
    }

    fn rect(&mut self, slot: usize, rect: Rect, color: Color32) {
        self.patch(slot, Patch::plain(rect, color));
    }

    fn patch(&mut self, slot: usize, patch: Patch) {
        let rect = patch.rect;
        if let Some(last) = &mut self.open[slot] {
            let touches = (rect.left() - last.rect.right()).abs() < 0.01;
            let level = last.rect.top() == rect.top() && last.rect.bottom() == rect.bottom();
            if touches && level && (last.color, last.pattern) == (patch.color, patch.pattern) {
                last.rect.max.x = rect.right();
                return;
            }
        }
        if let Some(patch) = self.open[slot].replace(patch) {
            draw_patch(self.mesh, &patch);
        }
    }

    fn end(&mut self) {
        for patch in self.open.iter_mut().filter_map(Option::take) {
            draw_patch(self.mesh, &patch);
        }
    }
}

/// What the legend switches it off by.
fn shade(part: Part) -> Shade {
    match part {
        Part::Phase(phase) => Shade::Phase(phase),
        Part::State(state) => Shade::State(state),
        Part::Unseen => Shade::Unseen,
    }
}

/// The colours of all parts by their shares; what is free shows through. A lone short stretch stays visible: its colour is
/// kept, its strength raised.
fn mix(shares: &Shares, filter: Filter) -> Color32 {
    let (color, strength) = shares.mix(|part| filter.strength(shade(part)));
    opaque(color).gamma_multiply(strength.max(LEAST))
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
    use model::Phase;

    /// A share of one part alone.
    fn only(phase: Phase, share: f32) -> Shares {
        let mut phases = [0.0; Phase::ALL.len()];
        phases[phase as usize] = share;
        Shares { phases, states: [0.0; State::ALL.len()], unseen: 0.0 }
    }

    #[test]
    fn a_phase_has_its_colour_and_waiting_is_pale() {
        assert_eq!(mix(&only(Phase::InTarget, 1.0), Filter::default()), opaque(palette::GREEN));
        assert!(mix(&only(Phase::Waiting, 1.0), Filter::default()).a() < 100);
    }

    #[test]
    fn half_busy_is_half_as_strong() {
        let color = mix(&only(Phase::InTarget, 0.5), Filter::default());
        assert_eq!((color.a(), color.g()), (128, 79));
    }

    #[test]
    fn the_smallest_share_still_shows() {
        assert!(mix(&only(Phase::InTarget, 1e-6), Filter::default()).a() >= 35);
    }

    #[test]
    fn what_is_switched_off_is_faint_and_the_rest_is_as_strong_as_before() {
        let mut filter = Filter::default();
        filter.toggle(Shade::Phase(Phase::InTarget));
        assert!(mix(&only(Phase::InTarget, 1.0), filter).a() < 40);
        assert_eq!(mix(&only(Phase::Launching, 1.0), filter), opaque(palette::ORANGE));
    }

    #[test]
    fn lanes_that_were_ready_are_never_solid_on_cpu() {
        let mut states = [0.0; State::ALL.len()];
        (states[State::OnCpu.index()], states[State::Ready.index()]) = (0.03, 0.97);
        let shares = Shares { phases: [0.0; Phase::ALL.len()], states, unseen: 0.0 };
        let [red, green, blue, _] = mix(&shares, Filter::default()).to_array().map(i32::from);
        let [r, g, b] = palette::YELLOW.map(i32::from);
        assert!((red - r).abs() + (green - g).abs() + (blue - b).abs() < 24, "{red} {green} {blue}");
    }

    #[test]
    fn a_pattern_has_its_lines_within_the_bar() {
        let mut mesh = Mesh::default();
        let rect = Rect::from_min_max(pos2(10.0, 10.0), pos2(30.0, 20.0));
        draw_patch(&mut mesh, &Patch::of(rect, palette::SKY_BLUE, 1.0, Pattern::Bars));
        assert_eq!(mesh.vertices.len(), 4 * (1 + 5), "the bar, and lines at 12, 16, 20, 24 and 28");
        assert!(mesh.vertices.iter().all(|vertex| rect.contains(vertex.pos)));
    }
}
