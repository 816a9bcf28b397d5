//! Writes a plan into the text from which it was read. What did not change stays, byte for byte, as do comments, order and
//! spacing.

mod line_ends;
mod tables;
mod tasks;

use super::{parse, to_toml};
use model::Plan;
use toml_edit::{DocumentMut, Item, Table};

/// How often the differences are written, at most: one change may need another (`repeat` alone also sets `precision`).
const MOST_PASSES: usize = 4;
const BYTE_ORDER_MARK: char = '\u{FEFF}';

/// The plan's file: `text` with the plan's differences; `name` is the file's. A new text where `text` can't be edited, since it
/// is empty or no plan.
pub(super) fn plan_text(text: &str, name: &str, plan: &Plan) -> String {
    if reads_as(text, name, plan) {
        return text.to_owned();
    }
    let marked = text.starts_with(BYTE_ORDER_MARK);
    let kept = edited(&line_ends::plain(text.trim_start_matches(BYTE_ORDER_MARK)), name, plan).map(|kept| {
        let kept = line_ends::restored(&kept, text);
        if marked { format!("{BYTE_ORDER_MARK}{kept}") } else { kept }
    });
    kept.filter(|kept| reads_as(kept, name, plan)).unwrap_or_else(|| to_toml(plan))
}

fn read(text: &str, name: &str, plan: &Plan) -> Option<Plan> {
    let read = parse(text, name, None).ok()?.plan;
    Some(Plan { folder: plan.folder.clone(), ..read })
}

fn reads_as(text: &str, name: &str, plan: &Plan) -> bool {
    read(text, name, plan).is_some_and(|read| read == *plan)
}

/// The text with the plan's differences, repeated until it reads as the plan.
fn edited(text: &str, name: &str, plan: &Plan) -> Option<String> {
    let mut text = text.to_owned();
    for _ in 0..MOST_PASSES {
        let before = read(&text, name, plan)?;
        if before == *plan {
            return Some(text);
        }
        let mut document: DocumentMut = text.parse().ok()?;
        write_differences(&mut document, &before, plan)?;
        text = document.to_string();
    }
    None
}

fn write_differences(document: &mut DocumentMut, before: &Plan, plan: &Plan) -> Option<()> {
    // Both plans in this program's own form: their differences there are all their differences.
    let (from, to): (DocumentMut, DocumentMut) = (to_toml(before).parse().ok()?, to_toml(plan).parse().ok()?);
    tables::value(document.as_table_mut(), "name", from.get("name"), to.get("name"));
    let (from_run, to_run) = (from.get("run")?.as_table()?, to.get("run")?.as_table()?);
    if before.run != plan.run {
        let run = document.entry("run").or_insert_with(first_table).as_table_like_mut()?;
        say_apart(run, to_run);
        tables::differences(run, from_run, to_run);
    }
    if before.tasks != plan.tasks {
        let canonical = |document: &DocumentMut| -> Option<Vec<Table>> {
            Some(document.get("task").and_then(Item::as_array_of_tables).into_iter().flatten().cloned().collect())
        };
        let sources = tasks::sources(&before.tasks, &plan.tasks);
        tasks::write(document, &sources, &canonical(&from)?, &canonical(&to)?)?;
    }
    Some(())
}

/// A table that is placed before all others.
fn first_table() -> Item {
    let mut table = Table::new();
    table.set_position(Some(-1));
    Item::Table(table)
}

/// Before one part of `mode = "processes:spawn/4"` changes, each part gets a key of its own.
fn say_apart(run: &mut dyn toml_edit::TableLike, to: &Table) {
    let mode = run.get("mode").and_then(Item::as_str).unwrap_or_default();
    if !mode.contains([':', '/', '@']) {
        return;
    }
    tables::value(run, "mode", None, to.get("mode"));
    for key in ["start_method", "workers", "python"].into_iter().filter(|key| to.contains_key(key)) {
        tables::value(run, key, None, to.get(key));
    }
}

#[cfg(test)]
mod tests;
