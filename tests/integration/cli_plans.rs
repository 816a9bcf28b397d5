//! Plans, good and bad, through the real binary.

use crate::support::{Folder, plan, required};
use spawnscope::starters;

/// A bad plan; the place that the error names; a part of its sentence.
const BAD: &[(&str, &str, &str)] = &[
    ("", "1:1", "spawnscope new"),
    ("schema = 1\n", "1:1", "[[task]]"),
    ("name = \"x\"\n", "1:1", "schema = 1"),
    ("schema = 2\n", "1:10", "newer version"),
    ("schema = 1\nname = \"x\n", "2:10", "double quotes"),
    ("schema = 1\n[[task]]\ntarget = \"primes\"\ncuont = 2\n", "4:1", "`count`"),
    ("schema = 1\n[[task]]\ntarget = \"prines\"\n", "3:10", "`primes`"),
    ("schema = 1\n[[task]]\ntarget = \"primes\"\nargs = { limit = -3 }\n", "4:18", "whole number from"),
    ("schema = 1\n[[task]]\ntarget = \"primes\"\nargs = { limti = 3 }\n", "4:18", "limit"),
    ("schema = 1\n[[task]]\ntarget = \"primes\"\nargs = [3]\n", "4:8", "write args = { limit = 3 }"),
    ("schema = 1\n[[task]]\ntarget = \"primes\"\ncount = 0\n", "4:9", "from 1"),
    ("schema = 1\n[[task]]\ntarget = \"primes\"\ncount = 1000000000\n", "4:9", "to 1000000"),
    ("schema = 1\n[[task]]\ntarget = \"primes\"\ntimeout = \"soon\"\n", "4:11", "60s"),
    ("schema = 1\n[run]\nmode = \"forks\"\n[[task]]\ntarget = \"primes\"\n", "3:8", "threads"),
    (
        "schema = 1\n[run]\nstart_method = \"forkserver\"\n[[task]]\ntarget = \"primes\"\n",
        "3:16",
        "can't be started by forkserver",
    ),
    ("schema = 1\n[[task]]\ntarget = \"program:surely-no-such-program\"\n", "3:10", "PATH"),
    ("schema = 1\n[[task]]\ntarget = \"program:./bad.toml\"\n", "3:10", "executable"),
    ("schema = 1\n[[task]]\ntarget = \"program:sh\"\n", "3:10", "thread"),
    ("schema = 1\n[[task]]\ntarget = \"python:a.py:f\"\n", "3:10", "a.py"),
];

#[test]
fn a_bad_plan_is_refused_on_one_line_with_its_place_and_its_mend() {
    let folder = Folder::new();
    for (text, place, part) in BAD {
        folder.write("bad.toml", text);
        for verb in ["run", "compare", "check"] {
            // Without `--modes` a comparison chooses modes that programs have.
            let modes: &[&str] = if verb == "compare" { &["--modes", "threads,processes"] } else { &[] };
            let said = folder.run(&[&[verb, "bad.toml"], modes].concat());
            assert_eq!((said.status, said.stdout.as_str()), (2, ""), "{said:?}");
            // `check` prints every problem on a line of its own; the other verbs print only the first.
            assert!(verb == "check" || said.stderr.lines().count() == 1, "{said:?}");
            let line = said.stderr.lines().next().expect("a line");
            assert!(line.starts_with(&format!("spawnscope: bad.toml:{place}: ")), "{verb} {text:?}: {line}");
            assert!(line.contains(part), "{verb} {text:?}: {line}");
        }
    }
}

#[test]
fn a_file_that_is_no_plan_is_refused() {
    let folder = Folder::new();
    std::fs::create_dir(folder.path("folder.toml")).expect("made");
    folder.write("latin.toml", b"schema = 1\nname = \"\xe4\"\n");
    folder.write("noise.toml", (0..=255).collect::<Vec<u8>>());
    for (file, part) in [
        ("none.toml", "none.toml: there is no such file"),
        ("folder.toml", "folder.toml: this is a folder"),
        ("latin.toml", "latin.toml:2:9: the file is no UTF-8"),
        ("noise.toml", "noise.toml:"),
    ] {
        for verb in ["run", "compare", "check"] {
            assert!(folder.run(&[verb, file]).refusal().contains(part), "{verb} {file}");
        }
        assert!(folder.run(&[file]).refusal().contains(part), "no verb, {file}");
    }
}

#[test]
fn check_tells_every_problem_and_run_the_first() {
    let folder = Folder::new();
    folder.write("bad.toml", plan("prines", "[[task]]\ntarget = \"sleep\"\nargs = { secodns = 1 }"));
    let said = folder.run(&["check", "bad.toml"]);
    let starts: Vec<_> = said.stderr.lines().map(|line| line.split(": ").nth(1).expect("place")).collect();
    assert_eq!((said.status, starts), (2, vec!["bad.toml:6:10", "bad.toml:9:20"]), "{}", said.stderr);
    assert!(folder.run(&["run", "bad.toml"]).refusal().ends_with("(and 1 more: `spawnscope check` lists them)"));
}

#[test]
fn a_good_plan_is_said_to_be_fine() {
    let folder = Folder::new();
    folder.write("good.toml", plan("sleep", "count = 3"));
    let said = folder.run(&["check", "good.toml"]);
    assert_eq!((said.status, said.stderr.as_str()), (0, ""));
    assert!(said.stdout.starts_with("good.toml: fine: 1 task, 3 executions"), "{said:?}");
}

#[test]
fn every_starter_is_printed_and_fine() {
    let folder = Folder::new();
    assert!(starters::all().len() >= 6);
    for starter in starters::all() {
        let printed = folder.run(&["new", starter.file]);
        assert_eq!((printed.status, printed.stdout.as_str()), (0, starter.toml));
        folder.write(starter.file, &printed.stdout);
        let said = folder.run(&["check", starter.file]);
        let lacks_program = said.stderr.contains("is not on PATH");
        if lacks_program {
            required::<()>(&said.stderr);
            continue;
        }
        assert_eq!(said.status, 0, "{}: {said:?}", starter.file);
    }
}

#[test]
fn a_new_plan_passes_the_check() {
    let folder = Folder::new();
    for arguments in [&["new"][..], &["new", "Größe \"3\""]] {
        folder.write("new.toml", folder.run(arguments).stdout);
        assert_eq!(folder.run(&["check", "new.toml"]).status, 0);
    }
    assert!(folder.run(&["new", "Größe \"3\""]).stdout.contains("name = \"Größe \\\"3\\\"\""));
}

#[test]
fn a_plan_is_read_from_stdin() {
    let folder = Folder::new();
    folder.write("plan.toml", plan("sleep", "cuont = 3"));
    let file = std::fs::File::open(folder.path("plan.toml")).expect("there");
    let said: crate::support::Said = folder.command(&["check", "-"]).stdin(file).output().expect("starts").into();
    assert!(said.refusal().starts_with("stdin:7:1: unknown key `cuont`"), "{said:?}");
}

#[test]
fn of_many_problems_the_first_are_listed_and_the_rest_is_counted() {
    let folder = Folder::new();
    let tasks: String = (0..20_000).map(|number| format!("[[task]]\ntarget = \"wrong{number}\"\n")).collect();
    folder.write("plan.toml", format!("schema = 1\n{tasks}"));
    let said = folder.run(&["check", "plan.toml"]);
    assert_eq!((said.status, said.stdout.as_str(), said.stderr.lines().count()), (2, "", 101));
    assert!(said.stderr.ends_with("spawnscope: and 19900 more; mend these first\n"), "{}", said.stderr);
}
