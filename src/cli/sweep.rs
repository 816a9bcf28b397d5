//! `spawnscope sweep`: runs a plan with several numbers of workers, or values of an argument.

use super::{Status, args::SweepArgs, finish, load};
use engine::{Request, naming};
use model::{Plan, SweepAxis};
use targets::check::check_sweep;

/// Sweeps; the exit status tells whether every execution succeeded.
pub fn sweep(args: SweepArgs) -> Status {
    let mut loaded = load::load(args.shared.plan.as_deref()).map_err(|error| error.to_string())?;
    args.shared.apply_to(&mut loaded.file.plan);
    let axis = axis(&args, &mut loaded.file.plan)?;
    let choices = args.modes.map_or_else(|| loaded.file.plan.to_compare(), Vec::from);
    let choices = args.shared.in_each_python(choices);
    let choices = args.shared.with_start_method(choices, &loaded.file.plan)?;
    let plan = loaded.into_plan(&choices)?;
    let axis = naming::named(&plan, &choices, axis);
    if let Some(problem) = check_sweep(&plan, &choices, &axis).into_iter().next() {
        return Err(problem.message);
    }
    finish::measure_and_report(Request::sweep(plan, choices, axis), &args.shared)
}

/// What to vary: as the command says, else as the plan says, else 1 to twice as many workers as cores. If an argument is
/// varied, `--workers` is the number of workers at every point.
fn axis(args: &SweepArgs, plan: &mut Plan) -> Result<SweepAxis, String> {
    let given = args.sweep.clone().or_else(|| match args.workers {
        Some(_) => None,
        None => plan.run.sweep.as_deref().cloned(),
    });
    match (given, &args.workers) {
        (Some(axis @ SweepAxis::Argument { .. }), Some(SweepAxis::Workers(workers))) => match workers[..] {
            [workers] => {
                plan.run.workers = workers;
                Ok(axis)
            }
            _ => Err(format!(
                "--workers has {} numbers beside --sweep; one thing is varied at a time, so name one number of workers",
                workers.len()
            )),
        },
        (Some(SweepAxis::Workers(_)), Some(_)) => {
            Err("--workers and --sweep both vary the workers; leave one of them out".to_owned())
        }
        (Some(axis), _) => Ok(axis),
        (None, Some(axis)) => Ok(axis.clone()),
        (None, None) => Ok(SweepAxis::usual_workers(std::thread::available_parallelism().map_or(1, usize::from))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::args::{Cli, Verb};
    use clap::Parser;

    fn of(words: &[&str], sweep: Option<&str>) -> (Result<String, String>, u32) {
        let words = ["spawnscope", "sweep", "p.toml"].iter().chain(words);
        let Ok(Cli { verb: Some(Verb::Sweep(args)), .. }) = Cli::try_parse_from(words) else { panic!("no sweep") };
        let mut plan = Plan::empty("p");
        plan.run.sweep = sweep.map(|text| Box::new(text.parse().expect("an axis")));
        let axis = axis(&args, &mut plan).map(|axis| axis.to_string());
        (axis, plan.run.workers)
    }

    #[test]
    fn the_command_comes_before_the_plan_and_the_plan_before_the_cores() {
        let plans = Some("primes.limit=1,2");
        assert_eq!(of(&["--workers", "1..3"], plans).0.as_deref(), Ok("workers=1,2,3"));
        assert_eq!(of(&["--sweep", "sleep.seconds=1,2"], plans).0.as_deref(), Ok("sleep.seconds=1,2"));
        assert_eq!(of(&[], plans).0.as_deref(), Ok("primes.limit=1,2"));
        assert!(of(&[], None).0.expect("an axis").starts_with("workers=1,2"));
    }

    #[test]
    fn one_thing_is_varied_at_a_time() {
        let beside = |workers| of(&["--sweep", "p.limit=1,2", "--workers", workers], None);
        assert_eq!(beside("4"), (Ok("p.limit=1,2".to_owned()), 4));
        assert!(beside("1,4").0.expect_err("two").contains("one thing is varied at a time"));
        assert!(of(&["--sweep", "workers=1,2", "--workers", "4"], None).0.is_err());
    }
}
