//! Why executions did not succeed. A cause is listed once, with how many it struck, and with its mend (what to do about
//! it) where that is known.

use model::{Execution, LaunchMode, Outcome, OutcomeKind, Run};
use std::collections::HashMap;

/// The most places of one cause that are named.
const MOST_PLACES: usize = 4;

/// A cause, and the executions that it struck.
#[derive(Clone, Debug)]
pub struct Cause<'a> {
    /// The first execution that it struck, and its run.
    pub first: (&'a Run, &'a Execution),
    /// How many executions it struck.
    pub count: usize,
    /// The cause in one line: `exception: ValueError: bad`, with the places at which the executions were, where those
    /// are known.
    pub sentence: String,
    /// What to do about it, where that is known.
    pub mend: Option<&'static str>,
}

/// A part of a message, in lower case, and its mend. Each was tried: `cases::mends` runs a program that gets the
/// message, and the same program with the mend.
const MENDS: [(&str, &str); 24] = [
    (
        "semlock created in a fork context",
        "make locks and queues by multiprocessing.get_context() of the start method that the processes have, or start them by fork",
    ),
    ("only works in main thread", "set signal handlers in the main thread, before threads start"),
    (
        "daemonic processes are not allowed to have children",
        "start children from a process that is no daemon: those of ProcessPoolExecutor may have some, those of multiprocessing.Pool may not",
    ),
    (
        "objects created in a thread can only be used in that same thread",
        "open the connection in the function, so that each thread has its own",
    ),
    (
        "should only be shared between processes through inheritance",
        "give it to Process as an argument or to a pool by its initializer, or take one of multiprocessing.Manager()",
    ),
    ("bootstrapping phase", "put what starts processes under `if __name__ == \"__main__\":`"),
    (
        "context has already been set",
        "call set_start_method() once, under `if __name__ == \"__main__\":`, or use get_context()",
    ),
    ("no running event loop", "call it in a coroutine, or run that with asyncio.run() in the function"),
    (
        "no current event loop",
        "run the coroutine with asyncio.run() in the function: each thread needs a loop of its own",
    ),
    ("cannot be called from a running event loop", "await the coroutine in place of asyncio.run()"),
    (
        "changed size during iteration",
        "iterate over a copy (`list(…)`), or hold one lock wherever it is read and changed",
    ),
    ("mutated during iteration", "iterate over a copy (`list(…)`), or hold one lock wherever it is read and changed"),
    ("threads can only be started once", "make a new thread for each start"),
    ("can't start new thread", FEWER),
    ("too many open files", "set workers, so that fewer are in flight at once, and close what was opened"),
    ("database is locked", "let one execution write, or connect with a longer timeout"),
    ("address already in use", "give each execution a port of its own, or port 0"),
    ("can't pickle", PICKLE),
    ("can't get local object", PICKLE),
    ("cannot pickle", PICKLE),
    ("be pickled", PICKLE),
    ("the pool broke", "mend what ended that worker; a worker that dies takes all that its pool had to do with it"),
    ("memoryerror", FEWER),
    ("cannot allocate memory", FEWER),
];

/// For executions that need more than there is.
const FEWER: &str = "set workers, so that fewer are in flight at once";

const PICKLE: &str = "what goes to a process or comes back must be pickled: a `def` at the top level of its module, and data; \
                      no lambda, nested function, lock, open file or generator; threads need none of that";

/// Why executions did not succeed: the cause that struck the most comes first; equals come in order of appearance.
pub fn causes<'a>(executions: impl IntoIterator<Item = (&'a Run, &'a Execution)>) -> Vec<Cause<'a>> {
    let mut causes: Vec<(Cause<'a>, Vec<&'a str>)> = Vec::new();
    let mut known = HashMap::new();
    for (run, execution) in executions.into_iter().filter(|(_, execution)| execution.failed()) {
        let (key, sentence) = told(execution);
        let at = *known.entry(key).or_insert(causes.len());
        if at == causes.len() {
            let mend = mend_in(run, execution);
            causes.push((Cause { first: (run, execution), count: 0, sentence, mend }, Vec::new()));
        }
        let (cause, places) = &mut causes[at];
        cause.count += 1;
        let place = execution.outcome.as_ref().and_then(|outcome| outcome.message_and_place().1);
        places.extend(place.filter(|place| !places.contains(place) && places.len() <= MOST_PLACES));
    }
    let with_places = |(mut cause, places): (Cause<'a>, Vec<&str>)| {
        cause.sentence += &where_they_were(&places);
        cause
    };
    let mut causes: Vec<_> = causes.into_iter().map(with_places).collect();
    causes.sort_by_key(|cause| std::cmp::Reverse(cause.count));
    causes
}

/// `; shortly before they were at work.py:3, in f; work.py:9, in g`
fn where_they_were(places: &[&str]) -> String {
    match places {
        [] => String::new(),
        [place] => format!("; shortly before it was at {place}"),
        _ => {
            let more = if places.len() > MOST_PLACES { "; and elsewhere" } else { "" };
            format!("; shortly before they were at {}{more}", places[..places.len().min(MOST_PLACES)].join("; "))
        }
    }
}

/// The key that tells a cause from others, and its sentence. Messages that differ only in numbers (addresses, ids) or
/// in the place are of one cause.
fn told(execution: &Execution) -> (String, String) {
    let Some(outcome) = &execution.outcome else { return Default::default() };
    let sentence = Outcome { message: outcome.message_and_place().0.map(Box::from), ..*outcome }.sentence();
    let line = sentence.lines().next().unwrap_or_default().trim_end_matches('.').to_owned();
    let mut key = String::with_capacity(line.len());
    for letter in line.chars() {
        // `0x7f3a` is one number.
        let is_number =
            letter.is_ascii_digit() || (key.ends_with('#') && (letter == 'x' || letter.is_ascii_hexdigit()));
        match is_number {
            true if key.ends_with('#') => {}
            true => key.push('#'),
            false => key.push(letter),
        }
    }
    // Other than numbers in the message, exit statuses and signals make another cause.
    (format!("{:?} {:?} {:?} {key}", outcome.kind, outcome.code, outcome.signal), line)
}

/// The mend of an outcome in a run, where that is known.
pub fn mend_in(run: &Run, execution: &Execution) -> Option<&'static str> {
    // An execution that was alone in flight gains nothing from fewer in flight.
    let alone = run.executions.len() == 1 || run.workers == 1 || run.mode == LaunchMode::Sequential;
    mend_of(execution).filter(|mend| !(alone && *mend == FEWER))
}

/// The mend of an outcome, by its message.
pub fn mend_of(execution: &Execution) -> Option<&'static str> {
    let outcome = execution.outcome.as_ref()?;
    let told = matches!(
        outcome.kind,
        OutcomeKind::Exception | OutcomeKind::CouldNotStart | OutcomeKind::Lost | OutcomeKind::Failed
    );
    let message = outcome.message.as_deref().filter(|_| told)?.to_lowercase();
    MENDS.iter().find(|(part, _)| message.contains(part)).map(|(_, mend)| *mend)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Builder;
    use model::{Experiment, LaunchMode::Threads, Outcome};

    fn raised(messages: &[&str]) -> Experiment {
        let mut experiment =
            Builder::compare("t").executions(messages.len() as u32, 2).makespans(Threads, &[1.0]).build();
        for (execution, message) in experiment.runs[0].executions.iter_mut().zip(messages) {
            execution.outcome = Some(Outcome::with_message(OutcomeKind::Exception, *message));
        }
        experiment
    }

    fn all(experiment: &Experiment) -> Vec<Cause<'_>> {
        let run = &experiment.runs[0];
        causes(run.executions.iter().map(|execution| (run, execution)))
    }

    #[test]
    fn one_cause_is_one_line_with_its_count() {
        let experiment = raised(&[
            "ValueError: 7 is bad",
            "KeyError: 'x'",
            "ValueError: 12 is bad",
            "OSError: at 0x7fa0",
            "OSError: at 0x12bc",
        ]);
        let all = all(&experiment);
        let told: Vec<_> = all.iter().map(|cause| (cause.count, cause.first.1.id, cause.sentence.as_str())).collect();
        assert_eq!(
            told,
            [
                (2, 0, "exception: ValueError: 7 is bad"),
                (2, 3, "exception: OSError: at 0x7fa0"),
                (1, 1, "exception: KeyError: 'x'")
            ]
        );
        assert!(all.iter().all(|cause| cause.mend.is_none()));
    }

    #[test]
    fn one_alone_is_not_told_to_let_fewer_in_flight() {
        let mend = |experiment: &Experiment| all(experiment)[0].mend;
        let mut experiment = raised(&["MemoryError", "MemoryError"]);
        assert!(mend(&experiment).is_some_and(|mend| mend.contains("fewer")));
        experiment.runs[0].workers = 1;
        assert_eq!(mend(&experiment), None);
        assert_eq!(mend(&raised(&["MemoryError"])), None);
    }

    #[test]
    fn one_cause_at_several_places_is_one_line_with_its_places() {
        let late = |place| Outcome::message_at("over its limit of 2 s", place);
        let mut experiment = raised(&["", "", "", ""]);
        for (execution, place) in experiment.runs[0].executions.iter_mut().zip(["a.py:3", "a.py:9", "a.py:3"]) {
            execution.outcome = Some(Outcome::with_message(OutcomeKind::TimedOut, late(place)));
        }
        let all = all(&experiment);
        assert_eq!((all.len(), all[0].count), (2, 3));
        assert_eq!(all[0].sentence, "timed out: over its limit of 2 s; shortly before they were at a.py:3; a.py:9");
    }

    #[test]
    fn what_succeeded_has_no_cause() {
        let experiment = Builder::compare("t").makespans(Threads, &[1.0]).build();
        assert!(all(&experiment).is_empty());
    }

    #[test]
    fn known_messages_have_their_mend() {
        for (message, mend) in [
            (
                "RuntimeError: A SemLock created in a fork context is being shared with a process in a spawn context. This is not supported.",
                "get_context",
            ),
            ("ValueError: signal only works in main thread of the main interpreter", "main thread"),
            ("AssertionError: daemonic processes are not allowed to have children", "ProcessPoolExecutor"),
            (
                "sqlite3.ProgrammingError: SQLite objects created in a thread can only be used in that same thread.",
                "each thread",
            ),
            ("TypeError: cannot pickle '_thread.lock' object", "pickled"),
            ("AttributeError: Can't pickle local object 'f.<locals>.<lambda>'", "pickled"),
            ("RuntimeError: dictionary changed size during iteration", "copy"),
        ] {
            let experiment = raised(&[message]);
            let found = all(&experiment)[0].mend.unwrap_or_else(|| panic!("no mend for {message}"));
            assert!(found.contains(mend), "{found}");
        }
    }
}
