//! The table tab: the settings in numbers, side by side.

use crate::{state::State, theme, widgets::rows::empty};
use eframe::egui::{self, Align, Label, Layout, Response, RichText, Role, ScrollArea, Ui, WidgetInfo};
use egui_extras::{Column, TableBuilder, TableRow};
use egui_material_icons::icons::ICON_TABLE_CHART;
use insight::{
    answers::TaskTimes,
    table::{MetricRow, Table, UNKNOWN},
};
use model::quantity::figures;

/// Width of the metrics' names, and the least and the most of a column of numbers.
const METRIC: f32 = 204.0;
const NUMBER: (f32, f32) = (112.0, 170.0);
/// Width of the ratio's column.
const RATIO: f32 = 92.0;
/// Height of the headings, of which the ratio's takes two lines.
const HEADINGS: f32 = 36.0;
const SCROLL_BAR: f32 = 14.0;

/// Draws the tab.
pub fn show(ui: &mut Ui, state: &State) {
    let Some(table) = &state.shown.summary.table else {
        return empty(
            ui,
            ICON_TABLE_CHART,
            "No numbers yet",
            "Press Compare to measure threads and processes side by side.",
        );
    };
    let ratios = usize::from(table.ratio_heading.is_some());
    let gap = ui.spacing().item_spacing.x;
    let room = ui.available_width() - SCROLL_BAR - METRIC - ratios as f32 * (RATIO + gap);
    let width = (room / table.headings.len().max(1) as f32 - gap).clamp(NUMBER.0, NUMBER.1);
    ScrollArea::horizontal().auto_shrink([false, false]).show(ui, |ui| {
        let right = Layout::right_to_left(Align::Center);
        let builder = TableBuilder::new(ui)
            .striped(true)
            .cell_layout(right)
            .column(Column::exact(METRIC).clip(true))
            .columns(Column::exact(width).clip(true), table.headings.len())
            .columns(Column::exact(RATIO).clip(true), ratios);
        let header = builder.header(HEADINGS, |mut header| {
            header.col(|ui| drop(left(ui, RichText::new("Metric").weak())));
            for column in &table.headings {
                header.col(|ui| {
                    ui.add(Label::new(RichText::new(column).strong()).truncate());
                });
            }
            if let Some(heading) = &table.ratio_heading {
                header.col(|ui| ratio_heading(ui, heading));
            }
        });
        header.body(|body| {
            let tasks = &state.shown.summary.task_times;
            body.rows(theme::ROW, table.rows.len() + tasks.len(), |mut row| {
                if let Some(task) = row.index().checked_sub(table.rows.len()) {
                    return of_task(&mut row, table, &state.shown.summary.task_times[task]);
                }
                let metric = &table.rows[row.index()];
                row.col(|ui| help(left(ui, RichText::new(metric.label)), metric));
                let cells = (0..table.headings.len()).map(|column| metric.cell(column));
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

/// How long one of several tasks takes; a baseline beside the compared settings has no such time.
fn of_task(row: &mut TableRow<'_, '_>, table: &Table, times: &TaskTimes) {
    const HELP: &str = "The median time of this task's executions in their targets, in complete repeats";
    let words = format!("Time of {}", times.task);
    row.col(|ui| {
        let label = left(ui, RichText::new(&words)).on_hover_text(format!("{words}. {HELP}"));
        label.widget_info(|| WidgetInfo::labeled(Role::Label, true, &words));
    });
    let cells = times.cells().chain(std::iter::repeat(UNKNOWN.to_owned()));
    for cell in cells.take(table.headings.len()) {
        row.col(|ui| drop(number(ui, cell).on_hover_text(HELP)));
    }
    if table.ratio_heading.is_some() {
        row.col(|ui| drop(number(ui, times.ratio().map_or_else(|| UNKNOWN.to_owned(), figures))));
    }
}

fn left(ui: &mut Ui, text: RichText) -> Response {
    let size = ui.available_size();
    let shown = ui.allocate_ui_with_layout(size, egui::Layout::left_to_right(Align::Center), |ui| {
        ui.add(Label::new(text).truncate())
    });
    shown.inner
}

/// `Threads /` above `Processes`, with the whole text on hovering.
fn ratio_heading(ui: &mut Ui, text: &str) {
    let (first, second) = text.split_once(" / ").unwrap_or((text, ""));
    let lines = ui.with_layout(Layout::top_down(Align::Max), |ui| {
        ui.spacing_mut().item_spacing.y = 0.0;
        for line in [format!("{first} /"), second.to_owned()] {
            ui.add(Label::new(RichText::new(line).small().strong()).truncate());
        }
    });
    let heading = lines.response.on_hover_text(text);
    heading.widget_info(|| WidgetInfo::labeled(Role::Label, true, text));
}

fn number(ui: &mut Ui, text: String) -> Response {
    ui.add(Label::new(RichText::new(text).monospace()).truncate())
}

/// What a metric means, and why a dash may stand for it.
fn help(response: Response, metric: &MetricRow) {
    response.on_hover_text(metric.help);
}
