//! Rows of a form: a label on the left, a field on the right, and below them a line of help or of what is wrong.

use crate::theme;
use eframe::egui::{self, Align, Label, Layout, Response, RichText, Ui, vec2};
use egui_material_icons::icons::ICON_ERROR;

/// The width of labels.
const LABEL: f32 = 78.0;
/// Above this width help stands below its field; otherwise it begins below the label.
const ROOMY: f32 = 250.0;
/// The height of a fact.
pub const FACT: f32 = 18.0;

/// A label and its field, which gets the label as its accessible name.
pub fn row(ui: &mut Ui, label: &str, field: impl FnOnce(&mut Ui) -> Response) -> Response {
    ui.horizontal(|ui| {
        let size = vec2(LABEL, theme::ROW);
        let left = Layout::left_to_right(Align::Center);
        let label = ui
            .allocate_ui_with_layout(size, left, |ui| {
                ui.set_min_size(size);
                ui.add(Label::new(label).truncate())
            })
            .inner;
        field(ui).labelled_by(label.id)
    })
    .inner
}

/// A line of help under a field.
pub fn help(ui: &mut Ui, text: &str) {
    below(ui, |ui| ui.add(Label::new(RichText::new(text).small().weak()).wrap()));
}

/// A line that says what is wrong with the field above.
pub fn failure(ui: &mut Ui, text: &str) {
    let color = theme::failure(ui.visuals());
    below(ui, |ui| {
        ui.label(ICON_ERROR.rich_text().color(color).size(14.0));
        ui.add(Label::new(RichText::new(text).small().color(color)).wrap())
    });
}

fn below(ui: &mut Ui, add: impl FnOnce(&mut Ui) -> Response) {
    ui.horizontal_top(|ui| {
        ui.spacing_mut().item_spacing.x = 4.0;
        if ui.available_width() > ROOMY {
            ui.add_space(LABEL + 8.0);
        }
        add(ui);
    });
}

/// A name and a value in two columns, the value aligned to the right.
pub fn fact(ui: &mut Ui, name: &str, value: &str) {
    let width = ui.available_width();
    ui.horizontal(|ui| {
        ui.set_max_width(width);
        ui.set_height(FACT);
        ui.label(RichText::new(name).weak());
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ui.add(Label::new(egui::RichText::new(value).monospace()).truncate());
        });
    });
}

/// A heading in the middle of an empty place, and what the user can do.
pub fn empty(ui: &mut Ui, icon: egui_material_icons::MaterialIcon, title: &str, next: &str) {
    let height = ui.available_height();
    ui.vertical_centered(|ui| {
        ui.add_space((height * 0.5 - 56.0).max(8.0));
        ui.label(icon.rich_text().size(34.0).weak());
        ui.label(RichText::new(title).heading().strong());
        ui.add(Label::new(RichText::new(next).weak()).wrap());
    });
}
