//! The arguments of a Python function by parameter, as a form shows them, and back.

use super::value::{blank, is_blank};
use interpreters::{Parameter, ParameterKind};
use model::{Args, Field, Task};
use serde_json::Value;
use std::collections::BTreeMap;

/// What is given to one parameter.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Given {
    /// The value; absent where the default is taken.
    pub value: Option<Value>,
    /// Whether the plan gives it by name where it could be given in order.
    by_name: bool,
}

/// A task's arguments by parameter.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Form {
    /// One for each parameter, in order; nothing for `*args` and `**kwargs`.
    pub given: Vec<Given>,
    /// Further arguments in order: for `*args`, or too many.
    pub rest: Vec<Value>,
    /// Further arguments by name: for `**kwargs`, or unknown.
    pub named: BTreeMap<String, Value>,
}

/// Whether a parameter can be given in order.
pub fn in_order(parameter: &Parameter) -> bool {
    matches!(parameter.kind, ParameterKind::PositionalOnly | ParameterKind::Positional)
}

/// Whether a parameter can be given by name.
fn by_name(parameter: &Parameter) -> bool {
    matches!(parameter.kind, ParameterKind::KeywordOnly | ParameterKind::Positional)
}

/// Whether a parameter takes all further arguments, in order or by name.
pub fn takes_rest(parameter: &Parameter) -> bool {
    matches!(parameter.kind, ParameterKind::VarPositional | ParameterKind::VarKeyword)
}

/// A task's arguments in order.
pub fn list(args: &Args) -> &[Value] {
    match args {
        Args::List(list) => list,
        Args::Named(_) => &[],
    }
}

/// The arguments, each at its parameter.
pub fn split(parameters: &[Parameter], task: &Task) -> Form {
    let mut ordered = list(&task.args).iter();
    let mut named = task.kwargs.clone();
    let mut given = Vec::with_capacity(parameters.len());
    for parameter in parameters {
        let next = in_order(parameter).then(|| ordered.next()).flatten();
        given.push(match next {
            Some(value) => Given { value: Some(value.clone()).filter(|value| !is_blank(value)), by_name: false },
            None if by_name(parameter) => {
                let value = named.remove(&parameter.name);
                Given { by_name: value.is_some(), value: value.filter(|value| !is_blank(value)) }
            }
            None => Given::default(),
        });
    }
    Form { given, rest: ordered.cloned().collect(), named }
}

/// Puts a form's arguments into a task.
pub fn join(parameters: &[Parameter], form: &Form, task: &mut Task) {
    let mut kwargs = form.named.clone();
    let mut list = Vec::new();
    let until = forced(parameters, form);
    let mut gap = false;
    for (index, (parameter, given)) in parameters.iter().zip(&form.given).enumerate() {
        let forced = index < until;
        match &given.value {
            None if forced && in_order(parameter) => list.push(filler(parameter)),
            None if in_order(parameter) && !gap && parameter.is_required() => list.push(blank()),
            None if in_order(parameter) => gap = true,
            None if parameter.is_required() => drop(kwargs.insert(parameter.name.clone(), blank())),
            None => {}
            Some(value) if in_order(parameter) && (forced || !gap && !given.by_name) => list.push(value.clone()),
            Some(value) => {
                gap |= in_order(parameter);
                kwargs.insert(parameter.name.clone(), value.clone());
            }
        }
    }
    list.extend(form.rest.iter().cloned());
    // An empty list and an empty map both mean no arguments, so a form that is only looked at changes nothing.
    if !(list.is_empty() && task.args.is_empty()) {
        task.args = Args::List(list);
    }
    task.kwargs = kwargs;
}

/// The place before which all parameters must be given in order, because a later one is.
fn forced(parameters: &[Parameter], form: &Form) -> usize {
    if !form.rest.is_empty() {
        return parameters.len();
    }
    let only = |(parameter, given): (&Parameter, &Given)| {
        parameter.kind == ParameterKind::PositionalOnly && given.value.is_some()
    };
    parameters.iter().zip(&form.given).rposition(only).map_or(0, |index| index + 1)
}

/// The default, for a place where it can't be left out.
fn filler(parameter: &Parameter) -> Value {
    parameter.default.as_deref().map_or_else(blank, super::value::expression)
}

/// Prepares a task for a function: its required parameters are still to be filled in.
pub fn defaults(parameters: &[Parameter], task: &mut Task) {
    let required = parameters.iter().filter(|parameter| parameter.is_required());
    let (ordered, named): (Vec<_>, Vec<_>) = required.partition(|one| in_order(one));
    task.args = Args::List(ordered.iter().map(|_| blank()).collect());
    task.kwargs = named.into_iter().map(|one| (one.name.clone(), blank())).collect();
}

/// Whether a value of a Python task is still to be typed.
pub fn is_unfinished(task: &Task) -> bool {
    task.target.is_python() && (list(&task.args).iter().any(is_blank) || task.kwargs.values().any(is_blank))
}

/// The values that are still to be typed, with their sentences.
pub fn blanks(parameters: Option<&[Parameter]>, task: &Task) -> Vec<(Field, String)> {
    let ordered: Vec<_> = parameters.unwrap_or_default().iter().filter(|one| in_order(one)).collect();
    let say = |name: String| {
        let message = format!("`{name}` has no value yet; type one");
        (Field::Arg(name), message)
    };
    let place =
        |index: usize| ordered.get(index).map_or_else(|| format!("argument {}", index + 1), |one| one.name.clone());
    let args =
        list(&task.args).iter().enumerate().filter(|(_, value)| is_blank(value)).map(|(index, _)| say(place(index)));
    let kwargs = task.kwargs.iter().filter(|(_, value)| is_blank(value)).map(|(name, _)| say(name.clone()));
    args.chain(kwargs).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::Target;
    use serde_json::json;

    fn parameters(text: &str) -> Vec<Parameter> {
        let one = |word: &str| {
            let kind = match word.chars().next() {
                Some('/') => ParameterKind::PositionalOnly,
                Some('!') => ParameterKind::KeywordOnly,
                _ if word.starts_with("**") => ParameterKind::VarKeyword,
                Some('*') => ParameterKind::VarPositional,
                _ => ParameterKind::Positional,
            };
            let (name, default) =
                word.split_once('=').map_or((word, None), |(name, text)| (name, Some(text.to_owned())));
            Parameter { name: name.trim_matches(['/', '!', '*']).to_owned(), kind, default, annotation: None }
        };
        text.split(' ').map(one).collect()
    }

    fn task(args: Value, kwargs: Value) -> Task {
        let args = serde_json::from_value(args).expect("a list");
        let kwargs = serde_json::from_value(kwargs).expect("a map");
        Task { args, kwargs, ..Task::new(Target::parse("python:w.py:f")) }
    }

    fn filled(text: &str, before: &Task, change: impl FnOnce(&mut Form)) -> (Value, Value) {
        let (parameters, mut task) = (parameters(text), before.clone());
        let mut form = split(&parameters, &task);
        change(&mut form);
        join(&parameters, &form, &mut task);
        (list(&task.args).to_vec().into(), serde_json::to_value(task.kwargs).expect("a map"))
    }

    #[test]
    fn looking_at_arguments_does_not_change_them() {
        for (text, args, kwargs) in [
            ("n step=1", json!([5]), json!({"step": 2})),
            ("n step=1", json!([5, 2]), json!({})),
            ("/a b *rest !k **more", json!([1, 2, 3, 4]), json!({"k": 1, "x": 2})),
            ("n", json!([1, 2, 3]), json!({"unknown": 1, "n": 3})),
            ("n", json!([{"$py": ""}]), json!({})),
        ] {
            let task = task(args.clone(), kwargs.clone());
            let same = filled(text, &task, |_| {});
            assert_eq!(same, (args, kwargs), "{text}");
        }
    }

    #[test]
    fn a_value_behind_a_gap_goes_by_name_where_it_can() {
        let two = |form: &mut Form| form.given[2].value = Some(json!(2));
        assert_eq!(filled("a b=1 c=3", &task(json!([9]), json!({})), two), (json!([9]), json!({"c": 2})));
        let last = |form: &mut Form| form.given[1].value = Some(json!(2));
        let (args, kwargs) = filled("/a=1 /b=3", &task(json!([]), json!({})), last);
        assert_eq!((args, kwargs), (json!([{"$py": "1"}, 2]), json!({})));
        let rest = |form: &mut Form| form.rest.push(json!(7));
        assert_eq!(filled("a b=1 *c", &task(json!([9]), json!({})), rest).0, json!([9, {"$py": "1"}, 7]));
    }

    #[test]
    fn a_new_task_asks_for_what_is_required() {
        let parameters = parameters("n step=1 *rest !key !other=2");
        let mut task = task(json!([]), json!({}));
        defaults(&parameters, &mut task);
        assert_eq!((list(&task.args).len(), task.kwargs.len()), (1, 1));
        let fields: Vec<_> = blanks(Some(&parameters), &task).into_iter().map(|(field, _)| field).collect();
        assert_eq!(fields, [Field::Arg("n".to_owned()), Field::Arg("key".to_owned())]);
    }
}
