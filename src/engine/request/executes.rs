//! What a plan would execute that is not part of Spawnscope: programs, Python functions, and their interpreters.

use interpreters::{self, located};
use model::{Args, Choice, Plan, PythonTarget, Runtime, Target, Task, Trusted, task::PY_EXPRESSION};
use serde::Serialize;
use serde_json::Value;
use std::{
    collections::{BTreeMap, HashMap, HashSet},
    path::PathBuf,
};
use targets::check::{absolute, resolve_program};

/// What a plan would execute, each thing once, and a digest that identifies it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Executes {
    /// In the order of the plan; interpreters first.
    pub list: Vec<Executed>,
    /// A digest of the list: of paths, arguments, environments and folders. The contents of files are not part of it.
    pub identity: String,
    /// Interpreters in the list that may not yet be executed while the plan is only looked at.
    pub unasked: Vec<PathBuf>,
}

/// Something that a plan would execute.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct Executed {
    /// What kind of thing it is.
    pub kind: ExecutedKind,
    /// The file, by its absolute path if it has one; for a function, possibly a module's name.
    pub file: String,
    /// A program's arguments, or a function's name and arguments; as they are written in the plan.
    pub words: Vec<String>,
    /// Variables that are added to its environment.
    pub env: BTreeMap<String, String>,
    /// The folder in which it runs, if that is not the plan's.
    pub cwd: Option<String>,
}

/// What kind of thing is executed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
pub enum ExecutedKind {
    /// A Python interpreter.
    Interpreter,
    /// A program.
    Program,
    /// A function of a Python file or module, together with the module's top level.
    Function,
}

/// What a plan would execute in these choices. This executes nothing and reads no file.
pub fn executes(plan: &Plan, choices: &[Choice], trusted: &Trusted) -> Executes {
    let (mut list, mut seen, mut programs) = (Vec::new(), HashSet::new(), HashMap::new());
    let tasks = plan.tasks.iter().filter_map(|task| of_task(plan, task, &mut programs));
    for executed in interpreters_of(plan, choices).into_iter().chain(tasks) {
        if seen.insert(executed.clone()) {
            list.push(executed);
        }
    }
    let identity = interpreters::digest(&serde_json::to_vec(&list).unwrap_or_default());
    Executes { list, identity, unasked: interpreters::unasked_of(plan, choices, trusted) }
}

/// All Python functions of a run share one interpreter, and therefore one environment and one folder.
fn interpreters_of(plan: &Plan, choices: &[Choice]) -> Vec<Executed> {
    let Some(first) = plan.tasks.iter().find(|task| task.target.is_python()) else { return Vec::new() };
    let runtimes = choices.iter().flat_map(|choice| plan.runtimes(*choice));
    let words = runtimes.filter_map(|runtime| match runtime {
        Runtime::Python(interpreter) => Some(interpreter.word()),
        _ => None,
    });
    let file =
        |word: &str| located(word, plan.folder.as_deref()).map_or(word.to_owned(), |it| it.display().to_string());
    words.map(|word| of(plan, first, ExecutedKind::Interpreter, file(word), Vec::new())).collect()
}

fn of_task<'a>(plan: &'a Plan, task: &'a Task, programs: &mut HashMap<&'a str, String>) -> Option<Executed> {
    match &task.target {
        Target::Builtin(_) => None,
        Target::Program(program) => {
            let find = || resolve_program(program, plan.folder.as_deref()).map(|file| file.display().to_string());
            let file = programs.entry(program).or_insert_with(|| find().unwrap_or_else(|_| program.clone()));
            Some(of(plan, task, ExecutedKind::Program, file.clone(), task.args.words()))
        }
        Target::Python(python) => Some(Executed {
            env: BTreeMap::new(),
            cwd: None,
            ..of(plan, task, ExecutedKind::Function, source(plan, python), call(python, task))
        }),
    }
}

fn of(plan: &Plan, task: &Task, kind: ExecutedKind, file: String, words: Vec<String>) -> Executed {
    let cwd = task.cwd.as_deref().map(|cwd| absolute(cwd, plan.folder.as_deref()).display().to_string());
    Executed { kind, file, words, env: task.env.clone(), cwd }
}

fn source(plan: &Plan, python: &PythonTarget) -> String {
    match python.is_file() {
        true => absolute(&python.source, plan.folder.as_deref()).display().to_string(),
        false => python.source.clone(),
    }
}

/// The function's name, then its arguments in Python's notation.
fn call(python: &PythonTarget, task: &Task) -> Vec<String> {
    let list = match &task.args {
        Args::List(list) => list.as_slice(),
        Args::Named(_) => &[],
    };
    let named = task.kwargs.iter().map(|(name, value)| format!("{name}={}", argument(value)));
    std::iter::once(python.function.clone()).chain(list.iter().map(argument)).chain(named).collect()
}

/// A value; an expression is left as it is.
fn argument(value: &Value) -> String {
    match value.get(PY_EXPRESSION).and_then(Value::as_str) {
        Some(expression) => expression.to_owned(),
        None => value.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::LaunchMode;
    use std::path::Path;

    fn plan(tasks: Vec<Task>) -> Plan {
        Plan { tasks, folder: Some(PathBuf::from("/bench")), ..Plan::empty("p") }
    }

    fn of_plan(plan: &Plan) -> Executes {
        executes(plan, &[plan.choice(), LaunchMode::Processes.into()], &Trusted::default())
    }

    fn task(target: &str, args: serde_json::Value) -> Task {
        Task { args: serde_json::from_value(args).expect("args"), ..Task::new(Target::parse(target)) }
    }

    #[test]
    fn what_is_built_in_is_this_programs_own() {
        assert_eq!(of_plan(&plan(vec![task("primes", serde_json::json!({}))])).list, []);
    }

    #[test]
    fn each_program_function_and_interpreter_is_there_once_by_its_path() {
        let env: BTreeMap<_, _> = [("A".to_owned(), "b".to_owned())].into();
        let function = task("python:w.py:f", serde_json::json!([1, "x", {"$py": "len([2])"}]));
        let mut plan = plan(vec![
            Task {
                env: env.clone(),
                cwd: Some("data".to_owned()),
                ..task("program:./own", serde_json::json!(["-q", 3]))
            },
            Task { name: "again".to_owned(), ..function.clone() },
            function,
        ]);
        plan.run.python = Some(".venv/bin/python3".to_owned());
        let found = of_plan(&plan);
        let said: Vec<_> = found.list.iter().map(|it| (it.kind, it.file.as_str(), it.words.join(" "))).collect();
        assert_eq!(
            said,
            [
                // Neither file exists, so each is named as in the plan.
                (ExecutedKind::Interpreter, ".venv/bin/python3", String::new()),
                (ExecutedKind::Program, "./own", "-q 3".to_owned()),
                (ExecutedKind::Function, "/bench/w.py", "f 1 \"x\" len([2])".to_owned()),
            ]
        );
        assert_eq!((&found.list[1].env, found.list[1].cwd.as_deref()), (&env, Some("/bench/data")));
    }

    #[test]
    fn another_argument_variable_or_folder_is_another_identity_and_another_name_is_not() {
        let sh = |words: &str| plan(vec![task("program:sh", serde_json::json!(["-c", words]))]);
        let first = of_plan(&sh("true"));
        assert_eq!(first.list[0].file, which::which("sh").expect("a shell").display().to_string());
        assert_ne!(first.identity, of_plan(&sh("false")).identity);
        let with = |change: fn(&mut Task)| {
            let mut plan = sh("true");
            change(&mut plan.tasks[0]);
            of_plan(&plan).identity
        };
        assert_ne!(first.identity, with(|task| drop(task.env.insert("A".to_owned(), "b".to_owned()))));
        assert_ne!(first.identity, with(|task| task.cwd = Some("/".to_owned())));
        assert_eq!(first.identity, with(|task| (task.name, task.count) = ("other".to_owned(), 7)));
        assert!(Path::new(&first.list[0].file).is_absolute());
    }
}
