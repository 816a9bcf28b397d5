//! The inspector on the right: everything that is known of the selected execution.

use super::{executions::state_word, members, states, traceback};
use crate::{
    shown,
    state::State,
    theme,
    widgets::{
        legend::sample,
        rows::{FACT, empty, fact},
    },
};
use eframe::egui::{self, Align, Label, Layout, RichText, Role, ScrollArea, Sense, TextStyle, Ui, WidgetInfo, vec2};
use egui_material_icons::icons::{ICON_ADS_CLICK, ICON_CONTENT_COPY};
use insight::{
    answers::silent_join_of,
    left,
    resources::{self, Resource},
    sending::sent_text,
    stamps,
    table::UNKNOWN,
};
use model::{
    Execution, InterpreterFacts, Output, Run,
    quantity::{human_bytes, human_ns},
};
use scene::{charts::legend::Swatch, timeline::TimeKind};

/// The most processes that are listed of those left running.
const MOST_LEFT: usize = 8;
/// The longest result that stands on a line of its own, in bytes.
const SHORT: usize = 24;

/// Draws the panel.
pub fn show(ui: &mut Ui, state: &State) {
    let Some((run, execution)) = state.shown.selected_execution() else {
        let next = "Click a bar of the timeline, or a line of Executions, to see its phases, result and output.";
        return empty(ui, ICON_ADS_CLICK, "Inspector", next);
    };
    ui.spacing_mut().item_spacing.y = 3.0;
    ui.spacing_mut().interact_size.y = FACT;
    ui.label(theme::section("Inspector"));
    head(ui, run, execution);
    if let Some(text) = &execution.traceback {
        heading(ui, "Traceback");
        traceback::show(ui, text);
    }
    if let Some(note) = silent_join_of(run, execution) {
        wrapped(ui, note);
    }
    left_running(ui, run, Some(execution.id), "Left running");
    heading(ui, "Phases");
    phases(ui, execution);
    states::show(ui, run, execution);
    heading(ui, "Result");
    result(ui, state, run, execution);
    heading(ui, "Use");
    for resource in Resource::ALL {
        used(ui, run, execution, resource);
    }
    members::show(ui, execution);
    stamps_since_the_call(ui, run, execution);
    output(ui, run, execution);
    left_running(ui, run, None, "Left running by the run");
    about(ui, run);
}

/// Processes that the execution left behind, or, without one, those whose execution is not known; draws nothing if
/// there is none.
fn left_running(ui: &mut Ui, run: &Run, execution: Option<u32>, title: &str) {
    let mut left = left::of_execution(run, execution).peekable();
    if left.peek().is_some() {
        heading(ui, title);
    }
    for process in left.by_ref().take(MOST_LEFT) {
        let text = RichText::new(process.sentence());
        let text = if process.remains() { text.color(theme::failure(ui.visuals())) } else { text };
        ui.add(Label::new(text).wrap().selectable(true));
    }
    let more = left.count();
    if more > 0 {
        ui.weak(format!("… and {more} more"));
    }
}

/// The execution's stamps, the earliest first, counted from its launch call, with a sign.
fn stamps_since_the_call(ui: &mut Ui, run: &Run, execution: &Execution) {
    heading(ui, "Stamps");
    let told = stamps::told(run, execution);
    if told.is_empty() {
        ui.weak("Nothing has happened yet.");
    }
    for told in told {
        let since = told.since_call().unwrap_or_else(|| told.at());
        let label = format!("{}: {since}", told.what);
        let line = ui.scope(|ui| fact(ui, told.what, &since)).response;
        line.widget_info(|| WidgetInfo::labeled(Role::Label, true, &label));
        line.on_hover_text(format!("{} since the run's origin; counted from the call that launched it", told.at()));
    }
}

/// What is known of the run as a whole.
fn about(ui: &mut Ui, run: &Run) {
    if run.interpreter.is_none() && run.sampling.is_none() {
        return;
    }
    heading(ui, "Run");
    if let Some(interpreter) = run.interpreter {
        let title = run.interpreter_facts.as_ref().map(interpreter_words);
        fact(ui, "Python", &title.unwrap_or_else(|| interpreter.short().to_owned()));
    }
    if let Some(method) = run.start_method {
        fact(ui, "started by", method.word());
    }
    if let Some(facts) = &run.interpreter_facts {
        wrapped(ui, &facts.executable.display().to_string());
    }
    if let Some(sampling) = run.sampling {
        let share = sampling.core_share * 100.0;
        wrapped(ui, &format!("States sampled at {:.0} Hz, cost {share:.1} % of a core", sampling.reached_hz));
    }
}

/// `CPython 3.13.0, GIL on`
fn interpreter_words(facts: &InterpreterFacts) -> String {
    let gil = if facts.free_threaded || facts.gil_enabled != Some(true) { "" } else { ", GIL on" };
    format!("{}{gil}", facts.title())
}

fn wrapped(ui: &mut Ui, text: &str) {
    ui.add(Label::new(RichText::new(text).small().weak()).wrap().selectable(true));
}

/// A section's heading, with a line above.
pub fn heading(ui: &mut Ui, text: &str) {
    ui.add_space(7.0);
    ui.separator();
    ui.label(theme::section(text));
    ui.add_space(2.0);
}

fn head(ui: &mut Ui, run: &Run, execution: &Execution) {
    ui.add(Label::new(RichText::new(execution.label()).heading().strong()).truncate());
    let words = execution.outcome.as_ref().map_or_else(|| state_word(execution).to_owned(), |o| o.sentence());
    ui.horizontal_top(|ui| {
        let color = theme::outcome(execution.outcome.as_ref(), ui.visuals());
        let (rect, _) = ui.allocate_exact_size(vec2(10.0, 16.0), Sense::hover());
        ui.painter().circle_filled(rect.center(), 5.0, color);
        let text = if execution.failed() {
            RichText::new(words).color(theme::failure(ui.visuals()))
        } else {
            RichText::new(words)
        };
        ui.add(Label::new(text).wrap().selectable(true));
    });
    let mut place = vec![format!("{}, {}", run.mode.title().to_lowercase(), shown::name(run))];
    place.extend(execution.lane.map(|lane| format!("lane {lane}")));
    place.extend(execution.pid.map(|pid| format!("pid {pid}")));
    place.extend(execution.tid.map(|tid| format!("tid {tid}")));
    ui.add(Label::new(RichText::new(place.join(" · ")).small().weak()).wrap());
}

fn phases(ui: &mut Ui, execution: &Execution) {
    for phase in execution.phases() {
        let text = execution.phase_ns(phase).map_or_else(|| "–".to_owned(), human_ns);
        let text = match sent_text(execution, phase) {
            Some(sent) => format!("{text} ({sent})"),
            None => text,
        };
        ui.horizontal(|ui| {
            sample(ui, Swatch::of(TimeKind::Phase(phase)));
            fact(ui, phase.word(), &text);
        });
    }
}

fn result(ui: &mut Ui, state: &State, run: &Run, execution: &Execution) {
    let Some(result) = &execution.result else {
        let python = run.interpreter.is_some();
        ui.weak(match &execution.outcome {
            None => "It has not ended yet.",
            Some(outcome) if python && outcome.is_success() => "It returned None.",
            Some(_) => "It returned no result.",
        });
        return;
    };
    let text = result.as_str().map_or_else(|| result.to_string(), str::to_owned);
    if text.len() > SHORT || text.contains('\n') {
        return traceback::result(ui, &text);
    }
    fact(ui, what(state, execution), &text);
}

/// What the result is: a count of something, or a digest.
fn what(state: &State, execution: &Execution) -> &'static str {
    use model::Target;
    let task = state.shown.experiment.as_deref().and_then(|e| e.plan.tasks.get(execution.task_index as usize));
    let info = task.and_then(|task| match &task.target {
        Target::Builtin(name) => targets::find(name),
        Target::Program(_) | Target::Python(_) => None,
    });
    info.map(|info| info.result_help).filter(|help| !help.is_empty()).unwrap_or("returned")
}

/// A number, or a dash that says on hovering why there is none.
fn used(ui: &mut Ui, run: &Run, execution: &Execution, resource: Resource) {
    let (value, why) = match resources::used(run, execution, resource) {
        Ok(value) => (resources::text(resource, value), resource.help().to_owned()),
        Err(reason) => (UNKNOWN.to_owned(), format!("Not known. {reason}")),
    };
    let label = format!("{}: {value}", resource.word());
    let line = ui.scope(|ui| fact(ui, resource.word(), &value)).response.on_hover_text(why);
    line.widget_info(|| WidgetInfo::labeled(Role::Label, true, &label));
}

fn output(ui: &mut Ui, run: &Run, execution: &Execution) {
    let own = execution.output.as_deref().filter(|output| !output.is_empty());
    let runner = run.output.as_ref().filter(|output| !output.is_empty());
    if let Some(output) = own {
        streams(ui, "", output);
    } else if let Some(output) = runner {
        streams(ui, "Runner's ", output);
    }
}

fn streams(ui: &mut Ui, whose: &str, output: &Output) {
    let streams =
        [("stdout", output.stdout_bytes, &output.stdout_tail), ("stderr", output.stderr_bytes, &output.stderr_tail)];
    for (name, bytes, tail) in streams {
        if bytes > 0 {
            stream(ui, &format!("{whose}{name}"), bytes, tail);
        }
    }
}

fn stream(ui: &mut Ui, name: &str, bytes: u64, tail: &str) {
    heading(ui, name);
    ui.horizontal(|ui| {
        let cut = if (tail.len() as u64) < bytes { ", the end of it" } else { "" };
        ui.label(RichText::new(format!("{}{cut}", human_bytes(bytes))).small().weak());
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            if crate::widgets::pairs::small(ui, ICON_CONTENT_COPY, &format!("Copy {name}")) {
                ui.ctx().copy_text(tail.to_owned());
            }
        });
    });
    let lines: Vec<&str> = tail.lines().collect();
    let height = TextStyle::Monospace.resolve(ui.style()).size + 5.0;
    egui::Frame::new().fill(ui.visuals().extreme_bg_color).corner_radius(4).inner_margin(6).show(ui, |ui| {
        let area = ScrollArea::both().id_salt(name).max_height(160.0).auto_shrink([false, true]).stick_to_bottom(true);
        area.show_rows(ui, height, lines.len(), |ui, rows| {
            for line in &lines[rows] {
                ui.add(Label::new(RichText::new(*line).monospace()).extend().selectable(true));
            }
        });
    });
}
