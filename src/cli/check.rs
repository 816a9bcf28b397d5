//! `spawnscope check`: whether a plan can be run, and every problem that it has.

use super::{Status, args::CheckArgs, exit, load, report, screen};
use crate::targets::check::check_sweep;

/// Says that the plan is fine, or each of its problems with its place.
pub fn check(args: &CheckArgs) -> Status {
    let loaded = match load::load(Some(&args.plan)) {
        Ok(loaded) => loaded,
        Err(error) => return Ok(refuse_all(error.lines())),
    };
    let plan = &loaded.file.plan;
    // What the plan itself says it is to be run in, alone or beside others.
    let mut choices = vec![plan.choice()];
    choices.extend(plan.run.compare.iter().filter(|choice| **choice != plan.choice()));
    let mut problems = loaded.problems(&choices);
    if let Some(axis) = plan.run.sweep.as_deref().filter(|_| problems.is_empty()) {
        problems = check_sweep(plan, &plan.to_compare(), axis).into_iter().map(|it| loaded.line(it)).collect();
    }
    if !problems.is_empty() {
        return Ok(refuse_all(&problems));
    }
    screen::print(&format!("{}: fine: {}, {}\n", loaded.name, report::plan_words(plan), plan.run.mode))?;
    Ok(exit::SUCCESS)
}

fn refuse_all(problems: &[String]) -> u8 {
    problems.iter().map(|problem| exit::refuse(problem)).max().unwrap_or(exit::REFUSED)
}
