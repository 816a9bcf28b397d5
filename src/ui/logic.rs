//! Takes in what the engine says, within a few milliseconds a frame.

use super::{
    activity::Activity,
    backend::Backend,
    state::{Level, Shown, State},
};
use crossbeam_channel::TryRecvError;
use model::{Event, Experiment, RunEvent};
use std::{
    sync::Arc,
    time::{Duration, Instant},
};

/// The longest that one frame spends on events.
const BUDGET: Duration = Duration::from_millis(8);

/// What came of taking events in.
#[derive(Default)]
pub struct Drained {
    /// There may be more.
    pub more: bool,
    /// A run has ended, or the experiment.
    run_ended: bool,
    /// The experiment has ended.
    pub ended: bool,
}

/// Takes in batches of events until there is none or the time is up.
pub fn drain(state: &mut State, backend: &dyn Backend) -> Drained {
    let start = Instant::now();
    let mut drained = Drained { more: true, ..Drained::default() };
    while drained.more && start.elapsed() < BUDGET {
        match backend.try_recv() {
            Ok(batch) => batch.into_iter().for_each(|event| take(state, event, &mut drained)),
            Err(error) => {
                drained.more = false;
                if error == TryRecvError::Disconnected && state.activity.is_busy() {
                    take(state, Event::Failed("the engine has ended; restart the program".to_owned()), &mut drained);
                }
            }
        }
    }
    if drained.run_ended || state.shown.summary_is_old {
        state.shown.summarise_gently();
    }
    drained
}

fn take(state: &mut State, event: Event, drained: &mut Drained) {
    match event {
        Event::Started(experiment) => started(state, *experiment),
        Event::Idle(sample) => state.session.add_idle(sample),
        Event::Failed(ref message) if matches!(state.activity, Activity::Starting) => {
            state.tell(Level::Error, super::state::capital(message));
            state.editing.launched = None;
            state.activity = Activity::Idle;
        }
        // There may be a million of these.
        event @ (Event::RunStarted(_) | Event::Run(_, RunEvent::Executions(_))) => {
            if let Some(experiment) = &mut state.shown.experiment {
                Arc::make_mut(experiment).take_in(event);
            }
        }
        event => apply(state, &event, drained),
    }
}

fn started(state: &mut State, experiment: Experiment) {
    if state.activity != Activity::Stopping {
        state.activity = Activity::Running;
    }
    let measured = state.editing.launched.take().unwrap_or_else(|| state.editing.draft.plan().clone());
    state.shown = Shown::of(experiment, measured, None);
}

fn apply(state: &mut State, event: &Event, drained: &mut Drained) {
    let Some(experiment) = &mut state.shown.experiment else { return };
    Arc::make_mut(experiment).apply(event);
    match event {
        Event::Run(_, RunEvent::Ended { end, .. }) => {
            if let Some(message) = &end.message {
                state.log(Level::Error, super::state::capital(message));
            }
            drained.run_ended = true;
        }
        Event::Ended { stopped } => {
            drained.ended = true;
            ended(state, *stopped);
        }
        Event::Failed(message) => {
            state.activity = Activity::Idle;
            (drained.run_ended, drained.ended) = (true, true);
            state.tell(Level::Error, super::state::capital(message));
        }
        _ => {}
    }
}

fn ended(state: &mut State, stopped: bool) {
    state.activity = Activity::Idle;
    state.shown.summarise();
    let warnings = state.shown.summary.noise.clone();
    warnings.into_iter().for_each(|warning| state.log(Level::Info, warning));
    let Some(experiment) = &state.shown.experiment else { return };
    let (done, all) = experiment.progress();
    match (stopped, state.shown.failures_words()) {
        (true, _) => state.tell(Level::Info, format!("Stopped after {done} of {all} runs")),
        (false, None) => state.tell(Level::Good, format!("Finished: {done} of {all} runs")),
        (false, Some(words)) => state.tell(Level::Error, words),
    }
}
