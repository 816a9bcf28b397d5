//! Processes below another, read from `/proc`, and signals that reach no other process: through a descriptor of the process.

use crate::{BorrowedDescriptor, EndSignal, SeenProcess};
use rustix::process::{Pid, PidfdFlags, Signal};
use std::{collections::HashMap, ffi::OsStr, io};

pub fn seen_process(pid: u32) -> Option<SeenProcess> {
    read(pid, &std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?)
}

/// The name in brackets may contain anything; after it come the state, the parent, the group, the session and so on.
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

pub fn descendants(root: u32) -> Vec<SeenProcess> {
    let mut children: HashMap<u32, Vec<SeenProcess>> = HashMap::new();
    for process in processes().filter_map(seen_process) {
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

pub fn signal_descendant(pid: u32, root: u32, signal: EndSignal) -> io::Result<()> {
    signal_proven(pid, signal, || descends_from(pid, root))
}

fn signal_number(signal: EndSignal) -> Signal {
    match signal {
        EndSignal::Terminate => Signal::TERM,
        EndSignal::Continue => Signal::CONT,
        EndSignal::Kill => Signal::KILL,
    }
}

/// Signals a process if `proof` holds after a descriptor of the process was taken, since its number may have been reused.
fn signal_proven(pid: u32, signal: EndSignal, proof: impl FnOnce() -> bool) -> io::Result<()> {
    let Some(number) = i32::try_from(pid).ok().filter(|pid| *pid > 1).and_then(Pid::from_raw) else { return Ok(()) };
    let handle = match rustix::process::pidfd_open(number, PidfdFlags::empty()) {
        Ok(handle) => Some(handle),
        Err(rustix::io::Errno::SRCH) => return Ok(()),
        // No descriptor is free, or the kernel is older than 5.3: we signal by number.
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

pub fn pipe_name(pipe: BorrowedDescriptor<'_>) -> Option<String> {
    rustix::fs::fstat(pipe).ok().map(|stat| format!("pipe:[{}]", stat.st_ino))
}

pub fn has_open(pid: u32, name: &OsStr) -> bool {
    let entries = std::fs::read_dir(format!("/proc/{pid}/fd")).into_iter().flatten().flatten();
    entries.filter_map(|entry| std::fs::read_link(entry.path()).ok()).any(|open| open.as_os_str() == name)
}

pub fn has_in_environment(pid: u32, line: &str) -> bool {
    let environment = std::fs::read(format!("/proc/{pid}/environ")).unwrap_or_default();
    environment.split(|byte| *byte == 0).any(|entry| entry == line.as_bytes())
}

pub fn carriers(line: &str) -> Vec<u32> {
    processes().filter(|pid| has_in_environment(*pid, line)).collect()
}

pub fn kill_carrier(pid: u32, line: &str) -> io::Result<()> {
    signal_proven(pid, EndSignal::Kill, || has_in_environment(pid, line))
}

pub fn is_running(pid: u32, tid: Option<u32>) -> bool {
    let path = tid.map_or_else(|| format!("/proc/{pid}/stat"), |tid| format!("/proc/{pid}/task/{tid}/stat"));
    let stat = match std::fs::read_to_string(path) {
        Ok(stat) => stat,
        Err(error) => return error.kind() != io::ErrorKind::NotFound && error.raw_os_error() != Some(libc::ESRCH),
    };
    // After the name in brackets, which may contain anything, comes the state, and 17 words later the number of threads.
    let Some((_, words)) = stat.rsplit_once(')') else { return false };
    let mut words = words.split_whitespace();
    let ended = words.next().is_none_or(|state| matches!(state, "Z" | "X"));
    let threads = words.nth(16).and_then(|number| number.parse::<u32>().ok());
    !ended || (tid.is_none() && threads.is_some_and(|threads| threads > 1))
}

pub fn command_line(process: u32) -> Option<String> {
    let bytes = std::fs::read(format!("/proc/{process}/cmdline")).ok().filter(|bytes| !bytes.is_empty())?;
    Some(String::from_utf8_lossy(&bytes).replace('\0', " "))
}

fn processes() -> impl Iterator<Item = u32> {
    let entries = std::fs::read_dir("/proc").into_iter().flatten().flatten();
    entries.filter_map(|entry| entry.file_name().to_str()?.parse().ok())
}

/// Whether a process exists and has `ancestor` above it.
pub fn descends_from(process: u32, ancestor: u32) -> bool {
    std::iter::successors(parent_of(process), |above| parent_of(*above)).any(|above| above == ancestor)
}

fn parent_of(process: u32) -> Option<u32> {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    // The name in brackets may contain anything; after it come the state and the parent.
    stat.rsplit_once(')')?.1.split_whitespace().nth(1)?.parse().ok().filter(|parent| *parent != 0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::process::Command;

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
        let line = format!("SPAWNSCOPE_TEST_LINE={}", crate::pid());
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
    fn a_signal_reaches_descendants_alone() {
        let own = crate::pid();
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
