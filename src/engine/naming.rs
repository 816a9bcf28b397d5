//! The name of a swept argument: a Python function's parameter, a program's option, or else its position.

use interpreters::{Consent, Lookup, Source, describe, probe};
use model::{Args, Choice, Plan, Runtime, SweepAxis, Target, Task};

/// The axis with the name of what it varies, if that has one. It asks the interpreter for the function's parameters. An
/// argument that the axis names by its parameter, and that the plan gives by position, becomes an argument by position.
pub fn named(plan: &Plan, choices: &[Choice], axis: SweepAxis) -> SweepAxis {
    let SweepAxis::Argument { task, key, values, .. } = axis else { return axis };
    let Some(swept) = plan.tasks.iter().find(|it| it.name == task) else {
        return SweepAxis::Argument { task, key, name: None, values };
    };
    let (key, name) = match &swept.target {
        Target::Python(_) => of_function(plan, choices, swept, &key).unwrap_or((key, None)),
        _ => {
            let name = swept.option_before(&key);
            (key, name)
        }
    };
    SweepAxis::Argument { task, key, name, values }
}

/// The position of an argument that is given by position, and the name of its parameter.
fn of_function(plan: &Plan, choices: &[Choice], task: &Task, key: &str) -> Option<(String, Option<String>)> {
    let Args::List(given) = &task.args else { return None };
    let source = source(plan, choices, task)?;
    let Target::Python(python) = &task.target else { return None };
    let Lookup::Function(function) = source.find(&python.function) else { return None };
    function.parameters.as_ref()?;
    let mut names = function.names_in_order();
    match key.parse::<usize>() {
        Ok(place) => Some((key.to_owned(), names.nth(place).map(str::to_owned))),
        Err(_) => {
            let place = names.position(|name| name == key).filter(|place| *place < given.len())?;
            Some((place.to_string(), Some(key.to_owned())))
        }
    }
}

fn source(plan: &Plan, choices: &[Choice], task: &Task) -> Option<Source> {
    let Target::Python(python) = &task.target else { return None };
    let mut runtimes = choices.iter().flat_map(|choice| plan.runtimes(*choice));
    let interpreter = runtimes.find_map(|runtime| match runtime {
        Runtime::Python(interpreter) => Some(interpreter),
        _ => None,
    })?;
    let folder = plan.folder.as_deref();
    let probed = probe(interpreter.word(), folder, Consent::Running).ok()?;
    describe(&probed.executable, python, folder).ok()
}
