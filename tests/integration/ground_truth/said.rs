//! What a document says about its executions, in absolute time.

use super::truth::On;
use serde_json::Value;

/// One execution as Spawnscope reports it; instants are nanoseconds of CLOCK_MONOTONIC.
pub struct Said {
    pub name: String,
    pub tid: u32,
    /// The time in the target.
    pub target: (u64, u64),
    /// When the call that launched it began.
    pub launch_called_ns: u64,
    /// The time in which slices are compared: from the launch to the join if the execution has its own thread,
    /// otherwise in the target.
    pub life: (u64, u64),
    /// Time on a CPU and ready, if reported.
    pub totals: Option<(u64, u64)>,
    /// The slices of its own thread.
    pub slices: Vec<On>,
}

/// The executions of a run; asserts that all succeeded.
pub fn executions(run: &Value, case: &str) -> Vec<Said> {
    let origin_ns = run["origin_ns"].as_u64().unwrap_or_else(|| panic!("{case}: no origin"));
    let mode = run["mode"].as_str().expect("a mode");
    let own = mode == "threads" || mode == "processes";
    let executions = run["executions"].as_array().expect("a list");
    assert!(!executions.is_empty());
    executions.iter().map(|execution| said(execution, origin_ns, own, case)).collect()
}

fn said(execution: &Value, origin_ns: u64, own: bool, case: &str) -> Said {
    let name = format!("{case}: {} #{}", execution["task"], execution["instance"]);
    assert_eq!(execution["outcome"]["kind"], "success", "{name}: {}", execution["outcome"]);
    let number = |value: &Value, what: &str| value.as_u64().unwrap_or_else(|| panic!("{name}: no {what}: {execution}"));
    let stamp = |key: &str| origin_ns + number(&execution["stamps"][key], key);
    let target = (stamp("entered_ns"), stamp("left_ns"));
    let launch_called_ns = stamp("launch_called_ns");
    Said {
        tid: number(&execution["tid"], "tid") as u32,
        target,
        launch_called_ns,
        life: if own { (launch_called_ns, stamp("joined_ns")) } else { target },
        totals: execution["states"]["on_cpu_ns"].as_u64().zip(execution["states"]["runnable_ns"].as_u64()),
        slices: slices(execution, origin_ns),
        name,
    }
}

/// The slices of its own thread, in order; adjoining pieces on the same core are merged.
fn slices(execution: &Value, origin_ns: u64) -> Vec<On> {
    let number = |value: &Value| value.as_u64().unwrap_or_else(|| panic!("no number: {execution}"));
    let mut slices: Vec<On> = Vec::new();
    let own = execution["slices"].as_array().into_iter().flatten().filter(|slice| slice["helper"] != true);
    for slice in own {
        let (from_ns, to_ns) = (origin_ns + number(&slice["from_ns"]), origin_ns + number(&slice["to_ns"]));
        let core = number(&slice["core"]) as u32;
        match slices.last_mut().filter(|last| last.to_ns == from_ns && last.core == core) {
            Some(last) => last.to_ns = to_ns,
            None => slices.push(On { from_ns, to_ns, core }),
        }
    }
    slices
}
