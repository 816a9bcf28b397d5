//! The processes that Python functions leave behind (in processes, in a pool's worker and in threads), and what they
//! leave in shared memory.

use crate::{
    python::interpreters::{Found, newest, oldest},
    support::{Folder, Said, required},
    tree::Mark,
};
use serde_json::Value;
use std::process::{Command, Stdio};

const WORK: &str = r#"
import multiprocessing, os, subprocess, sys, time
from multiprocessing import shared_memory

MADE = []


def leave():
    """Returns, and leaves a process that goes on."""
    subprocess.Popen(["sleep", "607"])


def hang():
    """Starts a daemon, an orphan in a session of its own, waits until it is what it is to be, and does not end."""
    read, write = os.pipe()
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            os.execvp("sleep", ["sleep", "608"])
        os._exit(0)
    os.wait()
    os.close(write)
    os.read(read, 1)
    time.sleep(600)


def make():
    """Makes what has a name in shared memory."""
    context = multiprocessing.get_context("spawn")
    MADE.extend([context.Lock(), context.Queue(), shared_memory.SharedMemory(create=True, size=4096)])


def make_and_hang():
    make()
    open("begun", "w").close()
    time.sleep(600)


def make_and_hang_untold():
    """As one that is killed between making a semaphore and telling its tracker."""
    from multiprocessing import resource_tracker

    resource_tracker.register = lambda *_: None
    MADE.append(multiprocessing.get_context("spawn").Lock())
    open("begun", "w").close()
    time.sleep(600)


def clear_slowly():
    """Leaves what looks like a tracker, which takes its time."""
    code = "import time; open('loaded', 'w').close(); time.sleep(0.7); open('cleared', 'w').close()"
    subprocess.Popen([sys.executable, "-S", "-c", code + " # multiprocessing.resource_tracker"])
    while not os.path.exists("loaded"):
        time.sleep(0.001)
"#;

/// The oldest and the newest interpreter, if there are any.
fn both() -> Option<[Found; 2]> {
    oldest().zip(newest()).map(<[Found; 2]>::from).or_else(|| required("there is no Python"))
}

/// This many executions of a function; `setting` belongs to the run.
fn plan(folder: &Folder, python: &Found, function: &str, count: usize, setting: &str) {
    folder.write("work.py", WORK);
    let python = python.path.display();
    folder.write(
        "plan.toml",
        format!(
            "schema = 1\n[run]\npython = \"{python}\"\nrepeat = 1\nwarmup = 0\nworkers = 2\n{setting}\n[[task]]\ncount = {count}\n\
             target = \"python:work.py:{function}\"\n"
        ),
    );
}

fn run(folder: &Folder, mark: &Mark) -> Said {
    let mut command = folder.command(&["run", "plan.toml", "--json"]);
    mark.on(&mut command);
    command.stdout(Stdio::piped()).stderr(Stdio::piped()).output().expect("starts").into()
}

fn outcomes(run: &Value) -> Vec<&str> {
    let executions = run["executions"].as_array().expect("executions");
    executions.iter().map(|execution| execution["outcome"]["kind"].as_str().unwrap_or("none")).collect()
}

/// Checks that each of `count` executions left one process, and that the execution is named if there are switch
/// records.
fn assert_told(run: &Value, count: usize, command: &str, what: &str) {
    let left = run["end"]["left"].as_array().unwrap_or_else(|| panic!("{what}: {}", run["end"]));
    assert!(left.iter().all(|process| process["command"] == command), "{what}: {left:?}");
    assert!(
        left.iter().all(|process| process["end"] == "terminated" || process["end"] == "killed"),
        "{what}: {left:?}"
    );
    let mut whose: Vec<_> = left.iter().filter_map(|process| process["execution"].as_u64()).collect();
    whose.sort_unstable();
    let all_is_recorded = run["states_source"] == "switch-records" && run["slices_note"].is_null();
    assert!(whose == (0..count as u64).collect::<Vec<_>>() || !all_is_recorded, "{what}: {left:?}");
    assert_eq!(left.len(), count, "{what}: {left:?}");
}

#[test]
fn a_process_that_a_function_leaves_is_named_as_its_executions_and_ends_with_the_run() {
    let Some([oldest, newest]) = both() else { return };
    for (python, setting) in [
        (&oldest, "mode = \"processes\""),
        (&newest, "mode = \"process-pool\"\nstart_method = \"forkserver\""),
        (&oldest, "mode = \"process-pool\"\nstart_method = \"fork\""),
        (&newest, "mode = \"threads\""),
        (&oldest, "mode = \"sequential\""),
    ] {
        let (folder, mark) = (Folder::new(), Mark::new());
        plan(&folder, python, "leave", 2, setting);
        let said = run(&folder, &mark);
        let what = format!("3.{}, {setting}", python.minor);
        mark.assert_nobody_left(&what);
        let document = said.json();
        assert_eq!(outcomes(&document["runs"][0]), ["success"; 2], "{what}: {}", said.stderr);
        assert_told(&document["runs"][0], 2, "sleep 607", &what);
        assert!(said.stderr.contains("Left running:\n"), "{what}: {}", said.stderr);
    }
}

#[test]
fn a_pools_worker_with_a_daemon_child_is_ended_in_time_and_the_daemon_is_told() {
    let Some([oldest, newest]) = both() else { return };
    for (python, setting) in [
        (&oldest, "mode = \"process-pool\"\nstart_method = \"forkserver\""),
        (&newest, "mode = \"process-pool\"\nstart_method = \"fork\""),
        (&newest, "mode = \"processes\"\nstart_method = \"spawn\""),
    ] {
        let (folder, mark) = (Folder::new(), Mark::new());
        // Only one: a pool that loses a worker ends the others at once, however far they have come.
        plan(&folder, python, "hang", 1, &format!("{setting}\ntimeout = \"2s\""));
        let said = run(&folder, &mark);
        let what = format!("3.{}, {setting}", python.minor);
        mark.assert_nobody_left(&what);
        let document = said.json();
        assert_eq!(outcomes(&document["runs"][0]), ["timed-out"], "{what}: {}", said.stderr);
        assert_eq!(said.status, 1, "{what}");
        assert_told(&document["runs"][0], 1, "sleep 608", &what);
    }
}

#[test]
fn a_tracker_that_takes_its_time_may_clear_up() {
    let Some([_, newest]) = both() else { return };
    let (folder, mark) = (Folder::new(), Mark::new());
    plan(&folder, &newest, "clear_slowly", 1, "mode = \"sequential\"");
    let said = run(&folder, &mark);
    mark.assert_nobody_left("a tracker that takes its time");
    assert_eq!(said.status, 0, "{said:?}");
    assert!(folder.path("cleared").exists(), "it was killed before");
    assert!(said.json()["runs"][0]["end"]["left"].is_null(), "it is Python's own: {said:?}");
}

/// Runs the program with a /dev/shm of its own, kills it once `begun` exists if `$1` is `yes`, and waits at most 20 s
/// until /dev/shm is empty. Writes into `left` what is left.
const OWN_MEMORY: &str = r#"
kills=$1; shift
mount -t tmpfs -o size=64m tmpfs /dev/shm || exit 97
"$@" >out.json 2>err &
host=$!
if [ "$kills" = yes ]; then
    while ! [ -e begun ] && kill -0 $host; do sleep 0.01; done
    kill -KILL $host
fi
wait $host
for try in $(seq 1000); do
    ls -A /dev/shm >left
    [ -s left ] || break
    sleep 0.02
done
"#;

#[test]
fn nothing_that_python_made_is_left_in_shared_memory() {
    let Some([oldest, newest]) = both() else { return };
    let spawn = "mode = \"processes\"\nstart_method = \"spawn\"\ntimeout = \"2500ms\"";
    for (python, function, setting, kills) in [
        (&oldest, "make", "mode = \"sequential\"", "no"),
        (&newest, "make", "mode = \"process-pool\"\nstart_method = \"fork\"", "no"),
        (&oldest, "make_and_hang", spawn, "no"),
        (&newest, "make_and_hang", "mode = \"sequential\"", "yes"),
        (&oldest, "make_and_hang", "mode = \"sequential\"\ntimeout = \"2500ms\"", "no"),
        (&oldest, "make_and_hang_untold", spawn, "no"),
        (&newest, "make_and_hang_untold", "mode = \"threads\"", "yes"),
    ] {
        let (folder, mark) = (Folder::new(), Mark::new());
        plan(&folder, python, function, 2, setting);
        let host = folder.command(&["run", "plan.toml", "--json"]);
        let mut unshare = Command::new("unshare");
        unshare.current_dir(folder.path("")).args(["-m", "sh", "-c", OWN_MEMORY, "sh", kills]);
        unshare.arg(host.get_program()).args(host.get_args());
        mark.on(&mut unshare);
        let output = unshare.output().expect("unshare starts");
        let what = format!("3.{}, {function}, {setting}, killed: {kills}", python.minor);
        mark.assert_nobody_left(&what);
        let text = |name: &str| std::fs::read_to_string(folder.path(name)).unwrap_or_default();
        if output.status.code() == Some(97) || !folder.path("left").exists() {
            return required(&format!("no mount namespace: {output:?}")).unwrap_or_default();
        }
        assert_eq!(text("left"), "", "{what}: {}", text("err"));
        assert!(kills == "yes" || text("out.json").contains("\"executions\""), "{what}: {}", text("err"));
    }
}
