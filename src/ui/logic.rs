//! Takes in what the engine says, within a few milliseconds a frame.

use super::{
    activity::Activity,
    backend::Backend,
    state::{IDLE_SAMPLES, Level, State},
};
use crossbeam_channel::TryRecvError;
use model::{Event, Experiment, RunEvent};
use std::{
    sync::Arc,
    time::{Duration, Instant},
};

/// The longest that one frame spends on events.
const BUDGET: Duration = Duration::from_millis(8);

/// Takes in batches of events until there is none or the time is up; whether there may be more.
pub fn drain(state: &mut State, backend: &dyn Backend) -> bool {
    let start = Instant::now();
    let mut run_ended = false;
    let mut more = true;
    while more && start.elapsed() < BUDGET {
        match backend.try_recv() {
            Ok(batch) => batch.into_iter().for_each(|event| run_ended |= take(state, event)),
            Err(error) => {
                more = false;
                if error == TryRecvError::Disconnected && state.activity.is_busy() {
                    take(state, Event::Failed("the engine has ended; restart the program".to_owned()));
                }
            }
        }
    }
    if run_ended || state.summary_is_old {
        state.summarise_gently();
    }
    more
}

/// Takes in one event; whether the summary is to be made anew.
fn take(state: &mut State, event: Event) -> bool {
    match event {
        Event::Started(experiment) => started(state, *experiment),
        Event::Idle(sample) => {
            state.idle.push_back(sample);
            if state.idle.len() > IDLE_SAMPLES {
                state.idle.pop_front();
            }
        }
        Event::Failed(ref message) if matches!(state.activity, Activity::Starting) => {
            state.tell(Level::Error, super::state::capital(message));
            state.activity = Activity::Idle;
        }
        // There may be a million of these.
        event @ (Event::RunStarted(_) | Event::Run(_, RunEvent::Executions(_))) => {
            if let Some(experiment) = &mut state.experiment {
                Arc::make_mut(experiment).take_in(event);
            }
        }
        event => return apply(state, &event),
    }
    false
}

fn started(state: &mut State, experiment: Experiment) {
    if state.activity != Activity::Stopping {
        state.activity = Activity::Running;
    }
    state.idle.clear();
    state.selected = None;
    state.listed = None;
    state.shown = Default::default();
    state.views = Default::default();
    state.scalings = Default::default();
    state.summary = Default::default();
    state.summary_is_old = false;
    state.experiment_path = None;
    state.measured = Some(state.launched.take().unwrap_or_else(|| state.draft.plan().clone()));
    state.experiment = Some(Arc::new(experiment));
}

fn apply(state: &mut State, event: &Event) -> bool {
    let Some(experiment) = &mut state.experiment else { return false };
    Arc::make_mut(experiment).apply(event);
    match event {
        Event::Run(_, RunEvent::Ended { end, .. }) => {
            if let Some(message) = &end.message {
                state.log(Level::Error, super::state::capital(message));
            }
            true
        }
        Event::Ended { stopped } => {
            ended(state, *stopped);
            false
        }
        Event::Failed(message) => {
            state.activity = Activity::Idle;
            state.to_keep = state.has_runs();
            state.tell(Level::Error, super::state::capital(message));
            true
        }
        _ => false,
    }
}

fn ended(state: &mut State, stopped: bool) {
    state.activity = Activity::Idle;
    state.to_keep = state.has_runs();
    state.summarise();
    let warnings = state.summary.noise.clone();
    warnings.into_iter().for_each(|warning| state.log(Level::Info, warning));
    let Some(experiment) = &state.experiment else { return };
    let (done, all) = experiment.progress();
    match (stopped, state.failures_words()) {
        (true, _) => state.tell(Level::Info, format!("Stopped after {done} of {all} runs")),
        (false, None) => state.tell(Level::Good, format!("Finished: {done} of {all} runs")),
        (false, Some(words)) => state.tell(Level::Error, words),
    }
}
