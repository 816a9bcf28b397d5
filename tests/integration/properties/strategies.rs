//! Generated runs and events.

use proptest::{collection::vec, option, prelude::*};
use spawnscope::model::{
    Alive, Bin, BlockedTotals, Did, Execution, Interpreter, LaunchMode, MainKind, MainMark, Outcome, OutcomeKind,
    Output, OwnWork, Owner, Plan, Run, RunEnd, RunEvent, Sample, Sampling, Sending, Setting, Slice, Stage, StartMethod,
    States, Target, Task, Usage, event::Waits,
};
use std::sync::Arc;

/// Executions of each run.
pub const EXECUTIONS: u32 = 4;

/// Texts with characters that are special in tables, terminals, XML and CSV.
pub fn strings() -> BoxedStrategy<String> {
    let known = ["", "work", "=1+1", "a,\"b\"\n|c|", "\u{1b}[31m<b>&amp;\u{0}", "\u{202e}\u{feff}é", "`*_[x](y)"];
    prop_oneof![4 => proptest::sample::select(known.to_vec()).prop_map(str::to_owned), 1 => any::<String>()].boxed()
}

/// Instants and lengths: within a run of a second, and up to the greatest that a slot's word can hold.
fn ns() -> BoxedStrategy<u64> {
    prop_oneof![12 => 0..1_000_000_000u64, 2 => 0..20u64, 1 => 0..=spawnscope::model::MOST].boxed()
}

fn number() -> BoxedStrategy<u32> {
    prop_oneof![6 => 0..EXECUTIONS, 1 => any::<u32>()].boxed()
}

/// A run in which nothing has happened yet.
pub fn any_run() -> BoxedStrategy<Run> {
    let (mode, method) =
        (proptest::sample::select(&LaunchMode::ALL[..]), proptest::sample::select(&StartMethod::ALL[..]));
    (mode, option::of(method), any::<bool>(), 0..4u32, strings())
        .prop_map(|(mode, start_method, python, workers, name)| {
            let mut plan = Plan::empty("made up");
            let target = if python { "python:work.py:work" } else { "primes" };
            plan.tasks.push(Task { name, count: EXECUTIONS, ..Task::new(Target::parse(target)) });
            let interpreter = python.then(|| Interpreter::new("python3"));
            let setting = Setting { mode, workers, start_method, interpreter, argument: None };
            Run::new(0, &plan, setting, 0, false, "2026-01-31T10:20:30Z".to_owned())
        })
        .boxed()
}

/// Events in any order.
pub fn any_events() -> BoxedStrategy<Vec<RunEvent>> {
    vec(any_event(), 0..24).boxed()
}

fn any_event() -> BoxedStrategy<RunEvent> {
    prop_oneof![
        1 => number().prop_map(|pid| RunEvent::Runner { pid }),
        1 => ns().prop_map(|ns| RunEvent::Origin { ns }),
        1 => ns().prop_map(|ns| RunEvent::Now { ns }),
        8 => vec(execution(), 0..4).prop_map(RunEvent::Executions),
        2 => vec((number(), option::of(states()), option::of(number())), 0..3).prop_map(|did| {
            RunEvent::Did(did.into_iter().map(|(execution, states, migrations)| Did { execution, states, migrations }).collect())
        }),
        1 => vec(mark(), 0..3).prop_map(RunEvent::Marks),
        1 => option::of((ns(), option::of(number())))
            .prop_map(|waits| RunEvent::Waits(waits.map(|(since_ns, execution)| Waits { since_ns, execution }))),
        1 => vec((0..EXECUTIONS, bin()), 0..4).prop_map(RunEvent::Bins),
        2 => vec(slice(), 0..6).prop_map(RunEvent::Slices),
        1 => sample().prop_map(RunEvent::Sample),
        1 => output().prop_map(RunEvent::Output),
        1 => own().prop_map(|own| RunEvent::Members { members: Vec::new(), own }),
        1 => vec((ns(), 0..9u32, 0..9u32), 0..3).prop_map(|alive| {
            RunEvent::Alive(alive.into_iter().map(|(at_ns, processes, threads)| Alive { at_ns, processes, threads }).collect())
        }),
        1 => any::<bool>().prop_map(|sees_gil| {
            RunEvent::Sampling(Sampling { asked_hz: 100.0, reached_hz: 99.5, core_share: 0.01, sees_gil, lock_looks: None })
        }),
        1 => (option::of(ns()), option::of(ns()), any::<bool>(), option::of(strings()), option::of(ns())).prop_map(
            |(makespan_ns, ended_ns, complete, message, peak_memory_bytes)| RunEvent::Ended {
                makespan_ns,
                end: RunEnd { complete, message, ended_ns, peak_memory_bytes, ..RunEnd::default() },
            }
        ),
    ]
    .boxed()
}

fn execution() -> BoxedStrategy<Execution> {
    let stamps = vec(option::weighted(0.7, ns()), 8);
    let known = (option::of(outcome()), option::of(strings()), option::of(output()), option::of(usage()));
    let seen = (option::of(states()), option::of(own()), option::of(sending()), any::<bool>(), any::<bool>());
    let place = (0..EXECUTIONS, option::of(0..EXECUTIONS), option::of(number()));
    (place, stamps, known, seen, strings())
        .prop_map(|((id, lane, pid), stamps, known, seen, name)| {
            let (outcome, result, output, usage) = known;
            let (states, own, sending, queued, sorted) = seen;
            let mut execution = Execution::new(id, Arc::from(name.as_str()), 0, id);
            let mut stamps = stamps;
            if sorted {
                stamps.sort();
            }
            for (stage, ns) in Stage::ALL.into_iter().zip(&stamps) {
                ns.iter().for_each(|ns| execution.stamps.set(stage, *ns));
            }
            stamps[7].iter().for_each(|ns| execution.stamps.set_join_called(*ns));
            (execution.lane, execution.pid, execution.tid) = (lane, pid, pid);
            execution.queued = queued;
            execution.traceback = outcome.as_ref().and_then(|outcome: &Outcome| outcome.message.clone());
            execution.outcome = outcome;
            execution.result = result.map(Into::into);
            execution.output = output.map(Box::new);
            execution.usage = usage.map(Box::new);
            execution.states = states.map(Box::new);
            execution.own = own.map(Box::new);
            execution.sending = sending.map(Box::new);
            execution
        })
        .boxed()
}

fn outcome() -> BoxedStrategy<Outcome> {
    use OutcomeKind::*;
    let kinds = [Success, Failed, Signalled, Panicked, Exception, TimedOut, Cancelled, CouldNotStart, Lost, Abandoned];
    let parts = (proptest::sample::select(kinds.to_vec()), option::of(any::<i32>()), option::of(any::<i32>()));
    (parts, option::of(strings()))
        .prop_map(|((kind, code, signal), message)| Outcome { kind, code, signal, message: message.map(Into::into) })
        .boxed()
}

fn output() -> BoxedStrategy<Output> {
    (ns(), ns(), strings(), strings())
        .prop_map(|(stdout_bytes, stderr_bytes, stdout_tail, stderr_tail)| Output {
            stdout_bytes,
            stderr_bytes,
            stdout_tail,
            stderr_tail,
        })
        .boxed()
}

fn usage() -> BoxedStrategy<Usage> {
    (option::of(ns()), option::of(ns()), option::of(ns()), option::of(ns()))
        .prop_map(|(user_ns, system_ns, voluntary_switches, max_rss_bytes)| Usage {
            user_ns,
            system_ns,
            voluntary_switches,
            involuntary_switches: voluntary_switches,
            minor_faults: max_rss_bytes,
            major_faults: None,
            max_rss_bytes,
            migrations: None,
        })
        .boxed()
}

fn states() -> BoxedStrategy<States> {
    ([ns(), ns(), ns()], option::of([ns(), ns(), ns(), ns(), ns(), ns()]))
        .prop_map(|(of, blocked)| States {
            on_cpu_ns: of[0],
            runnable_ns: of[1],
            blocked_ns: of[2],
            blocked_on: blocked.map(BlockedTotals::of),
        })
        .boxed()
}

fn own() -> BoxedStrategy<OwnWork> {
    (0..9u32, 0..9u32, ns(), ns())
        .prop_map(|(threads, processes, on_cpu_ns, runnable_ns)| OwnWork {
            threads,
            processes,
            most_at_once: threads,
            on_cpu_ns,
            runnable_ns,
            spun_ns: 0,
            not_listed: 0,
        })
        .boxed()
}

fn sending() -> BoxedStrategy<Sending> {
    use spawnscope::model::sending::Span;
    let span = || option::of((ns(), ns()).prop_map(|(from_ns, to_ns)| Span { from_ns, to_ns }));
    ([span(), span(), span(), span()], option::of(ns()), option::of(ns()), option::of(ns()))
        .prop_map(|([pickled, unpickled, result_pickled, result_unpickled], bytes, worker_ready_ns, worker_free_ns)| {
            Sending {
                argument_bytes: bytes,
                pickled,
                worker_ready_ns,
                worker_free_ns,
                unpickled,
                result_bytes: bytes,
                result_pickled,
                result_unpickled,
            }
        })
        .boxed()
}

fn mark() -> BoxedStrategy<MainMark> {
    use MainKind::*;
    let kinds = [Start, Join, Call, Lock, JoinTimeout, StartAgain, Abandon];
    (proptest::sample::select(kinds.to_vec()), ns(), ns(), number(), option::of(strings()))
        .prop_map(|(kind, from_ns, to_ns, execution, message)| MainMark {
            from_ns: from_ns.min(to_ns),
            to_ns: from_ns.max(to_ns),
            kind,
            execution,
            message: message.map(Into::into),
        })
        .boxed()
}

fn bin() -> BoxedStrategy<Bin> {
    (ns(), ns(), [ns(), ns(), ns(), ns(), ns(), ns(), ns(), ns()])
        .prop_map(|(a, b, in_state_ns)| Bin { from_ns: a.min(b), to_ns: a.max(b), in_state_ns })
        .boxed()
}

/// Slices of one core come in order, as the engine sends them; [`spawnscope::model::Slices`] cuts the others.
fn slice() -> BoxedStrategy<Slice> {
    let owner = prop_oneof![
        (0..EXECUTIONS).prop_map(Owner::Execution),
        (0..EXECUTIONS).prop_map(Owner::Helper),
        Just(Owner::Launcher),
        Just(Owner::Other),
    ];
    (ns(), ns(), 0..4u32, owner, any::<bool>())
        .prop_map(|(from_ns, to_ns, core, owner, preempted)| Slice { from_ns, to_ns, core, owner, preempted })
        .boxed()
}

fn sample() -> BoxedStrategy<Sample> {
    (-1_000_000_000..1_000_000_000i64, 0..2_000_000_000i64, vec(0.0..1.0f32, 0..3))
        .prop_map(|(from_ns, to_ns, busy)| Sample { from_ns, to_ns, busy })
        .boxed()
}
