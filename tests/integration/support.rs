//! Runs the real binary.

use crate::{machine, turn::Turn};
use serde_json::Value;
use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
    time::{Duration, Instant},
};
use tempfile::TempDir;

/// Longer than anything takes on the slowest machine; reached only if something is broken.
const PATIENCE: Duration = Duration::from_secs(120);

/// The binary without a display, with a folder as its working directory.
pub fn command(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_spawnscope"));
    command.current_dir(folder).stdin(Stdio::null());
    for name in ["DISPLAY", "WAYLAND_DISPLAY", "WAYLAND_SOCKET", "SPAWNSCOPE_LOG"] {
        command.env_remove(name);
    }
    hears_signals(&mut command);
    command
}

/// Lets signals reach the command as in a terminal, even if they are ignored here (as under `nohup`).
fn hears_signals(command: &mut Command) {
    use std::os::unix::process::CommandExt as _;
    // SAFETY: between fork and exec only signals' dispositions are set.
    unsafe {
        command.pre_exec(|| {
            for signal in [libc::SIGINT, libc::SIGQUIT, libc::SIGHUP, libc::SIGTERM] {
                libc::signal(signal, libc::SIG_DFL);
            }
            Ok(())
        });
    }
}

/// What the program printed, and its exit status.
#[derive(Debug)]
pub struct Said {
    pub status: i32,
    pub stdout: String,
    pub stderr: String,
}

impl Said {
    /// stdout as one JSON document.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("stdout is no JSON ({error}): {self:?}"))
    }

    /// The single line of an error; asserts that the status is 2 and stdout is empty.
    pub fn refusal(&self) -> &str {
        assert_eq!((self.status, self.stdout.as_str()), (2, ""), "{self:?}");
        assert_eq!(self.stderr.lines().count(), 1, "{self:?}");
        self.stderr.trim_end().strip_prefix("spawnscope: ").unwrap_or_else(|| panic!("no prefix: {self:?}"))
    }
}

impl From<Output> for Said {
    fn from(output: Output) -> Self {
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("the program writes UTF-8");
        let status = output.status.code().expect("an exit status, not a signal");
        Self { status, stdout: text(output.stdout), stderr: text(output.stderr) }
    }
}

/// A folder for one test, removed afterwards, and the test's turn.
pub struct Folder(TempDir, #[expect(dead_code, reason = "held while there is the folder")] Turn);

impl Folder {
    pub fn new() -> Self {
        Self::of(Turn::beside())
    }

    /// For a test that runs alone.
    pub fn alone() -> Self {
        Self::of(Turn::alone())
    }

    /// For a thread of a test that already has its turn.
    pub fn within_a_turn() -> Self {
        Self::of(Turn::had())
    }

    fn of(turn: Turn) -> Self {
        Self(tempfile::tempdir().expect("a temporary folder"), turn)
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub fn write(&self, name: &str, bytes: impl AsRef<[u8]>) {
        fs::write(self.path(name), bytes).expect("written");
    }

    /// The program's answer to these arguments.
    pub fn run(&self, arguments: &[&str]) -> Said {
        self.command(arguments).output().expect("the program starts").into()
    }

    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = command(self.0.path());
        command.args(arguments);
        command
    }
}

/// A plan of one task: `lines` follow its target.
pub fn plan(target: &str, lines: &str) -> String {
    format!("schema = 1\n[run]\nrepeat = 1\nwarmup = 0\n[[task]]\ntarget = \"{target}\"\n{lines}\n")
}

/// Waits until a condition holds.
pub fn until(what: &str, mut so: impl FnMut() -> bool) {
    let start = Instant::now();
    while !so() {
        assert!(start.elapsed() < PATIENCE, "waited in vain: {what}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// Whether tests fail instead of being skipped: `SPAWNSCOPE_REQUIRE_ALL=1`.
pub fn all_is_required() -> bool {
    std::env::var_os("SPAWNSCOPE_REQUIRE_ALL").is_some_and(|value| value == "1")
}

/// Prints that a test is skipped, and returns none; fails if everything is required.
pub fn required<T>(why: &str) -> Option<T> {
    assert!(!all_is_required(), "{why}");
    machine::say(&format!("skipped: {why}"));
    None
}
