//! Connects engine, files, dialogs and panels with the state.

use super::{
    Opened,
    autosave::Autosave,
    backend::Backend,
    background::{Background, Done, Wake, Work},
    dialogs::Dialogs,
    draft::Draft,
    files::Files,
    keeper::Keeper,
    pace::{self, Gate},
    panels::{self, centre::Centre},
    python, rooms,
    state::{Editing, Level, Overlay, State, Then, Wish},
    theme,
};
use eframe::egui::{Context, Ui, ViewportCommand};
use engine::Command;
use model::Plan;
use std::{
    collections::HashSet,
    path::PathBuf,
    sync::Arc,
    time::{Duration, Instant},
};
use store::{settings::ThemeChoice, unsaved::Unsaved};

/// What the window works with; a test puts other parts in their place.
pub struct Parts {
    /// The engine.
    pub backend: Box<dyn Backend>,
    /// When frames are drawn while a run is measured.
    pub gate: Arc<Gate>,
    /// The dialogs in which the user chooses files.
    pub dialogs: Dialogs,
    /// The folder for recent results and unsaved changes; absent where nothing is kept.
    pub kept: Option<PathBuf>,
    /// Answers what the window asks of interpreters.
    pub ask: Arc<dyn python::Ask>,
}

/// The window's contents, which eframe or a test shows.
pub struct Workbench {
    /// What it knows.
    pub state: State,
    pub(super) backend: Box<dyn Backend>,
    pub(super) background: Background,
    pub(super) files: Files,
    pub(super) python: python::Workers,
    pub(super) dialogs: Dialogs,
    pub(super) keeper: Keeper,
    pub(super) autosave: Autosave,
    /// The summary is being made; until it is there, the experiment stays as it is.
    pub(super) summing_up: bool,
    /// Work of whose failure the user was told already.
    pub(super) told_to_fail: HashSet<Work>,
    /// The user has given up unsaved changes: the window is to close.
    pub(super) given_up: bool,
    /// Whether the window had the keyboard focus at the last frame.
    pub(super) focused: bool,
    /// Unsaved changes that closed windows left behind, each with its lock file.
    pub(super) left: Vec<(PathBuf, Unsaved)>,
    centre: Centre,
    pub(super) gate: Arc<Gate>,
    cores: usize,
    cpu_before: Option<Duration>,
    watching: Option<bool>,
    title: String,
}

impl Workbench {
    /// Sets the window up with what it opens, or else with the first starter plan.
    pub fn new(ctx: &Context, parts: Parts, open: Option<Opened>, choice: ThemeChoice) -> Self {
        theme::install(ctx);
        theme::follow(ctx, choice);
        let Parts { backend, gate, dialogs, kept, ask } = parts;
        let background = background(ctx, &gate);
        let mut bench = Self {
            state: State::new(first_draft(), choice),
            backend,
            files: Files::new(ask.clone(), background.clone()),
            python: python::Workers::new(ask, background.clone()),
            keeper: Keeper::start(kept, &background),
            background,
            dialogs,
            autosave: Autosave::default(),
            summing_up: false,
            told_to_fail: HashSet::new(),
            given_up: false,
            focused: true,
            left: Vec::new(),
            centre: Centre::new(),
            gate,
            cores: std::thread::available_parallelism().map_or(1, usize::from),
            cpu_before: None,
            watching: None,
            title: String::new(),
        };
        match open {
            None => {}
            Some(Opened::Plan { file, path }) => {
                let elsewhere = rooms::is_from_elsewhere(&file, path.as_deref());
                let draft = Draft::of(*file, path);
                let draft = if elsewhere { draft.of_others() } else { draft };
                bench.state.editing = Editing::new(draft);
            }
            Some(Opened::Experiment { experiment, path }) => bench.show_experiment(*experiment, path),
        }
        bench
    }

    /// Everything that needs no drawing; called before each frame, and while the window is hidden.
    /// `frame_cost` is what the last frame cost, where the system does not tell the process's CPU time.
    pub fn logic(&mut self, ctx: &Context, frame_cost: Duration) {
        self.keep_pace(frame_cost);
        while let Some(done) = self.background.poll() {
            self.take_in(ctx, done);
        }
        self.drain(ctx);
        self.sum_up();
        self.keep(ctx);
        self.follow_python();
        self.keys(ctx);
        self.close(ctx);
        self.watch_idle();
        self.retitle(ctx);
    }

    /// Draws the window, and carries out what its panels asked for.
    pub fn ui(&mut self, ui: &mut Ui) {
        let ctx = ui.ctx().clone();
        panels::show(ui, &mut self.state, &mut self.centre);
        if let Some((answer, about)) = panels::overlays::show(&ctx, &mut self.state) {
            self.answer(&ctx, answer, about);
        }
        if let Some(chosen) = self.dialogs.show(&ctx) {
            self.chosen(&ctx, chosen);
        }
        self.state.told.toasts.show(&ctx);
        self.grant(&ctx);
        self.state.editing.check();
    }

    /// Does what panels have asked for.
    fn grant(&mut self, ctx: &Context) {
        let wishes = std::mem::take(&mut self.state.wishes);
        if !wishes.is_empty() {
            ctx.request_repaint_after(Duration::from_millis(1));
        }
        for wish in wishes {
            match wish {
                Wish::Command(command) => self.carry_out(ctx, command),
                Wish::Choose(purpose) => self.choose(purpose),
                Wish::Allow(file) => self.files.allow(vec![file], None),
                Wish::WorkOut(long) => {
                    let of = self.state.shown.identity();
                    self.background.run(Work::Curve, move || Done::Curve(of, long.work_out()));
                }
            }
        }
    }

    /// Limits the window's CPU time while a run is measured: all that this process spends between two frames counts.
    fn keep_pace(&mut self, frame_cost: Duration) {
        let cpu = Some(Duration::from_nanos(os::process_cpu_ns()));
        let cost = cpu.zip(self.cpu_before).map_or(frame_cost, |(now, before)| now.saturating_sub(before));
        self.cpu_before = cpu;
        if self.state.activity.is_measuring() {
            self.gate.close(Instant::now(), pace::interval(cost, self.cores));
        } else {
            self.gate.open();
        }
    }

    /// Asks the interpreters for what the plan needs now; not while a run is measured.
    fn follow_python(&mut self) {
        let state = &mut self.state;
        let plan = state.editing.draft.plan();
        state.editing.python.stay_in(plan.folder.clone());
        if !state.activity.is_measuring() {
            let more = match &state.overlay {
                Overlay::Functions(picking) => Some(picking.source.as_str()),
                _ => None,
            };
            self.python.follow(plan, more, state.editing.draft.revision(), state.editing.python.sources_revision());
        }
        state.editing.check();
    }

    fn keys(&mut self, ctx: &Context) {
        if self.state.overlay.is_open() {
            return;
        }
        for command in panels::keys::pressed(ctx) {
            self.carry_out(ctx, command);
        }
        self.state.editing.check();
    }

    fn close(&mut self, ctx: &Context) {
        if !ctx.input(|input| input.viewport().close_requested()) {
            return;
        }
        if self.state.editing.draft.is_dirty() && !self.given_up {
            ctx.send_viewport_cmd(ViewportCommand::CancelClose);
            self.state.overlay = Overlay::Unsaved(Then::Close);
        } else {
            self.backend.send(Command::Stop);
        }
    }

    /// Samples are asked for only while they are on the screen.
    fn watch_idle(&mut self) {
        let wanted = self.state.session.panels.idle_cores
            && !self.state.activity.is_measuring()
            && self.centre.shows_idle(&self.state);
        if self.watching != Some(wanted) {
            self.watching = Some(wanted);
            // Samples from an earlier look are not of the last minute.
            self.state.session.idle.clear();
            self.backend.send(Command::WatchIdle(wanted));
        }
    }

    fn retitle(&mut self, ctx: &Context) {
        let title = self.state.title();
        if self.title != title {
            ctx.send_viewport_cmd(ViewportCommand::Title(title.clone()));
            self.title = title;
        }
    }

    /// Says what was wrong with the settings file.
    pub fn warn(&mut self, message: String) {
        self.state.tell(Level::Error, super::state::capital(&message));
    }
}

fn first_draft() -> Draft {
    let starter = starters::all().first().and_then(|starter| rooms::starter_plan(starter).ok());
    starter.map_or_else(|| Draft::new(Plan::empty("Untitled plan"), None), |file| Draft::of(file, None))
}

/// The background, whose results wake the window. While a run is measured, results that only a picture shows wait for
/// the gate.
fn background(ctx: &Context, gate: &Arc<Gate>) -> Background {
    let (ctx, gate) = (ctx.clone(), gate.clone());
    Background::new(move |wake| match wake {
        Wake::AtOnce => ctx.request_repaint(),
        Wake::InTurn => ctx.request_repaint_after(gate.left(Instant::now())),
    })
}
