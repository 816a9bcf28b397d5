//! What a host reports about a run of which it has only the contents of the run's folder.

use super::{observer::RunObserver, outcome::RunnerEnd};
use model::{Run, RunEnd, RunEvent, Task};
use os::ProcessEnd;
use protocol::{sending::SendingFile, slots::Slots, text::Text};
use std::sync::Arc;

/// Takes what slots, texts and sizes say into a run, and ends it as a host does when the runner is gone. The contents
/// may be arbitrary: anybody may have written them.
pub fn take_in(
    run: &mut Run,
    tasks: &[Task],
    slots: Arc<Slots>,
    sending: Option<Arc<SendingFile>>,
    texts: impl IntoIterator<Item = Text>,
) {
    let mut observer = RunObserver::new(run.executions.clone(), tasks, slots, sending);
    let ended = RunnerEnd { end: ProcessEnd::Exited(0), reason: None };
    // The time of the look is not part of the contents.
    let is_said = |event: &&RunEvent| !matches!(event, RunEvent::Now { .. });
    let mut tell = |events: Vec<RunEvent>| events.iter().filter(is_said).for_each(|event| drop(run.apply(event)));
    tell(observer.step(os::monotonic_ns()));
    tell(texts.into_iter().filter_map(|text| observer.hear(text)).collect());
    tell(observer.step(os::monotonic_ns()));
    tell(observer.finish(&ended, None).events);
    run.apply(&RunEvent::Ended { makespan_ns: None, end: RunEnd::default() });
}
