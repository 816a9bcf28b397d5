//! The list of executions of the shown run; only visible rows are built.

use crate::{shown, state::State, theme, widgets::rows::empty};
use eframe::egui::{Align, ComboBox, Label, Layout, RichText, Role, ScrollArea, Sense, Ui, WidgetInfo};
use egui_extras::{Column, TableBuilder, TableRow};
use egui_material_icons::icons::ICON_VIEW_LIST;
use insight::{
    label::label,
    left,
    resources::{self, Resource},
    table::UNKNOWN,
};
use model::{Execution, Phase, Run, States, quantity::human_ns};

/// The most lines for processes that were left running.
const MOST_LEFT: usize = 3;

const COLUMNS: [(&str, f32); 16] = [
    ("id", 38.0),
    ("task", 108.0),
    ("outcome", 112.0),
    ("lane", 36.0),
    ("waiting", 64.0),
    ("launching", 66.0),
    ("in the queue", 74.0),
    ("sending", 62.0),
    ("in target", 66.0),
    ("exiting", 62.0),
    ("returning", 62.0),
    ("to be joined", 74.0),
    ("on CPU", 66.0),
    ("ready", 62.0),
    ("blocked", 66.0),
    ("migrations", 66.0),
];

/// Draws the tab; a click on a row selects the execution.
pub fn show(ui: &mut Ui, state: &mut State) {
    if state.shown.listed_run().is_none() {
        let next = "Press Run or Compare; every execution then has a line here.";
        return empty(ui, ICON_VIEW_LIST, "No executions yet", next);
    }
    chooser(ui, state);
    let (failed_only, selected) = (state.shown.failed_only, state.shown.selected);
    let silent_join = state.shown.summary.silent_join;
    let Some((run, listing)) = state.shown.listing() else { return };
    if failed_only {
        listing.causes(run).iter().for_each(|cause| drop(ui.label(cause)));
    }
    let failed = listing.tally.failed();
    let count = if failed_only { failed.len() as usize } else { run.executions.len() };
    let selected = selected.filter(|(id, _)| *id == run.id).map(|(_, execution)| execution);
    let note = silent_join.filter(|_| listing.tally.has_silent_join());
    if let Some(note) = note {
        let label = ui.add(Label::new(RichText::new(note).small()).wrap());
        label.widget_info(|| WidgetInfo::labeled(Role::Label, true, note));
    }
    left_running(ui, run);
    let mut clicked = None;
    let place = |row: usize| match failed_only {
        true => failed.select(row as u32).map_or(row, |id| id as usize),
        false => row,
    };
    table(ui, run, count, &place, selected, &mut clicked);
    if count == 0 {
        ui.weak("Every execution of this run succeeded.");
    }
    if let Some(id) = clicked {
        state.shown.selected = Some((run.id, id));
    }
}

/// Processes that the run and its executions left behind, one line for those that are alike.
fn left_running(ui: &mut Ui, run: &Run) {
    let kinds = left::kinds([run]);
    for kind in kinds.iter().take(MOST_LEFT) {
        let line = left::line_in_run(kind);
        let text = RichText::new(&line).small();
        let text = if kind.process.remains() { text.color(theme::failure(ui.visuals())) } else { text };
        let label = ui.add(Label::new(text).wrap());
        label.widget_info(|| WidgetInfo::labeled(Role::Label, true, &line));
    }
    let more: usize = kinds.iter().skip(MOST_LEFT).map(|kind| kind.count).sum();
    if more > 0 {
        ui.weak(format!("… and {more} more were left running"));
    }
}

/// Chooses the setting whose run is listed, and whether only failures are.
fn chooser(ui: &mut Ui, state: &mut State) {
    let Some(experiment) = &state.shown.experiment else { return };
    let settings = experiment.settings();
    let now = state.shown.listed.or_else(|| shown::settings(experiment).first().copied());
    let mut chosen = now;
    ui.horizontal(|ui| {
        let text = now.map_or_else(String::new, |setting| label(setting, &settings));
        let combo = ComboBox::from_id_salt("listed").selected_text(text).width(170.0).show_ui(ui, |ui| {
            for setting in &settings {
                ui.selectable_value(&mut chosen, Some(*setting), label(*setting, &settings));
            }
        });
        combo.response.widget_info(|| WidgetInfo::labeled(Role::ComboBox, true, "Listed setting"));
        if let Some(run) = state.shown.listed_run() {
            let (done, all) = state.shown.views.progress(run);
            ui.weak(format!("{}, {done} of {all} have ended", shown::name(run)));
        }
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ui.checkbox(&mut state.shown.failed_only, "Failures only")
        });
    });
    if chosen != now {
        state.shown.listed = chosen;
    }
}

fn table(
    ui: &mut Ui,
    run: &Run,
    count: usize,
    place: &dyn Fn(usize) -> usize,
    selected: Option<u32>,
    clicked: &mut Option<u32>,
) {
    ScrollArea::horizontal().auto_shrink([false, false]).show(ui, |ui| {
        ui.spacing_mut().item_spacing.x = 6.0;
        let mut builder = TableBuilder::new(ui)
            .striped(true)
            .sense(Sense::click())
            .auto_shrink([false, false])
            .cell_layout(Layout::left_to_right(Align::Center));
        for (_, width) in COLUMNS {
            builder = builder.column(Column::initial(width).at_least(30.0).clip(true).resizable(true));
        }
        let table = builder.header(theme::ROW, |mut header| {
            for (name, _) in COLUMNS {
                header.col(|ui| {
                    ui.add(Label::new(RichText::new(name).small().weak()).truncate());
                });
            }
        });
        table.body(|body| {
            body.rows(theme::ROW - 2.0, count, |mut row| {
                let execution = &run.executions[place(row.index())];
                row.set_selected(selected == Some(execution.id));
                cells(&mut row, run, execution);
                let response = row.response();
                let label = format!("Execution {}", execution.id);
                response.widget_info(|| WidgetInfo::labeled(Role::Row, true, &label));
                if response.clicked() {
                    *clicked = Some(execution.id);
                }
            });
        });
    });
}

fn cells(row: &mut TableRow<'_, '_>, run: &Run, execution: &Execution) {
    let text = |row: &mut TableRow<'_, '_>, text: String| {
        row.col(|ui| {
            ui.add(Label::new(text).truncate());
        });
    };
    text(row, execution.id.to_string());
    text(row, execution.label());
    row.col(|ui| {
        let color = theme::outcome(execution.outcome.as_ref(), ui.visuals());
        let (rect, _) = ui.allocate_exact_size(eframe::egui::vec2(8.0, 8.0), Sense::hover());
        ui.painter().circle_filled(rect.center(), 4.0, color);
        let words = execution.outcome.as_ref().map_or_else(|| state_word(execution).to_owned(), |o| o.sentence());
        ui.add(Label::new(words).truncate());
    });
    text(row, execution.lane.map_or_else(|| "–".to_owned(), |lane| lane.to_string()));
    for phase in Phase::ALL {
        let known = execution.phase_ns(phase).filter(|_| execution.phases().any(|had| had == phase));
        text(row, known.map_or_else(|| "–".to_owned(), human_ns));
    }
    let states = execution.states.as_deref();
    let why = || crate::panels::states::absence(run, execution).to_owned();
    let ns = |of: fn(&States) -> u64| states.map(|states| human_ns(of(states))).ok_or_else(why);
    known(row, ns(|states| states.on_cpu_ns));
    known(row, ns(|states| states.runnable_ns));
    known(row, ns(|states| states.blocked_ns));
    known(row, resources::used(run, execution, Resource::Migrations).map(|count| count.to_string()));
}

/// A number, or a dash that says on hovering why there is none.
fn known(row: &mut TableRow<'_, '_>, text: Result<String, String>) {
    row.col(|ui| match text {
        Ok(text) => drop(ui.add(Label::new(text).truncate())),
        Err(why) => drop(ui.weak(UNKNOWN).on_hover_text(format!("Not known. {why}"))),
    });
}

/// What an execution that has not ended is doing.
pub fn state_word(execution: &Execution) -> &'static str {
    use model::Stage;
    match execution.stamps.last().map(|(stage, _)| stage) {
        None | Some(Stage::Created) => "waiting",
        Some(Stage::LaunchCalled) => "launching",
        Some(Stage::Launched) if execution.stamps.get(Stage::Entered).is_none() => match execution.queued {
            true => "waiting in the pool's queue",
            false => "launching",
        },
        Some(Stage::Launched | Stage::Entered) => "in the target",
        Some(Stage::Left) => "exiting",
        Some(Stage::Exited | Stage::Joined) => "waiting to be joined",
    }
}
