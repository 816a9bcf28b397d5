//! What must hold after any fault: the host ended with the right status, every outcome is reported, stamps are kept,
//! and no process and no file is left.

use super::cell::{Came, Cell};
use crate::support::until;
use serde_json::Value;
use std::{fs, panic::catch_unwind, path::Path};

/// Causes a cell's fault; on failure says what does not hold.
pub fn tried(cell: &Cell) -> Result<(), String> {
    let done = catch_unwind(std::panic::AssertUnwindSafe(|| {
        let came = cell.done();
        came.mark.assert_nobody_left(&cell.name());
        let name = came.folder.path("").to_string_lossy().into_owned();
        // A host that is killed before it has a guard leaves its folder; the next start removes it.
        if cell.moment.is_none() {
            until("nothing is left in memory", || !is_in_memory(&name));
        }
        until("nothing is left in the temporary folder", || is_empty(&came.folder.path("tmp")));
        if cell.moment.is_some() { told_early(&came) } else { told(cell, &came) }
    }));
    done.unwrap_or_else(|panic| {
        let text = panic.downcast_ref::<String>().cloned();
        Err(text.or(panic.downcast_ref::<&str>().map(|text| (*text).to_owned())).unwrap_or_default())
    })
}

/// Whether the request in a run's folder contains this task.
fn is_in_memory(task: &str) -> bool {
    let entries = fs::read_dir("/dev/shm").into_iter().flatten().flatten();
    let request = |path: &Path| fs::read_to_string(path.join("plan.json")).unwrap_or_default();
    entries.map(|entry| entry.path()).any(|path| request(&path).contains(task))
}

fn is_empty(folder: &Path) -> bool {
    fs::read_dir(folder).expect("a folder").next().is_none()
}

/// Checks the host's output after a signal at an arbitrary moment: it need not be complete, but what there is must be
/// valid.
fn told_early(came: &Came) -> Result<(), String> {
    let (status, stderr) = (came.output.status, String::from_utf8_lossy(&came.output.stderr));
    if status.success() || stderr.contains("panicked") {
        return Err(format!("{status}: {stderr}"));
    }
    if came.output.stdout.is_empty() {
        return Ok(());
    }
    let document: Value = serde_json::from_slice(&came.output.stdout).map_err(|error| format!("{error}: {stderr}"))?;
    let executions = document["runs"].as_array().into_iter().flatten().flat_map(|run| run["executions"].as_array());
    match executions.flatten().find(|execution| execution["outcome"]["kind"].is_null()) {
        Some(execution) => Err(format!("it has no outcome: {execution}")),
        None => Ok(()),
    }
}

/// Checks the host's output.
fn told(cell: &Cell, came: &Came) -> Result<(), String> {
    let (status, stderr) = (came.output.status, String::from_utf8_lossy(&came.output.stderr));
    if cell.row.status.is_empty() {
        return if status.code().is_none() { Ok(()) } else { Err(format!("{status}: {stderr}")) };
    }
    if !status.code().is_some_and(|code| cell.row.status.contains(&code)) {
        return Err(format!("{status}: {stderr}"));
    }
    let document: Value = serde_json::from_slice(&came.output.stdout).map_err(|error| format!("{error}: {stderr}"))?;
    let executions = document["runs"][0]["executions"].as_array().ok_or_else(|| format!("no executions: {stderr}"))?;
    let kind = |execution: &Value| execution["outcome"]["kind"].as_str().unwrap_or("none").to_owned();
    let allowed = if cell.setting.own_process { cell.row.own } else { cell.row.shared };
    let [beside, fault] = executions.as_slice() else { return Err(format!("not two executions: {document}")) };
    if !allowed.contains(&kind(fault).as_str()) {
        return Err(format!("it ended as {}: {}", kind(fault), fault["outcome"]));
    }
    // What the signal from outside interrupts depends on the moment; on a busy machine half a second may be over before
    // the execution began.
    let met = cell.row.sent.is_some();
    if cell.setting.own_process && !met && !cell.row.limited && kind(beside) != "success" {
        return Err(format!("the one beside it ended as {}", beside["outcome"]));
    }
    if !met && fault["stamps"]["launch_called_ns"].is_null() {
        return Err(format!("its stamps are lost: {}", fault["stamps"]));
    }
    Ok(())
}
