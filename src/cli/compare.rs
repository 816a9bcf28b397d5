//! `spawnscope compare`: runs a plan in two or more modes, and says which is faster.

use super::{Status, args::CompareArgs, finish, load};
use engine::Request;

/// Compares the modes; the exit status tells whether every execution succeeded.
pub fn compare(args: CompareArgs) -> Status {
    let mut loaded = load::load(args.shared.plan.as_deref()).map_err(|error| error.to_string())?;
    args.shared.apply_to(&mut loaded.file.plan);
    loaded.file.plan.run.workers = args.workers.unwrap_or(loaded.file.plan.run.workers);
    let choices = args.modes.map_or_else(|| loaded.file.plan.to_compare(), Vec::from);
    let choices = args.shared.in_each_python(choices);
    let choices = args.shared.with_start_method(choices, &loaded.file.plan)?;
    let plan = loaded.into_plan(&choices)?;
    finish::measure_and_report(Request::compare(plan, choices), &args.shared)
}
