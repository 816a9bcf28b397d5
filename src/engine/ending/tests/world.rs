//! A run as its ending sees it, and the rules that must hold whatever happens.

use super::{
    kind::{Kind, LIMIT, LOAD_LIMIT, MS, RUN_LIMIT, SECOND},
    state::{LAUNCHER, Move, State},
};
use crate::{
    ending::{Effect, Ending, Happening, Launcher, Sight},
    outcome::Demand,
};
use model::Stage;
use protocol::{
    PROTOCOL,
    text::{Order, Text},
};
use std::collections::BTreeMap;

/// The instant at which a run starts.
const START: i64 = 1_000 * SECOND;

/// A run, its ending, and the effects so far.
#[derive(Clone)]
pub struct World {
    pub ending: Ending,
    pub effects: Vec<Effect>,
    pub is_let_go: bool,
    pub moves: usize,
    state: State,
    now_ns: i64,
    stopped_ns: Option<i64>,
    ended_ns: Option<i64>,
    /// When executions were asked to end.
    asked: BTreeMap<u32, i64>,
    /// How often executions were killed.
    killed: BTreeMap<u32, usize>,
}

impl World {
    pub fn new(kind: Kind) -> Self {
        let interpreter = kind.is_python().then(|| "/usr/bin/python3".into());
        Self {
            ending: Ending::new(&kind.plan(), kind.setting(), interpreter, START, kind.run_limit()),
            effects: Vec::new(),
            is_let_go: false,
            moves: 0,
            state: State::new(kind),
            now_ns: START,
            stopped_ns: None,
            ended_ns: None,
            asked: BTreeMap::new(),
            killed: BTreeMap::new(),
        }
    }

    pub fn is_possible(&self, next: Move) -> bool {
        !self.is_let_go && (!next.is_of_execution() || self.state.whose(next).is_some())
    }

    pub fn make_all(&mut self, moves: &[Move]) {
        moves.iter().for_each(|next| self.make(*next));
    }

    pub fn make(&mut self, next: Move) {
        self.moves += 1;
        self.now_ns += MS;
        let hello = |protocol| Text::Hello { protocol, runtime: String::new(), interpreter: None };
        match next {
            Move::Short => self.tick(60 * MS),
            Move::Grace => self.tick(600 * MS),
            Move::Second => self.tick(SECOND),
            Move::Long => self.tick(6 * SECOND),
            Move::Stop => self.step(Happening::Stop),
            Move::Hello => {
                self.step(Happening::Said(&Text::Runner { pid: LAUNCHER }));
                self.step(Happening::Said(&hello(PROTOCOL)));
            }
            Move::OtherHello => self.step(Happening::Said(&hello(PROTOCOL + 1))),
            Move::Loaded => {
                self.step(Happening::Said(&Text::Loaded { gil_enabled: None, thread_libraries: Vec::new() }));
            }
            Move::Fatal => self.step(Happening::Said(&Text::Fatal { message: "it can't go on".to_owned() })),
            Move::LauncherStops => self.state.launcher = Launcher::Stopped,
            Move::LauncherEnds => self.state.launcher = Launcher::Ended,
            of_execution => self.state.advance(of_execution, self.now_ns),
        }
    }

    /// Time passes; then comes a tick.
    pub fn tick(&mut self, ns: i64) {
        self.now_ns += ns;
        self.step(Happening::Tick);
    }

    fn step(&mut self, happening: Happening<'_>) {
        let stops = matches!(happening, Happening::Stop) && self.stopped_ns.is_none();
        let effects = self.ending.step(self.now_ns, happening, &self.state);
        let asks_all = effects.iter().filter(|effect| **effect == Effect::AskAll).count();
        assert_eq!(asks_all, usize::from(stops), "all are asked once, when the user says so");
        assert_eq!(effects.contains(&Effect::DemandOfRest(Demand::Stop)), stops);
        if stops {
            self.stopped_ns = Some(self.now_ns);
        }
        effects.iter().for_each(|effect| self.check(effect));
        assert_eq!(self.ending.is_stopped(), self.stopped_ns.is_some());
        self.effects.extend(effects);
    }

    fn check(&mut self, effect: &Effect) {
        assert!(!self.is_let_go, "nothing is done once it is let go");
        let since_end_ns = self.ended_ns.map(|ended_ns| self.now_ns - ended_ns);
        let is_after = |ns: i64| since_end_ns.is_some_and(|since_ns| since_ns > ns);
        match effect {
            Effect::AskAll | Effect::DemandOfRest(_) => {}
            Effect::Ask(id) => {
                self.assert_in_flight(*id);
                assert!(self.stopped_ns.is_none(), "who was asked with all is not asked again");
                assert!(self.asked.insert(*id, self.now_ns).is_none(), "it was asked before");
            }
            Effect::Demand(id, demand) => self.check_demand(*id, demand),
            Effect::Order(order) => self.check_order(order),
            Effect::End(_) => assert!(self.ended_ns.replace(self.now_ns).is_none(), "it was ended before"),
            Effect::KillBelow => assert!(is_after(2 * SECOND)),
            Effect::KillGuard => {
                assert!(is_after(3 * SECOND) && !self.effects.contains(&Effect::KillGuard), "too early, or again");
            }
            Effect::LetGo => {
                assert!(is_after(4 * SECOND + SECOND / 2));
                self.is_let_go = true;
            }
        }
    }

    fn check_demand(&self, id: u32, demand: &Demand) {
        self.assert_in_flight(id);
        let since_launch_ns = self.now_ns - self.state.stage(id, Stage::LaunchCalled);
        match demand {
            Demand::Timeout(ns) => assert!(*ns == LIMIT as u64 && since_launch_ns > LIMIT, "it has time left"),
            Demand::Held(_) => assert!(since_launch_ns > LIMIT && self.state.stage(id, Stage::Left) != 0),
            Demand::NotBegun(_) => {
                // In a pool, executions that came while the first waited are ended too.
                let is_due = since_launch_ns > LOAD_LIMIT || self.state.kind == Kind::PythonPool;
                assert!(is_due && self.state.stage(id, Stage::Entered) == 0);
            }
            Demand::Stop => panic!("a stop is of all"),
        }
    }

    fn check_order(&mut self, order: &Order) {
        assert!(self.ended_ns.is_none(), "no order comes after the end");
        let since = |from: Option<&i64>| from.map_or(0, |from| self.now_ns - from);
        let (Order::Terminate { executions } | Order::Kill { executions }) = order else {
            panic!("the end comes as such")
        };
        assert!(!executions.is_empty());
        for id in executions {
            self.assert_in_flight(*id);
            assert!(self.state.process(*id).is_some(), "there is nobody to get it");
            if matches!(order, Order::Terminate { .. }) {
                assert!(self.state.kind.is_python() || self.state.kind.is_apart(*id), "a thread takes no signal");
                assert!(self.stopped_ns == Some(self.now_ns) || self.asked.get(id) == Some(&self.now_ns));
                continue;
            }
            let graces = (since(self.asked.get(id)) > SECOND / 2, since(self.stopped_ns.as_ref()) > SECOND / 5);
            assert!(graces.0 || graces.1, "who is killed had time to end by himself");
            let killed = self.killed.entry(*id).or_default();
            *killed += 1;
            assert!(*killed <= usize::from(graces.0) + usize::from(graces.1), "it was killed before");
        }
    }

    fn assert_in_flight(&self, id: u32) {
        assert!(self.state.in_flight().any(|execution| execution.id == id), "{id} is not in flight");
    }

    /// The user stops the run and nothing reacts: the guard must be told soon, and the run must be over in a bounded
    /// time.
    pub fn stop_to_the_end(mut self) {
        self.make(Move::Stop);
        let stopped_ns = self.now_ns;
        while !self.is_let_go && self.now_ns - stopped_ns < SECOND / 2 {
            self.tick(SECOND / 10);
        }
        assert!(self.ended_ns.is_some(), "the guard is not told");
        while !self.is_let_go && self.now_ns - stopped_ns < 6 * SECOND {
            self.tick(SECOND);
        }
        assert!(self.is_let_go, "it goes on without an end");
    }

    /// The user does not stop the run and nothing moves any more: it must be over in a bounded time, if there is a
    /// limit.
    pub fn wait_to_the_end(mut self) {
        let is_bounded = self.state.kind == Kind::Endless || !self.ending.is_greeted() || self.state.is_anybody_held();
        let steps = [SECOND; 12].into_iter().chain([RUN_LIMIT / 2; 3]);
        for ns in steps {
            if self.is_let_go {
                return;
            }
            self.tick(ns);
        }
        assert!(self.is_let_go || !is_bounded, "{:?}", self.state);
    }
}
