//! The table tab: the settings in numbers, side by side.

use crate::ui::{state::State, theme, widgets::rows::empty};
use eframe::egui::{self, Align, Label, Layout, RichText, ScrollArea, Ui};
use egui_extras::{Column, TableBuilder};
use egui_material_icons::icons::ICON_TABLE_CHART;

/// Draws the tab.
pub fn show(ui: &mut Ui, state: &State) {
    let Some(table) = &state.summary.table else {
        return empty(
            ui,
            ICON_TABLE_CHART,
            "No numbers yet",
            "Press Compare to measure threads and processes side by side.",
        );
    };
    let ratios = usize::from(table.ratio_heading.is_some());
    ScrollArea::horizontal().auto_shrink([false, false]).show(ui, |ui| {
        let right = Layout::right_to_left(Align::Center);
        let builder = TableBuilder::new(ui)
            .striped(true)
            .cell_layout(right)
            .column(Column::initial(210.0).at_least(120.0).clip(true))
            .columns(Column::initial(150.0).at_least(90.0).clip(true), table.headings.len() + ratios);
        let header = builder.header(theme::ROW, |mut header| {
            header.col(|ui| left(ui, RichText::new("Metric").weak()));
            for column in table.headings.iter().chain(&table.ratio_heading) {
                header.col(|ui| {
                    ui.add(Label::new(RichText::new(column).strong()).truncate());
                });
            }
        });
        header.body(|body| {
            body.rows(theme::ROW, table.rows.len(), |mut row| {
                let metric = &table.rows[row.index()];
                row.col(|ui| left(ui, RichText::new(metric.label)));
                let cells = (0..table.headings.len()).map(|column| metric.cell(column).to_owned());
                for cell in cells.chain(table.ratio_heading.as_ref().map(|_| metric.ratio_cell())) {
                    row.col(|ui| {
                        ui.add(Label::new(RichText::new(cell).monospace()).truncate());
                    });
                }
            });
        });
    });
}

fn left(ui: &mut Ui, text: RichText) {
    let size = ui.available_size();
    ui.allocate_ui_with_layout(size, egui::Layout::left_to_right(Align::Center), |ui| {
        ui.add(Label::new(text).truncate());
    });
}
