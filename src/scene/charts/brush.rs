//! Turns the layout's items into rectangles with their looks; neighbours of one look and height are merged.

use super::{axis::TimeAxis, bars::RowStrip};
use crate::{
    palette::{self, Pattern},
    picture::{Area, Paint, Picture},
    timeline::{BarItem, Fill, Filter, Index, LEAST, Shade, Shares, TimeKind, gil, layout},
};
use model::State;

/// The least height in pixels at which a bar can be made thinner without being lost.
const THIN_FROM_PX: f64 = 6.0;
/// The opacity of the dark edge between a stretch and the one before, and of that around the mark of a failure.
const DARK: (f64, f64) = (0.63, 0.7);

/// Which rows of an index are drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layer {
    /// The row of the launcher and those of lanes.
    Rows,
    /// The row *GIL*: who was on a CPU.
    Gil,
}

/// The kinds of rectangles, from the lowest to the topmost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// A part of a bar.
    Bar,
    /// A dark edge that sets a mark apart from its neighbour or from what lies below.
    Edge,
    /// The mark of an execution that did not succeed.
    Failed,
    /// A tick on the launcher's row.
    Tick,
}

/// How bars are drawn: resolution, colours, texts.
#[derive(Clone, Copy, Debug)]
pub struct BarDetail {
    /// Pixels in a unit of length; each pixel is a column.
    pub unit_px: f64,
    /// Grains in a unit of height: parts of a row's height end at whole grains.
    pub grain: f64,
    /// The entries of the legend that are drawn faint.
    pub filter: Filter,
    /// Whether mixed colours are rounded, so that more neighbours are merged.
    pub coarse: bool,
    /// Height of texts on bars.
    pub text: f64,
}

impl BarDetail {
    /// The look of a chart: one column a unit, few colours.
    pub fn of_chart() -> Self {
        Self { unit_px: 1.0, grain: 10.0, filter: Filter::default(), coarse: true, text: 13.0 }
    }

    /// The look on a screen with `unit_px` pixels in a unit.
    pub fn of_screen(unit_px: f64, filter: Filter, text: f64) -> Self {
        Self { unit_px, grain: unit_px, filter, coarse: false, text }
    }

    /// A part of a row's height, rounded to whole grains, so that stacks are crisp and equal neighbours merge. The
    /// lowest part is at least a grain high, so that a lone short execution stays visible.
    fn band(&self, (top, bottom): (f64, f64), (from, to): (f32, f32)) -> (f64, f64) {
        if (from, to) == (0.0, 1.0) {
            return (top, bottom);
        }
        let at = |share: f32| match share {
            0.0 => bottom,
            1.0 => top,
            share => ((bottom - f64::from(share) * (bottom - top)) * self.grain).round() / self.grain,
        };
        let least = if from == 0.0 { bottom - 1.0 / self.grain } else { bottom };
        (at(to).min(least).max(top), at(from).min(bottom))
    }

    fn part(&self, part: TimeKind) -> Paint {
        let paint = paint_of(part);
        Paint { opacity: paint.opacity * f64::from(self.filter.strength(shade(part))), ..paint }
    }

    /// The mean colour of all parts by their shares; free time lets the background through. A lone short stretch stays
    /// visible, because its colour is kept and its strength raised.
    fn mixed(&self, shares: &Shares) -> Paint {
        let (colour, strength) = shares.mix(|part| self.filter.strength(shade(part)));
        let opacity = f64::from(strength.max(LEAST));
        if !self.coarse {
            return Paint { opacity, ..Paint::of(colour) };
        }
        let only = shares.parts().count() == 1;
        let step = |channel: u8| if only { channel } else { ((u16::from(channel) + 8) / 16 * 16).min(255) as u8 };
        Paint { opacity: (opacity * 25.0).round() / 25.0, ..Paint::of(colour.map(step)) }
    }
}

/// Rows of bars over a time axis.
#[derive(Clone, Copy)]
pub struct Bars<'a> {
    /// The axis, as wide as the rows.
    pub axis: &'a TimeAxis,
    /// The rows.
    pub rows: RowStrip,
    /// Their look.
    pub look: BarDetail,
}

impl Bars<'_> {
    /// Draws the rows of an index: bars of a class, and their marks over them. Returns the area of each execution that
    /// is marked as not succeeded.
    pub fn draw(&self, picture: &mut Picture, index: &Index, layer: Layer, class: &'static str) -> Vec<Area> {
        let (mut bars, mut edges, mut failed, mut ticks) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        let mut marked = Vec::new();
        let sink = |kind, area, paint| match kind {
            Kind::Bar => bars.push((area, paint)),
            Kind::Edge => edges.push((area, paint)),
            Kind::Failed => failed.push((area, paint)),
            Kind::Tick => ticks.push((area, paint)),
        };
        Brush { bars: self, sink, open: [None; SLOTS] }.index(index, layer, &mut marked);
        for (class, rects) in [(class, bars), ("edge", edges), ("foot", failed)] {
            picture.rects(class, rects);
        }
        ticks.into_iter().for_each(|tick| picture.rects("tick", vec![tick]));
        marked
    }
}

/// Kinds of fills that are stacked in a column: the states, the unseen, the lanes; and one for all others.
const UNSEEN_SLOT: usize = State::ALL.len();
const LANE_SLOT: usize = UNSEEN_SLOT + 1;
const OTHER_SLOT: usize = LANE_SLOT + palette::LANES.len();
/// Kinds of marks drawn over all of these.
const EDGE_SLOT: usize = OTHER_SLOT + 1;
const MARK_SLOT: usize = EDGE_SLOT + 1;
const SLOTS: usize = MARK_SLOT + 1;

struct Brush<'a, S> {
    bars: &'a Bars<'a>,
    sink: S,
    /// The last rectangle of each kind, which may still grow.
    open: [Option<(Kind, Area, Paint)>; SLOTS],
}

impl<S: FnMut(Kind, Area, Paint)> Brush<'_, S> {
    /// Draws the rows of an index, and collects the areas of executions that did not succeed.
    fn index(&mut self, index: &Index, layer: Layer, failed: &mut Vec<Area>) {
        let area = self.bars.rows.area;
        let view = self.bars.rows.view(self.bars.axis, self.bars.look.unit_px);
        let unit_of_px = area.w / f64::from(view.width_px.max(1.0));
        let draw = |item: BarItem| {
            let [left, right] = [item.from_px, item.to_px].map(|px| area.x + f64::from(px) * unit_of_px);
            let drawn = self.item(&item, (left.max(area.x), right.min(area.x + area.w)));
            failed.extend(drawn.filter(|_| item.fill == Fill::Failed));
        };
        match layer {
            Layer::Rows => layout(index, &view, draw),
            Layer::Gil => gil(index, &view, draw),
        }
        self.end();
    }

    /// Draws an item; returns its area, unless it is empty.
    fn item(&mut self, item: &BarItem, (left, right): (f64, f64)) -> Option<Area> {
        let rows = &self.bars.rows;
        let (top, bottom) = rows.clip(self.bars.look.band(rows.whole(item.row, item.rows), item.band));
        if left >= right || top >= bottom {
            return None;
        }
        let area = Area { x: left, y: top, w: right - left, h: bottom - top };
        match item.fill {
            Fill::Phase(phase) => {
                let pattern = palette::phase_pattern(phase);
                let is_thin = pattern.is_thin() && area.h * self.bars.look.unit_px >= THIN_FROM_PX;
                let area = if is_thin { Area { y: area.y + area.h / 3.0, h: area.h / 3.0, ..area } } else { area };
                self.rect(OTHER_SLOT, Kind::Bar, area, self.bars.look.part(TimeKind::Phase(phase)));
            }
            Fill::Shares(shares) => self.rect(OTHER_SLOT, Kind::Bar, area, self.bars.look.mixed(&shares)),
            Fill::State(state) => {
                self.rect(state.index(), Kind::Bar, area, self.bars.look.part(TimeKind::State(state)))
            }
            Fill::Unseen => self.rect(UNSEEN_SLOT, Kind::Bar, area, self.bars.look.part(TimeKind::Unseen)),
            Fill::Lane(lane) => {
                let slot = LANE_SLOT + lane as usize % palette::LANES.len();
                self.rect(slot, Kind::Bar, area, Paint::of(palette::lane(lane)));
            }
            Fill::Edge => self.rect(EDGE_SLOT, Kind::Edge, area, Paint { opacity: DARK.0, ..Paint::of([0; 3]) }),
            Fill::Tick => self.rect(MARK_SLOT, Kind::Tick, area, Paint::of(palette::FAILED)),
            Fill::Failed => self.failed(area),
        }
        Some(area)
    }

    /// Draws a line along the foot and, where the area is wide, a cap at its end, so that not only the colour tells it.
    fn failed(&mut self, area: Area) {
        let bottom = area.y + area.h;
        let foot = (area.h * 0.3).clamp(1.0, 5.0).min(area.h);
        // A dark line sets the mark apart from what lies above it.
        let edge = (bottom - foot - 1.0).max(area.y);
        let dark = Paint { opacity: DARK.1, ..Paint::of([0; 3]) };
        self.rect(EDGE_SLOT, Kind::Edge, Area { y: edge, h: bottom - edge, ..area }, dark);
        let paint = Paint::of(palette::FAILED);
        self.rect(MARK_SLOT, Kind::Failed, Area { y: bottom - foot, h: foot, ..area }, paint);
        if area.w >= 8.0 {
            self.rect(
                MARK_SLOT,
                Kind::Failed,
                Area { x: area.x + area.w - 3.0, w: 3.0, h: area.h - foot, ..area },
                paint,
            );
        }
    }

    fn rect(&mut self, slot: usize, kind: Kind, area: Area, paint: Paint) {
        if let Some((last_kind, last, last_paint)) = &mut self.open[slot] {
            let touches = (area.x - last.x - last.w).abs() < 0.01;
            let level = (last.y, last.h) == (area.y, area.h);
            if touches && level && (*last_kind, *last_paint) == (kind, paint) {
                last.w = area.x + area.w - last.x;
                return;
            }
        }
        if let Some((kind, area, paint)) = self.open[slot].replace((kind, area, paint)) {
            (self.sink)(kind, area, paint);
        }
    }

    fn end(&mut self) {
        for (kind, area, paint) in self.open.iter_mut().filter_map(Option::take) {
            (self.sink)(kind, area, paint);
        }
    }
}

/// The colour of a part, its strength and its pattern.
pub fn paint_of(part: TimeKind) -> Paint {
    let (colour, strength) = part.look();
    let pattern = match part {
        TimeKind::Phase(phase) => palette::phase_pattern(phase),
        TimeKind::State(state) => palette::state_pattern(state),
        TimeKind::Unseen => Pattern::Grid,
    };
    Paint { colour, opacity: f64::from(strength), pattern }
}

/// The entry of the legend that switches a part off.
fn shade(part: TimeKind) -> Shade {
    match part {
        TimeKind::Phase(phase) => Shade::Phase(phase),
        TimeKind::State(state) => Shade::State(state),
        TimeKind::Unseen => Shade::Unseen,
    }
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

    fn mix(shares: &Shares, filter: Filter) -> (palette::Rgb, f64) {
        let Paint { colour, opacity, .. } = BarDetail::of_screen(1.0, filter, 12.0).mixed(shares);
        (colour, opacity)
    }

    #[test]
    fn a_phase_has_its_colour_and_waiting_is_pale() {
        assert_eq!(mix(&only(Phase::InTarget, 1.0), Filter::default()), (palette::GREEN, 1.0));
        assert!(mix(&only(Phase::Waiting, 1.0), Filter::default()).1 < 0.4);
    }

    #[test]
    fn what_is_switched_off_is_faint_and_the_rest_is_as_strong_as_before() {
        let mut filter = Filter::default();
        filter.toggle(Shade::Phase(Phase::InTarget));
        assert!(mix(&only(Phase::InTarget, 1.0), filter).1 < 0.16);
        assert_eq!(mix(&only(Phase::Launching, 1.0), filter), (palette::ORANGE, 1.0));
    }

    #[test]
    fn lanes_that_were_ready_are_never_solid_on_cpu() {
        let mut states = [0.0; State::ALL.len()];
        (states[State::OnCpu.index()], states[State::Ready.index()]) = (0.03, 0.97);
        let shares = Shares { phases: [0.0; Phase::ALL.len()], states, unseen: 0.0 };
        let (found, _) = mix(&shares, Filter::default());
        let apart = found.into_iter().zip(palette::YELLOW).map(|(a, b)| a.abs_diff(b)).map(u32::from).sum::<u32>();
        assert!(apart < 24, "{found:?}");
    }

    #[test]
    fn half_busy_is_half_as_strong_and_a_lone_short_one_is_seen() {
        assert_eq!(mix(&only(Phase::InTarget, 0.5), Filter::default()), (palette::GREEN, 0.5));
        assert!(mix(&only(Phase::InTarget, 1e-6), Filter::default()).1 >= 0.14);
    }
}
