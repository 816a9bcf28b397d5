//! `spawnscope targets`: lists the built-in targets with their args.

use super::{Status, args::TargetsArgs, exit, screen};
use serde_json::{Value, json};
use targets::{Param, ParamKind, TargetInfo, registry};

/// Prints the list, for people or as JSON.
pub fn targets(args: &TargetsArgs) -> Status {
    let text = if args.json { document().to_string() + "\n" } else { list() };
    screen::print(&text)?;
    Ok(exit::SUCCESS)
}

/// The targets, in the same groups as in the window.
fn list() -> String {
    let mut groups: Vec<_> = registry().iter().map(|target| target.group).collect();
    groups.sort_unstable();
    groups.dedup();
    let section = |group| {
        let targets = registry().iter().filter(|target| target.group == group).map(entry);
        format!("{}\n\n{}", group.title(), targets.collect::<Vec<_>>().join("\n"))
    };
    let sections: Vec<_> = groups.into_iter().map(section).collect();
    sections.join("\n") + "\nA program is a target too: target = \"program:xz\", args = [\"--version\"]\n"
}

fn entry(target: &TargetInfo) -> String {
    let params = target.params.iter().map(param_line);
    format!("  {}: {}\n{}", target.name, target.help, params.collect::<String>())
}

fn param_line(param: &Param) -> String {
    let unit = param.unit.map(|unit| format!(", in {unit}")).unwrap_or_default();
    let default = param.kind.default_json();
    format!("      {} = {default} ({}{unit}): {}\n", param.name, param.kind.range_text(), param.help)
}

fn document() -> Value {
    let targets: Vec<_> = registry().iter().map(target_json).collect();
    json!({ "schema": "spawnscope.targets/1", "targets": targets })
}

fn target_json(target: &TargetInfo) -> Value {
    let params: Vec<_> = target.params.iter().map(param_json).collect();
    json!({
        "name": target.name,
        "group": target.group.title(),
        "help": target.help,
        "result": target.result_help,
        "params": params,
    })
}

fn param_json(param: &Param) -> Value {
    let (kind, range) = match param.kind {
        ParamKind::Int { min, max, .. } => ("int", json!({ "min": min, "max": max })),
        ParamKind::Float { min, max, .. } => ("float", json!({ "min": min, "max": max })),
        ParamKind::Choice { options, .. } => ("choice", json!({ "options": options })),
    };
    json!({
        "name": param.name,
        "help": param.help,
        "unit": param.unit,
        "type": kind,
        "default": param.kind.default_json(),
        "range": range,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_target_and_every_parameter_is_listed() {
        let (list, document) = (list(), document());
        for (index, target) in registry().iter().enumerate() {
            assert!(list.contains(&format!("  {}: {}", target.name, target.help)));
            assert_eq!(document["targets"][index]["name"], target.name);
            assert_eq!(document["targets"][index]["params"].as_array().expect("list").len(), target.params.len());
            assert!(target.params.iter().all(|param| list.contains(&param_line(param))));
        }
    }
}
