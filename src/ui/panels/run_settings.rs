//! The run settings that are needed less often, behind one button.

use super::editor::timeout;
use crate::{
    state::State,
    theme,
    widgets::{
        drop_down,
        rows::{failure, help, row},
    },
};
use eframe::egui::{Button, ComboBox, DragValue, Response, Role, ScrollArea, Ui, WidgetInfo, vec2};
use egui_material_icons::icons::ICON_TUNE;
use engine::usual_start_method;
use insight::stopping::plus_minus;
use model::{
    LaunchMode, Measure, RunSettings, StartMethod,
    duration::limit_text,
    plan::{DEFAULT_PRECISION, MAX_PRECISION, MAX_REPEATS},
};
use std::time::Duration;

/// What is behind the button because the tool bar has no room for it.
#[derive(Clone, Copy)]
pub struct Behind {
    pub interpreter: bool,
    /// Workers and repeats.
    pub numbers: bool,
}

/// Draws the button and what it opens.
pub fn show(ui: &mut Ui, state: &mut State, run: &mut RunSettings, behind: Behind) {
    let more = ui.add(Button::new(ICON_TUNE.rich_text().size(16.0)).min_size(vec2(28.0, theme::TOOL)));
    more.widget_info(|| WidgetInfo::labeled(Role::Button, true, "More run settings"));
    let python = state.editing.draft.plan().has_python();
    let words = if python {
        "When there are enough repeats, warm-up runs, start method, what is measured, limits of time, Python's joins"
    } else {
        "When there are enough repeats, warm-up runs, start method, what is measured, time limit"
    };
    let more = more.on_hover_text(words);
    drop_down::show(ui, &more, |ui| {
        ui.set_width(320.0);
        let height = (ui.ctx().content_rect().height() - 130.0).max(160.0);
        ScrollArea::vertical().max_height(height).show(ui, |ui| {
            if behind.numbers {
                row(ui, "Workers", |ui| workers(ui, run));
                row(ui, "Repeats", |ui| repeats(ui, run));
            }
            if behind.interpreter {
                row(ui, "Interpreter", |ui| super::interpreter::show(ui, state, run, 190.0));
                problems(ui, state, "python");
            }
            shared(ui, state, run, python);
            if python || run.join_timeout.is_some() || run.start_again {
                joins(ui, state, run);
            }
        });
    });
}

/// The field for the number of executions in flight.
pub fn workers(ui: &mut Ui, run: &mut RunSettings) -> Response {
    let words = |n: f64, _| if n < 0.5 { "all".to_owned() } else { format!("{n:.0}") };
    let parser = |text: &str| if text.trim() == "all" { Some(0.0) } else { text.trim().parse().ok() };
    let value = DragValue::new(&mut run.workers).range(0..=4096).clamp_existing_to_range(false).speed(0.1);
    let field = ui.add(value.custom_formatter(words).custom_parser(parser));
    field.on_hover_text("The most executions in flight; 0 for as many as there are")
}

/// The field for the number of repeats.
pub fn repeats(ui: &mut Ui, run: &mut RunSettings) -> Response {
    let help = repeats_words(run);
    let value = DragValue::new(&mut run.repeat).range(1..=MAX_REPEATS).clamp_existing_to_range(false).speed(0.1);
    ui.add(value).on_hover_text(help)
}

fn shared(ui: &mut Ui, state: &State, run: &mut RunSettings, python: bool) {
    precision(ui, state, run);
    row(ui, "Warm-ups", |ui| {
        ui.add(DragValue::new(&mut run.warmup).range(0..=MAX_REPEATS).clamp_existing_to_range(false))
    });
    help(ui, "Runs of each setting before those that count");
    let used = row(ui, "Start by", |ui| start_method(ui, run, python));
    used.widget_info(|| WidgetInfo::labeled(Role::ComboBox, true, "Start by"));
    problems(ui, state, "start_method");
    help(ui, run.start_method.map_or_else(|| usual(run.mode, python), |method| explained(method, run.mode)));
    let measured = row(ui, "Measure", |ui| measure(ui, run));
    measured.widget_info(|| WidgetInfo::labeled(Role::ComboBox, true, "Measure"));
    help(ui, measured_words(run.measure));
    timeout(ui, "Time limit", &mut run.timeout);
    problems(ui, state, "timeout");
    help(ui, "The longest that one execution may take");
    if python {
        seconds(ui, "Loading limit", &mut run.load_timeout);
        problems(ui, state, "load_timeout");
        help(ui, "The longest that loading the functions' files may take, before the first execution");
    }
}

/// Chooses whether there are exactly as many repeats as asked, or more until intervals are narrow enough, and for how
/// long.
fn precision(ui: &mut Ui, state: &State, run: &mut RunSettings) {
    let mut adaptive = run.precision > 0.0;
    row(ui, "Go on", |ui| ui.checkbox(&mut adaptive, "until precise"));
    if adaptive != (run.precision > 0.0) {
        run.precision = if adaptive { DEFAULT_PRECISION } else { 0.0 };
    }
    help(ui, &repeats_words(run));
    if !adaptive {
        return;
    }
    row(ui, "Precision", |ui| {
        let mut percent = run.precision * 100.0;
        let number =
            DragValue::new(&mut percent).range(0.1..=MAX_PRECISION * 100.0).prefix("±").suffix(" %").speed(0.1);
        let number = ui.add(number.max_decimals(2).clamp_existing_to_range(false));
        if number.changed() {
            run.precision = percent / 100.0;
        }
        number
    });
    problems(ui, state, "precision");
    seconds(ui, "At most", &mut run.limit);
    problems(ui, state, "limit");
    help(ui, "How long a comparison goes on for its precision");
}

/// A number of seconds.
fn seconds(ui: &mut Ui, label: &str, limit: &mut Duration) {
    row(ui, label, |ui| {
        let mut secs = limit.as_secs_f64();
        let number = DragValue::new(&mut secs).range(1.0..=86_400.0).suffix(" s").speed(1.0).max_decimals(1);
        let number = ui.add(number.clamp_existing_to_range(false));
        if number.changed() {
            *limit = Duration::from_secs_f64(secs);
        }
        number
    });
}

/// What the number of repeats means, in one sentence.
pub fn repeats_words(run: &RunSettings) -> String {
    if run.precision <= 0.0 {
        return "Exactly so many measured runs of each setting; 6 or more give an interval".to_owned();
    }
    let (precision, limit) = (plus_minus(run.precision), limit_text(run.limit));
    format!("At least so many measured runs of each setting; Compare makes more until {precision}, for at most {limit}")
}

fn start_method(ui: &mut Ui, run: &mut RunSettings, python: bool) -> Response {
    let words = run.start_method.map_or("the usual way", words);
    let combo = ComboBox::from_id_salt("start method").width(190.0).selected_text(words).show_ui(ui, |ui| {
        ui.selectable_value(&mut run.start_method, None, "the usual way");
        for method in StartMethod::of_mode(run.mode, python) {
            let line = ui.selectable_value(&mut run.start_method, Some(*method), self::words(*method));
            line.on_hover_text(explained(*method, run.mode));
        }
    });
    combo.response
}

fn measure(ui: &mut Ui, run: &mut RunSettings) -> Response {
    let combo = ComboBox::from_id_salt("measure").width(190.0).selected_text(run.measure.word()).show_ui(ui, |ui| {
        for measure in Measure::ALL {
            let line = ui.selectable_value(&mut run.measure, measure, measure.word());
            line.on_hover_text(measured_words(measure));
        }
    });
    combo.response.on_hover_text("How much is measured; Help, What measuring costs, tells what each level costs here")
}

/// What a level of measurement tells, and what it costs.
fn measured_words(measure: Measure) -> &'static str {
    match measure {
        Measure::Stamps => "When each phase began, and what the system counted: a clock read and a store for a stamp",
        Measure::States => {
            "Also on CPU, ready, blocked: two reads of clocks a launch, and 100 looks a second from outside"
        }
        Measure::Slices => {
            "Also on which core when: the kernel records every switch, the most costly where starts are many"
        }
    }
}

/// The name of a start method.
fn words(method: StartMethod) -> &'static str {
    match method {
        StartMethod::Fork => "fork",
        StartMethod::Spawn => "spawn",
        StartMethod::Forkserver => "forkserver",
        StartMethod::Thread => "Thread(target=…)",
        StartMethod::Subclass => "subclass with run()",
        StartMethod::Raw => "raw _thread",
        StartMethod::Daemon => "daemon",
        StartMethod::Call => "call",
        StartMethod::Run => "run()",
    }
}

/// One sentence about a start method.
fn explained(method: StartMethod, mode: LaunchMode) -> &'static str {
    match (method, mode) {
        (StartMethod::Fork, _) => "The runner forks: quick, and memory is shared until it is written to",
        (StartMethod::Spawn, _) => "The program or the interpreter is started anew: slower, and it works everywhere",
        (StartMethod::Forkserver, _) => "A server process that was started anew forks: the usual way from Python 3.14",
        (StartMethod::Thread, _) => "threading.Thread(target=…, args=…), then start() and join()",
        (StartMethod::Subclass, LaunchMode::Processes) => "A subclass of multiprocessing.Process that overrides run()",
        (StartMethod::Subclass, _) => "A subclass of threading.Thread that overrides run()",
        (StartMethod::Raw, _) => "_thread.start_new_thread: it can't be joined, so a lock is waited for",
        (StartMethod::Daemon, _) => {
            "threading.Thread(…, daemon=True): nobody joins it, and the end of the run abandons it"
        }
        (StartMethod::Call, _) => "The function is called in the main thread",
        (StartMethod::Run, _) => "A Thread is made, and its run() called instead of start(): all in the main thread",
    }
}

/// The start method where none is chosen.
fn usual(mode: LaunchMode, python: bool) -> &'static str {
    match StartMethod::of_mode(mode, python).first() {
        None => "This mode has only one start method",
        Some(StartMethod::Fork) => explained(usual_start_method(), mode),
        Some(method) => explained(*method, mode),
    }
}

fn joins(ui: &mut Ui, state: &State, run: &mut RunSettings) {
    timeout(ui, "Join for", &mut run.join_timeout);
    problems(ui, state, "join_timeout");
    help(ui, "Python threads: join(timeout) first, then join() for those still alive");
    row(ui, "Start twice", |ui| ui.checkbox(&mut run.start_again, "call start() again"));
    help(ui, "Python threads: the second start() raises RuntimeError, which the main lane shows");
}

/// What is wrong with a run setting.
pub fn problems(ui: &mut Ui, state: &State, key: &str) {
    for problem in state.editing.checks.of(None) {
        if matches!(problem.field, model::Field::Run(found) if found == key) {
            failure(ui, &crate::state::capital(problem.window_message()));
        }
    }
}
