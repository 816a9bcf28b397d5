//! A plan's environment may contain secrets: a document leaves it out on request, and no other format contains it.

use crate::support::{Folder, Said};
use serde_json::{Value, json};
use std::fs;

/// A variable's value, which must never be printed.
const SECRET: &str = "hunter2-of-the-plan";

/// A folder with a plan of one program, whose environment contains a secret.
fn bench() -> Folder {
    let folder = Folder::new();
    let plan = format!(
        "schema = 1\n[run]\nmode = \"processes\"\nrepeat = 1\nwarmup = 0\nlimit = \"5s\"\n[[task]]\ntarget = \"program:true\"\ncount = 2\n\
         env = {{ TOKEN = \"{SECRET}\", LANG = \"C\" }}\n"
    );
    folder.write("plan.toml", plan);
    folder
}

fn document(folder: &Folder, name: &str) -> Value {
    serde_json::from_slice(&fs::read(folder.path(name)).expect("written")).expect("JSON")
}

/// What a document contains of the environment.
fn kept(document: &Value) -> [&Value; 2] {
    let task = &document["plan"]["task"][0];
    [&task["env"], &task["env_left_out"]]
}

#[test]
fn documents_leave_the_environment_out_and_say_so() {
    let folder = bench();
    let names = json!(["LANG", "TOKEN"]);
    for verb in ["run", "compare", "sweep"] {
        let file = format!("{verb}.json");
        let said = folder.run(&[verb, "plan.toml", "--no-env", "--json", "--export", &file]);
        assert_eq!(said.status, 0, "{said:?}");
        assert_eq!(kept(&said.json()), [&Value::Null, &names], "{verb}");
        assert_eq!(kept(&document(&folder, &file)), [&Value::Null, &names], "{verb}");
        assert!(!said.stdout.contains(SECRET) && !said.stderr.contains(SECRET), "{said:?}");
    }
    // A document that contains it can be saved without it, and once left out it stays out.
    assert_eq!(folder.run(&["run", "plan.toml", "--export", "full.json"]).status, 0);
    assert_eq!(kept(&document(&folder, "full.json")), [&json!({"LANG": "C", "TOKEN": SECRET}), &Value::Null]);
    assert_eq!(folder.run(&["export", "full.json", "left.json", "--no-env"]).status, 0);
    assert_eq!(folder.run(&["export", "left.json", "again.json", "again.md"]).status, 0);
    for name in ["left.json", "again.json"] {
        assert_eq!(kept(&document(&folder, name)), [&Value::Null, &names], "{name}");
    }
}

#[test]
fn the_environment_is_in_documents_alone_and_tasks_have_it_all_the_same() {
    let folder = bench();
    let files = ["a.csv", "a.md", "a.svg", "a.compare.csv", "a.waterfall.csv", "a.findings.csv", "a.launch.svg"];
    let export: Vec<&str> = files.iter().flat_map(|file| ["--export", file]).collect();
    let words = [&["compare", "plan.toml"], &export[..]].concat();
    let said = folder.run(&words);
    assert_eq!(said.status, 0, "{said:?}");
    for name in files {
        assert!(!fs::read_to_string(folder.path(name)).expect("text").contains(SECRET), "{name}");
    }
    assert!(!said.stdout.contains(SECRET) && !said.stderr.contains(SECRET), "{said:?}");
    let asks = fs::read_to_string(folder.path("plan.toml")).expect("a plan");
    let asks = asks.replace("program:true\"", &format!("program:sh\"\nargs = [\"-c\", 'test \"$TOKEN\" = {SECRET}']"));
    folder.write("asks.toml", asks);
    let said: Said = folder.run(&["run", "asks.toml", "--no-env"]);
    assert_eq!(said.status, 0, "the tasks have their environment: {said:?}");
}

/// Only the user may read the files of a run in progress: the request contains the environment.
#[test]
fn while_a_run_goes_on_nobody_else_can_read_its_environment() {
    let folder = bench();
    let plan = fs::read_to_string(folder.path("plan.toml")).expect("a plan");
    folder.write("plan.toml", plan.replace("program:true\"", "program:sh\"\nargs = [\"./look.sh\"]"));
    // It looks at the run's folder from inside the run; its guard's arguments name the folder.
    folder.write(
        "look.sh",
        "pid=$PPID\nwhile [ \"$pid\" -gt 1 ]; do\n  run=$(tr '\\0' '\\n' < /proc/$pid/cmdline | grep -m1 '/spawnscope-')\n  \
         [ -n \"$run\" ] && break\n  pid=$(awk '/^PPid:/ { print $2 }' /proc/$pid/status)\ndone\n\
         find \"$run\" -printf '%m %y %f\\n'\n",
    );
    let said: Said = std::process::Command::new("sh")
        .args(["-c", "umask 0; exec \"$0\" run plan.toml --json", env!("CARGO_BIN_EXE_spawnscope")])
        .current_dir(folder.path("."))
        .output()
        .expect("it starts")
        .into();
    assert_eq!(said.status, 0, "{said:?}");
    let said = said.json();
    let listed = said["runs"][0]["executions"][0]["output"]["stdout_tail"].as_str().expect("it printed").to_owned();
    assert!(listed.contains(" f plan.json"), "{listed}");
    let mut lines = listed.lines();
    assert!(lines.next().is_some_and(|folder| folder.starts_with("700 d")), "{listed}");
    // A link has the mode of its target, which here is memory of the host.
    let is_private = |line: &str| line.starts_with("600 ") || line.contains(" l ");
    assert!(lines.all(is_private), "{listed}");
}
