//! Interpreters × modes × ways to end: each execution has the expected outcome, and nothing is left running.

use super::{interpreters, interpreters::Found, of_task};
use crate::support::Folder;
use serde_json::Value;
use std::sync::atomic::{AtomicUsize, Ordering};

/// A mode with its start method, and whether each execution has a process of its own.
struct Mode {
    mode: &'static str,
    method: Option<&'static str>,
    kind: Kind,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// All executions in one process.
    Shared,
    /// One process per execution.
    Process,
    /// Processes of a pool.
    Pool,
    /// All in one process, each in an interpreter of its own. Arguments and results are sent to these as to processes.
    Interpreters,
}

impl Kind {
    /// Whether all executions end if one process ends.
    fn is_shared(self) -> bool {
        matches!(self, Self::Shared | Self::Interpreters)
    }
}

const MODES: [Mode; 13] = [
    Mode { mode: "sequential", method: Some("call"), kind: Kind::Shared },
    Mode { mode: "sequential", method: Some("run"), kind: Kind::Shared },
    Mode { mode: "threads", method: Some("thread"), kind: Kind::Shared },
    Mode { mode: "threads", method: Some("subclass"), kind: Kind::Shared },
    Mode { mode: "threads", method: Some("raw"), kind: Kind::Shared },
    Mode { mode: "thread-pool", method: None, kind: Kind::Shared },
    Mode { mode: "processes", method: Some("fork"), kind: Kind::Process },
    Mode { mode: "processes", method: Some("spawn"), kind: Kind::Process },
    Mode { mode: "processes", method: Some("forkserver"), kind: Kind::Process },
    Mode { mode: "process-pool", method: Some("fork"), kind: Kind::Pool },
    Mode { mode: "process-pool", method: Some("spawn"), kind: Kind::Pool },
    Mode { mode: "process-pool", method: Some("forkserver"), kind: Kind::Pool },
    Mode { mode: "interpreters", method: None, kind: Kind::Interpreters },
];

impl Mode {
    /// Whether an interpreter has this mode.
    fn is_of(&self, python: &Found) -> bool {
        match self.kind {
            Kind::Interpreters => python.minor >= 14 && !python.pypy,
            // PyPy 7.3's ProcessPoolExecutor has a bug with start methods other than fork.
            Kind::Pool => !python.pypy || self.method == Some("fork"),
            Kind::Shared | Kind::Process => true,
        }
    }

    /// Whether it is tried in every interpreter. A row takes some five seconds, and there are ten interpreters or more:
    /// the oldest, the newest, those without a GIL and PyPy get every mode, the others one mode of each kind.
    fn is_tried_everywhere(&self) -> bool {
        let one_of_each = [("threads", Some("thread")), ("processes", Some("spawn")), ("process-pool", Some("fork"))];
        one_of_each.contains(&(self.mode, self.method)) || self.kind == Kind::Interpreters
    }
}

const FUNCTIONS: &str = r#"
import ctypes, os, sys, time

def returns(x):
    return x * 2

def raises(x):
    raise ValueError("bad value %d" % x)

def exits(x):
    sys.exit(3)

def interrupts(x):
    raise KeyboardInterrupt

def floods(x):
    for _ in range(20000):
        print("x" * 99)
    print("end", end="")

def gives_a_lambda(x):
    return lambda: x

def takes(x):
    return 1

def os_exits(x):
    os._exit(4)

def segfaults(x):
    ctypes.CDLL(None).memset(ctypes.c_void_p(8), 0, 1)

def never_ends(x):
    while True:
        time.sleep(0.02)
"#;

/// The timeout of functions that never end. It counts from the launch, so that even on a busy machine an interpreter
/// must have reached the function within it.
const NEVER_ENDS_FOR: &str = "3s";

/// A plan of these functions, one execution each.
fn plan(functions: &[&str], timeout: &str) -> String {
    let mut plan = format!("schema = 1\n[run]\nrepeat = 1\nwarmup = 0\ntimeout = \"{timeout}\"\n");
    for function in functions {
        let arg = if *function == "takes" { "{ \"$py\" = \"lambda: 1\" }" } else { "21" };
        plan += &format!("[[task]]\ntarget = \"python:w.py:{function}\"\nargs = [{arg}]\n");
    }
    plan
}

/// How many rows are checked at the same time.
const ROWS_AT_ONCE: usize = 4;

struct Row<'a> {
    folder: &'a Folder,
    python: &'a Found,
    mode: &'a Mode,
}

impl Row<'_> {
    fn run(&self, name: &str) -> Value {
        let path = self.python.path.to_str().expect("UTF-8");
        let mut arguments = vec!["run", name, "--json", "--mode", self.mode.mode, "--python", path];
        arguments.extend(self.mode.method.iter().flat_map(|method| ["--start-method", *method]));
        let said = self.folder.run(&arguments);
        assert!(said.status == 0 || said.status == 1, "{}: {said:?}", self.name());
        said.json()
    }

    fn name(&self) -> String {
        format!("{} {} {:?}", self.python.path.display(), self.mode.mode, self.mode.method)
    }

    fn assert_kind(&self, document: &Value, task: &str, kind: &str) {
        let outcome = &of_task(document, task)["outcome"];
        assert_eq!(outcome["kind"], kind, "{}: {task}: {outcome}\n{document}", self.name());
    }

    fn assert_outcome(&self, document: &Value, task: &str, kind: &str, key: &str, value: i64) {
        self.assert_kind(document, task, kind);
        let outcome = &of_task(document, task)["outcome"];
        assert_eq!(outcome[key], value, "{}: {task}: {outcome}", self.name());
    }

    fn check(&self) {
        self.check_gentle();
        self.check_os_exit();
        self.check_segfault();
        self.check_never_ends();
    }

    fn check_gentle(&self) {
        let document = self.run("gentle.toml");
        self.assert_kind(&document, "returns", "success");
        assert_eq!(of_task(&document, "returns")["result"], 42, "{}", self.name());
        self.assert_kind(&document, "raises", "exception");
        let raised = of_task(&document, "raises");
        assert_eq!(raised["outcome"]["message"], "ValueError: bad value 21", "{}", self.name());
        let traceback = raised["traceback"].as_str().unwrap_or_default();
        assert!(traceback.contains("w.py") && traceback.contains("in raises"), "{}: {traceback}", self.name());
        assert!(!traceback.contains("spawnscope_runner"), "{}: {traceback}", self.name());
        self.assert_outcome(&document, "exits", "failed", "code", 3);
        self.assert_kind(&document, "interrupts", "exception");
        self.assert_kind(&document, "floods", "success");
        let output = &of_task(&document, "floods")["output"];
        assert_eq!(output["stdout_bytes"], 2_000_003, "{}", self.name());
        assert!(output["stdout_tail"].as_str().is_some_and(|tail| tail.ends_with("x\nend")), "{}", self.name());
        let by_pickle = matches!(self.mode.kind, Kind::Pool | Kind::Interpreters);
        self.assert_kind(&document, "gives_a_lambda", if by_pickle { "failed" } else { "success" });
        let pickled = by_pickle || matches!(self.mode.method, Some("spawn" | "forkserver"));
        self.assert_kind(&document, "takes", if pickled { "could-not-start" } else { "success" });
        self.check_gil(&document);
        let stamps = &of_task(&document, "returns")["stamps"];
        for stage in
            ["created_ns", "launch_called_ns", "launched_ns", "entered_ns", "left_ns", "exited_ns", "joined_ns"]
        {
            assert!(stamps[stage].is_u64(), "{}: {stage}: {stamps}", self.name());
        }
    }

    /// Checks that the document says whether there is a GIL, and that a free-threaded interpreter ran without it.
    fn check_gil(&self, document: &Value) {
        let facts = &document["runs"][0]["interpreter_facts"];
        assert_eq!(facts["free_threaded"], self.python.free_threaded, "{}: {facts}", self.name());
        assert_eq!(facts["gil_enabled"], !self.python.free_threaded, "{}: {facts}", self.name());
    }

    fn check_os_exit(&self) {
        let document = self.run("os_exits.toml");
        let kind = if self.mode.kind.is_shared() { "lost" } else { "failed" };
        self.assert_outcome(&document, "os_exits", kind, "code", 4);
        self.assert_entered(&document, "os_exits");
    }

    fn check_segfault(&self) {
        let document = self.run("segfaults.toml");
        let kind = if self.mode.kind.is_shared() { "lost" } else { "signalled" };
        self.assert_outcome(&document, "segfaults", kind, "signal", 11);
        self.assert_entered(&document, "segfaults");
        if self.mode.kind == Kind::Process {
            self.assert_kind(&document, "returns", "success");
        }
    }

    fn check_never_ends(&self) {
        let document = self.run("never_ends.toml");
        self.assert_kind(&document, "never_ends", "timed-out");
        self.assert_entered(&document, "never_ends");
    }

    /// Checks that the stamps up to its end are kept.
    fn assert_entered(&self, document: &Value, task: &str) {
        let stamps = &of_task(document, task)["stamps"];
        assert!(stamps["entered_ns"].is_u64() && stamps["left_ns"].is_null(), "{}: {stamps}", self.name());
    }
}

#[test]
fn every_way_to_end_has_its_outcome_in_every_interpreter_and_mode() {
    let folder = Folder::new();
    folder.write("w.py", FUNCTIONS);
    let gentle = ["returns", "raises", "exits", "interrupts", "floods", "gives_a_lambda", "takes"];
    folder.write("gentle.toml", plan(&gentle, "30s"));
    folder.write("os_exits.toml", plan(&["returns", "os_exits"], "30s"));
    folder.write("segfaults.toml", plan(&["returns", "segfaults"], "30s"));
    folder.write("never_ends.toml", plan(&["returns", "never_ends"], NEVER_ENDS_FOR));
    let thorough: Vec<_> = interpreters::thoroughly_tested().into_iter().map(|python| python.path).collect();
    let pythons = interpreters::all();
    let tried = |python: &Found, mode: &Mode| {
        mode.is_of(python) && (mode.is_tried_everywhere() || thorough.contains(&python.path))
    };
    let rows: Vec<Row<'_>> = pythons
        .iter()
        .flat_map(|python| MODES.iter().filter(|mode| tried(python, mode)).map(move |mode| (python, mode)))
        .map(|(python, mode)| Row { folder: &folder, python, mode })
        .collect();
    // A row mostly waits for functions that never end.
    let next = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for _ in 0..ROWS_AT_ONCE {
            scope.spawn(|| {
                while let Some(row) = rows.get(next.fetch_add(1, Ordering::Relaxed)) {
                    row.check();
                }
            });
        }
    });
    assert_eq!(left_behind(&folder), Vec::<String>::new());
}

/// The command lines of processes that still run in a folder.
fn left_behind(folder: &Folder) -> Vec<String> {
    let own = folder.path("").canonicalize().expect("a folder");
    let entries = std::fs::read_dir("/proc").expect("Linux has /proc").flatten();
    let processes = entries.filter(|entry| entry.file_name().to_str().is_some_and(|name| name.parse::<u32>().is_ok()));
    let there = processes.filter(|entry| entry.path().join("cwd").read_link().is_ok_and(|cwd| cwd == own));
    there.map(|entry| std::fs::read_to_string(entry.path().join("cmdline")).unwrap_or_default()).collect()
}
