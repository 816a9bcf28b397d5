//! `spawnscope new`: a plan to start from.

use super::{Status, args::NewArgs, exit, screen};
use starters::{self, Starter};
use std::path::Path;
use store::plan_file::quoted;

const TEMPLATE: &str = include_str!("../../resources/new-plan.toml");
const TEMPLATE_NAME: &str = "name = \"My plan\"";

/// Prints the starter plan of this name; if there is none, a new plan with this name.
pub fn new(args: &NewArgs) -> Status {
    screen::print(&text(args.name.as_deref()))?;
    Ok(exit::SUCCESS)
}

fn text(name: Option<&str>) -> String {
    match name {
        None => template("My plan"),
        Some(name) => starter(name).map_or_else(|| template(name), |starter| starter.toml.to_owned()),
    }
}

fn starter(name: &str) -> Option<&'static Starter> {
    starters::all().iter().find(|starter| stem(starter) == name || starter.file == name || starter.title == name)
}

fn stem(starter: &Starter) -> &str {
    Path::new(starter.file).file_stem().and_then(|stem| stem.to_str()).unwrap_or(starter.file)
}

fn template(name: &str) -> String {
    let starters: Vec<_> = starters::all().iter().map(stem).collect();
    let named = TEMPLATE.replacen(TEMPLATE_NAME, &format!("name = {}", quoted(name)), 1);
    format!("{named}\n# Starter plans, printed by `spawnscope new NAME`: {}\n", starters.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use store::plan_file;
    use targets::check::check_plan;

    #[test]
    fn what_is_printed_is_a_good_plan() {
        for name in [None, Some("Zähler \"1\" \\ \n x")] {
            let plan = plan_file::parse(&text(name), "new.toml", None).expect("readable").plan;
            assert_eq!(plan.name, name.unwrap_or("My plan"));
            assert_eq!(check_plan(&plan, &[plan.choice()]), []);
        }
    }

    #[test]
    fn every_starter_is_printed_by_its_name() {
        for starter in starters::all() {
            assert_eq!(text(Some(stem(starter))), starter.toml);
            assert_eq!(text(Some(starter.file)), starter.toml);
        }
    }
}
