//! The messages on interpreters that are none, are too old, or don't answer.

use super::*;
use crate::testing::{python3, script, write};

fn why(word: &str, folder: &Path) -> String {
    probe(word, Some(folder), Consent::Running).expect_err(word)
}

#[test]
fn an_interpreter_says_what_it_is() {
    let Some(python) = python3() else {
        return;
    };
    assert!(["CPython", "PyPy"].contains(&python.facts.implementation.as_str()), "{python:?}");
    assert!(version(&python.facts) >= OLDEST && python.executable.is_absolute(), "{python:?}");
    assert_eq!(python.facts.gil_enabled, None);
    assert_eq!(
        probe(&python.executable.to_string_lossy(), None, Consent::Running).map(|again| again.facts),
        Ok(python.facts)
    );
}

#[test]
fn a_word_that_leads_to_no_interpreter_is_told_what_does() {
    let folder = tempfile::tempdir().expect("a folder");
    let told = |word: &str| why(word, folder.path());
    assert!(told("python3.99").starts_with("there is no `python3.99` on PATH; "), "{}", told("python3.99"));
    assert!(told("").starts_with("the interpreter has no name; "), "{}", told(""));
    assert!(told("./gone").contains("there is no interpreter "), "{}", told("./gone"));
    if python3().is_some() {
        assert!(told("./gone").contains("; choose another with --python, for example "), "{}", told("./gone"));
    }
    std::fs::create_dir(folder.path().join("home")).expect("a folder");
    assert!(told("./home").contains("home is a folder, not an interpreter; "), "{}", told("./home"));
}

#[cfg(unix)]
#[test]
fn a_folder_with_an_interpreter_in_it_is_told_which() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::create_dir_all(folder.path().join("home/bin")).expect("a folder");
    let inside = script(&folder.path().join("home/bin"), "python3", "true");
    assert!(why("./home", folder.path()).ends_with(&format!("; write {}", inside.display())));
    write(folder.path(), "plain", "text");
    let told = why("./plain", folder.path());
    assert!(told.contains("plain is not executable; run chmod +x "), "{told}");
}

#[cfg(unix)]
#[test]
fn a_program_that_is_no_python_is_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    script(folder.path(), "greets", "echo hello");
    assert!(why("./greets", folder.path()).starts_with("`./greets` is no Python: it answered something else; "));
    script(folder.path(), "fails", "echo 'no such version' >&2; exit 127");
    let told = why("./fails", folder.path());
    assert!(told.starts_with("`./fails` is no Python that answers: it says \"no such version\"; "), "{told}");
    write(folder.path(), "broken", "\x7fELF");
    std::fs::set_permissions(folder.path().join("broken"), std::os::unix::fs::PermissionsExt::from_mode(0o755))
        .expect("permissions");
    let told = why("./broken", folder.path());
    assert!(told.starts_with("`./broken` can't be executed: "), "{told}");
}

#[cfg(unix)]
#[test]
fn a_program_that_writes_without_end_is_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    script(folder.path(), "floods", "exec yes");
    assert!(why("./floods", folder.path()).contains("`./floods` is no Python"));
}

#[cfg(unix)]
#[test]
fn a_program_that_does_not_answer_is_ended_with_all_that_it_started() {
    let folder = tempfile::tempdir().expect("a folder");
    let pid = folder.path().join("pid");
    script(folder.path(), "hangs", &format!("sleep 1000 & echo $! > '{}'; wait", pid.display()));
    let told = why("./hangs", folder.path());
    assert!(told.starts_with("`./hangs` did not say what it is in 5 s; "), "{told}");
    let sleeper = std::fs::read_to_string(&pid).expect("it ran");
    let status = PathBuf::from(format!("/proc/{}/stat", sleeper.trim()));
    // The process that adopts it may reap it a moment later.
    let is_alive = || std::fs::read_to_string(&status).is_ok_and(|stat| !stat.contains(") Z "));
    let patience = std::time::Instant::now();
    while is_alive() && patience.elapsed() < Duration::from_secs(10) {
        std::thread::yield_now();
    }
    assert!(!is_alive());
}

/// A script that answers as Python 2.7 does, since a real one is rarely installed.
#[cfg(unix)]
#[test]
fn an_old_interpreter_is_told_its_age() {
    let folder = tempfile::tempdir().expect("a folder");
    let answer = r#"{"implementation": "CPython", "version": "2.7.18", "free_threaded": false, "executable": []}"#;
    script(folder.path(), "python2.7", &format!("echo 'spawnscope-interpreter {answer}'"));
    let told = why("./python2.7", folder.path());
    assert_eq!(told, "./python2.7 is Python 2.7.18; Spawnscope needs 3.8 or later; choose another with --python");
}

#[cfg(unix)]
#[test]
fn a_shim_is_resolved_to_what_answers_and_a_wrapper_is_not() {
    let Some(python) = python3() else {
        return;
    };
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::create_dir(folder.path().join("shims")).expect("a folder");
    let text = format!("echo a greeting\nexec '{}' \"$@\"", python.executable.display());
    script(&folder.path().join("shims"), "python3", &text);
    let wrapper = script(folder.path(), "wrapper", &text);
    let executable = |word: &str| probe(word, Some(folder.path()), Consent::Running).map(|probed| probed.executable);
    assert_eq!(executable("shims/python3"), Ok(python.executable));
    assert_eq!(executable("./wrapper"), Ok(wrapper));
}

#[test]
fn a_module_beside_the_plan_is_not_imported() {
    let Some(python) = python3() else {
        return;
    };
    let folder = tempfile::tempdir().expect("a folder");
    for name in ["json.py", "sys.py", "ast.py", "site.py", "encodings.py"] {
        write(folder.path(), name, "raise SystemExit(3)");
    }
    // A link of its own, so that no cached answer is used.
    let link = folder.path().join("link");
    #[cfg(unix)]
    std::os::unix::fs::symlink(&python.executable, &link).expect("a link");
    assert_eq!(execute(&link, Some(folder.path())).map(|probed| probed.facts.version), Ok(python.facts.version));
}
