//! An experiment in progress: which runs are still to be made, and the results of the earlier ones.

use crate::{
    Request,
    active::{Failure, Finished},
    rounds::Rounds,
};
use model::{Event, Setting, duration::limit_text, experiment::Scheduled};
use std::{collections::VecDeque, sync::Arc, time::Duration};

/// A run to be made.
#[derive(Clone, Debug)]
pub struct NextRun {
    pub request: Arc<Request>,
    /// Its number in the experiment.
    pub id: u32,
    pub scheduled: Scheduled,
    /// How long the run may take as a whole; absent if there is no limit.
    pub limit: Option<Duration>,
}

/// An experiment in progress.
#[derive(Clone, Debug)]
pub struct Underway {
    request: Arc<Request>,
    rounds: Rounds,
    schedule: VecDeque<Scheduled>,
    next_id: u32,
    begun_ns: i64,
    cores: u32,
}

impl Underway {
    /// An experiment of these runs, on a machine with this many cores.
    pub fn new(request: Arc<Request>, rounds: Rounds, schedule: Vec<Scheduled>, cores: u32) -> Self {
        Self { request, rounds, schedule: schedule.into(), next_id: 0, begun_ns: 0, cores }
    }

    /// The first run starts now: the experiment's time limit counts from here.
    pub fn begin(&mut self, now_ns: i64) {
        self.begun_ns = now_ns;
    }

    /// The next run, if there is one.
    pub fn next_run(&mut self) -> Option<NextRun> {
        let scheduled = self.schedule.pop_front()?;
        let id = self.next_id;
        self.next_id += 1;
        let is_baseline = self.rounds.is_baseline(scheduled.setting);
        let limit = is_baseline.then(|| self.rounds.baseline_limit(self.cores));
        Some(NextRun { request: self.request.clone(), id, scheduled, limit })
    }

    /// Takes in the result of a run, and returns the events to emit.
    pub fn take_in(&mut self, now_ns: i64, run: &NextRun, finished: Finished) -> Vec<Event> {
        let mut events = Vec::new();
        let setting = run.scheduled.setting;
        self.rounds.took(run.scheduled, finished.makespan_ns);
        if let (Some(failure), Some(limit)) = (finished.failure, run.limit) {
            self.rounds.drop_baseline(setting);
            self.schedule.retain(|run| run.setting != setting);
            events.push(baseline_dropped(setting, &failure, limit));
        }
        if self.schedule.is_empty() {
            let elapsed = Duration::from_nanos(u64::try_from(now_ns - self.begun_ns).unwrap_or(0));
            if let Some(more) = self.rounds.more(elapsed) {
                self.schedule.extend(&more);
                events.push(Event::Planned(more));
            }
        }
        events
    }
}

/// Tells the user, who did not ask for the baseline, that it is given up.
fn baseline_dropped(setting: Setting, failure: &Failure, limit: Duration) -> Event {
    let mut why = format!(
        "There is no sequential baseline: a run of it was made and given up ({}).",
        failure.words.trim_end_matches('.')
    );
    if failure.too_long {
        why += &format!(
            " In sequence, a task that waits for a later one waits for ever; a run of the baseline may take at most {}.",
            limit_text(limit)
        );
    }
    Event::BaselineDropped { setting, why }
}
