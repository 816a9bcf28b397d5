//! The sweep tab: the answers, curves over what is varied, and the laws fitted to them.

use crate::{
    command::UiCommand,
    page::Page,
    picture,
    state::{Pane, State},
    sweep_form,
    widgets::{command_button, rows::empty},
};
use eframe::egui::{Align, Grid, Label, Layout, RichText, Role, ScrollArea, Ui, WidgetInfo, vec2};
use egui_material_icons::icons::{ICON_INFO, ICON_SCHEDULE, ICON_SHOW_CHART};
use model::{Setting, SweepAxis, scaling::Scaling};
use scene::{
    charts::{sweep_legend, sweep_panel},
    picture::{About, Area},
    sweep::view::{View, fit_rows},
};
use std::sync::Arc;

/// From this width on two panels stand side by side.
const TWO: f32 = 620.0;
/// The least and the most height of a panel.
const HEIGHT: (f32, f32) = (172.0, 382.0);

/// Draws the tab.
pub fn show(ui: &mut Ui, state: &mut State) {
    if !state.shown.is_sweep() {
        return nothing_yet(ui, state);
    }
    let Some(scaling) = state.shown.summary.scaling.clone() else {
        return empty(ui, ICON_SCHEDULE, "Sweeping", "The first points come when runs have ended.");
    };
    ScrollArea::vertical().id_salt("sweep").auto_shrink([false, false]).show(ui, |ui| {
        ui.set_max_width(ui.available_width() - 6.0);
        if let Some(clicked) = sweep_of(ui, state, &scaling) {
            if let Some(experiment) = &state.shown.experiment {
                state.shown.runs.bring(experiment, clicked);
            }
            state.shown.listed = Some(clicked);
            state.session.front = Some(Pane::Timeline);
        }
    });
}

fn nothing_yet(ui: &mut Ui, state: &State) {
    if state.activity.is_measuring() {
        return empty(ui, ICON_SCHEDULE, "No sweep", "What runs now is no sweep; it can be swept when it has ended.");
    }
    let plan = state.editing.draft.plan();
    let axis = sweep_form::axis(plan);
    let over = match &axis {
        SweepAxis::Workers(workers) => {
            let most = workers.last().copied().unwrap_or(1);
            format!("with {} to {}", workers.first().copied().unwrap_or(1), insight::label::workers(most))
        }
        SweepAxis::Argument { .. } => format!("at {}", sweep_form::points(plan, &state.editing.python)),
    };
    let next = format!(
        "Press Sweep to run this plan {over} and see where it is best;\nthe arrow beside it says what is varied."
    );
    empty(ui, ICON_SHOW_CHART, "No sweep yet", &next);
}

/// Draws what a sweep says; gives the setting of a point that was clicked.
fn sweep_of(ui: &mut Ui, state: &mut State, scaling: &Arc<Scaling>) -> Option<Setting> {
    let view = View::of(scaling);
    answers(ui, state, &view);
    let mut legend = picture::blank(ui);
    let edges = (0.0, legend.width);
    let height = sweep_legend::draw(&mut legend, edges, &view, 0.0);
    picture::show(ui, &legend, height);
    let clicked = panels(ui, &view);
    fits(ui, &view);
    clicked
}

fn answers(ui: &mut Ui, state: &mut State, view: &View) {
    let (busy, strong) = (state.activity.is_busy(), ui.visuals().strong_text_color());
    ui.horizontal_top(|ui| {
        let room = ui.available_width() - 40.0;
        ui.allocate_ui_with_layout(vec2(room, 0.0), Layout::top_down(Align::Min), |ui| {
            for sentence in view.sentences() {
                let text = RichText::new(sentence).size(15.0).color(strong);
                let label = ui.add(Label::new(if busy { text.weak() } else { text }).wrap());
                label.widget_info(|| WidgetInfo::labeled(Role::Label, true, sentence));
            }
            for note in &view.scaling.notes {
                aside(ui, note);
            }
        });
        ui.with_layout(Layout::right_to_left(Align::Min), |ui| {
            command_button::icon(ui, state, UiCommand::ExportPage(Page::Sweep));
        });
    });
    ui.add_space(4.0);
}

/// What else there is to say. It is no failure: that a sweep compares nothing, that repeats are left out.
fn aside(ui: &mut Ui, note: &str) {
    ui.horizontal_top(|ui| {
        ui.label(ICON_INFO.rich_text().size(16.0).color(ui.visuals().weak_text_color()));
        let label = ui.add(Label::new(note).wrap());
        label.widget_info(|| WidgetInfo::labeled(Role::Label, true, note));
    });
}

fn panels(ui: &mut Ui, view: &View) -> Option<Setting> {
    let metrics = view.metrics();
    let gap = ui.spacing().item_spacing;
    let columns = if metrics.len() > 1 && ui.available_width() >= TWO { 2 } else { 1 };
    let width = (ui.available_width() - gap.x * (columns - 1) as f32) / columns as f32;
    let rows = metrics.len().div_ceil(columns).min(2) as f32;
    let room = ui.clip_rect().bottom() - ui.cursor().top();
    let height = (room / rows - 2.0 * gap.y).clamp(HEIGHT.0, if rows > 1.0 { HEIGHT.1 } else { 520.0 });
    let mut clicked = None;
    for row in metrics.chunks(columns) {
        ui.horizontal_top(|ui| {
            for metric in row {
                ui.allocate_ui_with_layout(vec2(width, height), Layout::top_down(Align::Min), |ui| {
                    let mut panel = picture::blank(ui);
                    let h = picture::units(ui, height);
                    let area = Area { x: 0.0, y: 0.0, w: panel.width, h };
                    sweep_panel::draw(&mut panel, view, *metric, area);
                    if let Some(About::Setting(setting)) = picture::show(ui, &panel, h) {
                        clicked = Some(setting);
                    }
                });
            }
        });
    }
    clicked
}

/// The parameters of each law with one standard error, and what to take with care.
fn fits(ui: &mut Ui, view: &View) {
    let rows = fit_rows(view);
    if rows.is_empty() {
        return;
    }
    ui.add_space(6.0);
    ui.horizontal(|ui| {
        ui.label(RichText::new("Fitted laws").strong());
        let meaning = "parameters ± one standard error, over all complete repeats";
        ui.add(Label::new(RichText::new(meaning).small().weak()).truncate());
    });
    Grid::new("fits").num_columns(5).spacing(vec2(22.0, 3.0)).show(ui, |ui| {
        for row in &rows {
            for (column, cell) in row.cells.iter().enumerate() {
                let text = RichText::new(cell);
                ui.label(if column < 2 { text } else { text.monospace() });
            }
            ui.end_row();
        }
    });
    for row in rows.iter().filter(|row| row.note.is_some()) {
        let note = row.note.as_deref().unwrap_or_default();
        let of = row.cells.iter().take(2).cloned().collect::<Vec<_>>().join(", ");
        let text = RichText::new(format!("{of}: {note}")).small().weak();
        ui.add(Label::new(text).wrap());
    }
}
