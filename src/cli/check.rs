//! `spawnscope check`: whether a plan can be run, and every problem that it has.

use super::{Status, args::CheckArgs, exit, load, report, screen};

/// Says that the plan is fine, or each of its problems with its place.
pub fn check(args: &CheckArgs) -> Status {
    let loaded = match load::load(Some(&args.plan)) {
        Ok(loaded) => loaded,
        Err(error) => return Ok(refuse_all(error.lines())),
    };
    let plan = &loaded.file.plan;
    let problems = loaded.problems(&[plan.choice()]);
    if !problems.is_empty() {
        return Ok(refuse_all(&problems));
    }
    screen::print(&format!("{}: fine: {}, {}\n", loaded.name, report::plan_words(plan), plan.run.mode))?;
    Ok(exit::SUCCESS)
}

fn refuse_all(problems: &[String]) -> u8 {
    problems.iter().map(|problem| exit::refuse(problem)).max().unwrap_or(exit::REFUSED)
}
