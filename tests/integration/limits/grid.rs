//! Limits of the system on processes, descriptors, memory and files, at values that are too low, a row each. Every run
//! must end with a report, and leave no folder.

use super::memory::in_own_memory;
use crate::{
    cases::python,
    support::{Folder, Said, command, plan, required},
};
use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::Path,
    process::{Command, id},
};

/// What must hold for a run.
#[derive(Clone, Copy, Debug)]
enum Holds {
    /// Every execution succeeds, and the status is 0.
    All,
    /// Some succeed; the others could not start, for this reason.
    Some(&'static str),
    /// None could start, for this reason.
    None(&'static str),
    /// One of the above, depending on the machine.
    Sound(&'static str),
    /// There is no run: status 2, and one line with the reason.
    Refused(&'static str),
    /// The same, or a run began in which no execution could start, for this reason.
    Early(&'static str),
}
use Holds::{All, Early, None as Nobody, Refused, Some as Partly, Sound};

#[derive(Clone, Copy)]
enum Kind {
    Builtin,
    Program,
    Python,
}
use Kind::{Builtin, Program, Python};

type Row = (&'static str, u64, &'static str, Kind, Holds);

const MIB: u64 = 1 << 20;
const NO_ROOM: &str = "Resource temporarily unavailable";
const NO_THREAD: &str = "can't start new thread";
const NO_DESCRIPTORS: &str = "Too many open files";
const TOO_LONG: &str = "File too large";

/// Threads and processes of one user. It is not root, who has no such limit.
const PROCESSES: [Row; 14] = [
    ("nproc", 1, "threads", Builtin, Refused(NO_ROOM)),
    ("nproc", 4, "processes:fork", Builtin, Refused(NO_ROOM)),
    ("nproc", 9, "threads", Builtin, Early(NO_ROOM)),
    ("nproc", 10, "processes:fork", Builtin, Early(NO_ROOM)),
    ("nproc", 11, "threads", Builtin, Early(NO_ROOM)),
    ("nproc", 12, "processes", Program, Early(NO_ROOM)),
    ("nproc", 20, "sequential", Builtin, All),
    ("nproc", 20, "threads", Builtin, Partly(NO_ROOM)),
    ("nproc", 20, "processes:fork", Builtin, Partly(NO_ROOM)),
    ("nproc", 20, "processes:spawn", Builtin, Partly(NO_ROOM)),
    ("nproc", 20, "thread-pool/2", Builtin, All),
    ("nproc", 20, "process-pool/2", Builtin, All),
    ("nproc", 20, "processes", Program, Partly(NO_ROOM)),
    ("nproc", 4, "process-pool/4", Program, Refused(NO_ROOM)),
];

const DESCRIPTORS: [Row; 9] = [
    ("nofile", 8, "threads", Builtin, Refused(NO_DESCRIPTORS)),
    ("nofile", 24, "threads", Builtin, All),
    ("nofile", 24, "processes:fork", Builtin, Partly(NO_DESCRIPTORS)),
    ("nofile", 24, "processes:spawn", Builtin, Partly(NO_DESCRIPTORS)),
    ("nofile", 24, "processes", Program, Partly(NO_DESCRIPTORS)),
    ("nofile", 24, "threads", Python, All),
    ("nofile", 24, "processes:fork", Python, Partly(NO_DESCRIPTORS)),
    ("nofile", 19, "process-pool:fork/8", Python, Nobody(NO_DESCRIPTORS)),
    ("nofile", 24, "process-pool:spawn/8", Python, Sound(NO_DESCRIPTORS)),
];

const MEMORY: [Row; 8] = [
    ("as", 256 * MIB, "threads", Builtin, Sound(NO_ROOM)),
    ("as", 256 * MIB, "process-pool:spawn/2", Builtin, All),
    ("as", 256 * MIB, "threads", Python, Sound(NO_THREAD)),
    ("as", 256 * MIB, "thread-pool/8", Python, Sound(NO_THREAD)),
    ("data", 16 * MIB, "threads", Builtin, Partly(NO_ROOM)),
    ("data", 16 * MIB, "processes", Program, All),
    ("data", 24 * MIB, "threads", Python, Sound(NO_THREAD)),
    ("data", 24 * MIB, "process-pool:fork/2", Python, Sound(NO_THREAD)),
];

const FILES: [Row; 5] = [
    ("fsize", 0, "threads", Builtin, Refused(TOO_LONG)),
    ("fsize", 4096, "processes:fork", Builtin, Refused(TOO_LONG)),
    ("fsize", 65_536, "processes:spawn", Builtin, All),
    ("fsize", 65_536, "processes", Program, All),
    ("fsize", 65_536, "threads", Python, Refused(TOO_LONG)),
];

/// A folder with a plan of each kind: 30 executions in flight at the same time.
fn folder() -> Folder {
    let folder = Folder::new();
    folder.write("work.py", "import time\n\ndef work():\n    time.sleep(0.3)\n");
    folder.write("builtin.toml", plan("sleep", "args = { seconds = 0.3 }\ncount = 30"));
    folder.write("program.toml", plan("program:sleep", "args = [\"0.3\"]\ncount = 30"));
    folder.write("python.toml", plan("python:work.py:work", "count = 30"));
    folder
}

fn check(rows: &[Row], prefix: &[&str], program: &str, folder: &Folder) {
    for (at, (limit, value, mode, kind, holds)) in rows.iter().enumerate() {
        let what = format!("{limit} {value}, {mode}, row {at}");
        let (file, interpreter) = match kind {
            Builtin => ("builtin.toml", None),
            Program => ("program.toml", None),
            Python => match python() {
                Some(python) => ("python.toml", Some(python)),
                None => continue,
            },
        };
        let limited = format!("--{limit}={value}");
        let mut words = vec!["prlimit", &limited];
        words.extend(prefix);
        words.extend([program, "run", file, "--json", "--mode", mode]);
        words.extend(interpreter.iter().flat_map(|python| ["--python", python.as_str()]));
        let Some(said) = in_own_memory(folder, "64m", "-", &words) else { return };
        holds.check(&said, &what);
    }
}

impl Holds {
    fn check(self, said: &Said, what: &str) {
        assert!(!said.stderr.contains("panicked"), "{what}: {}", said.stderr);
        if let Refused(reason) = self {
            let last = said.stderr.lines().last().unwrap_or_default();
            assert_eq!(said.status, 2, "{what}: {}", said.stderr);
            return assert!(last.starts_with("spawnscope: ") && last.contains(reason), "{what}: {}", said.stderr);
        }
        let document = said.json();
        if let Early(reason) = self {
            let runs = document["runs"].as_array().expect("a list");
            // At the limit either the runner can't be started, or it can and its executions can't.
            if runs.is_empty() {
                let refused = format!("spawnscope: the runner can't be started: {reason}");
                assert!(said.stderr.lines().any(|line| line.starts_with(&refused)), "{what}: {}", said.stderr);
            }
            assert_eq!(said.status, if runs.is_empty() { 2 } else { 1 }, "{what}: {}", said.stderr);
            let outcomes = runs.iter().flat_map(|run| run["executions"].as_array().expect("a list"));
            return for outcome in outcomes.map(|execution| &execution["outcome"]) {
                assert_eq!(outcome["kind"], "could-not-start", "{what}: {outcome}");
                assert!(outcome["message"].as_str().is_some_and(|why| why.contains(reason)), "{what}: {outcome}");
            };
        }
        let executions = document["runs"][0]["executions"].as_array().expect("executions");
        let word = |index: usize| executions[index]["outcome"]["kind"].as_str().unwrap_or("none");
        let refused: Vec<usize> = (0..executions.len()).filter(|index| word(*index) == "could-not-start").collect();
        let succeeded = (0..executions.len()).filter(|index| word(*index) == "success").count();
        assert_eq!((executions.len(), succeeded + refused.len()), (30, 30), "{what}: {}", said.stderr);
        let (least, most, reason) = match self {
            All => (0, 0, ""),
            Partly(reason) => (1, 29, reason),
            Nobody(reason) => (30, 30, reason),
            Sound(reason) => (0, 30, reason),
            Refused(_) | Early(_) => unreachable!("it has no run that could begin"),
        };
        assert!((least..=most).contains(&refused.len()), "{what}: {} of 30 could not start", refused.len());
        assert_eq!(said.status, i32::from(!refused.is_empty()), "{what}: {}", said.stderr);
        for index in refused {
            let why = executions[index]["outcome"]["message"].as_str().unwrap_or_default();
            assert!(why.contains(reason), "{what}: {why}");
        }
    }
}

/// The program at a path that every user can reach.
fn reachable(folder: &Folder) -> String {
    let (own, copy) = (command(Path::new("/")).get_program().to_owned(), folder.path("spawnscope"));
    fs::hard_link(&own, &copy).or_else(|_| fs::copy(&own, &copy).map(drop)).expect("copied");
    fs::set_permissions(folder.path(""), fs::Permissions::from_mode(0o755)).expect("it is ours");
    copy.to_string_lossy().into_owned()
}

#[test]
fn with_few_processes_those_start_that_can() {
    let folder = folder();
    // A user without other processes.
    let user = format!("{}", 100_000 + id());
    let (reuid, regid) = (format!("--reuid={user}"), format!("--regid={user}"));
    let as_user = ["setpriv", reuid.as_str(), regid.as_str(), "--clear-groups"];
    if !Command::new("setpriv").args(&as_user[1..]).arg("true").status().is_ok_and(|status| status.success()) {
        return required("another user's limits need root").unwrap_or_default();
    }
    check(&PROCESSES, &as_user, &reachable(&folder), &folder);
}

fn own_program() -> String {
    command(Path::new("/")).get_program().to_string_lossy().into_owned()
}

#[test]
fn with_few_descriptors_those_start_that_can() {
    check(&DESCRIPTORS, &[], &own_program(), &folder());
}

#[test]
fn with_little_memory_those_start_that_can() {
    check(&MEMORY, &[], &own_program(), &folder());
}

#[test]
fn with_short_files_there_is_a_run_or_a_reason() {
    let folder = folder();
    check(&FILES, &[], &own_program(), &folder);
    // An export that is too long must not leave a partial file.
    folder.write("one.toml", plan("primes", "args = { limit = 10 }\ncount = 2"));
    let words = ["prlimit", "--fsize=2048", &own_program(), "run", "one.toml", "--export", "runs.json"];
    let Some(said) = in_own_memory(&folder, "64m", "-", &words) else { return };
    assert_eq!(said.status, 2, "{said:?}");
    assert!(said.stderr.contains("runs.json") && said.stderr.contains(TOO_LONG), "{said:?}");
    assert!(!folder.path("runs.json").exists());
}
