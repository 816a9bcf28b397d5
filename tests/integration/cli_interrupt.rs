//! Ctrl-C.
#![cfg(unix)]

use crate::support::{Folder, Said, plan, until};
use rustix::process::{Pid, Signal, kill_process, kill_process_group};
use std::{
    os::unix::process::CommandExt,
    process::{Child, Stdio},
};

/// A run of two programs that would go on for ten minutes; returns when one has begun.
fn long_run(folder: &Folder) -> Child {
    let lines = "args = [\"-c\", \"echo > begun; exec sleep 600\"]\ncount = 2\ncwd = \".\"";
    folder.write("plan.toml", plan("program:sh", lines));
    let mut command = folder.command(&["run", "plan.toml", "--mode", "processes", "--workers", "1", "--json"]);
    let child = command.process_group(0).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("starts");
    until("the first program begins", || folder.path("begun").exists());
    child
}

fn pid(child: &Child) -> Pid {
    Pid::from_raw(i32::try_from(child.id()).expect("a pid")).expect("not zero")
}

/// Ctrl-C as a terminal sends it: to the runner and to the tasks too.
fn press_ctrl_c(child: &Child) {
    kill_process_group(pid(child), Signal::INT).expect("it runs");
}

fn terminate(child: &Child) {
    kill_process(pid(child), Signal::TERM).expect("it runs");
}

#[test]
fn an_interrupt_stops_the_run_and_keeps_what_was_measured() {
    for interrupt in [press_ctrl_c, terminate] {
        let folder = Folder::new();
        let child = long_run(&folder);
        interrupt(&child);
        let said: Said = child.wait_with_output().expect("ends").into();
        assert_eq!(said.status, 130, "{said:?}");
        let document = said.json();
        let executions = document["runs"][0]["executions"].as_array().expect("a list");
        assert!(executions.iter().all(|execution| execution["outcome"]["kind"] == "cancelled"), "{document}");
        assert!(executions[0]["stamps"]["launch_called_ns"].is_u64(), "{document}");
    }
}

/// As under `nohup`: its terminal is closed, and it must go on.
#[test]
fn a_hangup_that_is_ignored_at_the_start_is_ignored_throughout() {
    let folder = Folder::new();
    let lines = "args = [\"-c\", \"echo > begun; until [ -e go ]; do sleep 0.01; done\"]\ncwd = \".\"";
    folder.write("plan.toml", plan("program:sh", lines));
    let mut command = folder.command(&["run", "plan.toml", "--mode", "processes", "--json"]);
    // SAFETY: between fork and exec only a signal's disposition is set.
    unsafe {
        command.pre_exec(|| {
            libc::signal(libc::SIGHUP, libc::SIG_IGN);
            Ok(())
        });
    }
    let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("starts");
    until("the program begins", || folder.path("begun").exists());
    kill_process(pid(&child), Signal::HUP).expect("it runs");
    folder.write("go", "");
    let said: Said = child.wait_with_output().expect("ends").into();
    assert_eq!(said.status, 0, "{said:?}");
    assert_eq!(said.json()["runs"][0]["executions"][0]["outcome"]["kind"], "success", "{said:?}");
}
