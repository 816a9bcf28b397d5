//! What is wrong with the Python functions of a plan, before anything is launched: one sentence each, with the fix.

use super::consent::{Consent, unasked};
use super::describe::describe;
use super::locate::absolute;
use super::probe::{Probed, probe, version};
use super::source::{Function, FunctionKind, Lookup, Source};
use model::{Args, Choice, Field, Interpreter, LaunchMode, Plan, Problem, PythonTarget, Runtime, StartMethod};
use model::{Target, Task, Trusted};
use serde_json::Value;
use std::{
    collections::{BTreeMap, HashMap, HashSet},
    path::{Path, PathBuf},
};

/// The first Python that can run functions in subinterpreters.
const INTERPRETERS_SINCE: (u32, u32) = (3, 14);
/// How many functions are named where none is like the given name.
const NAMED: usize = 4;

/// How an interpreter is to launch.
type Way = (LaunchMode, Option<StartMethod>);

/// All problems of a plan's Python functions in the interpreters of these choices. It executes the interpreters, to ask what
/// they are and to have the files read, and caches their answers; for a plan without Python functions it executes nothing. What
/// needs no interpreter is checked in `targets::check`. An interpreter that may not be executed yet is left out, see
/// [`unasked`].
pub fn check_python(plan: &Plan, choices: &[Choice], consent: Consent<'_>) -> Vec<Problem> {
    if !plan.has_python() {
        return Vec::new();
    }
    let asked: Vec<_> = interpreters(plan, choices)
        .into_iter()
        .map(|(one, ways)| (one, check_one(plan, one, &ways, consent)))
        .collect();
    merge(asked)
}

/// The interpreters of these choices that may not be executed for looking, as files: the host asks the user about them.
pub fn unasked_of(plan: &Plan, choices: &[Choice], trusted: &Trusted) -> Vec<PathBuf> {
    let words = interpreters(plan, choices).into_iter().map(|(one, _)| one.word());
    let mut files: Vec<_> = words.filter_map(|word| unasked(word, plan.folder.as_deref(), trusted)).collect();
    files.dedup();
    files
}

/// The interpreters of the choices, each with the ways in which it is to launch.
fn interpreters(plan: &Plan, choices: &[Choice]) -> Vec<(Interpreter, Vec<Way>)> {
    let mut found: Vec<(Interpreter, Vec<Way>)> = Vec::new();
    for choice in choices {
        for runtime in plan.runtimes(*choice) {
            let Runtime::Python(interpreter) = runtime else {
                continue;
            };
            let way = (choice.mode, start_method(plan, choice));
            match found.iter_mut().find(|(known, _)| *known == interpreter) {
                Some((_, ways)) => ways.push(way),
                None => found.push((interpreter, vec![way])),
            }
        }
    }
    found
}

fn start_method(plan: &Plan, choice: &Choice) -> Option<StartMethod> {
    let there_are = StartMethod::of_mode(choice.mode, true);
    let asked = choice.start_method.or(plan.run.start_method).filter(|method| there_are.contains(method));
    asked.or(there_are.first().copied())
}

/// Reports once what all interpreters agree on; to the rest adds the interpreter's name.
fn merge(asked: Vec<(Interpreter, Vec<Problem>)>) -> Vec<Problem> {
    let mut said_by: HashMap<&Problem, HashSet<Interpreter>> = HashMap::new();
    for (interpreter, problems) in &asked {
        for problem in problems {
            said_by.entry(problem).or_default().insert(*interpreter);
        }
    }
    let is_common = |problem: &Problem| problem.task.is_none() || said_by[problem].len() == asked.len();
    let (mut merged, mut seen) = (Vec::new(), HashSet::new());
    for (interpreter, problems) in &asked {
        for problem in problems {
            let message = match is_common(problem) {
                true => problem.message.clone(),
                false => format!("with {}: {}", interpreter.short(), problem.message),
            };
            let problem = Problem { message, ..problem.clone() };
            if seen.insert(problem.clone()) {
                merged.push(problem);
            }
        }
    }
    merged
}

fn check_one(plan: &Plan, interpreter: Interpreter, ways: &[Way], consent: Consent<'_>) -> Vec<Problem> {
    let folder = plan.folder.as_deref();
    if let Consent::Looking(trusted) = consent
        && unasked(interpreter.word(), folder, trusted).is_some()
    {
        return Vec::new();
    }
    let probed = match probe(interpreter.word(), folder, consent) {
        Ok(probed) => probed,
        Err(message) => return vec![Problem::of_plan(Field::Run("python"), message)],
    };
    let mut problems: Vec<_> = check_version(interpreter, &probed, ways).into_iter().collect();
    // Each file is read once, however many tasks name it.
    let mut sources = HashMap::new();
    for (index, task) in plan.tasks.iter().enumerate() {
        if let Target::Python(python) = &task.target {
            let found = check_task(task, python, &probed, folder, ways, &mut sources);
            problems.extend(found.into_iter().map(|(field, message)| Problem::of_task(index, field, message)));
        }
    }
    problems
}

fn check_version(interpreter: Interpreter, probed: &Probed, ways: &[Way]) -> Option<Problem> {
    let asked = ways.iter().any(|(mode, _)| *mode == LaunchMode::Interpreters);
    let (major, minor) = INTERPRETERS_SINCE;
    (asked && version(&probed.facts) < INTERPRETERS_SINCE).then(|| {
        let message = format!(
            "the mode interpreters needs Python {major}.{minor} or later, and {interpreter} is Python {}; choose another \
             with --python, or use process-pool",
            probed.facts.version
        );
        Problem::of_plan(Field::Run("mode"), message)
    })
}

/// A field, and what is wrong with it.
type Wrong = (Field, String);

/// The contents of a plan's sources, by their names.
type Sources<'a> = HashMap<&'a str, Result<Source, String>>;

fn check_task<'a>(
    task: &Task,
    python: &'a PythonTarget,
    probed: &Probed,
    folder: Option<&Path>,
    ways: &[Way],
    sources: &mut Sources<'a>,
) -> Vec<Wrong> {
    // An unfinished target or a missing file is reported elsewhere.
    if python.source.is_empty() || python.function.is_empty() {
        return Vec::new();
    }
    if python.is_file() && !absolute(&python.source, folder).is_file() {
        return Vec::new();
    }
    let describe = || describe(&probed.executable, python, folder);
    let source = match sources.entry(&python.source).or_insert_with(describe) {
        Ok(source) => &*source,
        Err(message) => return vec![(Field::Target, message.clone())],
    };
    match source.find(&python.function) {
        Lookup::Function(function) => check_call(task, function, ways),
        Lookup::Unread => Vec::new(),
        Lookup::Value => {
            let message = format!(
                "`{}` in {} is not something to call; {}",
                python.function,
                python.source,
                others(source, None)
            );
            vec![(Field::Target, message)]
        }
        Lookup::Missing(nearest) => {
            let message =
                format!("{} has no function `{}`; {}", python.source, python.function, others(source, nearest));
            vec![(Field::Target, message)]
        }
    }
}

/// Says which other functions could be named.
fn others(source: &Source, nearest: Option<&str>) -> String {
    let names: Vec<_> = source.functions.iter().map(|function| function.name.as_str()).collect();
    match (nearest, names.len()) {
        (Some(nearest), _) => format!("did you mean `{nearest}`?"),
        (None, 0) => "it has none; write one, or name another file".to_owned(),
        (None, count) if count <= NAMED => format!("it has {}", names.join(", ")),
        (None, count) => format!("it has {} and {} more", names[..NAMED].join(", "), count - NAMED),
    }
}

fn check_call(task: &Task, function: &Function, ways: &[Way]) -> Vec<Wrong> {
    let wrong_way = ways.iter().find_map(|way| check_way(function, *way)).map(|message| (Field::Target, message));
    let wrong_args = match &task.args {
        Args::List(args) => {
            function.accepts(args, &task.kwargs).err().or_else(|| quoted_number(function, args, &task.kwargs))
        }
        // Args by name are reported elsewhere.
        named @ Args::Named(_) if named.is_empty() => function.accepts(&[], &task.kwargs).err(),
        Args::Named(_) => None,
    };
    wrong_way.into_iter().chain(wrong_args.map(|message| (Field::Args, message))).collect()
}

/// Reports a number in quotes for a parameter that is a number by its default or annotation.
fn quoted_number(function: &Function, args: &[Value], kwargs: &BTreeMap<String, Value>) -> Option<String> {
    let parameters = function.parameters.as_ref()?;
    let in_order = parameters.iter().filter(|parameter| parameter.in_order()).zip(args);
    let named = kwargs.iter().filter_map(|(key, value)| Some((parameters.iter().find(|it| it.name == *key)?, value)));
    in_order.chain(named).find_map(|(parameter, value)| {
        let text = value.as_str()?.trim();
        let is_number = text.parse::<f64>().is_ok_and(f64::is_finite);
        let wanted = parameter.number_by()?;
        is_number.then(|| {
            format!(
                "`{}` gets the text \"{text}\", and {wanted} is a number; write {text} without quotes",
                parameter.name
            )
        })
    })
}

/// The message for a function that only makes a generator: what to write instead.
fn generator(function: &Function) -> String {
    let parameters = function.parameters.iter().flatten().filter(|parameter| parameter.is_required());
    let given = parameters.map(|parameter| parameter.name.as_str()).collect::<Vec<_>>().join(", ");
    let name = &function.name;
    format!(
        "`{name}` has a `yield`, so that calling it makes a generator and runs nothing of it; write a function that \
         iterates, for example `def run({given}): return list({name}({given}))`, and name that one"
    )
}

/// Why a function of this kind can't be launched in this way.
fn check_way(function: &Function, (mode, method): Way) -> Option<String> {
    use LaunchMode::{Asyncio, Processes, Sequential, Threads};
    let name = &function.name;
    if function.kind == FunctionKind::Generator && function.parameters.is_some() {
        return Some(generator(function));
    }
    match function.kind {
        // A decorator may have changed its kind.
        FunctionKind::Function | FunctionKind::Async if function.parameters.is_none() => None,
        FunctionKind::Async if mode != Asyncio => {
            Some(format!("`{name}` is an `async def`, which an event loop alone runs; use asyncio, not {mode}"))
        }
        FunctionKind::Function | FunctionKind::Class if mode == Asyncio => {
            Some(format!("`{name}` is no `async def`, and asyncio runs nothing else; use threads or processes"))
        }
        FunctionKind::Thread if !matches!(mode, Threads | Sequential) => {
            Some(format!("`{name}` is a subclass of Thread; use threads or sequential, not {mode}"))
        }
        FunctionKind::Process if mode != Processes && (mode, method) != (Sequential, Some(StartMethod::Run)) => {
            Some(format!("`{name}` is a subclass of Process; use processes or sequential:run, not {mode}"))
        }
        _ => None,
    }
}

#[cfg(test)]
#[path = "check_tests.rs"]
mod tests;
