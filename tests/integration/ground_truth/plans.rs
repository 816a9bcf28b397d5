//! The plans that are traced: computing, sleeping, waiting for a lock, as built-in targets, programs and Python
//! functions.

use crate::support::Folder;
use std::process::{Child, Command, Stdio};

/// A plan in a mode.
pub struct Case {
    pub name: &'static str,
    plan: &'static str,
    mode: &'static str,
    method: Option<&'static str>,
    /// Whether the machine also has other work, for all of its cores.
    pub loaded: bool,
}

const fn case(name: &'static str, plan: &'static str, mode: &'static str, method: Option<&'static str>) -> Case {
    Case { name, plan, mode, method, loaded: false }
}

const CASES: [Case; 15] = [
    case("sequential", "mix.toml", "sequential", None),
    case("threads", "mix.toml", "threads", None),
    case("thread pool", "mix.toml", "thread-pool", None),
    case("processes, fork", "mix.toml", "processes", Some("fork")),
    case("processes, spawn", "mix.toml", "processes", Some("spawn")),
    case("process pool, fork", "mix.toml", "process-pool", Some("fork")),
    case("process pool, spawn", "mix.toml", "process-pool", Some("spawn")),
    Case { loaded: true, ..case("threads, loaded", "mix.toml", "threads", None) },
    Case { loaded: true, ..case("processes, loaded", "mix.toml", "processes", Some("fork")) },
    case("programs", "programs.toml", "processes", None),
    case("programs, at most 4", "programs.toml", "process-pool", None),
    case("Python threads", "python.toml", "threads", None),
    case("Python thread pool", "python.toml", "thread-pool", None),
    case("Python processes", "python.toml", "processes", Some("fork")),
    case("Python process pool", "python.toml", "process-pool", Some("fork")),
];

/// All cases; those of Python if there is an interpreter.
pub fn cases() -> Vec<Case> {
    let python = Command::new("python3").args(["-c", ""]).status().is_ok_and(|status| status.success());
    if !python {
        let _: Option<()> = crate::support::required("there is no python3");
    }
    CASES.into_iter().filter(|case| python || case.plan != "python.toml").collect()
}

/// Executions per plan.
pub const EXECUTIONS: usize = 110;

impl Case {
    pub fn is_of_programs(&self) -> bool {
        self.plan == "programs.toml"
    }

    pub fn arguments(&self) -> Vec<&str> {
        let mut arguments = vec!["run", self.plan, "--json", "--mode", self.mode];
        arguments.extend(self.method.iter().flat_map(|method| ["--start-method", *method]));
        arguments
    }
}

const HEAD: &str = "schema = 1\n[run]\nrepeat = 1\nwarmup = 0\nworkers = 4\ntimeout = \"60s\"\n";

/// Each switch adds some ten microseconds of uncertainty, so no execution has many.
const MIX: &str = r#"
[[task]]
target = "primes"
args = { limit = 60000 }
count = 40
[[task]]
target = "sleep"
args = { seconds = 0.006 }
count = 25
[[task]]
target = "shared-mutex"
args = { rounds = 30000 }
count = 25
[[task]]
target = "duty-cycle"
args = { seconds = 0.02 }
count = 20
"#;

const PROGRAMS: &str = r#"
[[task]]
name = "computes"
target = "program:sh"
args = ["-c", "i=0; while [ $i -lt 8000 ]; do i=$((i+1)); done"]
count = 40
[[task]]
target = "program:sleep"
args = ["0.01"]
count = 30
[[task]]
target = "program:gzip"
args = ["-kc", "data"]
count = 40
"#;

const PYTHON: &str = r#"
[[task]]
target = "python:w.py:computes"
args = [60000]
count = 40
[[task]]
target = "python:w.py:sleeps"
args = [0.006]
count = 30
[[task]]
target = "python:w.py:hashes"
args = [400]
count = 40
"#;

const FUNCTIONS: &str = "\
import hashlib, time

def computes(n):
    while n:
        n -= 1

def sleeps(seconds):
    time.sleep(seconds)

# Lets go of the GIL while it computes.
def hashes(kib):
    hashlib.sha256(bytes(kib * 1024)).digest()
";

/// Writes the plans and their files.
pub fn write(folder: &Folder) {
    for (name, tasks) in [("mix.toml", MIX), ("programs.toml", PROGRAMS), ("python.toml", PYTHON)] {
        folder.write(name, format!("{HEAD}{tasks}"));
    }
    folder.write("w.py", FUNCTIONS);
    folder
        .write("data", (0..200_000_u32).flat_map(|n| n.wrapping_mul(2_654_435_761).to_le_bytes()).collect::<Vec<_>>());
}

/// Four processes that only compute. They end when this is dropped, at the latest after two minutes of CPU time.
pub struct Spinners([Child; 4]);

impl Spinners {
    pub fn start() -> Self {
        let spin = |()| {
            let mut shell = Command::new("sh");
            shell.args(["-c", "ulimit -t 120; while :; do :; done"]).stdin(Stdio::null());
            shell.spawn().expect("a shell")
        };
        Self([(); 4].map(spin))
    }
}

impl Drop for Spinners {
    fn drop(&mut self) {
        for child in &mut self.0 {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}
