//! Tests of the meter: what it writes for threads that spin, sleep and outnumber the cores.

use super::*;
use protocol::slots::Slots;
use std::{hint, thread, time::Duration};

fn slots(count: usize) -> (tempfile::TempDir, Slots) {
    let folder = tempfile::tempdir().expect("a folder");
    let slots = Slots::create(&folder.path().join("slots"), count).expect("made");
    (folder, slots)
}

/// Runs some work as an execution, as `perform` does.
fn run(meter: &mut Meter, slot: Slot<'_>, work: impl FnOnce()) {
    slot.stamp(Stage::LaunchCalled, os::monotonic_ns());
    slot.stamp(Stage::Launched, os::monotonic_ns());
    let before = meter.before(slot);
    slot.stamp(Stage::Entered, os::monotonic_ns());
    work();
    slot.stamp(Stage::Left, os::monotonic_ns());
    meter.after(slot, &before);
}

/// Spins until the thread has used this much CPU time.
fn spin(cpu: Duration) {
    let end = os::thread_cpu_ns() + cpu.as_nanos() as u64;
    while os::thread_cpu_ns() < end {
        hint::spin_loop();
    }
}

/// Wall time, time on a CPU, time ready.
fn states(slot: Slot<'_>) -> (u64, u64, u64) {
    let wall_ns = since(slot.stage(Stage::Left), slot.stage(Stage::Entered));
    let [on_cpu, ready] = [Word::OnCpuNs, Word::RunnableNs].map(|word| slot.counted(word).expect("written"));
    (wall_ns, on_cpu, ready)
}

#[test]
fn a_crowd_that_spins_is_on_a_cpu_or_ready_and_a_sleeper_is_blocked() {
    let crowd = thread::available_parallelism().map_or(2, usize::from) + 2;
    for life in [Life::Thread, Life::Fork, Life::Worker, Life::Lasting] {
        let (_folder, slots) = slots(crowd);
        let (own, slept) = (Duration::from_millis(20), Duration::from_millis(10));
        thread::scope(|scope| {
            for id in 0..crowd {
                let slot = slots.slot(id);
                let work = move || {
                    spin(own);
                    if id == 0 {
                        thread::sleep(slept);
                    }
                };
                scope.spawn(move || run(&mut Meter::of(life, true), slot, work));
            }
        });
        let all: Vec<_> = (0..crowd).map(|id| states(slots.slot(id))).collect();
        for (id, (wall_ns, on_cpu_ns, ready_ns)) in all.iter().copied().enumerate() {
            assert!(on_cpu_ns >= own.as_nanos() as u64, "{life:?} {id}: {all:?}");
            assert!(on_cpu_ns + ready_ns <= wall_ns, "{life:?} {id}: {all:?}");
        }
        let (wall_ns, on_cpu_ns, _) = all[0];
        assert!(wall_ns - on_cpu_ns >= slept.as_nanos() as u64 / 2, "{life:?} was asleep: {all:?}");
        assert!(all.iter().any(|(_, _, ready_ns)| *ready_ns > 0), "{life:?}: more than there are cores: {all:?}");
    }
}

#[test]
fn a_lasting_thread_starts_anew_with_each_execution() {
    let (_folder, slots) = slots(3);
    let mut meter = Meter::of(Life::Lasting, true);
    run(&mut meter, slots.slot(0), || thread::sleep(Duration::from_millis(3)));
    run(&mut meter, slots.slot(1), || spin(Duration::from_millis(3)));
    run(&mut meter, slots.slot(2), || thread::sleep(Duration::from_millis(3)));
    let [asleep, spinning, asleep_again] = [0, 1, 2].map(|id| states(slots.slot(id)));
    assert!(asleep.1 < asleep.0 && asleep_again.1 < asleep_again.0, "{asleep:?} {asleep_again:?}");
    assert!(spinning.1 > asleep.1.max(asleep_again.1), "{asleep:?} {spinning:?} {asleep_again:?}");
    assert!(slots.slot(0).counted(Word::Voluntary) >= Some(1) && slots.slot(2).counted(Word::Voluntary) >= Some(1));
}

#[test]
fn without_states_the_usage_is_noted_and_nothing_else() {
    let (_folder, slots) = slots(2);
    for (id, life) in [Life::Thread, Life::Lasting].into_iter().enumerate() {
        run(&mut Meter::of(life, false), slots.slot(id), || spin(Duration::from_millis(1)));
        assert_eq!((slots.slot(id).word(Word::OnCpuNs), slots.slot(id).word(Word::RunnableNs)), (0, 0), "{life:?}");
        assert!(slots.slot(id).counted(Word::Involuntary).is_some(), "{life:?}");
    }
}

#[test]
fn stamps_tell_a_wait_that_they_leave_open_by_little() {
    let (_folder, slots) = slots(1);
    let slot = slots.slot(0);
    slot.stamp(Stage::LaunchCalled, 1_000_000);
    // Entered while the launcher was still in the call: the wait is between 0 and all but its own 10 µs.
    assert_eq!(wait_by_stamps(slot, 10_000, 1_050_000), Some(20_000));
    assert_eq!(wait_by_stamps(slot, 10_000, 1_000_000), Some(0));
    assert_eq!(wait_by_stamps(slot, 10_000, 1_200_000), None, "nobody knows when it became ready");
    slot.stamp(Stage::Launched, 1_040_000);
    assert_eq!(wait_by_stamps(slot, 10_000, 9_050_000), Some(8_020_000), "it became ready within 40 µs");
    slot.stamp(Stage::Launched, 1_400_000);
    assert_eq!(wait_by_stamps(slot, 10_000, 9_050_000), None);
}

#[test]
fn states_add_up_to_the_wall_time() {
    let did = |on_cpu_ns, ready_ns| Did { on_cpu_ns, ready_ns };
    assert_eq!(settle(1000, 600, Some(300)), did(600, Some(300)));
    assert_eq!(settle(1000, 1200, Some(300)), did(1000, Some(0)), "no more than there was");
    assert_eq!(settle(1000, 600, Some(500)), did(600, Some(400)));
    assert_eq!(settle(1000, 600, None), did(600, None));
}
