//! What a sweep varies, as fields to fill in; the plan has the axis that they mean.

use crate::python::PythonFacts;
use interpreters::Function;
use model::{Args, Plan, SweepAxis, Target, Task, swept::MAX_POINTS};
use serde_json::Value;
use targets::{ParamKind, find};

/// The number of points of a range where nobody says otherwise.
const USUAL_POINTS: &str = "5";

/// What is varied.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum What {
    #[default]
    Workers,
    Argument,
}

/// What stands in the fields.
#[derive(Clone, Debug, Default)]
pub struct SweepForm {
    pub what: What,
    /// A list or a range of numbers of workers.
    pub workers: String,
    pub task: String,
    pub key: String,
    pub from: String,
    pub to: String,
    pub points: String,
    /// Whether neighbouring values have the same ratio, rather than the same distance.
    pub log: bool,
    /// Why the fields give no axis, in one sentence.
    pub wrong: Option<String>,
    /// What the plan held when the fields were filled.
    of: Option<Option<SweepAxis>>,
}

/// An argument that is a number.
#[derive(Clone, Debug, PartialEq)]
pub struct Numeric {
    pub key: String,
    /// What it is called: its key, a function's parameter, a program's option, else its place.
    pub name: String,
    /// Its value in the plan.
    pub value: f64,
    /// The values that it may have.
    pub range: Option<(f64, f64)>,
}

/// What a sweep of the plan varies: what the plan says, else the workers to twice the cores.
pub fn axis(plan: &Plan) -> SweepAxis {
    plan.run.sweep.as_deref().cloned().unwrap_or_else(usual)
}

/// The axis of [`axis`], with the name of what it varies where that is known.
fn called(plan: &Plan, python: &PythonFacts) -> SweepAxis {
    let axis = axis(plan);
    let SweepAxis::Argument { task, key, .. } = &axis else { return axis };
    let swept = plan.tasks.iter().find(|it| it.name == *task);
    let numbers = swept.map(|task| numeric(task, python.function_of(task))).unwrap_or_default();
    let name = numbers.into_iter().find(|it| it.key == *key && it.name != *key).map(|it| it.name);
    axis.called(name)
}

/// What a sweep would vary, and how far, as words of a sentence: `5 values of burn: n`.
pub fn points(plan: &Plan, python: &PythonFacts) -> String {
    match called(plan, python) {
        SweepAxis::Workers(workers) => {
            let counts: Vec<String> = workers.iter().map(u32::to_string).collect();
            format!("{} workers", counts.join(", "))
        }
        axis @ SweepAxis::Argument { .. } => format!("{} values of {}", axis.len(), axis.title()),
    }
}

fn usual() -> SweepAxis {
    SweepAxis::usual_workers(std::thread::available_parallelism().map_or(1, usize::from))
}

/// What Sweep does, in one sentence.
pub fn sentence(plan: &Plan, python: &PythonFacts) -> String {
    let modes: Vec<String> = plan.to_compare().iter().map(ToString::to_string).collect();
    let points = points(plan, python);
    format!("Run the plan with {points} in {}, shuffled, and say which is best", modes.join(", "))
}

impl SweepForm {
    /// Fills the fields anew where the plan's sweep was changed elsewhere: by another plan, or by undo.
    pub fn follow(&mut self, plan: &Plan) {
        let axis = plan.run.sweep.as_deref().cloned();
        if self.of.as_ref() == Some(&axis) {
            return;
        }
        let list = |axis: &SweepAxis| axis.to_string().split_once('=').map(|(_, list)| list.replace(',', ", "));
        *self =
            Self { workers: list(&usual()).unwrap_or_default(), points: USUAL_POINTS.to_owned(), ..Self::default() };
        match &axis {
            None => {}
            Some(workers @ SweepAxis::Workers(_)) => self.workers = list(workers).unwrap_or_default(),
            Some(SweepAxis::Argument { task, key, values, .. }) => {
                let text = |at: Option<&model::SweptValue>| at.map(ToString::to_string).unwrap_or_default();
                self.what = What::Argument;
                (self.task, self.key) = (task.clone(), key.clone());
                (self.from, self.to) = (text(values.first()), text(values.last()));
                self.points = values.len().to_string();
                self.log = scene::sweep::view::is_log(axis.as_ref().unwrap_or(&usual()));
            }
        }
        self.of = Some(axis);
    }

    /// Reads what has been typed; gives what the plan is to have from now on, unless the fields give no axis.
    pub fn read(&mut self) -> Option<Option<SweepAxis>> {
        match self.meaning() {
            Ok(axis) => {
                self.wrong = None;
                self.of = Some(axis.clone());
                Some(axis)
            }
            Err(why) => {
                self.wrong = Some(why);
                None
            }
        }
    }

    fn meaning(&self) -> Result<Option<SweepAxis>, String> {
        match self.what {
            What::Workers if self.workers.trim().is_empty() => Ok(None),
            What::Workers => {
                let axis = SweepAxis::read_workers(&self.workers)?;
                Ok((axis != usual()).then_some(axis))
            }
            What::Argument if self.key.is_empty() => Err("choose an argument that is a number".to_owned()),
            What::Argument => {
                self.check_range()?;
                let how = if self.log { "log" } else { "lin" };
                let range = format!("t.k={}..{}:{how}{}", self.from.trim(), self.to.trim(), self.points.trim());
                match range.parse()? {
                    SweepAxis::Argument { values, .. } => {
                        let (task, key) = (self.task.clone(), self.key.clone());
                        Ok(Some(SweepAxis::Argument { task, key, name: None, values }))
                    }
                    SweepAxis::Workers(_) => Ok(None),
                }
            }
        }
    }

    /// Checks the range; an error names the fields.
    fn check_range(&self) -> Result<(), String> {
        let number = |text: &str| text.trim().replace('_', "").parse::<f64>().ok().filter(|number| number.is_finite());
        for (field, text) in [("From", &self.from), ("To", &self.to)] {
            if number(text).is_none() {
                return Err(format!("{field} takes a number, for example 1000 or 1e5"));
            }
        }
        if !self.points.trim().parse::<usize>().is_ok_and(|points| (2..=MAX_POINTS).contains(&points)) {
            return Err(format!("a sweep takes 2 to {MAX_POINTS} points"));
        }
        if self.log && number(&self.from).is_some_and(|from| from <= 0.0) {
            return Err("steps of the same ratio begin above 0; choose the same distance".to_owned());
        }
        let empty = number(&self.from) > number(&self.to);
        if empty { Err("From is above To; write the smaller number first".to_owned()) } else { Ok(()) }
    }

    /// Chooses a task's argument, with a range around its present value.
    pub fn choose(&mut self, task: &str, argument: &Numeric) {
        (self.task, self.key) = (task.to_owned(), argument.key.clone());
        let (least, most) = argument.range.unwrap_or((f64::MIN, f64::MAX));
        let whole = argument.value.fract() == 0.0;
        let rounded = |value: f64| if whole { value.round() } else { value };
        let (from, to) = match argument.value {
            value if value > 0.0 => (rounded(value / 10.0), value * 10.0),
            value => (value, value + 100.0),
        };
        let (from, to) = (from.clamp(least, most), to.clamp(least, most));
        self.log = from > 0.0;
        (self.from, self.to) = (number(from), number(to));
    }
}

/// Plain digits where they are few, else `1e9`.
fn number(value: f64) -> String {
    if value.abs() >= 1e12 { format!("{value:e}") } else { value.to_string() }
}

/// The arguments of a task that are numbers. Of a Python function, where it is known, those in order have the names of its
/// parameters.
pub fn numeric(task: &Task, function: Option<&Function>) -> Vec<Numeric> {
    if let Target::Builtin(target) = &task.target {
        let params = find(target).map(|info| info.params).unwrap_or_default();
        let of_param = |param: &targets::Param| {
            let (default, range) = match param.kind {
                ParamKind::Int { default, min, max } => (default as f64, (min as f64, max as f64)),
                ParamKind::Float { default, min, max } => (default, (min, max)),
                ParamKind::Choice { .. } => return None,
            };
            let given = match &task.args {
                Args::Named(map) => map.get(param.name).and_then(Value::as_f64),
                Args::List(_) => None,
            };
            Some(Numeric {
                key: param.name.to_owned(),
                name: param.name.to_owned(),
                value: given.unwrap_or(default),
                range: Some(range),
            })
        };
        return params.iter().filter_map(of_param).collect();
    }
    let words_too = !task.target.is_python();
    let value = |value: &Value| value.as_f64().or_else(|| value.as_str().filter(|_| words_too)?.parse().ok());
    let one = |key: String, it: &Value| {
        let parameter =
            function.zip(key.parse().ok()).and_then(|(function, place)| function.names_in_order().nth(place));
        let (values, name) = (Vec::new(), parameter.map(str::to_owned).or_else(|| task.option_before(&key)));
        let task = task.name.clone();
        let name = SweepAxis::Argument { task, key: key.clone(), name, values }.variable();
        value(it).map(|value| Numeric { key, name, value, range: None })
    };
    let listed = match &task.args {
        Args::List(list) => list.iter().enumerate().filter_map(|(i, it)| one(i.to_string(), it)).collect(),
        Args::Named(_) => Vec::new(),
    };
    let named = task.kwargs.iter().filter_map(|(key, it)| one(key.clone(), it));
    listed.into_iter().chain(named).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn plan(sweep: Option<&str>) -> Plan {
        let mut plan = Plan::empty("t");
        plan.tasks.push(Task::new(Target::parse("primes")));
        plan.run.sweep = sweep.map(|text| Box::new(text.parse().expect("an axis")));
        plan
    }

    #[test]
    fn fields_say_what_the_plan_says_and_the_plan_what_they_say() {
        let mut form = SweepForm::default();
        form.follow(&plan(None));
        assert!(form.what == What::Workers && form.workers.starts_with("1, 2"));
        assert_eq!(form.read(), Some(None), "the usual workers are no setting of the plan");
        form.workers = "1, 4, 8".to_owned();
        assert_eq!(form.read().flatten().map(|axis| axis.to_string()).as_deref(), Some("workers=1,4,8"));
        form.follow(&plan(Some("primes.limit=100..10000:log3")));
        assert_eq!(
            (form.what, form.from.as_str(), form.to.as_str(), form.points.as_str()),
            (What::Argument, "100", "10000", "3")
        );
        assert!(form.log);
        form.points = "2".to_owned();
        assert_eq!(form.read().flatten().map(|axis| axis.to_string()).as_deref(), Some("primes.limit=100,10000"));
    }

    #[test]
    fn what_means_nothing_is_said_and_kept() {
        let mut form = SweepForm::default();
        form.follow(&plan(None));
        form.workers = "0..3".to_owned();
        assert_eq!(form.read(), None);
        assert!(form.wrong.as_deref().is_some_and(|why| why.contains("0 is no number of workers")));
        form.follow(&plan(None));
        assert_eq!(form.workers, "0..3", "what is being typed stays");
        form.what = What::Argument;
        assert!(form.read().is_none() && form.wrong.as_deref().is_some_and(|why| why.contains("choose an argument")));
    }

    #[test]
    fn arguments_that_are_numbers_are_offered_with_a_range() {
        let keys = |task: &Task| numeric(task, None).into_iter().map(|it| it.key).collect::<Vec<_>>();
        let primes = Task::new(Target::parse("primes"));
        assert_eq!(keys(&primes), ["limit"]);
        let mut form = SweepForm { points: "3".to_owned(), what: What::Argument, ..SweepForm::default() };
        form.choose("primes", &numeric(&primes, None)[0]);
        assert!(form.log && form.read().flatten().is_some_and(|axis| axis.len() == 3), "{form:?}");
        let mut program = Task::new(Target::parse("program:xz"));
        program.args = serde_json::from_value(json!(["-k", "9", 3])).expect("args");
        assert_eq!(keys(&program), ["1", "2"]);
        let mut python = Task::new(Target::parse("python:w.py:f"));
        python.args = serde_json::from_value(json!(["9", 3])).expect("args");
        python.kwargs.insert("step".to_owned(), json!(1.5));
        assert_eq!(keys(&python), ["1", "step"]);
    }
}
