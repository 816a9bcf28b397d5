//! From the layout's rectangles to one mesh.

use super::filter::{Filter, Shade};
use crate::analysis::palette::{self, Rgb};
use crate::analysis::timeline::{Fill, Index, Item, PhaseShares, ViewRect, gil, layout};
use crate::model::{Phase, State};
use eframe::egui::{Color32, Mesh, Pos2, Rect, Vec2, pos2};

/// How much of its colour each phase shows: waiting is pale.
const STRENGTH: PhaseShares<f32> = [0.3, 1.0, 0.3, 1.0, 1.0, 1.0, 1.0, 1.0];
/// What is there shows at least so much, however small its share is.
const LEAST: f32 = 0.14;
/// How strong the colour of *in the target* is where nobody looked.
pub const UNSEEN: f32 = 0.35;
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
        let gap = if self.row_points() >= GAP_ROW { (self.row_points() * 0.09).min(2.0) } else { 0.0 };
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
const SLOTS: usize = 17;
const UNSEEN_SLOT: usize = 7;
const LANE_SLOT: usize = 8;
const OTHER_SLOT: usize = 16;

/// Puts rectangles in a mesh; neighbours of one colour and height become one.
struct Brush<'a> {
    mesh: &'a mut Mesh,
    filter: Filter,
    pixels_per_point: f32,
    /// The last of each kind, which may go on.
    open: [Option<(Rect, Color32)>; SLOTS],
}

impl Brush<'_> {
    fn item(&mut self, item: &Item, (left, right): (f32, f32), rows: &Rows) {
        let (top, bottom) = rows.clip(self.band(rows.whole(item.row, item.rows), item.band));
        if left >= right || top >= bottom {
            return;
        }
        let rect = Rect::from_min_max(pos2(left, top), pos2(right, bottom));
        match item.fill {
            Fill::Phase(phase) => self.rect(OTHER_SLOT, rect, mix(only(phase), self.filter)),
            Fill::Shares(shares) => self.rect(OTHER_SLOT, rect, mix(shares, self.filter)),
            Fill::State(state) => {
                let strength = self.filter.strength(Shade::State(state));
                self.rect(state.index(), rect, opaque(palette::state(state)).gamma_multiply(strength));
            }
            Fill::Unseen => {
                let strength = UNSEEN * self.filter.strength(Shade::Unseen);
                self.rect(UNSEEN_SLOT, rect, opaque(palette::state(State::OnCpu)).gamma_multiply(strength));
            }
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
        // The colour is that of waiting for the GIL, too: a dark line keeps the mark off it.
        let edge = Rect::from_min_max(pos2(rect.left(), rect.bottom() - foot - 1.0), rect.max);
        self.rect(OTHER_SLOT, edge.with_min_y(edge.top().max(rect.top())), Color32::from_black_alpha(180));
        self.rect(OTHER_SLOT, rect.with_min_y(rect.bottom() - foot), color);
        if rect.width() >= 8.0 {
            self.rect(OTHER_SLOT, rect.with_min_x(rect.right() - 3.0), color);
        }
    }

    fn rect(&mut self, slot: usize, rect: Rect, color: Color32) {
        if let Some((last, last_color)) = &mut self.open[slot] {
            let touches = (rect.left() - last.right()).abs() < 0.01;
            if touches && *last_color == color && last.top() == rect.top() && last.bottom() == rect.bottom() {
                last.max.x = rect.right();
                return;
            }
        }
        if let Some((rect, color)) = self.open[slot].replace((rect, color)) {
            self.mesh.add_colored_rect(rect, color);
        }
    }

    fn end(&mut self) {
        for (rect, color) in self.open.iter_mut().filter_map(Option::take) {
            self.mesh.add_colored_rect(rect, color);
        }
    }
}

fn only(phase: Phase) -> PhaseShares<f32> {
    let mut shares = PhaseShares::default();
    shares[phase as usize] = 1.0;
    shares
}

/// The phases' colours by their shares; what is free shows through.
fn mix(shares: PhaseShares<f32>, filter: Filter) -> Color32 {
    let mut sums = [0.0_f32; 4];
    for phase in Phase::ALL {
        let weight = shares[phase as usize] * STRENGTH[phase as usize] * filter.strength(Shade::Phase(phase));
        let color = palette::phase(phase);
        (0..3).for_each(|at| sums[at] += weight * f32::from(color[at]));
        sums[3] += weight * 255.0;
    }
    // A lone short stretch stays visible: its colour is kept, its strength raised.
    let raise = (LEAST * 255.0 / sums[3].max(f32::MIN_POSITIVE)).max(1.0);
    let [r, g, b, a] = sums.map(|sum| (sum * raise + 0.5) as u8);
    Color32::from_rgba_premultiplied(r, g, b, a)
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
    fn a_phase_has_its_colour_and_waiting_is_pale() {
        assert_eq!(mix(only(Phase::InTarget), Filter::default()), opaque(palette::GREEN));
        assert!(mix(only(Phase::Waiting), Filter::default()).a() < 100);
    }

    #[test]
    fn half_busy_is_half_as_strong() {
        let color = mix(only(Phase::InTarget).map(|share| share * 0.5), Filter::default());
        assert_eq!((color.a(), color.g()), (128, 79));
    }

    #[test]
    fn the_smallest_share_still_shows() {
        assert!(mix(only(Phase::InTarget).map(|share| share * 1e-6), Filter::default()).a() >= 35);
    }

    #[test]
    fn what_is_switched_off_is_faint_and_the_rest_is_as_strong_as_before() {
        let mut filter = Filter::default();
        filter.toggle(Shade::Phase(Phase::InTarget));
        assert!(mix(only(Phase::InTarget), filter).a() < 40);
        assert_eq!(mix(only(Phase::Launching), filter), opaque(palette::ORANGE));
        let mut halves = only(Phase::InTarget).map(|share| share * 0.5);
        halves[Phase::Launching as usize] = 0.5;
        assert_eq!(mix(halves, filter).a(), 127 + 16);
    }
}
