//! Fake interpreters, and the files that they would read.

use crate::python::Ask;
use engine::request::executes::{Executes, executes};
use interpreters::{Discovered, Function, FunctionKind, Origin, Parameter, ParameterKind, Source};
use model::{Choice, Field, Interpreter, InterpreterFacts, Plan, Problem, PythonTarget, Target, Task, Trusted};
use std::{
    path::{Path, PathBuf},
    sync::Mutex,
};

/// Three interpreters, one too old; the files `w.py` and `empty.py`, the module `workloads`.
pub struct FakePython;

/// The interpreters, and the plans with what they execute, that were allowed.
#[derive(Default)]
pub struct Allowed {
    pub interpreters: Vec<PathBuf>,
    pub plans: Vec<(PathBuf, String)>,
}

/// Fake interpreters with a memory of what the user allowed.
#[derive(Default)]
pub struct Trusting {
    /// What was allowed so far.
    pub allowed: Mutex<Allowed>,
    /// An interpreter that is not asked before the user allows it.
    pub waits: Option<PathBuf>,
}

/// A plan of one Python function, `count_down(n, step=1)`.
pub fn plan() -> Plan {
    let mut plan = Plan::empty("Count down");
    plan.tasks.push(Task {
        args: model::Args::List(vec![5.into()]),
        ..Task::new(Target::parse("python:workloads:count_down"))
    });
    plan
}

/// What an interpreter of this version says of itself.
pub fn facts(version: &str) -> InterpreterFacts {
    InterpreterFacts {
        executable: PathBuf::from(format!("/opt/python/{version}/bin/python3")),
        implementation: "CPython".to_owned(),
        version: version.to_owned(),
        free_threaded: false,
        gil_enabled: None,
        thread_libraries: Vec::new(),
    }
}

fn found(word: &str, version: &str, origin: Origin, too_old: bool) -> Discovered {
    Discovered { interpreter: Interpreter::new(word), facts: facts(version), origin, too_old }
}

fn function(name: &str, kind: FunctionKind, line: u32, parameters: Option<Vec<Parameter>>) -> Function {
    Function { name: name.to_owned(), kind, line, doc: format!("What {name} does."), parameters }
}

fn parameter(name: &str, kind: ParameterKind, default: Option<&str>) -> Parameter {
    Parameter { name: name.to_owned(), kind, default: default.map(str::to_owned), annotation: Some("int".to_owned()) }
}

fn workloads() -> Source {
    use ParameterKind::{KeywordOnly, Positional, VarKeyword, VarPositional};
    let count = vec![parameter("n", Positional, None), parameter("step", Positional, Some("1"))];
    let many = vec![
        parameter("first", Positional, None),
        parameter("rest", VarPositional, None),
        parameter("key", KeywordOnly, Some("None")),
        parameter("more", VarKeyword, None),
    ];
    Source {
        functions: vec![
            function("count_down", FunctionKind::Function, 3, Some(count)),
            function("fetch", FunctionKind::Async, 9, Some(Vec::new())),
            function("many", FunctionKind::Function, 14, Some(many)),
            function("Worker", FunctionKind::Thread, 20, None),
        ],
        ..Source::default()
    }
}

impl Ask for FakePython {
    fn discover(&self, _folder: Option<&Path>) -> Vec<Discovered> {
        vec![
            found("python3.13", "3.13.0", Origin::Path, false),
            found("/opt/python/3.11.7/bin/python3", "3.11.7", Origin::Pyenv, false),
            found("/opt/python/3.7.16/bin/python3", "3.7.16", Origin::Venv(".venv".to_owned()), true),
        ]
    }

    fn probe(&self, word: &str, _folder: Option<&Path>) -> Result<(PathBuf, InterpreterFacts), String> {
        match word {
            "absent" => Err("there is no interpreter `absent`; choose another".to_owned()),
            _ => Ok((PathBuf::from("/opt/python/3.13.0/bin/python3"), facts("3.13.0"))),
        }
    }

    fn describe(&self, _executable: &Path, python: &PythonTarget, _folder: Option<&Path>) -> Result<Source, String> {
        match python.source.rsplit('/').next() {
            Some("w.py" | "workloads") => Ok(workloads()),
            Some("empty.py") => Ok(Source::default()),
            _ => Err("broken.py, line 3: invalid syntax; correct the file".to_owned()),
        }
    }

    fn check(&self, plan: &Plan, _choices: &[Choice]) -> Vec<Problem> {
        let absent = plan.run.python.as_deref() == Some("absent");
        let sentence = "there is no interpreter `absent`; choose another";
        absent.then(|| Problem::of_plan(Field::Run("python"), sentence)).into_iter().collect()
    }

    fn unasked(&self, _word: &str, _folder: Option<&Path>) -> Option<PathBuf> {
        None
    }

    fn waiting(&self, _folder: Option<&Path>) -> Vec<PathBuf> {
        Vec::new()
    }

    fn executes(&self, plan: &Plan, choices: &[Choice], _path: Option<&Path>) -> (Executes, bool) {
        (executes(plan, choices, &Trusted::default()), false)
    }

    fn allow(&self, _interpreters: &[PathBuf], _plan: Option<(&Path, &str)>) -> Result<(), String> {
        Ok(())
    }
}

impl Trusting {
    fn waits(&self) -> Option<PathBuf> {
        let allowed = self.allowed.lock().expect("lock");
        self.waits.clone().filter(|file| !allowed.interpreters.contains(file))
    }
}

impl Ask for Trusting {
    fn discover(&self, folder: Option<&Path>) -> Vec<Discovered> {
        FakePython.discover(folder)
    }

    fn probe(&self, word: &str, folder: Option<&Path>) -> Result<(PathBuf, InterpreterFacts), String> {
        match self.waits() {
            Some(file) if file == Path::new(word) => Err(format!("{word} was not asked yet what it is")),
            _ => FakePython.probe(word, folder),
        }
    }

    fn describe(&self, executable: &Path, python: &PythonTarget, folder: Option<&Path>) -> Result<Source, String> {
        FakePython.describe(executable, python, folder)
    }

    fn check(&self, plan: &Plan, choices: &[Choice]) -> Vec<Problem> {
        FakePython.check(plan, choices)
    }

    fn unasked(&self, word: &str, _folder: Option<&Path>) -> Option<PathBuf> {
        self.waits().filter(|file| file == Path::new(word))
    }

    fn waiting(&self, _folder: Option<&Path>) -> Vec<PathBuf> {
        self.waits().into_iter().collect()
    }

    fn executes(&self, plan: &Plan, choices: &[Choice], path: Option<&Path>) -> (Executes, bool) {
        let found = executes(plan, choices, &Trusted::default());
        let allowed = self.allowed.lock().expect("lock");
        let known =
            allowed.plans.iter().any(|(known, identity)| Some(known.as_path()) == path && *identity == found.identity);
        (found, known)
    }

    fn allow(&self, interpreters: &[PathBuf], plan: Option<(&Path, &str)>) -> Result<(), String> {
        let mut allowed = self.allowed.lock().expect("lock");
        allowed.interpreters.extend_from_slice(interpreters);
        allowed.plans.extend(plan.map(|(path, identity)| (path.to_owned(), identity.to_owned())));
        Ok(())
    }
}
