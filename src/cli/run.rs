//! `spawnscope run`: a plan in one mode.

use super::{Status, args::RunArgs, finish, load};
use crate::{engine::Request, model::Choice};

/// Runs the plan; the exit status tells whether every execution succeeded.
pub fn run(args: RunArgs) -> Status {
    let mut loaded = load::load(args.shared.plan.as_deref()).map_err(|error| error.to_string())?;
    let plan = &mut loaded.file.plan;
    args.shared.apply_to(plan);
    plan.run.workers = args.workers.unwrap_or(plan.run.workers);
    plan.run.mode = args.mode.unwrap_or(plan.run.mode);
    let choice = Choice { start_method: args.shared.start_method, ..plan.choice() };
    finish::measure_and_report(Request::run_in(loaded.into_plan(&[choice])?, choice), &args.shared)
}
