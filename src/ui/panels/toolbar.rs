//! The second line: how to run, the buttons that run, and the progress.

use super::{
    compare_with, interpreter,
    run_settings::{self, Behind},
    sweep_with,
};
use crate::{
    activity::{Activity, remaining_words},
    choices,
    command::UiCommand,
    state::State,
    theme,
    widgets::{
        command_button::{ButtonLook, tool, tool_icon},
        value_field::edited,
    },
};
use eframe::egui::{self, Align2, ComboBox, Rect, Role, Sense, TextStyle, Ui, WidgetInfo, pos2, vec2};
use insight::remaining::{done_share, remaining_ns};
use model::{RunSettings, StartMethod};
use scene::palette;
use std::time::Duration;

/// Draws the line.
pub fn show(ui: &mut Ui, state: &mut State) {
    ui.horizontal(|ui| {
        ui.set_height(theme::TOOL);
        ui.spacing_mut().interact_size.y = theme::TOOL;
        let mut run = state.editing.draft.plan().run.clone();
        settings(ui, state, &mut run);
        ui.add_space(6.0);
        tool(ui, state, UiCommand::Run, ButtonLook::Filled(theme::color(palette::BLUE)));
        ui.scope(|ui| {
            ui.spacing_mut().item_spacing.x = 1.0;
            plain(ui, state, UiCommand::Compare, NARROW);
            compare_with::show(ui, state, &mut run);
        });
        ui.scope(|ui| {
            ui.spacing_mut().item_spacing.x = 1.0;
            plain(ui, state, UiCommand::Sweep, WORDY);
            sweep_with::show(ui, state, &mut run);
        });
        state.editing.draft.edit(edited(ui.ctx()), |plan| plan.run = run);
        tool(ui, state, UiCommand::Stop, ButtonLook::Filled(theme::color([0xB8, 0x4A, 0x00])));
        ui.add_space(6.0);
        progress(ui, state);
    });
}

/// From this width of the window on, Sweep and Compare are buttons in words; below it, icons.
const WORDY: f32 = 1000.0;
const NARROW: f32 = 800.0;

/// A button in words where the window is wide enough.
fn plain(ui: &mut Ui, state: &mut State, command: UiCommand, from: f32) {
    if ui.ctx().content_rect().width() >= from {
        tool(ui, state, command, ButtonLook::Plain);
    } else {
        tool_icon(ui, state, command);
    }
}

/// From this width of the window on, the interpreter is in the line; below it, behind the button for more.
const ROOMY: f32 = 880.0;
/// From this width of the window on, workers and repeats are in the line too.
const CROWDED: f32 = 720.0;

fn settings(ui: &mut Ui, state: &mut State, run: &mut RunSettings) {
    let python = state.editing.draft.plan().has_python();
    let window = ui.ctx().content_rect().width();
    let modes = choices::modes(state.editing.draft.plan());
    let combo = ComboBox::from_id_salt("mode").width(118.0).selected_text(run.mode.title());
    let combo = combo.show_ui(ui, |ui| {
        for mode in modes {
            ui.selectable_value(&mut run.mode, *mode, mode.title());
        }
    });
    if run.mode != state.editing.draft.plan().run.mode {
        // A start method that the new mode lacks is dropped.
        run.start_method = run.start_method.filter(|method| StartMethod::of_mode(run.mode, python).contains(method));
    }
    combo.response.widget_info(|| WidgetInfo::labeled(Role::ComboBox, true, "Mode"));
    combo.response.on_hover_text("How the tasks are launched by Run");
    if python && window >= ROOMY {
        interpreter::show(ui, state, run, if window >= 1150.0 { 176.0 } else { 106.0 });
    }
    let numbers = window >= CROWDED;
    if numbers {
        number(ui, "Workers", |ui| run_settings::workers(ui, run));
        number(ui, "Repeats", |ui| run_settings::repeats(ui, run));
    }
    run_settings::show(ui, state, run, Behind { interpreter: python && window < ROOMY, numbers: !numbers });
}

fn number(ui: &mut Ui, label: &str, field: impl FnOnce(&mut Ui) -> egui::Response) {
    let label = ui.label(label);
    ui.spacing_mut().interact_size.x = 44.0;
    field(ui).labelled_by(label.id);
}

/// The progress of the experiment; always of the same size, so that nothing jumps.
fn progress(ui: &mut Ui, state: &State) {
    let size = vec2(ui.available_width().max(60.0), theme::TOOL);
    let (rect, response) = ui.allocate_exact_size(size, Sense::hover());
    let Some((share, words)) = words(state) else { return };
    response.widget_info(|| {
        let mut info = WidgetInfo::labeled(Role::ProgressIndicator, true, "Progress");
        info.value = Some(f64::from(share));
        info
    });
    let _ = response.on_hover_text(&words);
    let visuals = ui.visuals();
    let font = TextStyle::Small.resolve(ui.style());
    let color = visuals.text_color();
    let painter = ui.painter().with_clip_rect(rect);
    let whole = painter.layout_no_wrap(words.clone(), font.clone(), color);
    // Where there is no room for the remaining time, only the count is shown.
    let count = words.split(',').next().filter(|_| whole.size().x > rect.width());
    let words = count.unwrap_or(&words);
    painter.text(pos2(rect.left(), rect.top() + 9.0), Align2::LEFT_CENTER, words, font, color);
    let bar = Rect::from_min_max(pos2(rect.left(), rect.bottom() - 10.0), pos2(rect.right(), rect.bottom() - 4.0));
    painter.rect_filled(bar, 3.0, visuals.widgets.inactive.weak_bg_fill);
    let done = Rect::from_min_size(bar.min, vec2(bar.width() * share, bar.height()));
    painter.rect_filled(done, 3.0, visuals.hyperlink_color);
}

/// The share that is done, and the words for it.
fn words(state: &State) -> Option<(f32, String)> {
    let experiment = state.shown.experiment.as_deref();
    match (state.activity, experiment) {
        (Activity::Idle, _) | (Activity::SummingUp, None) => None,
        (Activity::SummingUp, Some(_)) => Some((1.0, "summing up".to_owned())),
        (Activity::Starting, _) | (Activity::Running, None) => Some((0.0, "starting".to_owned())),
        (Activity::Stopping, _) => Some((0.0, "stopping".to_owned())),
        (Activity::Running, Some(experiment)) => {
            let (done, all) = experiment.progress();
            let precision = state.shown.summary.precision.as_ref();
            let left = remaining_ns(experiment, precision).map(Duration::from_nanos);
            let left = left.map_or_else(String::new, |left| format!(", {}", remaining_words(left)));
            Some((done_share(experiment, precision) as f32, format!("run {} of {all}{left}", (done + 1).min(all))))
        }
    }
}
