//! The guard of another language's runner: whatever that runner starts ends with it.

use crate::support::{Folder, until};
use std::{
    io::{BufRead, BufReader, Write},
    os::unix::process::ExitStatusExt,
    path::Path,
    process::{Child, ChildStdin, Command, Stdio},
};

/// A guard of a shell script, after the script's first line: the number of a process that it left in a session of its
/// own.
///
/// Its stdin is returned separately: waiting for a child would close it.
fn guard(folder: &Folder, script: &str) -> (Child, ChildStdin, u32) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_spawnscope"))
        .arg("__guard")
        .arg(folder.path("run"))
        .args(["sh", "-c", script])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let mut line = String::new();
    BufReader::new(child.stdout.take().expect("stdout")).read_line(&mut line).expect("a line");
    let stdin = child.stdin.take().expect("stdin");
    (child, stdin, line.trim().parse().expect("a process's number"))
}

fn is_there(pid: u32) -> bool {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    !stat.is_empty() && !stat.contains(") Z ")
}

const LEAVE_ONE: &str = "setsid sleep 1000 >/dev/null & echo $!;";

#[test]
fn what_a_runner_leaves_behind_ends_with_it() {
    let folder = Folder::new();
    let (mut guard, _stdin, left) = guard(&folder, &format!("{LEAVE_ONE} exit 7"));
    assert_eq!(guard.wait().expect("it ends").code(), Some(7), "the runner's exit status is passed on");
    assert!(!is_there(left));
}

#[test]
fn the_signal_that_ended_a_runner_is_passed_on() {
    let folder = Folder::new();
    let (mut guard, _stdin, left) = guard(&folder, &format!("{LEAVE_ONE} kill -SEGV $$"));
    assert_eq!(guard.wait().expect("it ends").signal(), Some(11));
    assert!(!is_there(left));
}

#[test]
fn the_end_of_the_host_ends_everything_and_clears_the_folder() {
    let folder = Folder::new();
    std::fs::create_dir(folder.path("run")).expect("made");
    let (mut guard, stdin, left) = guard(&folder, &format!("{LEAVE_ONE} sleep 1000"));
    assert!(is_there(left));
    drop(stdin);
    guard.wait().expect("it ends");
    assert!(!is_there(left) && !Path::new(&folder.path("run")).exists());
}

#[test]
fn an_end_is_ordered() {
    let folder = Folder::new();
    let (mut guard, mut stdin, left) = guard(&folder, &format!("{LEAVE_ONE} sleep 1000"));
    stdin.write_all(b"{\"end\":{}}\n").expect("heard");
    assert_eq!(guard.wait().expect("it ends").signal(), Some(9));
    until("the process that was left behind is gone", || !is_there(left));
}
