//! `spawnscope check`: whether a plan can be run, and every problem in it.

use super::{Status, args::CheckArgs, exit, load, load::Loaded, report, screen, trust};
use interpreters::{Consent, unasked_of};
use store::trusted_file;
use targets::check::check_sweep;

/// Says that the plan is fine, or lists its problems with their places. Executes nothing that the plan names.
pub fn check(args: &CheckArgs) -> Status {
    let loaded = match load::load(Some(&args.plan)) {
        Ok(loaded) => loaded,
        Err(error) => return Ok(refuse_all(error.lines())),
    };
    if args.trust {
        trust::remember(&loaded.file.plan, &trust::own_choices(&loaded.file.plan))?;
    }
    tell(&loaded)
}

/// The same for a plan that was read.
pub fn tell(loaded: &Loaded) -> Status {
    let plan = &loaded.file.plan;
    let choices = trust::own_choices(plan);
    let trusted = trusted_file::remembered();
    let mut problems = loaded.problems(&choices, Consent::Looking(&trusted));
    if let Some(axis) = plan.run.sweep.as_deref().filter(|_| problems.is_empty()) {
        problems = check_sweep(plan, &plan.to_compare(), axis).into_iter().map(|it| loaded.line(it)).collect();
    }
    if !problems.is_empty() {
        return Ok(refuse_all(&problems));
    }
    let unasked = unasked_of(plan, &choices, &trusted);
    let far = if unasked.is_empty() { "" } else { " as far as can be said without executing anything of it" };
    let mut lines = format!("{}: fine{far}: {}, {}\n", loaded.name, report::plan_words(plan), plan.run.mode);
    for file in unasked {
        let file = file.display();
        lines += &format!(
            "not asked yet: {file}, so its functions and arguments were not checked; run `spawnscope trust {file}` to \
             allow that, or `spawnscope check --trust`\n"
        );
    }
    screen::print(&lines)?;
    Ok(exit::SUCCESS)
}

/// The most problems that are listed.
const MOST_LISTED: usize = 100;

fn refuse_all(problems: &[String]) -> u8 {
    for problem in problems.iter().take(MOST_LISTED) {
        exit::refuse(problem);
    }
    if problems.len() > MOST_LISTED {
        let more = problems.len() - MOST_LISTED;
        exit::refuse(&format!("and {more} more; mend these first"));
    }
    exit::REFUSED
}
