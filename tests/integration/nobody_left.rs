//! Nothing is left running, whatever a task starts and whichever process is killed.

use crate::{
    support::{Folder, Said, until},
    tree::{Mark, child_of, has_ended, run_folder},
};
use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;
use std::{
    fs,
    path::Path,
    process::{Child, Stdio},
    time::Duration,
};

/// Starts processes that are hard to end: in a session of its own, an orphan of an orphan, in a group of its own, deaf
/// to SIGTERM. Then reports them in a file.
const LEAVE: &str = r#"
setsid sh -c 'echo > 1; exec sleep 601' >/dev/null 2>&1 &
(setsid sh -c 'trap "" TERM HUP INT; echo > 2; sleep 602 & wait; wait' >/dev/null 2>&1 &)
set -m
sh -c 'trap "" TERM; echo > 3; while :; do sleep 603; done' >/dev/null 2>&1 &
until [ -e 1 ] && [ -e 2 ] && [ -e 3 ]; do :; done
echo > begun
"#;

/// A plan of programs that leave processes behind and end as `then` says, with other executions beside them.
fn plan(folder: &Folder, mode: &str, then: &str) {
    let script = format!("{LEAVE}\n{then}");
    folder.write("leave.sh", script);
    let sleeper = "[[task]]\ntarget = \"sleep\"\nargs = { seconds = 600 }\n";
    let beside = if then.contains("sleep") && mode != "sequential" { sleeper } else { "" };
    folder.write(
        "plan.toml",
        format!(
            "schema = 1\n[run]\nmode = \"{mode}\"\nrepeat = 1\nwarmup = 0\n[[task]]\nname = \"leaves\"\ntarget = \"program:sh\"\n\
             args = [\"leave.sh\"]\ncwd = \".\"\n{beside}"
        ),
    );
}

fn host(folder: &Folder, mark: &Mark) -> Child {
    let mut command = folder.command(&["run", "plan.toml", "--json"]);
    mark.on(&mut command);
    command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("starts")
}

fn send(pid: u32, signal: Signal) {
    kill_process(pid_of(pid), signal).expect("it is there");
}

fn pid_of(number: u32) -> Pid {
    Pid::from_raw(i32::try_from(number).expect("a number")).expect("not zero")
}

fn said(host: Child) -> Said {
    host.wait_with_output().expect("ends").into()
}

fn left(said: &Said) -> Vec<Value> {
    said.json()["runs"][0]["end"]["left"].as_array().cloned().unwrap_or_default()
}

#[test]
fn what_a_program_leaves_behind_ends_with_its_run_and_is_named() {
    for mode in ["processes", "process-pool", "sequential"] {
        let (folder, mark) = (Folder::new(), Mark::new());
        plan(&folder, mode, "exit 0");
        let said = said(host(&folder, &mark));
        mark.assert_nobody_left(mode);
        assert_eq!(said.status, 0, "{said:?}");
        let left = left(&said);
        for command in ["sleep 601", "sleep 602", "sleep 603"] {
            let is_it = |process: &&Value| process["command"].as_str().is_some_and(|line| line.contains(command));
            let named = left.iter().find(is_it);
            let end = named.and_then(|process| process["end"].as_str());
            assert!(end == Some("terminated") || end == Some("killed"), "{mode}: {command}: {left:?}");
        }
    }
}

#[test]
fn a_background_child_that_holds_stdout_is_named_as_its_executions() {
    for (session, end) in [("", "killed"), ("setsid ", "terminated")] {
        let (folder, mark) = (Folder::new(), Mark::new());
        let child = format!("{session}sleep 604 &");
        folder.write("leave.sh", format!("{child}\nuntil grep -aq ^sleep /proc/$!/cmdline; do :; done\necho hello\n"));
        folder.write("plan.toml", crate::support::plan("program:sh", "args = [\"leave.sh\"]\ncwd = \".\""));
        let mut command = folder.command(&["run", "plan.toml", "--mode", "processes", "--json"]);
        mark.on(&mut command);
        let said: Said = command.output().expect("starts").into();
        mark.assert_nobody_left(&child);
        let document = said.json();
        let execution = &document["runs"][0]["executions"][0];
        assert_eq!((said.status, &execution["output"]["stdout_tail"]), (0, &"hello\n".into()), "{document}");
        let left = left(&said);
        let sleeper =
            left.iter().find(|process| process["command"] == "sleep 604").unwrap_or_else(|| panic!("{left:?}"));
        assert_eq!(sleeper["end"], end, "{left:?}");
        assert_eq!(sleeper["execution"], 0, "{left:?}");
        assert_eq!(sleeper["holds_output"], true, "{left:?}");
    }
}

#[test]
fn a_host_that_dies_by_any_signal_leaves_nobody_behind() {
    for (mode, signal) in [
        ("processes", Signal::KILL),
        ("processes", Signal::TERM),
        ("sequential", Signal::INT),
        ("process-pool", Signal::HUP),
        ("sequential", Signal::KILL),
    ] {
        let (folder, mark) = (Folder::new(), Mark::new());
        plan(&folder, mode, "sleep 600");
        let mut host = host(&folder, &mark);
        until("the program begins", || folder.path("begun").exists());
        send(host.id(), signal);
        let took = mark.assert_nobody_left(&format!("{signal:?} to the host in {mode}"));
        println!("{mode}, {signal:?} to the host: gone after {} ms", took.as_millis());
        host.wait().expect("reaped");
    }
}

/// The processes of a run that may be killed instead of the host.
#[derive(Clone, Copy, Debug)]
enum Who {
    OuterGuard,
    InnerGuard,
    Runner,
}

/// The number of one of these processes, below its host; absent until it exists.
fn who(host: u32, who: Who) -> Option<u32> {
    let outer = child_of(host)?;
    match who {
        Who::OuterGuard => Some(outer),
        Who::InnerGuard => child_of(outer),
        Who::Runner => child_of(child_of(outer)?),
    }
}

#[test]
fn a_guard_or_a_runner_that_dies_leaves_nobody_behind_and_the_host_goes_on() {
    for victim in [Who::OuterGuard, Who::InnerGuard, Who::Runner] {
        for (mode, signal) in [("processes", Signal::KILL), ("sequential", Signal::TERM)] {
            let (folder, mark) = (Folder::new(), Mark::new());
            plan(&folder, mode, "sleep 600");
            let host = host(&folder, &mark);
            until("the program begins", || folder.path("begun").exists());
            send(who(host.id(), victim).expect("it is there"), signal);
            let said = said(host);
            let told = format!("{signal:?} to {victim:?} in {mode}");
            mark.assert_nobody_left(&told);
            assert_eq!(said.status, 1, "{told}: {said:?}");
            let outcome = &said.json()["runs"][0]["executions"][0]["outcome"];
            assert!(outcome["kind"] != "success" && !outcome["kind"].is_null(), "{told}: {outcome}");
        }
    }
}

#[test]
fn both_guards_that_die_at_once_leave_nobody_behind_and_the_host_goes_on() {
    for mode in ["processes", "sequential"] {
        let (folder, mark) = (Folder::new(), Mark::new());
        plan(&folder, mode, "sleep 600");
        let host = host(&folder, &mark);
        until("the program begins", || folder.path("begun").exists());
        let guards = [Who::OuterGuard, Who::InnerGuard].map(|each| who(host.id(), each).expect("it is there"));
        guards.into_iter().for_each(|guard| send(guard, Signal::STOP));
        guards.into_iter().for_each(|guard| send(guard, Signal::KILL));
        let said = said(host);
        mark.assert_nobody_left(&format!("the death of both guards in {mode}"));
        assert_eq!(said.status, 1, "{said:?}");
        let left = left(&said);
        assert!(left.iter().any(|process| process["command"] == "sleep 601"), "{left:?}");
    }
}

/// A run's start-up (host, guard, runner and executions) takes some 30 ms; the process is killed within that time.
#[test]
fn nobody_is_left_of_a_run_of_which_somebody_dies_while_it_starts() {
    let mut moment = 0x9E37_79B9_u64;
    let mut next_ms = || {
        moment = moment.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (moment >> 33) % 40
    };
    for victim in [None, Some(Who::OuterGuard), Some(Who::InnerGuard), Some(Who::Runner)] {
        for mode in ["processes", "process-pool", "sequential"] {
            let (folder, mark) = (Folder::new(), Mark::new());
            plan(&folder, mode, "sleep 600");
            let mut host = host(&folder, &mark);
            let pid = victim.map_or(Some(host.id()), |victim| {
                let mut found = None;
                until("the victim", || {
                    found = who(host.id(), victim);
                    found.is_some() || folder.path("begun").exists()
                });
                found
            });
            let moment_ms = next_ms();
            std::thread::sleep(Duration::from_millis(moment_ms));
            if let Some(pid) = pid {
                send(pid, Signal::KILL);
            }
            if victim.is_some() {
                host.wait().expect("the host goes on to its end");
            }
            mark.assert_nobody_left(&format!("the death of {victim:?} after {moment_ms} ms in {mode}"));
            host.wait().expect("reaped");
        }
    }
}

#[test]
fn no_folder_is_left_of_a_host_that_dies_in_the_same_moment_as_its_runner() {
    let (folder, mark) = (Folder::new(), Mark::new());
    plan(&folder, "processes", "sleep 600");
    let mut host = host(&folder, &mark);
    until("the program begins", || folder.path("begun").exists());
    let [outer, inner, runner] =
        [Who::OuterGuard, Who::InnerGuard, Who::Runner].map(|each| who(host.id(), each).expect("it is there"));
    let run_folder = run_folder(host.id()).expect("a guard");
    assert!(run_folder.exists());
    // Each guard sees both ends at once.
    [outer, inner].into_iter().for_each(|guard| send(guard, Signal::STOP));
    send(runner, Signal::KILL);
    host.kill().and_then(|()| host.wait()).expect("ended");
    until("the runner's end", || has_ended(runner));
    // When a host ends, the system wakes a stopped group and sends SIGHUP: one of them may be gone.
    let wake = |guard: u32| kill_process(pid_of(guard), Signal::CONT).unwrap_or_default();
    wake(inner);
    until("the inner guard's end", || has_ended(inner));
    wake(outer);
    mark.assert_nobody_left("the death of host and runner");
    assert!(!run_folder.exists());
}

#[test]
fn folders_of_dead_hosts_are_swept_and_those_of_living_ones_stay() {
    let (folder, mark) = (Folder::new(), Mark::new());
    plan(&folder, "processes", "sleep 600");
    let living = host(&folder, &mark);
    until("the program begins", || folder.path("begun").exists());
    let of_living = run_folder(living.id()).expect("a guard");
    let dead = Path::new("/dev/shm").join(format!("spawnscope-run-of-{}", std::process::id()));
    fs::create_dir_all(dead.join("mp")).expect("made");
    fs::write(dead.join("slots"), "what a dead host left").expect("written");
    folder.write("short.toml", crate::support::plan("primes", "args = { limit = 10 }"));
    assert_eq!(folder.run(&["run", "short.toml"]).status, 0);
    assert!(!dead.exists() && of_living.exists());
    send(living.id(), Signal::TERM);
    said(living);
    mark.assert_nobody_left("SIGTERM to the host");
    assert!(!of_living.exists());
}

/// If no process of a run is left to end the rest, the next host ends it.
#[test]
fn who_is_left_of_a_host_that_died_with_both_guards_ends_when_the_next_one_runs() {
    let (folder, mark) = (Folder::new(), Mark::new());
    plan(&folder, "processes", "sleep 600");
    let mut host = host(&folder, &mark);
    until("the program begins", || folder.path("begun").exists());
    let guards = [Who::OuterGuard, Who::InnerGuard].map(|each| who(host.id(), each).expect("it is there"));
    let run_folder = run_folder(host.id()).expect("a guard");
    for one in guards.into_iter().chain([host.id()]) {
        send(one, Signal::STOP);
    }
    for one in guards.into_iter().chain([host.id()]) {
        send(one, Signal::KILL);
    }
    host.wait().expect("reaped");
    until("the guards' end", || guards.into_iter().all(has_ended));
    assert!(run_folder.exists() && !mark.carriers().is_empty(), "nobody was there to end them");
    folder.write("short.toml", crate::support::plan("primes", "args = { limit = 10 }"));
    assert_eq!(folder.run(&["run", "short.toml"]).status, 0);
    mark.assert_nobody_left("the next run");
    assert!(!run_folder.exists());
}
