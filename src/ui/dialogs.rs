//! Asks the user for a file, by the system's dialog, or by the program's own where the system has none.

use super::{
    background::{Background, Done, Work},
    page,
    state::Purpose,
};
use eframe::egui;
use egui_file::{FileDialog, State};
use std::{
    env,
    future::Future,
    path::{Path, PathBuf},
    pin::pin,
    sync::Arc,
    task::{Context, Poll, Wake, Waker},
    thread,
};
use store::atomic::Existing;

/// The environment variable that asks for the program's own dialog, with the value `builtin`.
const CHOICE: &str = "SPAWNSCOPE_FILE_DIALOG";

/// A path that the user chose.
pub struct Chosen {
    /// What it was chosen for.
    pub purpose: Purpose,
    /// The path.
    pub path: PathBuf,
    /// Whether the dialog has asked already that a file there may be replaced: the systems' dialogs do.
    pub existing: Existing,
}

/// The dialog that is open, if one is.
pub struct Dialogs {
    native: bool,
    open: Option<(Purpose, Dialog)>,
}

enum Dialog {
    /// The system's; a thread waits until it is closed.
    Native,
    Builtin(Box<FileDialog>),
}

impl Dialogs {
    /// Decides once which dialogs are used.
    pub fn new() -> Self {
        Self { native: native_available(), open: None }
    }

    /// Dialogs of the program's own.
    #[cfg(test)]
    pub fn builtin() -> Self {
        Self { native: false, open: None }
    }

    /// Opens a dialog, unless one is open. `start` is a folder, or a file to suggest.
    pub fn ask(&mut self, background: &Background, purpose: Purpose, start: &Path) {
        if self.open.is_some() {
            return;
        }
        let dialog = if self.native { native(background, &purpose, start) } else { builtin(&purpose, start) };
        self.open = Some((purpose, dialog));
    }

    /// Draws the program's own dialog; gives the chosen path once it is there.
    pub fn show(&mut self, ctx: &egui::Context) -> Option<Chosen> {
        let (_, Dialog::Builtin(dialog)) = self.open.as_mut()? else { return None };
        match dialog.show(ctx).state() {
            State::Open => None,
            State::Selected => {
                let path = dialog.path().map(Path::to_owned);
                self.closed(path)
            }
            State::Closed | State::Cancelled => self.closed(None),
        }
    }

    /// Takes in that the dialog was closed, with a path or without.
    pub fn closed(&mut self, chosen: Option<PathBuf>) -> Option<Chosen> {
        let (purpose, dialog) = self.open.take()?;
        let native = matches!(dialog, Dialog::Native);
        let chosen = chosen?;
        let path = with_extension(&purpose, chosen.clone());
        let existing = if native && path == chosen { Existing::Replace } else { Existing::Keep };
        Some(Chosen { purpose, path, existing })
    }
}

/// A file without an extension gets the usual one.
fn with_extension(purpose: &Purpose, path: PathBuf) -> PathBuf {
    match purpose {
        Purpose::SavePlan(_) if path.extension().is_none() => path.with_extension("toml"),
        Purpose::Export if path.extension().is_none() => path.with_extension("png"),
        Purpose::ExportPage(page) => of_kind(path, page.kind(), page.extensions()),
        _ => path,
    }
}

/// The path with its kind: for `launch`, `a` and `a.png` become `a.launch.png`, because only the extension says which
/// chart it is.
fn of_kind(path: PathBuf, kind: &str, extensions: &[&str]) -> PathBuf {
    let name = path.file_name().map(|name| name.to_string_lossy().to_lowercase()).unwrap_or_default();
    let is_of_kind = extensions.iter().any(|extension| name.ends_with(&format!(".{kind}.{extension}")));
    match path.extension().and_then(|extension| extension.to_str()).map(str::to_owned) {
        _ if is_of_kind => path,
        Some(extension) if extensions.contains(&extension.as_str()) => {
            path.with_extension(format!("{kind}.{extension}"))
        }
        None => path.with_extension(format!("{kind}.png")),
        Some(_) => path,
    }
}

fn title(purpose: &Purpose) -> String {
    let title = match purpose {
        Purpose::Open => "Open a plan or a saved run",
        Purpose::SavePlan(_) => "Save the plan",
        Purpose::Export => return format!("Export: {}", page::one_of(formats().map(|format| format!(".{format}")))),
        Purpose::ExportPage(page) => return page.title(),
        Purpose::Program => "Choose a program",
        Purpose::Folder => "Choose a working directory",
        Purpose::OpenPython { .. } => "Choose a Python file",
        Purpose::Interpreter => "Choose a Python interpreter",
    };
    title.to_owned()
}

/// The extensions of all formats that show a whole experiment; those of one page have the page's name before them.
fn formats() -> impl Iterator<Item = &'static str> {
    let all = export::EXPORTERS.iter().flat_map(|exporter| exporter.extensions().iter().copied());
    all.filter(|extension| !extension.contains('.'))
}

/// Folder and file name of a suggestion.
fn split(start: &Path) -> (PathBuf, Option<String>) {
    if start.is_dir() {
        return (start.to_owned(), None);
    }
    let folder = start.parent().filter(|folder| folder.is_dir()).map_or_else(home, Path::to_owned);
    (folder, start.file_name().map(|name| name.to_string_lossy().into_owned()))
}

fn home() -> PathBuf {
    env::current_dir().unwrap_or_else(|_| PathBuf::from("."))
}

fn builtin(purpose: &Purpose, start: &Path) -> Dialog {
    let (folder, name) = split(start);
    let dialog = match purpose {
        Purpose::Open | Purpose::Program | Purpose::OpenPython { .. } | Purpose::Interpreter => FileDialog::open_file(),
        Purpose::SavePlan(_) | Purpose::Export | Purpose::ExportPage(_) => {
            FileDialog::save_file().default_filename(name.unwrap_or_default())
        }
        Purpose::Folder => FileDialog::select_folder(),
    };
    let extensions: &[&str] = match purpose {
        Purpose::Open => &["toml", "json"],
        Purpose::OpenPython { .. } => &["py"],
        _ => &[],
    };
    let filter = move |path: &Path| extensions.is_empty() || has_extension(path, extensions);
    let mut dialog = dialog
        .title(&title(purpose))
        .initial_path(folder)
        .show_rename(false)
        .keep_on_top(true)
        .show_files_filter(Box::new(filter))
        .default_size(egui::vec2(560.0, 360.0))
        .anchor(egui::Align2::CENTER_CENTER, egui::Vec2::ZERO);
    dialog.open();
    Dialog::Builtin(Box::new(dialog))
}

fn has_extension(path: &Path, extensions: &[&str]) -> bool {
    path.extension().is_some_and(|found| extensions.iter().any(|extension| found == *extension))
}

fn native(background: &Background, purpose: &Purpose, start: &Path) -> Dialog {
    let (folder, name) = split(start);
    let mut dialog = rfd::AsyncFileDialog::new().set_title(title(purpose)).set_directory(folder);
    if let Some(name) = name {
        dialog = dialog.set_file_name(name);
    }
    // The dialog is made in this thread, as macOS demands, and waited for in another.
    match purpose {
        Purpose::Open => wait(background, dialog.add_filter("Plans and saved runs", &["toml", "json"]).pick_file()),
        Purpose::OpenPython { .. } => wait(background, dialog.add_filter("Python files", &["py"]).pick_file()),
        Purpose::Program | Purpose::Interpreter => wait(background, dialog.pick_file()),
        Purpose::SavePlan(_) => wait(background, dialog.add_filter("Plans", &["toml"]).save_file()),
        Purpose::Export => {
            wait(background, dialog.add_filter("Charts and tables", &formats().collect::<Vec<_>>()).save_file())
        }
        Purpose::ExportPage(page) => {
            wait(background, dialog.add_filter("Charts and tables", page.extensions()).save_file())
        }
        Purpose::Folder => wait(background, dialog.pick_folder()),
    }
}

fn wait(background: &Background, dialog: impl Future<Output = Option<rfd::FileHandle>> + Send + 'static) -> Dialog {
    background.run(Work::Dialog, move || Done::Dialog(block_on(dialog).map(|file| file.path().to_owned())));
    Dialog::Native
}

struct Unpark(thread::Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

fn block_on<T>(future: impl Future<Output = T>) -> T {
    let waker = Waker::from(Arc::new(Unpark(thread::current())));
    let mut future = pin!(future);
    loop {
        match future.as_mut().poll(&mut Context::from_waker(&waker)) {
            Poll::Ready(value) => return value,
            Poll::Pending => thread::park(),
        }
    }
}

/// Whether the system can show a dialog: Linux and other free systems by a desktop portal or by zenity, others always.
fn native_available() -> bool {
    if env::var_os(CHOICE).is_some_and(|choice| choice == "builtin") {
        return false;
    }
    os::has_file_dialogs() || portal_installed() || which::which("zenity").is_ok()
}

/// Whether there are a session bus and a portal that it can start.
fn portal_installed() -> bool {
    let folders = env::var_os("XDG_DATA_DIRS").unwrap_or_else(|| "/usr/local/share:/usr/share".into());
    let service = "dbus-1/services/org.freedesktop.portal.Desktop.service";
    env::var_os("DBUS_SESSION_BUS_ADDRESS").is_some()
        && env::split_paths(&folders).any(|folder| folder.join(service).is_file())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::Page;
    use crossbeam_channel::bounded;

    #[test]
    fn a_name_without_an_extension_gets_the_usual_one() {
        let named = |purpose: Purpose, path: &str| with_extension(&purpose, PathBuf::from(path)).display().to_string();
        assert_eq!(named(Purpose::SavePlan(None), "plan"), "plan.toml");
        assert_eq!(named(Purpose::Export, "chart"), "chart.png");
        assert_eq!(named(Purpose::Export, "chart.svg"), "chart.svg");
        assert_eq!(named(Purpose::Program, "xz"), "xz");
        let waterfall = |path: &str| named(Purpose::ExportPage(Page::Waterfall), path);
        assert_eq!((waterfall("a.b"), waterfall("a")), ("a.b".into(), "a.waterfall.png".into()));
        assert_eq!(
            (waterfall("a.csv"), waterfall("a.waterfall.SVG")),
            ("a.waterfall.csv".into(), "a.waterfall.SVG".into())
        );
        assert_eq!(named(Purpose::ExportPage(Page::LaunchCosts), "a.csv"), "a.csv");
        assert_eq!(title(&Purpose::ExportPage(Page::LaunchCosts)), "Export launch costs: .launch.png or .launch.svg");
    }

    #[test]
    fn a_future_of_another_thread_is_waited_for() {
        let (sender, receiver) = bounded(1);
        let shared: Arc<std::sync::Mutex<Option<Waker>>> = Arc::default();
        let theirs = shared.clone();
        thread::spawn(move || {
            let _ = receiver.recv();
            if let Some(waker) = theirs.lock().expect("lock").take() {
                waker.wake();
            }
        });
        let mut polls = 0;
        let value = block_on(std::future::poll_fn(|context| {
            polls += 1;
            if polls == 2 {
                return Poll::Ready(7);
            }
            *shared.lock().expect("lock") = Some(context.waker().clone());
            let _ = sender.send(());
            Poll::Pending
        }));
        assert_eq!(value, 7);
    }
}
