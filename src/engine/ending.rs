//! Ends what takes too long, and everything when the user stops the run: first by the stop word, then by signals, then
//! by ending the runner, which ends threads too. If that fails, the host kills all processes below the guard, then the
//! guard, and then lets the run go.
//!
//! It is a state machine: it carries out nothing itself, and only says what is to be done.

mod forced;
mod loading;
mod overdue;
mod pool_queue;
mod rules;
mod sentences;
mod sight;
mod stuck;
#[cfg(test)]
mod tests;
mod timeouts;

use super::outcome::Demand;
use loading::Loading;
use model::{Execution, Plan, Setting, duration::limit_text};
use pool_queue::PoolQueue;
use protocol::{
    PROTOCOL,
    text::{Order, Text},
};
use rules::Rules;
pub use sight::{Launcher, Sight};
use std::{collections::BTreeSet, path::PathBuf, time::Duration};
use stuck::Stuck;
use timeouts::Timeouts;

/// From the user's Stop to killing what is left.
const STOP_GRACE_NS: i64 = 200_000_000;

/// An input of the ending.
#[derive(Clone, Copy, Debug)]
pub enum Happening<'a> {
    /// The user stops it.
    Stop,
    /// The runner sent a text.
    Said(&'a Text),
    /// Time has passed.
    Tick,
}

/// An effect: something that ends a run or a part of it. The caller carries effects out in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Set the stop word of the whole run: nothing more is launched, and targets that check the word end.
    AskAll,
    /// Set the stop word of an execution.
    Ask(u32),
    /// Record why an execution is to end.
    Demand(u32, Demand),
    /// Record the same reason for all executions that have not ended.
    DemandOfRest(Demand),
    /// Give the guard this order.
    Order(Order),
    /// Have the guard end the whole run, for this reason (a sentence). It comes once, and no order follows it.
    End(String),
    /// Kill all processes below the guard.
    KillBelow,
    /// Kill the guard.
    KillGuard,
    /// Nothing more can be done: treat the run as over.
    LetGo,
}

/// What is to end, and since when.
#[derive(Clone)]
pub struct Ending {
    rules: Rules,
    loading: Loading,
    stuck: Stuck,
    timeouts: Timeouts,
    queue: PoolQueue,
    started_ns: i64,
    /// How long the whole run may take; absent if there is no limit.
    limit: Option<Duration>,
    was_too_long: bool,
    /// Why the runner can't go on.
    fatal: Option<String>,
    stopped_ns: Option<i64>,
    /// Executions that were killed since the user stopped the run.
    killed: BTreeSet<u32>,
    /// When the guard was told to end the run.
    ended_ns: Option<i64>,
    guard_killed: bool,
}

impl Ending {
    /// For a run that starts at an instant of CLOCK_MONOTONIC, may take as long as `limit`, and has this interpreter.
    pub fn new(
        plan: &Plan,
        setting: Setting,
        interpreter: Option<PathBuf>,
        started_ns: i64,
        limit: Option<Duration>,
    ) -> Self {
        Self {
            rules: Rules::new(plan, setting),
            loading: Loading::new(plan.run.load_timeout, started_ns, interpreter),
            stuck: Stuck::new(plan),
            timeouts: Timeouts::default(),
            queue: PoolQueue::default(),
            started_ns,
            limit,
            was_too_long: false,
            fatal: None,
            stopped_ns: None,
            killed: BTreeSet::new(),
            ended_ns: None,
            guard_killed: false,
        }
    }

    /// Takes in an input, and returns what is to be done now.
    pub fn step(&mut self, now_ns: i64, happening: Happening<'_>, sight: &impl Sight) -> Vec<Effect> {
        let mut effects = Vec::new();
        match happening {
            Happening::Stop => self.stop(now_ns, sight, &mut effects),
            Happening::Said(text) => self.hear(text, &mut effects),
            Happening::Tick => self.tick(now_ns, sight, &mut effects),
        }
        effects.retain(|effect| self.is_to_be_done(now_ns, effect));
        effects
    }

    /// A run is ended once, for the first reason. Executions that end with it need no order of their own.
    fn is_to_be_done(&mut self, now_ns: i64, effect: &Effect) -> bool {
        match effect {
            Effect::End(_) if self.ended_ns.is_none() => self.ended_ns.replace(now_ns).is_none(),
            Effect::End(_) | Effect::Order(_) => self.ended_ns.is_none(),
            _ => true,
        }
    }

    /// Whether the user has stopped the run.
    pub fn is_stopped(&self) -> bool {
        self.stopped_ns.is_some()
    }

    /// Why the runner could not go on, if it said so or was ended for that.
    pub fn fatal(&self) -> Option<&str> {
        self.fatal.as_deref()
    }

    /// Whether the runner has said hello.
    pub fn is_greeted(&self) -> bool {
        self.loading.is_greeted()
    }

    /// Whether the run was ended because it took longer than it may.
    pub fn was_too_long(&self) -> bool {
        self.was_too_long
    }

    fn hear(&mut self, text: &Text, effects: &mut Vec<Effect>) {
        self.loading.hear(text);
        match text {
            Text::Hello { protocol, .. } if *protocol != PROTOCOL => {
                self.fatal = Some(format!("the runner speaks protocol {protocol}, the program {PROTOCOL}"));
                effects.push(Effect::End("its protocol is another".to_owned()));
            }
            // A runner that was ended because its loading took too long keeps that reason.
            Text::Fatal { message } => drop(self.fatal.get_or_insert_with(|| message.clone())),
            Text::Runner { pid } => self.stuck.know(*pid),
            _ => {}
        }
    }

    fn stop(&mut self, now_ns: i64, sight: &impl Sight, effects: &mut Vec<Effect>) {
        if self.stopped_ns.is_some() {
            return;
        }
        self.stopped_ns = Some(now_ns);
        effects.extend([Effect::AskAll, Effect::DemandOfRest(Demand::Stop)]);
        let signalled = sight.in_flight().filter(|execution| self.rules.takes_signals(execution));
        let signalled = signalled.map(|execution| execution.id).collect();
        effects.extend(order(signalled, sight, |executions| Order::Terminate { executions }));
    }

    fn tick(&mut self, now_ns: i64, sight: &impl Sight, effects: &mut Vec<Effect>) {
        if self.ended_ns.is_none() {
            self.end_run(now_ns, sight, effects);
        }
        if let Some(since_ns) = self.stopped_ns {
            self.enforce_stop(now_ns - since_ns, sight, effects);
        } else {
            self.timeouts.tick(now_ns, &self.rules, sight, effects);
            if self.ended_ns.is_none() {
                self.end_idle_pool(now_ns, sight, effects);
            }
        }
        if let Some(since_ns) = self.ended_ns {
            self.force(now_ns - since_ns, effects);
        }
    }

    /// Ends a run that takes too long as a whole, or that is stuck.
    fn end_run(&mut self, now_ns: i64, sight: &impl Sight, effects: &mut Vec<Effect>) {
        if let Some(why) = self.loading.overdue(now_ns).filter(|_| !self.is_stopped()) {
            // If the runner has said why it can't go on, and then does not end, its own reason stays.
            self.fatal.get_or_insert_with(|| why.clone());
            effects.push(Effect::End(why));
        }
        effects.extend(self.stuck.tick(now_ns, sight).map(Effect::End));
        let waited_ns = i128::from(now_ns - self.started_ns);
        if let Some(limit) = self.limit.filter(|limit| waited_ns > limit.as_nanos() as i128) {
            self.was_too_long = true;
            effects.push(Effect::End(format!("the run took longer than {}", limit_text(limit))));
        }
    }

    fn enforce_stop(&mut self, waited_ns: i64, sight: &impl Sight, effects: &mut Vec<Effect>) {
        if waited_ns > STOP_GRACE_NS * 2 || (waited_ns > STOP_GRACE_NS && self.rules.none_is_apart()) {
            effects.push(Effect::End("the user stopped the run".to_owned()));
        } else if waited_ns > STOP_GRACE_NS {
            let left = sight.in_flight().map(|execution| execution.id);
            let left = left.filter(|id| sight.process(*id).is_some() && self.killed.insert(*id));
            effects.extend(order(left.collect(), sight, |executions| Order::Kill { executions }));
        }
    }

    /// Ends the run of a Python pool if no worker takes calls from its queue.
    fn end_idle_pool(&mut self, now_ns: i64, sight: &impl Sight, effects: &mut Vec<Effect>) {
        if !self.rules.is_python_pool() {
            return;
        }
        let forgotten = self.queue.forgotten(now_ns, self.rules.load_ns(), sight);
        if forgotten.is_empty() {
            return;
        }
        let why = |it: &Execution| Effect::Demand(it.id, Demand::NotBegun(self.rules.not_taken(it).into()));
        effects.extend(forgotten.into_iter().map(why));
        effects.push(Effect::End("no worker of the pool took what waits in its queue".to_owned()));
    }
}

/// An order to the known processes of these executions; none if no process is known.
fn order(executions: Vec<u32>, sight: &impl Sight, make: impl Fn(Vec<u32>) -> Order) -> Option<Effect> {
    let known: Vec<u32> = executions.into_iter().filter(|id| sight.process(*id).is_some()).collect();
    (!known.is_empty()).then(|| Effect::Order(make(known)))
}
