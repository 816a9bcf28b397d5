//! How an execution ended, from all that is known about it.

use model::{Outcome, OutcomeKind, duration::limit_text};
use os::ProcessEnd;
use protocol::slots::Reported;
use std::{sync::Arc, time::Duration};

/// Why the host wanted an execution to end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Demand {
    /// It took longer than this many nanoseconds.
    Timeout(u64),
    /// Its function returned in time, but what comes after it did not end: why, in one sentence.
    Held(Arc<str>),
    /// Its function was never called, because what comes before it did not end: why, in one sentence.
    NotBegun(Arc<str>),
    /// The user stopped everything.
    Stop,
}

/// What is known about an execution's end.
#[derive(Clone, Copy, Debug, Default)]
pub struct Known<'a> {
    /// What its runner, or the execution itself, reported.
    pub verdict: Option<Reported>,
    /// How its own process ended, if it had one.
    pub process: Option<ProcessEnd>,
    /// The status that it passed to `sys.exit`, if it called that.
    pub exit_status: i32,
    /// Why the host wanted it to end, if it did.
    pub demand: Option<&'a Demand>,
    /// The sentence that came with the verdict.
    pub message: Option<&'a str>,
    /// Whether its launch had been called.
    pub launched: bool,
    /// Whether its launcher had joined it.
    pub joined: bool,
    /// How the runner ended, if it is gone.
    pub runner: Option<&'a RunnerEnd>,
}

/// How a runner ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunnerEnd {
    /// Its exit status or signal.
    pub end: ProcessEnd,
    /// Why the host ended it, if it did.
    pub reason: Option<String>,
}

impl Known<'_> {
    pub fn outcome(&self) -> Outcome {
        let returned =
            matches!(self.verdict, Some(Reported::Returned | Reported::ReturnedText | Reported::ReturnedNone));
        let ended_well = self.process.is_none_or(|end| end == ProcessEnd::Exited(0));
        match (self.demand, self.verdict) {
            (Some(Demand::Held(why)), _) if !self.joined => held(why),
            _ if returned && ended_well => Outcome::success(),
            (Some(Demand::Held(why)), _) => held(why),
            (Some(Demand::NotBegun(why)), _) => Outcome::with_message(OutcomeKind::CouldNotStart, &**why),
            (_, Some(Reported::CouldNotStart)) => self.with(OutcomeKind::CouldNotStart),
            (_, Some(Reported::Abandoned)) => self.with(OutcomeKind::Abandoned),
            (Some(Demand::Timeout(ns)), _) => {
                let limit = limit_text(Duration::from_nanos(*ns));
                Outcome::with_message(
                    OutcomeKind::TimedOut,
                    format!("it took longer than its timeout of {limit} and was ended"),
                )
            }
            (Some(Demand::Stop), _) => Outcome::of(OutcomeKind::Cancelled),
            (None, Some(Reported::Panicked)) => self.with(OutcomeKind::Panicked),
            (None, Some(Reported::Failed)) => self.with(OutcomeKind::Failed),
            (None, Some(Reported::Stopped)) => Outcome::of(OutcomeKind::Cancelled),
            (None, Some(Reported::Raised)) => self.with(OutcomeKind::Exception),
            (None, Some(Reported::ExitCalled)) => self.exit_called(),
            (None, Some(Reported::PoolBroke)) => self.by_process_or(OutcomeKind::Lost),
            (None, Some(Reported::ResultLost)) => self.with(OutcomeKind::Failed),
            (None, Some(Reported::Returned | Reported::ReturnedText | Reported::ReturnedNone) | None) => {
                self.by_process()
            }
        }
    }

    /// After `sys.exit`: the status is in the result's word; for a process the wait status has the same.
    fn exit_called(&self) -> Outcome {
        match self.exit_status {
            0 => Outcome { message: self.message.map(Into::into), ..Outcome::success() },
            code => Outcome { code: Some(code), ..self.with(OutcomeKind::Failed) },
        }
    }

    fn by_process_or(&self, kind: OutcomeKind) -> Outcome {
        match self.process {
            Some(ProcessEnd::Exited(0)) | None => self.with(kind),
            Some(_) => self.by_process(),
        }
    }

    fn with(&self, kind: OutcomeKind) -> Outcome {
        Outcome { message: self.message.map(Into::into), ..Outcome::of(kind) }
    }

    fn by_process(&self) -> Outcome {
        match self.process {
            Some(ProcessEnd::Exited(0)) => Outcome::success(),
            Some(ProcessEnd::Exited(code)) => Outcome { code: Some(code), ..self.with(OutcomeKind::Failed) },
            Some(ProcessEnd::Signalled(signal)) => {
                Outcome { signal: Some(signal), ..self.with(OutcomeKind::Signalled) }
            }
            None if self.launched => self.lost(),
            None => Outcome::with_message(OutcomeKind::Cancelled, "never started: the run ended before"),
        }
    }

    fn lost(&self) -> Outcome {
        let base = Outcome::of(OutcomeKind::Lost);
        match self.runner {
            None => base,
            Some(RunnerEnd { reason: Some(reason), .. }) => {
                Outcome { signal: Some(9), message: Some(reason.as_str().into()), ..base }
            }
            Some(RunnerEnd { end: ProcessEnd::Signalled(signal), .. }) => Outcome {
                signal: Some(*signal),
                message: Some("the signal ended the runner's process, and this execution with it".into()),
                ..base
            },
            Some(RunnerEnd { end: ProcessEnd::Exited(code), .. }) => Outcome {
                code: Some(*code),
                message: Some("the runner's process exited, and this execution with it".into()),
                ..base
            },
        }
    }
}

fn held(why: &str) -> Outcome {
    Outcome::with_message(OutcomeKind::TimedOut, why)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thread_that_was_in_flight_when_the_runner_died_is_lost_with_the_signal() {
        let runner = RunnerEnd { end: ProcessEnd::Signalled(11), reason: None };
        let known = Known { launched: true, runner: Some(&runner), ..Known::default() };
        assert_eq!((known.outcome().kind, known.outcome().signal), (OutcomeKind::Lost, Some(11)));
        let never = Known { launched: false, ..known };
        assert_eq!(never.outcome().kind, OutcomeKind::Cancelled);
    }

    #[test]
    fn a_process_says_how_it_ended() {
        let of = |process| Known { process: Some(process), launched: true, ..Known::default() }.outcome();
        assert!(of(ProcessEnd::Exited(0)).is_success());
        assert_eq!((of(ProcessEnd::Exited(3)).kind, of(ProcessEnd::Exited(3)).code), (OutcomeKind::Failed, Some(3)));
        assert_eq!(of(ProcessEnd::Signalled(9)).signal, Some(9));
    }

    #[test]
    fn who_is_done_before_the_timeout_bites_has_succeeded() {
        let timeout = Demand::Timeout(1_000_000_000);
        let late = Known { demand: Some(&timeout), launched: true, ..Known::default() };
        assert_eq!(late.outcome().kind, OutcomeKind::TimedOut);
        let done = Known { verdict: Some(Reported::Returned), ..late };
        assert!(done.outcome().is_success());
    }

    #[test]
    fn who_returned_and_could_not_exit_has_timed_out() {
        let why = Demand::Held("its process can't exit".into());
        let held = Known { verdict: Some(Reported::Returned), demand: Some(&why), launched: true, ..Known::default() };
        let ended = Known { process: Some(ProcessEnd::Signalled(15)), joined: true, ..held };
        for outcome in [held.outcome(), ended.outcome()] {
            assert_eq!(outcome.kind, OutcomeKind::TimedOut);
            assert_eq!(outcome.message.as_deref(), Some("its process can't exit"));
        }
        assert!(Known { joined: true, ..held }.outcome().is_success(), "it has ended after all");
    }
}
