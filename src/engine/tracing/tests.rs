//! Births, slices and ends as the kernel records them, in every order.

use super::*;
use model::State;
use os::{Birth, Name};
use protocol::slots::Word;

const RUNNER: u32 = 100;
const ORIGIN: i64 = 1_000;

fn slice(tid: u32, from_ns: i64, to_ns: i64, preempted: bool) -> Happening {
    let slice = ThreadSlice { tid, core: 0, from_ns, to_ns, preempted };
    Happening { at_ns: to_ns, what: What::Slice(slice) }
}

fn slices(events: &[RunEvent]) -> Vec<(Owner, u64, u64)> {
    let slices = |event: &RunEvent| if let RunEvent::Slices(slices) = event { slices.clone() } else { Vec::new() };
    events.iter().flat_map(slices).map(|slice| (slice.owner, slice.from_ns, slice.to_ns)).collect()
}

#[test]
fn a_slice_waits_until_its_thread_has_said_whose_it_is() {
    let folder = tempfile::tempdir().expect("a folder");
    let slots = Slots::create(&folder.path().join("slots"), 1).expect("made");
    let slot = slots.slot(0);
    let mut tracing = Tracing::of(None, RUNNER, false, LaunchMode::Threads);
    let birth = Birth { pid: RUNNER, tid: 101, parent_pid: RUNNER, parent_tid: RUNNER };
    slot.stamp(Stage::LaunchCalled, 1_050);
    let happenings = vec![
        slice(RUNNER, 900, 1_090, false),
        Happening { at_ns: 1_100, what: What::Born(birth) },
        slice(101, 1_120, 1_180, true),
        slice(RUNNER, 1_130, 1_190, false),
    ];
    let events = tracing.advance(vec![Batch { until_ns: 1_200, happenings }], &[0], &slots, ORIGIN);
    assert_eq!(slices(&events), [(Owner::Launcher, 0, 90)]);
    let alive: Vec<_> = events.iter().filter(|event| matches!(event, RunEvent::Alive(_))).collect();
    assert_eq!(alive.len(), 1);
    slot.set(Word::Tid, 101);
    slot.stamp(Stage::Entered, 1_150);
    slot.stamp(Stage::Left, 1_290);
    let happenings = vec![slice(101, 1_260, 1_310, false)];
    let mut events = tracing.advance(vec![Batch { until_ns: 1_400, happenings }], &[0], &slots, ORIGIN);
    let own = Owner::Execution(0);
    assert_eq!(slices(&events), [(own, 120, 180), (Owner::Launcher, 130, 190), (own, 260, 310)]);
    events = tracing.finish(&slots, ORIGIN);
    let bins = |event: &RunEvent| if let RunEvent::Bins(bins) = event { bins.clone() } else { Vec::new() };
    let states: Vec<_> = events.iter().flat_map(bins).map(|(_, bin)| bin.only_state()).collect();
    assert_eq!(states, [Some(State::OnCpu), Some(State::Ready), Some(State::OnCpu)]);
    let totals = tracing.totals(0).expect("known");
    assert_eq!((totals.on_cpu_ns, totals.preempted_ns, totals.ready_before_ns), (30 + 30, 80, 20));
    assert!(totals.complete);
}

fn born(at_ns: i64, pid: u32, tid: u32, parent_tid: u32) -> Happening {
    Happening { at_ns, what: What::Born(Birth { pid, tid, parent_pid: parent_tid, parent_tid }) }
}

fn ended(at_ns: i64, pid: u32, tid: u32) -> Happening {
    Happening { at_ns, what: What::Ended { pid, tid } }
}

fn launched(slots: &Slots, id: usize, tid: u32, at: [i64; 3]) {
    let slot = slots.slot(id);
    slot.set(Word::Tid, i64::from(tid));
    for (stage, ns) in [Stage::LaunchCalled, Stage::Entered, Stage::Left].into_iter().zip(at) {
        slot.stamp(stage, ns);
    }
}

/// The bins of an execution, each as its only state.
fn states(events: &[RunEvent], id: u32) -> Vec<(u64, u64, State)> {
    let bins = |event: &RunEvent| if let RunEvent::Bins(bins) = event { bins.clone() } else { Vec::new() };
    let of_it = events.iter().flat_map(bins).filter(|(execution, _)| *execution == id);
    of_it.map(|(_, bin)| (bin.from_ns, bin.to_ns, bin.only_state().expect("one"))).collect()
}

/// 10 ms: clearly longer than handing work over, and much shorter than any patience.
const S: i64 = 10_000_000;

#[test]
fn who_waits_while_members_and_their_members_work_waits_for_its_own() {
    let folder = tempfile::tempdir().expect("a folder");
    let slots = Slots::create(&folder.path().join("slots"), 2).expect("made");
    let mut tracing = Tracing::of(None, RUNNER, false, LaunchMode::Threads);
    let happenings = vec![
        born(ORIGIN + 1, RUNNER, 101, RUNNER),
        // A process starts another one and a thread; no slot names thread 101 yet.
        born(ORIGIN + S, 200, 200, 101),
        slice(101, ORIGIN + 2, ORIGIN + S, false),
        born(ORIGIN + S + 1, 201, 201, 200),
        born(ORIGIN + S + 1, 200, 202, 200),
        slice(200, ORIGIN + S, ORIGIN + 2 * S, true),
        Happening { at_ns: ORIGIN + 2 * S, what: What::Named { tid: 201, name: Name::of(b"gzip"), executed: true } },
        slice(201, ORIGIN + 2 * S, ORIGIN + 3 * S, false),
        ended(ORIGIN + 3 * S, 201, 201),
        slice(202, ORIGIN + 3 * S, ORIGIN + 4 * S, false),
        ended(ORIGIN + 4 * S, 200, 202),
        // It was ready all the time.
        slice(200, ORIGIN + 4 * S, ORIGIN + 5 * S, false),
        ended(ORIGIN + 5 * S, 200, 200),
        // From here it waits for something else.
        slice(101, ORIGIN + 7 * S, ORIGIN + 8 * S, false),
    ];
    let mut events = tracing.advance(vec![Batch { until_ns: ORIGIN + 9 * S, happenings }], &[], &slots, ORIGIN);
    launched(&slots, 0, 101, [ORIGIN + 1, ORIGIN + 2, ORIGIN + 8 * S]);
    let happenings = vec![ended(ORIGIN + 8 * S, RUNNER, 101)];
    events.extend(tracing.advance(vec![Batch { until_ns: ORIGIN + 9 * S, happenings }], &[0], &slots, ORIGIN));
    events.extend(tracing.finish(&slots, ORIGIN));
    let (own, other) = (State::Blocked(BlockedOn::Own), State::Blocked(BlockedOn::Other));
    let second = S as u64;
    let expected = [
        (2, second, State::OnCpu),
        (second, 5 * second, own),
        (5 * second, 7 * second, other),
        (7 * second, 8 * second, State::OnCpu),
    ];
    assert_eq!(states(&events, 0), expected);
    assert_eq!(tracing.blocked_with_own_ns(0).map(|ns| ns[BlockedOn::Own as usize]), Some(4 * second));
    let work = tracing.own(0).expect("members");
    // One was taken off its CPU for this long; two were made and had had none yet.
    let ready = 2 * second + (second - 1) + (2 * second - 1);
    assert_eq!((work.threads, work.processes, work.on_cpu_ns, work.runnable_ns), (1, 2, 4 * second, ready));
    let members = tracing.members(0, ORIGIN);
    let told: Vec<_> = members.iter().map(|it| (it.tid, it.parent_tid, it.name.as_deref())).collect();
    assert_eq!(told, [(200, 101, None), (201, 200, Some("gzip")), (202, 200, None)]);
    assert!(!events.iter().any(|event| matches!(event, RunEvent::Members { .. })));
}

#[test]
fn a_number_that_is_given_again_is_the_new_ones_alone() {
    let folder = tempfile::tempdir().expect("a folder");
    let slots = Slots::create(&folder.path().join("slots"), 2).expect("made");
    let mut tracing = Tracing::of(None, RUNNER, false, LaunchMode::Threads);
    // Thread 300 helps execution 0; later the same number is that of a thread that helps execution 1.
    let happenings = vec![
        born(ORIGIN + 1, RUNNER, 101, RUNNER),
        born(ORIGIN + 2, RUNNER, 102, RUNNER),
        slice(101, ORIGIN + 3, ORIGIN + 10, false),
        slice(102, ORIGIN + 3, ORIGIN + 10, false),
        born(ORIGIN + 10, RUNNER, 300, 101),
        slice(300, ORIGIN + 11, ORIGIN + 21, false),
        ended(ORIGIN + 21, RUNNER, 300),
        born(ORIGIN + 30, RUNNER, 300, 102),
        slice(300, ORIGIN + 31, ORIGIN + 36, false),
        ended(ORIGIN + 36, RUNNER, 300),
    ];
    launched(&slots, 0, 101, [ORIGIN + 1, ORIGIN + 3, ORIGIN + 50]);
    launched(&slots, 1, 102, [ORIGIN + 1, ORIGIN + 3, ORIGIN + 50]);
    tracing.advance(vec![Batch { until_ns: ORIGIN + 60, happenings }], &[0, 1], &slots, ORIGIN);
    let took = |id| tracing.own(id).map(|own| (own.threads, own.on_cpu_ns));
    assert_eq!((took(0), took(1)), (Some((1, 10)), Some((1, 5))));
}

#[test]
fn what_was_born_at_load_or_outlives_its_execution_is_the_runs() {
    let folder = tempfile::tempdir().expect("a folder");
    let slots = Slots::create(&folder.path().join("slots"), 1).expect("made");
    let mut tracing = Tracing::of(None, RUNNER, false, LaunchMode::Threads);
    let happenings = vec![
        // Two threads that a library made; one of them never does anything.
        born(ORIGIN - 500, RUNNER, 90, RUNNER),
        born(ORIGIN - 500, RUNNER, 91, RUNNER),
        slice(91, ORIGIN - 400, ORIGIN - 300, false),
        born(ORIGIN + 1, RUNNER, 101, RUNNER),
        born(ORIGIN + 3, RUNNER, 102, 101),
        slice(101, ORIGIN + 2, ORIGIN + S, false),
        slice(90, ORIGIN + 2, ORIGIN + S, false),
        slice(102, ORIGIN + S, ORIGIN + 2 * S, false),
        // The execution is over: the thread that it started continues, and counts for the run.
        slice(102, ORIGIN + 4 * S, ORIGIN + 6 * S, false),
    ];
    launched(&slots, 0, 101, [ORIGIN + 1, ORIGIN + 2, ORIGIN + 3 * S]);
    let mut events = tracing.advance(vec![Batch { until_ns: ORIGIN + 9 * S, happenings }], &[0], &slots, ORIGIN);
    events.extend(tracing.finish(&slots, ORIGIN));
    let told = events.iter().find_map(|event| match event {
        RunEvent::Members { members, own } => Some((members.clone(), *own)),
        _ => None,
    });
    let (members, of_run) = told.expect("members of the run");
    assert_eq!((of_run.threads, of_run.processes, of_run.on_cpu_ns), (2, 0, 3 * S as u64 - 2));
    assert_eq!(members.iter().map(|member| member.tid).collect::<Vec<_>>(), [102, 90], "the busiest first");
    assert_eq!(tracing.own(0).map(|own| own.on_cpu_ns), Some(S as u64));
}

#[test]
fn a_look_that_comes_before_the_slices_of_a_pools_execution_says_on_what_it_was_blocked() {
    let folder = tempfile::tempdir().expect("a folder");
    let slots = Slots::create(&folder.path().join("slots"), 2).expect("made");
    let mut tracing = Tracing::of(None, RUNNER, false, LaunchMode::ThreadPool);
    launched(&slots, 0, 101, [ORIGIN + 1, ORIGIN + 1, ORIGIN + 4 * S]);
    launched(&slots, 1, 101, [ORIGIN + 5 * S, ORIGIN + 5 * S, ORIGIN + 6 * S]);
    [(0, 4), (1, 6)].into_iter().for_each(|(id, end)| slots.slot(id).stamp(Stage::Exited, ORIGIN + end * S));
    let happenings = vec![born(ORIGIN, RUNNER, 101, RUNNER)];
    tracing.advance(vec![Batch { until_ns: ORIGIN + 1, happenings }], &[0, 1], &slots, ORIGIN);
    let second = S as u64;
    let asleep = State::Blocked(BlockedOn::Sleep);
    let mut in_state_ns = [0; State::COUNT];
    in_state_ns[asleep.index()] = second;
    tracing.look(0, Bin { from_ns: second, to_ns: 2 * second, in_state_ns }, &slots, ORIGIN);
    let happenings = vec![slice(101, ORIGIN + 1, ORIGIN + S, false), slice(101, ORIGIN + 3 * S, ORIGIN + 7 * S, false)];
    let mut events = tracing.advance(vec![Batch { until_ns: ORIGIN + 9 * S, happenings }], &[], &slots, ORIGIN);
    events.extend(tracing.finish(&slots, ORIGIN));
    let expected = [(1, second, State::OnCpu), (second, 3 * second, asleep), (3 * second, 4 * second, State::OnCpu)];
    assert_eq!(states(&events, 0), expected);
    assert_eq!(states(&events, 1), [], "on a CPU throughout");
    let totals = |id| tracing.totals(id).map(|totals| (totals.on_cpu_ns, totals.given_away_ns, totals.complete));
    assert_eq!([totals(0), totals(1)], [Some((2 * second - 1, 2 * second, true)), Some((second, 0, true))]);
}
