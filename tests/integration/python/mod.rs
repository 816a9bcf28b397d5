//! Python functions, in every interpreter found and in every mode.

mod bad_input;
mod exit_codes;
pub mod interpreters;
mod main_lane;
mod pyperformance;
mod sending;
mod table;

use serde_json::Value;

/// The executions of the first run.
fn executions(document: &Value) -> &Vec<Value> {
    document["runs"][0]["executions"].as_array().unwrap_or_else(|| panic!("no executions: {document}"))
}

/// The executions of one task.
pub fn of_task<'a>(document: &'a Value, task: &str) -> &'a Value {
    let found = executions(document).iter().find(|execution| execution["task"] == task);
    found.unwrap_or_else(|| panic!("no task {task}: {document}"))
}
