//! Slots written by a test: every order in which their words become visible, and every kind of false content.

use super::*;
use model::{LaunchMode, Outcome, OutcomeKind, Plan, Run, Setting, Target};
use os::ProcessEnd;
use protocol::slots::{SLOT_WORDS, Word};

const ORIGIN: i64 = 1_000;
const ENDED: RunnerEnd = RunnerEnd { end: ProcessEnd::Exited(0), reason: None };

struct Slots1 {
    _folder: tempfile::TempDir,
    slots: Slots,
    records: Records,
}

fn with(count: u32) -> Slots1 {
    let mut plan = Plan::empty("test");
    plan.tasks.push(Task { count, ..Task::new(Target::parse("sleep")) });
    let executions = Run::new(0, &plan, Setting::of(LaunchMode::ThreadPool), 0, false, String::new()).executions;
    let folder = tempfile::tempdir().expect("a folder");
    let slots = Slots::create(&folder.path().join("slots"), count as usize).expect("made");
    slots.set_head(Head::Origin, ORIGIN);
    slots.set_head(Head::Launched, i64::from(count));
    Slots1 { _folder: folder, slots, records: Records::new(executions, &plan.tasks) }
}

/// The executions that have changed since the last look.
fn scan(records: &mut Records, slots: &Slots, runner: Option<&RunnerEnd>) -> Vec<u32> {
    records.scan(slots, runner);
    records.take_changed()
}

/// Every word of an execution that returned 7, in the order in which it is written; *joined* comes last.
const WORDS: [(usize, i64); 9] = [
    (Stage::Created as usize, 1_000),
    (Stage::LaunchCalled as usize, 1_010),
    (Stage::Launched as usize, 1_030),
    (Word::Tid as usize, 77),
    (Stage::Entered as usize, 1_020),
    (Stage::Left as usize, 1_050),
    (Word::Verdict as usize, Reported::Returned as i64),
    (Stage::Exited as usize, 1_060),
    (Stage::Joined as usize, 1_090),
];

fn set(slot: Slot<'_>, word: usize, value: i64) {
    match Stage::ALL.get(word) {
        Some(stage) => slot.stamp(*stage, value),
        None => {
            const AFTER: [Word; 16] = [
                Word::JoinCalled,
                Word::Pid,
                Word::Tid,
                Word::Lane,
                Word::Verdict,
                Word::Result,
                Word::WaitStatus,
                Word::UserNs,
                Word::SystemNs,
                Word::Voluntary,
                Word::Involuntary,
                Word::MinorFaults,
                Word::MajorFaults,
                Word::MaxRss,
                Word::OnCpuNs,
                Word::RunnableNs,
            ];
            let known = AFTER.into_iter().find(|known| *known as usize == word);
            known.into_iter().for_each(|known| slot.set(known, value));
        }
    }
}

/// All permutations of this many things.
fn orders(count: usize) -> Vec<Vec<usize>> {
    if count == 0 {
        return vec![Vec::new()];
    }
    let put = |order: Vec<usize>, at: usize| [&order[..at], &[count - 1], &order[at..]].concat();
    orders(count - 1).into_iter().flat_map(|order| (0..count).map(move |at| put(order.clone(), at))).collect()
}

#[test]
fn whichever_order_words_become_visible_in_the_end_is_the_same_and_nothing_before_is_wrong() {
    let Slots1 { slots, records, _folder } = with(1);
    let slot = slots.slot(0);
    let mut wanted: Option<Execution> = None;
    for order in orders(WORDS.len() - 1) {
        (0..SLOT_WORDS).for_each(|word| set(slot, word, 0));
        let mut records = fresh(&records);
        for at in order {
            set(slot, WORDS[at].0, WORDS[at].1);
            let changed = scan(&mut records, &slots, None);
            for told in records.told(changed) {
                assert!(told.outcome.is_none(), "nobody has joined it");
                let is_true = |stage: &Stage| {
                    let stamped = WORDS.iter().find(|(word, _)| *word == *stage as usize).map(|(_, ns)| ns - ORIGIN);
                    told.stamps.get(*stage).is_none_or(|ns| Some(ns as i64) == stamped)
                };
                assert!(Stage::ALL.iter().all(is_true), "{told:?}");
            }
        }
        set(slot, WORDS[8].0, WORDS[8].1);
        let changed = scan(&mut records, &slots, None);
        let told = records.told(changed).pop().expect("it has ended");
        assert_eq!(told.outcome, Some(Outcome::success()));
        assert_eq!(*wanted.get_or_insert_with(|| told.clone()), told);
        assert!(scan(&mut records, &slots, Some(&ENDED)).is_empty(), "told once");
    }
}

fn fresh(like: &Records) -> Records {
    Records { result_kinds: like.result_kinds.clone(), ..Records::new(like.executions.clone(), &[]) }
}

/// What is reported about one execution whose slot holds these words, once its runner has ended.
fn told_of(words: &[(usize, i64)]) -> Execution {
    let Slots1 { slots, mut records, _folder } = with(1);
    let mut last = None;
    for (word, value) in words {
        set(slots.slot(0), *word, *value);
        let changed = scan(&mut records, &slots, None);
        last = records.told(changed).pop().or(last);
    }
    let changed = scan(&mut records, &slots, Some(&ENDED));
    records.told(changed).pop().or(last).expect("told")
}

fn kind(words: &[(usize, i64)]) -> OutcomeKind {
    told_of(words).outcome.expect("over").kind
}

#[test]
fn who_says_nothing_of_how_it_ended_is_no_success() {
    let (called, joined) = ((Stage::LaunchCalled as usize, 1_010), (Stage::Joined as usize, 1_090));
    assert_eq!(kind(&[]), OutcomeKind::Cancelled);
    assert_eq!(kind(&[called]), OutcomeKind::Lost);
    assert_eq!(kind(&[called, joined]), OutcomeKind::Lost);
    assert_eq!(kind(&[called, (Stage::Exited as usize, 1_050), joined]), OutcomeKind::Lost);
    for no_verdict in [13, 99, -1, i64::MIN, i64::MAX] {
        assert_eq!(kind(&[called, (Word::Verdict as usize, no_verdict), joined]), OutcomeKind::Lost, "{no_verdict}");
    }
    assert_eq!(kind(&[called, (Word::Verdict as usize, 1), (Word::WaitStatus as usize, 10)]), OutcomeKind::Signalled);
    let stampless = told_of(&[(Word::Verdict as usize, Reported::Returned as i64)]);
    assert_eq!((stampless.stamps.last(), stampless.states), (None, None));
}

#[test]
fn a_number_that_cannot_be_is_not_known() {
    let (called, joined) = ((Stage::LaunchCalled as usize, 1_010), (Stage::Joined as usize, 1_090));
    for number in [0, -1, i64::MIN, i64::MAX, 1 << 40] {
        let words = [Word::Pid, Word::Tid, Word::Lane].map(|word| (word as usize, number));
        let told = told_of(&[&[called], &words[..], &[joined]].concat());
        assert_eq!((told.pid, told.tid, told.lane), (None, None, None), "{number}");
    }
    let beyond = told_of(&[called, (Word::Lane as usize, 2), joined]);
    assert_eq!(beyond.lane, None, "one execution has one lane");
}

#[test]
fn what_was_used_is_never_more_than_fits() {
    for huge in [i64::MAX, i64::MIN, -5] {
        let counted = [Word::UserNs, Word::SystemNs, Word::Voluntary, Word::MaxRss, Word::OnCpuNs, Word::RunnableNs];
        let counted: Vec<_> = counted.into_iter().map(|word| (word as usize, huge)).collect();
        let told = told_of(&[&WORDS[..8], &counted, &WORDS[8..]].concat());
        let states = told.states.map(|states| states.on_cpu_ns + states.runnable_ns + states.blocked_ns);
        assert_eq!(states, (huge > 0).then_some(30), "from entered to left are 30 ns");
        assert!(told.usage.is_none(), "nobody can have used so much, nor less than nothing");
    }
}

#[test]
fn a_stamp_before_the_origin_is_unknown_and_not_at_the_origin() {
    let (created, called) = ((Stage::Created as usize, ORIGIN - 500), (Stage::LaunchCalled as usize, ORIGIN + 10));
    let joins = [(Word::JoinCalled as usize, ORIGIN - 1), (Stage::Joined as usize, ORIGIN + 90)];
    let stamps = told_of(&[&[created, called], &joins[..]].concat()).stamps;
    assert_eq!((stamps.get(Stage::Created), stamps.join_called()), (None, None));
    assert_eq!((stamps.get(Stage::LaunchCalled), stamps.get(Stage::Joined)), (Some(10), Some(90)));
}

#[test]
fn stamps_out_of_order_give_no_time() {
    let (called, joined) = ((Stage::LaunchCalled as usize, 1_010), (Stage::Joined as usize, 1_090));
    let (entered, left) = (Stage::Entered as usize, Stage::Left as usize);
    for (from, to) in [(1_050, 1_020), (i64::MAX, i64::MIN + 1), (i64::MAX, 1), (1_020, i64::MIN + 1)] {
        let told = told_of(&[called, (entered, from), (left, to), joined]);
        assert_eq!(told.stamps.in_target_ns().unwrap_or(0), 0, "{from} {to}");
        assert!(told.states.is_none_or(|states| states.on_cpu_ns + states.blocked_ns == 0));
    }
}

#[test]
fn what_changes_after_the_end_changes_nothing() {
    let Slots1 { slots, mut records, _folder } = with(2);
    WORDS.iter().for_each(|(word, value)| set(slots.slot(1), *word, *value));
    let changed = scan(&mut records, &slots, None);
    let told = records.told(changed).pop().expect("it has ended");
    set(slots.slot(1), Word::Verdict as usize, Reported::Panicked as i64);
    set(slots.slot(1), Stage::Left as usize, 5_000);
    assert!(scan(&mut records, &slots, None).is_empty());
    assert_eq!(records.executions()[1].stamps, told.stamps);
    assert_eq!(records.executions()[1].outcome, Some(Outcome::success()));
}

#[test]
fn texts_of_executions_that_are_not_there_are_left_out_and_late_ones_are_told() {
    let Slots1 { slots, mut records, _folder } = with(2);
    let message = |execution| Text::Message { execution, message: "why".to_owned() };
    let output = |execution, part: &str| Text::Output { execution, stderr: false, bytes: 9, part: part.to_owned() };
    for text in [message(2), message(u32::MAX), output(u32::MAX, "x")] {
        records.hear(text);
    }
    records.hear(Text::Result { execution: 7, part: "1".to_owned() });
    assert!(scan(&mut records, &slots, None).is_empty());
    let verdict = (Word::Verdict as usize, Reported::Failed as i64);
    WORDS.iter().filter(|(word, _)| *word != verdict.0).for_each(|(word, value)| set(slots.slot(0), *word, *value));
    set(slots.slot(0), verdict.0, verdict.1);
    let changed = scan(&mut records, &slots, None);
    assert_eq!(records.told(changed).len(), 1);
    records.hear(message(0));
    records.hear(output(0, "said"));
    let changed = scan(&mut records, &slots, None);
    let told = records.told(changed).pop().expect("again");
    assert_eq!(told.outcome.and_then(|outcome| outcome.message).as_deref(), Some("why"));
    assert_eq!(told.output.map(|output| output.stdout_tail).as_deref(), Some("said"));
}

#[test]
fn who_is_ended_with_its_pool_was_where_it_said() {
    let Slots1 { slots, mut records, _folder } = with(1);
    let (place, stack) = ("a.py:3, in f".to_owned(), "Where it was:\n".to_owned());
    records.hear(Text::Where { execution: 0, place, stack, idle_loop: false });
    records.hear(Text::Message {
        execution: 0,
        message: "its worker was ended by SIGTERM, and the pool broke".to_owned(),
    });
    let broke = [(Word::Verdict as usize, Reported::PoolBroke as i64), (Word::WaitStatus as usize, 15 + 1)];
    let is_inside = |(word, _): &&(usize, i64)| ![Stage::Left as usize, Word::Verdict as usize].contains(word);
    WORDS.iter().filter(is_inside).chain(&broke).for_each(|(word, value)| set(slots.slot(0), *word, *value));
    let changed = scan(&mut records, &slots, None);
    let told = records.told(changed).pop().expect("told");
    let outcome = told.outcome.expect("over");
    assert_eq!((outcome.kind, outcome.signal), (OutcomeKind::Signalled, Some(15)));
    assert_eq!(outcome.message_and_place().1, Some("a.py:3, in f"), "{outcome:?}");
    assert_eq!(told.traceback.as_deref(), Some("Where it was:\n"));
}

#[test]
fn those_who_begin_far_apart_are_found_and_a_look_costs_what_is_in_flight() {
    const ALL: u32 = 100_000;
    let Slots1 { slots, mut records, _folder } = with(ALL);
    let begin = |id: usize| slots.slot(id).stamp(Stage::LaunchCalled, 1_010);
    (0..ALL as usize).for_each(|id| slots.slot(id).stamp(Stage::Created, 1_000));
    assert!(scan(&mut records, &slots, None).is_empty(), "what was only made is nothing to tell");
    let chunks = [0, 25_000, 50_000, 75_000];
    chunks.into_iter().for_each(begin);
    let mut found = Vec::new();
    for _ in 0..=ALL as usize / ROUND + 1 {
        found.extend(scan(&mut records, &slots, None));
    }
    found.sort_unstable();
    assert_eq!(found, chunks.map(|id| id as u32));
    assert_eq!(records.in_flight(&slots).count(), 4);
    begin(1);
    assert_eq!(records.in_flight(&slots).count(), 5, "who began since the last look is among them");
    // The first one stays in flight; the others end.
    for id in 1..30_000 {
        WORDS.iter().for_each(|(word, value)| set(slots.slot(id), *word, *value));
    }
    assert_eq!(scan(&mut records, &slots, None).len(), 29_999);
    assert_eq!((records.next, records.open.len()), (30_000, 3));
    let negative = [i64::MIN, -1, i64::MAX];
    negative.into_iter().for_each(|launched| {
        slots.set_head(Head::Launched, launched);
        records.scan(&slots, None);
    });
    assert_eq!(scan(&mut records, &slots, Some(&ENDED)).len(), ALL as usize - 29_999, "the rest ends with its runner");
    assert!(records.executions().iter().all(|execution| execution.outcome.is_some()));
}
