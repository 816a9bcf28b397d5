//! Processes that tasks leave behind are reported wherever users look, once for all that are alike.

use crate::{
    support::{Folder, Said},
    tree::Mark,
};
use std::process::Stdio;

/// Five executions of a shell script.
fn plan(folder: &Folder, script: &str) {
    folder.write("task.sh", script);
    folder.write(
        "plan.toml",
        "schema = 1\n[run]\nmode = \"processes\"\nrepeat = 1\nwarmup = 0\n[[task]]\nname = \"leaves\"\ntarget = \"program:sh\"\n\
         args = [\"task.sh\"]\ncwd = \".\"\ncount = 5\n",
    );
}

fn run(folder: &Folder, arguments: &[&str]) -> Said {
    let mark = Mark::new();
    let mut command = folder.command(&[&["run", "plan.toml"], arguments].concat());
    mark.on(&mut command);
    let said = command.stdout(Stdio::piped()).stderr(Stdio::piped()).output().expect("starts").into();
    mark.assert_nobody_left("a plan whose tasks leave somebody");
    said
}

#[test]
fn who_is_left_is_one_line_with_a_count_in_the_report_the_findings_and_the_markdown() {
    let folder = Folder::new();
    plan(&folder, "sleep 605 &\nuntil grep -aq ^sleep /proc/$!/cmdline; do :; done\necho hello\n");
    let said = run(&folder, &["--json", "--export", "report.md"]);
    assert_eq!(said.status, 0, "{said:?}");
    let alike = "sleep 605 (process ";
    let fate = ") was left running and held its stdout or stderr; SIGKILL ended it; 5 such processes in all";
    let lines = |text: &str| {
        let told = |line: &&str| line.contains(alike) && line.contains(fate) && line.contains("leaves #");
        text.lines().filter(told).count()
    };
    assert!(said.stderr.contains("\nLeft running:\n  leaves #"), "{said:?}");
    assert_eq!(lines(&said.stderr), 1, "{said:?}");
    let report = std::fs::read_to_string(folder.path("report.md")).expect("written");
    assert!(report.contains("## What was left running") && lines(&report) == 1, "{report}");
    let document = said.json();
    let findings = document["findings"].as_array().expect("findings");
    let found: Vec<_> = findings.iter().filter(|finding| finding["id"] == "left-running").collect();
    let [finding] = found[..] else { panic!("{findings:?}") };
    let sentence = finding["sentence"].as_str().expect("a sentence");
    assert!(sentence.starts_with("5 processes were still running when") && sentence.contains(alike), "{sentence}");
    assert_eq!(
        (&finding["evidence"]["left_count"], &finding["evidence"]["holding_output_count"]),
        (&5.into(), &5.into())
    );
    assert!(finding["advice"].as_str().is_some_and(|advice| advice.contains(">/dev/null 2>&1")), "{finding}");
    let title = finding["title"].as_str().expect("a title");
    assert!(said.stderr.contains(title) && report.contains(title), "{said:?}");
}

/// A task changed as the finding advises.
#[test]
fn a_task_that_waits_for_what_it_starts_or_ends_it_leaves_nobody() {
    for script in ["sleep 0.01 &\nwait\n", "sleep 606 &\nkill $!\nwait\n"] {
        let folder = Folder::new();
        plan(&folder, script);
        let said = run(&folder, &["--json"]);
        assert_eq!(said.status, 0, "{said:?}");
        assert!(!said.stderr.contains("eft running"), "{said:?}");
        assert!(said.json()["runs"][0]["end"]["left"].is_null(), "{said:?}");
    }
}
