//! Asks processes that did not answer through Python for their stacks through faulthandler: while code is stuck in C,
//! no line of Python can run.

use crate::stacks;
use crossbeam_channel::{Receiver, Sender, unbounded};
use protocol::{PYTHON_RUNNER_FILE, STACKS_FILE, text::Text};
use std::{
    collections::{BTreeMap, HashMap},
    fs,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

/// A handler that has not finished by then is blocked, and the next process is asked.
const PATIENCE: Duration = Duration::from_millis(400);
/// Between two checks whether the handler has finished.
const PAUSE: Duration = Duration::from_millis(1);

/// An execution that has not said where it is.
#[derive(Clone, Copy, Debug)]
pub struct Silent {
    pub execution: u32,
    pub pid: u32,
    pub tid: u32,
}

/// Asks in a thread of its own, one process after another, because all write into the same file.
pub struct AskingStacks {
    file: PathBuf,
    outbox: Sender<Text>,
    inbox: Receiver<Text>,
}

impl AskingStacks {
    /// For the run in this folder.
    pub fn new(folder: &Path) -> Self {
        let (outbox, inbox) = unbounded();
        Self { file: folder.join(STACKS_FILE), outbox, inbox }
    }

    /// Asks for the stacks of these executions. If no thread can be started, their places stay unknown, as with
    /// executions that can't answer: a run never fails because of this.
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

    /// The answers since the last call.
    pub fn answered(&self) -> impl Iterator<Item = Text> + '_ {
        self.inbox.try_iter()
    }
}

/// Where the executions of a process are, as far as its stacks show.
fn answers(file: &Path, pid: u32, silent: &[Silent]) -> Vec<Text> {
    // Only blocked threads have a readable stack pointer, and the signal below may wake them.
    let pointers: HashMap<u32, u64> =
        silent.iter().filter_map(|one| Some((one.tid, os::stack_pointer(pid, one.tid)?))).collect();
    let Some(all) = written(file, pid).and_then(|text| stacks::parse(&text)) else { return Vec::new() };
    let answer = |one: &Silent| {
        // Coroutines share a thread, whose stack belongs to only one of them.
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

/// What a process wrote when asked; none if it can't be asked or does not finish in time.
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
