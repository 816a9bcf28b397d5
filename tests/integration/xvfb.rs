//! A real window on a screen of its own: Xvfb, with xdotool for mouse and keys, and ImageMagick's `import` for
//! pictures.

use std::{
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

/// The longest time to wait for anything; a loaded machine draws slowly.
const PATIENCE: Duration = Duration::from_secs(120);

/// What is missing to test a window here; none if nothing is.
pub fn missing() -> Option<String> {
    let missing: Vec<_> =
        ["Xvfb", "xdotool", "import"].into_iter().filter(|tool| which::which(tool).is_err()).collect();
    (!missing.is_empty()).then(|| format!("a real window can't be tested without {missing:?}"))
}

/// A screen; dropping it ends it.
pub struct Screen {
    server: Child,
    display: String,
    /// The time between two looks at the window; looking costs CPU time.
    pub look_every: Duration,
}

impl Screen {
    /// Starts a screen of this size on a free display.
    pub fn start(width: u32, height: u32) -> Self {
        let mut server = Command::new("Xvfb")
            // Without -noreset the server restarts and disconnects all clients whenever xdotool was its only client.
            .args(["-displayfd", "1", "-noreset", "-nolisten", "tcp"])
            .args(["-screen", "0", &format!("{width}x{height}x24")])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("Xvfb starts");
        let mut number = String::new();
        BufReader::new(server.stdout.take().expect("piped")).read_line(&mut number).expect("Xvfb tells its display");
        Self { server, display: format!(":{}", number.trim()), look_every: Duration::from_millis(50) }
    }

    /// Opens the window with `folder` as its working directory and the place of its settings.
    pub fn open(&self, program: &Path, folder: &Path, args: &[&str]) -> Window<'_> {
        let child = Command::new(program)
            .args(args)
            .current_dir(folder)
            .env("DISPLAY", &self.display)
            .env_remove("WAYLAND_DISPLAY")
            .env_remove("DBUS_SESSION_BUS_ADDRESS")
            .env("HOME", folder)
            .env("XDG_CONFIG_HOME", folder)
            .env("XDG_STATE_HOME", folder.join("state"))
            .env("SPAWNSCOPE_FILE_DIALOG", "builtin")
            .env("LIBGL_ALWAYS_SOFTWARE", "1")
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("the program starts");
        Window { screen: self, child }
    }

    fn xdotool(&self, args: &[&str]) -> String {
        let output = Command::new("xdotool").args(args).env("DISPLAY", &self.display).output().expect("xdotool runs");
        String::from_utf8_lossy(&output.stdout).trim().to_owned()
    }

    /// Takes a picture of the whole screen.
    pub fn picture(&self, path: &Path) {
        let status = Command::new("import").args(["-window", "root"]).arg(path).env("DISPLAY", &self.display).status();
        assert!(status.expect("import runs").success());
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

/// The program's window; dropping it ends it.
pub struct Window<'a> {
    screen: &'a Screen,
    child: Child,
}

impl Window<'_> {
    /// The window's title; empty while there is none.
    pub fn title(&self) -> String {
        self.screen.xdotool(&["search", "--name", "Spawnscope", "getwindowname"])
    }

    /// Gives the window the keyboard focus: there is no window manager to do it.
    pub fn focus(&self) {
        self.screen.xdotool(&["search", "--name", "Spawnscope", "windowfocus", "--sync"]);
    }

    /// Waits until `holds` is true of the title; panics with the last title if it never is.
    pub fn wait_for_title(&self, what: &str, holds: impl Fn(&str) -> bool) {
        self.wait_for(what, || holds(&self.title()));
    }

    /// Waits until `holds` is true; panics with the window's title if it never is.
    pub fn wait_for(&self, what: &str, holds: impl Fn() -> bool) {
        let start = Instant::now();
        while !holds() {
            assert!(start.elapsed() < PATIENCE, "waited in vain for {what}; the title is {:?}", self.title());
            std::thread::park_timeout(self.screen.look_every);
        }
    }

    /// Repeats an action until it has worked: a click during the drawing of a frame may be lost. Each try has time to
    /// take effect before the next.
    pub fn until_so(&self, what: &str, holds: impl Fn(&str) -> bool, act: impl Fn()) {
        for _ in 0..5 {
            act();
            let tried = Instant::now();
            while tried.elapsed() < PATIENCE / 10 {
                if holds(&self.title()) {
                    return;
                }
                std::thread::park_timeout(self.screen.look_every);
            }
        }
        panic!("tried in vain: {what}; the title is {:?}", self.title());
    }

    /// Moves the pointer and clicks there.
    pub fn click(&self, x: u32, y: u32) {
        self.screen.xdotool(&["mousemove", &x.to_string(), &y.to_string(), "click", "1"]);
    }

    /// Moves the pointer to an empty place.
    pub fn rest(&self) {
        self.screen.xdotool(&["mousemove", "640", "4"]);
    }

    /// Types a text.
    pub fn write(&self, text: &str) {
        self.screen.xdotool(&["type", "--delay", "20", text]);
    }

    /// Presses a key, as xdotool names it.
    pub fn key(&self, key: &str) {
        self.screen.xdotool(&["key", key]);
    }
}

impl Drop for Window<'_> {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
