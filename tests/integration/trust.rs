//! Looking at a plan executes nothing: no interpreter that the plan names, none near it, no module beside it. Only the
//! user allows that.

use crate::{
    python::interpreters,
    support::{Folder, Said, plan},
};
use std::{
    fs,
    os::unix::fs::{PermissionsExt, symlink},
    path::Path,
};

const FUNCTION: &str = "def f(n):\n    return n\n";

/// Modules that an interpreter could import by mistake.
const MODULES: [&str; 14] = [
    "linecache",
    "json",
    "site",
    "sitecustomize",
    "usercustomize",
    "ast",
    "tokenize",
    "importlib",
    "encodings",
    "warnings",
    "re",
    "enum",
    "codecs",
    "os",
];

/// A folder with a plan of one function; `run` are its settings.
fn bench(target: &str, run: &str) -> Folder {
    let folder = Folder::new();
    folder.write("w.py", FUNCTION);
    folder.write("plan.toml", plan(target, "args = [1]").replace("[run]", &format!("[run]\n{run}")));
    folder
}

/// A script that records that it was executed, and then acts as an interpreter.
fn trap(folder: &Folder, name: &str) {
    let (path, marker) = (folder.path(name), folder.path("executed"));
    fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
    fs::write(&path, format!("#!/bin/sh\necho \"$0\" >> '{}'\nexec python3 \"$@\"\n", marker.display()))
        .expect("a file");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).expect("permissions");
}

fn executed(folder: &Folder) -> Option<String> {
    fs::read_to_string(folder.path("executed")).ok()
}

/// The program with settings of its own, so that a test's trust applies only there.
fn said(folder: &Folder, words: &[&str]) -> Said {
    folder.command(words).env("XDG_CONFIG_HOME", folder.path("config")).output().expect("it starts").into()
}

fn is_there() -> bool {
    interpreters::newest().is_some()
}

#[test]
fn an_interpreter_of_the_plans_folder_is_executed_once_it_is_trusted() {
    if !is_there() {
        return;
    }
    let folder = bench("python:w.py:f", "python = \".venv/bin/python3\"");
    fs::create_dir(folder.path(".venv")).expect("a folder");
    folder.write(".venv/pyvenv.cfg", "home = /usr/bin\n");
    trap(&folder, ".venv/bin/python3");
    let path = folder.path(".venv/bin/python3").display().to_string();
    let checked = said(&folder, &["check", "plan.toml"]);
    assert!(checked.status == 0 && checked.stdout.contains(&format!("not asked yet: {path}")), "{checked:?}");
    assert_eq!(executed(&folder), None);
    // Its folder means the same interpreter; once it is trusted, its functions are checked.
    let trusted = said(&folder, &["trust", ".venv"]);
    assert_eq!((trusted.status, trusted.stdout), (0, format!("Trusted: {path}\n")));
    assert_eq!(executed(&folder), None, "to trust it is not to execute it");
    let checked = said(&folder, &["check", "plan.toml"]);
    assert!(checked.status == 0 && !checked.stdout.contains("not asked"), "{checked:?}");
    assert!(executed(&folder).is_some());
    assert!(said(&folder, &["trust"]).stdout.contains(&path));
    // Another file at the same path is not trusted.
    fs::remove_file(folder.path("executed")).expect("the file");
    folder.write(".venv/bin/python3", format!("#!/bin/sh\necho > '{}'\n", folder.path("executed").display()));
    assert!(said(&folder, &["check", "plan.toml"]).stdout.contains("not asked yet"));
    assert_eq!(executed(&folder), None);
}

#[test]
fn who_trusts_a_plan_or_takes_it_back_is_heard() {
    if !is_there() {
        return;
    }
    let folder = bench("python:w.py:f", "python = \"./mine\"");
    trap(&folder, "mine");
    assert!(said(&folder, &["check", "--trust", "plan.toml"]).stdout.starts_with("plan.toml: fine: "));
    assert!(executed(&folder).is_some());
    assert_eq!(said(&folder, &["trust", "--forget", "mine"]).status, 0);
    assert!(said(&folder, &["check", "plan.toml"]).stdout.contains("not asked yet"));
    let trusted = said(&folder, &["trust", "plan.toml"]);
    let plan = folder.path("plan.toml").display().to_string();
    assert!(trusted.status == 0 && trusted.stdout.ends_with(&format!("Trusted: {plan}\n")), "{trusted:?}");
    assert!(said(&folder, &["trust"]).stdout.contains(&plan));
    assert!(!said(&folder, &["check", "plan.toml"]).stdout.contains("not asked yet"));
    let mode = fs::metadata(folder.path("config/spawnscope/trusted.toml")).expect("it is kept").permissions().mode();
    assert_eq!(mode & 0o077, 0, "{mode:o}");
}

#[test]
fn to_run_a_plan_allows_what_it_names_and_nothing_else_of_its_folder() {
    if !is_there() {
        return;
    }
    let folder = bench("python:w.py:f", "python = \"./mine\"");
    trap(&folder, "mine");
    fs::create_dir(folder.path("other")).expect("a folder");
    folder.write("other/pyvenv.cfg", "");
    trap(&folder, "other/bin/python3");
    let run = said(&folder, &["run", "plan.toml"]);
    assert_eq!(run.status, 0, "{run:?}");
    let executed = executed(&folder).expect("it ran");
    assert!(executed.contains("/mine") && !executed.contains("other"), "{executed}");
    // If no interpreter has that name, the message names others; those near the plan are not executed for it.
    fs::remove_file(folder.path("executed")).expect("the file");
    let run = said(&folder, &["run", "plan.toml", "--python", "python3.99"]);
    assert!(run.refusal().contains("choose another"), "{run:?}");
    assert!(!folder.path("executed").exists());
}

#[test]
fn a_name_on_path_is_no_leave_to_execute_a_file_of_the_folder_or_a_program() {
    if !is_there() {
        return;
    }
    for (run, name) in [("python = \"python3.98\"", "python3.98"), ("python = \"./reboot\"", "reboot"), ("", "python3")]
    {
        let folder = bench("python:w.py:f", run);
        trap(&folder, name);
        let path = std::env::var("PATH").expect("a PATH");
        for entries in [format!(".:{path}"), format!(":{path}"), format!("{path}:.")] {
            let mut command = folder.command(&["check", "plan.toml"]);
            let checked: Said = command.env("PATH", entries).output().expect("it starts").into();
            assert_eq!(executed(&folder), None, "{run}: {checked:?}");
        }
    }
}

#[test]
fn no_module_beside_the_plan_is_imported_by_any_interpreter() {
    for python in interpreters::all() {
        // Each is `python3` on PATH.
        let path = tempfile::tempdir().expect("a folder");
        symlink(&python.path, path.path().join("python3")).expect("a link");
        for target in ["python:w.py:g", "python:w:g"] {
            let folder = bench(target, "");
            for name in MODULES {
                let text =
                    format!("open({:?}, 'a').write({name:?})\n", folder.path("executed").to_str().expect("UTF-8"));
                fs::create_dir_all(folder.path(&format!("{name}_"))).expect("a folder");
                folder.write(&format!("{name}.py"), &text);
                folder.write(&format!("{name}_/__init__.py"), &text);
                fs::rename(folder.path(&format!("{name}_")), folder.path(name)).expect("renamed");
            }
            let mut command = folder.command(&["check", "plan.toml"]);
            let checked: Said = command.env("PATH", path.path()).output().expect("it starts").into();
            // It was executed all the same.
            assert!(checked.refusal().contains("has no function `g`; "), "{python:?} {target}: {checked:?}");
            assert_eq!(executed(&folder), None, "{python:?} {target}");
        }
    }
}

#[test]
fn looking_at_saved_runs_executes_nothing() {
    if !is_there() {
        return;
    }
    let folder = bench("python:w.py:f", "python = \"./mine\"");
    trap(&folder, "mine");
    assert_eq!(said(&folder, &["run", "plan.toml", "--export", "runs.json"]).status, 0);
    fs::remove_file(folder.path("executed")).expect("the file");
    for name in ["a.csv", "a.svg", "a.md", "again.json"] {
        let exported = said(&folder, &["export", "runs.json", name]);
        assert!(exported.status == 0 && Path::new(&folder.path(name)).exists(), "{exported:?}");
    }
    assert_eq!(executed(&folder), None);
}

/// A virtual environment is described with the packages that were installed into it.
#[test]
fn a_trusted_virtual_environment_is_asked_with_its_own_packages() {
    for python in interpreters::thoroughly_tested() {
        let folder = bench("python:in_the_venv:g", "python = \"env/bin/python3\"");
        let mut make = std::process::Command::new(&python.path);
        make.args(["-m", "venv", "--without-pip"]).arg(folder.path("env"));
        if !make.output().is_ok_and(|made| made.status.success()) {
            // Debian's python3 has venv only in a separate package.
            continue;
        }
        let place = "import sysconfig; print(sysconfig.get_path('purelib'))";
        let asked = std::process::Command::new(folder.path("env/bin/python3")).args(["-c", place]).output();
        let place = String::from_utf8(asked.expect("it starts").stdout).expect("UTF-8");
        fs::write(Path::new(place.trim()).join("in_the_venv.py"), "def f(n): pass\n").expect("a file");
        assert_eq!(said(&folder, &["trust", "env"]).status, 0, "{python:?}");
        let checked = said(&folder, &["check", "plan.toml"]);
        assert!(checked.refusal().contains("in_the_venv has no function `g`; it has f"), "{python:?}: {checked:?}");
    }
}
