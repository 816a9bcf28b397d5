//! What happens to the engine, and what it does of that.

use super::NextRun;
use crate::{Command, Request, active::Finished, prepared::Prepared, tail::Tail};
use model::{Event, Sample};
use samplers::Pace;

/// What happens to the engine.
#[derive(Debug)]
pub enum Input {
    /// The front end wants something.
    Command(Command),
    /// What came of [`Effect::Prepare`]: an experiment, or why there can be none.
    Prepared(Result<Box<Prepared>, String>),
    /// The run of [`Effect::StartRun`] is over, or could not begin.
    RunOver {
        /// Where it waits for the sample that covers its end.
        tail: Option<Tail>,
        /// What came of it, or why the experiment can't go on.
        finished: Result<Finished, String>,
    },
    /// Per-core usage of one more interval.
    Sample(Sample),
    /// The instant of [`super::Controller::due_ns`] has come.
    Due,
}

/// What is to be done; to be carried out in order.
#[derive(Debug)]
pub enum Effect {
    /// Check a request, and say with [`Input::Prepared`] what came of it.
    Prepare(Box<Request>),
    /// Tell the front end.
    Tell(Event),
    /// Start a run, and say with [`Input::RunOver`] when it is over.
    StartRun(NextRun),
    /// Stop the run that goes on.
    StopRun,
    /// Tell the run that goes on a sample.
    GiveSample(Sample),
    /// Have samples come so often.
    SetPace(Pace),
    /// The experiment is over: give the system back what it took.
    GiveMemoryBack,
    /// Write down what a front end should not have asked for.
    Warn(&'static str),
}
