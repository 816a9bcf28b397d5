//! Carries out commands, and goes on after an answer or a choice of the user.

use super::{
    activity::Activity,
    app::Workbench,
    background::{Done, Work},
    calibration::Calibration,
    command::UiCommand,
    draft::Draft,
    files::{Job, Looked},
    panels::{overlays::Answer, run_first::Asked},
    rooms,
    state::{Level, Overlay, Pane, Purpose, Shown, Then},
    sweep_form, theme,
};
use eframe::egui::{Context, ViewportCommand};
use engine::{Command, Request};
use model::{Experiment, Plan, Task};
use std::{path::PathBuf, time::Duration};
use store::atomic::Existing;

/// The time from a click on Run to the first run, in which the frames that the click causes are drawn.
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
                if let Some(recent) = self.state.session.recent.get(index) {
                    let then = Then::Recent(recent.path.clone());
                    self.unless_unsaved(ctx, then);
                }
            }
            UiCommand::Quit => ctx.send_viewport_cmd(ViewportCommand::Close),
            UiCommand::Save | UiCommand::SaveAs => {
                let path = self.state.editing.draft.path.clone().filter(|_| command == UiCommand::Save);
                self.save(path, None);
            }
            UiCommand::Calibrate => self.calibrate(),
            UiCommand::Export => self.state.choose(Purpose::Export),
            UiCommand::ExportPage(page) => self.state.choose(Purpose::ExportPage(page)),
            _ => self.change(ctx, command),
        }
    }

    fn calibrate(&mut self) {
        let test = self.backend.self_test();
        self.state.overlay = Overlay::MeasuringCosts;
        self.state.session.calibration = Calibration::Running;
        self.background.run(Work::SelfTest, move || Done::Calibrated(test()));
    }

    /// Finds out what a plan that was not made here would execute, and whether that was allowed before.
    fn look_first(&mut self, command: UiCommand) {
        let draft = &self.state.editing.draft;
        let path = draft.path.clone().or_else(|| self.state.shown.path.clone());
        self.files.look(command, draft.plan().clone(), draft.revision(), path);
    }

    /// Runs the plan that was asked about, and remembers that it may be run; refuses if another plan has come in its
    /// place.
    fn run_it(&mut self, asked: Asked) {
        let Looked { command, revision, path, executes, .. } = asked.looked;
        if self.state.editing.draft.revision() != revision {
            return self.state.tell(Level::Info, "The plan is another one now; run it again to see what it executes");
        }
        self.state.editing.draft.allow();
        self.files.allow(executes.unasked, path.map(|path| (path, executes.identity)));
        self.state.push(command);
    }

    fn measure(&mut self, command: UiCommand) {
        if command != UiCommand::Stop && self.state.editing.draft.is_unasked() {
            return self.look_first(command);
        }
        let plan = self.state.editing.draft.plan().clone();
        self.state.editing.launched = Some(plan.clone());
        let mut request = match command {
            UiCommand::Run => Request::run(plan),
            UiCommand::Compare => {
                let choices = plan.to_compare();
                Request::compare(plan, choices)
            }
            UiCommand::Sweep => {
                self.state.session.front = Some(Pane::Sweep);
                let (choices, axis) = (plan.to_compare(), sweep_form::axis(&plan));
                Request::sweep(plan, choices, axis)
            }
            _ => {
                self.state.activity = Activity::Stopping;
                return self.backend.send(Command::Stop);
            }
        };
        request.settle = SETTLE;
        self.state.activity = Activity::Starting;
        self.state.log(Level::Info, format!("{}: {}", command.info().text, self.state.editing.draft.plan().name));
        self.backend.send(Command::Launch(Box::new(request)));
    }

    fn change(&mut self, ctx: &Context, command: UiCommand) {
        let state = &mut self.state;
        match command {
            UiCommand::Undo => state.editing.draft.undo(),
            UiCommand::Redo => state.editing.draft.redo(),
            UiCommand::AddTask => state.overlay = Overlay::Targets { add: true },
            UiCommand::AddPython => state.choose(Purpose::OpenPython { add: true }),
            UiCommand::DuplicateTask => state.editing.draft.duplicate(),
            UiCommand::RemoveTask => state.editing.draft.remove(),
            UiCommand::MoveTaskUp => state.editing.draft.shift(-1),
            UiCommand::MoveTaskDown => state.editing.draft.shift(1),
            UiCommand::Show(pane) => state.session.front = Some(pane),
            UiCommand::TogglePlan => state.session.panels.plan ^= true,
            UiCommand::ToggleInspector => state.session.panels.inspector ^= true,
            UiCommand::ToggleIdleCores => state.session.panels.idle_cores ^= true,
            UiCommand::ByCore => {
                state.session.look.by_core ^= true;
                state.session.front = Some(Pane::Timeline);
            }
            UiCommand::NoEnv => state.session.no_env ^= true,
            UiCommand::Palette => state.overlay = Overlay::Palette,
            UiCommand::Shortcuts => state.overlay = Overlay::Shortcuts,
            UiCommand::MeasuringCosts => state.overlay = Overlay::MeasuringCosts,
            UiCommand::About => state.overlay = Overlay::About,
            UiCommand::Theme(choice) => {
                state.session.theme = choice;
                theme::follow(ctx, choice);
            }
            UiCommand::Run
            | UiCommand::Compare
            | UiCommand::Sweep
            | UiCommand::Stop
            | UiCommand::NewPlan
            | UiCommand::Open
            | UiCommand::Starter(_)
            | UiCommand::Recent(_)
            | UiCommand::Quit
            | UiCommand::Save
            | UiCommand::SaveAs
            | UiCommand::Calibrate
            | UiCommand::Export
            | UiCommand::ExportPage(_) => unreachable!("carry_out() has arms of its own for them"),
        }
    }

    /// Saves the plan; where it has no file, the user chooses a name first.
    fn save(&mut self, path: Option<PathBuf>, then: Option<Then>) {
        match path {
            Some(path) => {
                let draft = &self.state.editing.draft;
                let job = Job::Save { saving: draft.saving(path), draft: draft.number(), then };
                self.files.write(job, Existing::Keep);
            }
            None => self.state.choose(Purpose::SavePlan(then)),
        }
    }

    /// Goes on after the answer to a question.
    pub(super) fn answer(&mut self, ctx: &Context, answer: Answer, about: Overlay) {
        match (answer, about) {
            (Answer::Command(command), _) => self.carry_out(ctx, command),
            (Answer::Save, Overlay::Unsaved(then)) => self.save(self.state.editing.draft.path.clone(), Some(then)),
            (Answer::GiveUp, Overlay::Unsaved(then)) => self.go_on(ctx, then),
            (Answer::Replace, Overlay::Replace(_, job)) => self.files.write(*job, Existing::Replace),
            (Answer::OtherName, Overlay::Replace(_, job)) => self.state.choose(job.purpose()),
            (Answer::RunIt, Overlay::RunFirst(asked)) => self.run_it(*asked),
            // No other question has this answer.
            _ => {}
        }
        ctx.request_repaint_after(Duration::from_millis(1));
    }

    fn unless_unsaved(&mut self, ctx: &Context, then: Then) {
        if self.state.editing.draft.is_dirty() {
            self.state.overlay = Overlay::Unsaved(then);
        } else {
            self.go_on(ctx, then);
        }
    }

    /// Goes on with what replaces the plan: its changes are saved, or given up.
    pub fn go_on(&mut self, ctx: &Context, then: Then) {
        match then {
            Then::New => self.replace(Draft::new(Plan::empty("Untitled plan"), None)),
            Then::Open => self.state.choose(Purpose::Open),
            Then::Starter(index) => match rooms::starter_plan(&starters::all()[index]) {
                Ok(file) => self.replace(Draft::of(file, None)),
                Err(message) => self.state.tell(Level::Error, message),
            },
            Then::Recent(path) => self.files.open(path),
            Then::Close => {
                self.given_up = true;
                ctx.send_viewport_cmd(ViewportCommand::Close);
            }
        }
    }

    /// Replaces the plan, and removes the experiment of the former, unless that is being measured.
    pub(super) fn replace(&mut self, draft: Draft) {
        self.state.editing.replace(draft);
        if !self.state.activity.is_measuring() {
            self.state.shown = Shown::default();
        }
    }

    /// Shows an experiment read from a file, with its plan ready to run again.
    pub fn show_experiment(&mut self, experiment: Experiment, path: PathBuf) {
        if self.state.activity.is_measuring() {
            return self.state.tell(Level::Error, "Stop the experiment first, then open the saved run again");
        }
        let mut plan = experiment.plan.clone();
        plan.tasks.iter_mut().for_each(Task::ask_for_env);
        let draft = Draft::new(plan.clone(), None);
        // A result that the window kept by itself was run here.
        let is_own = self.state.session.recent.iter().any(|recent| recent.path == path);
        self.state.editing.replace(if is_own { draft } else { draft.of_others() });
        self.state.shown = Shown::of(experiment, plan, Some(path));
        self.state.activity = Activity::SummingUp;
        self.state.session.front = Some(if self.state.shown.is_sweep() { Pane::Sweep } else { Pane::Timeline });
    }
}
