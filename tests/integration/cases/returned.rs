//! What executions returned shows what went wrong, and the advice fixes it.

use super::{finding, findings, python};
use crate::support::Folder;
use serde_json::Value;

const RETURNS: &str = r#"
import asyncio, random

SHARED = random.Random()

def shared():
    return [SHARED.randrange(1_000_000) for _ in range(3)]

def own():
    return [random.Random().randrange(1_000_000) for _ in range(3)]

def steps():
    yield from range(3)

def makes_steps():
    return steps()

def iterates():
    return list(steps())

async def answers():
    return 42

def makes_coroutine():
    return answers()

def runs_coroutine():
    return asyncio.run(answers())
"#;

/// The document of `WORDS` for three executions of a function.
fn document(python: &str, function: &str, words: &[&str]) -> Value {
    let folder = Folder::new();
    folder.write("returns.py", RETURNS);
    let plan = format!(
        "schema = 1\n[run]\nrepeat = 3\nwarmup = 0\n[[task]]\nname = \"t\"\ntarget = \"python:returns.py:{function}\"\ncount = 3\n"
    );
    folder.write("plan.toml", plan);
    folder.run(&[words, &["plan.toml", "--json", "--python", python]].concat()).json()
}

#[test]
fn forked_processes_with_one_random_state_are_told_and_a_generator_of_their_own_mends_it() {
    let Some(python) = python() else { return };
    let compared = |function| document(&python, function, &["compare", "--modes", "processes:fork,sequential"]);
    let equal = compared("shared");
    assert_eq!(findings(&equal)[0], "equal-random-results", "{equal}");
    let found = finding(&equal, "equal-random-results");
    let said = found["sentence"].as_str().expect("a sentence");
    assert!(
        said.starts_with("As processes, 3 executions returned the same ([") && said.contains("in sequence"),
        "{said}"
    );
    assert_eq!(found["evidence"]["equal_count"], 3);
    let own = compared("own");
    assert!(!findings(&own).contains(&"equal-random-results"), "{own}");
}

#[test]
fn a_generator_or_a_coroutine_that_was_never_run_is_told_and_running_it_mends_it() {
    let Some(python) = python() else { return };
    for (found, what, mended, result) in [
        ("makes_steps", "a generator", "iterates", Value::from("[0, 1, 2]")),
        ("makes_coroutine", "a coroutine", "runs_coroutine", Value::from(42)),
    ] {
        let unrun = document(&python, found, &["run", "--mode", "threads"]);
        assert_eq!(findings(&unrun)[0], "never-run", "{unrun}");
        let said = finding(&unrun, "never-run")["sentence"].as_str().expect("a sentence");
        assert!(said.contains(&format!("returned {what} (<")) && said.contains("So did all 3 executions"), "{said}");
        let run = document(&python, mended, &["run", "--mode", "threads"]);
        assert!(!findings(&run).contains(&"never-run"), "{run}");
        assert_eq!(run["runs"][0]["executions"][0]["result"], result, "{run}");
    }
}
