//! Bad input gets one clear sentence; functions that misbehave get their outcome, and nothing is left running.

use super::{executions, interpreters, of_task};
use crate::support::{Folder, until};
use serde_json::Value;

fn plan(target: &str, more: &str) -> String {
    format!("schema = 1\n[run]\nrepeat = 1\nwarmup = 0\n[[task]]\ntarget = \"{target}\"\n{more}\n")
}

/// A folder with a plan of this target, and the newest interpreter's path.
fn folder(source: &str, target: &str, more: &str) -> Option<(Folder, String)> {
    let python = interpreters::newest()?.path.to_str()?.to_owned();
    let folder = Folder::new();
    folder.write("w.py", source);
    folder.write("plan.toml", plan(target, more));
    Some((folder, python))
}

#[test]
fn what_cannot_run_is_said_before_anything_is_launched() {
    let good = "def f(n, step=1):\n    return n\n\nasync def g():\n    pass\n\nx = 3\n";
    for (source, target, more, mode, parts) in [
        (good, "python:none.py:f", "args = [1]", "threads", &["none.py", "no"][..]),
        (good, "python:no_such_module_here:f", "", "threads", &["no_such_module_here"]),
        ("def f(:\n    pass\n", "python:w.py:f", "", "threads", &["w.py", "line 1"]),
        (good, "python:w.py:ff", "args = [1]", "threads", &["`ff`", "f, g"]),
        (good, "python:w.py:x", "", "threads", &["`x`"]),
        (good, "python:w.py:f", "", "threads", &["`n`"]),
        (good, "python:w.py:f", "args = [1, 2, 3]", "threads", &["3"]),
        (good, "python:w.py:f", "args = [1]\nkwargs = { stpe = 2 }", "threads", &["`stpe`", "`step`"]),
        (good, "python:w.py:g", "", "threads", &["asyncio"]),
        (good, "python:w.py:f", "args = [1]", "asyncio", &["async def"]),
        (good, "python:w.py:f", "args = { n = 1 }", "threads", &["kwargs"]),
        (good, "python:w.py:f", "args = [1]\ncwd = \"nowhere\"", "threads", &["there is no folder"]),
        (good, "python:w.py:f", "args = [{ \"$py\" = \"no_such_name\" }]", "threads", &["no_such_name"]),
        (
            "raise RuntimeError('broken module')\ndef f(): pass\n",
            "python:w.py:f",
            "",
            "threads",
            &["broken module", "w.py:1"],
        ),
    ] {
        let Some((folder, python)) = folder(source, target, more) else { return };
        let said = folder.run(&["run", "plan.toml", "--json", "--mode", mode, "--python", &python]);
        assert!(said.status == 2 || said.status == 1, "{target} {more}: {said:?}");
        let sentence = said.stderr.lines().find(|line| line.starts_with("spawnscope: ")).unwrap_or_default();
        assert!(parts.iter().all(|part| sentence.contains(part)), "{target} {more} {mode}: {said:?}");
    }
}

#[test]
fn an_interpreter_that_is_not_there_or_too_old_is_said_with_what_to_do() {
    let Some((folder, _)) = folder("def f():\n    pass\n", "python:w.py:f", "") else { return };
    let said = |python: &str| folder.run(&["run", "plan.toml", "--python", python]);
    assert!(said("python3.99").refusal().contains("python3.99"));
    assert!(said("/bin/true").refusal().contains("/bin/true"));
    assert!(said("./w.py").refusal().contains("w.py"));
    let home = std::env::var("HOME").unwrap_or_default();
    for old in ["3.7.16", "2.7.18"] {
        let path = format!("{home}/.pyenv/versions/{old}/bin/python");
        if std::path::Path::new(&path).exists() {
            let said = said(&path);
            assert!(said.refusal().contains("3.8"), "{said:?}");
        }
    }
}

const RUDE: &str = r#"
import os, signal, subprocess, sys, threading, time

def closes_stdout():
    print("before")
    sys.stdout.close()
    return 1

def changes_folder():
    os.chdir("/")
    return os.getcwd()

def handles_signals():
    signal.signal(signal.SIGTERM, lambda *_: None)
    return 1

def forks():
    if os.fork() == 0:
        return 2
    os.wait()
    return 1

def leaves_a_grandchild():
    child = subprocess.Popen(["sleep", "987654"], start_new_session=True, stdout=subprocess.DEVNULL)
    return child.pid

def starts_a_thread():
    threading.Thread(target=time.sleep, args=(987654,), daemon=True).start()
    return 1

def writes_to_the_descriptor():
    os.write(1, b"raw\n")
    return 1

def raises_a_group():
    try:
        1 / 0
    except ZeroDivisionError as error:
        raise LookupError("outer\nsecond line") from error
"#;

#[test]
fn rude_functions_have_their_outcome_and_leave_nothing_running() {
    let functions = [
        "closes_stdout",
        "changes_folder",
        "forks",
        "leaves_a_grandchild",
        "starts_a_thread",
        "writes_to_the_descriptor",
        "raises_a_group",
    ];
    for (mode, method) in [
        ("sequential", "call"),
        ("threads", "thread"),
        ("threads", "raw"),
        ("processes", "fork"),
        ("processes", "spawn"),
        ("process-pool", "fork"),
        ("process-pool", "spawn"),
    ] {
        // Not every interpreter survives a fork in a thread beside other threads.
        let skipped = |function: &str| function == "forks" && mode == "threads";
        let mut text = "schema = 1\n[run]\nrepeat = 1\nwarmup = 0\nworkers = 1\ntimeout = \"20s\"\n".to_owned();
        for function in functions.into_iter().filter(|function| !skipped(function)) {
            text += &format!("[[task]]\ntarget = \"python:w.py:{function}\"\n");
        }
        let Some((folder, python)) = folder(RUDE, "python:w.py:forks", "") else { return };
        folder.write("plan.toml", text);
        let said =
            folder.run(&["run", "plan.toml", "--json", "--mode", mode, "--start-method", method, "--python", &python]);
        let document = said.json();
        for function in functions.into_iter().filter(|function| !skipped(function) && *function != "raises_a_group") {
            let outcome = &of_task(&document, function)["outcome"];
            assert_eq!(outcome["kind"], "success", "{mode} {method} {function}: {outcome} {}", said.stderr);
        }
        assert_eq!(of_task(&document, "closes_stdout")["output"]["stdout_tail"], "before\n", "{mode} {method}");
        let raised = of_task(&document, "raises_a_group");
        assert_eq!(raised["outcome"]["kind"], "exception");
        let traceback = raised["traceback"].as_str().unwrap_or_default();
        assert!(traceback.contains("ZeroDivisionError") && traceback.contains("LookupError"), "{traceback}");
        let pid = of_task(&document, "leaves_a_grandchild")["result"].as_u64().expect("a process's number");
        let gone = || !std::fs::read_to_string(format!("/proc/{pid}/cmdline")).unwrap_or_default().contains("987654");
        until("the grandchild is gone", gone);
    }
}

/// A user's `queue.py` beside the function must not stand in for the standard library's.
#[test]
fn a_file_with_the_name_of_a_module_breaks_nothing() {
    for mode in ["threads", "thread-pool", "processes", "process-pool"] {
        let Some((folder, python)) = folder("def f():\n    return 5\n", "python:queue.py:f", "") else { return };
        folder.write("queue.py", "def f():\n    return 5\n");
        for method in ["fork", "spawn", "forkserver"] {
            let mut arguments = vec!["run", "plan.toml", "--json", "--mode", mode, "--python", &python];
            if mode.starts_with("process") {
                arguments.extend(["--start-method", method]);
            }
            let said = folder.run(&arguments);
            assert_eq!(said.status, 0, "{mode} {method}: {said:?}");
            assert_eq!(executions(&said.json())[0]["result"], 5);
        }
    }
}

#[test]
fn the_users_own_subclasses_run_as_themselves() {
    let source = "import threading, multiprocessing\n\
                  class T(threading.Thread):\n    def __init__(self, n):\n        super().__init__()\n        self.n = n\n    \
                  def run(self):\n        print('run', self.n)\n\
                  class P(multiprocessing.Process):\n    def __init__(self, n):\n        super().__init__()\n        \
                  self.n = n\n    def run(self):\n        print('run', self.n)\n";
    for (class, mode, methods) in
        [("T", "threads", &["subclass"][..]), ("P", "processes", &["fork", "spawn", "forkserver"])]
    {
        for method in methods {
            let Some((folder, python)) = folder(source, &format!("python:w.py:{class}"), "args = [7]\ncount = 2")
            else {
                return;
            };
            let said = folder.run(&[
                "run",
                "plan.toml",
                "--json",
                "--mode",
                mode,
                "--start-method",
                method,
                "--python",
                &python,
            ]);
            assert_eq!(said.status, 0, "{class} {method}: {said:?}");
            let document = said.json();
            let printed: Vec<&Value> = executions(&document).iter().map(|e| &e["output"]["stdout_tail"]).collect();
            assert_eq!(printed, ["run 7\n", "run 7\n"], "{class} {method}");
        }
    }
}

#[test]
fn coroutines_run_in_one_event_loop() {
    let source = "import asyncio\nasync def f(n):\n    await asyncio.sleep(0.05)\n    print(n)\n    return n\n";
    let Some((folder, python)) = folder(source, "python:w.py:f", "args = [3]\ncount = 10") else { return };
    let said = folder.run(&["run", "plan.toml", "--json", "--mode", "asyncio", "--python", &python]);
    assert_eq!(said.status, 0, "{said:?}");
    let document = said.json();
    assert!(executions(&document).iter().all(|execution| execution["result"] == 3));
    let stamp = |at: usize, name: &str| executions(&document)[at]["stamps"][name].as_u64().expect("a stamp");
    assert!(stamp(9, "entered_ns") < stamp(0, "left_ns"), "they wait together");
}
