//! Where each execution waits when the timeout comes, in every interpreter and mode. Python reports it if it can
//! answer, faulthandler if it is stuck in C; for coroutines it is the await.

use super::{finding, findings};
use crate::{
    python::interpreters::{self, Found},
    support::Folder,
};
use serde_json::Value;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Two locks, taken in opposite orders: both executions hold one before either asks for the other. A pool finds the
/// locks by name; coroutines use the loop's locks. There is also a mutex of C that one thread takes twice, which Python
/// can't interrupt.
const STUCK: &str = r#"
import asyncio, ctypes, multiprocessing, os

A, B = multiprocessing.Lock(), multiprocessing.Lock()
MEETING = multiprocessing.Barrier(2)
HELD = {}

def both(first, second, meeting):
    with first:
        meeting.wait()
        with second:
            return "both"

def named(first, second):
    return both(globals()[first], globals()[second], MEETING)

async def awaits(first, second):
    one, other = [HELD.setdefault(name, asyncio.Lock()) for name in (first, second)]
    async with one:
        await asyncio.sleep(0.01)
        async with other:
            return "both"

async def beside_a_timer(seconds):
    return await asyncio.sleep(seconds)

def in_c(library):
    mutex, c = ctypes.create_string_buffer(64), getattr(ctypes, library)(None)
    c.pthread_mutex_lock(mutex)
    c.pthread_mutex_lock(mutex)

def reads():
    return os.read(os.pipe()[0], 1)
"#;

/// A plan, a mode with its start method, and where each of its tasks is expected to be. For a function that is stuck in
/// C, PyPy reports the function, but not the line.
struct Row {
    plan: &'static str,
    mode: &'static str,
    method: Option<&'static str>,
    places: &'static [(&'static str, &'static str)],
}

const OPPOSITE: &[(&str, &str)] = &[("there", "stuck.py:11, in both"), ("back", "stuck.py:11, in both")];
const AWAITED: &[(&str, &str)] = &[("there", "stuck.py:21, in awaits"), ("back", "stuck.py:21, in awaits")];
const IN_C: &[(&str, &str)] = &[("mutex", "stuck.py:30, in in_c"), ("pipe", "stuck.py:33, in reads")];
const MUTEX: &[(&str, &str)] = &[("mutex", "stuck.py:30, in in_c")];

const fn row(
    plan: &'static str,
    mode: &'static str,
    method: Option<&'static str>,
    places: &'static [(&'static str, &'static str)],
) -> Row {
    Row { plan, mode, method, places }
}

/// In every interpreter.
const EVERYWHERE: [Row; 4] = [
    row("given.toml", "threads", None, OPPOSITE),
    row("given.toml", "processes", Some("fork"), OPPOSITE),
    row("in_c.toml", "processes", Some("fork"), IN_C),
    row("awaits.toml", "asyncio", None, AWAITED),
];

/// In the oldest and the newest, in those without a GIL, and in PyPy.
const IN_SOME: [Row; 5] = [
    row("named.toml", "thread-pool", None, OPPOSITE),
    row("named.toml", "process-pool", Some("fork"), OPPOSITE),
    row("given.toml", "processes", Some("spawn"), OPPOSITE),
    row("in_c.toml", "processes", Some("spawn"), IN_C),
    // No other thread of the process gets a turn: the stuck thread holds the GIL.
    row("with_gil.toml", "threads", None, MUTEX),
];

/// How many at once: they mostly wait.
const AT_ONCE: usize = 6;
/// Counted from the launch. When several interpreters started at once on few busy cores, they took up to 4.7 s to reach
/// their functions.
const SPAWN_TIMEOUT: &str = "10s";

fn task(name: &str, function: &str, args: &str) -> String {
    format!("[[task]]\nname = \"{name}\"\ntarget = \"python:stuck.py:{function}\"\nargs = [{args}]\n")
}

fn write_plans(folder: &Folder) {
    folder.write("stuck.py", STUCK);
    let py = |names: [&str; 3]| names.map(|name| format!("{{ \"$py\" = \"{name}\" }}")).join(", ");
    let plans = [
        (
            "given",
            task("there", "both", &py(["A", "B", "MEETING"])) + &task("back", "both", &py(["B", "A", "MEETING"])),
        ),
        ("named", task("there", "named", "\"A\", \"B\"") + &task("back", "named", "\"B\", \"A\"")),
        ("awaits", task("there", "awaits", "\"A\", \"B\"") + &task("back", "awaits", "\"B\", \"A\"")),
        ("in_c", task("mutex", "in_c", "\"CDLL\"") + &task("pipe", "reads", "")),
        ("with_gil", task("mutex", "in_c", "\"PyDLL\"")),
        ("sleeps", task("there", "beside_a_timer", "600")),
    ];
    for (name, tasks) in plans {
        folder.write(
            &format!("{name}.toml"),
            format!("schema = 1\n[run]\nrepeat = 1\nwarmup = 0\ntimeout = \"2s\"\n{tasks}"),
        );
    }
}

fn said(folder: &Folder, python: &Found, row: &Row) -> Value {
    let path = python.path.to_str().expect("UTF-8");
    let mut arguments = vec!["run", row.plan, "--json", "--mode", row.mode, "--python", path];
    arguments.extend(row.method.iter().flat_map(|method| ["--start-method", *method]));
    if row.method == Some("spawn") {
        arguments.extend(["--timeout", SPAWN_TIMEOUT]);
    }
    folder.run(&arguments).json()
}

/// Each execution's place must be in its outcome and in the first finding.
fn check(folder: &Folder, python: &Found, row: &Row) {
    let document = said(folder, python, row);
    let name = format!("{} {} {} {:?}", python.path.display(), row.plan, row.mode, row.method);
    assert_eq!(findings(&document).first(), Some(&"all-blocked"), "{name}: {:#}", document["findings"]);
    let sentence = finding(&document, "all-blocked")["sentence"].as_str().expect("a sentence");
    for (task, place) in row.places {
        let execution = crate::python::of_task(&document, task);
        let line_is_unknown = python.pypy && *task == "mutex";
        let place = if line_is_unknown { "stuck.py, in in_c" } else { place };
        assert!(sentence.contains(&format!("{task} at {place}")), "{name}: {sentence}");
        let outcome = &execution["outcome"];
        let message = outcome["message"].as_str().unwrap_or_default();
        assert!(message.contains(&format!("shortly before it was at {place}")), "{name}: {outcome}");
        // The timeout of the first one breaks a pool, and so ends the second's worker if its own timeout is some
        // milliseconds later.
        assert!(["timed-out", "lost", "signalled"].iter().any(|kind| outcome["kind"] == *kind), "{name}: {outcome}");
        let stack = execution["traceback"].as_str().unwrap_or_default();
        assert!(stack.contains("stuck.py\"") && !stack.contains("spawnscope_runner"), "{name}: {stack}");
        assert!(!place.ends_with("in both") || stack.contains("    with second:\n"), "{name}: {stack}");
    }
}

#[test]
fn a_deadlock_is_told_with_the_line_at_which_each_waits() {
    let folder = Folder::new();
    write_plans(&folder);
    let (all, some) = (interpreters::all(), interpreters::thoroughly_tested());
    let everywhere = all.iter().flat_map(|python| EVERYWHERE.iter().map(move |row| (python, row)));
    // PyPy's ctypes can't call a function while keeping the GIL.
    let is_of = |python: &Found, row: &Row| !(python.pypy && row.plan == "with_gil.toml");
    let in_some = some.iter().flat_map(|python| IN_SOME.iter().map(move |row| (python, row)));
    let in_some = in_some.filter(|(python, row)| is_of(python, row));
    let rows: Vec<(&Found, &Row)> = everywhere.chain(in_some).collect();
    let next = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(|| {
                while let Some((python, row)) = rows.get(next.fetch_add(1, Ordering::Relaxed)) {
                    check(&folder, python, row);
                }
            });
        }
    });
}

#[test]
fn a_coroutine_that_sleeps_too_long_is_no_deadlock_and_its_place_is_told() {
    let folder = Folder::new();
    write_plans(&folder);
    let row = row("sleeps.toml", "asyncio", None, &[]);
    for python in interpreters::thoroughly_tested() {
        let document = said(&folder, &python, &row);
        assert!(!findings(&document).contains(&"all-blocked"), "{}: {document}", python.path.display());
        let outcome = &crate::python::of_task(&document, "there")["outcome"];
        let message = outcome["message"].as_str().unwrap_or_default();
        assert!(message.contains("stuck.py:25, in beside_a_timer"), "{}: {outcome}", python.path.display());
        assert!(!message.contains("event loop"), "a timer is due: {message}");
    }
}
