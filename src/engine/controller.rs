//! Decides what the engine does next: from a request through its runs to the end of the experiment.
//!
//! It is a state machine: it starts, waits for and measures nothing itself, and only says what is to be done.

mod inputs;
#[cfg(test)]
mod tests;
mod underway;

use super::{
    Command,
    active::Finished,
    prepared::Prepared,
    tail::{Tail, relative},
};
pub use inputs::{Effect, Input};
use model::{Event, Sample};
use samplers::Pace;
use std::sync::Arc;
pub use underway::NextRun;
use underway::Underway;

/// How long an experiment waits for the sample that covers its end.
const LAST_SAMPLE_NS: i64 = 250_000_000;

/// The states of the engine.
#[derive(Clone, Debug)]
enum State {
    Idle,
    /// A request is being checked; `stopped` is whether the user has stopped it meanwhile.
    Preparing {
        stopped: bool,
    },
    /// The first run waits for this instant.
    Settling(Box<Underway>, i64),
    /// The next run is about to start.
    Between(Box<Underway>),
    /// A run is in progress; `stopped` is whether the user has stopped it.
    Running {
        experiment: Box<Underway>,
        run: NextRun,
        stopped: bool,
    },
    /// Only the sample that covers the end of the last run is missing; the engine waits for it until this instant.
    LastSample(Event, i64),
    Over,
}

/// Decides what the engine does next.
#[derive(Clone, Debug)]
pub struct Controller {
    state: State,
    /// Whether the engine ends after this experiment.
    quits: bool,
    watch_idle: bool,
    /// Earlier runs, until the sample that covers their end has arrived.
    tails: Vec<Tail>,
    /// The instant from which idle samples count.
    started_ns: i64,
    cores: u32,
}

impl Controller {
    /// For an engine that starts at this instant of CLOCK_MONOTONIC, on a machine with this many cores.
    pub fn new(started_ns: i64, cores: u32) -> Self {
        Self { state: State::Idle, quits: false, watch_idle: false, tails: Vec::new(), started_ns, cores }
    }

    /// Whether the engine is done for good.
    pub fn is_over(&self) -> bool {
        matches!(self.state, State::Over)
    }

    /// When it wants to receive [`Input::Due`]; absent if it waits for something else.
    pub fn due_ns(&self) -> Option<i64> {
        match self.state {
            State::Settling(_, until_ns) | State::LastSample(_, until_ns) => Some(until_ns),
            // At once, but after commands that have arrived meanwhile.
            State::Between(_) => Some(i64::MIN),
            State::Idle | State::Preparing { .. } | State::Running { .. } | State::Over => None,
        }
    }

    /// Takes in an input, and returns what is to be done now.
    pub fn step(&mut self, now_ns: i64, input: Input) -> Vec<Effect> {
        let mut effects = Vec::new();
        match input {
            Input::Command(command) => self.obey(now_ns, command, &mut effects),
            Input::Prepared(prepared) => self.begin(now_ns, prepared, &mut effects),
            Input::RunOver { tail, finished } => self.run_over(now_ns, tail, finished, &mut effects),
            Input::Sample(sample) => self.take_sample(sample, &mut effects),
            Input::Due => self.go_on(now_ns, &mut effects),
        }
        effects
    }

    fn obey(&mut self, now_ns: i64, command: Command, effects: &mut Vec<Effect>) {
        match command {
            Command::Launch(request) if matches!(self.state, State::Idle) => {
                self.state = State::Preparing { stopped: false };
                effects.push(Effect::Prepare(request));
            }
            Command::Launch(_) => {
                effects.push(Effect::Warn("a launch while another experiment goes on is ignored"));
            }
            Command::Stop => self.stop(now_ns, effects),
            Command::WatchIdle(watch) => {
                self.watch_idle = watch;
                if matches!(self.state, State::Idle) {
                    effects.push(self.idle_pace());
                }
            }
            Command::Quit => {
                self.quits = true;
                self.stop(now_ns, effects);
            }
        }
    }

    fn stop(&mut self, now_ns: i64, effects: &mut Vec<Effect>) {
        match self.take_state() {
            State::Idle => self.rest(),
            State::Preparing { .. } => self.state = State::Preparing { stopped: true },
            State::Settling(..) | State::Between(_) => self.end(now_ns, Event::Ended { stopped: true }, effects),
            State::Running { experiment, run, stopped } => {
                effects.extend((!stopped).then_some(Effect::StopRun));
                self.state = State::Running { experiment, run, stopped: true };
            }
            State::LastSample(end, _) => self.conclude(end, effects),
            State::Over => self.state = State::Over,
        }
    }

    fn begin(&mut self, now_ns: i64, prepared: Result<Box<Prepared>, String>, effects: &mut Vec<Effect>) {
        let State::Preparing { stopped } = self.state else { return };
        match prepared {
            Err(message) => {
                effects.extend([Effect::Tell(Event::Failed(message)), self.idle_pace()]);
                self.rest();
            }
            Ok(prepared) => {
                let Prepared { request, experiment, rounds, schedule } = *prepared;
                let settled_ns = now_ns.saturating_add(i64::try_from(request.settle.as_nanos()).unwrap_or(i64::MAX));
                effects.push(Effect::Tell(Event::Started(Box::new(experiment))));
                if stopped {
                    return self.end(now_ns, Event::Ended { stopped: true }, effects);
                }
                let underway = Underway::new(Arc::new(request), rounds, schedule, self.cores);
                self.state = State::Settling(Box::new(underway), settled_ns);
            }
        }
    }

    /// Does what was due at this instant.
    fn go_on(&mut self, now_ns: i64, effects: &mut Vec<Effect>) {
        if self.due_ns().is_none_or(|due_ns| now_ns < due_ns) {
            return;
        }
        match self.take_state() {
            State::Settling(mut experiment, _) => {
                experiment.begin(now_ns);
                effects.push(Effect::SetPace(Pace::Run));
                self.start_next(now_ns, experiment, effects);
            }
            State::Between(experiment) => self.start_next(now_ns, experiment, effects),
            State::LastSample(end, _) => self.conclude(end, effects),
            state => self.state = state,
        }
    }

    fn start_next(&mut self, now_ns: i64, mut experiment: Box<Underway>, effects: &mut Vec<Effect>) {
        match experiment.next_run() {
            Some(run) => {
                effects.push(Effect::StartRun(run.clone()));
                self.state = State::Running { experiment, run, stopped: false };
            }
            None => self.end(now_ns, Event::Ended { stopped: false }, effects),
        }
    }

    fn run_over(
        &mut self,
        now_ns: i64,
        tail: Option<Tail>,
        finished: Result<Finished, String>,
        effects: &mut Vec<Effect>,
    ) {
        let (mut experiment, run, stopped) = match self.take_state() {
            State::Running { experiment, run, stopped } => (experiment, run, stopped),
            state => return self.state = state,
        };
        self.tails.extend(tail);
        match finished {
            _ if stopped => self.end(now_ns, Event::Ended { stopped: true }, effects),
            Err(message) => self.end(now_ns, Event::Failed(message), effects),
            Ok(finished) => {
                effects.extend(experiment.take_in(now_ns, &run, finished).into_iter().map(Effect::Tell));
                self.state = State::Between(experiment);
            }
        }
    }

    fn take_sample(&mut self, sample: Sample, effects: &mut Vec<Effect>) {
        effects.extend(self.tails.iter().filter_map(|tail| tail.told(&sample)).map(Effect::Tell));
        self.tails.retain(|tail| !tail.is_covered(&sample));
        match self.take_state() {
            State::Idle => {
                effects.push(Effect::Tell(Event::Idle(relative(sample, self.started_ns))));
                self.state = State::Idle;
            }
            State::LastSample(end, _) if self.tails.is_empty() => self.conclude(end, effects),
            state => {
                effects.extend(matches!(state, State::Running { .. }).then_some(Effect::GiveSample(sample)));
                self.state = state;
            }
        }
    }

    /// The runs are over; `end` says how.
    fn end(&mut self, now_ns: i64, end: Event, effects: &mut Vec<Effect>) {
        if self.tails.is_empty() || self.quits {
            self.conclude(end, effects);
        } else {
            self.state = State::LastSample(end, now_ns + LAST_SAMPLE_NS);
        }
    }

    fn conclude(&mut self, end: Event, effects: &mut Vec<Effect>) {
        self.tails.clear();
        effects.extend([Effect::GiveMemoryBack, Effect::Tell(end), self.idle_pace()]);
        self.rest();
    }

    /// Nothing is in progress any more.
    fn rest(&mut self) {
        self.state = if self.quits { State::Over } else { State::Idle };
    }

    /// Takes out the state; the caller sets the next one.
    fn take_state(&mut self) -> State {
        std::mem::replace(&mut self.state, State::Over)
    }

    fn idle_pace(&self) -> Effect {
        Effect::SetPace(if self.watch_idle { Pace::Idle } else { Pace::Off })
    }
}
