//! What the program says to a person: choices, slips, sweeps by the names of what is swept, results and errors.

use crate::support::Folder;

const QUICK: &str = "schema = 1\n[run]\nrepeat = 1\nwarmup = 0\nLINES\n[[task]]\ntarget = \"duty_cycle\"\nargs = { duration_ms = 5 }\ncount = 3\n";

/// Modes, workers and start methods of the measured runs.
fn settings(said: &serde_json::Value) -> Vec<String> {
    let word = |run: &serde_json::Value, key: &str| run[key].as_str().unwrap_or("-").to_owned();
    let runs = said["runs"].as_array().expect("runs");
    runs.iter().map(|run| format!("{}:{}/{}", word(run, "mode"), word(run, "start_method"), run["workers"])).collect()
}

#[test]
fn a_number_of_workers_is_accepted_wherever_a_choice_is() {
    let folder = Folder::new();
    folder.write("plain.toml", QUICK.replace("LINES", ""));
    folder.write("mode.toml", QUICK.replace("LINES", "mode = \"processes:spawn/2\""));
    folder.write("compare.toml", QUICK.replace("LINES", "compare = [\"threads/2\", \"processes:fork/4\"]"));
    let run = |words: &[&str]| settings(&folder.run(words).json());
    assert_eq!(run(&["run", "plain.toml", "--mode", "process-pool:spawn/2", "--json"]), ["process-pool:spawn/2"]);
    assert_eq!(run(&["run", "mode.toml", "--json"]), ["processes:spawn/2"]);
    for words in [
        &["compare", "plain.toml", "--modes", "threads/2,processes:fork/4", "--json"][..],
        &["compare", "compare.toml", "--json"],
    ] {
        let found = run(words);
        assert!(
            found.contains(&"threads:-/2".to_owned()) && found.contains(&"processes:fork/4".to_owned()),
            "{found:?}"
        );
    }
    let refusal = |words: &[&str]| folder.run(words).refusal().to_owned();
    assert_eq!(
        refusal(&["run", "plain.toml", "--mode", "sequential/4"]),
        "plain.toml:2:1: `sequential/4` says how many workers, but in sequence one execution runs after another; write \
         sequential, or for example threads/4"
    );
    assert_eq!(
        refusal(&["sweep", "plain.toml", "--modes", "threads/2", "--workers", "1..2"]),
        "`threads/2` says how many workers, and the sweep varies just that; write threads"
    );
}
