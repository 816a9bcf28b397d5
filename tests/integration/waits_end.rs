//! Every wait ends: whichever process is stopped, lies or never answers, the host comes to its end.

use crate::{
    support::{Folder, Said, until},
    tree::{Mark, child_of, run_folder},
};
use rustix::process::{Pid, Signal, kill_process};
use std::{
    fs,
    os::unix::fs::{FileExt, PermissionsExt},
    path::PathBuf,
    process::{Child, Stdio},
};

/// A run of programs that would go on for ten minutes, with this timeout; returns when the first has begun.
fn long_run(folder: &Folder, mark: &Mark, mode: &str, timeout: &str) -> Child {
    folder.write(
        "plan.toml",
        format!(
            "schema = 1\n[run]\nmode = \"{mode}\"\nrepeat = 1\nwarmup = 0\n[[task]]\ntarget = \"program:sh\"\n\
             args = [\"-c\", \"echo > begun; exec sleep 600\"]\ncwd = \".\"\ncount = 2\ntimeout = \"{timeout}\"\n"
        ),
    );
    let mut command = folder.command(&["run", "plan.toml", "--json"]);
    mark.on(&mut command);
    let host = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("starts");
    until("the first program begins", || folder.path("begun").exists());
    host
}

fn send(pid: u32, signal: Signal) {
    let pid = Pid::from_raw(i32::try_from(pid).expect("a number")).expect("not zero");
    kill_process(pid, signal).expect("it is there");
}

fn said(host: Child) -> Said {
    host.wait_with_output().expect("ends").into()
}

fn outcomes(said: &Said) -> Vec<String> {
    let document = said.json();
    let executions = document["runs"][0]["executions"].as_array().expect("a list");
    executions.iter().map(|execution| execution["outcome"]["kind"].as_str().unwrap_or("none").to_owned()).collect()
}

#[test]
fn a_stopped_launcher_or_guard_does_not_outlast_a_timeout() {
    for (mode, above_runner) in [("processes", 0), ("sequential", 0), ("processes", 1), ("sequential", 2)] {
        let (folder, mark) = (Folder::new(), Mark::new());
        let host = long_run(&folder, &mark, mode, "1s");
        let outer = child_of(host.id()).expect("a guard");
        let inner = child_of(outer).expect("its inner process");
        let runner = child_of(inner).expect("a runner");
        send([runner, inner, outer][above_runner], Signal::STOP);
        let said = said(host);
        mark.assert_nobody_left(&format!("SIGSTOP {above_runner} above the runner in {mode}"));
        assert_eq!(said.status, 1, "{said:?}");
        assert!(outcomes(&said).iter().all(|kind| kind != "none" && kind != "success"), "{said:?}");
    }
}

#[test]
fn a_foreign_number_in_a_slot_is_signalled_by_nobody_and_timeouts_hold() {
    let mut bystander = std::process::Command::new("sleep").arg("600").spawn().expect("starts");
    for foreign in [1, 4_000_000, i64::from(bystander.id()), -1] {
        let (folder, mark) = (Folder::new(), Mark::new());
        let host = long_run(&folder, &mark, "processes", "1s");
        let slots = fs::OpenOptions::new()
            .write(true)
            .open(run_folder(host.id()).expect("a guard").join("slots"))
            .expect("open");
        for execution in 0..2 {
            let word = 192 + execution * 192 + 8 * 8;
            slots.write_all_at(&foreign.to_ne_bytes(), word).expect("written");
        }
        let said = said(host);
        mark.assert_nobody_left(&format!("{foreign} in the slots"));
        assert_eq!(said.status, 1, "{said:?}");
        assert_eq!(bystander.try_wait().expect("asked"), None, "{foreign}");
    }
    bystander.kill().and_then(|()| bystander.wait()).expect("ended");
}

/// An interpreter that answers questions about itself, but runs `instead` when it should execute the runner.
fn false_python(folder: &Folder, python: &str, instead: &str) -> PathBuf {
    let file = folder.path("python-of-mine");
    let script = format!("#!/bin/sh\ncase \"$*\" in *spawnscope_runner*) {instead};; *) exec {python} \"$@\";; esac\n");
    fs::write(&file, script).expect("written");
    fs::set_permissions(&file, fs::Permissions::from_mode(0o755)).expect("allowed");
    file
}

#[test]
fn an_interpreter_that_never_says_hello_or_babbles_is_ended() {
    let Some(python) = crate::cases::python() else { return };
    for instead in
        ["exec sleep 600", "yes; exit 1", "exec yes > \"$2/texts\"", "trap '' TERM; setsid sleep 600; sleep 600"]
    {
        let (folder, mark) = (Folder::new(), Mark::new());
        let python = false_python(&folder, &python, instead);
        folder.write("work.py", "def f():\n    pass\n");
        let task = "[[task]]\ntarget = \"python:work.py:f\"\n";
        folder.write("plan.toml", format!("schema = 1\n[run]\nrepeat = 1\nwarmup = 0\nload_timeout = \"1s\"\n{task}"));
        let python = python.to_str().expect("UTF-8");
        let mut command = folder.command(&["run", "plan.toml", "--mode", "threads", "--python", python]);
        mark.on(&mut command);
        let said: Said = command.output().expect("ends").into();
        mark.assert_nobody_left(instead);
        assert_ne!(said.status, 0, "{said:?}");
        assert!(said.stderr.contains("did not say hello within 1 s"), "{instead}: {said:?}");
    }
}

#[test]
fn an_interpreter_that_is_probed_ends_with_the_host_and_so_does_all_that_it_started() {
    for signal in [Signal::INT, Signal::KILL] {
        let (folder, mark) = (Folder::new(), Mark::new());
        let python = folder.path("python-of-mine");
        let asked = folder.path("asked");
        let script = format!("#!/bin/sh\nsetsid sleep 600 &\necho > {}\nsleep 600\n", asked.display());
        fs::write(&python, script).expect("written");
        fs::set_permissions(&python, fs::Permissions::from_mode(0o755)).expect("allowed");
        folder.write("work.py", "def f():\n    pass\n");
        folder.write("plan.toml", "schema = 1\n[[task]]\ntarget = \"python:work.py:f\"\n");
        let mut command = folder.command(&["run", "plan.toml", "--python", python.to_str().expect("UTF-8")]);
        mark.on(&mut command);
        let mut host = command.stderr(Stdio::null()).stdout(Stdio::null()).spawn().expect("starts");
        until("the interpreter is asked", || asked.exists());
        send(host.id(), signal);
        host.wait().expect("ends");
        mark.assert_nobody_left(&format!("{signal:?} during a probe"));
    }
}
