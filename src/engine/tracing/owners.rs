//! To which execution a thread belongs at any instant.

use model::{LaunchMode, Owner, Stage};
use os::Birth;
use protocol::slots::{Slot, Word};
use std::collections::{HashMap, HashSet};

/// An instant in the future.
const OPEN: i64 = i64::MAX;

/// A stretch in which a thread belongs to an execution.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Window {
    execution: u32,
    from_ns: i64,
    to_ns: i64,
}

/// What is known about a thread number, which may be given again.
#[derive(Default)]
struct Thread {
    births: Vec<(i64, Birth)>,
    /// In order, without overlaps.
    windows: Vec<Window>,
}

impl Thread {
    /// The window in which an instant lies.
    fn window_at(&self, at_ns: i64) -> Option<&Window> {
        let before = self.windows.partition_point(|window| window.from_ns <= at_ns).checked_sub(1)?;
        self.windows.get(before).filter(|window| at_ns < window.to_ns)
    }

    /// Takes in an execution's window, which was known to begin at `earliest_ns` or later. A thread has one execution at
    /// a time, and a number may be given again: a window ends where the next begins. Windows come nearly in order;
    /// since a pool's worker has as many as there are executions, only few are searched.
    fn put(&mut self, window: Window, earliest_ns: i64) {
        let first = self.windows.partition_point(|known| known.from_ns < earliest_ns);
        let later = self.windows[first..].iter().take_while(|known| known.from_ns <= window.from_ns);
        let known = later.zip(first..).find(|(known, _)| known.execution == window.execution).map(|(_, at)| at);
        match known {
            // A worker's launcher may join the execution long after; only the window's end changes.
            Some(at) if self.windows[at].from_ns == window.from_ns => return self.end_at(at, window.to_ns),
            Some(at) => drop(self.windows.remove(at)),
            None => {}
        }
        let at = self.windows.partition_point(|known| known.from_ns <= window.from_ns);
        if let Some(before) = at.checked_sub(1).and_then(|before| self.windows.get_mut(before)) {
            before.to_ns = before.to_ns.min(window.from_ns);
        }
        self.windows.insert(at, window);
        self.end_at(at, window.to_ns);
    }

    /// Ends a window at an instant, or where the next window begins.
    fn end_at(&mut self, at: usize, to_ns: i64) {
        let next_ns = self.windows.get(at + 1).map_or(OPEN, |next| next.from_ns);
        let window = &mut self.windows[at];
        window.to_ns = to_ns.min(next_ns).max(window.from_ns);
    }
}

/// A stretch of a thread, and to which owner it belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OwnedStretch {
    /// The owner.
    pub owner: Owner,
    /// Where it begins.
    pub from_ns: i64,
    /// Where it ends.
    pub to_ns: i64,
    /// Whether it is the last stretch of an execution in a thread that has one execution after another.
    pub is_last: bool,
}

impl OwnedStretch {
    /// A stretch whose owner may have more.
    pub fn new(owner: Owner, from_ns: i64, to_ns: i64) -> Self {
        Self { owner, from_ns, to_ns, is_last: false }
    }
}

/// What a slot says about the thread of its execution.
pub struct Noted {
    /// When the thread was made, if it was made for this execution and that is known.
    pub born_ns: Option<i64>,
    /// Whether the thread has one execution after another.
    pub lasting: bool,
}

/// How many processes a guard has, one below the other.
const GUARD_PROCESSES: usize = 2;

/// Knows the owners of a run's threads, from births and from slots.
pub struct Owners {
    threads: HashMap<u32, Thread>,
    ended: HashSet<u32>,
    launcher: Option<u32>,
    /// The guard's processes, the outer one first; the launcher is the first child of the last one.
    guards: Vec<u32>,
    /// The run's origin: a thread made before it belongs to no execution.
    pub origin_ns: i64,
    /// Whether threads have one execution after another; in between a thread belongs to none.
    lasting: bool,
    /// Whether executions come one after another, in the launcher or in processes of their own.
    in_sequence: bool,
    /// Whether executions share a thread at the same time, so that it belongs to none of them.
    shared: bool,
}

impl Owners {
    /// `first` is the first process of the run's tree: the guard if it is `guarded`, else the launcher.
    pub fn new(first: u32, guarded: bool, mode: LaunchMode) -> Self {
        use LaunchMode::*;
        Self {
            threads: HashMap::new(),
            ended: HashSet::new(),
            launcher: (!guarded).then_some(first),
            guards: if guarded { vec![first] } else { Vec::new() },
            origin_ns: 0,
            lasting: matches!(mode, Sequential | ThreadPool | ProcessPool | Interpreters),
            in_sequence: mode == Sequential,
            shared: mode == Asyncio,
        }
    }

    /// A thread was made. Returns the execution whose slot had already named this thread.
    pub fn born(&mut self, at_ns: i64, birth: Birth) -> Option<u32> {
        let is_next =
            self.launcher.is_none() && self.guards.last() == Some(&birth.parent_pid) && birth.pid == birth.tid;
        match self.guards.len() {
            _ if !is_next => {}
            GUARD_PROCESSES => self.launcher = Some(birth.tid),
            _ => self.guards.push(birth.pid),
        }
        self.ended.remove(&birth.tid);
        let lasting = self.is_lasting(birth.tid);
        let thread = self.threads.entry(birth.tid).or_default();
        let before = thread.births.last().map(|(at, _)| *at);
        thread.births.push((at_ns, birth));
        let last = thread.windows.last_mut().filter(|last| last.from_ns <= at_ns && at_ns < last.to_ns)?;
        if lasting || before == Some(last.from_ns) {
            // The number is given again.
            last.to_ns = at_ns;
            return None;
        }
        last.from_ns = at_ns;
        Some(last.execution)
    }

    /// Whether a process is one of the guard's two.
    pub fn is_guard(&self, pid: u32) -> bool {
        self.guards.contains(&pid)
    }

    /// A thread has ended.
    pub fn ended(&mut self, tid: u32) {
        self.ended.insert(tid);
    }

    /// The thread of an execution. The parent writes a process's number before the process itself writes anything.
    fn thread_of(&self, slot: Slot<'_>) -> Option<u32> {
        let number = |word| u32::try_from(slot.word(word)).ok().filter(|number| *number != 0);
        number(Word::Tid).or_else(|| number(Word::Pid).filter(|pid| Some(*pid) != self.launcher))
    }

    /// Takes in a changed slot. Absent if its thread is unknown.
    pub fn note(&mut self, execution: u32, slot: Slot<'_>) -> Option<Noted> {
        let tid = self.thread_of(slot)?;
        if self.shared {
            return None;
        }
        let lasting = self.is_lasting(tid);
        let thread = self.threads.entry(tid).or_default();
        let stamp = |stage| Some(slot.stage(stage)).filter(|ns| *ns != 0);
        let called = stamp(Stage::LaunchCalled)?;
        // A number may have been given again since: the right birth is the last one before *entered*.
        let entered = stamp(Stage::Entered).unwrap_or(OPEN);
        let birth = thread.births.iter().rev().find(|(at, _)| *at <= entered);
        let born = birth.map(|(at, _)| *at).filter(|at| !lasting && *at >= called);
        let from_ns = if lasting { stamp(Stage::Entered)? } else { born.unwrap_or(called) };
        let over = match (lasting, born) {
            (true, _) => stamp(Stage::Exited).or(stamp(Stage::Joined)),
            (false, Some(born)) => thread.births.iter().map(|(at, _)| *at).find(|at| *at > born),
            (false, None) => None,
        };
        let window = Window { execution, from_ns, to_ns: over.unwrap_or(OPEN) };
        // In a lasting thread the window begins where it was first said to begin; otherwise perhaps at the birth, which
        // may be reported later.
        thread.put(window, if lasting { from_ns } else { called });
        Some(Noted { born_ns: born, lasting })
    }

    /// Whether an execution's thread has one execution after another.
    pub fn is_in_lasting_thread(&self, slot: Slot<'_>) -> bool {
        self.thread_of(slot).is_some_and(|tid| self.is_lasting(tid))
    }

    /// Whether a thread has one execution after another.
    fn is_lasting(&self, tid: u32) -> bool {
        self.lasting && !(self.in_sequence && Some(tid) != self.launcher)
    }

    /// The execution for which a thread was made that ended at this instant.
    pub fn own_execution(&self, tid: u32, ended_ns: i64) -> Option<u32> {
        self.threads.get(&tid)?.window_at(ended_ns).filter(|_| !self.is_lasting(tid)).map(|window| window.execution)
    }

    /// The owners of a thread's stretch, piece by piece; absent while a slot may still name one.
    pub fn pieces(&self, tid: u32, from_ns: i64, to_ns: i64, out: &mut Vec<OwnedStretch>) -> Option<()> {
        let windows = self.threads.get(&tid).map_or(&[][..], |thread| &thread.windows);
        let first = windows.partition_point(|window| window.to_ns <= from_ns);
        let within = windows[first..].iter().take_while(|window| window.from_ns < to_ns);
        let (start, mut at) = (out.len(), from_ns);
        let (beside, lasting) = (self.beside(tid, from_ns), self.is_lasting(tid));
        for window in within {
            if window.from_ns > at {
                out.push(OwnedStretch::new(beside.unwrap_or(Owner::Other), at, window.from_ns));
            }
            let (from, to) = (window.from_ns.max(at), window.to_ns.min(to_ns));
            let is_last = lasting && window.to_ns <= to_ns;
            out.push(OwnedStretch { is_last, ..OwnedStretch::new(Owner::Execution(window.execution), from, to) });
            at = to;
        }
        if at < to_ns {
            let owner = if out.len() > start { beside.unwrap_or(Owner::Other) } else { beside? };
            out.push(OwnedStretch::new(owner, at, to_ns));
        }
        Some(())
    }

    /// The owner of a thread outside all windows; absent while it may turn out to be an execution's own thread.
    fn beside(&self, tid: u32, at_ns: i64) -> Option<Owner> {
        if Some(tid) == self.launcher {
            return Some(Owner::Launcher);
        }
        let Some(thread) = self.threads.get(&tid) else { return Some(Owner::Other) };
        let birth = thread.births.iter().rev().find(|(born, _)| *born <= at_ns);
        let Some((born, birth)) = birth.filter(|(born, _)| *born >= self.origin_ns) else { return Some(Owner::Other) };
        match self.owner_at(birth.parent_tid, *born) {
            Some(Owner::Execution(id) | Owner::Helper(id)) => Some(Owner::Helper(id)),
            _ if self.is_lasting(tid) || self.shared || self.ended.contains(&tid) => Some(Owner::Other),
            // The thread belongs to another execution, or its number was given again.
            _ if thread.windows.last().is_some_and(|window| window.from_ns >= *born) => Some(Owner::Other),
            _ if thread.births.last().is_some_and(|(last, _)| last > born) => Some(Owner::Other),
            _ => None,
        }
    }

    /// The last birth under this thread number before an instant, and when it was.
    pub fn birth(&self, tid: u32, at_ns: i64) -> Option<(i64, Birth)> {
        self.threads.get(&tid)?.births.iter().rev().find(|(born, _)| *born <= at_ns).copied()
    }

    /// Whether a thread without an owner was made by what the run loaded: before the origin, or in a pool's worker.
    /// This includes the runner's own threads, which do hardly anything, and processes forked while the run loaded.
    pub fn is_of_the_run(&self, tid: u32, at_ns: i64, has_executed: impl FnOnce() -> bool) -> bool {
        let has_windows = |tid| self.threads.get(&tid).is_some_and(|thread| !thread.windows.is_empty());
        if has_windows(tid) || Some(tid) == self.launcher {
            return false;
        }
        let Some((born_ns, Birth { pid, parent_tid, .. })) =
            self.birth(tid, at_ns).filter(|it| !self.is_guard(it.1.pid))
        else {
            return false;
        };
        match born_ns < self.origin_ns {
            true => pid != tid || !has_executed(),
            false => pid != tid && Some(pid) != self.launcher && has_windows(parent_tid),
        }
    }

    /// The owner of a thread when it made another one.
    fn owner_at(&self, tid: u32, at_ns: i64) -> Option<Owner> {
        let thread = self.threads.get(&tid);
        match thread.and_then(|thread| thread.window_at(at_ns)) {
            Some(window) => Some(Owner::Execution(window.execution)),
            None => self.beside(tid, at_ns),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use protocol::slots::Slots;

    const RUNNER: u32 = 100;

    fn slots() -> (tempfile::TempDir, Slots) {
        let folder = tempfile::tempdir().expect("a folder");
        let slots = Slots::create(&folder.path().join("slots"), 4).expect("made");
        (folder, slots)
    }

    fn birth(tid: u32, parent_tid: u32) -> Birth {
        Birth { pid: RUNNER, tid, parent_pid: RUNNER, parent_tid }
    }

    fn pieces(owners: &Owners, tid: u32, from_ns: i64, to_ns: i64) -> Option<Vec<(Owner, i64, i64)>> {
        let mut out = Vec::new();
        owners.pieces(tid, from_ns, to_ns, &mut out)?;
        Some(out.iter().map(|piece| (piece.owner, piece.from_ns, piece.to_ns)).collect())
    }

    #[test]
    fn a_fresh_thread_is_its_executions_from_birth_to_end_and_what_it_makes_helps_it() {
        let (_folder, slots) = slots();
        let mut owners = Owners::new(RUNNER, false, LaunchMode::Threads);
        owners.born(20, birth(101, RUNNER));
        assert_eq!(pieces(&owners, 101, 30, 40), None, "it may yet say whose it is");
        slots.slot(2).stamp(Stage::LaunchCalled, 10);
        slots.slot(2).set(Word::Tid, 101);
        owners.note(2, slots.slot(2));
        assert_eq!(pieces(&owners, 101, 30, 40), Some(vec![(Owner::Execution(2), 30, 40)]));
        owners.born(50, birth(102, 101));
        assert_eq!(pieces(&owners, 102, 60, 70), Some(vec![(Owner::Helper(2), 60, 70)]));
        assert_eq!(pieces(&owners, RUNNER, 0, 9), Some(vec![(Owner::Launcher, 0, 9)]));
        owners.born(80, birth(103, RUNNER));
        owners.ended(103);
        assert_eq!(pieces(&owners, 103, 80, 90), Some(vec![(Owner::Other, 80, 90)]));
    }

    #[test]
    fn windows_stay_in_order_whichever_is_heard_of_first() {
        let window = |execution, from_ns, to_ns| Window { execution, from_ns, to_ns };
        let mut thread = Thread::default();
        thread.put(window(1, 20, 30), 20);
        thread.put(window(3, 60, OPEN), 60);
        thread.put(window(0, 10, OPEN), 10);
        thread.put(window(2, 40, OPEN), 35);
        thread.put(window(2, 45, 50), 40);
        thread.put(window(3, 60, 70), 60);
        assert_eq!(thread.windows, [window(0, 10, 20), window(1, 20, 30), window(2, 45, 50), window(3, 60, 70)]);
    }

    #[test]
    fn a_workers_slice_is_cut_where_its_executions_begin_and_end() {
        let (_folder, slots) = slots();
        let mut owners = Owners::new(RUNNER, false, LaunchMode::ThreadPool);
        owners.born(5, birth(101, RUNNER));
        for (id, from, to) in [(0, 10, 20), (1, 22, 0)] {
            let slot = slots.slot(id);
            slot.set(Word::Tid, 101);
            [(Stage::LaunchCalled, from), (Stage::Entered, from), (Stage::Exited, to)]
                .into_iter()
                .for_each(|(stage, ns)| slot.stamp(stage, ns));
            owners.note(id as u32, slot);
        }
        let expected = vec![
            (Owner::Other, 8, 10),
            (Owner::Execution(0), 10, 20),
            (Owner::Other, 20, 22),
            (Owner::Execution(1), 22, 30),
        ];
        assert_eq!(pieces(&owners, 101, 8, 30), Some(expected));
    }
}
