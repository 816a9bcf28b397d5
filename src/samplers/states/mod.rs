//! What each thread of a run does, sampled from outside: on a CPU, ready, or blocked, and on what, above all the GIL of a
//! Python interpreter. The looks do not disturb the watched thread.
//!
//! How long each state lasted comes from the kernel's clocks, see `track.rs`; what the thread was blocked on comes from the
//! looks.

mod gil;
mod lock_places;
mod looker;
mod pace;
#[cfg(test)]
mod tests;
mod track;
#[cfg(test)]
mod track_tests;

use crossbeam_channel::{Receiver, RecvTimeoutError, Sender, bounded, unbounded};
use looker::Looker;
use model::{Bin, Sampling, Slice};
use pace::Pace;
use std::{
    io,
    sync::{Arc, OnceLock},
    thread::JoinHandle,
    time::{Duration, Instant},
};

/// An execution that is in its target: entered, and not left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Watched {
    /// The execution.
    pub execution: u32,
    /// Its process.
    pub pid: u32,
    /// Its thread.
    pub tid: u32,
    /// When it entered, in absolute nanoseconds of CLOCK_MONOTONIC.
    pub entered_ns: i64,
}

/// Fills an empty list with the executions that are in their targets now.
pub type Watch = Box<dyn FnMut(&mut Vec<Watched>) + Send>;

/// What the looks should find out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// Whether threads wait for a GIL: they run in a Python interpreter.
    pub gil: bool,
    /// On which cores threads are.
    pub cores: bool,
}

/// How often to look.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rate {
    /// Looks a second.
    pub hz: f64,
    /// The most CPU time for looking, as a share of one core. Where it would take more, there are fewer looks.
    pub most_of_a_core: f64,
}

/// What the looks saw. Instants are absolute nanoseconds of CLOCK_MONOTONIC.
#[derive(Clone, Debug, Default)]
pub struct Seen {
    /// What executions did.
    pub bins: Bins,
    /// On which core they were; an estimate.
    pub slices: Vec<Slice>,
}

impl Seen {
    /// Adds what was seen later.
    pub fn append(&mut self, later: Self) {
        self.bins.extend(later.bins);
        self.slices.extend(later.slices);
    }

    fn is_empty(&self) -> bool {
        self.bins.is_empty() && self.slices.is_empty()
    }
}

/// Bins with their executions; in order for each execution, with absolute instants.
pub type Bins = Vec<(u32, Bin)>;

/// How often bins are passed on.
const BATCH: Duration = Duration::from_millis(50);

/// The sampling thread; it ends when this is dropped.
pub struct StateSampler {
    seen: Receiver<Seen>,
    note: Arc<OnceLock<String>>,
    stop: Sender<()>,
    thread: JoinHandle<Sampling>,
}

impl StateSampler {
    /// Starts looking at the executions that `watch` names.
    ///
    /// # Errors
    /// No thread can be started.
    pub fn start(rate: Rate, wanted: Wanted, watch: Watch) -> io::Result<Self> {
        let (out, seen) = unbounded();
        let (stop, stopped) = bounded(1);
        let note = Arc::new(OnceLock::new());
        let looker = Looker::new(note.clone(), wanted);
        let work = move || Worker { rate, watch, looker, out, stopped }.work();
        let thread = std::thread::Builder::new().name("state sampler".to_owned()).spawn(work)?;
        Ok(Self { seen, note, stop, thread })
    }

    /// What the looks saw; the channel ends after [`StateSampler::finish`].
    pub fn seen(&self) -> &Receiver<Seen> {
        &self.seen
    }

    /// Why executions could not be looked at, in one sentence; absent where all could.
    pub fn note(&self) -> Option<String> {
        self.note.get().cloned()
    }

    /// The same note, which can be read after [`StateSampler::finish`].
    pub fn shared_note(&self) -> Arc<OnceLock<String>> {
        self.note.clone()
    }

    /// Ends the thread, which first sends what it still holds. Returns how it sampled.
    pub fn finish(self) -> Sampling {
        let _ = self.stop.send(());
        self.thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    }
}

struct Worker {
    rate: Rate,
    watch: Watch,
    looker: Looker,
    out: Sender<Seen>,
    stopped: Receiver<()>,
}

impl Worker {
    fn work(mut self) -> Sampling {
        let start = Instant::now();
        let mut pace = Pace::new(self.rate.hz, self.rate.most_of_a_core, start);
        let (mut watched, mut seen, mut sent) = (Vec::new(), Seen::default(), start);
        let cpu_before_ns = os::thread_cpu_ns();
        let mut spent_ns = cpu_before_ns;
        loop {
            let now_ns = os::thread_cpu_ns();
            let next = pace.next(Instant::now(), Duration::from_nanos(now_ns.saturating_sub(spent_ns)));
            spent_ns = now_ns;
            if self.stopped.recv_deadline(next) != Err(RecvTimeoutError::Timeout) {
                break;
            }
            watched.clear();
            (self.watch)(&mut watched);
            self.looker.look(&watched, &mut seen);
            if sent.elapsed() >= BATCH && !seen.is_empty() {
                sent = Instant::now();
                let _ = self.out.send(std::mem::take(&mut seen));
            }
        }
        self.looker.look(&[], &mut seen);
        let _ = self.out.send(seen);
        let cpu_secs = (os::thread_cpu_ns() - cpu_before_ns) as f64 / 1e9;
        Sampling {
            asked_hz: self.rate.hz,
            reached_hz: self.looker.reached_hz(),
            core_share: cpu_secs / start.elapsed().as_secs_f64().max(1e-9),
            sees_gil: self.looker.sees_gil(),
            lock_looks: Some(self.looker.lock_looks()),
        }
    }
}
