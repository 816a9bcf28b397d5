//! Whether a plan can be swept: the task, its argument, and every value of it.

use super::check_task;
use super::searches::Searches;
use crate::{ParamKind, find};
use model::{Args, Choice, Field, Plan, Problem, SweepAxis, Target, Task};

/// The problems of a sweep of this plan; of several values that don't fit, only the first is reported.
pub fn check_sweep(plan: &Plan, choices: &[Choice], axis: &SweepAxis) -> Vec<Problem> {
    let say = |message| vec![Problem::of_plan(Field::Run("sweep"), message)];
    if let (SweepAxis::Workers(_), Some(choice)) = (axis, choices.iter().find(|choice| choice.workers.is_some())) {
        let bare = Choice { workers: None, ..*choice };
        return say(format!("`{choice}` says how many workers, and the sweep varies just that; write {bare}"));
    }
    if axis.is_empty() {
        return say("the sweep has no point; write for example workers=1..4".to_owned());
    }
    let SweepAxis::Argument { task, key, values, .. } = axis else { return Vec::new() };
    let Some((index, swept)) = plan.tasks.iter().enumerate().find(|(_, it)| it.name == *task) else {
        return say(no_such_task(plan, task));
    };
    if let Some(message) = not_numeric(swept, key) {
        return say(message);
    }
    for value in values {
        let wrong = match swept.with_argument(key, *value) {
            Err(message) => Some(message),
            Ok(task) => check_task(index, &task, plan.folder.as_deref(), &mut Searches::default())
                .into_iter()
                .next()
                .map(|it| it.message),
        };
        if let Some(message) = wrong {
            return say(format!("the sweep can't set {task}.{key} to {value}: {message}"));
        }
    }
    Vec::new()
}

fn no_such_task(plan: &Plan, name: &str) -> String {
    let names: Vec<_> = plan.tasks.iter().map(|task| format!("`{}`", task.name)).collect();
    match names.is_empty() {
        true => format!("the sweep is over an argument of `{name}`, but the plan has no task; add one"),
        false => format!("the sweep is over an argument of `{name}`, but the plan's tasks are {}", names.join(", ")),
    }
}

/// Why an argument can't be swept as a number, where the task shows it.
fn not_numeric(task: &Task, key: &str) -> Option<String> {
    let name = &task.name;
    if let Target::Builtin(target) = &task.target
        && let Some(param) = find(target).and_then(|info| info.params.iter().find(|param| param.name == key))
    {
        let numeric = matches!(param.kind, ParamKind::Int { .. } | ParamKind::Float { .. });
        return (!numeric)
            .then(|| format!("{name}.{key} takes {}, no number, so it can't be swept", param.kind.range_text()));
    }
    let value = match (&task.args, task.place_of(key)) {
        (Args::List(list), Some(index)) => list.get(index),
        _ => task.kwargs.get(key),
    }?;
    let number = match value.as_str() {
        // A program's arguments are words; some of them are numbers.
        Some(word) => !task.target.is_python() && word.parse::<f64>().is_ok(),
        None => value.is_number(),
    };
    (!number).then(|| format!("{name}.{key} is {value}, which is no number, so it can't be swept"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(target: &str, args: serde_json::Value, axis: &str) -> Vec<String> {
        let mut plan = Plan::empty("test");
        let mut task = Task::new(Target::parse(target));
        task.args = serde_json::from_value(args).expect("args");
        plan.tasks.push(task);
        let axis = axis.parse().expect("an axis");
        check_sweep(&plan, &plan.to_compare(), &axis).into_iter().map(|problem| problem.message).collect()
    }

    #[test]
    fn numbers_in_range_can_be_swept() {
        assert_eq!(said("primes", serde_json::json!({}), "primes.limit=10..1000:log3"), [""; 0]);
        assert_eq!(said("sleep", serde_json::json!({}), "sleep.seconds=0.1,0.2"), [""; 0]);
        assert_eq!(said("program:true", serde_json::json!(["-n", "7"]), "true.1=1..3"), [""; 0]);
        assert_eq!(said("primes", serde_json::json!({}), "workers=1..3"), [""; 0]);
    }

    #[test]
    fn what_cannot_be_swept_is_said_with_its_reason() {
        let only = |said: Vec<String>| said.first().cloned().expect("a problem");
        let none = serde_json::json!({});
        assert!(only(said("primes", none.clone(), "prime.limit=1,2")).contains("the plan's tasks are `primes`"));
        assert!(only(said("primes", none.clone(), "primes.limt=1,2")).contains("limt"));
        assert!(only(said("primes", none.clone(), "primes.limit=-5,2")).contains("can't set primes.limit to -5"));
        assert!(only(said("primes", none.clone(), "primes.limit=1.5,2")).contains("1.5"));
        assert!(only(said("fail", none, "fail.kind=1,2")).contains("no number"));
        let words = serde_json::json!(["-n", "7"]);
        assert!(only(said("program:true", words.clone(), "true.0=1,2")).contains("\"-n\", which is no number"));
        assert!(only(said("program:true", words, "true.2=1,2")).contains("has 2"));
    }

    #[test]
    fn a_choice_with_workers_is_no_way_of_a_sweep_over_them() {
        let mut plan = Plan::empty("test");
        plan.tasks.push(Task::new(Target::parse("primes")));
        let choices = ["threads/2".parse().expect("a choice")];
        let said = |axis: &str| check_sweep(&plan, &choices, &axis.parse().expect("an axis"));
        let message = "`threads/2` says how many workers, and the sweep varies just that; write threads";
        assert_eq!(said("workers=1..3").first().map(|it| it.message.as_str()), Some(message));
        assert_eq!(said("primes.limit=1000,2000"), []);
    }
}
