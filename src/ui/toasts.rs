//! Short notes in a corner. Each expires with a single frame, so that an idle window stays idle.

use super::{panels::ABOVE_THE_VERDICT, state::Level, theme};
use eframe::egui::{self, vec2};
use egui_material_icons::icons::{ICON_CHECK_CIRCLE, ICON_ERROR, ICON_INFO};
use egui_notify::{Anchor, Toast, ToastLevel};
use std::time::{Duration, Instant};

const TIME: Duration = Duration::from_secs(5);
const TIME_OF_ERRORS: Duration = Duration::from_secs(10);
const LINE: usize = 56;

/// The notes on the screen, and those to be shown next.
#[derive(Default)]
pub struct Toasts {
    notes: egui_notify::Toasts,
    new: Vec<(Level, String)>,
    ends: Vec<Instant>,
}

impl Toasts {
    /// Shows a note from the next frame on.
    pub fn add(&mut self, level: Level, text: &str) {
        self.new.push((level, text.to_owned()));
    }

    /// Draws the notes.
    pub fn show(&mut self, ctx: &egui::Context) {
        let now = Instant::now();
        if self.notes.is_empty() && self.new.is_empty() {
            return;
        }
        for (level, text) in std::mem::take(&mut self.new) {
            self.notes.add(toast(ctx, level, &text));
            self.ends.push(now + if level == Level::Error { TIME_OF_ERRORS } else { TIME });
        }
        while self.ends.first().is_some_and(|end| *end <= now) {
            self.ends.remove(0);
            self.notes.dismiss_oldest_toast();
        }
        if let Some(end) = self.ends.first() {
            ctx.request_repaint_after(end.saturating_duration_since(now));
        }
        self.notes.show(ctx);
    }
}

impl Toasts {
    /// A stack of notes in the lower right corner, above the verdict, which the user waits for.
    pub fn new() -> Self {
        let notes = egui_notify::Toasts::new()
            .with_anchor(Anchor::BottomRight)
            .with_margin(vec2(14.0, ABOVE_THE_VERDICT))
            .with_padding(vec2(12.0, 10.0))
            .with_shadow(egui::Shadow {
                offset: [0, 3],
                blur: 14,
                spread: 0,
                color: egui::Color32::from_black_alpha(90),
            });
        Self { notes, ..Self::default() }
    }
}

fn toast(ctx: &egui::Context, level: Level, text: &str) -> Toast {
    let visuals = &ctx.global_style().visuals;
    let (icon, color) = match level {
        Level::Info => (ICON_INFO, visuals.hyperlink_color),
        Level::Good => (ICON_CHECK_CIRCLE, theme::color(scene::palette::GREEN)),
        Level::Error => (ICON_ERROR, theme::failure(visuals)),
    };
    let mut toast = Toast::custom(wrapped(text), ToastLevel::Custom(icon.codepoint.to_owned(), color));
    toast.duration(None).closable(false).show_progress_bar(false);
    toast
}

/// The text in lines of at most about 56 characters.
fn wrapped(text: &str) -> String {
    let mut lines = String::new();
    let mut length = 0;
    for word in text.split_whitespace() {
        let letters = word.chars().count();
        if length > 0 {
            let fits = length + 1 + letters <= LINE;
            lines.push(if fits { ' ' } else { '\n' });
            length = if fits { length + 1 } else { 0 };
        }
        lines.push_str(word);
        length += letters;
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::wrapped;

    #[test]
    fn long_notes_are_broken_between_words() {
        let text = "could not save the plan to a folder that is not there: choose another folder and try again";
        assert!(wrapped(text).lines().count() == 2 && wrapped(text).lines().all(|line| line.len() <= 56));
        assert_eq!(wrapped(text).replace('\n', " "), text);
    }
}
