//! `spawnscope run`: runs a plan in one mode.

use super::{Status, args::RunArgs, finish, load};
use engine::Request;
use model::{Choice, Plan, Runtime};

/// Runs the plan; the exit status tells whether every execution succeeded.
pub fn run(args: RunArgs) -> Status {
    let mut loaded = load::load(args.shared.plan.as_deref()).map_err(|error| error.to_string())?;
    let plan = &mut loaded.file.plan;
    args.shared.apply_to(plan);
    plan.run.workers = args.workers.unwrap_or(plan.run.workers);
    let choice = choice(&args, plan)?;
    finish::measure_and_report(Request::run_in(loaded.into_plan(&[choice])?, choice), &args.shared)
}

/// The mode from the options, else from the plan, completed by the other options.
fn choice(args: &RunArgs, plan: &Plan) -> Result<Choice, String> {
    let Some(choice) = args.mode else {
        return Ok(Choice { start_method: args.shared.start_method, ..plan.choice() });
    };
    let options = [
        ("--start-method", choice.start_method.is_some() && args.shared.start_method.is_some()),
        ("--workers", choice.workers.is_some() && args.workers.is_some()),
        ("--python", matches!(choice.runtime, Runtime::Python(_)) && !args.shared.python.is_empty()),
    ];
    match options.into_iter().find(|(_, is_twice)| *is_twice) {
        Some((option, _)) => Err(format!("--mode {choice} and {option} say the same twice; leave one of them out")),
        None => Ok(Choice { start_method: choice.start_method.or(args.shared.start_method), ..choice }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::args::{Cli, Verb};
    use clap::Parser;

    fn of(words: &[&str]) -> Result<String, String> {
        let words = ["spawnscope", "run", "p.toml"].iter().chain(words);
        let Ok(Cli { verb: Some(Verb::Run(args)), .. }) = Cli::try_parse_from(words) else { panic!("no run") };
        choice(&args, &Plan::empty("p")).map(|choice| choice.to_string())
    }

    #[test]
    fn a_mode_may_say_how_it_starts_and_with_how_many_workers() {
        assert_eq!(of(&[]).as_deref(), Ok("threads"));
        assert_eq!(of(&["--mode", "processes:fork/4"]).as_deref(), Ok("processes:fork/4"));
        assert_eq!(of(&["--mode", "processes/4", "--start-method", "spawn"]).as_deref(), Ok("processes:spawn/4"));
        assert_eq!(
            of(&["--mode", "process-pool:spawn/2@python3.12"]).as_deref(),
            Ok("process-pool:spawn/2@python3.12")
        );
    }

    #[test]
    fn the_same_said_twice_is_refused() {
        for words in [
            ["threads/2", "--workers", "3"],
            ["processes:fork", "--start-method", "spawn"],
            ["threads@a", "--python", "b"],
        ] {
            let said = of(&[&["--mode"], &words[..]].concat()).expect_err("twice");
            assert!(said.contains(words[0]) && said.contains(words[1]), "{said}");
        }
    }
}
