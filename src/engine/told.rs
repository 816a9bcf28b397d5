//! What a host tells of a run of which it has nothing but what stands in its folder.

use super::{outcome::RunnerEnd, records::Records};
use model::{Run, RunEnd, RunEvent, Task};
use os::ProcessEnd;
use protocol::{
    sending::SendingFile,
    slots::{Head, Slots},
    text::Text,
};
use std::sync::Arc;

/// Takes what slots, texts and sizes say into a run, and ends it as a host does when the runner is gone. Whatever stands
/// there: anybody may have written it.
pub fn take_in(
    run: &mut Run,
    tasks: &[Task],
    slots: &Slots,
    sending: Option<Arc<SendingFile>>,
    texts: impl IntoIterator<Item = Text>,
) {
    let mut records = Records::new(run.executions.clone(), tasks).with_sending(sending);
    let ended = RunnerEnd { end: ProcessEnd::Exited(0), reason: None };
    if let Some(ns) = u64::try_from(slots.head(Head::Origin)).ok().filter(|ns| *ns != 0) {
        run.apply(&RunEvent::Origin { ns });
    }
    let mut tell = |records: &mut Records, runner: Option<&RunnerEnd>| {
        let changed = records.scan(slots, runner);
        run.apply(&RunEvent::Executions(records.told(changed)));
    };
    tell(&mut records, None);
    texts.into_iter().for_each(|text| records.hear(text));
    tell(&mut records, None);
    tell(&mut records, Some(&ended));
    run.apply(&RunEvent::Ended { makespan_ns: None, end: RunEnd::default() });
}
