//! The questions before something would be lost.

use super::overlays::{Answer, Next};
use crate::theme;
use eframe::egui::{Button, RichText, Ui};
use std::path::Path;
use store::plan_file::Question;

/// The plan has changes that are not saved.
pub fn unsaved(ui: &mut Ui, name: &str) -> Next {
    heading(ui, "Save the changes?");
    ui.label(format!("{name} has changes that are not saved. They are lost if you go on without saving."));
    let choices = [("Save changes", Some(Answer::Save)), ("Discard changes", Some(Answer::GiveUp)), ("Cancel", None)];
    buttons(ui, choices)
}

/// A file is there, and would be replaced.
pub fn replace(ui: &mut Ui, path: &Path, question: Question) -> Next {
    let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy();
    match question {
        Question::Exists => {
            heading(ui, "Replace the file?");
            ui.label(format!("{name} is there already. What is in it now is lost if you replace it."));
        }
        Question::Changed => {
            heading(ui, "Replace what others wrote?");
            ui.label(format!(
                "{name} was changed by another program since it was opened or saved here. That change is lost if you replace the \
                 file."
            ));
        }
    }
    ui.weak(path.display().to_string());
    let choices =
        [("Choose another name…", Some(Answer::OtherName)), ("Replace", Some(Answer::Replace)), ("Cancel", None)];
    buttons(ui, choices)
}

fn heading(ui: &mut Ui, text: &str) {
    ui.set_width(440.0_f32.min(ui.ctx().content_rect().width() - 80.0));
    ui.heading(text);
}

/// Buttons in a line, the safe one first; a button without an answer closes the question.
pub(super) fn buttons<const N: usize>(ui: &mut Ui, choices: [(&str, Option<Answer>); N]) -> Next {
    ui.add_space(10.0);
    let mut next = Next::Stay;
    ui.horizontal(|ui| {
        for (place, (text, answer)) in choices.into_iter().enumerate() {
            let text = RichText::new(text);
            let text = if place == 0 { text.strong() } else { text };
            if ui.add(Button::new(text).min_size([0.0, theme::TOOL].into())).clicked() {
                next = answer.map_or(Next::Close, Next::Answer);
            }
        }
    });
    next
}
