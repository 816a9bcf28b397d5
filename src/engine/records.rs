//! The host's picture of a run's executions: slots and texts in, changed executions out.

use super::{
    measured::Measured,
    outcome::{Demand, Known, RunnerEnd},
    states::states_of,
};
use crate::{
    model::{Execution, Output, Sending, Stage, States, Target, Task, Usage},
    os,
    protocol::{
        sending::SendingFile,
        slots::{Head, Slot, Slots, Verdict, Word},
        text::Text,
    },
    targets::{self, ResultKind},
};
use std::{
    collections::{BTreeSet, HashMap},
    sync::Arc,
};

/// Output of executions beyond this much in all is kept only by its last [`OUTPUT_KEPT_WHEN_MANY`] bytes.
const OUTPUT_BUDGET: usize = 256 << 20;
const OUTPUT_KEPT_WHEN_MANY: usize = 64 << 10;

/// The host's picture of a run's executions.
pub struct Records {
    executions: Vec<Execution>,
    /// For each execution how many of its words were set when it was last looked at.
    seen: Vec<u8>,
    /// All before this one have ended.
    ended_before: usize,
    messages: HashMap<u32, String>,
    /// The `repr()` of what executions returned.
    results: HashMap<u32, String>,
    tracebacks: HashMap<u32, String>,
    demands: HashMap<u32, Demand>,
    /// Executions of which a text has come since the last scan.
    touched: BTreeSet<u32>,
    output_bytes: usize,
    /// How each task's result is shown; a program has none.
    result_kinds: Vec<Option<Shown>>,
    /// What is sent for each execution, where anything is.
    sending: Option<Arc<SendingFile>>,
}

impl Records {
    /// A picture in which nothing has happened.
    pub fn new(executions: Vec<Execution>, tasks: &[Task]) -> Self {
        let seen = vec![0; executions.len()];
        let result_kinds = tasks.iter().map(result_kind).collect();
        Self {
            executions,
            seen,
            ended_before: 0,
            messages: HashMap::new(),
            results: HashMap::new(),
            tracebacks: HashMap::new(),
            demands: HashMap::new(),
            touched: BTreeSet::new(),
            output_bytes: 0,
            result_kinds,
            sending: None,
        }
    }

    /// The same, where executions are sent something.
    pub fn with_sending(self, sending: Option<Arc<SendingFile>>) -> Self {
        Self { sending, ..self }
    }

    /// The executions as they are known.
    pub fn executions(&self) -> &[Execution] {
        &self.executions
    }

    /// Notes why the host wants an execution to end; the first reason counts.
    pub fn demand(&mut self, execution: u32, demand: Demand) {
        self.demands.entry(execution).or_insert(demand);
    }

    /// Whether the host wants it to end.
    pub fn is_demanded(&self, execution: u32) -> bool {
        self.demands.contains_key(&execution)
    }

    /// Takes in a text about an execution.
    pub fn hear(&mut self, text: Text) {
        match text {
            Text::Message { execution, message } => {
                self.messages.insert(execution, message);
                self.touched.insert(execution);
            }
            Text::Output { execution, stderr, bytes, part } => {
                self.take_output(execution, stderr, bytes, &part);
                self.touched.insert(execution);
            }
            Text::Result { execution, part } => {
                self.results.entry(execution).or_default().push_str(&part);
                self.touched.insert(execution);
            }
            Text::Traceback { execution, part } => {
                self.tracebacks.entry(execution).or_default().push_str(&part);
                self.touched.insert(execution);
            }
            Text::Hello { .. }
            | Text::Loading { .. }
            | Text::Loaded { .. }
            | Text::Mark { .. }
            | Text::Fatal { .. }
            | Text::Bye { .. } => {}
        }
    }

    fn take_output(&mut self, id: u32, stderr: bool, bytes: u64, part: &str) {
        let crowded = self.output_bytes > OUTPUT_BUDGET;
        let Some(execution) = self.executions.get_mut(id as usize) else { return };
        let output = execution.output.get_or_insert_with(Box::<Output>::default);
        let (total, tail) = match stderr {
            false => (&mut output.stdout_bytes, &mut output.stdout_tail),
            true => (&mut output.stderr_bytes, &mut output.stderr_tail),
        };
        *total = bytes;
        tail.push_str(part);
        self.output_bytes += part.len();
        if crowded && tail.len() > OUTPUT_KEPT_WHEN_MANY {
            let cut = tail.ceil_char_boundary(tail.len() - OUTPUT_KEPT_WHEN_MANY);
            self.output_bytes -= cut;
            tail.drain(..cut);
        }
    }

    /// Executions that were launched and have not ended, with their slots.
    pub fn in_flight<'a>(&'a self, slots: &'a Slots) -> impl Iterator<Item = (&'a Execution, Slot<'a>)> {
        let launched = (slots.head(Head::Launched) as usize).min(self.executions.len());
        let range = self.ended_before.min(launched)..launched;
        self.executions[range].iter().filter(|execution| execution.outcome.is_none()).filter_map(|execution| {
            let slot = slots.slot(execution.id as usize);
            (slot.stage(Stage::LaunchCalled) != 0).then_some((execution, slot))
        })
    }

    /// Looks at the slots: the executions that have changed since the last look. `runner` says that the run is over.
    pub fn scan(&mut self, slots: &Slots, runner: Option<&RunnerEnd>) -> Vec<Execution> {
        let origin = slots.head(Head::Origin);
        if origin == 0 && runner.is_none() {
            return Vec::new();
        }
        let launched = (slots.head(Head::Launched) as usize).min(self.executions.len());
        let end = if runner.is_some() { self.executions.len() } else { launched };
        let mut changed = Vec::new();
        for id in self.ended_before..end {
            if self.refresh(slots.slot(id), id, origin, runner) {
                changed.push(self.executions[id].clone());
            }
        }
        while self.ended_before < end && self.executions[self.ended_before].outcome.is_some() {
            self.ended_before += 1;
        }
        self.add_late_texts(slots, runner, &mut changed);
        changed
    }

    /// A text may come after the stamps that ended its execution.
    fn add_late_texts(&mut self, slots: &Slots, runner: Option<&RunnerEnd>, changed: &mut Vec<Execution>) {
        for id in std::mem::take(&mut self.touched) {
            let Some(execution) = self.executions.get(id as usize) else { continue };
            if execution.outcome.is_some() {
                self.conclude(slots.slot(id as usize), id as usize, runner);
                changed.push(self.executions[id as usize].clone());
            }
        }
    }

    fn refresh(&mut self, slot: Slot<'_>, id: usize, origin: i64, runner: Option<&RunnerEnd>) -> bool {
        if self.executions[id].outcome.is_some() {
            return false;
        }
        // Read before the stamps: whoever writes it, writes it last.
        let over = slot.stage(Stage::Joined) != 0 || slot.verdict() == Some(Verdict::CouldNotStart) || runner.is_some();
        let set = words_set(slot);
        if set == self.seen[id] && !over {
            return false;
        }
        self.seen[id] = set;
        copy_stamps(&mut self.executions[id], slot, origin);
        if let Some(sending) = &self.sending {
            let known = sending.get(id, origin).filter(|_| slot.verdict() != Some(Verdict::CouldNotStart));
            self.executions[id].sending = known.map(|known| Box::new(came_back(known, slot)));
        }
        if over {
            self.conclude(slot, id, runner);
        }
        true
    }

    fn conclude(&mut self, slot: Slot<'_>, id: usize, runner: Option<&RunnerEnd>) {
        let process = slot.counted(Word::WaitStatus).map(|status| os::end_of(status as i32));
        let known = Known {
            verdict: slot.verdict(),
            process,
            exit_status: slot.word(Word::Result) as i32,
            demand: self.demands.get(&(id as u32)),
            message: self.messages.get(&(id as u32)).map(String::as_str),
            launched: slot.stage(Stage::LaunchCalled) != 0,
            joined: slot.stage(Stage::Joined) != 0,
            runner,
        };
        let outcome = known.outcome();
        let result = self.result_of(slot, id);
        let execution = &mut self.executions[id];
        execution.result = result.filter(|_| outcome.is_success());
        execution.traceback = self.tracebacks.get(&(id as u32)).map(|text| text.as_str().into());
        // Migrations are counted by the host, which may have done so before.
        let migrations = execution.usage.as_ref().and_then(|usage| usage.migrations);
        execution.usage = usage_of(slot, migrations);
        if execution.states.is_none() {
            execution.states = in_target_ns(execution).and_then(|wall_ns| clocked(slot, wall_ns)).map(Box::new);
        }
        execution.outcome = Some(outcome);
    }
}

/// What could not be handed back was not sent: what its runner noted is of the exception in its place.
fn came_back(sending: Sending, slot: Slot<'_>) -> Sending {
    match slot.verdict() {
        Some(Verdict::ResultLost) => {
            Sending { result_bytes: None, result_pickled: None, result_unpickled: None, ..sending }
        }
        _ => sending,
    }
}

/// From *entered* to *left*.
fn in_target_ns(execution: &Execution) -> Option<u64> {
    execution.stamps.in_target_ns()
}

/// The states of an execution that nobody looked at: what the clocks in its slot say.
fn clocked(slot: Slot<'_>, wall_ns: u64) -> Option<States> {
    states_of(None, slot.counted(Word::OnCpuNs).zip(slot.counted(Word::RunnableNs)), wall_ns)
}

impl Records {
    /// Takes in what is known of some executions' states: those that have ended and have changed by it.
    pub fn take_states(&mut self, slots: &Slots, ids: BTreeSet<u32>, known: &Measured) -> Vec<Execution> {
        let mut changed = Vec::new();
        for id in ids {
            let Some(execution) = self.executions.get_mut(id as usize) else { continue };
            let before = (execution.states.clone(), execution.usage.clone(), execution.own.clone());
            if let Some((members, own)) = known.own(id) {
                (execution.members, execution.own) = (members, Some(Box::new(own)));
            }
            if let Some(wall_ns) = in_target_ns(execution) {
                let program = self.result_kinds[execution.task_index as usize].is_none();
                execution.states = known.states(id, slots.slot(id as usize), program, wall_ns).map(Box::new);
            }
            if let Some(migrations) = known.migrations(id) {
                execution.usage.get_or_insert_default().migrations = Some(migrations);
            }
            if execution.outcome.is_some()
                && before != (execution.states.clone(), execution.usage.clone(), execution.own.clone())
            {
                changed.push(execution.clone());
            }
        }
        changed
    }

    fn result_of(&self, slot: Slot<'_>, id: usize) -> Option<serde_json::Value> {
        let shown = self.result_kinds.get(self.executions[id].task_index as usize).copied().flatten();
        match (slot.verdict()?, shown) {
            (Verdict::Returned, Some(Shown::Native(kind))) => Some(kind.json(slot.word(Word::Result) as u64)),
            (Verdict::Returned, Some(Shown::Python)) => Some(slot.word(Word::Result).into()),
            (Verdict::ReturnedNone, _) => Some("None".into()),
            (Verdict::ReturnedText, _) => self.results.get(&(id as u32)).map(|text| text.as_str().into()),
            _ => None,
        }
    }
}

/// How a result in the slot's word is shown.
#[derive(Clone, Copy)]
enum Shown {
    Native(ResultKind),
    Python,
}

fn result_kind(task: &Task) -> Option<Shown> {
    match &task.target {
        Target::Builtin(name) => targets::find(name).map(|target| Shown::Native(target.result)),
        Target::Program(_) => None,
        Target::Python(_) => Some(Shown::Python),
    }
}

fn words_set(slot: Slot<'_>) -> u8 {
    Stage::ALL.into_iter().filter(|stage| slot.stage(*stage) != 0).count() as u8
}

fn copy_stamps(execution: &mut Execution, slot: Slot<'_>, origin: i64) {
    // The origin is before the first execution is created, so that a stamp before it is none of this run's: it is left
    // unknown, where a 0 would be a lie.
    let since = |ns: i64| if ns == 0 { None } else { u64::try_from(ns.checked_sub(origin)?).ok() };
    for stage in Stage::ALL {
        if let Some(ns) = since(slot.stage(stage)) {
            execution.stamps.set(stage, ns);
        }
    }
    if let Some(ns) = since(slot.word(Word::JoinCalled)) {
        execution.stamps.set_join_called(ns);
    }
    let number = |word| u32::try_from(slot.word(word)).ok().filter(|number| *number != 0);
    execution.pid = number(Word::Pid);
    execution.tid = number(Word::Tid);
    execution.lane = number(Word::Lane).map(|lane| lane - 1);
}

fn usage_of(slot: Slot<'_>, migrations: Option<u64>) -> Option<Box<Usage>> {
    let usage = Usage {
        user_ns: slot.counted(Word::UserNs),
        system_ns: slot.counted(Word::SystemNs),
        voluntary_switches: slot.counted(Word::Voluntary),
        involuntary_switches: slot.counted(Word::Involuntary),
        minor_faults: slot.counted(Word::MinorFaults),
        major_faults: slot.counted(Word::MajorFaults),
        max_rss_bytes: slot.counted(Word::MaxRss),
        migrations,
    };
    (usage != Usage::default()).then(|| Box::new(usage))
}
