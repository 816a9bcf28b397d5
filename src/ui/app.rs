//! The wiring: engine, files, dialogs and panels around the state.

use super::{
    Opened,
    autosave::{Autosave, Due},
    backend::Backend,
    dialogs::Dialogs,
    draft::Draft,
    files::Files,
    keeper::{Keeper, News},
    logic,
    pace::{self, Gate},
    panels::{self, centre::Centre},
    python, rooms,
    state::{Editing, Level, Overlay, Purpose, State, Then, Wish},
    theme,
};
use eframe::egui::{Context, Ui, ViewportCommand};
use engine::Command;
use model::{Experiment, Plan};
use std::{
    path::PathBuf,
    sync::Arc,
    time::{Duration, Instant},
};
use store::{settings::ThemeChoice, unsaved::Unsaved};

/// The window's contents, whatever shows them: eframe, or a test.
pub struct Workbench {
    /// What it knows.
    pub state: State,
    pub(super) backend: Box<dyn Backend>,
    pub(super) files: Files,
    pub(super) python: python::Workers,
    keeper: Keeper,
    autosave: Autosave,
    /// The window is to close, whatever is unsaved.
    pub(super) given_up: bool,
    /// Whether it had the keyboard at the last frame.
    focused: bool,
    /// What windows that are gone have left unsaved.
    left: Vec<(PathBuf, Unsaved)>,
    dialogs: Dialogs,
    centre: Centre,
    gate: Arc<Gate>,
    cores: usize,
    cpu_before: Option<Duration>,
    watching: Option<bool>,
    title: String,
}

impl Workbench {
    /// Sets the window up with what it opens; without anything, with the first starter plan.
    #[expect(clippy::too_many_arguments, reason = "each is a part that a test exchanges")]
    pub fn new(
        ctx: &Context,
        backend: Box<dyn Backend>,
        gate: Arc<Gate>,
        dialogs: Dialogs,
        keeper: Keeper,
        ask: Arc<dyn python::Ask>,
        open: Option<Opened>,
        choice: ThemeChoice,
    ) -> Self {
        theme::install(ctx);
        theme::follow(ctx, choice);
        let (waker, other) = (ctx.clone(), ctx.clone());
        let mut bench = Self {
            state: State::new(first_draft(), choice),
            backend,
            files: Files::new(ask.clone(), move || waker.request_repaint()),
            python: python::Workers::new(ask, move || other.request_repaint()),
            keeper,
            autosave: Autosave::default(),
            given_up: false,
            focused: true,
            left: Vec::new(),
            dialogs,
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
        let drained = logic::drain(&mut self.state, &*self.backend);
        if drained.ended && self.state.shown.has_runs() {
            self.state.shown.experiment.iter().for_each(|experiment| self.keeper.keep(experiment.clone()));
        }
        if drained.more {
            ctx.request_repaint_after(self.gate.left(Instant::now()));
        }
        while let Some(done) = self.files.poll() {
            self.file_done(ctx, done);
        }
        self.keep(ctx);
        self.state.session.calibration.poll();
        self.follow_python();
        self.keys(ctx);
        self.close(ctx);
        self.watch_idle();
        self.retitle(ctx);
    }

    /// Draws, and carries out what was asked for.
    pub fn ui(&mut self, ui: &mut Ui) {
        let ctx = ui.ctx().clone();
        panels::show(ui, &mut self.state, &mut self.centre);
        if let Some((answer, about)) = panels::overlays::show(&ctx, &mut self.state) {
            self.answer(&ctx, answer, about);
        }
        if let Some(chosen) = self.dialogs.poll(&ctx) {
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
                Wish::Choose(purpose) => {
                    let start = self.suggestion(&purpose);
                    self.dialogs.ask(ctx, purpose, &start);
                }
                Wish::Allow(file) => self.files.allow(vec![file], None),
            }
        }
    }

    /// Keeps what nobody has saved, and takes in what was kept before.
    fn keep(&mut self, ctx: &Context) {
        while let Some(news) = self.keeper.poll() {
            match news {
                News::Recent(recent) => self.state.session.recent = recent,
                News::Left(left) => {
                    self.left = left;
                    self.restore_unsaved();
                }
                News::Failed(message) => self.state.tell(Level::Error, super::state::capital(&message)),
            }
        }
        // Another window may have kept results since this one was looked at.
        let focused = ctx.input(|input| input.viewport().focused.unwrap_or(true));
        if focused && !std::mem::replace(&mut self.focused, focused) {
            self.keeper.list();
        }
        match self.autosave.follow(&self.state.editing.draft, Instant::now()) {
            Due::Nothing => {}
            Due::In(left) => ctx.request_repaint_after(left),
            Due::Keep => self.keeper.unsaved(Some(self.state.editing.draft.unsaved())),
            Due::Forget => self.keeper.unsaved(None),
        }
    }

    /// Brings back what a window before had not saved of the plan that is open; of any, where none was opened.
    pub(super) fn restore_unsaved(&mut self) {
        let state = &mut self.state;
        let path = state.editing.draft.path.as_deref().and_then(|path| std::path::absolute(path).ok());
        if state.editing.draft.is_dirty() || state.activity.is_busy() || state.shown.experiment.is_some() {
            return;
        }
        let fits = |(_, unsaved): &(PathBuf, Unsaved)| path.is_none() || unsaved.path == path;
        let Some(place) = self.left.iter().position(fits) else { return };
        let (lock, unsaved) = self.left.remove(place);
        self.keeper.adopt(lock, unsaved.clone());
        state.editing.replace(Draft::restored(unsaved));
        self.autosave.is_kept(&state.editing.draft);
        let name = state.editing.name();
        state.tell(Level::Info, format!("Restored the changes of {name} that were not saved; Undo takes them back"));
    }

    /// Ends, once everything is kept: the runs so far of what is running, and changes that nobody gave up.
    pub fn finish(&mut self) {
        let state = &self.state;
        if let Some(experiment) = &state.shown.experiment
            && state.activity.is_busy()
            && experiment.runs.iter().any(|run| run.end.is_some())
        {
            let message = Some("the window was closed before the experiment had ended".to_owned());
            self.keeper.keep(Arc::new(Experiment { ended: true, message, ..(**experiment).clone() }));
        }
        let leave = state.editing.draft.is_dirty() && !self.given_up;
        self.keeper.finish(leave);
    }

    /// The window's share while a run is measured: everything that this process spends between two frames counts.
    fn keep_pace(&mut self, frame_cost: Duration) {
        let cpu = Some(Duration::from_nanos(os::process_cpu_ns()));
        let cost = cpu.zip(self.cpu_before).map_or(frame_cost, |(now, before)| now.saturating_sub(before));
        self.cpu_before = cpu;
        if self.state.activity.is_busy() {
            self.gate.close(Instant::now(), pace::interval(cost, self.cores));
        } else {
            self.gate.open();
        }
    }

    /// Takes in what the interpreters have said, and asks them for what the plan needs now; not while a run is measured.
    fn follow_python(&mut self) {
        let state = &mut self.state;
        let plan = state.editing.draft.plan();
        state.editing.python.stay_in(plan.folder.clone());
        while let Some(fact) = self.python.poll() {
            state.editing.python.take(fact);
        }
        if !state.activity.is_busy() {
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
            && !self.state.activity.is_busy()
            && self.centre.shows_idle(&self.state);
        if self.watching != Some(wanted) {
            self.watching = Some(wanted);
            // What was seen before is not the minute before.
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

    fn suggestion(&self, purpose: &Purpose) -> PathBuf {
        let draft = &self.state.editing.draft;
        let folder = draft.path.as_deref().and_then(|path| path.parent()).map(PathBuf::from);
        let folder = folder.or_else(|| std::env::current_dir().ok()).unwrap_or_default();
        let stem: String = draft.plan().name.to_lowercase().split_whitespace().collect::<Vec<_>>().join("-");
        let stem = stem.replace(['/', '\\', ':'], "-");
        match purpose {
            Purpose::SavePlan(_) => draft.path.clone().unwrap_or_else(|| folder.join(format!("{stem}.toml"))),
            Purpose::Export => folder.join(format!("{stem}.png")),
            Purpose::ExportPage(page) => folder.join(format!("{stem}.{}.png", page.kind())),
            _ => folder,
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
