//! The why tab: what explains the result, each finding with its evidence, what to try, and a link to where it shows.

use crate::{
    command::UiCommand,
    page::Page,
    shown,
    state::{Pane, State},
    theme,
    widgets::{command_button, rows::empty},
};
use eframe::egui::{
    self, Align, Button, Color32, Frame, Label, Layout, Margin, RichText, Role, ScrollArea, Sense, Stroke, TextFormat,
    TextStyle, TextWrapMode, Ui, WidgetInfo, pos2, text::LayoutJob, vec2,
};
use egui_material_icons::icons::{ICON_LIGHTBULB, ICON_TIPS_AND_UPDATES, ICON_VIEW_TIMELINE};
use insight::{
    evidence::{self, Figure, NOTHING},
    label,
};
use model::{Experiment, Finding, Run};
use scene::{palette, sweep::view::sentences};

/// Width of the mark at a card's left edge.
const MARK: f32 = 4.0;
/// The greatest width of a card: longer lines are hard to read.
const WIDEST: f32 = 980.0;

/// Draws the tab.
pub fn show(ui: &mut Ui, state: &mut State) {
    if !state.shown.has_runs() {
        let next = "Press Compare: what explains the result is listed here, with its evidence and what to try.";
        return empty(ui, ICON_LIGHTBULB, "No findings yet", next);
    }
    let wanted = ScrollArea::vertical().auto_shrink([false, false]).show(ui, |ui| {
        ui.set_max_width((ui.available_width() - 6.0).min(WIDEST));
        heading(ui, state);
        list(ui, state)
    });
    if let Some(finding) = wanted.inner.and_then(|place| state.shown.summary.why.findings.get(place).cloned()) {
        go_to(state, &finding);
    }
}

/// The first verdict, or what a sweep says, and the export.
fn heading(ui: &mut Ui, state: &mut State) {
    let strong = ui.visuals().strong_text_color();
    ui.horizontal(|ui| {
        ui.label(RichText::new("Why").heading().strong());
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            command_button::icon(ui, state, UiCommand::ExportPage(Page::Findings));
        });
    });
    let answer = |ui: &mut Ui, text: &str| ui.add(Label::new(RichText::new(text).size(15.0).color(strong)).wrap());
    if state.shown.is_sweep() {
        state.shown.summary.scaling.iter().flat_map(|scaling| sentences(scaling)).for_each(|text| {
            answer(ui, text);
        });
    } else if let Some(comparison) = state.shown.summary.comparisons.first() {
        answer(ui, &comparison.sentence);
    }
    ui.add_space(4.0);
}

/// The cards; gives the place of the finding to show in the timeline.
fn list(ui: &mut Ui, state: &State) -> Option<usize> {
    let experiment = state.shown.experiment.as_deref()?;
    let findings = &state.shown.summary.why.findings;
    if findings.is_empty() {
        let text = if state.activity.is_busy() { "Nothing stands out so far." } else { NOTHING };
        ui.add(Label::new(RichText::new(text).weak()).wrap());
    }
    let mut wanted = None;
    for (place, finding) in findings.iter().enumerate() {
        if card(ui, experiment, finding) {
            wanted = Some(place);
        }
        ui.add_space(4.0);
    }
    wanted
}

/// Draws one finding; gives whether its place is to be shown.
fn card(ui: &mut Ui, experiment: &Experiment, finding: &Finding) -> bool {
    let run = shown_best(experiment, finding);
    let mark = run.map_or(theme::color(palette::GREY), |run| theme::accent(run.mode));
    let frame = Frame::new()
        .fill(ui.visuals().panel_fill)
        .stroke(ui.visuals().widgets.noninteractive.bg_stroke)
        .corner_radius(6.0)
        .inner_margin(Margin { left: 16, right: 12, top: 10, bottom: 10 });
    let mut asked = false;
    let drawn = frame.show(ui, |ui| {
        ui.set_width(ui.available_width());
        ui.label(RichText::new(&finding.title).heading().strong());
        ui.add(Label::new(&finding.sentence).wrap());
        figures(ui, finding);
        if !finding.advice.is_empty() {
            advice(ui, &finding.advice);
        }
        if let Some(run) = run {
            asked = link(ui, experiment, run, finding);
        }
    });
    edge(ui, drawn.response.rect, mark);
    asked
}

fn edge(ui: &Ui, rect: egui::Rect, color: Color32) {
    let mark = egui::Rect::from_min_max(rect.min, pos2(rect.min.x + MARK, rect.max.y));
    ui.painter().rect_filled(mark, egui::CornerRadius { nw: 6, sw: 6, ne: 0, se: 0 }, color);
}

/// The evidence: a name and a value, one pair beside the other.
fn figures(ui: &mut Ui, finding: &Finding) {
    ui.add_space(2.0);
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing = vec2(6.0, 4.0);
        evidence::figures(finding).iter().for_each(|figure| chip(ui, figure));
    });
    ui.add_space(2.0);
}

/// One name and its value, which wrap to the next line together.
fn chip(ui: &mut Ui, figure: &Figure) {
    let visuals = ui.visuals();
    let small = TextFormat::simple(TextStyle::Small.resolve(ui.style()), visuals.weak_text_color());
    let strong = TextFormat::simple(TextStyle::Monospace.resolve(ui.style()), visuals.strong_text_color());
    let mut text = LayoutJob::default();
    text.append(&figure.name, 0.0, TextFormat { valign: Align::Center, ..small });
    text.append(&figure.value, 7.0, TextFormat { valign: Align::Center, ..strong });
    let fill = visuals.code_bg_color;
    let chip = Button::new(text).fill(fill).stroke(Stroke::NONE).sense(Sense::hover());
    let response = ui.add(chip.wrap_mode(TextWrapMode::Extend));
    let words = format!("{}: {}", figure.name, figure.value);
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &words));
}

fn advice(ui: &mut Ui, text: &str) {
    ui.horizontal_top(|ui| {
        ui.spacing_mut().item_spacing.x = 6.0;
        ui.label(ICON_TIPS_AND_UPDATES.rich_text().size(15.0).weak());
        ui.add(Label::new(text).wrap());
    });
}

/// The button that shows the place, and words for what it will show.
fn link(ui: &mut Ui, experiment: &Experiment, run: &Run, finding: &Finding) -> bool {
    ui.horizontal(|ui| {
        let button = ui.add(Button::new((ICON_VIEW_TIMELINE.rich_text(), "Show in the timeline")));
        let name = format!("Show in the timeline: {}", finding.title);
        button.widget_info(|| WidgetInfo::labeled(Role::Button, true, &name));
        let settings = shown::settings(experiment);
        let setting = label::within(run.setting(), &settings);
        let which = format!("{setting}, {}{}", shown::name(run), evidence::place_words(run, finding));
        ui.add(Label::new(RichText::new(which).weak()).truncate());
        button.clicked()
    })
    .inner
}

fn shown_best<'a>(experiment: &'a Experiment, finding: &Finding) -> Option<&'a Run> {
    let id = finding.runs.first()?;
    experiment.runs.iter().find(|run| run.id == *id)
}

/// Shows the run in which the finding is clearest, selects the execution, and zooms to the place.
fn go_to(state: &mut State, finding: &Finding) {
    let Some(experiment) = &state.shown.experiment else { return };
    let Some(run) = shown_best(experiment, finding) else { return };
    state.shown.runs.choose(run.setting(), Some(run.id));
    match &finding.place {
        Some(place) => state.shown.views.show_place(run, place),
        None => {
            state.shown.views.range.fit(run.now_ns);
            state.shown.views.reveal = Some(run.setting());
        }
    }
    state.shown.selected = finding.place.and_then(|place| place.execution).map(|execution| (run.id, execution));
    state.shown.listed = Some(run.setting());
    state.session.look.by_core = false;
    state.session.front = Some(Pane::Timeline);
}
