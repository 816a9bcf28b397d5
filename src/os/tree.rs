//! Processes below another, and signals that reach nobody else.
//!
//! A number alone proves nothing: it may be anybody's by now. So a signal goes through a descriptor of the process, opened
//! before it is looked whose child it is; where the number was given again since, the descriptor's process is gone.

use super::{EndSignal, signal_number};
use rustix::process::{Pid, PidfdFlags, WaitOptions};
use std::{
    collections::{BTreeSet, HashMap},
    ffi::OsStr,
    io,
    os::fd::AsFd,
    process::{Child, Command},
    sync::{Mutex, PoisonError},
};

/// A process as `/proc/PID/stat` has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SeenProcess {
    pub pid: u32,
    pub parent: u32,
    pub group: u32,
    pub session: u32,
    /// Whether it has ended and waits to be reaped. Not one of which threads go on.
    pub ended: bool,
    /// Whether it was stopped, by SIGSTOP or a debugger.
    pub stopped: bool,
    /// When it was started, in ticks since the machine was: a number and this are one process's for ever.
    pub started: u64,
}

/// The process with a number; absent where there is none.
pub fn seen_process(pid: u32) -> Option<SeenProcess> {
    read(pid, &std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?)
}

/// The name in brackets may hold anything; after it come the state, the parent, the group, the session and so on.
fn read(pid: u32, stat: &str) -> Option<SeenProcess> {
    let words: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
    let number = |at: usize| words.get(at)?.parse::<u64>().ok();
    let small = |at: usize| number(at)?.try_into().ok();
    let state = *words.first()?;
    Some(SeenProcess {
        pid,
        parent: small(1)?,
        group: small(2)?,
        session: small(3)?,
        ended: matches!(state, "Z" | "X") && number(17)? <= 1,
        stopped: matches!(state, "T" | "t"),
        started: number(19)?,
    })
}

/// Everybody below a process, parents before their children.
pub fn descendants(root: u32) -> Vec<SeenProcess> {
    let mut children: HashMap<u32, Vec<SeenProcess>> = HashMap::new();
    for process in super::processes().filter_map(seen_process) {
        children.entry(process.parent).or_default().push(process);
    }
    let mut found = children.remove(&root).unwrap_or_default();
    let mut at = 0;
    while let Some(parent) = found.get(at).map(|process| process.pid) {
        found.extend(children.remove(&parent).unwrap_or_default());
        at += 1;
    }
    found
}

/// Signals a process that is below `root`, and nobody who is not. That it is gone already is no error.
///
/// # Errors
/// It is another user's by now (EPERM).
pub fn signal_descendant(pid: u32, root: u32, signal: EndSignal) -> io::Result<()> {
    signal_proven(pid, signal, || super::descends_from(pid, root))
}

/// Signals a process of which something is true once a descriptor holds it: the number may have been given again.
fn signal_proven(pid: u32, signal: EndSignal, proof: impl FnOnce() -> bool) -> io::Result<()> {
    let Some(number) = i32::try_from(pid).ok().filter(|pid| *pid > 1).and_then(Pid::from_raw) else { return Ok(()) };
    let handle = match rustix::process::pidfd_open(number, PidfdFlags::empty()) {
        Ok(handle) => Some(handle),
        Err(rustix::io::Errno::SRCH) => return Ok(()),
        // No descriptor is free, or the kernel is older than 5.3: the number has to do.
        Err(_) => None,
    };
    if !proof() {
        return Ok(());
    }
    let sent = match handle {
        Some(handle) => rustix::process::pidfd_send_signal(handle, signal_number(signal)),
        None => rustix::process::kill_process(number, signal_number(signal)),
    };
    match sent {
        Err(rustix::io::Errno::SRCH) | Ok(()) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

/// Kills everybody who is below a process now. Who is born meanwhile is found by the next call.
pub fn kill_below(root: u32) {
    for process in descendants(root).iter().filter(|process| !process.ended) {
        let _ = signal_descendant(process.pid, root, EndSignal::Kill);
    }
}

/// What `/proc` calls the pipe behind a descriptor: `pipe:[4711]`.
pub fn pipe_name(pipe: impl AsFd) -> Option<String> {
    rustix::fs::fstat(pipe).ok().map(|stat| format!("pipe:[{}]", stat.st_ino))
}

/// Whether a process has a file or a pipe open, by the name that `/proc` has for it.
pub fn has_open(pid: u32, name: impl AsRef<OsStr>) -> bool {
    let entries = std::fs::read_dir(format!("/proc/{pid}/fd")).into_iter().flatten().flatten();
    entries.filter_map(|entry| std::fs::read_link(entry.path()).ok()).any(|open| open.as_os_str() == name.as_ref())
}

/// Whether a process was started with this line, `NAME=value`, in its environment. Not of one that has ended, nor of another
/// user's.
pub fn has_in_environment(pid: u32, line: &str) -> bool {
    let environment = std::fs::read(format!("/proc/{pid}/environ")).unwrap_or_default();
    environment.split(|byte| *byte == 0).any(|entry| entry == line.as_bytes())
}

/// Those of which [`has_in_environment`] is true.
pub fn carriers(line: &str) -> Vec<u32> {
    super::processes().filter(|pid| has_in_environment(*pid, line)).collect()
}

/// Kills a process that was started with this line in its environment, and no other. That it is gone already is no error.
///
/// # Errors
/// It is another user's (EPERM).
pub fn kill_carrier(pid: u32, line: &str) -> io::Result<()> {
    signal_proven(pid, EndSignal::Kill, || has_in_environment(pid, line))
}

/// Whether a process has the calling process's stdout or stderr.
pub fn shares_output(pid: u32) -> bool {
    let names = [pipe_name(std::io::stdout()), pipe_name(std::io::stderr())];
    names.iter().flatten().any(|name| has_open(pid, name))
}

/// Whether a process group has members; what has ended and is not reaped counts.
pub fn is_group(leader: u32) -> bool {
    let leader = i32::try_from(leader).ok().filter(|pid| *pid > 1).and_then(Pid::from_raw);
    leader.is_some_and(|leader| rustix::process::test_kill_process_group(leader).is_ok())
}

/// Reaps children that have ended, until there are none, or until it is `kept`'s turn, whose end is asked for elsewhere.
pub fn reap_orphans(kept: u32) {
    while let Some(ended) = first_ended().filter(|pid| *pid != kept) {
        if super::reap(ended).is_err() {
            return;
        }
    }
}

/// A child that has ended and is not reaped.
fn first_ended() -> Option<u32> {
    let mut info = std::mem::MaybeUninit::<libc::siginfo_t>::zeroed();
    let options = libc::WEXITED | libc::WNOHANG | libc::WNOWAIT;
    // SAFETY: the pointer is to a live local of the type that waitid writes; zeroes are a valid siginfo, whose number is 0.
    let pid = unsafe {
        libc::waitid(libc::P_ALL, 0, info.as_mut_ptr(), options);
        info.assume_init().si_pid()
    };
    u32::try_from(pid).ok().filter(|pid| *pid != 0)
}

/// Children that this process started itself, by [`spawn_leader`]: whoever holds one waits for it.
static LEADERS: Mutex<BTreeSet<u32>> = Mutex::new(BTreeSet::new());

/// Starts a program that leads a process group of its own, and is waited for by whoever holds what is given.
///
/// # Errors
/// Those of starting a program.
pub fn spawn_leader(command: &mut Command) -> io::Result<Child> {
    super::lead_group(command);
    // Held until its number is known: nobody is to reap it in between.
    let mut leaders = LEADERS.lock().unwrap_or_else(PoisonError::into_inner);
    let child = command.spawn()?;
    leaders.insert(child.id());
    Ok(child)
}

/// Reaps those that the calling process has adopted and that have ended: children of another process group that it did not
/// start itself. Of one that ended before anybody looked nothing else tells whose it was.
pub fn reap_strays() {
    let (own, group) = (super::pid(), rustix::process::getpgrp().as_raw_nonzero().get() as u32);
    let mut leaders = LEADERS.lock().unwrap_or_else(PoisonError::into_inner);
    let children: Vec<SeenProcess> = descendants(own).into_iter().filter(|process| process.parent == own).collect();
    leaders.retain(|leader| children.iter().any(|child| child.pid == *leader));
    for child in children.iter().filter(|child| child.ended && child.group != group && !leaders.contains(&child.pid)) {
        let _ = super::reap(child.pid);
    }
}

/// Reaps all children that have ended; whether any are left.
pub fn reap_all() -> bool {
    loop {
        match rustix::process::wait(WaitOptions::NOHANG) {
            Ok(Some(_)) | Err(rustix::io::Errno::INTR) => {}
            Ok(None) => return true,
            Err(_) => return false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stat_is_read_whatever_the_name_is() {
        let stat = "7 (a) Z (b) T 3 5 6 0 -1 4194304 1 0 0 0 0 0 0 0 20 0 1 0 987 0 0";
        let seen = read(7, stat).expect("a stat");
        let expected =
            SeenProcess { pid: 7, parent: 3, group: 5, session: 6, ended: false, stopped: true, started: 987 };
        assert_eq!(seen, expected);
        assert!(read(7, &stat.replace(") T", ") Z")).expect("a stat").ended);
        assert_eq!(read(7, "7 (a) S"), None);
    }

    #[test]
    fn who_carries_a_line_is_found_and_ended_and_nobody_else() {
        let line = format!("SPAWNSCOPE_TEST_LINE={}", super::super::pid());
        let start = |value: &str| {
            let (name, value) = value.split_once('=').expect("a line");
            Command::new("sleep").arg("60").env(name, value).spawn().expect("a process")
        };
        let (mut marked, mut other) = (start(&line), start("SPAWNSCOPE_TEST_LINE=another"));
        // A child has its parent's environment until it has become another program.
        while !has_in_environment(marked.id(), &line) {
            std::thread::yield_now();
        }
        assert_eq!(carriers(&line), [marked.id()]);
        kill_carrier(other.id(), &line).expect("nobody's");
        kill_carrier(1, &line).expect("nobody's");
        assert_eq!(other.try_wait().expect("asked"), None);
        kill_carrier(marked.id(), &line).expect("ours");
        assert!(!marked.wait().expect("ended").success());
        assert!(carriers(&line).is_empty(), "of one that has ended nothing is read");
        other.kill().and_then(|()| other.wait()).expect("ended");
    }

    #[test]
    fn who_was_adopted_and_has_ended_is_reaped_and_nobody_who_is_waited_for() {
        super::super::adopt_orphans().expect("Linux");
        // Whoever starts the orphan tells its number, and ends; the orphan leads a group of its own, and ends then.
        let mut parent = Command::new("sh");
        parent.args(["-c", "setsid sh -c 'echo $$; exec sleep 0.1' & wait_for=$!; exit 0"]);
        parent.stdout(std::process::Stdio::piped());
        let output = spawn_leader(&mut parent).expect("sh").wait_with_output().expect("ended");
        let orphan: u32 = String::from_utf8_lossy(&output.stdout).trim().parse().expect("a number");
        let ended = |pid: u32| seen_process(pid).is_none_or(|seen| seen.ended);
        while !ended(orphan) {
            std::thread::yield_now();
        }
        let mut waited_for = spawn_leader(&mut Command::new("true")).expect("true");
        while !ended(waited_for.id()) {
            std::thread::yield_now();
        }
        reap_strays();
        assert_eq!(seen_process(orphan), None, "it is reaped");
        assert!(waited_for.wait().expect("it is there").success());
    }

    #[test]
    fn a_signal_reaches_descendants_alone() {
        let own = super::super::pid();
        let mut child = Command::new("sleep").arg("60").spawn().expect("a process");
        assert!(descendants(own).iter().any(|process| process.pid == child.id()));
        signal_descendant(child.id(), child.id(), EndSignal::Kill).expect("nobody's");
        signal_descendant(1, own, EndSignal::Kill).expect("nobody's");
        signal_descendant(u32::MAX, own, EndSignal::Kill).expect("nobody's");
        assert_eq!(child.try_wait().expect("asked"), None, "it is not below itself");
        signal_descendant(child.id(), own, EndSignal::Kill).expect("ours");
        assert!(!child.wait().expect("ended").success());
    }
}
