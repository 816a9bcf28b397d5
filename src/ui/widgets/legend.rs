//! What the colours of a timeline mean.

use super::timeline::UNSEEN;
use crate::{
    analysis::{
        palette,
        timeline::{AROUND, Index},
    },
    model::{MainKind, Phase, Run, State},
    ui::theme,
};
use eframe::egui::{Color32, Label, Rect, RichText, Sense, TextStyle, Ui, Vec2, vec2};
use egui_material_icons::icons::ICON_INFO;

const LINE: f32 = 18.0;
const SWATCH: f32 = 10.0;
const GAP: f32 = 5.0;
/// Between an item and the next.
const APART: f32 = 12.0;

/// What the launcher does that has a tick.
const MAIN_TICKS: [MainKind; 3] = [MainKind::JoinTimeout, MainKind::StartAgain, MainKind::Abandon];

/// What there is to explain, of all runs that are shown.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Legend {
    /// By [`State::index`].
    states: [bool; 7],
    ticks: Vec<MainKind>,
    looks_per_second: Option<f64>,
}

impl Legend {
    /// Takes in what a shown run has.
    pub fn add(&mut self, run: &Run, index: &Index) {
        State::ALL.into_iter().for_each(|state| self.states[state.index()] |= index.profiles().has(state));
        let ticks = MAIN_TICKS.into_iter().filter(|kind| !self.ticks.contains(kind) && index.has_tick(*kind));
        self.ticks.extend(ticks.collect::<Vec<_>>());
        let reached = run.sampling.map(|sampling| sampling.reached_hz).filter(|_| !index.profiles().is_empty());
        self.looks_per_second = self.looks_per_second.into_iter().chain(reached).reduce(f64::min);
    }

    /// Swatches and words, in the order in which they are shown.
    fn items(&self) -> Vec<(Swatch, String)> {
        let looked = self.states.contains(&true);
        let mut items = Vec::new();
        for phase in Phase::ALL {
            // As on the bars: what is around the target is lower where the target is divided.
            let height = if looked && phase != Phase::InTarget { AROUND.1 - AROUND.0 } else { 1.0 };
            let swatch = Swatch { color: theme::color(palette::phase(phase)), size: vec2(SWATCH, SWATCH * height) };
            items.push((swatch, words(phase, looked)));
            if phase == Phase::InTarget {
                let states =
                    State::ALL.into_iter().filter(|state| *state != State::OnCpu && self.states[state.index()]);
                items.extend(states.map(|state| (Swatch::full(palette::state(state)), state.word().to_owned())));
                items.extend(looked.then(|| (Swatch::unseen(), "not looked at".to_owned())));
            }
        }
        let foot = Swatch { color: theme::color(palette::FAILED), size: vec2(SWATCH, SWATCH * 0.3) };
        items.push((foot, "not a success".to_owned()));
        if !self.ticks.is_empty() {
            let kinds: Vec<_> = self.ticks.iter().map(|kind| kind.word()).collect();
            let tick = Swatch { color: theme::color(palette::FAILED), size: vec2(2.0, SWATCH) };
            items.push((tick, format!("main: {}", kinds.join(", "))));
        }
        items
    }

    /// How the states were found.
    fn method(&self) -> Option<(String, String)> {
        let often = self.looks_per_second.filter(|_| self.states.contains(&true))?;
        let short = format!("sampled {often:.0} × a second");
        let long = format!("Totals are exact; what blocked means is sampled {often:.0} times a second.");
        Some((short, long))
    }

    /// The height of the legend over the width that there is.
    pub fn height(&self, ui: &Ui) -> f32 {
        self.flow(ui).last().map_or(LINE, |place| place.at.y + LINE)
    }

    /// Shows a swatch and a word for each phase, each state that occurs, and a failure.
    pub fn show(&self, ui: &mut Ui) {
        let places = self.flow(ui);
        let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), self.height(ui)), Sense::hover());
        for Place { at, width, swatch, text, more } in places {
            let place = Rect::from_min_size(rect.min + at, vec2(width, LINE));
            let mark = Rect::from_center_size(place.left_center() + vec2(SWATCH / 2.0, 0.0), Vec2::splat(SWATCH));
            match swatch {
                Some(Swatch { color, size }) => {
                    ui.painter().rect_filled(Rect::from_center_size(mark.center(), size), 2.0, color);
                }
                None => drop(ui.put(mark, Label::new(ICON_INFO.rich_text().size(SWATCH + 4.0).weak()))),
            }
            let words = ui.put(place.with_min_x(mark.right() + GAP), Label::new(RichText::new(text).small().weak()));
            if let Some(more) = more {
                words.on_hover_text(more);
            }
        }
    }

    /// Every item at its place, from left to right and then a line lower.
    fn flow(&self, ui: &Ui) -> Vec<Place> {
        let items = self.items().into_iter().map(|(swatch, text)| (Some(swatch), text, None));
        let method = self.method().map(|(short, long)| (None, short, Some(long)));
        let (font, color) = (TextStyle::Small.resolve(ui.style()), ui.visuals().text_color());
        let mut next = Vec2::ZERO;
        let place = |(swatch, text, more): (_, String, _)| {
            let words = ui.painter().layout_no_wrap(text.clone(), font.clone(), color).size().x;
            let width = SWATCH + GAP + words.ceil() + 1.0;
            if next.x > 0.0 && next.x + width > ui.available_width() {
                next = vec2(0.0, next.y + LINE);
            }
            let at = next;
            next.x += width + APART;
            Place { at, width, swatch, text, more }
        };
        items.chain(method).map(place).collect()
    }
}

/// The colour of an item, and its form on the bars.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Swatch {
    color: Color32,
    size: Vec2,
}

impl Swatch {
    fn full(color: palette::Rgb) -> Self {
        Self { color: theme::color(color), size: Vec2::splat(SWATCH) }
    }

    fn unseen() -> Self {
        Self {
            color: Self::full(palette::state(State::OnCpu)).color.gamma_multiply(UNSEEN),
            ..Self::full(palette::GREY)
        }
    }
}

/// An item of the legend, on the way to the screen.
struct Place {
    at: Vec2,
    width: f32,
    /// Its swatch; a sign that there is more to read where absent.
    swatch: Option<Swatch>,
    text: String,
    more: Option<String>,
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
