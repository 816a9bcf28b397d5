//! The words for the launcher's marks and for the row *GIL*.

use super::gil::{Gil, GilMoment};
use super::mark::Mark;
use model::{Execution, LaunchMode, MainKind, Run, Stage, StartMethod, quantity::human_ns};

/// More executions than this are counted and not named.
const MOST_NAMED: usize = 4;
/// Bins of several threads do not end at the same instant; only a sum above this means that two ran at once.
const ONE: f64 = 1.1;

/// A mark of the launcher's row in one sentence: `join() of t2: blocked 10.2 ms`.
pub fn mark_text(run: &Run, mark: &Mark) -> String {
    let execution = run.executions.get(mark.execution as usize);
    let label = execution.map_or_else(|| format!("execution {}", mark.execution), Execution::label);
    let length = human_ns(mark.to_ns - mark.from_ns);
    let (start, wait) = calls(run);
    match mark.kind {
        MainKind::Start => format!("{start} of {label}: {length}"),
        MainKind::Call if run.start_method == Some(StartMethod::Run) => {
            format!("{label}: run() called in the main thread, {length}")
        }
        MainKind::Call => format!("{label}: called in the main thread, {length}"),
        MainKind::Join => {
            let whom = if waits_for_any(run, mark) { "whichever ends first".to_owned() } else { label };
            let cut_off = message(run, mark).map(|message| format!("blocked {length}, {message}"));
            format!("{wait} of {whom}: {}", cut_off.unwrap_or_else(|| waited(execution, mark)))
        }
        MainKind::Lock => {
            format!("{label}: waited {length} on a lock of the runner: a raw thread has no join")
        }
        MainKind::JoinTimeout => {
            let what = message(run, mark).unwrap_or("the thread was still alive");
            format!("join(timeout) of {label}: returned after {length}, {what}")
        }
        MainKind::StartAgain => {
            let what = message(run, mark).map_or(length, str::to_owned);
            format!("second start() of {label}: {what}")
        }
        MainKind::Abandon => {
            let what = message(run, mark).unwrap_or("the run is over, and nobody joins a daemon thread");
            format!("{label} abandoned: {what}")
        }
    }
}

/// The calls with which the launcher starts an execution and waits for it.
fn calls(run: &Run) -> (&'static str, &'static str) {
    if run.interpreter.is_none() {
        return ("start", "join");
    }
    match run.mode {
        LaunchMode::ThreadPool | LaunchMode::ProcessPool | LaunchMode::Interpreters => ("submit()", "result()"),
        LaunchMode::Asyncio => ("create_task()", "await"),
        LaunchMode::Threads if run.start_method == Some(StartMethod::Raw) => ("start_new_thread()", "lock"),
        LaunchMode::Threads | LaunchMode::Processes | LaunchMode::Sequential => ("start()", "join()"),
    }
}

/// Whether the mark is the join that goes on now, in a wait for whichever execution ends first.
fn waits_for_any(run: &Run, mark: &Mark) -> bool {
    run.waits.is_some_and(|waits| waits.execution.is_none() && waits.since_ns == mark.from_ns)
}

/// The duration of a join, and whether there was anything to wait for.
fn waited(execution: Option<&Execution>, mark: &Mark) -> String {
    let length = human_ns(mark.to_ns - mark.from_ns);
    let stamp = |stage| execution.and_then(|execution| execution.stamps.get(stage));
    match (stamp(Stage::Exited), stamp(Stage::Joined)) {
        (_, None) => format!("blocked for {length} so far"),
        (Some(gone), _) if gone <= mark.from_ns => format!("it had ended before, returned after {length}"),
        _ => format!("blocked {length}"),
    }
}

/// The runner's message about a mark.
fn message<'a>(run: &'a Run, mark: &Mark) -> Option<&'a str> {
    let same = |other: &&model::MainMark| {
        (other.kind, other.execution, other.from_ns) == (mark.kind, mark.execution, mark.from_ns)
    };
    run.marks.iter().find(same)?.message.as_deref()
}

/// Who was running, in one sentence: `12.3–12.4 ms: count_down #1 ran 63 %, count_down #2 37 %; …`.
pub fn gil_text(run: &Run, gil: Gil, moment: &GilMoment) -> String {
    let when = range_text(moment.from_ns, moment.to_ns);
    let named = moment.running.iter().take(MOST_NAMED).enumerate().filter_map(|(at, (id, share))| {
        let label = run.executions.get(*id as usize)?.label();
        Some(format!("{label}{} {:.0} %", if at == 0 { " ran" } else { "" }, share * 100.0))
    });
    let mut who = named.collect::<Vec<_>>().join(", ");
    match moment.running.len() {
        0 => who = "nobody was on a CPU".to_owned(),
        all if all > MOST_NAMED => who += &format!(" and {} more", all - MOST_NAMED),
        _ => {}
    }
    let waiting = match gil {
        Gil::One if moment.waiting < 0.05 => "; nobody was waiting for the GIL".to_owned(),
        Gil::One if (moment.waiting - 1.0).abs() < 0.05 => "; 1.0 thread was waiting for the GIL".to_owned(),
        Gil::One => format!("; {:.1} threads were waiting for the GIL", moment.waiting),
        Gil::Several | Gil::Unseen | Gil::Off => String::new(),
    };
    let all: f64 = moment.running.iter().map(|(_, share)| share).sum();
    let released = match gil {
        Gil::One if all > ONE => "; more than one ran at once: the GIL was released",
        _ => "",
    };
    format!("{when}: {who}{waiting}{released}")
}

/// `12.3–12.4 ms`: enough digits to tell the ends apart.
pub fn range_text(from_ns: f64, to_ns: f64) -> String {
    const UNITS: [(f64, &str); 3] = [(1e9, "s"), (1e6, "ms"), (1e3, "µs")];
    let (unit, name) = UNITS.into_iter().find(|(unit, _)| to_ns >= *unit).unwrap_or((1.0, "ns"));
    let decimals = (unit / (to_ns - from_ns).max(1.0)).log10().ceil().clamp(0.0, 9.0) as usize;
    format!("{:.decimals$}–{:.decimals$} {name}", from_ns / unit, to_ns / unit)
}
