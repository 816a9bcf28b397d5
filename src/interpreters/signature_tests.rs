//! Arguments against signatures: the messages, and whether Python agrees.

use super::*;
use crate::{
    describe::describe,
    source::{FunctionKind, Source},
    testing::{python3, write},
};
use model::PythonTarget;
use serde_json::json;

/// A parameter of a table: `a`, `a=`, `/a`, `*a`, `!a`, `!a=`, `**a`.
fn parameter(word: &str) -> Parameter {
    let kinds = [
        ("**", ParameterKind::VarKeyword),
        ("*", ParameterKind::VarPositional),
        ("!", ParameterKind::KeywordOnly),
        ("/", ParameterKind::PositionalOnly),
        ("", ParameterKind::Positional),
    ];
    let (sign, kind) = kinds.into_iter().find(|(sign, _)| word.starts_with(sign)).expect("a kind");
    let name = word.trim_start_matches(sign).trim_end_matches('=').to_owned();
    Parameter { name, kind, default: word.ends_with('=').then(|| "0".to_owned()), annotation: None }
}

fn function(words: &str) -> Function {
    let parameters = words.split_whitespace().map(parameter).collect();
    let (name, kind) = ("f".to_owned(), FunctionKind::Function);
    Function { name, kind, line: 1, doc: String::new(), parameters: Some(parameters) }
}

fn call(function: &Function, args: usize, names: &[&str]) -> Result<(), String> {
    let kwargs = names.iter().map(|name| ((*name).to_owned(), json!(1))).collect();
    function.accepts(&vec![json!(1); args], &kwargs)
}

fn told(words: &str, args: usize, names: &[&str]) -> String {
    call(&function(words), args, names).expect_err(words)
}

#[test]
fn arguments_that_do_not_fit_are_told_with_the_mend() {
    assert_eq!(told("n", 2, &[]), "f() takes 1 argument and 2 are given; remove one");
    assert_eq!(told("n step=", 4, &[]), "f() takes at most 2 arguments and 4 are given; remove 2");
    assert_eq!(told("", 1, &[]), "f() takes no argument and 1 is given; remove one");
    assert_eq!(told("", 2, &[]), "f() takes no argument and 2 are given; remove them");
    assert_eq!(told("!n=", 1, &[]), "f() takes no argument in order and 1 is given; remove one");
    assert_eq!(told("n step", 0, &["n"]), "f() needs a value for `step`; add it to args");
    assert_eq!(told("a b", 0, &[]), "f() needs values for `a`, `b`; add them to args");
    assert_eq!(told("a= !b", 0, &[]), "f() needs a value for `b`; add it to kwargs");
    assert_eq!(told("n step=", 1, &["stpe"]), "f() has no parameter `stpe`; did you mean `step`?");
    assert_eq!(told("n step=", 1, &["colour"]), "f() has no parameter `colour`; it takes n, step");
    assert_eq!(told("", 0, &["colour"]), "f() has no parameter `colour`; remove it: it takes none by name");
    assert_eq!(told("n step=", 1, &["n"]), "f() gets `n` twice, in args and in kwargs; remove it from kwargs");
    assert_eq!(told("/n", 0, &["n"]), "f() takes `n` in order alone; move it from kwargs to args");
}

#[test]
fn what_can_not_be_known_is_accepted() {
    let unknown = Function { parameters: None, ..function("") };
    assert_eq!(call(&unknown, 3, &["anything"]), Ok(()));
    assert_eq!(unknown.signature_text(), "f(…)");
}

#[test]
fn a_signature_reads_as_in_python() {
    let texts = [
        ("", "f()"),
        ("n step=", "f(n, step=0)"),
        ("/a b", "f(a, /, b)"),
        ("/a", "f(a, /)"),
        ("/a !b", "f(a, /, *, b)"),
        ("a !b !c=", "f(a, *, b, c=0)"),
        ("a *rest !b **more", "f(a, *rest, b, **more)"),
        ("**more", "f(**more)"),
    ];
    for (words, text) in texts {
        assert_eq!(function(words).signature_text(), text);
    }
    let mut long = function("a=");
    long.parameters.as_mut().expect("parameters")[0].default = Some("9".repeat(60));
    assert_eq!(long.signature_text(), format!("f(a={}…)", "9".repeat(40)));
}

/// Every signature with every call: we must accept what Python accepts when it calls. (`inspect.signature(f).bind` differs: up
/// to 3.12 it refuses `f(a=1)` for `def f(a=0, /, **k)`.)
#[test]
fn arguments_fit_as_python_has_it() {
    let Some(python) = python3() else {
        return;
    };
    let signatures = [
        "",
        "a",
        "a, b",
        "a, b=1",
        "a=1, b=2",
        "a, /",
        "a, /, b",
        "a=1, /, b=2",
        "*c",
        "a, *c",
        "a=1, *c, b",
        "*, b",
        "*, b=1",
        "a, *, b",
        "a, *, b=1, c",
        "**k",
        "a, **k",
        "a, /, **k",
        "a, /, b=1, *c, d, e=2, **k",
        "a=1, /, **k",
    ];
    let names = ["a", "b", "c", "d", "k"];
    let subsets: Vec<Vec<&str>> = (0..1 << names.len())
        .map(|bits| (0..names.len()).filter(|at| bits >> at & 1 == 1).map(|at| names[at]).collect())
        .collect();
    let folder = tempfile::tempdir().expect("a folder");
    let functions = signatures.iter().enumerate().map(|(at, text)| format!("def f{at}({text}): pass\n"));
    let file = write(folder.path(), "w.py", functions.collect::<String>());
    let target = PythonTarget { source: "w.py".to_owned(), function: String::new() };
    let source = describe(&python.executable, &target, Some(folder.path())).expect("a source");
    let ours: Vec<String> = (source.functions.iter())
        .map(|function| {
            let calls = (0..5).flat_map(|args| subsets.iter().map(move |names| (args, names)));
            calls.map(|(args, names)| if call(function, args, names).is_ok() { '1' } else { '0' }).collect()
        })
        .collect();
    assert_eq!(ours, called_by_python(&python.executable, &file, &subsets, &source));
}

/// A line of 1 and 0 for each function.
fn called_by_python(
    executable: &std::path::Path,
    file: &std::path::Path,
    subsets: &[Vec<&str>],
    source: &Source,
) -> Vec<String> {
    let code = "import json, sys\n\
                file, subsets, count = json.loads(sys.argv[1])\n\
                space = {}\n\
                exec(open(file).read(), space)\n\
                def fits(f, n, names):\n    \
                    try: f(*range(n), **dict.fromkeys(names))\n    \
                    except TypeError: return '0'\n    \
                    return '1'\n\
                for at in range(count):\n    \
                    print(''.join(fits(space['f%d' % at], n, names) for n in range(5) for names in subsets))\n";
    let request = json!([file, subsets, source.functions.len()]).to_string();
    let output = std::process::Command::new(executable).args(["-c", code, &request]).output().expect("python3");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).lines().map(str::to_owned).collect()
}
