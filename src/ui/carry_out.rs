//! Carries out commands, and goes on where a file or an answer has come.

use super::{
    Opened,
    activity::Activity,
    app::Workbench,
    calibration::Calibration,
    command::UiCommand,
    dialogs::Chosen,
    draft::Draft,
    files::{FileDone, Job, Looked},
    panels::{functions, program, run_first::Asked},
    rooms,
    state::{Level, Overlay, Pane, Purpose, State, Then, capital},
    sweep_form, theme,
};
use eframe::egui::{Context, ViewportCommand};
use engine::{Command, Request};
use export::{ChartTheme, ExportOptions};
use model::{Experiment, Plan, Target, Task};
use std::{path::PathBuf, sync::Arc, time::Duration};
use store::atomic::Existing;

/// From a click on Run to the first run: the frames that the click causes are drawn by then.
const SETTLE: Duration = Duration::from_millis(300);

impl Workbench {
    /// Carries out a command, unless it cannot be done now.
    pub fn carry_out(&mut self, ctx: &Context, command: UiCommand) {
        if let Some(reason) = command.refusal(&self.state) {
            self.state.log(Level::Info, reason);
            return;
        }
        match command {
            UiCommand::Run | UiCommand::Compare | UiCommand::Sweep | UiCommand::Stop => self.measure(command),
            UiCommand::NewPlan => self.unless_unsaved(ctx, Then::New),
            UiCommand::Open => self.unless_unsaved(ctx, Then::Open),
            UiCommand::Starter(index) => self.unless_unsaved(ctx, Then::Starter(index)),
            UiCommand::Recent(index) => {
                if let Some(recent) = self.state.recent.get(index) {
                    let then = Then::Recent(recent.path.clone());
                    self.unless_unsaved(ctx, then);
                }
            }
            UiCommand::Quit => ctx.send_viewport_cmd(ViewportCommand::Close),
            UiCommand::Save | UiCommand::SaveAs => {
                self.state.after_save = None;
                let path = self.state.draft.path.clone().filter(|_| command == UiCommand::Save);
                self.save(path);
            }
            UiCommand::Calibrate => self.calibrate(ctx),
            UiCommand::Export => self.state.wanted = Some(Purpose::Export),
            UiCommand::ExportPage(page) => self.state.wanted = Some(Purpose::ExportPage(page)),
            _ => self.change(ctx, command),
        }
    }

    fn calibrate(&mut self, ctx: &Context) {
        let waker = ctx.clone();
        self.state.overlay = Overlay::MeasuringCosts;
        self.state.calibration = Calibration::start(self.backend.self_test(), move || waker.request_repaint());
    }

    /// A plan that was not made here is looked at first: what it would execute, and whether that was allowed before.
    fn look_first(&mut self, command: UiCommand) {
        let draft = &self.state.draft;
        let path = draft.path.clone().or_else(|| self.state.experiment_path.clone());
        self.files.look(command, draft.plan().clone(), draft.revision(), path);
    }

    /// Runs it where there is nothing to ask about; else asks.
    fn looked(&mut self, looked: Looked) {
        let draft = &mut self.state.draft;
        if draft.revision() != looked.revision || !draft.is_unasked() {
            return;
        }
        if looked.known || looked.executes.list.is_empty() {
            draft.allow();
            return self.state.push(looked.command);
        }
        self.state.asked = Some(Box::new(Asked::new(looked)));
        self.state.overlay = Overlay::RunFirst;
    }

    /// Runs what was asked about, and remembers that it may be run.
    pub fn run_it(&mut self) {
        let Some(asked) = self.state.asked.take() else { return };
        let Looked { command, path, executes, .. } = asked.looked;
        self.state.draft.allow();
        self.files.allow(executes.unasked, path.map(|path| (path, executes.identity)));
        self.state.push(command);
    }

    fn measure(&mut self, command: UiCommand) {
        if command != UiCommand::Stop && self.state.draft.is_unasked() {
            return self.look_first(command);
        }
        let plan = self.state.draft.plan().clone();
        self.state.launched = Some(plan.clone());
        let mut request = match command {
            UiCommand::Run => Request::run(plan),
            UiCommand::Compare => {
                let choices = plan.to_compare();
                Request::compare(plan, choices)
            }
            UiCommand::Sweep => {
                self.state.front = Some(Pane::Sweep);
                let (choices, axis) = (plan.to_compare(), sweep_form::axis(&plan));
                Request::sweep(plan, choices, axis)
            }
            _ => {
                self.state.activity = Activity::Stopping;
                self.state.launched = None;
                return self.backend.send(Command::Stop);
            }
        };
        request.settle = SETTLE;
        self.state.activity = Activity::Starting;
        self.state.log(Level::Info, format!("{}: {}", command.info().text, self.state.draft.plan().name));
        self.backend.send(Command::Launch(Box::new(request)));
    }

    fn change(&mut self, ctx: &Context, command: UiCommand) {
        let state = &mut self.state;
        match command {
            UiCommand::Undo => state.draft.undo(),
            UiCommand::Redo => state.draft.redo(),
            UiCommand::AddTask => state.overlay = Overlay::Targets { add: true },
            UiCommand::AddPython => state.wanted = Some(Purpose::OpenPython { add: true }),
            UiCommand::DuplicateTask => state.draft.duplicate(),
            UiCommand::RemoveTask => state.draft.remove(),
            UiCommand::MoveTaskUp => state.draft.shift(-1),
            UiCommand::MoveTaskDown => state.draft.shift(1),
            UiCommand::ShowTimeline => state.front = Some(Pane::Timeline),
            UiCommand::ShowTable => state.front = Some(Pane::Table),
            UiCommand::ShowComparison => state.front = Some(Pane::Comparison),
            UiCommand::ShowExecutions => state.front = Some(Pane::Executions),
            UiCommand::ShowWhy => state.front = Some(Pane::Why),
            UiCommand::ShowCosts => state.front = Some(Pane::Costs),
            UiCommand::ShowSweep => state.front = Some(Pane::Sweep),
            UiCommand::ShowMessages => state.front = Some(Pane::Messages),
            UiCommand::TogglePlan => state.panels.plan ^= true,
            UiCommand::ToggleInspector => state.panels.inspector ^= true,
            UiCommand::ToggleIdleCores => state.panels.idle_cores ^= true,
            UiCommand::ByCore => {
                state.look.by_core ^= true;
                state.front = Some(Pane::Timeline);
            }
            UiCommand::NoEnv => state.no_env ^= true,
            UiCommand::Palette => state.overlay = Overlay::Palette,
            UiCommand::Shortcuts => state.overlay = Overlay::Shortcuts,
            UiCommand::MeasuringCosts => state.overlay = Overlay::MeasuringCosts,
            UiCommand::About => state.overlay = Overlay::About,
            UiCommand::Theme(choice) => {
                state.theme = choice;
                theme::follow(ctx, choice);
            }
            _ => {}
        }
    }

    fn save(&mut self, path: Option<PathBuf>) {
        match path {
            Some(path) => self.files.write(Job::Save(self.state.draft.saving(path)), Existing::Keep),
            None => self.state.wanted = Some(Purpose::SavePlan),
        }
    }

    fn unless_unsaved(&mut self, ctx: &Context, then: Then) {
        if self.state.draft.is_dirty() {
            self.state.overlay = Overlay::Unsaved(then);
        } else {
            self.go_on(ctx, then);
        }
    }

    /// Goes on with what would throw unsaved changes away: they are saved, or given up.
    pub fn go_on(&mut self, ctx: &Context, then: Then) {
        match then {
            Then::New => self.replace(Draft::new(Plan::empty("Untitled plan"), None)),
            Then::Open => self.state.wanted = Some(Purpose::Open),
            Then::Starter(index) => match rooms::starter_plan(&starters::all()[index]) {
                Ok(file) => self.replace(Draft::of(file, None)),
                Err(message) => self.state.tell(Level::Error, message),
            },
            Then::Recent(path) => self.files.open(path),
            Then::Close => {
                self.state.closing = true;
                ctx.send_viewport_cmd(ViewportCommand::Close);
            }
        }
    }

    /// Saves first, then goes on.
    pub fn save_then(&mut self, then: Then) {
        self.state.after_save = Some(then);
        self.save(self.state.draft.path.clone());
    }

    fn replace(&mut self, draft: Draft) {
        self.state.draft = draft.following(&self.state.draft);
        if !self.state.activity.is_busy() {
            self.forget_experiment();
        }
    }

    fn forget_experiment(&mut self) {
        self.state.experiment = None;
        self.state.experiment_path = None;
        self.state.selected = None;
        self.state.summary = Default::default();
        self.state.shown = Default::default();
        self.state.views = Default::default();
        self.state.scalings = Default::default();
        self.state.listed = None;
    }

    /// Shows an experiment read from a file, with its plan ready to run again.
    pub fn show_experiment(&mut self, experiment: Experiment, path: PathBuf) {
        if self.state.activity.is_busy() {
            return self.state.tell(Level::Error, "Stop the experiment first, then open the saved run again");
        }
        let mut plan = experiment.plan.clone();
        plan.tasks.iter_mut().for_each(Task::ask_for_env);
        let draft = Draft::new(plan, None);
        // What the window has kept by itself was run here.
        let is_own = self.state.recent.iter().any(|recent| recent.path == path);
        self.replace(if is_own { draft } else { draft.of_others() });
        self.state.views = Default::default();
        self.state.scalings = Default::default();
        self.state.measured = Some(self.state.draft.plan().clone());
        self.state.experiment = Some(Arc::new(experiment));
        self.state.experiment_path = Some(path);
        self.state.summarise();
        let is_sweep = self.state.experiment.as_deref().is_some_and(|experiment| experiment.sweep.is_some());
        self.state.front = Some(if is_sweep { Pane::Sweep } else { Pane::Timeline });
    }

    /// Goes on where a file was chosen.
    pub fn chosen(&mut self, ctx: &Context, Chosen { purpose, path, existing }: Chosen) {
        let draft = &mut self.state.draft;
        let text = path.display().to_string();
        let selected = draft.selected;
        match purpose {
            Purpose::Open => self.files.open(path),
            Purpose::SavePlan => self.files.write(Job::Save(draft.saving(path)), existing),
            Purpose::Export | Purpose::ExportPage(_) => {
                if let Some(experiment) = &self.state.experiment {
                    let options = export_options(&self.state, ctx);
                    let experiment = experiment.clone();
                    self.files.write(Job::Export { path, purpose, experiment, options }, existing);
                }
            }
            Purpose::Program => draft.edit(None, |plan| {
                if let Some(task) = plan.tasks.get_mut(selected) {
                    let before = task.target.to_string();
                    task.target = Target::Program(text);
                    program::follow(task, before.trim_start_matches("program:"));
                }
            }),
            Purpose::OpenPython { add } => functions::open(&mut self.state, add, &path),
            Purpose::Interpreter => draft.edit(None, |plan| plan.run.python = Some(text)),
            Purpose::Folder => draft.edit(None, |plan| {
                if let Some(task) = plan.tasks.get_mut(selected) {
                    task.cwd = Some(text);
                }
            }),
        }
    }

    /// Goes on where a file was read or written.
    pub fn file_done(&mut self, ctx: &Context, done: FileDone) {
        match done {
            FileDone::Opened(Ok(Opened::Plan { file, path })) => {
                self.replace(Draft::of(*file, path).of_others());
                self.restore_unsaved();
            }
            FileDone::Opened(Ok(Opened::Experiment { experiment, path })) => self.show_experiment(*experiment, path),
            FileDone::Asks(question, job) => {
                self.state.overlay = Overlay::Replace { path: job.path().to_owned(), question };
                self.state.pending = Some(job);
            }
            FileDone::Saved(Ok(saved)) => {
                self.state.tell(Level::Good, format!("Saved {}", saved.path.display()));
                self.state.draft.mark_saved(saved);
                let draft = &self.state.draft;
                if let Some(path) = draft.path.clone().filter(|_| !draft.is_unasked()) {
                    self.files.made_here(draft.plan().clone(), path);
                }
                if let Some(then) = self.state.after_save.take() {
                    self.go_on(ctx, then);
                }
            }
            FileDone::Executes(looked) => self.looked(*looked),
            FileDone::Allowed(Ok(())) => self.python.ask_again(),
            FileDone::Allowed(Err(message)) => {
                self.state.tell(Level::Error, format!("What you allowed can't be remembered: {message}"));
            }
            FileDone::Exported(Ok(path)) => self.state.tell(Level::Good, format!("Wrote {}", path.display())),
            FileDone::Opened(Err(message)) | FileDone::Saved(Err(message)) | FileDone::Exported(Err(message)) => {
                self.state.after_save = None;
                self.state.tell(Level::Error, capital(&message));
            }
        }
    }
}

/// What is seen: the shown repeats, in the window's own light or dark.
fn export_options(state: &State, ctx: &Context) -> ExportOptions {
    let theme = if ctx.theme() == eframe::egui::Theme::Dark { ChartTheme::Dark } else { ChartTheme::Light };
    let experiment = state.experiment.as_deref();
    let shown = experiment.into_iter().flat_map(|experiment| {
        let run = |setting| Some((setting, state.shown.run(experiment, setting).filter(|run| !run.warmup)?.repeat));
        super::shown::settings(experiment).into_iter().filter_map(run)
    });
    let before_edit = state.results_are_of_the_plan_before();
    let no_env = state.no_env;
    ExportOptions { theme, repeats: shown.collect(), before_edit, no_env, ..ExportOptions::default() }
}
