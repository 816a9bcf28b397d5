//! The words for slices and cores.

use super::CoreMoment;
use crate::timeline::range_text;
use model::{Execution, Measure, Owner, Run, Slice, SlicesSource, Stage, quantity::human_ns};

/// More owners than this are counted and not named.
const MOST_NAMED: usize = 4;

/// `primes #1`, `started by primes #1`, `the launcher`.
pub fn owner_text(run: &Run, owner: Owner) -> String {
    let label = |id: u32| run.executions.get(id as usize).map_or_else(|| format!("execution {id}"), Execution::label);
    match owner {
        Owner::Execution(id) => label(id),
        Owner::Helper(id) => format!("started by {}", label(id)),
        Owner::Launcher => "the launcher".to_owned(),
        Owner::Other => "another thread of the runner".to_owned(),
    }
}

/// `core 1, 12.310–14.812 ms: 2.50 ms`: to the microsecond; slices under ten microseconds to the nanosecond.
pub fn when_text(slice: &Slice) -> String {
    let length_ns = slice.to_ns - slice.from_ns;
    let (unit, digits, name) = if slice.to_ns < 10_000_000_000 { (1e6, 3, "ms") } else { (1e9, 6, "s") };
    let digits = if length_ns < 10_000 { digits + 3 } else { digits };
    let (from, to) = (slice.from_ns as f64 / unit, slice.to_ns as f64 / unit);
    format!("core {}, {from:.digits$}–{to:.digits$} {name}: {}", slice.core, human_ns(length_ns))
}

/// What followed a slice: `then ready: the CPU was taken from it`.
pub fn after_text(run: &Run, slice: &Slice) -> &'static str {
    if run.slices_source == Some(SlicesSource::Sampled) {
        return "what came after it was not seen";
    }
    let over = |id: u32| {
        let gone = run.executions.get(id as usize).and_then(|execution| execution.stamps.get(Stage::Exited));
        gone.is_some_and(|gone| gone <= slice.to_ns)
    };
    match slice.owner {
        _ if slice.preempted => "then ready: the CPU was taken from it",
        Owner::Execution(id) if over(id) => "then over",
        Owner::Execution(_) => "then blocked: it gave the CPU away",
        _ => "then blocked, or over: it gave the CPU away",
    }
}

/// How slices were measured: `by switch records`, `sampled at 100 Hz (an estimate)`.
pub fn source_text(run: &Run) -> String {
    match (run.slices_source, run.sampling) {
        (Some(SlicesSource::SwitchRecords), _) => "by switch records".to_owned(),
        (_, Some(sampling)) => format!("sampled at {:.0} Hz (an estimate)", sampling.reached_hz),
        (_, None) => "sampled (an estimate)".to_owned(),
    }
}

/// What a core did over a stretch: `core 0, 12–13 ms: 63 % busy; primes #1 40 %, primes #2 23 %`.
pub fn moment_text(run: &Run, core: u32, moment: &CoreMoment) -> String {
    let named = moment.owners.iter().take(MOST_NAMED);
    let named = named.map(|(owner, share)| format!("{} {:.0} %", owner_text(run, *owner), share * 100.0));
    let mut who = named.collect::<Vec<_>>().join(", ");
    if moment.owners.len() > MOST_NAMED {
        who += &format!(" and {} more", moment.owners.len() - MOST_NAMED);
    }
    let when = range_text(moment.from_ns, moment.to_ns);
    format!("core {core}, {when}: {:.0} % busy; {who}", moment.busy * 100.0)
}

/// Why a run has no slices, and how to get them, in one sentence.
pub fn why_none(run: &Run, measure: Measure) -> String {
    match (&run.slices_note, run.slices_source) {
        (Some(note), _) => note.clone(),
        (None, None) if measure < Measure::Slices => format!(
            "The plan asks to measure {measure} alone; set measure = \"slices\" in its [run] part (or --measure slices) \
             and run it again to see who was on which core."
        ),
        (None, _) if run.end.is_none() => "Slices come while the run goes on.".to_owned(),
        (None, Some(_)) => "Nothing of the run was seen on a core.".to_owned(),
        (None, None) => {
            "This run was recorded without slices; run its plan again to see who was on which core.".to_owned()
        }
    }
}
