//! Ending what takes too long, and everything when the user says so: first the cooperative stop, then signals, then the
//! end of the runner, which ends threads too.

use super::{
    loading::not_loaded,
    outcome::Demand,
    overdue::{Limits, Overdue, Place, Seen, overdue},
    pool_queue::PoolQueue,
    records::Records,
    runner_process::RunnerProcess,
};
use model::{Execution, LaunchMode, Plan, RunSetting, Stage, StartMethod, Target, Task, duration::limit_text};
use protocol::{
    slots::{Head, Slot, Slots, Word},
    text::Order,
};
use std::{collections::HashMap, time::Duration};

/// From asking an execution to end to killing it.
const GRACE_NS: i64 = 500_000_000;
/// From the user's Stop to killing what is left.
const STOP_GRACE_NS: i64 = 200_000_000;

/// From the end of an execution for which the launcher waits to its join.
const JOIN_PATIENCE_NS: i64 = 5_000_000_000;

/// What of a run is to end, and since when.
pub struct Ending {
    mode: LaunchMode,
    /// For each task its limits.
    limits: Vec<Limits>,
    tasks: Vec<Task>,
    load_timeout: Duration,
    /// Whether the executions are Python's.
    python: bool,
    stop_asked_ns: Option<i64>,
    /// For each execution that was asked to end, how far that has come.
    asked: HashMap<u32, Asked>,
    /// Executions whose thread or process was seen to be gone, and since when; they wait to be joined.
    gone: HashMap<u32, i64>,
    queue: PoolQueue,
}

/// An execution that was asked to end.
struct Asked {
    since_ns: i64,
    killed: bool,
}

impl Ending {
    pub fn new(plan: &Plan, setting: RunSetting) -> Self {
        let RunSetting { mode, interpreter, start_method, .. } = setting;
        let python = interpreter.is_some();
        let ns = |limit: Duration| u64::try_from(limit.as_nanos()).unwrap_or(u64::MAX);
        let anew = matches!(start_method, Some(StartMethod::Spawn | StartMethod::Forkserver));
        let loads = python && mode == LaunchMode::Processes && anew;
        let limits = |index| Limits {
            call_ns: plan.timeout_of(index).map(ns),
            load_ns: loads.then(|| ns(plan.run.load_timeout)),
            from_entered: python && (mode.is_pool() || mode == LaunchMode::Asyncio),
        };
        Self {
            mode,
            limits: (0..plan.tasks.len()).map(limits).collect(),
            tasks: plan.tasks.clone(),
            load_timeout: plan.run.load_timeout,
            python,
            stop_asked_ns: None,
            asked: HashMap::new(),
            gone: HashMap::new(),
            queue: PoolQueue::default(),
        }
    }

    /// Whether the user has stopped the run.
    pub fn stopping(&self) -> bool {
        self.stop_asked_ns.is_some()
    }

    /// The user stops the run.
    pub fn stop(&mut self, now: i64, slots: &Slots, records: &mut Records, runner: &mut RunnerProcess) {
        if self.stop_asked_ns.replace(now).is_some() {
            return;
        }
        slots.set_head(Head::Stop, 1);
        let all: Vec<u32> = records.executions().iter().filter(|e| e.outcome.is_none()).map(|e| e.id).collect();
        all.iter().for_each(|id| records.demand(*id, Demand::Stop));
        let running: Vec<u32> =
            records.in_flight(slots).filter(|(e, _)| self.takes_signals(e)).map(|(e, _)| e.id).collect();
        order(runner, running, |executions| Order::Terminate { executions });
    }

    /// Goes on with ending; call it every tick.
    pub fn tick(&mut self, now: i64, slots: &Slots, records: &mut Records, runner: &mut RunnerProcess) {
        if let Some(asked) = self.stop_asked_ns {
            self.enforce_stop(now - asked, slots, records, runner);
        } else {
            self.ask_overdue(now, slots, records, runner);
            self.enforce(now, slots, records, runner);
            self.end_idle_pool(now, slots, records, runner);
            self.end_unjoined(now, slots, records, runner);
        }
    }

    fn enforce_stop(&self, waited_ns: i64, slots: &Slots, records: &Records, runner: &mut RunnerProcess) {
        if waited_ns > STOP_GRACE_NS * 2 || (waited_ns > STOP_GRACE_NS && !self.mode.isolates() && !self.any_program())
        {
            runner.kill("the user stopped the run".to_owned());
        } else if waited_ns > STOP_GRACE_NS {
            let running = records.in_flight(slots).map(|(execution, _)| execution.id).collect();
            order(runner, running, |executions| Order::Kill { executions });
        }
    }

    /// Asks who has outlasted a limit to end.
    fn ask_overdue(&mut self, now: i64, slots: &Slots, records: &mut Records, runner: &mut RunnerProcess) {
        let awaited = self.awaited(slots, records);
        let mut found = Vec::new();
        for (execution, slot) in records.in_flight(slots) {
            let limits = self.limits[execution.task_index as usize];
            if limits.call_ns.is_none() && limits.load_ns.is_none() || records.is_demanded(execution.id) {
                continue;
            }
            let since = awaited.filter(|(id, _)| *id == execution.id).map_or(0, |(_, since)| since);
            let Some(what) = overdue(self.place(execution), limits, seen(slot, since), now) else { continue };
            let place = self.place(execution);
            if what == Overdue::Result || !is_gone(&mut self.gone, now, place, execution, slot) {
                found.push((execution.id, self.demand(what, execution), self.takes_signals(execution)));
            }
        }
        let mut signalled = Vec::new();
        for (id, demand, signal) in found {
            slots.slot(id as usize).set(Word::Stop, 1);
            records.demand(id, demand);
            self.asked.insert(id, Asked { since_ns: now, killed: false });
            signalled.extend(signal.then_some(id));
        }
        order(runner, signalled, |executions| Order::Terminate { executions });
    }

    /// Of a Python pool the execution for whose result the launcher waits, and since when: it has submitted all, and takes
    /// the results in that order.
    fn awaited(&self, slots: &Slots, records: &Records) -> Option<(u32, i64)> {
        let count = records.executions().len();
        let submitted = slots.head(Head::Launched) as usize >= count;
        let (execution, _) = records.in_flight(slots).next().filter(|_| submitted && self.is_python_pool())?;
        let before = (execution.id as usize).checked_sub(1).map_or(0, |before| slots.slot(before).stage(Stage::Joined));
        Some((execution.id, before.max(slots.slot(count - 1).stage(Stage::Launched))))
    }

    /// Kills who was asked to end, and is still there after a grace; a thread with its whole process.
    fn enforce(&mut self, now: i64, slots: &Slots, records: &Records, runner: &mut RunnerProcess) {
        if self.asked.is_empty() {
            return;
        }
        let (mut own, mut shared) = (Vec::new(), None);
        for (execution, slot) in records.in_flight(slots) {
            let place = self.place(execution);
            let Some(asked) = self.asked.get_mut(&execution.id).filter(|asked| now - asked.since_ns > GRACE_NS) else {
                continue;
            };
            let killable = self.mode.isolates() || is_program(&self.tasks, execution);
            let killable = killable && slot.word(Word::Pid) != 0 && !asked.killed;
            if is_gone(&mut self.gone, now, place, execution, slot)
                || asked.killed && now - asked.since_ns < 4 * GRACE_NS
            {
                continue;
            }
            asked.killed = true;
            if killable { own.push(execution.id) } else { shared = shared.or(Some(execution)) }
        }
        order(runner, own, |executions| Order::Kill { executions });
        if let Some(execution) = shared {
            let why = match self.mode.isolates() || is_program(&self.tasks, execution) {
                true => "its own process can't be ended, so the whole run was",
                false => "a thread can't be killed, so its whole process was",
            };
            runner.kill(format!("`{}` ran past its timeout and did not stop; {why}", execution.label()));
        }
    }

    /// Ends a run whose launcher waits for somebody who has outlasted his limit, and is long gone, by what his slot says.
    fn end_unjoined(&self, now: i64, slots: &Slots, records: &Records, runner: &mut RunnerProcess) {
        let Some((since, whom)) = slots.waits().filter(|(since, _)| now - since > JOIN_PATIENCE_NS) else { return };
        let is_unjoined = |id: u32| {
            let gone_ns = self.gone.get(&id).map_or(0, |gone| now - gone.max(&since));
            gone_ns > JOIN_PATIENCE_NS && whom.is_none_or(|whom| whom == id)
        };
        let unjoined = self.gone.keys().copied().filter(|id| is_unjoined(*id)).min();
        let execution = unjoined.and_then(|id| records.in_flight(slots).map(|(it, _)| it).find(|it| it.id == id));
        if let Some(execution) = execution.filter(|it| self.place(it) == Place::Process) {
            runner.kill(format!(
                "`{}` ran past its timeout; its process, by its slot, is gone, and its launcher did not join it",
                execution.label()
            ));
        }
    }

    /// Ends a run of a Python pool from whose queue nobody takes.
    fn end_idle_pool(&mut self, now: i64, slots: &Slots, records: &mut Records, runner: &mut RunnerProcess) {
        if !self.is_python_pool() {
            return;
        }
        let limit = u64::try_from(self.load_timeout.as_nanos()).unwrap_or(u64::MAX);
        let forgotten = self.queue.forgotten(now, limit, slots, records);
        if forgotten.is_empty() {
            return;
        }
        for id in forgotten {
            let source = self.source(&records.executions()[id as usize]);
            let why = format!(
                "no worker of the pool took it within {}: none started, none finished loading {source}, or its arguments \
                 did not arrive; code at the top level belongs under `if __name__ == \"__main__\":`, and what really \
                 takes so long needs a longer load_timeout",
                limit_text(self.load_timeout)
            );
            records.demand(id, Demand::NotBegun(why.into()));
        }
        runner.kill("no worker of the pool took what waits in its queue".to_owned());
    }

    fn demand(&self, what: Overdue, execution: &Execution) -> Demand {
        let limit_ns = self.limits[execution.task_index as usize].call_ns.unwrap_or(0);
        let limit = limit_text(Duration::from_nanos(limit_ns));
        let held = |why: String| Demand::Held(why.into());
        match (what, self.place(execution)) {
            (Overdue::Call, _) => Demand::Timeout(limit_ns),
            (Overdue::Load, _) => {
                let place = " in the process that was started for it";
                Demand::NotBegun(not_loaded(&self.source(execution), place, "", self.load_timeout).into())
            }
            (Overdue::Exit, Place::Process) if self.python => held(format!(
                "the function returned, but its process can't exit, and its timeout of {limit} ended it: threads of its \
                 own that go on are waited for, and so is what it has put on a multiprocessing queue until somebody takes \
                 it; end those threads, and empty the queue before the join"
            )),
            (Overdue::Exit, Place::Process) => {
                held(format!("it returned, but its process did not exit, and its timeout of {limit} ended it"))
            }
            (Overdue::Exit, _) => held(format!(
                "the function returned, but its thread did not come to its end, and its timeout of {limit} ended it"
            )),
            (Overdue::Result, _) => held(format!(
                "the function returned, but its result did not come back from the pool, and its timeout of {limit} ended \
                 it; return less, or what can be pickled quickly"
            )),
        }
    }

    /// What the task's function is loaded from, as the plan has it.
    fn source(&self, execution: &Execution) -> String {
        match &self.tasks[execution.task_index as usize].target {
            Target::Python(python) if python.is_file() => python.source.clone(),
            Target::Python(python) => format!("module {}", python.source),
            target => target.to_string(),
        }
    }

    fn is_python_pool(&self) -> bool {
        self.python && self.mode.is_pool()
    }

    fn place(&self, execution: &Execution) -> Place {
        match self.mode {
            _ if is_program(&self.tasks, execution) => Place::Process,
            LaunchMode::Processes => Place::Process,
            LaunchMode::Threads => Place::Thread,
            _ => Place::Lasting,
        }
    }

    /// Whether SIGTERM is how it is asked to end: Python's processes see no stop word, but may handle it.
    fn takes_signals(&self, execution: &Execution) -> bool {
        is_program(&self.tasks, execution) || (self.python && self.mode.isolates())
    }

    fn any_program(&self) -> bool {
        self.tasks.iter().any(|task| matches!(task.target, Target::Program(_)))
    }
}

fn is_program(tasks: &[Task], execution: &Execution) -> bool {
    matches!(tasks[execution.task_index as usize].target, Target::Program(_))
}

fn seen(slot: Slot<'_>, awaited: i64) -> Seen {
    Seen {
        launch_called: slot.stage(Stage::LaunchCalled),
        entered: slot.stage(Stage::Entered),
        left: slot.stage(Stage::Left),
        exited: slot.stage(Stage::Exited),
        awaited,
    }
}

/// Whether an execution's own thread or process is seen to be gone: it may be joined much later, for launchers join in the
/// order of their starts. Who is gone is not looked for again.
fn is_gone(gone: &mut HashMap<u32, i64>, now: i64, place: Place, execution: &Execution, slot: Slot<'_>) -> bool {
    if gone.contains_key(&execution.id) {
        return true;
    }
    let number = |word| u32::try_from(slot.word(word)).ok().filter(|number| *number != 0);
    let exited = slot.stage(Stage::Exited) != 0;
    let is_gone = match (place, number(Word::Pid), number(Word::Tid)) {
        (Place::Process, Some(pid), _) => !os::is_running(pid, None),
        (Place::Thread, Some(pid), Some(tid)) => exited && !os::is_running(pid, Some(tid)),
        (Place::Process | Place::Thread, ..) => false,
        (Place::Lasting, ..) => exited,
    };
    if is_gone {
        gone.insert(execution.id, now);
    }
    is_gone
}

fn order(runner: &mut RunnerProcess, executions: Vec<u32>, make: impl Fn(Vec<u32>) -> Order) {
    if !executions.is_empty() {
        runner.order(&make(executions));
    }
}
