//! Which processes exist: those below another one, and those that carry a mark in their environment.

use std::{
    collections::BTreeSet,
    fs,
    path::PathBuf,
    process::Command,
    sync::atomic::{AtomicU32, Ordering},
    time::{Duration, Instant},
};

/// The processes of a run are gone within two seconds; on a machine that is busy with other tests it may take longer.
const PATIENCE: Duration = Duration::from_secs(20);

/// A mark that all processes which a command starts inherit, whatever name, session or parent they take.
pub struct Mark(String);

impl Mark {
    /// A mark that no other test has.
    pub fn new() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        Self(format!("{}-{number}", std::process::id()))
    }

    /// Puts it on a command.
    pub fn on(&self, command: &mut Command) {
        command.env("SPAWNSCOPE_TEST_MARK", &self.0);
    }

    /// The numbers of processes that carry it and have not ended.
    pub fn carriers(&self) -> BTreeSet<u32> {
        let line = format!("SPAWNSCOPE_TEST_MARK={}", self.0);
        let carries = |pid: &u32| {
            let environment = fs::read(format!("/proc/{pid}/environ")).unwrap_or_default();
            environment.split(|byte| *byte == 0).any(|entry| entry == line.as_bytes())
        };
        processes().into_iter().map(|(pid, ..)| pid).filter(carries).collect()
    }

    /// Asserts that all processes that carry it are gone soon. Returns how long that took.
    pub fn assert_nobody_left(&self, after: &str) -> Duration {
        let start = Instant::now();
        loop {
            let left = self.carriers();
            if left.is_empty() {
                return start.elapsed();
            }
            let told: Vec<String> = left.iter().map(|pid| format!("{pid} {}", command_line(*pid))).collect();
            assert!(start.elapsed() < PATIENCE, "after {after} these are left: {told:?}");
            std::thread::sleep(Duration::from_millis(5));
        }
    }
}

/// The command line of a process.
pub fn command_line(pid: u32) -> String {
    let bytes = fs::read(format!("/proc/{pid}/cmdline")).unwrap_or_default();
    String::from_utf8_lossy(&bytes).replace('\0', " ").trim_end().to_owned()
}

/// The outer guard of a host's run, and the run's folder; absent until it exists. A host also has guards of
/// interpreters that it asks about themselves; these have no folder.
pub fn guard_of_run(host: u32) -> Option<(u32, PathBuf)> {
    let children = processes().into_iter().filter(|(_, parent, _)| *parent == host).map(|(pid, ..)| pid);
    children.filter_map(|child| Some((child, run_folder_in(&command_line(child))?))).next()
}

/// The folder of a host's run; absent until the run has a guard.
pub fn run_folder(host: u32) -> Option<PathBuf> {
    guard_of_run(host).map(|(_, folder)| folder)
}

fn run_folder_in(command_line: &str) -> Option<PathBuf> {
    let folder = command_line.split(' ').skip_while(|word| *word != "__guard").nth(1)?;
    folder.starts_with('/').then(|| PathBuf::from(folder))
}

/// Number, parent and state of every process, as /proc has them.
pub fn processes() -> Vec<(u32, u32, char)> {
    let entries = fs::read_dir("/proc").expect("Linux has /proc").filter_map(Result::ok);
    let pids = entries.filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok());
    let of = |pid| {
        let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
        let mut rest = stat.rsplit_once(')')?.1.split_whitespace();
        let (state, parent) = (rest.next()?.chars().next()?, rest.next()?.parse().ok()?);
        Some((pid, parent, state))
    };
    pids.filter_map(of).collect()
}

/// All processes below a process.
pub fn descendants(root: u32) -> BTreeSet<u32> {
    let all = processes();
    let mut found = BTreeSet::from([root]);
    loop {
        let more: Vec<u32> =
            all.iter().filter(|p| found.contains(&p.1) && !found.contains(&p.0)).map(|p| p.0).collect();
        if more.is_empty() {
            found.remove(&root);
            return found;
        }
        found.extend(more);
    }
}

/// The first child of a process, if any.
pub fn child_of(pid: u32) -> Option<u32> {
    processes().into_iter().filter(|(_, parent, _)| *parent == pid).map(|(pid, ..)| pid).min()
}

/// Whether a process has ended, reaped or not.
pub fn has_ended(pid: u32) -> bool {
    processes().into_iter().all(|(other, _, state)| other != pid || state == 'Z')
}
