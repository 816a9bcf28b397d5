//! One look at all executions that are in their targets.

use super::{
    Bins, Seen, Wanted, Watched,
    gil::Interpreters,
    lock_places::LockPlaces,
    track::{ThreadLook, Track},
};
use model::{BlockedOn, LockLooks, Owner, Slice};
use os::{self, CallKind, SyscallNow, ThreadClocks, ThreadWatch};
use std::{
    collections::{HashMap, HashSet},
    io,
    sync::{Arc, OnceLock},
};

/// The most executions of one look. Where there are more, they take turns, and their bins are longer.
const MOST_AT_ONCE: usize = 512;

impl Thread {
    /// An estimated slice since the last look: on the thread's last core, for the CPU time that its clock shows, up to now.
    fn slice(&self, one: &Watched, clocks: ThreadClocks, at_ns: i64) -> Option<Slice> {
        let core = self.watch.core()?;
        let on_cpu_ns = i64::try_from(clocks.on_cpu_ns.saturating_sub(self.clocks.on_cpu_ns)).ok()?;
        let from_ns = (at_ns - on_cpu_ns).max(self.looked_ns).max(one.entered_ns);
        let slice = |ns: i64| u64::try_from(ns).unwrap_or(0);
        (on_cpu_ns > 0 && from_ns < at_ns).then(|| Slice {
            from_ns: slice(from_ns),
            to_ns: slice(at_ns),
            core,
            owner: Owner::Execution(one.execution),
            preempted: false,
        })
    }
}

/// Looks at executions, and remembers what it saw of each.
pub struct Looker {
    threads: HashMap<(u32, u32), Thread>,
    tracks: HashMap<u32, Tracked>,
    /// Executions that can't be looked at.
    refused: HashSet<u32>,
    interpreters: Interpreters,
    lock_places: LockPlaces,
    note: Arc<OnceLock<String>>,
    wanted: Wanted,
    tick_ns: u64,
    most_at_once: usize,
    /// The number of the current look.
    round: u64,
    /// The first execution of the next look, where they take turns.
    turn: usize,
    /// When it looked last; absent where there was nothing to look at.
    last_ns: Option<i64>,
    looks: u64,
    watched_secs: f64,
}

/// A thread's open files, and its clocks at the last look: a pool's worker has one execution after another.
struct Thread {
    watch: ThreadWatch,
    clocks: ThreadClocks,
    looked_ns: i64,
    round: u64,
}

struct Tracked {
    track: Track,
    /// The round in which the execution was last seen in its target.
    round: u64,
}

impl Looker {
    /// `note` gets the first reason why an execution can't be looked at, in one sentence.
    pub fn new(note: Arc<OnceLock<String>>, wanted: Wanted) -> Self {
        // Each thread needs two or three descriptors; most are left to the rest of the program.
        let most_at_once =
            usize::try_from(os::descriptor_limit() / 4).map_or(MOST_AT_ONCE, |room| room.min(MOST_AT_ONCE));
        Self {
            threads: HashMap::new(),
            tracks: HashMap::new(),
            refused: HashSet::new(),
            interpreters: Interpreters::default(),
            lock_places: LockPlaces::default(),
            note,
            wanted,
            tick_ns: os::kernel_tick_ns(),
            most_at_once: most_at_once.max(1),
            round: 0,
            turn: 0,
            last_ns: None,
            looks: 0,
            watched_secs: 0.0,
        }
    }

    /// Looks at the executions that are in their targets now, and settles those that have left.
    pub fn look(&mut self, watched: &[Watched], out: &mut Seen) {
        self.round += 1;
        let now_ns = os::monotonic_ns();
        let since_ns = self.last_ns.map_or(0, |last| now_ns - last);
        self.last_ns = (!watched.is_empty()).then_some(now_ns);
        for one in watched {
            if let Some(tracked) = self.tracks.get_mut(&one.execution) {
                tracked.round = self.round;
            }
        }
        let many = watched.len().min(self.most_at_once);
        for step in 0..many {
            let one = &watched[(self.turn + step) % watched.len()];
            if self.look_at(one, out) && since_ns > 0 {
                self.looks += 1;
            }
        }
        self.turn = if many == watched.len() { 0 } else { (self.turn + many) % watched.len() };
        self.watched_secs += watched.len() as f64 * since_ns as f64 / 1e9;
        self.forget(watched, &mut out.bins);
    }

    /// The average number of looks a second at an execution.
    pub fn reached_hz(&self) -> f64 {
        if self.watched_secs > 0.0 { self.looks as f64 / self.watched_secs } else { 0.0 }
    }

    /// Whether a process had an interpreter whose GIL can be distinguished from other locks.
    pub fn sees_gil(&self) -> bool {
        self.interpreters.seen()
    }

    /// How many looks saw a thread blocked on a lock, and how many of them at shared places.
    pub fn lock_looks(&self) -> LockLooks {
        self.lock_places.looks()
    }

    /// How many threads' files are open.
    #[cfg(test)]
    pub fn open_threads(&self) -> usize {
        self.threads.len()
    }

    fn look_at(&mut self, one: &Watched, out: &mut Seen) -> bool {
        if self.refused.contains(&one.execution) {
            return false;
        }
        match self.read(one) {
            Ok(Some((look, before, slice))) => {
                out.slices.extend(slice);
                let (tick_ns, round) = (self.tick_ns, self.round);
                let new = || Tracked { track: Track::new(one, tick_ns, before, &look), round };
                let tracked = self.tracks.entry(one.execution).or_insert_with(new);
                tracked.track.take(&look, &mut out.bins);
                true
            }
            Ok(None) => false,
            Err(error) => {
                self.refuse(one, &error);
                false
            }
        }
    }

    /// What a thread does now, and its clocks at the last known instant before the execution entered; `None` where the thread
    /// is gone.
    fn read(&mut self, one: &Watched) -> io::Result<Option<(ThreadLook, ThreadClocks, Option<Slice>)>> {
        let key = (one.pid, one.tid);
        if !self.threads.contains_key(&key) {
            let watch = match ThreadWatch::open(one.pid, one.tid, self.wanted.cores) {
                Err(error) if error.kind() == io::ErrorKind::NotFound && os::tells_states() => return Ok(None),
                opened => opened?,
            };
            if self.wanted.gil && !self.interpreters.asked() {
                // This notes whether the GIL can be distinguished, even if no thread ever waits for it.
                self.interpreters.gil_of(one.pid);
            }
            self.threads.insert(key, Thread { watch, clocks: ThreadClocks::default(), looked_ns: 0, round: 0 });
        }
        let Some(thread) = self.threads.get_mut(&key) else { return Ok(None) };
        thread.round = self.round;
        let now = thread.watch.now()?;
        let Some(clocks) = thread.watch.clocks().filter(|_| now != SyscallNow::Gone) else {
            self.threads.remove(&key);
            return Ok(None);
        };
        if clocks == ThreadClocks::default() {
            return Err(io::Error::other("the kernel keeps no clock of its run queues"));
        }
        // The time is read last: if this thread was held up, the look shows too much time left, which later looks correct.
        let at_ns = os::monotonic_ns();
        let before = if thread.looked_ns < one.entered_ns { thread.clocks } else { ThreadClocks::default() };
        let slice = thread.slice(one, clocks, at_ns);
        (thread.clocks, thread.looked_ns) = (clocks, at_ns);
        Ok(Some((ThreadLook { at_ns, clocks, blocked_on: self.blocked_on(one, &now) }, before, slice)))
    }

    fn blocked_on(&mut self, one: &Watched, now: &SyscallNow) -> Option<BlockedOn> {
        let SyscallNow::InCall { number, args, stack_pointer } = now else {
            return (*now == SyscallNow::BlockedOutside).then_some(BlockedOn::Other);
        };
        Some(match os::call_kind(*number, args) {
            CallKind::Futex { address } => {
                let gil = self.wanted.gil.then(|| self.interpreters.gil_of(one.pid)).flatten();
                if gil.is_some_and(|gil| gil.contains(&address)) {
                    return Some(BlockedOn::Gil);
                }
                // In Python an address on the waiting thread's own stack is no lock, but leads to the lock.
                let is_parked = self.wanted.gil && os::is_on_own_stack(address, *stack_pointer);
                let lock = if is_parked { os::parked_for(one.pid, address, *stack_pointer) } else { Some(address) };
                if let Some(lock) = lock {
                    self.lock_places.note(one, lock, args[1]);
                }
                BlockedOn::Lock
            }
            CallKind::Sleep => BlockedOn::Sleep,
            // Whoever waits for a child has one.
            CallKind::Child => BlockedOn::Own,
            CallKind::Io if os::reads_from_child(one.pid, one.tid, *number, args) => BlockedOn::Own,
            CallKind::Io => BlockedOn::Io,
            CallKind::Other => BlockedOn::Other,
        })
    }

    /// Notes why a thread can't be looked at. Where only a descriptor was missing, the thread is tried again later.
    fn refuse(&mut self, one: &Watched, error: &io::Error) {
        self.threads.remove(&(one.pid, one.tid));
        if !os::is_out_of_descriptors(error) {
            self.refused.insert(one.execution);
        }
        let _ = self.note.set(format!(
            "what thread {} of process {} does can't be read ({error}{}), so its states are not sampled",
            one.tid,
            one.pid,
            os::look_hint(error)
        ));
    }

    fn forget(&mut self, watched: &[Watched], out: &mut Bins) {
        let round = self.round;
        let gone = self.tracks.extract_if(|_, tracked| tracked.round != round);
        gone.for_each(|(_, tracked)| tracked.track.finish(out));
        // Closes the files of threads that were not looked at in this round. They are opened again at their turn; their tracks
        // keep the clocks.
        self.threads.retain(|_, thread| thread.round == round);
        if self.round.is_multiple_of(64) {
            self.interpreters.keep(&watched.iter().map(|one| one.pid).collect());
        }
    }
}
