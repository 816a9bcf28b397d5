//! Traces a command with `perf sched record`.

use super::truth::Truth;
use crate::support::{Folder, command, required};
use serde_json::Value;
use std::{
    path::Path,
    process::{Command, Output},
};

/// Mounts the kernel's trace files for the command alone, if they are not mounted, and records every switch of the
/// machine.
const RECORD: &str = r#"
[ -e /sys/kernel/tracing/events ] || mount -t tracefs tracefs /sys/kernel/tracing || exit 97
data=$1 out=$2; shift 2
exec perf sched record -m 4M -k CLOCK_MONOTONIC --switch-events \
    -e sched:sched_wakeup -e sched:sched_process_exit -o "$data" -- sh -c 'out=$1; shift; exec "$@" >"$out"' sh "$out" "$@"
"#;

/// A perf that can trace switches here.
pub struct Perf(());

impl Perf {
    /// None, and a printed reason, if the user is not root or perf can't trace; a failure if everything is required.
    pub fn here(folder: &Folder) -> Option<Self> {
        // SAFETY: only asks for the user's id.
        if unsafe { libc::geteuid() } != 0 {
            return required("the kernel's trace needs root");
        }
        match unshared(folder, "true", &[]) {
            Ok(output) if output.status.success() => Some(Self(())),
            Ok(output) => required(&format!("perf can't trace: {}", String::from_utf8_lossy(&output.stderr))),
            Err(error) => required(&format!("unshare and perf are needed: {error}")),
        }
    }

    /// The document of a run of Spawnscope, and its trace.
    pub fn record(&self, folder: &Folder, arguments: &[&str]) -> (Value, Truth) {
        let program = command(Path::new("/")).get_program().to_str().expect("UTF-8").to_owned();
        let (said, truth) = self.trace(folder, &program, arguments);
        (serde_json::from_str(&said).unwrap_or_else(|error| panic!("no document ({error}): {said}")), truth)
    }

    /// What a command printed on stdout, and the trace of the machine meanwhile.
    pub fn trace(&self, folder: &Folder, program: &str, arguments: &[&str]) -> (String, Truth) {
        let output = unshared(folder, program, arguments).expect("perf runs");
        assert!(output.status.success(), "{program} {arguments:?}: {output:?}");
        let said = std::fs::read_to_string(folder.path("out")).expect("written");
        let script = Command::new("perf")
            .args([
                "script",
                "--show-lost-events",
                "--show-switch-events",
                "--ns",
                "-F",
                "tid,cpu,time,event,trace",
                "-i",
            ])
            .arg(folder.path("data"))
            .output()
            .expect("perf runs");
        assert!(script.status.success(), "{script:?}");
        let text = String::from_utf8_lossy(&script.stdout);
        assert!(!text.contains("PERF_RECORD_LOST"), "the trace has holes: give perf more room");
        (said, Truth::of(&text))
    }
}

/// Runs a command under perf, in a mount namespace of its own and without a display.
fn unshared(folder: &Folder, program: &str, arguments: &[&str]) -> std::io::Result<Output> {
    let mut unshare = Command::new("unshare");
    unshare.args(["-m", "sh", "-c", RECORD, "sh"]).arg(folder.path("data")).arg(folder.path("out"));
    unshare.arg(program).args(arguments).current_dir(folder.path("")).env_remove("DISPLAY").output()
}
