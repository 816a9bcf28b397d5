//! A process that belongs to another user can't be ended: the host lets it go, and names it.

use crate::{
    support::{Folder, Said, plan, required, until},
    tree::Mark,
};
use rustix::process::{Pid, Signal, kill_process};
use std::{
    fs,
    os::unix::fs::PermissionsExt,
    process::{Command, Stdio},
};

/// A user who may become another one, but may not signal processes of others.
const NOBODY: [&str; 5] = [
    "--reuid=65534",
    "--clear-groups",
    "--inh-caps=-all,+setuid",
    "--ambient-caps=-all,+setuid",
    "--bounding-set=-all,+setuid",
];

/// On drop, ends all processes that carry a mark, with the test's own rights.
struct Ended(Mark);

impl Drop for Ended {
    fn drop(&mut self) {
        for pid in self.0.carriers().into_iter().filter_map(|pid| Pid::from_raw(i32::try_from(pid).ok()?)) {
            let _ = kill_process(pid, Signal::KILL);
        }
    }
}

/// The program's answer when that user runs a plan of one shell script; none if the test can't become that user.
fn said(folder: &Folder, mark: &Mark, script: &str, timeout: &str) -> Option<Said> {
    let may = Command::new("setpriv").args(NOBODY).args(["setpriv", "--reuid=65533", "true"]).output();
    if !may.as_ref().is_ok_and(|output| output.status.success()) {
        return required(&format!("setpriv can't become another user here: {may:?}"));
    }
    let (host, copy) = (folder.command(&[]), folder.path("spawnscope"));
    fs::hard_link(host.get_program(), &copy)
        .or_else(|_| fs::copy(host.get_program(), &copy).map(drop))
        .expect("copied");
    fs::set_permissions(folder.path(""), fs::Permissions::from_mode(0o755)).expect("it is ours");
    folder.write("task.sh", script);
    let lines = format!("name = \"leaves\"\nargs = [\"task.sh\"]\ncwd = \".\"\ntimeout = \"{timeout}\"");
    folder.write("plan.toml", plan("program:sh", &lines));
    let mut command = Command::new("setpriv");
    command.current_dir(folder.path("")).stdin(Stdio::null()).args(NOBODY).arg(copy);
    command.args(["run", "plan.toml", "--mode", "processes", "--json"]);
    mark.on(&mut command);
    Some(command.output().expect("starts").into())
}

/// Checks the sentence about the one process that remains.
fn assert_remains(said: &Said) {
    let document = said.json();
    let left = document["runs"][0]["end"]["left"].as_array().unwrap_or_else(|| panic!("{said:?}"));
    let [process] = &left[..] else { panic!("one, once: {left:?}") };
    assert_eq!((&process["command"], &process["end"]), (&"sleep 609".into(), &"remains".into()));
    assert_eq!(process["execution"], 0, "{left:?}");
    let sentence = ") was left running; it could not be ended, and may still be there";
    assert!(said.stderr.contains(sentence) && said.stderr.contains("ps -fp "), "{said:?}");
    let findings = document["findings"].as_array().expect("findings");
    let finding = findings.iter().find(|finding| finding["id"] == "left-running").expect("a finding");
    assert_eq!(finding["evidence"]["remaining_count"], 1);
}

#[test]
fn who_is_another_users_and_left_behind_is_let_go_and_named() {
    let (folder, ended) = (Folder::new(), Ended(Mark::new()));
    let script =
        "setpriv --reuid=65533 sleep 609 >/dev/null 2>&1 &\nuntil grep -aq ^sleep /proc/$!/cmdline; do :; done\n";
    let Some(said) = said(&folder, &ended.0, script, "60s") else { return };
    assert_eq!(said.status, 0, "{said:?}");
    until("nobody else is left", || ended.0.carriers().len() == 1);
    assert_remains(&said);
}

#[test]
fn an_execution_that_becomes_another_users_does_not_outlast_its_timeout() {
    let (folder, ended) = (Folder::new(), Ended(Mark::new()));
    let Some(said) = said(&folder, &ended.0, "exec setpriv --reuid=65533 sleep 609\n", "500ms") else { return };
    assert_eq!(said.status, 1, "{said:?}");
    until("nobody else is left", || ended.0.carriers().len() == 1);
    assert_eq!(said.json()["runs"][0]["executions"][0]["outcome"]["kind"], "timed-out", "{said:?}");
    assert_remains(&said);
}
