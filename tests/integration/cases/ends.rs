//! How executions begin and end: endless waits, timeouts, what Python refuses, and the surroundings in which it starts.

use super::{
    Case,
    concerns::{at_once, path, pythons},
    python,
};
use serde_json::Value;

/// How the executions of a document's only run ended, with the sentences.
fn outcomes(document: &Value) -> Vec<(String, String)> {
    let runs = document["runs"].as_array().expect("runs");
    assert_eq!(runs.len(), 1, "{document}");
    outcomes_of(&runs[0])
}

fn outcomes_of(run: &Value) -> Vec<(String, String)> {
    let word = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let outcome = |execution: &Value| (word(&execution["outcome"]["kind"]), word(&execution["outcome"]["message"]));
    run["executions"].as_array().expect("executions").iter().map(outcome).collect()
}

/// The first run of a document in a mode with a start method.
fn run_of<'a>(document: &'a Value, mode: &str, method: Option<&str>) -> &'a Value {
    let runs = document["runs"].as_array().expect("runs");
    let fits = |run: &&Value| run["mode"] == mode && method.is_none_or(|method| run["start_method"] == method);
    runs.iter().find(fits).unwrap_or_else(|| panic!("no run {mode} {method:?}"))
}

#[test]
fn a_file_that_never_finishes_loading_is_told_with_its_mend() {
    let Some(newest) = python() else { return };
    let case = Case::new("39-script-with-main-loop");
    // Reading the file alone can't tell.
    assert_eq!(case.run(&["check", "plan.toml"]).status, 0);
    for options in [&["run"][..], &["compare", "--modes", "threads,processes:spawn"]] {
        let said = case.run(&[options, &["plan.toml", "--load-timeout", "1s", "--python", &newest]].concat());
        assert_eq!(said.status, 1, "{}", said.stderr);
        assert!(said.stderr.contains("bot.py did not finish loading within 1 s"), "{}", said.stderr);
        assert!(said.stderr.contains("belongs under `if __name__ == \"__main__\":`"), "{}", said.stderr);
    }
    at_once("39-script-with-main-loop", |_, python| {
        let said = case.run(&["run", "plan.toml", "--load-timeout", "3s", "--python", python, "--json"]);
        let message = said.json()["message"].as_str().unwrap_or_default().to_owned();
        assert!(
            message.contains("bot.py did not finish loading within 3 s (it was at bot.py:1"),
            "{python}: {message}"
        );
    });
}

#[test]
fn an_interpreter_that_never_says_hello_falls_under_the_limit_of_loading() {
    let Some(python) = python() else { return };
    let case = Case::new("39-script-with-main-loop");
    // It answers when asked about itself, and waits when it should execute the runner.
    case.write(
        "wait.sh",
        &format!("#!/bin/sh\ncase \"$1\" in */spawnscope_runner.py) exec sleep 1000;; esac\nexec {python} \"$@\"\n"),
    );
    let executable = std::os::unix::fs::PermissionsExt::from_mode(0o755);
    std::fs::set_permissions(case.path("wait.sh"), executable).expect("executable");
    case.write("plan.toml", "schema = 1\nname = \"wait\"\n[run]\nrepeat = 1\nwarmup = 0\nload_timeout = \"1s\"\n[[task]]\ntarget = \"python:bot.py:handle\"\nargs = [1]\n");
    let said = case.run(&["run", "plan.toml", "--python", "./wait.sh"]);
    assert_eq!(said.status, 1, "{}", said.stderr);
    assert!(said.stderr.contains("did not say hello within 1 s"), "{}", said.stderr);
}

/// A module that loads in the launcher, but never finishes in a child.
const SLOW_IN_A_CHILD: &str = "import sys, time\nif 'spawnscope_runner' in sys.modules and not sys.modules['spawnscope_runner'].IS_LAUNCHER:\n    time.sleep(1000)\n\ndef f():\n    return 1\n";

#[test]
fn a_child_that_loads_the_file_again_has_the_limit_too() {
    let Some(python) = python() else { return };
    let case = Case::new("39-script-with-main-loop");
    case.write("slow.py", SLOW_IN_A_CHILD);
    for (mode, said) in
        [("processes", "did not finish loading in the process"), ("process-pool", "no worker of the pool took it")]
    {
        case.write("plan.toml", &format!(
            "schema = 1\nname = \"slow\"\n[run]\nmode = \"{mode}\"\nstart_method = \"spawn\"\nrepeat = 1\nwarmup = 0\nworkers = 2\nload_timeout = \"2s\"\n[[task]]\ntarget = \"python:slow.py:f\"\ncount = 2\n"
        ));
        let run = case.run(&["run", "plan.toml", "--python", &python, "--json"]);
        assert_eq!(run.status, 1, "{}", run.stderr);
        for (kind, message) in outcomes(&run.json()) {
            assert_eq!(kind, "could-not-start", "{mode}: {message}");
            assert!(message.contains(said) && message.contains("slow.py"), "{mode}: {message}");
        }
    }
}

#[test]
fn what_python_refuses_at_the_top_level_of_a_file_is_read_by_the_user() {
    let case = Case::new("32-script-without-guard");
    at_once("32-script-without-guard", |_, python| {
        let run = case.run(&["run", "plan-mp.toml", "--python", python, "--json"]);
        assert_eq!(run.status, 1, "{}", run.stderr);
        for (kind, message) in outcomes(&run.json()) {
            assert_eq!(kind, "could-not-start", "{python}: {message}");
            assert!(message.contains("idiom in the main module"), "{python}: {message}");
            assert!(message.contains("belongs under `if __name__ == \"__main__\":`"), "{python}: {message}");
        }
    });
}

/// All code at the top level of a script runs where it is loaded: in the launcher, and again in a spawned process.
#[test]
fn a_script_of_threads_without_a_guard_runs_whole_at_each_load() {
    let case = Case::new("32-script-without-guard");
    at_once("32-script-without-guard", |_, python| {
        let run = case.run(&["compare", "plan.toml", "--repeat", "1", "--json", "--python", python]);
        let document = run.json();
        assert_eq!(run.status, 0, "{python}: {}", run.stderr);
        let loads = |run: &Value| {
            let own = run["output"]["stdout_tail"].as_str().unwrap_or_default().matches("fetched").count() / 2;
            let executions = run["executions"].as_array().expect("executions").iter();
            let told = executions.map(|it| it["output"]["stdout_tail"].as_str().unwrap_or_default().to_owned());
            (own, told.filter(|text| text.contains("fetched three")).count())
        };
        for (mode, method, loaded) in
            [("threads", None, 1), ("processes", Some("fork"), 1), ("processes", Some("spawn"), 3)]
        {
            assert_eq!(loads(run_of(&document, mode, method)), (loaded, 2), "{python}: {mode} {method:?}: {document}");
        }
    });
}

#[test]
fn a_child_that_cannot_exit_is_ended_by_its_timeout() {
    let case = Case::new("07-queue-then-join");
    at_once("07-queue-then-join", |_, python| {
        let run = case.run(&["run", "plan.toml", "--timeout", "1s", "--python", python, "--json"]);
        assert_eq!(run.status, 1, "{}", run.stderr);
        for (kind, message) in outcomes(&run.json()) {
            assert_eq!(kind, "timed-out", "{python}: {message}");
            assert!(message.contains("the function returned, but its process can't exit"), "{python}: {message}");
        }
    });
}

#[test]
fn a_thread_that_goes_on_after_its_function_returned_holds_its_process() {
    let Some(python) = python() else { return };
    let case = Case::new("07-queue-then-join");
    case.write("stay.py", "import threading, time\n\ndef stay(seconds):\n    if seconds:\n        threading.Thread(target=time.sleep, args=(seconds,)).start()\n    return 1\n");
    let task = |name: &str, seconds: u32| {
        format!("[[task]]\nname = \"{name}\"\ntarget = \"python:stay.py:stay\"\nargs = [{seconds}]\n")
    };
    // The second one is joined after the first, and must not suffer from that.
    case.write(
        "plan.toml",
        &format!(
            "schema = 1\nname = \"stay\"\n[run]\nmode = \"processes\"\nrepeat = 1\nwarmup = 0\ntimeout = \"1s\"\n{}{}",
            task("stays", 1000),
            task("goes", 0)
        ),
    );
    let outcomes = outcomes(&case.run(&["run", "plan.toml", "--python", &python, "--json"]).json());
    let kinds: Vec<_> = outcomes.iter().map(|(kind, _)| kind.as_str()).collect();
    assert_eq!(kinds, ["timed-out", "success"], "{outcomes:?}");
    assert!(outcomes[0].1.contains("threads of its own that go on"), "{outcomes:?}");
}

#[test]
fn a_crash_that_waits_to_be_joined_is_no_timeout() {
    let Some(python) = python() else { return };
    let case = Case::new("07-queue-then-join");
    case.write(
        "crash.py",
        "import os, time\n\ndef first():\n    time.sleep(1000)\n\ndef second():\n    os.kill(os.getpid(), 11)\n",
    );
    case.write("plan.toml", "schema = 1\nname = \"crash\"\n[run]\nmode = \"processes\"\nrepeat = 1\nwarmup = 0\ntimeout = \"1s\"\n[[task]]\ntarget = \"python:crash.py:first\"\n[[task]]\ntarget = \"python:crash.py:second\"\n");
    let outcomes = outcomes(&case.run(&["run", "plan.toml", "--python", &python, "--json"]).json());
    let kinds: Vec<_> = outcomes.iter().map(|(kind, _)| kind.as_str()).collect();
    assert_eq!(kinds, ["timed-out", "signalled"], "{outcomes:?}");
}

#[test]
fn a_timeout_in_a_pool_counts_from_the_start_of_the_call() {
    let case = Case::new("40-pool-queue-timeout");
    at_once("40-pool-queue-timeout", |_, python| {
        for mode in ["thread-pool", "process-pool"] {
            let run = case.run(&["run", "plan.toml", "--mode", mode, "--python", python, "--json"]);
            let outcomes = outcomes(&run.json());
            let all = outcomes.len() == 6 && outcomes.iter().all(|(kind, _)| kind == "success");
            assert!(all, "{python}: {mode}: {outcomes:?}");
            assert_eq!(run.status, 0, "{python}: {mode}");
        }
    });
}

#[test]
fn a_function_has_the_environment_and_the_folder_of_its_task() {
    let Some(python) = python() else { return };
    let case = Case::new("05-blas-threads");
    case.write("tell.py", "import os\nAT_LOAD = os.environ.get('OPENBLAS_NUM_THREADS'), os.getcwd()\n\ndef tell():\n    return ' '.join((os.environ['OPENBLAS_NUM_THREADS'], os.path.basename(os.getcwd()), *AT_LOAD))\n");
    std::fs::create_dir(case.path("inner")).expect("a folder");
    let task = "[[task]]\nname = \"tell\"\ntarget = \"python:tell.py:tell\"\nenv = { OPENBLAS_NUM_THREADS = \"1\" }\ncwd = \"inner\"\n";
    case.write("plan.toml", &format!("schema = 1\nname = \"tell\"\n[run]\nrepeat = 1\nwarmup = 0\n{task}"));
    for mode in ["threads", "processes", "process-pool", "sequential"] {
        let run = case.run(&["run", "plan.toml", "--mode", mode, "--python", &python, "--json"]);
        let document = run.json();
        let result = document["runs"][0]["executions"][0]["result"].as_str().unwrap_or_default();
        assert!(result.starts_with("'1 inner 1 /") && result.ends_with("/inner'"), "{mode}: {result} {}", run.stderr);
    }
    let refused = case.run(&["check", "plan-env.toml"]);
    assert_eq!(refused.status, 0, "{}", refused.stderr);
    case.write(
        "two.toml",
        &format!("schema = 1\nname = \"two\"\n{task}[[task]]\nname = \"other\"\ntarget = \"python:tell.py:tell\"\n"),
    );
    let refused = case.run(&["run", "two.toml", "--python", &python]);
    assert!(refused.refusal().contains("share one interpreter"), "{}", refused.stderr);
}

#[test]
fn what_can_not_be_pickled_as_a_target_is_refused_under_spawn_and_works_under_fork() {
    let case = Case::new("08-lambda-nested");
    at_once("08-lambda-nested", |_, python| {
        for plan in ["plan-target.toml", "plan.toml"] {
            let run = case.run(&["compare", plan, "--repeat", "1", "--warmup", "0", "--python", python, "--json"]);
            assert_eq!(run.status, 1, "{}", run.stderr);
            let document = run.json();
            let fork = outcomes_of(run_of(&document, "processes", Some("fork")));
            assert!(fork.iter().all(|(kind, _)| kind == "success"), "{python} {plan}: {fork:?}");
            // PyPy's process pool can't spawn.
            let pickles = |run: &&Value| {
                run["start_method"] == "spawn" && !(run["mode"] == "process-pool" && python.contains("pypy"))
            };
            for run in document["runs"].as_array().expect("runs").iter().filter(pickles) {
                for (kind, message) in outcomes_of(run) {
                    assert_eq!(kind, "could-not-start", "{python} {plan}: {message}");
                    assert!(message.contains("can't be pickled for"), "{python} {plan}: {message}");
                    assert!(message.contains("a `def` at the top level"), "{python} {plan}: {message}");
                }
            }
        }
    });
}

#[test]
fn a_bound_method_goes_through_pickle_and_a_queue_of_the_module_works_under_spawn() {
    for python in pythons("08-lambda-nested").iter().map(path) {
        let case = Case::new("08-lambda-nested");
        case.write("made.py", "import multiprocessing, threading\n\nQUEUE = multiprocessing.Queue()\nLOCK = multiprocessing.Lock()\n\nclass Held:\n    def __init__(self, lock):\n        self.lock = lock\n    def go(self):\n        return 1\n    def __call__(self):\n        return 2\n\nwith_lock = Held(threading.Lock())\nplain = Held(None)\n\ndef take(queue, lock):\n    with lock:\n        queue.put(1)\n    return queue.get()\n");
        let task = |name: &str, function: &str, args: &str| {
            format!("[[task]]\nname = \"{name}\"\ntarget = \"python:made.py:{function}\"\n{args}")
        };
        case.write("plan.toml", &format!(
            "schema = 1\nname = \"made\"\n[run]\nmode = \"processes\"\nstart_method = \"spawn\"\nrepeat = 1\nwarmup = 0\ntimeout = \"20s\"\n{}{}{}{}",
            task("method", "with_lock.go", ""), task("plain", "plain.go", ""), task("callable", "plain", ""),
            task("take", "take", "args = [{ \"$py\" = \"QUEUE\" }, { \"$py\" = \"LOCK\" }]\n")
        ));
        for method in ["spawn", "forkserver", "fork"] {
            let run = case.run(&["run", "plan.toml", "--start-method", method, "--python", &python, "--json"]);
            let outcomes = outcomes(&run.json());
            let kinds: Vec<_> = outcomes.iter().map(|(kind, _)| kind.as_str()).collect();
            let first = if method == "fork" { "success" } else { "could-not-start" };
            assert_eq!(kinds, [first, "success", "success", "success"], "{python} {method}: {outcomes:?}");
        }
    }
}

#[test]
fn a_baseline_that_nobody_asked_for_does_no_harm() {
    let Some(python) = python() else { return };
    let case = Case::new("19-producer-consumer");
    let options = [
        "compare",
        "plan.toml",
        "--modes",
        "threads,threads:subclass",
        "--timeout",
        "2s",
        "--repeat",
        "3",
        "--warmup",
        "0",
        "--python",
        &python,
    ];
    let run = case.run(&[&options[..], &["--json"]].concat());
    let document = run.json();
    assert_eq!(run.status, 0, "{}", run.stderr);
    let notes = document["baseline_notes"].as_array().expect("notes");
    assert_eq!(notes.len(), 1, "{notes:?}");
    let note = notes[0].as_str().expect("a note");
    assert!(note.contains("no sequential baseline") && note.contains("consumer"), "{note}");
    let sequential = document["runs"].as_array().expect("runs").iter().filter(|run| run["mode"] == "sequential");
    assert_eq!(sequential.count(), 1, "it was not tried again");
    let said = case.run(&options);
    assert!(said.stdout.contains("There is no sequential baseline"), "{}", said.stdout);
}
