//! The traceback of an exception: the user's own lines stand out from the library's.

use crate::{theme, widgets::pairs::small};
use eframe::egui::{
    self, Align, Label, Layout, RichText, ScrollArea, TextStyle, TextWrapMode, Ui,
    text::{LayoutJob, TextFormat},
};
use egui_material_icons::icons::ICON_CONTENT_COPY;
use interpreters::is_library;

/// Whose a line of a traceback is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Whose {
    /// A file of the user's, and its line of code.
    User,
    /// The standard library's, an installed package's, or the runner's.
    Library,
    /// The exception itself, or a heading.
    Exception,
}

/// Draws the traceback with a button that copies it.
pub fn show(ui: &mut Ui, text: &str) {
    let lines = text.lines().count();
    let plural = if lines == 1 { "" } else { "s" };
    head(ui, "traceback", &format!("{lines} line{plural}"), text);
    block(ui, "traceback", ScrollArea::both(), |ui| {
        let job = job(ui, text);
        ui.add(Label::new(job).extend().selectable(true));
    });
}

/// Draws a result that is too long for a line, in lines of the panel's width.
pub fn result(ui: &mut Ui, text: &str) {
    head(ui, "result", &format!("{} characters", text.chars().count()), text);
    block(ui, "result", ScrollArea::vertical(), |ui| {
        ui.add(Label::new(RichText::new(text).monospace()).wrap_mode(TextWrapMode::Wrap).selectable(true));
    });
}

/// The length of a text, and a button that copies it.
fn head(ui: &mut Ui, name: &str, length: &str, text: &str) {
    ui.horizontal(|ui| {
        ui.label(RichText::new(length).small().weak());
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            if small(ui, ICON_CONTENT_COPY, &format!("Copy {name}")) {
                ui.ctx().copy_text(text.to_owned());
            }
        });
    });
}

fn block(ui: &mut Ui, name: &str, area: ScrollArea, add: impl FnOnce(&mut Ui)) {
    egui::Frame::new().fill(ui.visuals().extreme_bg_color).corner_radius(4).inner_margin(6).show(ui, |ui| {
        area.id_salt(name).max_height(220.0).auto_shrink([false, true]).show(ui, add);
    });
}

fn job(ui: &Ui, text: &str) -> LayoutJob {
    let visuals = ui.visuals();
    let font = TextStyle::Monospace.resolve(ui.style());
    let mut job = LayoutJob::default();
    for (whose, line) in lines(text) {
        let color = match whose {
            Whose::User => visuals.strong_text_color(),
            Whose::Library => visuals.weak_text_color(),
            Whose::Exception => theme::failure(visuals),
        };
        let background = if whose == Whose::User { visuals.faint_bg_color } else { egui::Color32::TRANSPARENT };
        job.append(line, 0.0, TextFormat { background, ..TextFormat::simple(font.clone(), color) });
        job.append("\n", 0.0, TextFormat::simple(font.clone(), color));
    }
    job
}

/// Each line, and whose it is: a line of code belongs to the file named above it.
fn lines(text: &str) -> Vec<(Whose, &str)> {
    let mut whose = Whose::Exception;
    let mut lines = Vec::new();
    for line in text.lines() {
        if let Some(file) = line.trim_start().strip_prefix("File \"") {
            whose = if is_others(file) { Whose::Library } else { Whose::User };
        } else if !line.starts_with(' ') {
            whose = if line.ends_with("(most recent call last):") { Whose::Library } else { Whose::Exception };
        }
        lines.push((whose, line));
    }
    lines
}

/// Whether a file is one of the interpreter's, of a package's, or the runner.
fn is_others(file: &str) -> bool {
    let path = file.split('"').next().unwrap_or(file);
    is_library(path) || path.ends_with("/spawnscope_runner.py")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_users_lines_stand_out() {
        let text = "Traceback (most recent call last):\n  File \"/home/a/w.py\", line 3, in f\n    g()\n  \
                    File \"/usr/lib/python3.11/json/decoder.py\", line 9, in g\n    raise x\nValueError: no";
        let whose: Vec<_> = lines(text).into_iter().map(|(whose, _)| whose).collect();
        use Whose::{Exception, Library, User};
        assert_eq!(whose, [Library, User, User, Library, Library, Exception]);
    }
}
