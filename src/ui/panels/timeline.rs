//! The timeline tab: each setting with its shown run, the verdict below, or what to do next.

use crate::{
    activity::Activity,
    command::UiCommand,
    shown,
    state::{IDLE_SAMPLES, State},
    theme,
    widgets::{core_view::switch, idle_cores, legend, rows::empty, run_view},
};
use eframe::egui::{
    self, Align, ComboBox, Label, Layout, RichText, Role, ScrollArea, Sense, Ui, WidgetInfo, pos2, vec2,
};
use egui_material_icons::icons::{ICON_COMPARE_ARROWS, ICON_SCHEDULE};
use insight::{compare::is_of, label::label, others};
use model::{Choice, Run, Setting, choice::Runtime, document::Comparison};

const HEADING: f32 = 28.0;
/// Below this width, in points, there is no room for everything in a heading.
const NARROW: f32 = 440.0;
/// Below this width, in points, a heading has no words.
const LEAST_WORDS: f32 = 48.0;
/// Height of the verdict, fixed so that nothing jumps when it comes.
pub const VERDICT: f32 = 58.0;
/// Stands in the place of the first summary of an experiment until that is made.
pub const SUMMING_UP: &str = "What the runs say together is being worked out.";
/// The least height of a run, and of one with a row for the GIL; below that, the tab scrolls.
const LEAST: (f32, f32) = (150.0, 190.0);

/// Draws the tab.
pub fn show(ui: &mut Ui, state: &mut State) {
    let settings =
        state.shown.experiment.as_deref().map(|experiment| state.shown.runs.timelines(experiment)).unwrap_or_default();
    if state.shown.has_runs() {
        runs(ui, state, &settings);
    } else {
        nothing_yet(ui, state);
    }
}

fn nothing_yet(ui: &mut Ui, state: &State) {
    let cores = state.session.panels.idle_cores && !state.activity.is_measuring();
    let below = if cores { idle_cores::HEIGHT + 30.0 } else { 0.0 };
    let size = vec2(ui.available_width(), (ui.available_height() - below).max(90.0));
    ui.allocate_ui(size, |ui| {
        ui.set_min_size(size);
        if state.activity.is_measuring() {
            return empty(ui, ICON_SCHEDULE, "Starting", "The first run begins in a moment.");
        }
        let choices: Vec<_> = state.editing.draft.plan().to_compare().iter().map(choice_words).collect();
        let choices = listed(&choices);
        let next = format!("Press Compare to run this plan {choices},\nor Run to run it in the chosen mode.");
        empty(ui, ICON_COMPARE_ARROWS, "Nothing has run yet", &next);
    });
    if cores {
        ui.label(theme::section("Cores now (an estimate)"));
        idle_cores::show(ui, &state.session.idle, IDLE_SAMPLES);
    }
}

/// `a`, `a and b`, `a, b and c`.
fn listed(words: &[String]) -> String {
    match words {
        [] => String::new(),
        [only] => only.clone(),
        [others @ .., last] => format!("{} and {last}", others.join(", ")),
    }
}

/// `as threads`, `as processes (spawn) in python3.13`.
fn choice_words(choice: &Choice) -> String {
    let method = choice.start_method.map_or_else(String::new, |method| format!(" ({method})"));
    let runtime = match choice.runtime {
        Runtime::Any => String::new(),
        Runtime::Native => " (native)".to_owned(),
        Runtime::Python(interpreter) => format!(" in {}", interpreter.short()),
    };
    format!("{}{method}{runtime}", words(choice.mode))
}

fn words(mode: model::LaunchMode) -> &'static str {
    use model::LaunchMode;
    match mode {
        LaunchMode::Sequential => "one after another",
        LaunchMode::Threads => "as threads",
        LaunchMode::Processes => "as processes",
        LaunchMode::ThreadPool => "in a thread pool",
        LaunchMode::ProcessPool => "in a process pool",
        LaunchMode::Interpreters => "in subinterpreters",
        LaunchMode::Asyncio => "in asyncio",
    }
}

fn runs(ui: &mut Ui, state: &mut State, settings: &[Setting]) {
    if let Some(experiment) = &state.shown.experiment {
        state.shown.views.update(experiment, &state.shown.runs);
    }
    let gaps = ui.spacing().item_spacing.y;
    let legend = legend::height(ui, &state.shown.views.legend, &state.session.look);
    let height = ui.available_height() - VERDICT - legend - 2.0 * gaps;
    let python = settings.iter().any(|setting| setting.interpreter.is_some());
    let least = if python { LEAST.1 } else { LEAST.0 };
    let each = (height / settings.len().max(1) as f32 - HEADING - 2.0 * gaps).max(least);
    ScrollArea::vertical().id_salt("runs").max_height(height).auto_shrink([false, false]).show(ui, |ui| {
        for setting in settings {
            let top = ui.cursor().min;
            heading(ui, state, *setting, settings);
            let size = vec2(ui.available_width(), each);
            let drawn = ui.allocate_ui(size, |ui| {
                ui.set_min_size(size);
                body(ui, state, *setting, each);
            });
            if state.shown.views.reveal == Some(*setting) {
                state.shown.views.reveal = None;
                ui.scroll_to_rect(egui::Rect::from_min_max(top, drawn.response.rect.max), None);
            }
        }
    });
    legend::show(ui, &state.shown.views.legend, &mut state.session.look);
    verdict(ui, state, settings);
}

fn body(ui: &mut Ui, state: &mut State, setting: Setting, height: f32) {
    let mut selected = state.shown.selected;
    let shown = state.shown.experiment.as_deref().and_then(|experiment| {
        let run = state.shown.runs.run(experiment, setting)?;
        let (cores, measure) = (experiment.machine.logical_cores as usize, experiment.plan.run.measure);
        Some(run_view::RunViewParams { run, look: state.session.look, cores, measure, height })
    });
    match shown {
        Some(params) => run_view::show(ui, &params, &mut state.shown.views, &mut selected),
        None => {
            ui.weak("Its first run is still to come.");
        }
    }
    if selected != state.shown.selected {
        state.shown.listed = Some(setting);
        state.shown.selected = selected;
    }
}

/// `Threads  1.84 s  (1.81 s to 1.88 s, 5 repeats)`, and on the right which run is shown.
fn heading(ui: &mut Ui, state: &mut State, setting: Setting, among: &[Setting]) {
    ui.horizontal(|ui| {
        ui.set_height(HEADING);
        let (mark, _) = ui.allocate_exact_size(vec2(4.0, 18.0), Sense::hover());
        ui.painter().rect_filled(mark, 2.0, theme::accent(setting.mode));
        let is_narrow = ui.available_width() < NARROW;
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            picker(ui, state, setting, is_narrow);
            // The first timeline has the switch, which turns all of them.
            if among.first() == Some(&setting) {
                turn(ui, state);
            }
            others_warning(ui, state, setting);
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| words_of(ui, state, setting, among));
        });
    });
}

/// The switch between lanes and cores.
fn turn(ui: &mut Ui, state: &mut State) {
    let shortcut = UiCommand::ByCore.info().shortcut;
    let key = shortcut.map(|shortcut| ui.ctx().format_shortcut(&shortcut)).unwrap_or_default();
    ui.scope(|ui| {
        if switch::show(ui, state.session.look.by_core, &key) {
            state.push(UiCommand::ByCore);
        }
    });
}

/// The heading beside the picker; where there is no room, its last words are cut, with an ellipsis.
fn words_of(ui: &mut Ui, state: &mut State, setting: Setting, among: &[Setting]) {
    let all = state.shown.experiment.as_deref().map(shown::settings).unwrap_or_default();
    if all.len() > among.len() {
        which(ui, state, setting, &all);
    } else {
        ui.add(Label::new(RichText::new(label(setting, among)).heading().strong()).truncate());
    }
    // Where interpreters differ, the label of the setting names its own.
    let alike = among.iter().all(|other| other.interpreter == setting.interpreter);
    if let Some(title) = interpreter(state, setting).filter(|_| alike) {
        ui.weak(title);
    }
    if let Some((value, spread)) = state.shown.experiment.as_deref().and_then(|e| spread(e, setting)) {
        for words in [RichText::new(value).heading(), RichText::new(spread).weak()] {
            if ui.available_width() >= LEAST_WORDS {
                ui.add(Label::new(words).truncate());
            }
        }
    }
}

/// Chooses which of many settings has this timeline.
fn which(ui: &mut Ui, state: &mut State, setting: Setting, all: &[Setting]) {
    let mut chosen = setting;
    let text = RichText::new(label(setting, all)).strong();
    let combo = ComboBox::from_id_salt(("setting", setting)).selected_text(text).width(170.0).show_ui(ui, |ui| {
        for other in all {
            ui.selectable_value(&mut chosen, *other, label(*other, all));
        }
    });
    let name = format!("Setting of the timeline: {}", label(setting, all));
    combo.response.widget_info(|| WidgetInfo::labeled(Role::ComboBox, true, &name));
    if let Some(experiment) = state.shown.experiment.as_deref().filter(|_| chosen != setting) {
        state.shown.runs.replace(experiment, setting, chosen);
    }
}

/// What the interpreter of the shown run says of itself: `CPython 3.13.0`.
fn interpreter(state: &State, setting: Setting) -> Option<String> {
    let run = state.shown.runs.run(state.shown.experiment.as_deref()?, setting)?;
    Some(run.interpreter_facts.as_ref()?.title())
}

fn spread(experiment: &model::Experiment, setting: Setting) -> Option<(String, String)> {
    use model::quantity::human_ns;
    let [least, median, most, count] = shown::makespans(experiment, setting)?;
    let spread = match count {
        1 => "one repeat".to_owned(),
        _ => format!("median of {count}, {} to {}", human_ns(least), human_ns(most)),
    };
    Some((human_ns(median), spread))
}

/// A sign beside the picker where other programs took much of the machine during the shown run.
fn others_warning(ui: &mut Ui, state: &State, setting: Setting) {
    let run = state.shown.experiment.as_deref().and_then(|experiment| state.shown.runs.run(experiment, setting));
    if let Some(warning) = run.and_then(others::warning) {
        super::warning(ui, &warning);
    }
}

/// The picker of the shown run. Where there is little room, only its list says why this run is shown.
fn picker(ui: &mut Ui, state: &mut State, setting: Setting, is_narrow: bool) {
    let Some(experiment) = &state.shown.experiment else { return };
    let Some(run) = state.shown.runs.run(experiment, setting) else { return };
    let auto = if experiment.ended { "median repeat" } else { "latest" };
    let chosen = state.shown.runs.choice(setting);
    let text = match chosen {
        None if !is_narrow => format!("{} ({auto})", shown::name(run)),
        _ => shown::name(run),
    };
    let mut choice = chosen;
    let width = if is_narrow { 60.0 } else { 150.0 };
    let combo = ComboBox::from_id_salt(("run", setting)).selected_text(text).width(width).show_ui(ui, |ui| {
        ui.selectable_value(&mut choice, None, auto);
        for run in experiment.runs.iter().filter(|run| run.setting() == setting) {
            ui.selectable_value(&mut choice, Some(run.id), entry(run));
        }
    });
    let name = format!("Shown run of {}", setting.mode.word());
    combo.response.widget_info(|| WidgetInfo::labeled(Role::ComboBox, true, &name));
    if choice != chosen {
        state.shown.runs.choose(setting, choice);
    }
}

fn entry(run: &Run) -> String {
    let time = run.makespan_ns.map_or_else(|| "cut short".to_owned(), model::quantity::human_ns);
    format!("{}: {}", shown::name(run), if run.end.is_none() { "running".to_owned() } else { time })
}

/// What the runs say together, always in a region of the same height.
fn verdict(ui: &mut Ui, state: &State, settings: &[Setting]) {
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), VERDICT), Sense::hover());
    let line = ui.visuals().widgets.noninteractive.bg_stroke;
    ui.painter().line_segment([rect.left_top(), pos2(rect.right(), rect.top())], line);
    let builder = egui::UiBuilder::new().max_rect(rect.shrink2(vec2(0.0, 6.0)));
    let of_these = |comparison: &&Comparison| match settings {
        [a, b] => is_of(comparison, *a, *b) || is_of(comparison, *b, *a),
        _ => true,
    };
    let is_sweep = state.shown.is_sweep();
    let compares = state.shown.experiment.as_deref().is_some_and(|experiment| experiment.compared.len() > 1);
    ui.scope_builder(builder, |ui| {
        match (state.shown.summary.comparisons.iter().find(of_these), state.activity.is_busy()) {
            (Some(comparison), busy) => {
                let first =
                    state.shown.summary.comparisons.first().is_some_and(|first| std::ptr::eq(first, comparison));
                let reason = state.shown.summary.why.reason.as_deref().filter(|_| first);
                sentence(ui, comparison, reason, busy);
            }
            (None, _) if !state.shown.summary.is_there() && state.activity == Activity::SummingUp => {
                ui.weak(SUMMING_UP);
            }
            (None, _) if is_sweep => {
                ui.weak("The Sweep tab says which is best; these two are compared only if both are at the same point.");
            }
            (None, true) if compares => {
                ui.weak("The verdict comes when both have run.");
            }
            (None, true) => {
                ui.weak("The plan runs in one setting now. To see which setting is faster, press Compare.");
            }
            (None, false) => {
                ui.weak("Press Compare to see which setting is faster.");
            }
        }
    });
}

/// The verdict and, if one was found, its reason.
fn sentence(ui: &mut Ui, comparison: &Comparison, reason: Option<&str>, busy: bool) {
    let reason = reason.map_or_else(String::new, |reason| format!(" Why: {reason}."));
    let words = format!("{}{reason}", comparison.sentence);
    let text = RichText::new(&words).size(15.0).color(ui.visuals().strong_text_color());
    let text = if busy { text.weak() } else { text };
    let response = ui.add(Label::new(text).wrap());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &words));
}

#[cfg(test)]
mod tests {
    use super::{choice_words, listed};

    #[test]
    fn choices_are_listed_as_people_write_them() {
        let listed = |choices: &[&str]| {
            let choices: Vec<_> =
                choices.iter().map(|choice| choice_words(&choice.parse().expect("a choice"))).collect();
            listed(&choices)
        };
        assert_eq!(listed(&["threads"]), "as threads");
        assert_eq!(listed(&["threads", "processes"]), "as threads and as processes");
        let three = ["threads@python3.13", "threads:raw@python3.13", "sequential"];
        assert_eq!(listed(&three), "as threads in python3.13, as threads (raw) in python3.13 and one after another");
    }
}
