//! A stand-in for the engine's thread, and the rules that must hold whatever happens.

use crate::{
    Command, Request,
    active::{Failure, Finished},
    controller::{Controller, Effect, Input, NextRun, State},
    prepared::Prepared,
    tail::Tail,
};
use model::{Choice, Event, LaunchMode, Machine, Plan, Sample, Setting, Target, Task};
use samplers::Pace;
use std::time::Duration;

pub const SETTLE_NS: i64 = 1_000_000_000;

/// What may happen next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Move {
    Launch,
    Stop,
    Quit,
    Watch,
    Prepared,
    Refused,
    /// The due time has come.
    Due,
    /// The due input arrives before its time.
    TooEarly,
    RunEnds,
    /// An execution of the run fails.
    RunFails,
    /// The run ends with an error after which the experiment can't go on.
    RunCannot,
    /// A sample that reaches the end of all runs.
    Covering,
    /// A sample from before the last run's end.
    Before,
}

pub const ALL: [Move; 13] = [
    Move::Launch,
    Move::Stop,
    Move::Quit,
    Move::Watch,
    Move::Prepared,
    Move::Refused,
    Move::Due,
    Move::TooEarly,
    Move::RunEnds,
    Move::RunFails,
    Move::RunCannot,
    Move::Covering,
    Move::Before,
];

/// Three rounds of threads and processes, with a baseline.
pub fn request() -> Request {
    let mut plan = Plan::empty("test");
    (plan.run.repeat, plan.run.warmup, plan.run.precision) = (3, 0, 0.0);
    plan.tasks.push(Task::new(Target::parse("sleep")));
    let choices = [LaunchMode::Threads, LaunchMode::Processes].map(Choice::from).to_vec();
    Request { settle: Duration::from_nanos(SETTLE_NS as u64), ..Request::compare(plan, choices) }
}

/// The stand-in for the engine's thread, and the effects that it received so far.
#[derive(Clone)]
pub struct World {
    pub controller: Controller,
    pub now_ns: i64,
    /// The run in progress.
    pub run: Option<NextRun>,
    /// The runs of this experiment.
    pub runs: Vec<NextRun>,
    pub makespan_ns: u64,
    /// How the experiments ended.
    pub told_ends: Vec<&'static str>,
    /// Runs that were added.
    pub planned: usize,
    /// Whether a request is being checked.
    prepares: bool,
    /// Whether an experiment has begun and has not ended.
    is_open: bool,
    stopped: bool,
    stop_ordered: bool,
    quits: bool,
    watches: bool,
    pace: Pace,
    /// Baselines that were given up.
    pub dropped: Vec<Setting>,
}

impl World {
    pub fn new() -> Self {
        Self {
            controller: Controller::new(0, 2),
            now_ns: 1_000_000_000,
            run: None,
            runs: Vec::new(),
            makespan_ns: 1_000_000,
            told_ends: Vec::new(),
            planned: 0,
            prepares: false,
            is_open: false,
            stopped: false,
            stop_ordered: false,
            quits: false,
            watches: false,
            pace: Pace::Off,
            dropped: Vec::new(),
        }
    }

    /// Whether this could happen now.
    pub fn is_possible(&self, next: Move) -> bool {
        match next {
            _ if self.controller.is_over() => false,
            Move::Launch | Move::Stop | Move::Quit | Move::Watch | Move::Covering | Move::Before => true,
            Move::Prepared | Move::Refused => self.prepares,
            Move::Due => self.controller.due_ns().is_some(),
            Move::TooEarly => self.controller.due_ns().is_some_and(|due_ns| due_ns > self.now_ns),
            Move::RunEnds | Move::RunFails | Move::RunCannot => self.run.is_some(),
        }
    }

    pub fn make_all(&mut self, moves: &[Move]) {
        moves.iter().for_each(|next| self.make(*next));
    }

    pub fn make(&mut self, next: Move) {
        assert!(self.is_possible(next), "{next:?}");
        self.now_ns += 1;
        let input = match next {
            Move::Launch => Input::Command(Command::Launch(Box::new(request()))),
            Move::Stop => {
                self.stopped = true;
                Input::Command(Command::Stop)
            }
            Move::Quit => {
                (self.stopped, self.quits) = (true, true);
                Input::Command(Command::Quit)
            }
            Move::Watch => {
                self.watches = !self.watches;
                Input::Command(Command::WatchIdle(self.watches))
            }
            Move::Prepared => {
                self.prepares = false;
                let prepared = Prepared::new(request(), Machine::default(), Vec::new(), 1);
                Input::Prepared(Ok(Box::new(prepared)))
            }
            Move::Refused => {
                self.prepares = false;
                Input::Prepared(Err("no such target".to_owned()))
            }
            Move::Due => {
                self.now_ns = self.now_ns.max(self.controller.due_ns().expect("possible"));
                Input::Due
            }
            Move::TooEarly => return self.assert_waits(),
            Move::RunEnds => self.run_over(Ok(None)),
            Move::RunFails => self.run_over(Ok(Some(Failure { words: "it failed".to_owned(), too_long: true }))),
            Move::RunCannot => self.run_over(Err("the runner is gone".to_owned())),
            Move::Covering => Input::Sample(Sample { from_ns: 0, to_ns: self.now_ns, busy: Vec::new() }),
            Move::Before => Input::Sample(Sample { from_ns: 0, to_ns: 1, busy: Vec::new() }),
        };
        self.take(input);
    }

    /// A due input that arrives too early must change nothing.
    fn assert_waits(&mut self) {
        let due_ns = self.controller.due_ns();
        let effects = self.controller.step(self.now_ns, Input::Due);
        assert!(effects.is_empty() && self.controller.due_ns() == due_ns, "{effects:?}");
    }

    fn run_over(&mut self, failure: Result<Option<Failure>, String>) -> Input {
        let run = self.run.take().expect("possible");
        self.stop_ordered = false;
        let tail = Tail { run: run.id, origin_ns: self.now_ns - 1, end_ns: self.now_ns };
        let finished =
            failure.map(|failure| Finished { makespan_ns: failure.is_none().then_some(self.makespan_ns), failure });
        Input::RunOver { tail: Some(tail), finished }
    }

    pub fn take(&mut self, input: Input) {
        let was_idle = matches!(self.controller.state, State::Idle);
        let launches = matches!(input, Input::Command(Command::Launch(_)));
        let effects = self.controller.step(self.now_ns, input);
        if launches && !was_idle {
            assert!(matches!(effects[..], [Effect::Warn(_)]), "a launch while busy does nothing: {effects:?}");
        }
        effects.into_iter().for_each(|effect| self.carry_out(effect));
        self.check();
    }

    fn carry_out(&mut self, effect: Effect) {
        match effect {
            Effect::Prepare(_) => {
                assert!(!self.is_open && !self.prepares, "one experiment at a time");
                (self.prepares, self.stopped) = (true, self.quits);
            }
            Effect::StartRun(run) => self.start(run),
            Effect::StopRun => {
                assert!(self.run.is_some() && self.stopped, "nobody stopped it, or there is nothing to stop");
                assert!(!std::mem::replace(&mut self.stop_ordered, true), "it was stopped before");
            }
            Effect::GiveSample(_) => assert!(self.run.is_some(), "there is no run that it is for"),
            Effect::SetPace(pace) => self.pace = pace,
            Effect::GiveMemoryBack => assert!(self.run.is_none()),
            Effect::Warn(_) => {}
            Effect::Tell(event) => self.tell(event),
        }
    }

    fn start(&mut self, run: NextRun) {
        assert!(self.is_open && self.run.is_none(), "one run at a time, of an experiment that was told");
        assert!(!self.stopped, "no run begins after a stop");
        assert_eq!(self.pace, Pace::Run, "a run is sampled from its beginning");
        assert_eq!(run.id as usize, self.runs.len(), "runs are numbered in order");
        assert!(!self.dropped.contains(&run.scheduled.setting), "a baseline that was given up is made no more");
        self.run = Some(run.clone());
        self.runs.push(run);
    }

    fn tell(&mut self, event: Event) {
        match event {
            Event::Started(_) => {
                assert!(!self.is_open, "the one before has not ended");
                self.is_open = true;
                self.runs.clear();
                self.dropped.clear();
            }
            Event::Ended { stopped } => self.end(if stopped { "stopped" } else { "ended" }),
            // A refused experiment has not begun.
            Event::Failed(_) if !self.is_open => {}
            Event::Failed(_) => self.end("failed"),
            Event::BaselineDropped { setting, .. } => {
                assert!(self.is_open && setting.mode == LaunchMode::Sequential);
                assert!(!self.dropped.contains(&setting), "given up twice");
                self.dropped.push(setting);
            }
            Event::Planned(more) => {
                assert!(self.is_open && !self.stopped);
                self.planned += more.len();
            }
            Event::Run(id, _) => assert!(self.is_open && (id as usize) < self.runs.len(), "a sample of no run"),
            Event::Idle(_) => assert!(!self.is_open, "what is told while an experiment goes on is of its runs"),
            Event::RunStarted(_) => panic!("who starts it tells that"),
        }
    }

    fn end(&mut self, how: &'static str) {
        assert!(std::mem::replace(&mut self.is_open, false), "an end of nothing, or a second one");
        assert!(self.run.is_none(), "a run still goes on");
        self.told_ends.push(how);
    }

    /// Checks what must hold at every instant.
    fn check(&self) {
        let waits_for_nothing = self.run.is_none() && !self.prepares && self.controller.due_ns().is_none();
        let rests = matches!(self.controller.state, State::Idle | State::Over);
        assert_eq!(rests, waits_for_nothing, "what does not rest waits for something that comes");
        assert_eq!(rests, !self.is_open && !self.prepares, "what rests has told its end");
        assert_eq!(self.controller.is_over(), rests && self.quits, "over is what rests after Quit");
        if self.run.is_some() {
            assert_eq!(self.stop_ordered, self.stopped, "a run that was stopped is told so");
        }
        if rests && !self.quits {
            assert_eq!(self.pace, if self.watches { Pace::Idle } else { Pace::Off });
        }
    }

    /// Quits: the controller must be over as soon as the run or the check is.
    pub fn quit(mut self) {
        let end = [Move::Quit, Move::Prepared, Move::RunEnds];
        for next in end {
            if self.is_possible(next) {
                self.make(next);
            }
        }
        assert!(self.controller.is_over() && !self.is_open && self.run.is_none());
    }
}
