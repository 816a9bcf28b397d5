//! The host's picture of a run's executions: slots and texts in, changed executions out.

use super::{
    measured::Measured,
    outcome::{Demand, Known, RunnerEnd},
    stacks::source_lines::with_source,
    states::states_of,
};
use model::{
    Did, Execution, Outcome, OutcomeKind, Output, Sending, Stage, States, Target, Task, Usage, outcome::NOTHING_DUE,
    within,
};
use protocol::{
    sending::SendingFile,
    slots::{Head, Reported, Slot, Slots, Word},
    text::{OUTPUT_KEPT, Text},
};
use std::{
    collections::{BTreeSet, HashMap},
    sync::Arc,
};
use targets::{self, ResultKind};

/// Output of executions beyond this much in all is kept only by its last [`OUTPUT_KEPT_WHEN_MANY`] bytes.
const OUTPUT_BUDGET: usize = 256 << 20;
const OUTPUT_KEPT_WHEN_MANY: usize = 64 << 10;

/// A look goes on past executions that have not begun until so many of them follow one another: most begin in the order of
/// their numbers.
const AHEAD: usize = 1024;
/// So many of those further on are looked at each time, in turns: chunks of a pool begin far apart.
const ROUND: usize = 16 * 1024;
/// Of what is noted of an execution: it has begun, so that it is among those in flight, or over.
const BEGUN: u8 = 0x80;

/// The host's picture of a run's executions.
///
/// What an execution used and did is kept here until it has ended and was told; after that it is read again from its slot,
/// and from what was measured, where more becomes known.
pub struct Records {
    executions: Vec<Execution>,
    /// For each execution how many of its words were set when it was last looked at, and [`BEGUN`].
    seen: Vec<u8>,
    /// All before this one have begun, or are over.
    next: usize,
    /// Where the look at those further on begins.
    turn: usize,
    /// Begun, and not over when they were last looked at.
    open: Vec<u32>,
    messages: HashMap<u32, String>,
    /// The `repr()` of what executions returned.
    results: HashMap<u32, String>,
    tracebacks: HashMap<u32, String>,
    /// Where executions were shortly before their timeout: the place, and the calls that led there.
    places: HashMap<u32, (String, String)>,
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
            next: 0,
            turn: 0,
            open: Vec::new(),
            messages: HashMap::new(),
            results: HashMap::new(),
            tracebacks: HashMap::new(),
            places: HashMap::new(),
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
        // Nothing is kept of an execution that there is not.
        if text.execution().is_some_and(|id| id as usize >= self.executions.len()) {
            return;
        }
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
                append(&mut self.results, execution, &part);
                self.touched.insert(execution);
            }
            Text::Traceback { execution, part } => {
                append(&mut self.tracebacks, execution, &part);
                self.touched.insert(execution);
            }
            Text::Where { execution, place, stack, idle_loop } => {
                let idle = if idle_loop { NOTHING_DUE } else { "" };
                self.places.insert(execution, (place + idle, with_source(&stack)));
                self.touched.insert(execution);
            }
            Text::Hello { .. }
            | Text::Loading { .. }
            | Text::Loaded { .. }
            | Text::Runner { .. }
            | Text::Left(_)
            | Text::Mark { .. }
            | Text::Kept { .. }
            | Text::Fatal { .. }
            | Text::Bye { .. } => {}
        }
    }

    /// Takes in where an execution is, unless it has said so itself meanwhile.
    pub fn hear_late(&mut self, text: Text) {
        if !matches!(text, Text::Where { execution, .. } if self.knows_place(execution)) {
            self.hear(text);
        }
    }

    /// Whether it is known where an execution was shortly before its timeout.
    pub fn knows_place(&self, execution: u32) -> bool {
        self.places.contains_key(&execution)
    }

    fn take_output(&mut self, id: u32, stderr: bool, bytes: u64, part: &str) {
        let crowded = self.output_bytes > OUTPUT_BUDGET;
        let Some(execution) = self.executions.get_mut(id as usize) else { return };
        let output = execution.output.get_or_insert_with(Box::<Output>::default);
        let (total, tail) = match stderr {
            false => (&mut output.stdout_bytes, &mut output.stdout_tail),
            true => (&mut output.stderr_bytes, &mut output.stderr_tail),
        };
        *total = within(bytes).unwrap_or(*total);
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
        // Those that began since the last look are the next ones.
        let fresh = self.next..self.launched(slots).min(self.next + AHEAD);
        let fresh = fresh.filter(|id| self.seen[*id] & BEGUN == 0);
        self.open.iter().map(|id| *id as usize).chain(fresh).filter_map(|id| {
            let (execution, slot) = (&self.executions[id], slots.slot(id));
            (execution.outcome.is_none() && slot.stage(Stage::LaunchCalled) != 0).then_some((execution, slot))
        })
    }

    fn launched(&self, slots: &Slots) -> usize {
        usize::try_from(slots.head(Head::Launched)).unwrap_or(0).min(self.executions.len())
    }

    /// Looks at the slots: the executions that have changed since the last look, those that began the earliest first.
    /// `runner` says that the run is over. The work follows what is in flight, not what there is.
    pub fn scan(&mut self, slots: &Slots, runner: Option<&RunnerEnd>) -> Vec<u32> {
        let origin = slots.head(Head::Origin);
        if origin == 0 && runner.is_none() {
            return Vec::new();
        }
        let look = Look { slots, origin, runner };
        let mut changed = Vec::new();
        for id in std::mem::take(&mut self.open) {
            self.look(&look, id as usize, &mut changed);
        }
        if runner.is_some() {
            (self.next..self.executions.len()).for_each(|id| self.look_for_begun(&look, id, &mut changed));
        } else {
            self.find_begun(&look, &mut changed);
        }
        self.add_late_texts(&look, &mut changed);
        changed
    }

    /// Looks at those of which nothing was seen yet.
    fn find_begun(&mut self, look: &Look<'_>, changed: &mut Vec<u32>) {
        let end = self.launched(look.slots);
        let (mut id, mut waiting) = (self.next, 0);
        while id < end && waiting < AHEAD {
            self.look_for_begun(look, id, changed);
            waiting = if self.seen[id] & BEGUN == 0 { waiting + 1 } else { 0 };
            id += 1;
        }
        while self.next < end && self.seen[self.next] & BEGUN != 0 {
            self.next += 1;
        }
        let from = if (id..end).contains(&self.turn) { self.turn } else { id };
        self.turn = end.min(from + ROUND);
        (from..self.turn).for_each(|id| self.look_for_begun(look, id, changed));
    }

    fn look_for_begun(&mut self, look: &Look<'_>, id: usize, changed: &mut Vec<u32>) {
        if self.seen[id] & BEGUN == 0 {
            self.look(look, id, changed);
        }
    }

    fn look(&mut self, look: &Look<'_>, id: usize, changed: &mut Vec<u32>) {
        if self.refresh(look, id) {
            changed.push(id as u32);
        }
        if self.seen[id] & BEGUN != 0 && self.executions[id].outcome.is_none() {
            self.open.push(id as u32);
        }
    }

    /// A text may come after the stamps that ended its execution.
    fn add_late_texts(&mut self, look: &Look<'_>, changed: &mut Vec<u32>) {
        for id in std::mem::take(&mut self.touched) {
            let Some(execution) = self.executions.get(id as usize) else { continue };
            if execution.outcome.is_some() {
                self.conclude(look.slots.slot(id as usize), id as usize, look.runner);
                changed.push(id);
            }
        }
    }

    fn refresh(&mut self, look: &Look<'_>, id: usize) -> bool {
        if self.executions[id].outcome.is_some() {
            return false;
        }
        let (slot, runner) = (look.slots.slot(id), look.runner);
        // Read before the stamps: whoever writes it, writes it last.
        let over =
            slot.stage(Stage::Joined) != 0 || slot.verdict() == Some(Reported::CouldNotStart) || runner.is_some();
        let begun = over || slot.stage(Stage::LaunchCalled) != 0;
        let set = words_set(slot) | if begun { BEGUN } else { 0 };
        // What was made and has not begun is nothing to tell.
        if !begun || (set == self.seen[id] && !over) {
            return false;
        }
        self.seen[id] = set;
        let most = self.executions.len() as u32;
        copy_stamps(&mut self.executions[id], slot, look.origin, most);
        if let Some(sending) = &self.sending {
            let known = sending.get(id, look.origin).filter(|_| slot.verdict() != Some(Reported::CouldNotStart));
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
        let mut outcome = known.outcome();
        // Who ended well after all was somewhere else since; whose pool broke by another's timeout was there to its end.
        let ended = matches!(outcome.kind, OutcomeKind::TimedOut | OutcomeKind::Lost)
            || known.verdict == Some(Reported::PoolBroke);
        let at = self.places.get(&(id as u32)).filter(|_| ended);
        if let Some((place, _)) = at {
            let message = outcome.message.as_deref().unwrap_or("it was ended");
            outcome.message = Some(Outcome::message_at(message, place));
        }
        let result = self.result_of(slot, id);
        let execution = &mut self.executions[id];
        execution.result = result.filter(|_| outcome.is_success());
        let traceback = self.tracebacks.get(&(id as u32)).or(at.map(|(_, stack)| stack));
        execution.traceback = traceback.map(|text| text.as_str().into());
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
        Some(Reported::ResultLost) => {
            Sending { result_bytes: None, result_pickled: None, result_unpickled: None, ..sending }
        }
        _ => sending,
    }
}

/// With what the slots are looked at.
struct Look<'a> {
    slots: &'a Slots,
    origin: i64,
    runner: Option<&'a RunnerEnd>,
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
    /// Takes in what is known of some executions' states.
    pub fn take_states(&mut self, slots: &Slots, ids: &[u32], known: &Measured) {
        for id in ids.iter().copied() {
            let Some(execution) = self.executions.get_mut(id as usize) else { continue };
            let slot = slots.slot(id as usize);
            if let Some((members, own)) = known.own(id) {
                (execution.members, execution.own) = (members.into(), Some(Box::new(own)));
            }
            if let Some(wall_ns) = in_target_ns(execution) {
                let program = self.result_kinds[execution.task_index as usize].is_none();
                execution.states = known.states(id, slot, program, wall_ns).map(Box::new);
            }
            if execution.outcome.is_some() {
                execution.usage = usage_of(slot, known.migrations(id));
            }
        }
    }

    /// What an execution that has ended did, as far as that is measured by now.
    pub fn did(&self, slots: &Slots, id: u32, known: &Measured) -> Option<Did> {
        let execution = self.executions.get(id as usize)?;
        let program = self.result_kinds[execution.task_index as usize].is_none();
        let states =
            in_target_ns(execution).and_then(|wall_ns| known.states(id, slots.slot(id as usize), program, wall_ns));
        Some(Did { execution: id, states, migrations: known.migrations(id) })
    }

    /// Executions as they are known, to be told. What those that have ended used and did is not kept here any longer.
    pub fn told(&mut self, ids: Vec<u32>) -> Vec<Execution> {
        let mut told = Vec::with_capacity(ids.len());
        for id in ids {
            let Some(execution) = self.executions.get_mut(id as usize) else { continue };
            if execution.outcome.is_none() {
                told.push(execution.clone());
                continue;
            }
            let (usage, states) = (execution.usage.take(), execution.states.take());
            told.push(Execution { usage, states, ..execution.clone() });
            // The peaks of processes are added up when the run is over.
            let usage = told.last().and_then(|told| told.usage.as_ref());
            execution.usage = usage.filter(|usage| usage.max_rss_bytes.is_some()).cloned();
        }
        told
    }

    /// CPU time by the clocks of all executions.
    pub fn counted_ns(&self, slots: &Slots) -> u64 {
        let counted = (0..self.executions.len()).filter_map(|id| usage_of(slots.slot(id), None)?.cpu_ns());
        counted.fold(0, u64::saturating_add)
    }

    /// Whether an execution has ended.
    pub fn is_over(&self, id: u32) -> bool {
        self.executions.get(id as usize).is_some_and(|execution| execution.outcome.is_some())
    }

    fn result_of(&self, slot: Slot<'_>, id: usize) -> Option<serde_json::Value> {
        let shown = self.result_kinds.get(self.executions[id].task_index as usize).copied().flatten();
        match (slot.verdict()?, shown) {
            (Reported::Returned, Some(Shown::Native(kind))) => Some(kind.json(slot.word(Word::Result) as u64)),
            (Reported::Returned, Some(Shown::Python)) => Some(slot.word(Word::Result).into()),
            (Reported::ReturnedNone, _) => Some("None".into()),
            (Reported::ReturnedText, _) => self.results.get(&(id as u32)).map(|text| text.as_str().into()),
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

/// Adds a part to a text; what is beyond the most that a runner sends is left out.
fn append(texts: &mut HashMap<u32, String>, execution: u32, part: &str) {
    let text = texts.entry(execution).or_default();
    if text.len() + part.len() <= OUTPUT_KEPT {
        text.push_str(part);
    }
}

/// What a slot says of its execution; there are no more lanes than executions.
fn copy_stamps(execution: &mut Execution, slot: Slot<'_>, origin: i64, lanes: u32) {
    // The origin is before the first execution is created, so that a stamp before it is none of this run's: it is left
    // unknown, where a 0 would be a lie.
    let since = |ns: i64| if ns == 0 { None } else { within(u64::try_from(ns.checked_sub(origin)?).ok()?) };
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
    execution.lane = number(Word::Lane).map(|lane| lane - 1).filter(|lane| *lane < lanes);
}

fn usage_of(slot: Slot<'_>, migrations: Option<u32>) -> Option<Box<Usage>> {
    let counted = |word| slot.counted(word).and_then(within);
    let usage = Usage {
        user_ns: counted(Word::UserNs),
        system_ns: counted(Word::SystemNs),
        voluntary_switches: counted(Word::Voluntary),
        involuntary_switches: counted(Word::Involuntary),
        minor_faults: counted(Word::MinorFaults),
        major_faults: counted(Word::MajorFaults),
        max_rss_bytes: counted(Word::MaxRss),
        migrations,
    };
    (usage != Usage::default()).then(|| Box::new(usage))
}

#[cfg(test)]
mod tests;
