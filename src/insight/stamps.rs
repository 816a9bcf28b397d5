//! The stamps of an execution as a person reads them: in order of time, named by what was called.

use model::{Execution, LaunchMode, OutcomeKind, Run, Stage, StartMethod};

/// One stamp.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Told {
    /// What happened: `start() returned`.
    pub what: &'static str,
    /// When, in nanoseconds since the run's origin.
    pub ns: u64,
    /// How long after the call that launched it, in nanoseconds; negative before it, absent where nothing was called.
    pub since_call_ns: Option<i64>,
}

impl Told {
    /// `+0.052 ms`, `−1.204 ms`: how long after the launching call, with its sign; to the microsecond, because stamps are
    /// compared with each other.
    pub fn since_call(&self) -> Option<String> {
        let ns = self.since_call_ns?;
        let sign = if ns < 0 { "−" } else { "+" };
        Some(format!("{sign}{}", instant(ns.unsigned_abs())))
    }

    /// When, since the run's origin.
    pub fn at(&self) -> String {
        instant(self.ns)
    }
}

/// An instant to the microsecond: instants are compared with each other.
fn instant(ns: u64) -> String {
    if ns < 10_000_000_000 { format!("{:.3} ms", ns as f64 / 1e6) } else { format!("{:.6} s", ns as f64 / 1e9) }
}

/// The moments that are stamped, in their usual order.
const MOMENTS: [Moment; 8] = [
    Moment::At(Stage::Created),
    Moment::At(Stage::LaunchCalled),
    Moment::At(Stage::Launched),
    Moment::At(Stage::Entered),
    Moment::At(Stage::Left),
    Moment::At(Stage::Exited),
    Moment::JoinCalled,
    Moment::At(Stage::Joined),
];

#[derive(Clone, Copy, PartialEq)]
enum Moment {
    At(Stage),
    JoinCalled,
}

/// The stamps that an execution has, the earliest first. A thread may run before the call that made it returns: then
/// *function entered* stands before *start() returned*.
pub fn told(run: &Run, execution: &Execution) -> Vec<Told> {
    let called = execution.stamps.get(Stage::LaunchCalled);
    let mut all: Vec<Told> = MOMENTS
        .into_iter()
        .filter_map(|moment| {
            let ns = match moment {
                Moment::At(stage) => execution.stamps.get(stage),
                Moment::JoinCalled => execution.stamps.join_called(),
            }?;
            let since_call_ns = called.map(|called| ns.wrapping_sub(called) as i64);
            Some(Told { what: word(run, execution, moment)?, ns, since_call_ns })
        })
        .collect();
    all.sort_by_key(|told| told.ns);
    all
}

/// The words for a moment; `None` where this mode has no such event.
fn word(run: &Run, execution: &Execution, moment: Moment) -> Option<&'static str> {
    let [called, returned, gone, join_called, joined] =
        if run.interpreter.is_some() { python(run) } else { native(run, execution) };
    let what = match moment {
        Moment::At(Stage::Created) => "created",
        Moment::At(Stage::LaunchCalled) => called,
        Moment::At(Stage::Launched) => returned,
        Moment::At(Stage::Entered) => inside(run, execution)[0],
        Moment::At(Stage::Left) => inside(run, execution)[1],
        Moment::At(Stage::Exited) => gone,
        Moment::JoinCalled => join_called,
        Moment::At(Stage::Joined) => joined,
    };
    (!what.is_empty()).then_some(what)
}

/// Words for what a Python launcher does: start called, start returned, the end, join called, join returned.
fn python(run: &Run) -> [&'static str; 5] {
    let gone = if run.mode.isolates() { "process gone" } else { "thread gone" };
    match run.mode {
        LaunchMode::Sequential => ["called", "", "call over", "", "call returned"],
        LaunchMode::ThreadPool | LaunchMode::ProcessPool | LaunchMode::Interpreters => {
            ["submit() called", "submit() returned", "worker done with it", "result() called", "result() returned"]
        }
        LaunchMode::Asyncio => {
            ["create_task() called", "create_task() returned", "asyncio task done", "await called", "await returned"]
        }
        LaunchMode::Threads if run.start_method == Some(StartMethod::Raw) => {
            ["start_new_thread() called", "start_new_thread() returned", gone, "lock waited for", "lock had"]
        }
        LaunchMode::Threads | LaunchMode::Processes => {
            ["start() called", "start() returned", gone, "join() called", "join() returned"]
        }
    }
}

/// The same for built-in targets and programs.
fn native(run: &Run, execution: &Execution) -> [&'static str; 5] {
    let process = run.mode.isolates() || is_program(execution);
    match run.mode {
        LaunchMode::Sequential if !process => ["called", "", "call over", "", "call returned"],
        LaunchMode::ThreadPool | LaunchMode::ProcessPool if !is_program(execution) => {
            ["taken from the queue", "", "worker done with it", "result waited for", "result taken"]
        }
        _ if process && run.start_method == Some(StartMethod::Fork) && !is_program(execution) => {
            ["fork called", "fork returned", "process gone", "wait called", "wait returned"]
        }
        _ if process => ["spawn called", "spawn returned", "process gone", "wait called", "wait returned"],
        _ => ["spawn called", "spawn returned", "thread gone", "join called", "join returned"],
    }
}

/// Whether it is a program, of which only the process is known.
fn is_program(execution: &Execution) -> bool {
    execution.pid.is_some() && execution.tid.is_none()
}

/// Words for the first and the last instruction of the target.
fn inside(run: &Run, execution: &Execution) -> [&'static str; 2] {
    let kind = execution.outcome.as_ref().map(|outcome| outcome.kind);
    match (run.interpreter.is_some(), kind) {
        (true, Some(OutcomeKind::Exception)) => ["function entered", "function raised"],
        (true, Some(OutcomeKind::Success)) => ["function entered", "function returned"],
        (true, _) => ["function entered", "function left"],
        (false, _) if is_program(execution) => ["program began", "program ended"],
        (false, Some(OutcomeKind::Panicked)) => ["target entered", "target panicked"],
        (false, Some(OutcomeKind::Success)) => ["target entered", "target returned"],
        (false, _) => ["target entered", "target left"],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Builder;

    fn words(run: &Run) -> Vec<&'static str> {
        told(run, &run.executions[0]).iter().map(|told| told.what).collect()
    }

    /// A run of Python threads whose first one ran before `start()` returned.
    fn racing() -> Run {
        let experiment = Builder::compare("race").python("python3").makespans(LaunchMode::Threads, &[1.0]).build();
        let mut run = experiment.runs[0].clone();
        let stamps = &mut run.executions[0].stamps;
        [(Stage::Created, 1_000), (Stage::LaunchCalled, 2_000_000), (Stage::Entered, 2_030_000)]
            .into_iter()
            .chain([(Stage::Launched, 2_050_000)])
            .for_each(|(stage, ns)| stamps.set(stage, ns));
        run
    }

    #[test]
    fn stamps_are_in_order_of_time_with_their_sign_and_never_clamped() {
        let run = racing();
        let told = told(&run, &run.executions[0]);
        assert!(told.windows(2).all(|pair| pair[0].ns <= pair[1].ns), "{told:?}");
        let first: Vec<_> = told.iter().take(4).map(|one| (one.what, one.since_call().expect("called"))).collect();
        let expected = [
            ("created", "−1.999 ms"),
            ("start() called", "+0.000 ms"),
            ("function entered", "+0.030 ms"),
            ("start() returned", "+0.050 ms"),
        ];
        assert_eq!(first, expected.map(|(what, since)| (what, since.to_owned())));
        assert!(words(&run).contains(&"join() called") && words(&run).ends_with(&["join() returned"]));
    }

    #[test]
    fn each_way_of_launching_has_its_own_words() {
        let built = |mode| Builder::compare("w").makespans(mode, &[1.0]).build().runs[0].clone();
        assert!(words(&built(LaunchMode::Processes)).contains(&"fork returned"));
        assert!(words(&built(LaunchMode::Threads)).contains(&"thread gone"));
        let mut program = built(LaunchMode::ProcessPool);
        program.executions[0].tid = None;
        assert!(words(&program).contains(&"program began") && words(&program).contains(&"wait returned"));
        assert!(words(&built(LaunchMode::ThreadPool)).contains(&"result taken"));
        let pool = Builder::compare("p").python("python3").makespans(LaunchMode::ProcessPool, &[1.0]).build();
        assert!(words(&pool.runs[0]).contains(&"result() returned"));
    }
}
