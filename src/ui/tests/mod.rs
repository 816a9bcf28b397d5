//! The window without a screen: tests click on labels, and feed it events by hand.

mod asking;
mod background;
mod belonging;
mod changes;
mod comparing;
mod costs;
mod editing;
mod fake_python;
mod files;
pub mod fixture;
mod kept;
mod measuring;
mod painters;
mod python;
mod replaced;
mod surroundings;
mod sweep;
mod turning;
mod why;

use super::{
    Opened,
    app::{Parts, Workbench},
    backend::Backend,
    calibration::SelfTest,
    dialogs::{Chosen, Dialogs},
    pace::Gate,
    python::Ask,
    state::{Purpose, State},
};
use crossbeam_channel::{Receiver, Sender, TryRecvError, unbounded};
use eframe::egui;
use egui_kittest::{
    Harness,
    kittest::{NodeT, Queryable},
};
use engine::Command;
use fake_python::FakePython;
use model::{Event, Plan};
use std::{
    path::PathBuf,
    sync::Arc,
    time::{Duration, Instant},
};
use store::{atomic::Existing, plan_file::PlanFile, settings::ThemeChoice};

/// The engine's place: it keeps commands for the test, and gives the test's events.
struct FakeEngine {
    commands: Sender<Command>,
    events: Receiver<Vec<Event>>,
}

impl Backend for FakeEngine {
    fn send(&self, command: Command) {
        let _ = self.commands.send(command);
    }

    fn self_test(&self) -> SelfTest {
        || Ok(fixture::measuring_costs())
    }

    fn try_recv(&self) -> Result<Vec<Event>, TryRecvError> {
        self.events.try_recv()
    }
}

/// A window of 1280 × 800 points.
struct Screen {
    harness: Harness<'static, Option<Workbench>>,
    commands: Receiver<Command>,
    events: Sender<Vec<Event>>,
}

impl Screen {
    fn new() -> Self {
        let open = Opened::Plan { file: Box::new(PlanFile::of(fixture::one_task())), path: None };
        Self::built(ThemeChoice::Dark, egui::vec2(1280.0, 800.0), true, Some(open), Arc::new(FakePython))
    }

    fn themed(choice: ThemeChoice, size: egui::Vec2) -> Self {
        Self::built(choice, size, true, None, Arc::new(FakePython))
    }

    /// A window that allows widgets of other crates without an accessible name.
    fn lenient() -> Self {
        Self::built(ThemeChoice::Dark, egui::vec2(1280.0, 800.0), false, None, Arc::new(FakePython))
    }

    /// A window with a plan, and interpreters that answer for it; tall enough for the longest form.
    fn with_python(plan: Plan, ask: Arc<dyn Ask>) -> Self {
        Self::sized_python(plan, ask, egui::vec2(1280.0, 1300.0))
    }

    fn sized_python(plan: Plan, ask: Arc<dyn Ask>, size: egui::Vec2) -> Self {
        let open = Opened::Plan { file: Box::new(PlanFile::of(plan)), path: None };
        Self::built(ThemeChoice::Dark, size, true, Some(open), ask)
    }

    fn built(choice: ThemeChoice, size: egui::Vec2, accessible: bool, open: Option<Opened>, ask: Arc<dyn Ask>) -> Self {
        Self::keeping(None, choice, size, accessible, open, ask)
    }

    /// A window with a folder for recent results and unsaved changes.
    fn keeping(
        kept: Option<PathBuf>,
        choice: ThemeChoice,
        size: egui::Vec2,
        accessible: bool,
        mut open: Option<Opened>,
        ask: Arc<dyn Ask>,
    ) -> Self {
        let (sender, commands) = unbounded();
        let (events, receiver) = unbounded();
        let mut engine = Some(FakeEngine { commands: sender, events: receiver });
        let draw = move |ui: &mut egui::Ui, bench: &mut Option<Workbench>| {
            let bench = bench.get_or_insert_with(|| {
                let parts = Parts {
                    backend: Box::new(engine.take().expect("one window")),
                    gate: Arc::new(Gate::new(Instant::now())),
                    dialogs: Dialogs::builtin(),
                    kept: kept.clone(),
                    ask: ask.clone(),
                };
                Workbench::new(ui.ctx(), parts, open.take(), choice)
            });
            let ctx = ui.ctx().clone();
            bench.logic(&ctx, Duration::ZERO);
            bench.ui(ui);
        };
        let builder = Harness::builder()
            .with_size(size)
            .with_max_steps(30)
            .with_accessibility_check(accessible)
            .with_context_setup(super::theme::install);
        let mut harness = builder.build_ui_state(draw, None);
        harness.run_ok();
        let mut screen = Self { harness, commands, events };
        screen.settle();
        screen
    }

    fn bench(&self) -> &Workbench {
        self.harness.state().as_ref().expect("drawn")
    }

    /// As if the user had chosen this file in a dialog.
    fn chosen(&mut self, purpose: Purpose, path: PathBuf) {
        let ctx = self.harness.ctx.clone();
        self.harness
            .state_mut()
            .as_mut()
            .expect("drawn")
            .chosen(&ctx, Chosen { purpose, path, existing: Existing::Keep });
    }

    /// Draws until a thread's result has come.
    fn wait_until(&mut self, done: impl Fn(&State) -> bool) {
        let start = Instant::now();
        while !done(&self.bench().state) {
            assert!(start.elapsed() < Duration::from_secs(120), "waited in vain");
            std::thread::yield_now();
            self.settle();
        }
    }

    /// Ends the window as when it is closed without a question.
    fn finish(&mut self) {
        self.harness.state_mut().as_mut().expect("drawn").finish();
    }

    /// Draws until nothing moves and the summary is there.
    fn settle(&mut self) {
        self.harness.run_ok();
        while self.bench().summing_up {
            std::thread::yield_now();
            self.harness.run_ok();
        }
    }

    fn click(&mut self, label: &str) {
        self.harness.get_by_label(label).click();
        self.settle();
    }

    fn press(&mut self, modifiers: egui::Modifiers, key: egui::Key) {
        self.harness.key_press_modifiers(modifiers, key);
        self.settle();
    }

    fn type_in(&mut self, label: &str, text: &str) {
        self.harness.get_by_label(label).focus();
        self.settle();
        self.press(egui::Modifiers::COMMAND, egui::Key::A);
        self.harness.get_by_label(label).type_text(text);
        self.settle();
    }

    fn shows(&self, text: &str) -> bool {
        self.harness.query_all_by_label_contains(text).next().is_some()
    }

    fn enabled(&self, label: &str) -> bool {
        !self.harness.get_by_label(label).accesskit_node().is_disabled()
    }

    fn send(&mut self, events: Vec<Event>) {
        self.events.send(events).expect("a window");
        self.settle();
    }

    fn task_names(&self) -> String {
        let names: Vec<_> =
            self.bench().state.editing.draft.plan().tasks.iter().map(|task| task.name.as_str()).collect();
        names.join(" ")
    }
}
