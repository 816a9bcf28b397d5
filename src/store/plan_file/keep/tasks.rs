//! Writes the tasks of a plan in their present order, each with the text that it had.

use super::tables;
use model::Task;
use toml_edit::{Array, ArrayOfTables, DocumentMut, InlineTable, Item, Table, Value};

/// For each task of `now`, which task of `before` it was; `None` for a new one. As few tasks as possible count as changed.
pub fn sources(before: &[Task], now: &[Task]) -> Vec<Option<usize>> {
    let mut sources = vec![None; now.len()];
    let mut free: Vec<bool> = vec![true; before.len()];
    let alike: [fn(&Task, &Task) -> bool; 4] =
        [|a, b| a == b, |a, b| a.name == b.name && a.target == b.target, |a, b| a.target == b.target, |_, _| true];
    for (pass, alike) in alike.iter().enumerate() {
        for (place, task) in now.iter().enumerate().filter(|(place, _)| sources[*place].is_none()).collect::<Vec<_>>() {
            let is_it = |from: &usize| free.get(*from) == Some(&true) && alike(&before[*from], task);
            // In the last pass, a task that is like no other counts as the one that was in its place, and never as one from
            // elsewhere.
            let elsewhere = || (0..before.len()).find(is_it).filter(|_| pass < 3);
            let source = Some(place).filter(is_it).or_else(elsewhere);
            if let Some(from) = source {
                free[from] = false;
                sources[place] = source;
            }
        }
    }
    sources
}

/// Writes the tasks into the document; `from` and `to` are the tasks before and now in this program's own form.
pub fn write(document: &mut DocumentMut, sources: &[Option<usize>], from: &[Table], to: &[Table]) -> Option<()> {
    let moved = !sources.iter().flatten().is_sorted();
    match document.get_mut("task") {
        Some(Item::ArrayOfTables(there)) => {
            let old: Vec<Table> = there.iter().cloned().collect();
            let mut slots: Vec<isize> = old.iter().flat_map(positions).collect();
            let mut tables =
                placed(&old, sources, from, to, |table, from, to| tables::differences(table, from, to), fresh)?;
            if moved {
                slots.sort_unstable();
                let mut slots = slots.into_iter();
                tables.iter_mut().for_each(|table| place(table, &mut slots));
            }
            *there = tables.into_iter().collect::<ArrayOfTables>();
        }
        Some(Item::Value(Value::Array(there))) => {
            let old: Option<Vec<InlineTable>> = there.iter().map(|value| value.as_inline_table().cloned()).collect();
            let inline = |table: &Table| {
                let mut inline = table.clone().into_inline_table();
                inline.decor_mut().clear();
                inline
            };
            let tables = placed(
                &old?,
                sources,
                from,
                to,
                |table, from, to| tables::inline_differences(table, from, to),
                inline,
            )?;
            let mut array = Array::new();
            *array.decor_mut() = there.decor().clone();
            array.set_trailing(there.trailing().clone());
            array.set_trailing_comma(there.trailing_comma());
            for (table, source) in tables.into_iter().zip(sources) {
                match source {
                    Some(_) => array.push_formatted(Value::InlineTable(table)),
                    None => array.push(table),
                }
            }
            *there = array;
        }
        _ => {
            document.insert("task", Item::ArrayOfTables(to.iter().map(fresh).collect()));
        }
    }
    Some(())
}

/// Each task's table: its old one with the differences, or a new one.
fn placed<T: Clone>(
    old: &[T],
    sources: &[Option<usize>],
    from: &[Table],
    to: &[Table],
    write: fn(&mut T, &Table, &Table),
    new: impl Fn(&Table) -> T,
) -> Option<Vec<T>> {
    let table = |(source, to): (&Option<usize>, &Table)| match *source {
        Some(source) => {
            let mut table = old.get(source)?.clone();
            write(&mut table, from.get(source)?, to);
            Some(table)
        }
        None => Some(new(to)),
    };
    sources.iter().zip(to).map(table).collect()
}

fn fresh(table: &Table) -> Table {
    let mut table = table.clone();
    table.set_position(None);
    table.decor_mut().clear();
    table
}

/// The positions in the document of a table and the tables inside it.
fn positions(table: &Table) -> Vec<isize> {
    let inner = table.iter().filter_map(|(_, item)| item.as_table()).flat_map(positions);
    table.position().into_iter().chain(inner).collect()
}

/// Gives a table and the tables inside it the next positions, in order.
fn place(table: &mut Table, slots: &mut impl Iterator<Item = isize>) {
    if table.position().is_some() {
        table.set_position(slots.next());
    }
    let mut inner: Vec<&mut Table> = table.iter_mut().filter_map(|(_, item)| item.as_table_mut()).collect();
    inner.sort_by_key(|table| table.position());
    inner.into_iter().for_each(|table| place(table, slots));
}
