//! Executions that exceed a limit: they are asked to end and killed after a grace period. A thread that remains ends
//! with its run.

use super::{
    Effect, Sight, order,
    overdue::{Carrier, Overdue, Seen, overdue},
    rules::Rules,
    sentences::not_joined,
};
use model::{Execution, Stage};
use protocol::text::Order;
use std::collections::HashMap;

/// From asking an execution to end to killing it.
const GRACE_NS: i64 = 500_000_000;
/// From asking it to ending the whole run, if killing it did not help.
const LAST_GRACE_NS: i64 = 4 * GRACE_NS;
/// From the end of an execution for which the launcher waits to its join.
const JOIN_PATIENCE_NS: i64 = 5_000_000_000;

/// Executions that have exceeded a limit, and how far their ending has come.
#[derive(Clone, Default)]
pub struct Timeouts {
    /// Executions that were asked to end.
    asked: HashMap<u32, Asked>,
    /// Executions whose thread or process is gone, and since when; they wait to be joined.
    gone: HashMap<u32, i64>,
}

/// An execution that was asked to end.
#[derive(Clone)]
struct Asked {
    since_ns: i64,
    killed: bool,
}

impl Timeouts {
    /// Takes the next steps; call it every tick.
    pub fn tick(&mut self, now_ns: i64, rules: &Rules, sight: &impl Sight, effects: &mut Vec<Effect>) {
        self.ask_overdue(now_ns, rules, sight, effects);
        self.enforce(now_ns, rules, sight, effects);
        self.end_unjoined(now_ns, rules, sight, effects);
    }

    /// Asks executions that have exceeded a limit to end.
    fn ask_overdue(&mut self, now_ns: i64, rules: &Rules, sight: &impl Sight, effects: &mut Vec<Effect>) {
        let awaited = awaited(rules, sight);
        let mut signalled = Vec::new();
        for execution in sight.in_flight() {
            let (id, limits) = (execution.id, rules.limits(execution));
            if limits.call_ns.is_none() && limits.load_ns.is_none() || self.asked.contains_key(&id) {
                continue;
            }
            let since_ns = awaited.filter(|(awaited, _)| *awaited == id).map_or(0, |(_, since_ns)| since_ns);
            let place = rules.place(execution);
            let Some(what) = overdue(place, limits, seen(sight, id, since_ns), now_ns) else { continue };
            if what != Overdue::Result && self.is_gone(now_ns, place, id, sight) {
                continue;
            }
            effects.extend([Effect::Ask(id), Effect::Demand(id, rules.demand(what, execution))]);
            self.asked.insert(id, Asked { since_ns: now_ns, killed: false });
            signalled.extend(rules.takes_signals(execution).then_some(id));
        }
        effects.extend(order(signalled, sight, |executions| Order::Terminate { executions }));
    }

    /// Kills executions that were asked to end and are still there after the grace period; a thread with its whole
    /// process.
    fn enforce(&mut self, now_ns: i64, rules: &Rules, sight: &impl Sight, effects: &mut Vec<Effect>) {
        if self.asked.is_empty() {
            return;
        }
        let (mut own, mut shared) = (Vec::new(), None);
        for execution in sight.in_flight() {
            let id = execution.id;
            let Some((waited_ns, killed)) = self.asked.get(&id).map(|asked| (now_ns - asked.since_ns, asked.killed))
            else {
                continue;
            };
            let in_grace = waited_ns <= GRACE_NS || killed && waited_ns < LAST_GRACE_NS;
            if in_grace || self.is_gone(now_ns, rules.place(execution), id, sight) {
                continue;
            }
            if !killed && rules.is_apart(execution) && sight.process(id).is_some() {
                own.push(id);
            } else {
                shared = shared.or(Some(execution));
            }
            self.asked.entry(id).and_modify(|asked| asked.killed = true);
        }
        effects.extend(order(own, sight, |executions| Order::Kill { executions }));
        effects.extend(shared.map(|execution| Effect::End(rules.shared_end(execution))));
    }

    /// Ends a run whose launcher waits for an execution whose process has long been gone.
    fn end_unjoined(&self, now_ns: i64, rules: &Rules, sight: &impl Sight, effects: &mut Vec<Effect>) {
        let Some((since_ns, whom)) = sight.waits().filter(|(since_ns, _)| now_ns - since_ns > JOIN_PATIENCE_NS) else {
            return;
        };
        let is_unjoined = |id: u32| {
            let gone_ns = self.gone.get(&id).map_or(0, |gone_ns| now_ns - gone_ns.max(&since_ns));
            gone_ns > JOIN_PATIENCE_NS && whom.is_none_or(|whom| whom == id)
        };
        let unjoined = self.gone.keys().copied().filter(|id| is_unjoined(*id)).min();
        let execution = unjoined.and_then(|id| sight.in_flight().find(|execution| execution.id == id));
        let execution = execution.filter(|execution| rules.place(execution) == Carrier::Process);
        effects.extend(execution.map(|execution| Effect::End(not_joined(execution))));
    }

    /// Whether an execution's own thread or process is gone. It may be joined much later, because launchers join in
    /// launch order. The answer "gone" is remembered.
    fn is_gone(&mut self, now_ns: i64, place: Carrier, id: u32, sight: &impl Sight) -> bool {
        if self.gone.contains_key(&id) {
            return true;
        }
        let exited = sight.stage(id, Stage::Exited) != 0;
        let is_gone = match (place, sight.process(id), sight.thread(id)) {
            (Carrier::Process, Some(process), _) => !sight.is_running(process, None),
            (Carrier::Thread, Some(process), Some(thread)) => exited && !sight.is_running(process, Some(thread)),
            (Carrier::Process | Carrier::Thread, ..) => false,
            (Carrier::Lasting, ..) => exited,
        };
        if is_gone {
            self.gone.insert(id, now_ns);
        }
        is_gone
    }
}

/// For a Python pool: the execution for whose result the launcher waits, and since when. The launcher has submitted all
/// calls and takes their results in the same order.
fn awaited(rules: &Rules, sight: &impl Sight) -> Option<(u32, i64)> {
    let count = sight.count();
    let submitted = usize::try_from(sight.launched()).is_ok_and(|launched| launched >= count);
    let Execution { id, .. } = sight.in_flight().next().filter(|_| submitted && rules.is_python_pool())?;
    let before_ns = id.checked_sub(1).map_or(0, |before| sight.stage(before, Stage::Joined));
    let last = u32::try_from(count.checked_sub(1)?).ok()?;
    Some((*id, before_ns.max(sight.stage(last, Stage::Launched))))
}

fn seen(sight: &impl Sight, id: u32, awaited_ns: i64) -> Seen {
    Seen {
        launch_called: sight.stage(id, Stage::LaunchCalled),
        entered: sight.stage(id, Stage::Entered),
        left: sight.stage(id, Stage::Left),
        exited: sight.stage(id, Stage::Exited),
        awaited: awaited_ns,
    }
}
