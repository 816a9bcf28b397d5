//! What an execution's slot says about it.

use crate::states::states_of;
use model::{Execution, Sending, Stage, States, Usage, within};
use protocol::slots::{Reported, Slot, Word};

/// How many stages the execution has passed.
pub fn words_set(slot: Slot<'_>) -> u8 {
    Stage::ALL.into_iter().filter(|stage| slot.stage(*stage) != 0).count() as u8
}

/// Copies stamps and numbers from a slot. There are no more lanes than executions.
pub fn copy_stamps(execution: &mut Execution, slot: Slot<'_>, origin: i64, lanes: u32) {
    // The origin is before the first execution is created, so an earlier stamp is not of this run. It stays unknown; a
    // 0 would be false.
    let since = |ns: i64| if ns == 0 { None } else { within(u64::try_from(ns.checked_sub(origin)?).ok()?) };
    for stage in Stage::ALL {
        if let Some(ns) = since(slot.stage(stage)) {
            execution.stamps.set(stage, ns);
        }
    }
    if let Some(ns) = since(slot.word(Word::JoinCalled)) {
        execution.stamps.set_join_called(ns);
    }
    let number = |word| u32::try_from(slot.word(word)).ok().filter(|number| *number != 0);
    execution.pid = number(Word::Pid);
    execution.tid = number(Word::Tid);
    execution.lane = number(Word::Lane).map(|lane| lane - 1).filter(|lane| *lane < lanes);
}

/// What an execution used, with its migrations.
pub fn usage_of(slot: Slot<'_>, migrations: Option<u32>) -> Option<Box<Usage>> {
    let counted = |word| slot.counted(word).and_then(within);
    let usage = Usage {
        user_ns: counted(Word::UserNs),
        system_ns: counted(Word::SystemNs),
        voluntary_switches: counted(Word::Voluntary),
        involuntary_switches: counted(Word::Involuntary),
        minor_faults: counted(Word::MinorFaults),
        major_faults: counted(Word::MajorFaults),
        max_rss_bytes: counted(Word::MaxRss),
        migrations,
    };
    (usage != Usage::default()).then(|| Box::new(usage))
}

/// If a result could not be sent back, the figures that the runner noted are those of the exception in its place.
pub fn came_back(sending: Sending, slot: Slot<'_>) -> Sending {
    match slot.verdict() {
        Some(Reported::ResultLost) => {
            Sending { result_bytes: None, result_pickled: None, result_unpickled: None, ..sending }
        }
        _ => sending,
    }
}

/// The states of an execution without looks, from the clocks in its slot.
pub fn clocked(slot: Slot<'_>, wall_ns: u64) -> Option<States> {
    states_of(None, slot.counted(Word::OnCpuNs).zip(slot.counted(Word::RunnableNs)), wall_ns)
}
