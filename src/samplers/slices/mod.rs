//! Which thread was on which core when, for everything that a host starts: from the kernel's switch records, in a thread of its
//! own.

mod assemble;

use assemble::Assembler;
use crossbeam_channel::{Receiver, Sender, unbounded};
use os::{self, Birth, Name, SwitchRecords};
use std::{
    io::{self, PipeReader, PipeWriter},
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    thread::JoinHandle,
    time::Duration,
};

/// How often the rings are read, unless they fill sooner. Each read takes a core from a thread of the run.
const PERIOD: Duration = Duration::from_millis(200);
/// How much later than its time stamp a record may become readable: it is written while its core is busy switching.
const SLACK_NS: i64 = 2_000_000;

/// A slice of a thread on a core. Instants are absolute nanoseconds of CLOCK_MONOTONIC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ThreadSlice {
    /// The thread.
    pub tid: u32,
    /// The core.
    pub core: u32,
    /// When the thread was put on the core.
    pub from_ns: i64,
    /// When the thread was taken off the core.
    pub to_ns: i64,
    /// Whether the thread could have gone on.
    pub preempted: bool,
}

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// A slice that ended now, or a part of one that goes on.
    Slice(ThreadSlice),
    /// A thread was made.
    Born(Birth),
    /// A thread was given a name.
    Named {
        /// The thread.
        tid: u32,
        /// Its name.
        name: Name,
        /// Whether it executed a program by that name.
        executed: bool,
    },
    /// A thread ended.
    Ended {
        /// Its process.
        pid: u32,
        /// The thread.
        tid: u32,
    },
}

/// What happened, and when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Happening {
    /// When, in absolute nanoseconds of CLOCK_MONOTONIC.
    pub at_ns: i64,
    /// What.
    pub what: What,
}

/// What happened until an instant, in order; later batches have nothing older.
#[derive(Clone, Debug, Default)]
pub struct Batch {
    /// Everything until this instant is in this batch or an earlier one.
    pub until_ns: i64,
    /// In the order of their instants.
    pub happenings: Vec<Happening>,
}

/// Open records that are not read yet: they record what the calling thread executes from now on.
pub struct Armed(SwitchRecords);

impl Armed {
    /// Opens the records. The thread that calls this must be the one that starts the runner.
    ///
    /// # Errors
    /// The records can't be had, see [`os::switch_records_hint`].
    pub fn open() -> io::Result<Self> {
        SwitchRecords::open().map(Self)
    }

    /// Starts reading.
    ///
    /// # Errors
    /// No thread can be started.
    pub fn read(self) -> io::Result<SliceSampler> {
        let (out, batches) = unbounded();
        let (stopped, stop) = io::pipe()?;
        let done = Arc::new(AtomicBool::new(false));
        let lost = Arc::new(AtomicU64::new(0));
        let worker =
            Worker { records: self.0, assembler: Assembler::default(), out, lost: lost.clone(), done: done.clone() };
        let thread =
            std::thread::Builder::new().name("slice sampler".to_owned()).spawn(move || worker.work(&stopped))?;
        Ok(SliceSampler { batches, lost, done, stop, thread })
    }
}

/// The thread that reads the records.
pub struct SliceSampler {
    batches: Receiver<Batch>,
    lost: Arc<AtomicU64>,
    done: Arc<AtomicBool>,
    /// Closing it wakes the thread.
    stop: PipeWriter,
    thread: JoinHandle<()>,
}

impl SliceSampler {
    /// The batches; the channel ends after [`SliceSampler::finish`].
    pub fn batches(&self) -> &Receiver<Batch> {
        &self.batches
    }

    /// How many records were lost in full rings.
    pub fn lost(&self) -> u64 {
        self.lost.load(Ordering::Relaxed)
    }

    /// Ends the thread when the run is over. Returns the remaining batches, and how many records were lost.
    pub fn finish(self) -> (Receiver<Batch>, u64) {
        self.done.store(true, Ordering::Release);
        drop(self.stop);
        self.thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        (self.batches, self.lost.load(Ordering::Relaxed))
    }
}

struct Worker {
    records: SwitchRecords,
    assembler: Assembler,
    out: Sender<Batch>,
    lost: Arc<AtomicU64>,
    done: Arc<AtomicBool>,
}

impl Worker {
    fn work(mut self, stopped: &PipeReader) {
        while !self.done.load(Ordering::Acquire) {
            self.records.wait(PERIOD, stopped);
            let until_ns = os::monotonic_ns() - SLACK_NS;
            self.turn(until_ns);
        }
        self.turn(os::monotonic_ns());
    }

    fn turn(&mut self, until_ns: i64) {
        let Self { records, assembler, .. } = self;
        records.read(|record| assembler.take(record));
        let mut batch = Batch { until_ns, happenings: Vec::new() };
        assembler.release(until_ns, &mut batch.happenings);
        self.lost.store(assembler.lost(), Ordering::Relaxed);
        let _ = self.out.send(batch);
    }
}
