//! The table of faults.

use rustix::process::Signal;

/// What is run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Builtin,
    Program,
    Python,
}

/// How it is launched.
#[derive(Debug)]
pub struct Setting {
    pub kind: Kind,
    pub mode: &'static str,
    pub method: Option<&'static str>,
    /// Whether an execution has a process of its own, which can end alone.
    pub own_process: bool,
}

const fn of(kind: Kind, mode: &'static str, method: Option<&'static str>, own_process: bool) -> Setting {
    Setting { kind, mode, method, own_process }
}

pub const SETTINGS: &[Setting] = &[
    of(Kind::Builtin, "sequential", None, false),
    of(Kind::Builtin, "threads", None, false),
    of(Kind::Builtin, "processes", Some("fork"), true),
    of(Kind::Builtin, "processes", Some("spawn"), true),
    of(Kind::Builtin, "thread-pool", None, false),
    of(Kind::Builtin, "process-pool", None, false),
    of(Kind::Program, "sequential", None, true),
    of(Kind::Program, "processes", None, true),
    of(Kind::Program, "process-pool", None, true),
    of(Kind::Python, "sequential", None, false),
    of(Kind::Python, "threads", Some("thread"), false),
    of(Kind::Python, "thread-pool", None, false),
    of(Kind::Python, "processes", Some("fork"), true),
    of(Kind::Python, "processes", Some("spawn"), true),
    of(Kind::Python, "processes", Some("forkserver"), true),
    of(Kind::Python, "process-pool", Some("fork"), false),
];

/// Which process gets a signal from outside, once an execution has begun.
#[derive(Clone, Copy, Debug)]
pub enum Whom {
    Host,
    Runner,
}

/// A fault: what the task does in each kind of target, which process gets which signal, and what must be reported.
#[derive(Debug)]
pub struct Row {
    pub name: &'static str,
    /// The arguments of the built-in target `fail`, or of `sleep`.
    pub builtin: Option<&'static str>,
    /// A shell script.
    pub program: Option<&'static str>,
    /// A function of `tests/data/faults.py`.
    pub python: Option<&'static str>,
    /// Whether there is a timeout of half a second.
    pub limited: bool,
    pub sent: Option<(Whom, Signal)>,
    /// The exit statuses that the host may have; none if a signal ends it.
    pub status: &'static [i32],
    /// How an execution with a process of its own may end, and how one without.
    pub own: &'static [&'static str],
    pub shared: &'static [&'static str],
}

/// The defaults of most rows.
const ROW: Row = Row {
    name: "",
    builtin: None,
    program: None,
    python: None,
    limited: false,
    sent: None,
    status: &[1],
    own: &[],
    shared: &[],
};

const SLEEP: &str = "target = \"sleep\"\nargs = { seconds = 600 }";
const CRASHED: &[&str] = &["signalled", "lost", "failed"];
const LONG: Row =
    Row { builtin: Some(SLEEP), program: Some("echo > \"$1\"; sleep 600 & wait"), python: Some("sleeps"), ..ROW };

pub const ROWS: &[Row] = &[
    Row {
        name: "an error, or an exit status",
        builtin: Some("target = \"fail\"\nargs = { kind = \"exit\" }"),
        program: Some("exit 3"),
        python: Some("raises"),
        own: &["failed", "exception"],
        shared: &["failed", "exception", "lost"],
        ..ROW
    },
    Row {
        name: "panics, or ends its process",
        builtin: Some("target = \"fail\"\nargs = { kind = \"panic\" }"),
        program: Some("kill -ABRT $$"),
        python: Some("exits"),
        own: &["failed", "panicked", "signalled"],
        shared: &["panicked", "failed", "lost"],
        ..ROW
    },
    Row {
        name: "segfault",
        builtin: Some("target = \"fail\"\nargs = { kind = \"segfault\" }"),
        program: Some("kill -SEGV $$"),
        python: Some("segfault"),
        own: &["signalled"],
        shared: CRASHED,
        ..ROW
    },
    Row {
        name: "kills itself",
        program: Some("kill -KILL $$"),
        python: Some("killed"),
        own: &["signalled"],
        shared: CRASHED,
        ..ROW
    },
    Row { name: "timeout", limited: true, own: &["timed-out"], shared: &["timed-out"], ..LONG },
    Row {
        name: "timeout, SIGTERM ignored",
        builtin: Some("target = \"fail\"\nargs = { kind = \"hang\" }"),
        program: Some("trap '' TERM INT HUP; while :; do sleep 1; done"),
        python: Some("deaf"),
        limited: true,
        own: &["timed-out"],
        shared: &["timed-out"],
        ..ROW
    },
    Row {
        name: "timeout, stopped by itself",
        program: Some("kill -STOP $$; sleep 600"),
        limited: true,
        own: &["timed-out"],
        ..ROW
    },
    Row {
        name: "timeout, a child in a session of its own",
        program: Some("setsid sleep 600 & sleep 600"),
        limited: true,
        own: &["timed-out"],
        ..ROW
    },
    Row {
        name: "timeout amid its own files",
        builtin: Some("target = \"file-create\"\nargs = { files = 100000000 }"),
        limited: true,
        own: &["timed-out"],
        shared: &["timed-out"],
        ..ROW
    },
    Row {
        name: "a child in a session of its own is left",
        program: Some("setsid sleep 600 </dev/null >/dev/null 2>&1 & exit 0"),
        python: Some("session"),
        status: &[0],
        own: &["success"],
        shared: &["success"],
        ..ROW
    },
    Row {
        name: "a child that holds stdout is left",
        program: Some("sleep 600 & exit 0"),
        python: Some("holds"),
        status: &[0],
        own: &["success"],
        shared: &["success"],
        ..ROW
    },
    Row {
        name: "4 MiB on stdout",
        builtin: Some("target = \"fail\"\nargs = { kind = \"flood\", bytes = 4194304 }"),
        program: Some("head -c 4194304 /dev/zero"),
        python: Some("floods"),
        status: &[0],
        own: &["success"],
        shared: &["success"],
        ..ROW
    },
    Row {
        name: "closes stdout and stderr",
        program: Some("exec >&- 2>&-; exit 0"),
        python: Some("closes"),
        status: &[0],
        own: &["success"],
        shared: &["success"],
        ..ROW
    },
    Row { name: "SIGKILL to the host", sent: Some((Whom::Host, Signal::KILL)), status: &[], ..LONG },
    Row {
        name: "SIGTERM to the host",
        sent: Some((Whom::Host, Signal::TERM)),
        status: &[130],
        own: &["cancelled"],
        shared: &["cancelled"],
        ..LONG
    },
    Row {
        name: "SIGINT to the host",
        sent: Some((Whom::Host, Signal::INT)),
        status: &[130],
        own: &["cancelled"],
        shared: &["cancelled"],
        ..LONG
    },
    Row {
        name: "SIGHUP to the host",
        sent: Some((Whom::Host, Signal::HUP)),
        status: &[130],
        own: &["cancelled"],
        shared: &["cancelled"],
        ..LONG
    },
    Row {
        name: "SIGKILL to the runner",
        sent: Some((Whom::Runner, Signal::KILL)),
        // A built-in target may not have begun when its runner exists.
        own: &["lost", "signalled", "cancelled", "could-not-start"],
        shared: &["lost", "signalled", "cancelled", "could-not-start"],
        ..LONG
    },
];
