//! One cell: causes a fault in one setting.

use super::table::{Kind, Row, Setting, Whom};
use crate::{
    support::{Folder, until},
    tree::{Mark, child_of, guard_of_run},
};
use rustix::process::{Pid, Signal, kill_process};
use std::{
    fmt::Write as _,
    process::{Child, Output, Stdio},
    time::Duration,
};

const FUNCTIONS: &str = include_str!("../../data/faults.py");

/// A fault in one setting.
pub struct Cell {
    pub row: &'static Row,
    pub setting: &'static Setting,
    /// The faulty task, in TOML.
    task: String,
    /// The interpreter, if it is a Python function.
    python: Option<String>,
    /// How long after the start of its receiver the signal is sent; absent if it is sent once the task has begun.
    pub moment: Option<Duration>,
}

/// The result of a cell.
pub struct Came {
    pub folder: Folder,
    pub mark: Mark,
    pub output: Output,
}

impl Cell {
    /// A cell, if the row has a fault for the setting.
    pub fn new(row: &'static Row, setting: &'static Setting, python: Option<&str>) -> Option<Self> {
        let task = match setting.kind {
            Kind::Builtin => row.builtin?.to_owned(),
            Kind::Program => {
                format!("target = \"program:sh\"\nargs = [\"-c\", '''{}''', \"sh\", \"BEGUN\"]", row.program?)
            }
            Kind::Python => format!("target = \"python:faults.py:{}\"\nargs = [\"BEGUN\"]", row.python?),
        };
        let python = python.filter(|_| setting.kind == Kind::Python).map(str::to_owned);
        Some(Self { row, setting, task, python, moment: None })
    }

    /// The same with another moment.
    pub fn at(&self, moment: Duration) -> Self {
        let (task, python) = (self.task.clone(), self.python.clone());
        Self { row: self.row, setting: self.setting, task, python, moment: Some(moment) }
    }

    /// `timeout, Program processes`.
    pub fn name(&self) -> String {
        let Setting { kind, mode, method, .. } = self.setting;
        let method = method.map(|method| format!(":{method}")).unwrap_or_default();
        let moment = self.moment.map(|moment| format!(" after {} µs", moment.as_micros())).unwrap_or_default();
        let python = self.python.as_ref().map(|python| format!(" of {python}")).unwrap_or_default();
        format!("{}, {kind:?} {mode}{method}{python}{moment}", self.row.name)
    }

    /// A harmless task and the faulty one, which is named after its folder.
    fn plan(&self, folder: &Folder) -> String {
        let mut plan = format!("schema = 1\n[run]\nmode = \"{}\"\nrepeat = 1\nwarmup = 0\n", self.setting.mode);
        for (key, value) in [("start_method", self.setting.method), ("python", self.python.as_deref())] {
            value.iter().for_each(|value| writeln!(plan, "{key} = \"{value}\"").expect("a text"));
        }
        if self.row.limited {
            plan += "timeout = \"500ms\"\n";
        }
        let beside = match self.setting.kind {
            Kind::Builtin => "target = \"primes\"\nargs = { limit = 10 }",
            Kind::Program => "target = \"program:true\"",
            Kind::Python => "target = \"python:faults.py:beside\"\nargs = [\"BEGUN\"]",
        };
        let begun = folder.path("begun").to_string_lossy().into_owned();
        let name = folder.path("").to_string_lossy().into_owned();
        let task = self.task.replace("BEGUN", &begun);
        let beside = beside.replace("BEGUN", &begun);
        plan + &format!("[[task]]\nname = \"beside\"\n{beside}\n[[task]]\nname = \"{name}\"\n{task}\n")
    }

    /// Causes the fault, and waits for the host's end.
    pub fn done(&self) -> Came {
        // The test has its turn already; waiting for a second one here would deadlock with a test that wants to be
        // alone.
        let (folder, mark) = (Folder::within_a_turn(), Mark::new());
        folder.write("faults.py", FUNCTIONS);
        folder.write("plan.toml", self.plan(&folder));
        std::fs::create_dir(folder.path("tmp")).expect("made");
        let mut command = folder.command(&["run", "plan.toml", "--json"]);
        mark.on(&mut command);
        command.env("TMPDIR", folder.path("tmp")).stdout(Stdio::piped()).stderr(Stdio::piped());
        let host = command.spawn().expect("it starts");
        if let Some((whom, signal)) = self.row.sent {
            self.send(&host, &folder, whom, signal);
        }
        let output = host.wait_with_output().expect("it ends");
        Came { folder, mark, output }
    }

    fn send(&self, host: &Child, folder: &Folder, whom: Whom, signal: Signal) {
        // A built-in target prints nothing, so the signal is sent once its runner exists, which is a different moment.
        let runner = || child_of(child_of(guard_of_run(host.id())?.0)?);
        match (self.moment, self.setting.kind, whom) {
            (Some(moment), _, Whom::Host) => std::thread::sleep(moment),
            (Some(moment), ..) => {
                until("the runner", || runner().is_some());
                std::thread::sleep(moment);
            }
            (None, Kind::Builtin, _) => until("the runner", || runner().is_some()),
            (None, ..) => until("the fault's moment", || folder.path("begun").exists()),
        }
        let pid = match whom {
            Whom::Host => Some(host.id()),
            Whom::Runner => runner(),
        };
        let pid = pid.and_then(|pid| Pid::from_raw(i32::try_from(pid).ok()?)).expect("it is there");
        kill_process(pid, signal).expect("it is there");
    }
}
