//! Without a verb, and without a display.

use crate::support::{Folder, plan};

#[test]
fn without_a_display_the_starter_is_compared_in_the_terminal() {
    let folder = Folder::new();
    let said = folder.run(&[]);
    assert_eq!(said.status, 0, "{said:?}");
    assert_eq!(said.stderr.lines().count(), 1, "one sentence: {said:?}");
    assert!(said.stderr.ends_with("here is the comparison in the terminal.\n"), "{said:?}");
    assert!(said.stdout.contains("Threads / Processes"), "{said:?}");
}

#[test]
fn without_a_display_a_plan_is_looked_at_and_not_run() {
    let folder = Folder::new();
    folder
        .write("plan.toml", plan("program:touch", "args = [\"made\"]").replace("[run]", "[run]\nmode = \"processes\""));
    let said = folder.run(&["plan.toml"]);
    assert_eq!((said.status, said.stderr.lines().count()), (0, 1), "{said:?}");
    assert!(said.stderr.ends_with("here is the plan in the terminal.\n"), "{said:?}");
    assert!(said.stdout.contains("plan.toml: fine") && said.stdout.contains("spawnscope run plan.toml"), "{said:?}");
    assert!(!folder.path("made").exists(), "to open a plan is not to run it");
    let said = folder.run(&["run", "plan.toml"]);
    assert!(said.status == 0 && folder.path("made").exists(), "{said:?}");
    folder.write("wrong.toml", plan("prmes", ""));
    let said = folder.run(&["wrong.toml"]);
    assert!(said.status == 2 && said.stderr.contains("did you mean `primes`?"), "{said:?}");
}

#[test]
fn without_a_display_saved_runs_are_shown_in_the_terminal() {
    let folder = Folder::new();
    folder.write("plan.toml", plan("sleep", "args = { seconds = 0.001 }"));
    folder.run(&["run", "plan.toml", "--export", "runs.json"]);
    let said = folder.run(&["runs.json"]);
    assert_eq!((said.status, said.stderr.lines().count()), (0, 1), "{said:?}");
    assert!(said.stdout.contains("Makespan"), "{said:?}");
}
