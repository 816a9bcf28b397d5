//! Writes a plan as a file that people can read.

use model::{
    Args, Measure, Plan, RunSettings, Task, duration,
    plan::DEFAULT_LOAD_TIMEOUT,
    toml_value::{array, braces, key, object, quoted},
};

/// The plan's file, which [`super::parse`] reads back as the same plan.
pub fn to_toml(plan: &Plan) -> String {
    let mut file = format!("schema = {}\nname = {}\n\n[run]\n", plan.schema, quoted(&plan.name));
    file += &run_lines(&plan.run);
    for task in &plan.tasks {
        file += "\n[[task]]\n";
        file += &task_lines(task);
    }
    file
}

fn run_lines(run: &RunSettings) -> String {
    let mut lines = format!("mode = \"{}\"\n", run.mode);
    if let Some(method) = run.start_method {
        lines += &format!("start_method = \"{method}\"\n");
    }
    if !run.compare.is_empty() {
        let choices: Vec<_> = run.compare.iter().map(|choice| quoted(&choice.to_string())).collect();
        lines += &format!("compare = [{}]\n", choices.join(", "));
    }
    if let Some(python) = &run.python {
        lines += &format!("python = {}\n", quoted(python));
    }
    if let Some(limit) = run.join_timeout {
        lines += &format!("join_timeout = \"{}\"\n", duration::text(limit));
    }
    if run.start_again {
        lines += "start_again = true\n";
    }
    lines += &format!("workers = {}\nrepeat = {}\nwarmup = {}\n", run.workers, run.repeat, run.warmup);
    lines += &format!("precision = {}\nlimit = \"{}\"\n", run.precision, duration::text(run.limit));
    if let Some(seed) = run.seed {
        lines += &format!("seed = {seed}\n");
    }
    if let Some(sweep) = &run.sweep {
        lines += &format!("sweep = {}\n", quoted(&sweep.to_string()));
    }
    if run.measure != Measure::default() {
        lines += &format!("measure = \"{}\"\n", run.measure);
    }
    if let Some(timeout) = run.timeout {
        lines += &format!("timeout = \"{}\"\n", duration::text(timeout));
    }
    if run.load_timeout != DEFAULT_LOAD_TIMEOUT {
        lines += &format!("load_timeout = \"{}\"\n", duration::text(run.load_timeout));
    }
    lines
}

fn task_lines(task: &Task) -> String {
    let mut lines = format!("name = {}\ntarget = {}\n", quoted(&task.name), quoted(&task.target.to_string()));
    if task.args != Task::new(task.target.clone()).args {
        lines += &format!("args = {}\n", args(&task.args));
    }
    if !task.kwargs.is_empty() {
        lines += &format!("kwargs = {}\n", object(task.kwargs.iter()));
    }
    if !task.env.is_empty() {
        let env = task.env.iter().map(|(name, text)| format!("{} = {}", key(name), quoted(text)));
        lines += &format!("env = {}\n", braces(env));
    }
    if let Some(cwd) = &task.cwd {
        lines += &format!("cwd = {}\n", quoted(cwd));
    }
    lines += &format!("count = {}\n", task.count);
    if let Some(timeout) = task.timeout {
        lines += &format!("timeout = \"{}\"\n", duration::text(timeout));
    }
    lines
}

fn args(args: &Args) -> String {
    match args {
        Args::Named(named) => object(named.iter()),
        Args::List(list) => array(list),
    }
}
