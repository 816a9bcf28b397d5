//! Tasks whose own threads and processes do the work.

use super::*;
use model::{Member, MemberKind, OwnWork, SlicesSource};

/// What must not be said beside it: that executions wait, are locked, or crowd the cores themselves.
const FALSE_BESIDE: [&str; 6] =
    [waiting::ID, lock::ID, at_once::ID, oversubscription::ID, memory::ID, interpreter_lock::ID];

fn member(tid: u32, kind: MemberKind, on_cpu_ns: u64, name: Option<&str>) -> Member {
    let pid = if kind == MemberKind::Process { tid } else { 1 };
    let states = States { on_cpu_ns, ..States::default() };
    let name = name.map(Into::into);
    Member {
        pid,
        tid,
        parent_tid: 1,
        kind,
        name,
        born_ns: 0,
        ended_ns: Some(1),
        max_rss_bytes: None,
        spun_ns: 0,
        states,
    }
}

/// Two in flight, each mostly blocked by its own states, with so many members that take as much CPU time as it is in
/// its target.
fn helped(kind: MemberKind, each: u32, name: Option<&str>) -> Experiment {
    let mut experiment = experiment(4, 2, &[Threads, Processes], |_, execution| {
        let length = execution.stamps.in_target_ns().unwrap_or(0);
        did(execution, [0.01, 0.0, 0.0, 0.29, 0.2, 0.1, 0.0, 0.4]);
        execution.members = (0..each).map(|n| member(100 + n, kind, length, name)).collect();
        let (threads, processes) = if kind == MemberKind::Thread { (each, 0) } else { (0, each) };
        let on_cpu_ns = length * u64::from(each);
        let own = OwnWork { threads, processes, most_at_once: each, on_cpu_ns, ..OwnWork::default() };
        execution.own = Some(Box::new(own));
    });
    experiment.runs.iter_mut().for_each(|run| run.slices_source = Some(SlicesSource::SwitchRecords));
    experiment.machine.logical_cores = 2;
    experiment
}

#[test]
fn the_work_of_members_is_the_first_reason_and_nothing_false_stands_beside_it() {
    let experiment = helped(MemberKind::Process, 1, Some("sha256sum"));
    let found = finding(&experiment, own_threads::ID);
    sound(&experiment, &found);
    assert_eq!(ids(&experiment).first().map(String::as_str), Some(own_threads::ID));
    assert!(!ids(&experiment).iter().any(|id| FALSE_BESIDE.contains(&id.as_str())), "{:?}", ids(&experiment));
    assert!(found.sentence.contains("1 process of its own (sha256sum)"), "{}", found.sentence);
    assert!(found.sentence.contains("wait for them during 40 % of the time"), "{}", found.sentence);
    assert!(found.advice.contains("as many at once as there are cores (2)"), "{}", found.advice);
}

/// The execution takes a good part of each member's CPU time before it waits for them.
#[test]
fn who_waits_for_its_own_is_none_that_computes_beside_them() {
    let mut experiment = helped(MemberKind::Process, 2, None);
    for execution in experiment.runs.iter_mut().flat_map(|run| &mut run.executions) {
        did(execution, [0.45, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.55]);
    }
    let found = finding(&experiment, own_threads::ID);
    assert!(found.sentence.contains(" 2 compute for each execution"), "{}", found.sentence);
    assert!(found.advice.contains("give each fewer processes"), "{}", found.advice);
}

#[test]
fn a_program_is_never_a_thread() {
    let mut experiment = helped(MemberKind::Process, 1, Some("sort"));
    assert!(finding(&experiment, own_threads::ID).advice.contains("threads start them as well"));
    experiment.plan.tasks.iter_mut().for_each(|task| task.target = model::Target::parse("program:sh"));
    assert!(!finding(&experiment, own_threads::ID).advice.contains("threads start them as well"));
}

#[test]
fn who_fills_the_cores_alone_is_told_so_and_libraries_by_their_variables() {
    let mut experiment = helped(MemberKind::Thread, 2, None);
    let found = finding(&experiment, own_threads::ID);
    assert!(
        found.sentence.contains("2 compute for each execution and 2 are in flight: 4 on 2 cores"),
        "{}",
        found.sentence
    );
    assert!(!found.advice.contains("NUM_THREADS"), "{}", found.advice);
    for run in &mut experiment.runs {
        run.interpreter_facts = Some(model::InterpreterFacts {
            executable: "/usr/bin/python3".into(),
            implementation: "CPython".to_owned(),
            version: "3.13.0".to_owned(),
            free_threaded: false,
            gil_enabled: Some(true),
            thread_libraries: vec!["openblas".to_owned(), "unheard".to_owned()],
        });
    }
    let found = finding(&experiment, own_threads::ID);
    assert!(found.advice.contains("`OPENBLAS_NUM_THREADS = \"1\"`"), "{}", found.advice);
}

#[test]
fn a_little_help_and_what_nothing_records_are_not_told() {
    let mut experiment = helped(MemberKind::Thread, 1, None);
    experiment.runs.iter_mut().for_each(|run| run.slices_source = Some(SlicesSource::Sampled));
    assert!(!ids(&experiment).contains(&own_threads::ID.to_owned()), "nobody counted them");
    let mut experiment = helped(MemberKind::Thread, 1, None);
    for execution in experiment.runs.iter_mut().flat_map(|run| &mut run.executions) {
        did(execution, [0.9, 0.1, 0.0, 0.0, 0.0, 0.0, 0.0]);
        let on_cpu_ns = execution.stamps.in_target_ns().unwrap_or(0) / 10;
        execution.own = Some(Box::new(OwnWork { threads: 1, on_cpu_ns, ..OwnWork::default() }));
        execution.members.clear();
    }
    assert!(!ids(&experiment).contains(&own_threads::ID.to_owned()), "a tenth is little");
}
