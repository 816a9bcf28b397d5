//! Who did not answer Python's way is asked for its stacks by faulthandler: code that is stuck in C lets no line of Python run.

use crate::stacks;
use crossbeam_channel::{Receiver, Sender, unbounded};
use protocol::{PYTHON_RUNNER_FILE, STACKS_FILE, text::Text};
use std::{
    collections::{BTreeMap, HashMap},
    fs,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

/// A handler that has not come to an end by then is blocked: others are asked then.
const PATIENCE: Duration = Duration::from_millis(400);
/// Between two looks whether it has.
const PAUSE: Duration = Duration::from_millis(1);

/// An execution that has not said where it is.
#[derive(Clone, Copy, Debug)]
pub struct Silent {
    pub execution: u32,
    pub pid: u32,
    pub tid: u32,
}

/// Asks in a thread of its own, one process after another: they all write into one file.
pub struct AskingStacks {
    file: PathBuf,
    outbox: Sender<Text>,
    inbox: Receiver<Text>,
}

impl AskingStacks {
    /// For a run in this folder.
    pub fn new(folder: &Path) -> Self {
        let (outbox, inbox) = unbounded();
        Self { file: folder.join(STACKS_FILE), outbox, inbox }
    }

    /// Asks for these. Where no thread can be started nothing is known of them, as of those that can't answer: a run never
    /// fails because of it.
    pub fn ask(&self, silent: Vec<Silent>) {
        let (file, outbox) = (self.file.clone(), self.outbox.clone());
        let mut processes: BTreeMap<u32, Vec<Silent>> = BTreeMap::new();
        silent.into_iter().for_each(|one| processes.entry(one.pid).or_default().push(one));
        let ask = move || {
            for (pid, silent) in processes {
                answers(&file, pid, &silent).into_iter().for_each(|text| drop(outbox.send(text)));
            }
        };
        drop(std::thread::Builder::new().name("stacks".to_owned()).spawn(ask));
    }

    /// What has been answered since the last time.
    pub fn answered(&self) -> impl Iterator<Item = Text> + '_ {
        self.inbox.try_iter()
    }
}

/// Where the executions of a process are, as far as its stacks tell.
fn answers(file: &Path, pid: u32, silent: &[Silent]) -> Vec<Text> {
    // Known of blocked threads alone, and before the signal wakes one.
    let pointers: HashMap<u32, u64> =
        silent.iter().filter_map(|one| Some((one.tid, os::stack_pointer(pid, one.tid)?))).collect();
    let Some(all) = written(file, pid).and_then(|text| stacks::parse(&text)) else { return Vec::new() };
    let answer = |one: &Silent| {
        // Coroutines share a thread, and its stack is that of one of them.
        let shared = silent.iter().filter(|other| other.tid == one.tid).count() > 1;
        let stack = match one.tid == pid {
            true => stacks::of_main(&all),
            false => stacks::of_pointer(&all, *pointers.get(&one.tid)?),
        };
        let (place, stack) = stack.filter(|_| !shared)?.told(PYTHON_RUNNER_FILE)?;
        Some(Text::Where { execution: one.execution, place, stack, idle_loop: false })
    };
    silent.iter().filter_map(answer).collect()
}

/// What a process wrote when it was asked; none where it is not asked, or does not come to its end.
fn written(file: &Path, pid: u32) -> Option<String> {
    let length = || fs::metadata(file).map_or(0, |data| data.len());
    let before = length();
    if !os::ask_stacks(pid, file) {
        return None;
    }
    let (asked, mut last) = (Instant::now(), before);
    while asked.elapsed() < PATIENCE {
        std::thread::sleep(PAUSE);
        let now = length();
        if now > before && now == last && os::has_told_stacks(pid) {
            let bytes = fs::read(file).ok()?;
            return Some(String::from_utf8_lossy(bytes.get(usize::try_from(before).ok()?..)?).into_owned());
        }
        last = now;
    }
    None
}
