//! Ctrl-C.
#![cfg(unix)]

use crate::support::{Folder, Said, plan, until};
use rustix::process::{Pid, Signal, kill_process};
use std::process::{Child, Stdio};

/// A run of two programs that would go on for ten minutes; returns when one has begun.
fn long_run(folder: &Folder) -> Child {
    let lines = "args = [\"-c\", \"echo > begun; exec sleep 600\"]\ncount = 2\ncwd = \".\"";
    folder.write("plan.toml", plan("program:sh", lines));
    let mut command = folder.command(&["run", "plan.toml", "--mode", "processes", "--workers", "1", "--json"]);
    let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("starts");
    until("the first program begins", || folder.path("begun").exists());
    child
}

fn signal(child: &Child, signal: Signal) {
    let pid = Pid::from_raw(i32::try_from(child.id()).expect("a pid")).expect("not zero");
    kill_process(pid, signal).expect("it runs");
}

#[test]
fn an_interrupt_stops_the_run_and_keeps_what_was_measured() {
    for kind in [Signal::INT, Signal::TERM] {
        let folder = Folder::new();
        let child = long_run(&folder);
        signal(&child, kind);
        let said: Said = child.wait_with_output().expect("ends").into();
        assert_eq!(said.status, 130, "{said:?}");
        let document = said.json();
        let executions = document["runs"][0]["executions"].as_array().expect("a list");
        assert!(executions.iter().all(|execution| execution["outcome"]["kind"] == "cancelled"), "{document}");
        assert!(executions[0]["stamps"]["launch_called_ns"].is_u64(), "{document}");
    }
}
