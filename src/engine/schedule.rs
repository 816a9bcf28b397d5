//! What an experiment compares: modes with their start methods and interpreters, at every point of a sweep.

use super::Request;
use model::{Choice, LaunchMode, Plan, Runtime, Setting, StartMethod, SweepAxis, Target};

/// The settings to compare, in the order of the request.
pub fn settings(request: &Request) -> Vec<Setting> {
    let mut settings = Vec::new();
    for choice in &request.choices {
        for runtime in request.plan.runtimes(*choice) {
            for setting in points(setting(&request.plan, *choice, runtime), request.sweep.as_ref()) {
                if !settings.contains(&setting) {
                    settings.push(setting);
                }
            }
        }
    }
    settings
}

/// One setting per point of a sweep. The mode `sequential` always has one worker.
fn points(setting: Setting, sweep: Option<&SweepAxis>) -> Vec<Setting> {
    match sweep {
        Some(SweepAxis::Workers(workers)) if setting.mode != LaunchMode::Sequential => {
            workers.iter().map(|&workers| Setting { workers, ..setting }).collect()
        }
        Some(axis @ SweepAxis::Argument { values, .. }) => {
            let name = axis.variable();
            values.iter().map(|value| Setting { argument: Some(value.called(&name)), ..setting }).collect()
        }
        _ => vec![setting],
    }
}

fn setting(plan: &Plan, choice: Choice, runtime: Runtime) -> Setting {
    let mode = choice.mode;
    let interpreter = match runtime {
        Runtime::Python(interpreter) => Some(interpreter),
        Runtime::Native | Runtime::Any => None,
    };
    let workers = if mode == LaunchMode::Sequential { 1 } else { choice.workers.unwrap_or(plan.run.workers) };
    let start_method = start_method(plan, choice, interpreter.is_some());
    Setting { mode, workers, start_method, interpreter, argument: None }
}

/// The choice's own start method; else the plan's, if the mode has it; else the mode's usual one. Programs have none.
fn start_method(plan: &Plan, choice: Choice, python: bool) -> Option<StartMethod> {
    let programs_alone = !plan.tasks.iter().any(|task| matches!(task.target, Target::Builtin(_)));
    if !python && programs_alone {
        return None;
    }
    let offered = StartMethod::of_mode(choice.mode, python);
    let fits = |method: &StartMethod| offered.contains(method);
    choice.start_method.or(plan.run.start_method.filter(fits)).or(offered.first().copied())
}

/// One sequential setting for each runtime that the settings use.
pub fn baselines(request: &Request, settings: &[Setting]) -> Vec<Setting> {
    let mut baselines = Vec::new();
    for compared in settings {
        let runtime = compared.interpreter.map_or(Runtime::Native, Runtime::Python);
        let baseline = setting(&request.plan, LaunchMode::Sequential.into(), runtime);
        if !settings.contains(&baseline) && !baselines.contains(&baseline) {
            baselines.push(baseline);
        }
    }
    baselines
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::Task;

    fn plan(target: &str) -> Plan {
        let mut plan = Plan::empty("test");
        plan.tasks.push(Task::new(Target::parse(target)));
        plan
    }

    #[test]
    fn processes_of_programs_alone_have_no_start_method() {
        let plan = plan("program:true");
        assert_eq!(setting(&plan, LaunchMode::Processes.into(), Runtime::Native).start_method, None);
    }

    #[test]
    fn a_choice_may_say_how_many_workers() {
        let choices = ["threads/1", "threads/4", "threads"].map(|text| text.parse().expect("a choice"));
        let found = settings(&Request::compare(plan("sleep"), choices.to_vec()));
        assert_eq!(found.iter().map(|setting| setting.workers).collect::<Vec<_>>(), [1, 4, 0]);
    }

    #[test]
    fn a_sweep_of_one_execution_of_a_program_has_one_mode() {
        let modes = |plan: Plan| {
            let choices = ["sequential", "processes"].map(|text| text.parse().expect("a choice")).to_vec();
            let request = Request::sweep(plan, choices, "true.0=1,2".parse().expect("an axis"));
            request.choices.iter().map(Choice::to_string).collect::<Vec<_>>()
        };
        let mut one = plan("program:true");
        assert_eq!(modes(one.clone()), ["sequential"]);
        one.run.mode = LaunchMode::Processes;
        assert_eq!(modes(one.clone()), ["processes"]);
        one.tasks[0].count = 2;
        assert_eq!(modes(one), ["sequential", "processes"]);
    }

    #[test]
    fn a_sweep_has_every_point_of_every_mode_once() {
        let choices: Vec<Choice> = ["sequential", "threads", "processes"].map(|text| text.parse().expect("one")).into();
        let sweep = |axis: &str| {
            let request = Request::sweep(plan("sleep"), choices.clone(), axis.parse().expect("an axis"));
            let point = |setting: Setting| match setting.argument {
                Some(value) => format!("{} at {value}", setting.mode),
                None => format!("{} {}", setting.mode, setting.workers),
            };
            settings(&request).into_iter().map(point).collect::<Vec<_>>()
        };
        assert_eq!(sweep("workers=1,2"), ["sequential 1", "threads 1", "threads 2", "processes 1", "processes 2"]);
        assert_eq!(
            sweep("sleep.seconds=0.1,0.2"),
            [
                "sequential at 0.1",
                "sequential at 0.2",
                "threads at 0.1",
                "threads at 0.2",
                "processes at 0.1",
                "processes at 0.2"
            ]
        );
    }
}
