//! No verb, and no display.

use crate::support::{Folder, plan};

#[test]
fn without_a_display_the_comparison_happens_in_the_terminal() {
    let folder = Folder::new();
    folder.write("plan.toml", plan("sleep", "args = { seconds = 0.001 }"));
    let said = folder.run(&["plan.toml"]);
    assert_eq!(said.status, 0, "{said:?}");
    assert_eq!(said.stderr.lines().count(), 1, "one sentence: {said:?}");
    assert!(said.stderr.ends_with("here is the comparison in the terminal.\n"), "{said:?}");
    assert!(said.stdout.contains("Threads / Processes"), "{said:?}");
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
