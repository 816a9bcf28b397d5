//! The messages on targets as beginners write them.

use super::*;

/// The sentence for a target, in a folder with `greet.py`.
fn said(target: &str) -> String {
    slip(target).unwrap_or_else(|| panic!("nothing is said of {target}")).message
}

fn slip(target: &str) -> Option<Slip> {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("greet.py"), "def greet(name): pass\n").expect("a file");
    of(&Target::parse(target), Some(folder.path()))
}

#[test]
fn a_function_without_its_words_is_told_with_them() {
    for (target, meant) in [
        ("greet.py:greet", "did you mean `python:greet.py:greet`?"),
        ("greet:greet", "did you mean `python:greet.py:greet`?"),
        ("greet.greet", "did you mean `python:greet.py:greet`?"),
        ("greet", "did you mean `python:greet.py:greet`?"),
        ("py:greet.py:greet", "did you mean `python:greet.py:greet`?"),
        ("python:greet.greet", "did you mean `python:greet.py:greet`?"),
        ("python:greet.py.greet", "did you mean `python:greet.py:greet`?"),
        ("python:greet.py::greet", "did you mean `python:greet.py:greet`?"),
        ("math.sqrt", "did you mean `python:math:sqrt`?"),
        ("greet.greet()", "write target = \"python:greet.py:greet\""),
        ("greet()", "write target = \"python:greet.py:greet\""),
        ("python:greet.py:greet(f(1), n=2)", "and kwargs = { n = 2 }"),
        ("primes(limit=10)", "write target = \"primes\" and args = { limit = 10 }"),
        ("lambda x: x", "write it as a def at the top level of a file"),
    ] {
        let said = said(target);
        assert!(said.contains(meant), "{target}: {said}");
    }
    for target in ["python:greet.py:greet", "python:greet:greet", "python:os.path:join", "primes", "nonsense"] {
        assert_eq!(slip(target), None, "{target}");
    }
}

#[test]
fn a_command_line_is_told_as_a_program_and_its_words() {
    for (target, meant) in [
        ("program:true -a 'b c'", "write target = \"program:true\" and args = [\"-a\", \"b c\"]"),
        ("python greet.py", "write target = \"program:python\" and args = [\"greet.py\"]"),
        ("program:cat x | wc", "write target = \"program:sh\" and args = [\"-c\", \"cat x | wc\"]"),
        ("program:A=1 true", "write target = \"program:true\" and env = { A = \"1\" }"),
        ("program:greet.py", "target = \"program:python3\" and args = [\"greet.py\"]"),
        ("greet.py", "write target = \"python:greet.py:FUNCTION\""),
        ("programm:true", "did you mean `program:true`?"),
    ] {
        let said = said(target);
        assert!(said.contains(meant), "{target}: {said}");
    }
    assert_eq!(slip("program:/no such/thing"), None, "a path with a space is no command line");
    let in_window = slip("program:true -a").and_then(|slip| slip.in_window).expect("the window has its own words");
    assert!(in_window.ends_with("put in true, and below it the arguments \"-a\""), "{in_window}");
}
