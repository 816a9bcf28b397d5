//! Editors for a list of texts, one on each line, and for a list of names with values.

use eframe::egui::{self, Button, Id, Role, TextEdit, Ui, WidgetInfo};
use egui_material_icons::icons::{ICON_ADD, ICON_CLOSE};
use std::collections::BTreeMap;

/// The width of the button beside a field, with the space between them.
const BESIDE: f32 = 42.0;

/// Edits a program's arguments; `name` begins their accessible labels.
pub fn list(ui: &mut Ui, name: &str, words: &mut Vec<String>) {
    let mut gone = None;
    // Computed once for all rows: a row wider than its place would widen the place of the next.
    let width = (ui.available_width() - BESIDE).max(40.0);
    for (index, word) in words.iter_mut().enumerate() {
        ui.horizontal(|ui| {
            let field = ui.add(TextEdit::singleline(word).desired_width(width).font(egui::TextStyle::Monospace));
            field.widget_info(|| WidgetInfo::labeled(Role::TextInput, true, format!("{name} {}", index + 1)));
            if small(ui, ICON_CLOSE, &format!("Remove {} {}", name.to_lowercase(), index + 1)) {
                gone = Some(index);
            }
        });
    }
    if let Some(index) = gone {
        words.remove(index);
    }
    if add(ui, &format!("Add {}", name.to_lowercase())) {
        words.push(String::new());
    }
}

/// Edits a program's environment. Rows with an empty or a repeated name are kept as long as nothing else changes the
/// map.
pub fn map(ui: &mut Ui, id: Id, map: &mut BTreeMap<String, String>) {
    let typed: Option<Vec<(String, String)>> = ui.data(|data| data.get_temp(id));
    let mut rows = typed.filter(|rows| as_map(rows) == *map).unwrap_or_else(|| map.clone().into_iter().collect());
    let mut gone = None;
    let width = ((ui.available_width() - BESIDE - 8.0) / 2.0).max(30.0);
    for (index, (name, value)) in rows.iter_mut().enumerate() {
        ui.horizontal(|ui| {
            for (text, label) in [(name, "Variable"), (value, "Value")] {
                let field = TextEdit::singleline(text).hint_text(label).desired_width(width - 8.0);
                let field = ui.add(field.font(egui::TextStyle::Monospace));
                field.widget_info(|| WidgetInfo::labeled(Role::TextInput, true, format!("{label} {}", index + 1)));
            }
            if small(ui, ICON_CLOSE, &format!("Remove variable {}", index + 1)) {
                gone = Some(index);
            }
        });
    }
    if let Some(index) = gone {
        rows.remove(index);
    }
    if add(ui, "Add variable") {
        rows.push(Default::default());
    }
    *map = as_map(&rows);
    ui.data_mut(|data| data.insert_temp(id, rows));
}

fn as_map(rows: &[(String, String)]) -> BTreeMap<String, String> {
    rows.iter().filter(|(name, _)| !name.is_empty()).cloned().collect()
}

/// Shows a small button that adds a line; returns whether it was clicked.
pub fn add(ui: &mut Ui, label: &str) -> bool {
    let button = ui.add(Button::new((ICON_ADD.rich_text(), label)).small());
    button.widget_info(|| WidgetInfo::labeled(Role::Button, true, label));
    button.clicked()
}

/// Shows a small button with only an icon; returns whether it was clicked.
pub fn small(ui: &mut Ui, icon: egui_material_icons::MaterialIcon, label: &str) -> bool {
    let button = ui.add(Button::new(icon.rich_text()).frame_when_inactive(false));
    button.widget_info(|| WidgetInfo::labeled(Role::Button, true, label));
    button.on_hover_text(label).clicked()
}
