//! The comparison tab: what is said of each pair with its figures, how makespans are spread, and what disturbed them.

use crate::{
    command::UiCommand,
    page::Page,
    picture,
    state::{Pane, State},
    theme,
    widgets::{command_button, rows::empty},
};
use eframe::egui::{Align, Label, Layout, RichText, Role, ScrollArea, Ui, WidgetInfo};
use egui_material_icons::icons::{ICON_COMPARE_ARROWS, ICON_WARNING};
use insight::stopping;
use model::{Setting, document::Comparison};
use scene::{
    charts::comparison::ComparisonRows,
    distribution::{MEANING, figures_of, ratio_axis, sides, time_axis},
    picture::About,
    ratio_axis::RatioAxis,
};

/// A repeat that was clicked.
struct Picked {
    setting: Setting,
    /// The id of its run.
    run: u32,
}

/// Draws the tab; a click on a dot shows its repeat on the timeline.
pub fn show(ui: &mut Ui, state: &mut State) {
    if !state.shown.has_runs() {
        let next = "Press Compare to see which way is faster, by how much, and how sure that is.";
        return empty(ui, ICON_COMPARE_ARROWS, "No comparison yet", next);
    }
    let mut picked = None;
    ScrollArea::vertical().auto_shrink([false, false]).show(ui, |ui| {
        ui.set_max_width(ui.available_width() - 6.0);
        heading(ui, state);
        pairs(ui, state);
        picked = makespans(ui, state);
        warnings(ui, state);
    });
    if let Some(Picked { setting, run }) = picked {
        state.shown.runs.choose(setting, Some(run));
        state.session.front = Some(Pane::Timeline);
    }
}

fn heading(ui: &mut Ui, state: &mut State) {
    ui.horizontal(|ui| {
        ui.label(RichText::new("Comparison").heading().strong());
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            command_button::icon(ui, state, UiCommand::ExportPage(Page::Comparison));
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                if let Some(words) = precision_words(state) {
                    let label = ui.add(Label::new(RichText::new(&words).weak()).truncate());
                    label.widget_info(|| WidgetInfo::labeled(Role::Label, true, &words));
                }
            });
        });
    });
}

/// How narrow the interval is while the experiment goes on, and why it stopped.
fn precision_words(state: &State) -> Option<String> {
    let experiment = state.shown.experiment.as_deref()?;
    let progress = state.shown.summary.precision.as_ref()?;
    if state.activity.is_busy() {
        return Some(stopping::so_far(experiment, progress));
    }
    stopping::why_stopped(experiment, progress)
}

/// The sentence of each pair, its figures, and its interval on an axis of ratios.
fn pairs(ui: &mut Ui, state: &State) {
    let Some(experiment) = &state.shown.experiment else { return };
    let comparisons = &state.shown.summary.comparisons;
    if comparisons.is_empty() {
        ui.weak("One setting alone; press Compare to run the plan in two or more.");
        return;
    }
    let axis = ratio_axis(comparisons);
    for comparison in comparisons {
        ui.add_space(6.0);
        sentence(ui, comparison);
        let [a, b] = sides(experiment, comparison);
        let figures = figures_of(comparison).join(" · ");
        let name = format!("{a} / {b}");
        let title = format!("{name}: {figures}");
        ui.add(Label::new(RichText::new(&title).small().weak()).wrap());
        if let Some(axis) = axis.filter(|_| comparison.ratio.is_some()) {
            drawn(ui, axis, |rows| rows.ratio(0.0, comparison, &title));
        }
    }
    if let Some(axis) = axis.filter(|_| comparisons.iter().any(|c| c.ratio.is_some())) {
        drawn(ui, axis, |rows| rows.ratio_labels(0.0));
    }
}

/// Shows rows that are drawn from 0 on; gives what a click was on.
fn drawn(ui: &mut Ui, axis: RatioAxis, draw: impl FnOnce(&mut ComparisonRows<'_>) -> f64) -> Option<About> {
    let mut picture = picture::blank(ui);
    let edges = (0.0, picture.width);
    let height = draw(&mut ComparisonRows { picture: &mut picture, edges, axis });
    picture::show(ui, &picture, height)
}

fn sentence(ui: &mut Ui, comparison: &Comparison) {
    let text = RichText::new(&comparison.sentence).size(15.0).color(ui.visuals().strong_text_color());
    let label = ui.add(Label::new(text).wrap());
    label.widget_info(|| WidgetInfo::labeled(Role::Label, true, &comparison.sentence));
}

fn makespans(ui: &mut Ui, state: &State) -> Option<Picked> {
    ui.add_space(10.0);
    ui.horizontal_top(|ui| {
        ui.label(theme::section("Makespans"));
        ui.add(Label::new(RichText::new(MEANING).small().weak()).wrap());
    });
    let all = &state.shown.summary.distributions;
    let Some(axis) = time_axis(all) else {
        for one in all {
            ui.label(RichText::new(format!("{}: {}", one.label, one.words().join(" · "))).small());
        }
        return None;
    };
    let mut picked = None;
    for one in all {
        let clicked = drawn(ui, axis, |rows| rows.setting(0.0, one));
        if let Some(About::Run(run)) = clicked {
            picked = Some(Picked { setting: one.setting, run });
        }
    }
    drawn(ui, axis, |rows| rows.time_labels(0.0));
    picked
}

fn warnings(ui: &mut Ui, state: &State) {
    if state.shown.summary.noise.is_empty() {
        return;
    }
    ui.add_space(10.0);
    ui.label(theme::section("Noise"));
    for warning in &state.shown.summary.noise {
        ui.horizontal_top(|ui| {
            ui.label(ICON_WARNING.rich_text().size(16.0).color(ui.visuals().warn_fg_color));
            let label = ui.add(Label::new(warning).wrap());
            label.widget_info(|| WidgetInfo::labeled(Role::Label, true, warning));
        });
    }
}
