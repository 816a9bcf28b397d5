//! What the program tells its user: choices, slips, sweeps named after what is swept, results and errors.

use super::{
    Case,
    concerns::{at_once, path, pythons},
    python,
};
use crate::{
    machine,
    support::{Folder, Said, required},
};
use serde_json::Value;

const QUICK: &str = "schema = 1\n[run]\nrepeat = 1\nwarmup = 0\nLINES\n[[task]]\ntarget = \"sleep\"\nargs = { seconds = 0.005 }\ncount = 3\n";

/// Modes, workers and start methods of the measured runs.
fn settings(said: &Value) -> Vec<String> {
    let word = |run: &Value, key: &str| run[key].as_str().unwrap_or("-").to_owned();
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

/// The plans of case 18 that are refused, each with the place and the whole sentence.
const SLIPS: [(&str, &str); 15] = [
    ("a-string-args.toml", "11:8: `args` is text; write a list: args = [\"Thread-1\"]"),
    ("b-number-args.toml", "11:8: `args` is a whole number; write a list: args = [5]"),
    (
        "c-call.toml",
        "10:10: `greet.py:greet()` is a call, and a target names the function alone: launching calls it; write target = \
         \"python:greet.py:greet\"",
    ),
    (
        "d-call-args.toml",
        "10:34: a target names the function alone, what it gets is in args; write target = \"python:greet.py:greet\" and args = \
         [\"Ada\"]",
    ),
    ("e-missing.toml", "8:1: greet() needs a value for `name`; add it to args"),
    ("f-too-many.toml", "11:8: greet() takes at most 2 arguments and 3 are given; remove one"),
    (
        "g-named.toml",
        "11:8: args of a Python function are a list, in their order; for what is given by name write kwargs = { name = \"Ada\" }",
    ),
    ("h-typo.toml", "10:10: greet.py has no function `gret`; did you mean `greet`?"),
    (
        "i-dot.toml",
        "10:10: `python:greet.greet` is no file and function with a colon between; did you mean `python:greet.py:greet`?",
    ),
    ("j-nofile.toml", "10:10: there is no file great.py; did you mean `greet.py`?"),
    (
        "k-generator.toml",
        "10:10: `countdown` has a `yield`, so that calling it makes a generator and runs nothing of it; write a function that \
         iterates, for example `def run(n): return list(countdown(n))`, and name that one",
    ),
    ("m-bare.toml", "10:10: there is no target `greet.py:greet`; did you mean `python:greet.py:greet`?"),
    ("n-types.toml", "11:8: `pause` gets the text \"0.1\", and its default 0.01 is a number; write 0.1 without quotes"),
    (
        "o-shell.toml",
        "10:10: `gzip -9 -c /usr/bin/perl` is a whole command line, and a target names the program alone; write target = \
         \"program:gzip\" and args = [\"-9\", \"-c\", \"/usr/bin/perl\"]",
    ),
    (
        "p-python-script.toml",
        "10:10: `greet.py` is a Python file, no program; write target = \"python:greet.py:FUNCTION\" with one of its functions, \
         or to run all of it target = \"program:python3\" and args = [\"greet.py\"]",
    ),
];

/// The one line with which `check` refuses a plan; asserts that `run` says the same.
fn told(case: &Case, plan: &str, python: &str, runs: bool) -> String {
    let check = case.run_as_python3(python, &["check", plan]);
    assert_eq!((check.status, check.stderr.lines().count()), (2, 1), "{plan}: {check:?}");
    if runs {
        assert_eq!(case.run_as_python3(python, &["run", plan]).stderr, check.stderr, "{plan}");
    }
    check.refusal().to_owned()
}

#[test]
fn each_slip_of_a_beginner_is_told_with_the_word_that_mends_it() {
    let Some(newest) = python() else { return };
    let case = Case::new("18-slips");
    at_once("18-slips", |_, python| {
        for (plan, sentence) in SLIPS {
            let said = told(&case, plan, python, python == newest);
            let said = said.replace(&format!("{}/", case.path("").canonicalize().expect("a folder").display()), "");
            let said = said.replace(&format!("{}/", case.path("").display()), "");
            assert_eq!(said, format!("{plan}:{sentence}"), "{python}");
        }
        // A source without `.py` means a module, which is found in the plan's folder.
        assert_eq!(case.run_as_python3(python, &["run", "l-nopy.toml"]).status, 0, "{python}");
    });
}

/// The words of a sweep, in the document and on the terminal.
fn swept(case: &Case, plan: &str, options: &[&str]) -> (Value, String) {
    let said = case.run(&[&["sweep", plan, "--json"], options].concat());
    (said.json(), said.stderr)
}

const QUICKLY: [&str; 4] = ["--repeat", "1", "--warmup", "0"];

#[test]
fn a_sweep_of_one_program_runs_in_one_mode_and_names_the_option() {
    if which::which("xz").is_err() && required::<()>("a sweep of xz needs xz-utils").is_none() {
        return;
    }
    for (folder, plan, option) in
        [("16-gzip-many-files", "plan-xargs.toml", "-P"), ("17-xz-own-threads", "plan-sweep.toml", "-T")]
    {
        let (document, terminal) = swept(&Case::new(folder), plan, &QUICKLY);
        let modes: Vec<_> = document["compared"].as_array().expect("settings").iter().map(|it| &it["mode"]).collect();
        assert_eq!(modes, ["processes"; 4], "{document}");
        assert_eq!(document["sweep"]["variable"], option);
        let best = document["sweep"]["best"][0]["sentence"].as_str().expect("a sentence");
        assert!(
            best.starts_with(&format!(
                "Too few repeats to tell which {option} is best for processes; so far {option} "
            )),
            "{best}"
        );
        for part in [
            "One execution of a program is one process in every mode: sequential, processes and process-pool are the same \
             thing here, so nothing is compared.",
            &format!(": {option} "),
            &format!("processes at {option} 4 "),
        ] {
            assert!(terminal.contains(part), "{part} is not in {terminal}");
        }
    }
}

#[test]
fn one_execution_of_a_program_is_compared_with_nothing() {
    let folder = Folder::new();
    let plan = "schema = 1\n[run]\nmode = \"processes\"\nrepeat = 1\nwarmup = 0\n[[task]]\ntarget = \"program:true\"\ncount = COUNT\n";
    let same = "One execution of a program is one process in every mode";
    for (count, modes, is_same) in [(1, &["processes"][..], true), (2, &["sequential", "processes"], false)] {
        folder.write("plan.toml", plan.replace("COUNT", &count.to_string()));
        let said = folder.run(&["compare", "plan.toml", "--json"]);
        let document = said.json();
        let runs = document["runs"].as_array().expect("runs").iter().map(|run| run["mode"].as_str().unwrap_or("-"));
        let mut ran: Vec<_> = runs.collect();
        ran.sort_by_key(|mode| *mode == "processes");
        assert_eq!(ran, modes, "{document}");
        assert_eq!(document["comparisons"].as_array().map_or(0, Vec::len), modes.len() - 1, "{document}");
        assert_eq!(said.stderr.contains(same), is_same, "{}", said.stderr);
        assert_eq!(document["baseline_notes"].to_string().contains(same), is_same, "{document}");
    }
}

/// Measures a sweep of a program's option while the machine is quiet, and checks that it reports two as the best.
fn two_are_best(case: &Case, plan: &str, option: &str) {
    if std::thread::available_parallelism().map_or(1, usize::from) != 2 {
        machine::say("skipped: the best number of threads is known for two cores");
        return;
    }
    let measure = || swept(case, plan, &["--repeat", "6"]);
    // A program that shares its two cores with others gains nothing from two at once.
    let Some((document, terminal)) = machine::quietly(&format!("the best {option} of {plan}"), 0.10, measure) else {
        return;
    };
    let best = &document["sweep"]["best"][0];
    assert_eq!((&best["argument"], &best["told"]), (&2.into(), &true.into()), "{best}");
    let told = format!("Best at {option} 2. Processes are best at {option} 2; ");
    assert!(terminal.contains(&told), "{terminal}");
}

#[test]
fn of_xz_with_threads_of_its_own_two_are_best_on_two_cores() {
    if which::which("xz").is_ok() || required::<()>("a sweep of xz needs xz-utils").is_some() {
        two_are_best(&Case::alone("17-xz-own-threads"), "plan-sweep.toml", "-T");
    }
}

#[test]
fn of_what_xargs_runs_at_once_two_are_best_on_two_cores() {
    if which::which("gzip").is_err() && required::<()>("a sweep of xargs needs gzip").is_none() {
        return;
    }
    let case = Case::alone("16-gzip-many-files");
    // With four files of about one size the best number is the number of cores; with the case's own files, two large
    // and two small, it depends on which are paired. They take a tenth of a second each.
    let files: Vec<String> = (0..4).map(|number| format!("part{number}")).collect();
    let text: String = (0..400_000_u64).map(|line| format!("{}\n", line * line)).collect();
    files.iter().for_each(|name| case.write(name, &text));
    case.write("files.txt", &(files.join("\n") + "\n"));
    case.rewrite("plan-xargs.toml", "\"-9\"", "\"-1\"");
    two_are_best(&case, "plan-xargs.toml", "-P");
}

#[test]
fn a_swept_argument_of_a_function_is_called_as_its_parameter() {
    let Some(python) = python() else { return };
    let case = Case::new("37-sweep-labels");
    at_once("37-sweep-labels", |_, python| {
        let (document, terminal) = swept(&case, "plan.toml", &[&QUICKLY[..], &["--python", python]].concat());
        assert_eq!(
            (&document["sweep"]["variable"], &document["sweep"]["axis"]),
            (&"n".into(), &"burn.0=1000,10000,100000,1000000".into()),
            "{python}"
        );
        let crossing = document["sweep"]["crossings"][0]["sentence"].as_str().expect("a sentence");
        assert!(crossing.contains(" n ") || crossing.contains("whole range"), "{python}: {crossing}");
        assert!(terminal.contains("  burn: n ") && terminal.contains("threads at n 1000 "), "{python}: {terminal}");
    });
    // The parameter's name means the same argument, though the plan gives it by position.
    let named = case.run(&[
        "sweep",
        "plan.toml",
        "--sweep",
        "burn.n=1000,2000",
        "--json",
        "--python",
        &python,
        "--repeat",
        "1",
        "--warmup",
        "0",
    ]);
    assert_eq!(named.json()["sweep"]["axis"], "burn.0=1000,2000", "{named:?}");
}

/// Counting in one interpreter uses one core; forked processes use two, but are slower to start: the curves cross.
#[test]
fn where_processes_begin_to_pay_is_told_by_the_parameters_name_with_an_interval() {
    let Some(python) = python() else { return };
    if std::thread::available_parallelism().map_or(1, usize::from) < 2 {
        machine::say("skipped: processes pay where there are two cores");
        return;
    }
    let case = Case::alone("37-sweep-labels");
    // On a fast machine the two are close to each other at the end of the case's own range.
    let options = ["--sweep", "burn.0=1e4..1e7:log4", "--repeat", "6", "--python", &python];
    let measure = || swept(&case, "plan.toml", &options);
    let Some((document, terminal)) = machine::quietly("from which n on processes pay", 0.10, measure) else { return };
    let crossing = &document["sweep"]["crossings"][0];
    let [low, at, high] =
        ["low", "at", "high"].map(|key| crossing[key].as_f64().unwrap_or_else(|| panic!("{crossing}")));
    assert!(1e4 <= low && low <= at && at <= high && high <= 1e7, "{crossing}");
    let sentence = crossing["sentence"].as_str().expect("a sentence");
    assert!(sentence.contains(" n ") && terminal.contains(sentence), "{sentence} in {terminal}");
}

/// The children compute, so threads start them as well as processes do, as many as there are cores.
#[test]
fn of_threads_that_start_programs_as_many_as_cores_are_best() {
    let Some(python) = python() else { return };
    if std::thread::available_parallelism().map_or(1, usize::from) != 2 {
        machine::say("skipped: the best number of workers is known for two cores");
        return;
    }
    let case = Case::alone("15-subprocess-in-threads");
    let options = ["--modes", "threads", "--workers", "1,2,4,8", "--repeat", "6", "--python", &python];
    let measure = || swept(&case, "plan-eight.toml", &options);
    let Some((document, _)) = machine::quietly("how many threads start programs best", 0.10, measure) else { return };
    let best = &document["sweep"]["best"][0];
    assert_eq!(best["told"], true, "{best}");
    // More than two may do as well, but gain nothing.
    let speedup = |at: usize| document["sweep"]["points"][at]["speedup"].as_f64().expect("a speedup");
    assert!(best["workers"] != 1 && speedup(1) > 1.4, "{best}");
    assert!(speedup(3) < 1.2 * speedup(1), "{:#}", document["sweep"]["points"]);
}

#[test]
fn what_a_thread_returned_and_what_it_raised_is_on_the_terminal() {
    let case = Case::new("27-results-and-errors");
    for python in pythons("27-results-and-errors").iter().map(path) {
        told_on_the_terminal(&case.run(&["run", "plan.toml", "--python", &python]));
    }
}

fn told_on_the_terminal(said: &Said) {
    assert_eq!(said.status, 1);
    for part in [
        "  area: {'area': 12}\n",
        "  worker: self.result = {'area': 10}\n",
        "risky (threads, repeat 1): exception: ValueError: no negative sizes: -4\n",
        "answers.py\", line 11, in risky\n",
        "join() returned as after a success: what a thread raises ends that thread alone, and join() does not raise it.",
        "Median time of a task",
    ] {
        assert!(said.stdout.contains(part) || said.stderr.contains(part), "{part} is not in {said:?}");
    }
}
