//! Ending what takes too long, and everything when the user says so: first the cooperative stop, then signals, then the
//! end of the runner, which ends threads too.

use super::{outcome::Demand, records::Records, runner_process::RunnerProcess};
use crate::{
    model::{Execution, LaunchMode, Plan, RunSetting, Stage, Target},
    protocol::{
        slots::{Head, Slots, Word},
        text::Order,
    },
};
use std::collections::HashMap;

/// From asking an execution to end to killing it.
const GRACE_NS: i64 = 500_000_000;
/// From the user's Stop to killing what is left.
const STOP_GRACE_NS: i64 = 200_000_000;

/// What of a run is to end, and since when.
pub struct Ending {
    mode: LaunchMode,
    /// For each task its timeout.
    timeouts_ns: Vec<Option<u64>>,
    programs: Vec<bool>,
    /// Whether the executions are processes of a Python interpreter: they see no stop word, but may handle SIGTERM.
    python_processes: bool,
    stop_asked_ns: Option<i64>,
    /// For each execution that was asked to end, when; and whether it was killed since.
    asked: HashMap<u32, (i64, bool)>,
}

impl Ending {
    pub fn new(plan: &Plan, setting: RunSetting) -> Self {
        let RunSetting { mode, interpreter, .. } = setting;
        let ns = |index| plan.timeout_of(index).map(|timeout| u64::try_from(timeout.as_nanos()).unwrap_or(u64::MAX));
        Self {
            mode,
            timeouts_ns: (0..plan.tasks.len()).map(ns).collect(),
            python_processes: interpreter.is_some() && mode.isolates(),
            programs: plan.tasks.iter().map(|task| matches!(task.target, Target::Program(_))).collect(),
            stop_asked_ns: None,
            asked: HashMap::new(),
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
            self.enforce_timeouts(now, slots, records, runner);
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

    fn ask_overdue(&mut self, now: i64, slots: &Slots, records: &mut Records, runner: &mut RunnerProcess) {
        let mut overdue = Vec::new();
        for (execution, slot) in records.in_flight(slots) {
            let Some(limit) = self.timeouts_ns[execution.task_index as usize] else { continue };
            let entered = slot.stage(Stage::Entered).max(slot.stage(Stage::LaunchCalled));
            let left = slot.stage(Stage::Left) != 0 || slot.stage(Stage::Exited) != 0;
            if !left && u64::try_from(now - entered).is_ok_and(|ns| ns > limit) && !records.is_demanded(execution.id) {
                overdue.push((execution.id, limit, self.takes_signals(execution)));
            }
        }
        for (id, limit, _) in &overdue {
            slots.slot(*id as usize).set(Word::Stop, 1);
            records.demand(*id, Demand::Timeout(*limit));
            self.asked.insert(*id, (now, false));
        }
        let signalled = overdue.into_iter().filter(|(.., signal)| *signal).map(|(id, ..)| id).collect();
        order(runner, signalled, |executions| Order::Terminate { executions });
    }

    fn enforce_timeouts(&mut self, now: i64, slots: &Slots, records: &Records, runner: &mut RunnerProcess) {
        let mut stubborn = Vec::new();
        for (execution, _) in records.in_flight(slots) {
            if let Some((asked, killed)) = self.asked.get_mut(&execution.id)
                && now - *asked > GRACE_NS
                && !*killed
            {
                *killed = true;
                stubborn.push(execution);
            }
        }
        let (own, shared): (Vec<_>, Vec<_>) = stubborn.into_iter().partition(|execution| self.has_process(execution));
        order(runner, own.iter().map(|execution| execution.id).collect(), |executions| Order::Kill { executions });
        if let Some(execution) = shared.first() {
            runner.kill(format!(
                "`{}` ran past its timeout and did not stop; a thread can't be killed, so its whole process was",
                execution.label()
            ));
        }
    }

    fn is_program(&self, execution: &Execution) -> bool {
        self.programs[execution.task_index as usize]
    }

    /// Whether SIGTERM is how it is asked to end.
    fn takes_signals(&self, execution: &Execution) -> bool {
        self.is_program(execution) || self.python_processes
    }

    fn any_program(&self) -> bool {
        self.programs.contains(&true)
    }

    fn has_process(&self, execution: &Execution) -> bool {
        self.mode.isolates() || self.is_program(execution)
    }

    /// The processes of programs that were in flight when their runner died; nobody else is left to end them.
    pub fn orphans(&self, slots: &Slots, records: &Records) -> Vec<u32> {
        let programs = records.in_flight(slots).filter(|(execution, _)| self.is_program(execution));
        programs.filter_map(|(_, slot)| u32::try_from(slot.word(Word::Pid)).ok().filter(|pid| *pid != 0)).collect()
    }
}

fn order(runner: &mut RunnerProcess, executions: Vec<u32>, make: impl Fn(Vec<u32>) -> Order) {
    if !executions.is_empty() {
        runner.order(&make(executions));
    }
}
