//! What there is to explain, item by item.

use super::{ICON_INFO, Legend, SWATCH};
use crate::{
    theme,
    widgets::timeline::{Shade, left, sample},
};
use eframe::egui::{Align2, FontId, Rect, Stroke, StrokeKind, Ui, Vec2, vec2};
use model::{Phase, State};
use scene::{
    palette::{self, Pattern, Rgb},
    timeline::{AROUND, Part},
};

/// A swatch and words.
pub struct Item {
    pub swatch: Swatch,
    pub text: String,
    /// What it switches off.
    pub shade: Option<Shade>,
    /// Whether it brings back what is off.
    pub all: bool,
    /// What is said on hovering.
    pub more: Option<&'static str>,
}

/// The colour of an item, and its form in the picture.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Swatch {
    /// A colour, so strong, with its pattern, in a rectangle of this size.
    Colour(Rgb, f32, Vec2, Pattern),
    /// Stripes.
    Hatched(Rgb),
    /// The same colour, weaker and weaker.
    Paler(Rgb),
    /// Colours that follow each other in a cycle.
    Lanes,
    /// The sign of a process that was left running.
    Left,
    /// A sign that there is more to read.
    More,
    None,
}

impl Swatch {
    fn full(color: Rgb) -> Self {
        Self::Colour(color, 1.0, Vec2::splat(SWATCH), Pattern::Solid)
    }

    /// As on the bars; what is around the target is lower where the target is divided.
    fn part(part: Part, pattern: Pattern, height: f32) -> Self {
        let (color, strength) = part.look();
        Self::Colour(color, strength, vec2(SWATCH, SWATCH * height), pattern)
    }

    /// Draws it; hollow where it is off.
    pub fn draw(self, ui: &Ui, at: Rect, off: bool) {
        let part = |n: usize, of: usize| {
            let width = at.width() / of as f32;
            Rect::from_min_size(at.min + vec2(width * n as f32, 0.0), vec2(width, at.height()))
        };
        match self {
            Self::Colour(color, strength, size, pattern) => {
                let rect = Rect::from_center_size(at.center(), size);
                if off {
                    let color = theme::color(color).gamma_multiply(strength);
                    ui.painter().rect_stroke(rect, 2.0, Stroke::new(1.0, color), StrokeKind::Inside);
                } else {
                    sample(ui, rect, (color, strength), pattern);
                }
            }
            Self::Hatched(color) => {
                let color = theme::color(color);
                ui.painter().rect_filled(at, 1.0, color.gamma_multiply(0.4));
                for stripe in 0..3 {
                    let y = at.top() + 1.5 + 3.5 * stripe as f32;
                    ui.painter().hline(at.x_range(), y, Stroke::new(1.25, color));
                }
            }
            Self::Paler(color) => {
                for (n, strength) in [1.0, 0.5, 0.2].into_iter().enumerate() {
                    ui.painter().rect_filled(part(n, 3), 0.0, theme::color(color).gamma_multiply(strength));
                }
            }
            Self::Lanes => {
                for lane in 0..4 {
                    ui.painter().rect_filled(part(lane, 4), 0.0, theme::color(palette::lane(lane as u32)));
                }
            }
            Self::Left => {
                let rect = Rect::from_center_size(at.center(), Vec2::splat(left::SIZE));
                ui.painter().add(left::shape(rect, false, ui.visuals()));
            }
            Self::More => {
                let (text, font) = (ICON_INFO.codepoint, FontId::proportional(SWATCH + 4.0));
                let color = ui.visuals().weak_text_color();
                ui.painter().text(at.center(), Align2::CENTER_CENTER, text, font, color);
            }
            Self::None => {}
        }
    }
}

fn item(swatch: Swatch, text: impl Into<String>) -> Item {
    Item { swatch, text: text.into(), shade: None, all: false, more: None }
}

fn shade(swatch: Swatch, text: impl Into<String>, shade: Shade) -> Item {
    Item { shade: Some(shade), ..item(swatch, text) }
}

impl Legend {
    /// Of the view by lane: phases and states, in the order in which they are shown.
    pub(super) fn lane_items(&self) -> Vec<Item> {
        let looked = self.states.contains(&true);
        let mut items = Vec::new();
        for phase in Phase::ALL.into_iter().filter(|phase| self.phases[*phase as usize]) {
            // As on the bars: what is around the target is lower where the target is divided.
            let height = if looked && phase != Phase::InTarget { AROUND.1 - AROUND.0 } else { 1.0 };
            let swatch = Swatch::part(Part::Phase(phase), palette::phase_pattern(phase), height);
            if phase != Phase::InTarget || self.told {
                items.push(shade(swatch, words(phase, looked), Shade::Phase(phase)));
            }
            if phase == Phase::InTarget {
                let states =
                    State::ALL.into_iter().filter(|state| *state != State::OnCpu && self.states[state.index()]);
                let look = |state| Swatch::part(Part::State(state), palette::state_pattern(state), 1.0);
                items.extend(states.map(|state| shade(look(state), state.word(), Shade::State(state))));
                let unseen = shade(Swatch::part(Part::Unseen, Pattern::Grid, 1.0), "not looked at", Shade::Unseen);
                items.extend((self.untold || looked && self.unseen).then_some(unseen));
            }
        }
        items.push(item(
            Swatch::Colour(palette::FAILED, 1.0, vec2(SWATCH, SWATCH * 0.3), Pattern::Solid),
            "not a success",
        ));
        if !self.ticks.is_empty() {
            let kinds: Vec<_> = self.ticks.iter().map(|kind| kind.word()).collect();
            let tick = Swatch::Colour(palette::FAILED, 1.0, vec2(2.0, SWATCH), Pattern::Solid);
            items.push(item(tick, format!("main: {}", kinds.join(", "))));
        }
        items.extend(self.left.then(|| item(Swatch::Left, "left a process running")));
        items.extend(self.method());
        items.push(Item { all: true, ..item(Swatch::None, "all") });
        items
    }

    /// How the states were found.
    fn method(&self) -> Option<Item> {
        if !self.states.contains(&true) {
            return None;
        }
        let (text, more) = match (self.inexact, self.looks_per_second) {
            (false, _) => (
                "exact, by switch records".to_owned(),
                "States and their order are exact, by the kernel's record of every switch; on what a thread was blocked \
                 is sampled.",
            ),
            (true, often) => (
                format!("sampled {:.0} × a second", often?),
                "Totals are exact; in which order states came, and on what a thread was blocked, is sampled.",
            ),
        };
        Some(Item { more: Some(more), ..item(Swatch::More, text) })
    }

    /// Of the view by core: whose colour is whose.
    pub(super) fn core_items(&self) -> Vec<Item> {
        let lanes = palette::LANES.len() as u32;
        let mut items: Vec<Item> = if self.lanes <= lanes {
            (0..self.lanes).map(|lane| item(Swatch::full(palette::lane(lane)), format!("lane {lane}"))).collect()
        } else {
            vec![item(Swatch::Lanes, format!("a lane: its executions ({lanes} colours in a cycle)"))]
        };
        items.push(item(Swatch::Hatched(palette::lane(0)), "started by an execution"));
        items.push(item(Swatch::full(palette::LAUNCHER), "launcher"));
        items.push(item(Swatch::full(palette::OTHER), "other threads of the runner"));
        items.push(item(Swatch::Paler(palette::lane(0)), "paler: for that share of a pixel"));
        if self.slices {
            let text = if self.sampled_slices { "sampled: an estimate" } else { "exact, by switch records" };
            items.push(item(Swatch::More, text));
        }
        items
    }
}

/// The phase, and what has its colour on the launcher's lane.
fn words(phase: Phase, looked: bool) -> String {
    match phase {
        Phase::Launching => "launching".to_owned(),
        Phase::InTarget if looked => "in the target, on CPU".to_owned(),
        Phase::ToBeJoined => "to be joined (main: in join)".to_owned(),
        phase => phase.word().to_owned(),
    }
}
