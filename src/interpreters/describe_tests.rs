//! Reading of files, which all interpreters of the machine must do alike.

use super::*;
use crate::{
    Discovered, FunctionKind, Lookup,
    testing::{few, python3, usable, write},
};

const WORKLOADS: &str = r#"
"""A file with everything."""
raise SystemExit("it was imported")
import functools, threading, threading as th, psutil
import multiprocessing as mp
from multiprocessing import Process as P
from elsewhere import strange, other as renamed

LIMIT = 3
POOL = make_pool()
square = lambda x, *, power=2: x ** power

def count_down(n, step=1):
    """Counts down.

    More of it."""

async def fetch(url: "str", *, timeout: float = 1.5, **rest):
    pass

async def stream():
    yield 1

def many(a, /, b, c=(1,
        2), *d, e, f='ä b', **g): pass

@functools.lru_cache(maxsize=None)
def cached(n): pass

@strange
def decorated(n): pass

class Job:
    def __init__(self, size=1): pass
    def run(self): pass
    @staticmethod
    def helper(a): pass
    @classmethod
    def make(cls, b): pass
    class Inner: pass

class Worker(threading.Thread):
    def __init__(self, n): super().__init__()
class Child(Worker): pass
class Alias(th.Thread): pass
class Forked(P): pass
class Spawned(mp.get_context("spawn").Process): pass
class Watched(psutil.Process): pass

try:
    import fast
    def maybe(a): pass
except ImportError:
    fast = None
    def maybe(a, b): pass

if __name__ == "__main__":
    def main(): pass

def count_down_again(): pass
def count_down_again(n): pass
"#;

fn target(source: &str) -> PythonTarget {
    PythonTarget { source: source.to_owned(), function: String::new() }
}

fn described(python: &Discovered, folder: &Path, source: &str) -> Result<Source, String> {
    describe(&python.facts.executable, &target(source), Some(folder))
}

/// A file in a folder of its own, as these interpreters read it.
fn each(interpreters: &[Discovered], name: &str, text: impl AsRef<[u8]>) -> Vec<Result<Source, String>> {
    let folder = tempfile::tempdir().expect("a folder");
    write(folder.path(), name, text);
    interpreters.iter().map(|python| described(python, folder.path(), name)).collect()
}

/// What python3 reports as wrong with a file.
fn wrong(text: impl AsRef<[u8]>) -> Option<String> {
    let (python, folder) = (python3()?, tempfile::tempdir().expect("a folder"));
    write(folder.path(), "w.py", text);
    Some(describe(&python.executable, &target("w.py"), Some(folder.path())).expect_err("a problem"))
}

#[test]
fn every_interpreter_reads_the_same_functions() {
    if python3().is_none() {
        return;
    }
    let signatures = [
        (FunctionKind::Function, "square(x, *, power=2)"),
        (FunctionKind::Function, "count_down(n, step=1)"),
        (FunctionKind::Async, "fetch(url, *, timeout=1.5, **rest)"),
        (FunctionKind::Generator, "stream()"),
        (FunctionKind::Function, "many(a, /, b, c=(1, 2), *d, e, f='ä b', **g)"),
        (FunctionKind::Function, "cached(n)"),
        (FunctionKind::Function, "decorated(…)"),
        (FunctionKind::Class, "Job(size=1)"),
        (FunctionKind::Function, "Job.helper(a)"),
        (FunctionKind::Function, "Job.make(b)"),
        (FunctionKind::Class, "Job.Inner()"),
        (FunctionKind::Thread, "Worker(n)"),
        (FunctionKind::Thread, "Child(n)"),
        (FunctionKind::Thread, "Alias(…)"),
        (FunctionKind::Process, "Forked(…)"),
        (FunctionKind::Process, "Spawned(…)"),
        (FunctionKind::Class, "Watched(…)"),
        (FunctionKind::Function, "maybe(…)"),
        (FunctionKind::Function, "count_down_again(n)"),
    ];
    for source in each(&usable(), "workloads.py", WORKLOADS) {
        let source = source.expect("a source");
        let read: Vec<_> = source.functions.iter().map(|it| (it.kind, it.signature_text())).collect();
        assert_eq!(read, signatures.map(|(kind, text)| (kind, text.to_owned())));
        let Lookup::Function(count_down) = source.find("count_down") else { panic!("no count_down") };
        assert_eq!((count_down.line, count_down.doc.as_str()), (13, "Counts down."));
        let Lookup::Function(fetch) = source.find("fetch") else { panic!("no fetch") };
        let annotations: Vec<_> = fetch.parameters.iter().flatten().map(|it| it.annotation.as_deref()).collect();
        assert_eq!(annotations, [Some("\"str\""), Some("float"), None]);
    }
}

#[test]
fn a_name_is_looked_up_as_far_as_reading_can_tell() {
    let Some(python) = python3() else {
        return;
    };
    let folder = tempfile::tempdir().expect("a folder");
    write(folder.path(), "w.py", WORKLOADS);
    write(folder.path(), "star.py", "from elsewhere import *\ndef f(): pass");
    write(folder.path(), "table.py", "for name in 'ab':\n    globals()[name] = print");
    let read = |name| describe(&python.executable, &target(name), Some(folder.path())).expect("a source");
    let source = read("w.py");
    assert!(matches!(source.find("Job.run"), Lookup::Function(run) if run.signature_text() == "Job.run(self)"));
    for value in ["LIMIT", "threading", "th"] {
        assert_eq!(source.find(value), Lookup::Value, "{value}");
    }
    for unread in ["strange", "renamed", "POOL", "POOL.map", "threading.local", "Worker.start", "fast", "cached.x"] {
        assert_eq!(source.find(unread), Lookup::Unread, "{unread}");
    }
    assert_eq!(source.find("count_dwon"), Lookup::Missing(Some("count_down")));
    assert_eq!(source.find("main"), Lookup::Missing(None), "it is defined where the file is the program alone");
    assert!(matches!(source.find("Job.walk"), Lookup::Missing(_)));
    assert_eq!(source.find("other"), Lookup::Missing(None));
    assert_eq!(read("star.py").find("anything"), Lookup::Unread);
    assert_eq!(read("table.py").find("a"), Lookup::Unread);
}

#[test]
fn a_syntax_error_is_told_with_its_place() {
    for read in each(&usable(), "workloads.py", "def f():\n    pass\nx = = 3\n") {
        assert_eq!(read, Err("workloads.py, line 3, column 5: invalid syntax; mend the file".to_owned()));
    }
    let Some(told) = wrong("def f():\npass\n") else {
        return;
    };
    assert!(told.starts_with("w.py, line 2, column 1: ") && told.ends_with("; mend the file"), "{told}");
}

#[test]
fn a_file_that_is_no_text_is_told_why() {
    if python3().is_none() {
        return;
    }
    let told = |bytes: &[u8]| wrong(bytes).expect("a problem");
    assert_eq!(
        told(b"\n\n# \xe4\n"),
        "w.py, line 3: byte 0xe4 is not UTF-8; save the file as UTF-8, or name its encoding in its first line, for \
         example # coding: latin-1"
    );
    assert_eq!(told(b"x = 1\nf\0()\n"), "w.py, line 2: a NUL byte; a Python file is text, so remove it");
    assert!(told(b"# coding: klingon\n").starts_with("w.py: unknown encoding: klingon; save it as UTF-8"));
    assert!(told(b"\xff\xfed\0").starts_with("w.py: invalid or missing encoding declaration; "));
    assert!(told(b"# coding: hex\nff").starts_with("w.py can't be read as text: "), "{}", told(b"# coding: hex\nff"));
    let deep = [b"x = ".as_slice(), &[b'('; 5000], &[b')'; 5000]].concat();
    assert!(told(&deep).starts_with("w.py"), "{}", told(&deep));
}

#[test]
fn files_are_read_in_their_encoding() {
    let names = |text: &[u8]| -> Vec<Vec<String>> {
        let read = each(&few(), "w.py", text).into_iter().map(|source| source.expect("a source"));
        read.map(|source| source.functions.iter().map(|it| it.signature_text()).collect()).collect()
    };
    for read in names(b"# coding: latin-1\ndef gr\xfc\xdfe(n='\xe4'): pass\n") {
        assert_eq!(read, ["grüße(n='ä')"]);
    }
    for read in names(b"\xef\xbb\xbfdef f(a='\xc3\xa4', b=2): pass\r\ndef g(): pass\r\n") {
        assert_eq!(read, ["f(a='ä', b=2)", "g()"]);
    }
    for read in names(b"") {
        assert_eq!(read, [""; 0]);
    }
}

#[test]
fn what_is_no_file_is_told_without_an_interpreter() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::create_dir(folder.path().join("folder.py")).expect("a folder");
    let large = std::fs::File::create(folder.path().join("large.py")).expect("a file");
    large.set_len(MOST_BYTES + 1).expect("a large file");
    let told = |source| describe(Path::new("/none"), &target(source), Some(folder.path())).expect_err(source);
    assert!(told("gone.py").starts_with("there is no file ") && told("gone.py").contains("relative to the plan"));
    assert!(told("folder.py").ends_with("folder.py is a folder; name a file in it"));
    assert!(told("large.py").ends_with("large.py is larger than 16 MB; name a smaller file"));
    assert!(told("no-module").starts_with("`no-module` is no module's name"));
    assert!(told("json..tool").starts_with("`json..tool` is no module's name"));
    #[cfg(unix)]
    assert!(describe(Path::new("/none"), &target("/dev/zero"), None).expect_err("").contains("is no regular file"));
}

#[test]
fn a_file_is_read_anew_when_it_has_changed() {
    let Some(python) = python3() else {
        return;
    };
    let folder = tempfile::tempdir().expect("a folder");
    let mut names = Vec::new();
    for text in ["def one(): pass", "def three(): pass"] {
        write(folder.path(), "w.py", text);
        let source = describe(&python.executable, &target("w.py"), Some(folder.path())).expect("a source");
        names.push(source.functions[0].name.clone());
    }
    assert_eq!(names, ["one", "three"]);
}

#[test]
fn a_module_is_found_without_importing_what_it_lies_in() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::create_dir_all(folder.path().join("package/inner")).expect("folders");
    std::fs::create_dir_all(folder.path().join("space/inner")).expect("folders");
    for package in ["package", "package/inner"] {
        write(&folder.path().join(package), "__init__.py", "raise SystemExit('it was imported')\ndef top(): pass");
    }
    for place in ["package/inner", "space/inner"] {
        write(&folder.path().join(place), "jobs.py", "raise SystemExit('it was imported')\ndef work(n): pass");
    }
    // The interpreter's own modules come first, so a file of the same name breaks nothing.
    write(folder.path(), "json.py", "raise SystemExit('it was imported')");
    for python in few() {
        let names = |source: &str| -> Vec<String> {
            let source = described(&python, folder.path(), source).unwrap_or_else(|why| panic!("{python:?}: {why}"));
            source.functions.iter().map(|it| it.signature_text()).collect()
        };
        assert_eq!(names("package"), ["top()"]);
        assert_eq!(names("package.inner.jobs"), ["work(n)"]);
        assert_eq!(names("space.inner.jobs"), ["work(n)"]);
        assert!(names("json.tool").contains(&"main()".to_owned()));
        assert!(names("json").iter().any(|name| name.starts_with("dumps(obj, *, skipkeys=False")));
        let told = |source| described(&python, folder.path(), source).expect_err(source);
        assert!(told("no_such").starts_with("there is no module `no_such` for this interpreter; install it there"));
        assert_eq!(
            told("package.inner.jobs.deep"),
            "`package.inner.jobs` is a module, not a package: it has no `deep` in it"
        );
        assert!(told("space").starts_with("`space` is a folder without an __init__.py"), "{}", told("space"));
    }
}

#[test]
fn a_module_of_the_interpreter_in_c_is_asked() {
    for python in few() {
        let folder = tempfile::tempdir().expect("a folder");
        for (module, name) in [("time", "sleep"), ("math", "sqrt"), ("zlib", "crc32")] {
            let source = described(&python, folder.path(), module).unwrap_or_else(|why| panic!("{python:?}: {why}"));
            assert!(matches!(source.find(name), Lookup::Function(_) | Lookup::Unread), "{python:?} {module}.{name}");
        }
        let source = described(&python, folder.path(), "time").expect("a source");
        assert!(matches!(source.find("slep"), Lookup::Missing(Some("sleep"))), "{python:?}");
        assert_eq!(source.find("timezone"), Lookup::Value);
    }
}

#[test]
fn a_program_that_reads_nothing_is_told() {
    let folder = tempfile::tempdir().expect("a folder");
    write(folder.path(), "w.py", "");
    let told = |executable: &str| {
        describe(Path::new(executable), &target("w.py"), Some(folder.path())).expect_err("no interpreter")
    };
    assert!(told("/none").starts_with("w.py could not be read by /none: "), "{}", told("/none"));
    #[cfg(unix)]
    assert!(told("/bin/false").contains("/bin/false: "), "{}", told("/bin/false"));
}
