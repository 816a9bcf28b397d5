//! The inputs and the effects of the controller.

use super::NextRun;
use crate::{Command, Request, active::Finished, prepared::Prepared, tail::Tail};
use model::{Event, Sample};
use samplers::Pace;

/// An input of the controller.
#[derive(Debug)]
pub enum Input {
    /// The front end wants something.
    Command(Command),
    /// The result of [`Effect::Prepare`]: an experiment, or why there can be none.
    Prepared(Result<Box<Prepared>, String>),
    /// The run of [`Effect::StartRun`] is over, or could not start.
    RunOver {
        /// The run, if it waits for the sample that covers its end.
        tail: Option<Tail>,
        /// The result of the run, or why the experiment can't go on.
        finished: Result<Finished, String>,
    },
    /// Per-core usage of one more interval.
    Sample(Sample),
    /// The instant of [`super::Controller::due_ns`] has come.
    Due,
}

/// An effect. The caller carries effects out in order.
#[derive(Debug)]
pub enum Effect {
    /// Check a request, and answer with [`Input::Prepared`].
    Prepare(Box<Request>),
    /// Send the front end an event.
    Tell(Event),
    /// Start a run, and answer with [`Input::RunOver`] when it is over.
    StartRun(NextRun),
    /// Stop the run in progress.
    StopRun,
    /// Pass a sample to the run in progress.
    GiveSample(Sample),
    /// Take samples at this pace.
    SetPace(Pace),
    /// The experiment is over: give memory back to the system.
    GiveMemoryBack,
    /// Log something that a front end should not have asked for.
    Warn(&'static str),
}
