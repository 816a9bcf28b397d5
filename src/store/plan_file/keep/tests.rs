use super::*;
use model::{Args, Target, Task};
use serde_json::json;
use std::time::Duration;

/// Plans as users write them, each in another style.
const PLANS: [&str; 9] = [
    "# Mine\nschema = 1 # first\nname = 'one'\n\n# How\n[run]\nmode   =   \"threads\" # as threads\nworkers = 0x4\nrepeat = 3\n\n\
     # What\n[[task]] # the first\nname = \"a\"\ntarget = \"primes\" # built in\nargs = {limit=30_000} # small\ncount=2\n\n\
     # And\n[[task]]\nname = \"b\"\ntarget = \"sleep\"\n# long?\nargs.seconds = 0.5\n# The end\n",
    "schema = 1\nrun.mode = \"threads\"\nrun.workers = 2 # two\n[[task]]\nname = \"a\"\ntarget = \"primes\"\n[task.args]\n# how far\n\
     limit = 30000\n[[task]]\nname = \"b\"\ntarget = \"sleep\"\n  # indented\n  args = { seconds = 0.5 }",
    "schema = 1\ntask = [\n  { name = \"a\", target = \"primes\", args = { limit = 30000 } }, # the first\n  { name = \"b\", target = \
     \"sleep\", args = { seconds = 0.5 } },\n]\n",
    "schema = 1\r\n# Windows\r\n[run]\r\nworkers = 1 # one\r\n\r\n[[task]]\r\nname = \"a\"\r\ntarget = \"primes\"\r\n# b\r\n[[task]]\r\n\
     name = \"b\"\r\ntarget = \"sleep\"\r\n",
    "\u{FEFF}schema = 1\n[[task]]\nname = \"a\"\ntarget = \"primes\"\n[run]\nmode = \"processes:spawn/4\" # at once\n[[task]]\n\
     name = \"b\"\ntarget = \"sleep\"\n",
    "\n\n# nothing but tasks\n\nschema = 1\n\n\n[[task]]\n\ttarget = \"\"\"primes\"\"\"\n\tname = \"a\"\n\n\n\n[[task]]\n\
     target = \"python:w.py:f\"\nname = \"b\"\nargs = [\n  1, # one\n  [2, 3],\n  { \"$py\" = \"x\" },\n]\nkwargs = { a.b = 1 }\n\n\n",
    "schema = 1\nname = \"mixed\"\r\n[run] # half\nworkers = 1\r\n[[task]]\nname = \"a\"\r\ntarget = \"primes\"\n[[task]]\r\n\
     name = \"b\"\ntarget = \"program:cat\"\r\nargs = [\"-n\"]\nenv = { A = \"1\" }\n",
    "schema = 1\n[[task]]\nname = \"a\"\ntarget = \"primes\"\n# of a\n[task.env]\n# the tongue\nLANG = \"C\"\n[[task]]\nname = \"b\"\n\
     target = \"sleep\"\n# all that runs\n[run]\ncompare = [ \"threads\", # first\n  \"processes\" ]\ntimeout = \"60s\"\n",
    "schema=1\n[run]\nseed=1\n\n[[task]]\nname=\"a\"\ntarget=\"primes\"\ncount=1_000\n\n[[task]]\nname=\"b\"\ntarget=\"sleep\"\n#\n#\n",
];

fn plan(text: &str) -> Plan {
    parse(text, "p.toml", None).unwrap_or_else(|error| panic!("{error}: {text}")).plan
}

fn kept(text: &str, change: impl FnOnce(&mut Plan)) -> String {
    let mut plan = plan(text);
    change(&mut plan);
    plan_text(text, "p.toml", &plan)
}

#[test]
fn a_plan_that_nobody_changed_is_the_same_byte_for_byte() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../resources/plans");
    let plans = std::fs::read_dir(folder).expect("the starter plans").map(|entry| entry.expect("an entry").path());
    let plans = plans.filter(|path| path.extension().is_some_and(|extension| extension == "toml"));
    let starters: Vec<_> = plans.map(|path| std::fs::read_to_string(path).expect("readable")).collect();
    assert!(!starters.is_empty());
    for text in PLANS.into_iter().chain(starters.iter().map(String::as_str)) {
        assert_eq!(kept(text, |_| {}), text);
    }
}

type Change = fn(&mut Plan);

const CHANGES: [(&str, Change); 16] = [
    ("name", |plan| plan.name = "two \"words\"".to_owned()),
    ("mode", |plan| plan.run.mode = model::LaunchMode::ProcessPool),
    ("workers", |plan| plan.run.workers = 9),
    ("repeat", |plan| plan.run.repeat = 11),
    ("precision", |plan| plan.run.precision = 0.25),
    ("compare", |plan| plan.run.compare = vec!["threads".parse().expect("one"), "sequential".parse().expect("one")]),
    ("timeout", |plan| plan.run.timeout = Some(Duration::from_secs(7))),
    ("no timeout", |plan| plan.run.timeout = None),
    ("count", |plan| plan.tasks[0].count = 77),
    ("argument", |plan| {
        plan.tasks[0].args = Args::Named([("limit".to_owned(), json!(7)), ("new".to_owned(), json!([1, "x"]))].into());
    }),
    ("no argument", |plan| plan.tasks[1].args = Task::new(plan.tasks[1].target.clone()).args),
    ("variable", |plan| drop(plan.tasks[0].env.insert("PATH".to_owned(), "a\\b".to_owned()))),
    ("duplicate", |plan| plan.tasks.insert(1, plan.tasks[0].clone())),
    ("add", |plan| plan.tasks.push(Task::new(Target::Builtin("hash".to_owned())))),
    ("remove", |plan| drop(plan.tasks.remove(0))),
    ("swap", |plan| plan.tasks.swap(0, 1)),
];

/// Whether `part` is `whole` with some lines left out.
fn is_part(part: &[&str], whole: &str) -> bool {
    let mut lines = whole.split_inclusive('\n');
    part.iter().all(|wanted| lines.any(|line| line == *wanted))
}

#[test]
fn a_change_is_saved_and_touches_no_line_but_its_own() {
    for text in PLANS {
        for (what, change) in CHANGES {
            let saved = kept(text, change);
            let mut wanted = plan(text);
            change(&mut wanted);
            assert_eq!(plan(&saved), wanted, "{what}: {text}\n=>\n{saved}");
            // The comments show whether the text was edited or made anew; a removed task's comments go with it.
            let comments = |text: &str| text.matches('#').count();
            let least = if what == "remove" || what.starts_with("no ") { 0 } else { comments(text) };
            assert!(comments(&saved) >= least, "{what}: {text}\n=>\n{saved}");
            if ["name", "workers", "count", "duplicate", "add"].contains(&what) && !text.contains("spawn/4") {
                // At most one line of the old text may be gone. Tasks as a list in brackets are not checked.
                let lines: Vec<_> = text.split_inclusive('\n').collect();
                let without = |left_out: usize| {
                    [&lines[..left_out], &lines[left_out + 1..]].concat().into_iter().collect::<Vec<_>>()
                };
                let so = (0..lines.len()).any(|left_out| is_part(&without(left_out), &saved));
                assert!(so || text.contains("task = ["), "{what}: {text}\n=>\n{saved}");
            }
        }
    }
}

#[test]
fn every_change_upon_every_other_is_saved() {
    for text in PLANS {
        for (what, first) in CHANGES {
            for (then, second) in CHANGES {
                let saved = kept(text, |plan| {
                    first(plan);
                    if plan.tasks.len() > 1 {
                        second(plan);
                    }
                });
                let mut wanted = plan(text);
                first(&mut wanted);
                if wanted.tasks.len() > 1 {
                    second(&mut wanted);
                }
                assert_eq!(plan(&saved), wanted, "{what}, {then}: {text}\n=>\n{saved}");
            }
        }
    }
}

#[test]
fn an_edit_is_where_a_person_would_make_it() {
    let text = PLANS[0];
    let saved = kept(text, |plan| {
        plan.run.workers = 5;
        plan.tasks[0].args = Args::Named([("limit".to_owned(), json!(70_000))].into());
        plan.tasks.swap(0, 1);
    });
    let wanted = "# Mine\nschema = 1 # first\nname = 'one'\n\n# How\n[run]\nmode   =   \"threads\" # as threads\nworkers = 5\nrepeat = 3\n\n\
                  # And\n[[task]]\nname = \"b\"\ntarget = \"sleep\"\n# long?\nargs.seconds = 0.5\n\n\
                  # What\n[[task]] # the first\nname = \"a\"\ntarget = \"primes\" # built in\nargs = {limit=70000} # small\ncount=2\n# The end\n";
    assert_eq!(saved, wanted);
    let refined = kept(PLANS[4], |plan| plan.run.workers = 5);
    assert!(refined.contains("mode = \"processes\" # at once\nstart_method = \"spawn\"\nworkers = 5\n"), "{refined}");
    let without_run = kept(PLANS[5], |plan| plan.run.workers = 5);
    assert!(without_run.contains("schema = 1\n\n[run]\nworkers = 5\n\n\n[[task]]\n"), "{without_run}");
}

#[test]
fn what_can_not_be_followed_is_written_anew() {
    let plan = plan(PLANS[0]);
    for text in ["", "no plan", "schema = 1\n[[task]]\ntarget =\n"] {
        assert_eq!(plan_text(text, "p.toml", &plan), to_toml(&plan));
    }
}
