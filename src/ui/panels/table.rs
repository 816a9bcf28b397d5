//! The table tab: the settings in numbers, side by side.

use crate::{
    analysis::table::Row,
    ui::{state::State, theme, widgets::rows::empty},
};
use eframe::egui::{self, Align, Label, Layout, Response, RichText, ScrollArea, Ui};
use egui_extras::{Column, TableBuilder};
use egui_material_icons::icons::ICON_TABLE_CHART;

/// Width of the metrics' names, and the least and the most of a column of numbers.
const METRIC: f32 = 180.0;
const NUMBER: (f32, f32) = (112.0, 170.0);
const SCROLL_BAR: f32 = 14.0;

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
    let numbers = table.headings.len() + usize::from(table.ratio_heading.is_some());
    let room = ui.available_width() - SCROLL_BAR - METRIC;
    let width = (room / numbers as f32 - ui.spacing().item_spacing.x).clamp(NUMBER.0, NUMBER.1);
    ScrollArea::horizontal().auto_shrink([false, false]).show(ui, |ui| {
        let right = Layout::right_to_left(Align::Center);
        let builder = TableBuilder::new(ui)
            .striped(true)
            .cell_layout(right)
            .column(Column::exact(METRIC).clip(true))
            .columns(Column::exact(width).clip(true), numbers);
        let header = builder.header(theme::ROW, |mut header| {
            header.col(|ui| drop(left(ui, RichText::new("Metric").weak())));
            for column in table.headings.iter().chain(&table.ratio_heading) {
                header.col(|ui| {
                    ui.add(Label::new(RichText::new(column).strong()).truncate());
                });
            }
        });
        header.body(|body| {
            body.rows(theme::ROW, table.rows.len(), |mut row| {
                let metric = &table.rows[row.index()];
                row.col(|ui| help(left(ui, RichText::new(metric.label)), metric));
                let cells = (0..table.headings.len()).map(|column| metric.cell(column).to_owned());
                for cell in cells {
                    row.col(|ui| help(number(ui, cell), metric));
                }
                if table.ratio_heading.is_some() {
                    row.col(|ui| drop(number(ui, metric.ratio_cell())));
                }
            });
        });
    });
}

fn left(ui: &mut Ui, text: RichText) -> Response {
    let size = ui.available_size();
    let shown = ui.allocate_ui_with_layout(size, egui::Layout::left_to_right(Align::Center), |ui| {
        ui.add(Label::new(text).truncate())
    });
    shown.inner
}

fn number(ui: &mut Ui, text: String) -> Response {
    ui.add(Label::new(RichText::new(text).monospace()).truncate())
}

/// What a metric means, and why a dash may stand for it.
fn help(response: Response, metric: &Row) {
    response.on_hover_text(metric.help);
}
