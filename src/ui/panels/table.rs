//! The table tab: the settings in numbers, side by side.

use crate::{
    analysis::table::Row,
    ui::{state::State, theme, widgets::rows::empty},
};
use eframe::egui::{self, Align, Label, Layout, Response, RichText, ScrollArea, Ui};
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
