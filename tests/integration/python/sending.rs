//! What is sent between processes is measured, in every interpreter.

use super::{executions, interpreters};
use crate::support::Folder;
use serde_json::Value;

const FUNCTIONS: &str = "def echo(data):\n    return data[:1000000]\n";

/// The document of two calls with 3 MB each; absent if this interpreter has no such pool.
fn document(interpreter: &interpreters::Found, mode: &str, method: &str) -> Value {
    let folder = Folder::new();
    folder.write("work.py", FUNCTIONS);
    let plan = "schema = 1\n[run]\nrepeat = 1\nwarmup = 0\nworkers = 1\ntimeout = \"60s\"\n[[task]]\n\
                target = \"python:work.py:echo\"\nargs = [{ \"$py\" = \"bytes(3000000)\" }]\ncount = 2\n";
    folder.write("plan.toml", plan);
    let python = interpreter.path.to_string_lossy();
    let arguments =
        ["run", "plan.toml", "--json", "--mode", mode, "--start-method", method, "--python", python.as_ref()];
    folder.run(&arguments).json()
}

fn number(value: &Value) -> u64 {
    value.as_u64().unwrap_or_else(|| panic!("no number: {value}"))
}

/// Checks the order: arguments are pickled, then unpickled, then the function is entered; the result likewise on its
/// way back.
fn in_order(execution: &Value, returns: bool) {
    let (sending, stamps) = (&execution["sending"], &execution["stamps"]);
    let mut instants = vec![
        &sending["argument_pickled"]["from_ns"],
        &sending["argument_pickled"]["to_ns"],
        &sending["argument_unpickled"]["to_ns"],
        &stamps["entered_ns"],
        &stamps["left_ns"],
    ];
    if returns {
        let pickled = [&sending["result_pickled"]["from_ns"], &sending["result_pickled"]["to_ns"]];
        instants.extend(pickled);
        instants.push(&sending["result_unpickled"]["to_ns"]);
    }
    instants.push(&stamps["joined_ns"]);
    let instants: Vec<u64> = instants.into_iter().map(number).collect();
    assert!(instants.is_sorted(), "{instants:?}: {execution}");
    assert!((3_000_000..3_001_000).contains(&number(&sending["argument_bytes"])), "{sending}");
    assert!(number(&sending["argument_ns"]) > 0, "{sending}");
}

#[test]
fn bytes_and_times_are_known_wherever_python_pickles() {
    for interpreter in interpreters::all() {
        for (mode, method) in [("process-pool", "fork"), ("process-pool", "spawn"), ("processes", "spawn")] {
            // PyPy's pools work only with fork (a bug of PyPy).
            if interpreter.pypy && (mode, method) == ("process-pool", "spawn") {
                continue;
            }
            let document = document(&interpreter, mode, method);
            let pool = mode == "process-pool";
            for execution in executions(&document) {
                in_order(execution, pool);
                let result = &execution["sending"]["result_bytes"];
                let expected = result.as_u64().is_some_and(|bytes| (1_000_000..1_001_000).contains(&bytes));
                assert_eq!(expected, pool, "{interpreter:?} {mode} {method}: {execution}");
                assert_eq!(execution["queued"].as_bool().unwrap_or(false), pool, "{execution}");
            }
            if pool {
                let second = &executions(&document)[1];
                let free = number(&second["sending"]["worker_free_ns"]);
                assert!(free >= number(&executions(&document)[0]["stamps"]["left_ns"]), "one worker: {document}");
            }
        }
    }
}
