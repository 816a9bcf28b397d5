//! In which order the runs of an experiment are made.

use super::Request;
use crate::model::{Choice, LaunchMode, Plan, RunSetting, Runtime, StartMethod, Target, experiment::Scheduled};

/// The settings to compare, in the order asked for.
pub fn settings(request: &Request) -> Vec<RunSetting> {
    let mut settings = Vec::new();
    for choice in &request.choices {
        for runtime in request.plan.runtimes(*choice) {
            let setting = setting(&request.plan, *choice, runtime);
            if !settings.contains(&setting) {
                settings.push(setting);
            }
        }
    }
    settings
}

fn setting(plan: &Plan, choice: Choice, runtime: Runtime) -> RunSetting {
    let mode = choice.mode;
    let interpreter = match runtime {
        Runtime::Python(interpreter) => Some(interpreter),
        Runtime::Native | Runtime::Any => None,
    };
    let workers = if mode == LaunchMode::Sequential { 1 } else { choice.workers.unwrap_or(plan.run.workers) };
    let start_method = start_method(plan, choice, interpreter.is_some());
    RunSetting { mode, workers, start_method, interpreter, argument: None }
}

/// The choice's own method, else the plan's where the mode has it, else the mode's usual one. Programs have none.
fn start_method(plan: &Plan, choice: Choice, python: bool) -> Option<StartMethod> {
    let programs_alone = !plan.tasks.iter().any(|task| matches!(task.target, Target::Builtin(_)));
    if !python && programs_alone {
        return None;
    }
    let offered = StartMethod::of_mode(choice.mode, python);
    let fits = |method: &StartMethod| offered.contains(method);
    choice.start_method.or(plan.run.start_method.filter(fits)).or(offered.first().copied())
}

/// One sequential run setting for each runtime that the settings use.
fn baselines(request: &Request, settings: &[RunSetting]) -> Vec<RunSetting> {
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

/// The runs in order: warm-ups of every setting, then rounds. Rounds alternate in direction (A B, B A, …), so that a drift
/// of the machine falls on both alike; before every second round comes a baseline, if one is wanted.
pub fn schedule(request: &Request) -> Vec<Scheduled> {
    let settings = settings(request);
    let baselines = if request.baseline { baselines(request, &settings) } else { Vec::new() };
    let run = |setting, repeat, warmup| Scheduled { setting, repeat, warmup };
    let mut runs = Vec::new();
    for repeat in 0..request.plan.run.warmup {
        runs.extend(settings.iter().map(|setting| run(*setting, repeat, true)));
    }
    for repeat in 0..request.plan.run.repeat {
        if repeat % 2 == 0 {
            runs.extend(baselines.iter().map(|setting| run(*setting, repeat / 2, false)));
            runs.extend(settings.iter().map(|setting| run(*setting, repeat, false)));
        } else {
            runs.extend(settings.iter().rev().map(|setting| run(*setting, repeat, false)));
        }
    }
    runs
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Task;

    fn plan(repeat: u32, warmup: u32) -> Plan {
        let mut plan = Plan::empty("test");
        plan.run.repeat = repeat;
        plan.run.warmup = warmup;
        plan.tasks.push(Task::new(Target::parse("sleep")));
        plan
    }

    fn letters(runs: &[Scheduled]) -> String {
        let letter = |run: &Scheduled| match run.setting.mode {
            LaunchMode::Threads => 'T',
            LaunchMode::Processes => 'P',
            _ => 'S',
        };
        runs.iter().map(|run| if run.warmup { letter(run).to_ascii_lowercase() } else { letter(run) }).collect()
    }

    #[test]
    fn a_comparison_is_interleaved_both_ways() {
        let modes = vec![LaunchMode::Threads.into(), LaunchMode::Processes.into()];
        let request = Request::compare(plan(4, 1), modes);
        assert_eq!(letters(&schedule(&request)), "tpSTPPTSTPPT");
    }

    #[test]
    fn a_run_has_its_repeats_and_no_baseline() {
        let runs = schedule(&Request::run(plan(3, 2)));
        assert_eq!(letters(&runs), "ttTTT");
        assert_eq!(runs.iter().map(|run| run.repeat).collect::<Vec<_>>(), [0, 1, 0, 1, 2]);
    }

    #[test]
    fn processes_of_programs_alone_have_no_start_method() {
        let mut plan = plan(1, 0);
        plan.tasks[0].target = Target::parse("program:true");
        assert_eq!(setting(&plan, LaunchMode::Processes.into(), Runtime::Native).start_method, None);
    }
}
