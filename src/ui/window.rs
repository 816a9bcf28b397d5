//! Opens the window, and says in one sentence why it cannot.

use super::{
    Opened,
    app::{Parts, Workbench},
    dialogs::Dialogs,
    pace::Gate,
    python::Interpreters,
};
use eframe::egui::{self, ViewportBuilder};
use engine::Engine;
use std::{
    env,
    panic::{self, AssertUnwindSafe},
    sync::Arc,
    time::{Duration, Instant},
};
use store::{
    kept,
    settings::{self, Settings},
};

/// Why there is no window; displays as one sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WindowError {
    /// Neither X11 nor Wayland is there.
    #[error("there is no display: neither DISPLAY nor WAYLAND_DISPLAY is set")]
    NoDisplay,
    /// A display is named, but cannot be used.
    #[error("the display cannot be used: no window could be opened on it")]
    Refused,
    /// The graphics library lacks the OpenGL that the window needs.
    #[error("the display offers no OpenGL 2.1, which the window needs")]
    NoOpenGl,
    /// A library that windows need is not installed.
    #[error("a library that windows need is missing (on Debian: libxkbcommon-x11-0 and libgl1)")]
    MissingLibrary,
}

/// Opens the window, and returns when it is closed; what runs then is stopped.
///
/// # Errors
/// There is no display, or none that can be used; then nothing was started.
pub fn run(open: Option<Opened>) -> Result<(), WindowError> {
    if !display_named() {
        return Err(WindowError::NoDisplay);
    }
    let path = settings::path();
    let read = path.as_deref().map_or(Ok(Settings::default()), Settings::read);
    let (settings, warning) = match read {
        Ok(settings) => (settings, None),
        Err(message) => (Settings::default(), Some(message)),
    };
    let create = move |creation: &eframe::CreationContext<'_>| {
        let window = Window::new(&creation.egui_ctx, open, settings, warning)?;
        Ok(Box::new(window) as Box<dyn eframe::App>)
    };
    quietly(|| eframe::run_native("spawnscope", options(&settings), Box::new(create)))
}

/// Runs the event loop. A missing library makes winit panic; before the first frame the panic becomes an error.
fn quietly(run: impl FnOnce() -> eframe::Result) -> Result<(), WindowError> {
    let hook = panic::take_hook();
    panic::set_hook(Box::new(|_| {}));
    SHOWN.with(|shown| shown.replace(Some(hook)));
    let result = panic::catch_unwind(AssertUnwindSafe(run));
    let never_shown = restore_hook();
    match result {
        Ok(Ok(())) => Ok(()),
        Ok(Err(error)) => Err(sentence(&error)),
        Err(_) if never_shown => Err(WindowError::MissingLibrary),
        Err(panic) => panic::resume_unwind(panic),
    }
}

type Hook = Box<dyn Fn(&panic::PanicHookInfo<'_>) + Sync + Send>;

thread_local! {
    /// The program's own panic hook, until the window is there.
    static SHOWN: std::cell::RefCell<Option<Hook>> = const { std::cell::RefCell::new(None) };
}

/// Puts the program's own panic hook back; gives whether that was still to be done.
fn restore_hook() -> bool {
    let hook = SHOWN.with(std::cell::RefCell::take);
    let waiting = hook.is_some();
    if let Some(hook) = hook {
        panic::set_hook(hook);
    }
    waiting
}

/// An error in words for users: these errors' own texts name source files, for their authors.
fn sentence(error: &eframe::Error) -> WindowError {
    match error {
        eframe::Error::Glutin(_) | eframe::Error::NoGlutinConfigs(..) | eframe::Error::OpenGL(_) => {
            WindowError::NoOpenGl
        }
        _ => WindowError::Refused,
    }
}

/// Whether there may be a display: X11 and Wayland name theirs, other systems have one.
fn display_named() -> bool {
    let named = |key: &str| env::var_os(key).is_some_and(|value| !value.is_empty());
    !os::display_has_name() || ["DISPLAY", "WAYLAND_DISPLAY", "WAYLAND_SOCKET"].into_iter().any(named)
}

fn options(settings: &Settings) -> eframe::NativeOptions {
    let viewport = ViewportBuilder::default()
        .with_app_id("spawnscope")
        .with_title("Spawnscope")
        .with_inner_size([settings.width, settings.height])
        .with_min_inner_size([720.0, 480.0]);
    eframe::NativeOptions { viewport, renderer: eframe::Renderer::Glow, centered: true, ..Default::default() }
}

/// The workbench as an eframe app.
struct Window {
    bench: Workbench,
    settings: Settings,
    size: egui::Vec2,
}

impl Window {
    fn new(
        ctx: &egui::Context,
        open: Option<Opened>,
        settings: Settings,
        warning: Option<String>,
    ) -> std::io::Result<Self> {
        restore_hook();
        let gate = Arc::new(Gate::new(Instant::now()));
        let (waker, theirs) = (ctx.clone(), gate.clone());
        let engine = Engine::start(move || waker.request_repaint_after(theirs.left(Instant::now())))?;
        let (dialogs, ask) = (Dialogs::new(), Arc::new(Interpreters));
        let parts = Parts { backend: Box::new(engine), gate, dialogs, kept: kept::folder(), ask };
        let mut bench = Workbench::new(ctx, parts, open, settings.theme);
        if let Some(message) = warning {
            bench.warn(message);
        }
        Ok(Self { bench, settings, size: egui::vec2(settings.width, settings.height) })
    }
}

impl eframe::App for Window {
    fn logic(&mut self, ctx: &egui::Context, frame: &mut eframe::Frame) {
        let cost = frame.info().cpu_usage.unwrap_or_default();
        self.bench.logic(ctx, Duration::try_from_secs_f32(cost).unwrap_or_default());
        if let Some(rect) = ctx.input(|input| input.viewport().inner_rect) {
            self.size = rect.size();
        }
    }

    fn ui(&mut self, ui: &mut egui::Ui, _frame: &mut eframe::Frame) {
        self.bench.ui(ui);
    }

    fn on_exit(&mut self, _gl: Option<&eframe::glow::Context>) {
        self.bench.finish();
        let kept = Settings {
            theme: self.bench.state.session.theme,
            width: self.size.x,
            height: self.size.y,
            ..self.settings
        };
        if let Some(path) = settings::path().filter(|_| kept != self.settings) {
            // The window is gone, so nobody can be told of an error.
            let _ = kept.write(&path);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_before_the_window_is_there_is_a_sentence() {
        let result = quietly(|| panic!("libxkbcommon-x11.so could not be loaded"));
        assert_eq!(result, Err(WindowError::MissingLibrary));
    }

    #[test]
    fn an_error_of_the_window_system_holds_no_path() {
        let text = sentence(&eframe::Error::AppCreation("src/secret.rs:1".into())).to_string();
        assert_eq!(text, "the display cannot be used: no window could be opened on it");
    }
}
