//! Takes in what the engine says, within a few milliseconds a frame.

use super::{
    activity::Activity,
    app::Workbench,
    backend::Backend,
    background::{Done, Work},
    state::{Ended, Level, Shown, State},
    summary::Summed,
};
use crossbeam_channel::TryRecvError;
use eframe::egui::Context;
use model::{Event, Experiment, RunEvent};
use std::time::{Duration, Instant};

/// The longest that one frame spends on events.
const BUDGET: Duration = Duration::from_millis(8);

impl Workbench {
    /// Takes in what the engine says. While the summary is made, events wait in their channel, because the experiment
    /// is shared and a change would copy it.
    pub(super) fn drain(&mut self, ctx: &Context) {
        if self.summing_up {
            return;
        }
        let drained = drain(&mut self.state, &*self.backend);
        if drained.ended {
            self.gate.open();
            let kept = self.state.shown.experiment.iter().filter(|experiment| !experiment.runs.is_empty());
            kept.for_each(|experiment| self.keeper.keep(experiment.clone()));
        }
        if drained.more {
            ctx.request_repaint_after(self.gate.left(Instant::now()));
        }
    }

    /// Has the summary made when it is due, one at a time. With the last summary of an ended experiment, all is done.
    pub(super) fn sum_up(&mut self) {
        let shown = &mut self.state.shown;
        if self.summing_up {
            return;
        }
        match shown.experiment.clone().filter(|experiment| shown.due.is_now(experiment, Instant::now())) {
            Some(experiment) => {
                self.summing_up = true;
                shown.due.begun(&experiment);
                let of = shown.identity();
                self.background.run(Work::Summary, move || {
                    let summed = Box::new(Summed::of(&experiment));
                    // Dropped first, so that whoever takes the summary in can change the experiment without a copy.
                    drop(experiment);
                    Done::Summed(of, summed)
                });
            }
            None if self.state.activity == Activity::SummingUp => over(&mut self.state),
            None => {}
        }
    }
}

/// The result of taking events in.
#[derive(Default)]
struct Drained {
    /// There may be more.
    more: bool,
    /// The experiment has ended.
    ended: bool,
}

/// Takes in batches of events until there is none or the time is up.
fn drain(state: &mut State, backend: &dyn Backend) -> Drained {
    let start = Instant::now();
    let mut drained = Drained { more: true, ..Drained::default() };
    while drained.more && start.elapsed() < BUDGET {
        match backend.try_recv() {
            Ok(batch) => batch.into_iter().for_each(|event| take(state, event, &mut drained)),
            Err(error) => {
                drained.more = false;
                if error == TryRecvError::Disconnected && state.activity.is_measuring() {
                    take(state, Event::Failed("the engine has ended; restart the program".to_owned()), &mut drained);
                }
            }
        }
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
        // There may be a million executions: they are moved, not copied.
        event @ (Event::RunStarted(_) | Event::Run(_, RunEvent::Executions(_))) => {
            state.shown.change(|experiment| experiment.take_in(event));
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
    if !state.shown.change(|experiment| experiment.apply(event)) {
        return;
    }
    match event {
        Event::Run(_, RunEvent::Ended { end, .. }) => {
            if let Some(message) = &end.message {
                state.log(Level::Error, super::state::capital(message));
            }
        }
        Event::Ended { stopped } => {
            state.shown.ended = Some(Ended { stopped: *stopped });
            ended(state, drained);
        }
        Event::Failed(message) => {
            state.tell(Level::Error, super::state::capital(message));
            ended(state, drained);
        }
        _ => {}
    }
}

fn ended(state: &mut State, drained: &mut Drained) {
    drained.ended = true;
    state.activity = Activity::SummingUp;
    if let Some(experiment) = &state.shown.experiment {
        state.shown.runs.settle(experiment);
    }
}

/// The experiment and its summary are done: the user is told how it ended.
fn over(state: &mut State) {
    state.activity = Activity::Idle;
    let (Some(Ended { stopped }), Some(experiment)) = (state.shown.ended.take(), &state.shown.experiment) else {
        return;
    };
    let (done, all) = experiment.progress();
    for warning in &state.shown.summary.noise {
        state.told.log(Level::Info, warning.clone());
    }
    match (stopped, state.shown.failures_words()) {
        (true, _) => state.tell(Level::Info, format!("Stopped after {done} of {all} runs")),
        (false, None) => state.tell(Level::Good, format!("Finished: {done} of {all} runs")),
        (false, Some(words)) => state.tell(Level::Error, words),
    }
}
