use super::*;
use crate::atomic::Existing;
use model::{Args, Field, LaunchMode, Measure, Problem, RunSettings, StartMethod, Target, Task};
use serde_json::json;
use std::time::Duration;

const TASK: &str = "[[task]]\ntarget = \"primes\"\n";

fn error(text: &str) -> String {
    let error = parse(text, "p.toml", None).expect_err(text).to_string();
    assert_eq!(error.lines().count(), 1, "{error}");
    error
}

/// The error of a plan with these lines first and a correct task after them.
fn error_before_task(lines: &str) -> String {
    error(&format!("schema = 1\n{lines}\n{TASK}"))
}

#[test]
fn every_mistake_has_its_place_and_its_mend() {
    for (lines, begin, part) in [
        ("name = \"x", "p.toml:2:", "put the text between two double quotes"),
        ("name =", "p.toml:2:", "write the value after `=`"),
        ("name", "p.toml:2:5:", "write `key = value`"),
        ("name = \"a\"\nname = \"b\"", "p.toml:3:1:", "keep one of the two"),
        ("nmae = \"x\"", "p.toml:2:1:", "did you mean `name`?"),
        ("zzzzzz = 1", "p.toml:2:1:", "use schema, name, run, task"),
        ("mode = \"threads\"", "p.toml:2:1:", "move it to [run]"),
        ("name = 3", "p.toml:2:8:", "`name` is a whole number; write text in quotes"),
        ("[run]\nmode = \"thread\"", "p.toml:3:8:", "did you mean `threads`?"),
        ("[run]\nmode = \"asyncoi\"", "p.toml:3:8:", "did you mean `asyncio`?"),
        ("[run]\nstart_method = \"forksrever\"", "p.toml:3:16:", "did you mean `forkserver`?"),
        ("[run]\npython = \"\"", "p.toml:3:10:", "names no interpreter"),
        ("[run]\ncompare = \"threads\"", "p.toml:3:11:", "`compare` is text; write a list"),
        ("[run]\ncompare = [\"threads\", \"thread\"]", "p.toml:3:23:", "did you mean `threads`?"),
        ("[run]\ncompare = [\"threads\", \"threads\"]", "p.toml:3:23:", "twice"),
        ("[run]\nstart_again = 1", "p.toml:3:15:", "true or false"),
        ("[run]\njoin_timeout = \"0s\"", "p.toml:3:16:", "zero"),
        ("[run]\ntimeout = \"soon\"", "p.toml:3:11:", "for example \"60s\""),
        ("[run]\ntimeout = 60", "p.toml:3:11:", "in quotes"),
        ("[run]\ntimeout = \"0s\"", "p.toml:3:11:", "zero"),
        ("[run]\nworkers = -1", "p.toml:3:11:", "`workers` is -1; write a whole number from 0"),
        ("[run]\nrepeat = 0", "p.toml:3:10:", "from 1 to 10000"),
        ("[run]\nrepeat = 2.5", "p.toml:3:10:", "a number with a point"),
        ("[run]\nrepeat = 99999999999999999999999", "p.toml:3:10:", "from 1 to 10000"),
        ("run = 3", "p.toml:2:7:", "`run` is a whole number; write a table"),
    ] {
        let said = error_before_task(lines);
        assert!(said.starts_with(begin), "{lines}: {said}");
        assert!(said.contains(part), "{lines}: {said}");
    }
}

#[test]
fn every_mistake_of_a_task_has_its_place_and_its_mend() {
    for (lines, begin, part) in [
        ("count = 1000000000", "p.toml:4:9:", "`count` is 1000000000; write a whole number from 1 to 1000000"),
        ("count = 0", "p.toml:4:9:", "from 1"),
        ("count = \"2\"", "p.toml:4:9:", "`count` is text"),
        ("cuont = 2", "p.toml:4:1:", "did you mean `count`?"),
        ("repeat = 2", "p.toml:4:1:", "move it to [run]"),
        ("kwargs = 1", "p.toml:4:10:", "`kwargs` is a whole number; write a table"),
        ("args = 3", "p.toml:4:8:", "{ key = value }"),
        ("args = { at = 2020-01-01 }", "p.toml:4:15:", "write it as text"),
        ("args = { x = nan }", "p.toml:4:14:", "finite number"),
        ("env = { A = 1 }", "p.toml:4:13:", "text in quotes"),
        ("env = { \"A=B\" = \"\" }", "p.toml:4:9:", "without `=`"),
        ("cwd = []", "p.toml:4:7:", "`cwd` is a list"),
        ("\"ä\\nö\" = 1", "p.toml:4:1:", "unknown key `ä\\nö`"),
        ("[[task]]\nname = \"x\"", "p.toml:4:1:", "has no target"),
        ("count = 999999\n[[task]]\ntarget = \"primes\"\ncount = 2", "p.toml:2:", "1000001 executions"),
    ] {
        let said = error(&format!("schema = 1\n{TASK}{lines}\n"));
        assert!(said.starts_with(begin), "{lines}: {said}");
        assert!(said.contains(part), "{lines}: {said}");
    }
}

#[test]
fn a_plan_of_another_version_is_refused_before_its_keys_are_judged() {
    assert!(error("name = \"x\"").starts_with("p.toml:1:1: `schema` is missing; write `schema = 1`"));
    assert!(error("schema = 2\nnew_key = 1").starts_with("p.toml:1:10: this plan was made by a newer version"));
    assert!(error("schema = \"1\"").contains("write 1"));
    assert!(error("schema = 0").contains("write `schema = 1`"));
}

#[test]
fn a_plan_without_tasks_says_how_to_add_one() {
    assert!(error("").contains("spawnscope new"));
    assert!(error(" \n\n").contains("empty"));
    assert!(error("schema = 1").contains("[[task]]"));
    assert!(error("schema = 1\ntask = []").contains("no task"));
    assert!(error("schema = 1\n[task]\ntarget = \"primes\"").contains("two brackets"));
}

#[test]
fn all_mistakes_are_told_in_the_order_of_the_file() {
    let text = format!("schema = 1\n[run]\nworkers = -1\nrepaet = 3\n{TASK}count = 0\n");
    let error = parse(&text, "p.toml", None).expect_err("three mistakes");
    let places: Vec<_> = error.lines().iter().map(|line| line.split(':').nth(1).expect("line")).collect();
    assert_eq!(places, ["3", "4", "7"]);
}

#[test]
fn files_that_are_no_text_are_refused() {
    let folder = tempfile::tempdir().expect("folder");
    let said = |path: &Path| read(path).expect_err("no plan").to_string();
    assert!(said(folder.path()).contains("this is a folder"));
    assert!(said(&folder.path().join("none.toml")).contains("no such file"));
    let path = folder.path().join("latin.toml");
    std::fs::write(&path, b"schema = 1\nname = \"\xe4\"").expect("written");
    assert!(said(&path).contains("latin.toml:2:9: the file is no UTF-8 text"));
}

#[test]
fn what_is_absent_has_its_default() {
    let file = parse(&format!("schema = 1\n{TASK}"), "some/count.primes.toml", None).expect("fine");
    let mut wanted = Plan::empty("count.primes");
    wanted.tasks.push(Task::new(Target::Builtin("primes".to_owned())));
    assert_eq!(file.plan, wanted);
    let marked = parse(&format!("\u{FEFF}schema = 1\r\n{TASK}"), "x.toml", None).expect("a byte order mark is fine");
    assert_eq!(marked.plan.tasks.len(), 1);
}

#[test]
fn the_example_of_the_readme_is_read() {
    let text = r#"
schema = 1
name = "Count primes"
[run]
mode = "processes"
start_method = "fork"
workers = 1_0
timeout = "60s"
[[task]]
name = "primes"
target = "primes"
args = { limit = 3000000 }
count = 0x4
[[task]]
target = "program:xz"
args = ["-9", 3, true]
env = { LANG = "C" }
cwd = "."
"#;
    let plan = parse(text, "p.toml", Some(Path::new("/plans"))).expect("fine").plan;
    assert_eq!(plan.folder.as_deref(), Some(Path::new("/plans")));
    assert_eq!(
        (plan.run.mode, plan.run.workers, plan.run.timeout),
        (LaunchMode::Processes, 10, Some(Duration::from_secs(60)))
    );
    assert_eq!((plan.tasks[0].count, plan.tasks[1].name.as_str()), (4, "xz"));
    assert_eq!(plan.tasks[1].args.words(), ["-9", "3", "true"]);
    assert_eq!(plan.tasks[1].env["LANG"], "C");
}

#[test]
fn a_problem_found_later_is_shown_in_the_file() {
    let text = "schema = 1\nname = \"ä\"\n[run]\nworkers = 2\n[[task]]\ntarget = \"primes\"\nargs = { limit = 3 }\n";
    let spans = parse(text, "p.toml", None).expect("fine").spans;
    let task = |field| spans.locate(&Problem::of_task(0, field, ""));
    assert_eq!(task(Field::Target), Some((6, 10)));
    assert_eq!(task(Field::Arg("limit".to_owned())), Some((7, 18)));
    assert_eq!(task(Field::Arg("absent".to_owned())), Some((7, 8)));
    assert_eq!(task(Field::Count), Some((5, 1)), "a field that is absent is shown at its task");
    assert_eq!(spans.locate(&Problem::of_plan(Field::Run("workers"), "")), Some((4, 11)));
    assert_eq!(spans.locate(&Problem::of_plan(Field::Run("mode"), "")), Some((3, 1)));
    assert_eq!(spans.locate(&Problem::of_plan(Field::Plan, "")), Some((1, 1)));
    assert_eq!(spans.locate(&Problem::of_task(7, Field::Name, "")), None);
}

fn all_sorts_of_tasks() -> Vec<Task> {
    let named = |args: serde_json::Value| Args::Named(serde_json::from_value(args).expect("named"));
    let builtin = Task::new(Target::Builtin("primes".to_owned()));
    let program = Task::new(Target::Program("/bin/e cho".to_owned()));
    vec![
        builtin.clone(),
        Task { name: "say \"hi\" \\ \n\t\u{1}\u{7f} ümläut 漢字 🦀".to_owned(), count: 1_000, ..builtin.clone() },
        Task {
            args: named(json!({ "limit": 3, "x": 1.0, "big": 1e300, "small": -1e-7, "ok": true })),
            ..builtin.clone()
        },
        Task {
            args: named(json!({ "a b": "c\"d", "": [], "n": { "m": [1, "x"] }, "u": u64::MAX, "e": {} })),
            ..builtin.clone()
        },
        Task { args: Args::List(vec![]), ..builtin.clone() },
        Task { args: Args::Named(Default::default()), ..program.clone() },
        Task {
            args: Args::List(vec![json!("-9"), json!(3), json!("'")]),
            timeout: Some(Duration::new(90, 5)),
            ..program.clone()
        },
        Task {
            env: [("LANG".to_owned(), "C".to_owned()), ("Ö.x".to_owned(), String::new())].into(),
            cwd: Some("../ü".to_owned()),
            ..program
        },
        Task {
            args: Args::List(vec![json!(1), json!([1.5, "a"]), json!({ "$py": "b'\\x00'" })]),
            kwargs: [("step".to_owned(), json!({ "a": [true] }))].into(),
            ..Task::new(Target::parse("python:work loads/w.py:Class.method"))
        },
        Task { name: String::new(), timeout: Some(Duration::from_millis(250)), ..builtin },
    ]
}

#[test]
fn what_is_written_is_read_back() {
    for mode in LaunchMode::ALL {
        for start_method in [None, Some(StartMethod::Fork), Some(StartMethod::Spawn)] {
            let run = RunSettings {
                load_timeout: std::time::Duration::from_secs(7),
                mode,
                start_method,
                workers: 3,
                repeat: 7,
                precision: 0.02,
                limit: Duration::from_secs(90),
                seed: Some(7),
                sweep: Some(Box::new("primes.limit=1,20".parse().expect("an axis"))),
                warmup: 0,
                measure: Measure::States,
                timeout: Some(Duration::from_secs(3661)),
                compare: vec!["threads:raw@python3.13".parse().expect("a choice"), LaunchMode::Processes.into()],
                python: Some("a \"b\"/bin/python".to_owned()),
                join_timeout: Some(Duration::from_millis(50)),
                start_again: true,
            };
            let plan = Plan { run, tasks: all_sorts_of_tasks(), ..Plan::empty("a \"b\" 'c' \\ \r\n ü") };
            let text = to_toml(&plan);
            assert_eq!(parse(&text, "p.toml", None).expect(&text).plan, plan);
        }
    }
}

#[test]
fn a_saved_plan_is_read_from_its_file() {
    let folder = tempfile::tempdir().expect("folder");
    let path = folder.path().join("plan.toml");
    let mut plan = Plan { tasks: all_sorts_of_tasks(), ..Plan::empty("saved") };
    let saving =
        |path: std::path::PathBuf| Saving { path, plan: Box::new(plan.clone()), opened: None, text: String::new() };
    save(&saving(path.clone()), Existing::Keep).expect("saved");
    let refused = save(&saving(folder.path().join("none/plan.toml")), Existing::Keep);
    assert!(matches!(refused, Err(NotSaved::Refused(why)) if why.contains("choose another place")));
    plan.folder = Some(folder.path().to_owned());
    assert_eq!(read(&path).expect("readable").plan, plan);
}

#[test]
fn the_file_is_readable() {
    let mut plan = Plan::empty("Count primes");
    let args = Args::Named([("limit".to_owned(), json!(3_000_000))].into());
    plan.tasks.push(Task { args, count: 4, ..Task::new(Target::Builtin("primes".to_owned())) });
    let wanted = "schema = 1\nname = \"Count primes\"\n\n[run]\nmode = \"threads\"\nworkers = 0\nrepeat = 7\nwarmup = 1\n\
                  precision = 0.05\nlimit = \"1m\"\n\n\
                  [[task]]\nname = \"primes\"\ntarget = \"primes\"\nargs = { limit = 3000000 }\ncount = 4\n";
    assert_eq!(to_toml(&plan), wanted);
}

#[test]
fn no_text_makes_the_reader_panic() {
    let good = to_toml(&Plan { tasks: all_sorts_of_tasks(), ..Plan::empty("x") });
    for end in good.char_indices().map(|(at, _)| at) {
        let _ = parse(&good[..end], "p.toml", None);
        let broken = format!("{}\u{0}[{}", &good[..end], &good[end..]);
        let _ = parse(&broken, "p.toml", None).map_err(|error| assert_eq!(error.to_string().lines().count(), 1));
    }
    let deep = format!("schema = 1\n{TASK}args = {}", "[".repeat(100_000));
    assert!(error(&deep).contains("p.toml:4:"));
}

#[test]
fn a_mode_may_have_its_start_method_its_workers_and_its_interpreter() {
    let read =
        |lines: &str| parse(&format!("schema = 1\n[run]\n{lines}\n[[task]]\ntarget = \"primes\"\n"), "p.toml", None);
    let run = read("mode = \"process-pool:spawn/2@python3.12\"").expect("a plan").plan.run;
    assert_eq!((run.mode, run.start_method, run.workers), (LaunchMode::ProcessPool, Some(StartMethod::Spawn), 2));
    assert_eq!(run.python.as_deref(), Some("python3.12"));
    assert_eq!(read("mode = \"threads/2\"\nrepeat = 3").expect("a plan").plan.run.workers, 2);
    let said = |lines: &str| read(lines).expect_err(lines).to_string();
    assert_eq!(
        said("workers = 3\nmode = \"threads/2\""),
        "p.toml:4:8: `threads/2` and the line `workers` say the same twice; keep one of them"
    );
    assert!(said("mode = \"threads@native\"").contains("write it in compare = [\"threads@native\"]"));
    assert_eq!(said("mode = \"thread\""), "p.toml:3:8: `thread` is no mode; did you mean `threads`?");
    assert!(said("mode = \"threads/many\"").contains("no number of workers after /; write for example threads/4"));
}
