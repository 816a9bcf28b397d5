//! The advice in messages works: for each, a program that gets the message, and the same program changed as advised,
//! which does not.

use super::Case;
use crate::python::interpreters::{self, Found};
use spawnscope::{
    insight::causes::mend_of,
    model::{Execution, document::Document},
};

/// A function of `raised.py` that gets a message.
struct Slip {
    name: &'static str,
    /// The first version 3.x of CPython with this message.
    since: u32,
    /// A part of the message, in lower case.
    part: &'static str,
    /// A part of the advice.
    words: &'static str,
    /// The functions changed as advised: what is appended to the name.
    mended: &'static [&'static str],
}

const fn slip(name: &'static str, part: &'static str, words: &'static str) -> Slip {
    Slip { name, since: 8, part, words, mended: &["_mended"] }
}

/// Run in the main thread, one after another, since some of them fork.
fn alone() -> Vec<Slip> {
    let mended = |mended, slip| Slip { mended, ..slip };
    vec![
        Slip {
            since: 11,
            ..mended(
                &["_mended", "_mended_by_fork"],
                slip("semlock", "semlock created in a fork context", "get_context()"),
            )
        },
        slip("daemonic", "daemonic processes are not allowed to have children", "ProcessPoolExecutor"),
        mended(
            &["_mended", "_mended_by_initializer", "_mended_by_manager"],
            slip("inheritance", "should only be shared between processes through inheritance", "initializer"),
        ),
        slip("context", "context has already been set", "get_context()"),
        slip("no_running_loop", "no running event loop", "asyncio.run()"),
        slip("nested_run", "cannot be called from a running event loop", "await the coroutine"),
        mended(
            &["_mended", "_mended_by_lock"],
            slip("changed_size", "dictionary changed size during iteration", "over a copy"),
        ),
        slip("mutated", "mutated during iteration", "over a copy"),
        slip("started_twice", "threads can only be started once", "new thread"),
        slip("database", "database is locked", "longer timeout"),
        slip("address", "address already in use", "port 0"),
        slip("local_function", "local object", "at the top level"),
        slip("a_lambda", "local object", "no lambda"),
        slip("a_lock", "cannot pickle", "lock"),
        slip("a_generator", "cannot pickle", "generator"),
        slip("a_file", "cannot pickle", "open file"),
    ]
}

fn in_a_thread() -> Vec<Slip> {
    vec![
        slip("handler", "signal only works in main thread", "in the main thread"),
        Slip { mended: &[], ..slip("wakeup", "set_wakeup_fd only works in main thread", "in the main thread") },
        slip("connection", "can only be used in that same thread", "each thread has its own"),
        slip("no_current_loop", "no current event loop", "asyncio.run()"),
    ]
}

/// The executions of one run of these functions of a file, once each.
fn executions(
    case: &Case,
    python: &Found,
    run: &str,
    file: &str,
    functions: &[(&str, u32)],
    more: &str,
) -> Vec<Execution> {
    let task = |(name, count): &(&str, u32)| {
        format!("[[task]]\nname = \"{name}\"\ntarget = \"python:{file}:{name}\"\ncount = {count}\n{more}\n")
    };
    let tasks: String = functions.iter().map(task).collect();
    case.write("plan.toml", &format!("schema = 1\n[run]\n{run}\nrepeat = 1\nwarmup = 0\ntimeout = \"30s\"\n{tasks}"));
    let said = case.run(&["run", "plan.toml", "--json", "--python", &python.path.to_string_lossy()]);
    let document: Document = serde_json::from_value(said.json()).expect("a document");
    document.runs.into_iter().next().expect("a run").executions
}

/// The oldest and the newest CPython, and the version between in which messages changed.
fn pythons() -> Vec<Found> {
    let usual: Vec<_> = interpreters::all().into_iter().filter(|it| !it.pypy && !it.free_threaded).collect();
    let (first, last) = (usual.first().map(|it| it.minor), usual.last().map(|it| it.minor));
    usual.into_iter().filter(|it| it.minor == 13 || [first, last].contains(&Some(it.minor))).collect()
}

/// Checks that the execution failed with this part of the message, and that the advice is given.
fn gets(python: &Found, execution: &Execution, part: &str, words: &str) {
    let outcome = execution.outcome.as_ref().expect("an outcome");
    let message = outcome.message.as_deref().unwrap_or_default().to_lowercase();
    let place = format!("{} on {}: {outcome:?}", execution.task, python.path.display());
    assert!(message.contains(part), "{place}");
    assert!(mend_of(execution).is_some_and(|mend| mend.contains(words)), "{place} has {:?}", mend_of(execution));
}

fn all_succeed(python: &Found, executions: &[Execution]) {
    let failed = executions.iter().find(|execution| execution.failed());
    assert!(failed.is_none(), "on {}: {failed:?}", python.path.display());
}

#[test]
fn each_message_of_pythons_libraries_is_mended_as_it_is_told() {
    let case = Case::new("messages");
    for python in pythons() {
        for (mode, slips) in [("sequential", alone()), ("threads", in_a_thread())] {
            let run = format!("mode = \"{mode}\"");
            let said: Vec<_> = slips.iter().filter(|slip| slip.since <= python.minor).collect();
            let found: Vec<_> = said.iter().map(|slip| (slip.name, 1)).collect();
            let found = executions(&case, &python, &run, "raised.py", &found, "");
            for (slip, execution) in said.iter().zip(&found) {
                gets(&python, execution, slip.part, slip.words);
            }
            let mended = slips.iter().flat_map(|slip| slip.mended.iter().map(|end| format!("{}{end}", slip.name)));
            let mended: Vec<String> = mended.collect();
            let mended: Vec<_> = mended.iter().map(|name| (name.as_str(), 1)).collect();
            all_succeed(&python, &executions(&case, &python, &run, "raised.py", &mended, ""));
        }
    }
}

#[test]
fn what_is_at_its_limit_is_mended_by_fewer_in_flight() {
    let case = Case::new("messages");
    if let Some(python) = interpreters::newest() {
        for (name, count, workers, part) in [
            ("files", 10, 1, "too many open files"),
            ("threads", 24, 4, "can't start new thread"),
            ("memory", 4, 1, "memoryerror"),
            ("maps", 4, 1, "cannot allocate memory"),
        ] {
            let run = |workers: u32| {
                let run = format!("mode = \"threads\"\nworkers = {workers}");
                let more = format!("env = {{ LIMITED = \"{name}\" }}");
                executions(&case, &python, &run, "limited.py", &[(name, count)], &more)
            };
            let all = run(0);
            let failed = all.iter().find(|execution| execution.failed());
            gets(&python, failed.unwrap_or_else(|| panic!("{name}: all succeeded")), part, "set workers");
            all_succeed(&python, &run(workers));
        }
    }
}

#[test]
fn what_starts_processes_belongs_under_the_guard_and_a_worker_that_dies_breaks_its_pool() {
    let case = Case::new("messages");
    if let Some(python) = interpreters::newest() {
        let spawned = "mode = \"processes\"\nstart_method = \"spawn\"";
        let of = |run, file, name| executions(&case, &python, run, file, &[(name, 1)], "");
        let bare = of(spawned, "bare.py", "nothing");
        gets(&python, &bare[0], "bootstrapping phase", "__main__");
        all_succeed(&python, &of(spawned, "guarded.py", "nothing"));
        let pool = "mode = \"process-pool\"\nworkers = 1";
        let died = of(pool, "breaks.py", "dies");
        gets(&python, &died[0], "the pool broke", "mend what ended that worker");
        all_succeed(&python, &of(pool, "breaks.py", "dies_mended"));
    }
}
