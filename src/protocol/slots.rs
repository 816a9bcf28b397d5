//! Stamps in a mapped file: a header, then a slot of native 64-bit integers for each execution.
//!
//! Whoever runs a target writes its slot, the host reads it; a slot survives a crash of whoever wrote it. A word is written
//! with one store, so it is never torn. Instants are absolute nanoseconds of CLOCK_MONOTONIC; 0 is *not yet*.

use super::words::{WORD_BYTES, Words};
use model::Stage;
use std::{
    fs::{File, OpenOptions},
    io,
    path::Path,
    sync::atomic::{AtomicI64, Ordering},
};

/// Words of a slot, and of the header: three cache lines, so that neighbours don't share one.
pub const SLOT_WORDS: usize = 24;
/// `SPAWNSC1` as bytes.
const MAGIC: i64 = i64::from_le_bytes(*b"SPAWNSC1");

/// Words of the header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(usize)]
pub enum Head {
    /// `SPAWNSC1`.
    Magic,
    /// Bytes of a slot.
    SlotBytes,
    /// How many slots follow.
    Count,
    /// The run's origin: the instant before the first execution was created.
    Origin,
    /// Not 0: launch nothing more, and everything that runs is to end. The host writes it.
    Stop,
    /// Executions up to this one may have been launched; none after it has.
    Launched,
    /// The next execution that a pool's worker takes.
    Next,
    /// Not 0: no more than stamps is wanted. The launcher of Python functions tells its children so.
    StampsOnly,
    /// Since when the launcher is blocked in a join; 0 where it is not. In a cache line that no worker reads.
    WaitsSince,
    /// One more than the execution that it joins; 0: whichever ends first. Written before [`Head::WaitsSince`].
    WaitsFor,
}

/// Words of a slot; the seven stages come first, in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(usize)]
pub enum Word {
    /// When the launcher began to block in the join that returned at *joined*.
    JoinCalled = 7,
    /// The process.
    Pid,
    /// The thread.
    Tid,
    /// One more than the lane.
    Lane,
    /// How the target ended: a [`Reported`].
    Verdict,
    /// What the target returned. Of a program what its clocks leave out, see [`Before`].
    Result,
    /// One more than the process's wait status, as the system gives it.
    WaitStatus,
    /// Not 0: this execution is to end. The host writes it.
    Stop,
    /// One more than the CPU time in user mode, in nanoseconds; the words below likewise are one more than what they hold.
    UserNs,
    /// CPU time in the kernel, in nanoseconds.
    SystemNs,
    /// Times the CPU was given away.
    Voluntary,
    /// Times the CPU was taken.
    Involuntary,
    /// Page faults without the disk.
    MinorFaults,
    /// Page faults with the disk.
    MajorFaults,
    /// Most memory resident, in bytes.
    MaxRss,
    /// Nanoseconds on a CPU between *entered* and *left*, by the thread's own CPU clock.
    OnCpuNs,
    /// Nanoseconds ready and waiting for a CPU between *entered* and *left*, by the kernel's run-queue clock.
    RunnableNs,
}

/// How a target ended, as its runner saw it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(i64)]
pub enum Reported {
    /// It returned; the result is in its word.
    Returned = 1,
    /// It returned an error; a message tells it.
    Failed,
    /// It panicked; a message tells it.
    Panicked,
    /// It saw that it is to stop.
    Stopped,
    /// The system refused to start it, or its arguments or its result could not be handed over; a message tells it.
    CouldNotStart,
    /// It raised an exception that nobody caught; a message and a traceback tell it.
    Raised,
    /// It called `sys.exit`; the status is in the result's word, and a message may tell more.
    ExitCalled,
    /// The pool that ran it, or was to run it, broke; a message tells why.
    PoolBroke,
    /// It returned something whose `repr()` comes as text.
    ReturnedText,
    /// It returned `None`.
    ReturnedNone,
    /// A daemon thread: the run was over while it still ran.
    Abandoned,
    /// It returned, and its result could not be handed back to the launcher; a message tells why.
    ResultLost,
}

/// What the words [`Word::OnCpuNs`] and [`Word::RunnableNs`] of a program leave out, because it was before *entered* as far
/// as its launcher could tell. Who knows better adds it again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Before {
    /// On a CPU.
    pub on_cpu_ns: u64,
    /// Ready for one.
    pub ready_ns: u64,
}

impl Before {
    /// In one word: on a CPU in its lower half, ready in its upper one; four seconds at the most.
    pub fn packed(self) -> i64 {
        let half = |ns: u64| i64::from(u32::try_from(ns).unwrap_or(u32::MAX) >> 1);
        half(self.on_cpu_ns) | (half(self.ready_ns) << 32)
    }

    /// The counterpart of [`Before::packed`], to two nanoseconds.
    pub fn of(word: i64) -> Self {
        let half = |word: i64| ((word & 0x7FFF_FFFF) as u64) << 1;
        Self { on_cpu_ns: half(word), ready_ns: half(word >> 32) }
    }
}

impl Reported {
    fn of(word: i64) -> Option<Self> {
        use Reported::*;
        let all = [
            Returned,
            Failed,
            Panicked,
            Stopped,
            CouldNotStart,
            Raised,
            ExitCalled,
            PoolBroke,
            ReturnedText,
            ReturnedNone,
            Abandoned,
            ResultLost,
        ];
        all.into_iter().find(|verdict| *verdict as i64 == word)
    }
}

/// The mapped file.
pub struct Slots {
    words: Words,
    count: usize,
}

impl Slots {
    /// How long the file is for `count` executions.
    pub fn file_bytes(count: usize) -> u64 {
        (count as u64 + 1) * (SLOT_WORDS * WORD_BYTES) as u64
    }

    /// Maps the file for `count` executions that was just made, [`Slots::file_bytes`] long and all 0; the host does.
    ///
    /// # Errors
    /// The file can't be mapped.
    pub fn begin(made: File, count: usize) -> io::Result<Self> {
        let slots = Self { words: Words::of_made(made)?, count };
        slots.set_head(Head::SlotBytes, (SLOT_WORDS * 8) as i64);
        slots.set_head(Head::Count, count as i64);
        slots.set_head(Head::Magic, MAGIC);
        Ok(slots)
    }

    /// Slots in a file of their own, for tests.
    ///
    /// # Errors
    /// The file can't be made or mapped.
    #[cfg(any(test, feature = "testing"))]
    pub fn create(path: &Path, count: usize) -> io::Result<Self> {
        let file = OpenOptions::new().read(true).write(true).create_new(true).open(path)?;
        file.set_len(Self::file_bytes(count))?;
        Self::begin(file, count)
    }

    /// Maps the file that the host made; runners and workers do. Its pages are touched beforehand, so that a first stamp
    /// of a thread costs no page fault.
    ///
    /// # Errors
    /// There is no such file, or it is none of this layout.
    pub fn open(path: &Path) -> io::Result<Self> {
        let file = OpenOptions::new().read(true).write(true).open(path)?;
        let words = Words::of_other(&file)?;
        let wrong = || io::Error::new(io::ErrorKind::InvalidData, "the slots file has another layout");
        let count = (words.all().len() / SLOT_WORDS).checked_sub(1).ok_or_else(wrong)?;
        let slots = Self { words, count };
        let held = [Head::Magic, Head::SlotBytes, Head::Count].map(|head| slots.head(head));
        if held == [MAGIC, (SLOT_WORDS * 8) as i64, count as i64] { Ok(slots) } else { Err(wrong()) }
    }

    /// How many executions it has.
    pub fn count(&self) -> usize {
        self.count
    }

    /// A word of the header.
    pub fn head(&self, head: Head) -> i64 {
        self.words()[head as usize].load(Ordering::Acquire)
    }

    /// Writes a word of the header.
    pub fn set_head(&self, head: Head, value: i64) {
        self.words()[head as usize].store(value, Ordering::Release);
    }

    /// Takes the next execution of a pool; past the last where there is none.
    pub fn take_next(&self) -> usize {
        self.words()[Head::Next as usize].fetch_add(1, Ordering::AcqRel) as usize
    }

    /// Says that the launcher is blocked, since then, until an execution, or whichever ends first, can be joined.
    pub fn wait_begins(&self, since_ns: i64, execution: Option<usize>) {
        self.set_head(Head::WaitsSince, 0);
        self.set_head(Head::WaitsFor, execution.map_or(0, |execution| execution as i64 + 1));
        self.set_head(Head::WaitsSince, since_ns);
    }

    /// Says that it is no more.
    pub fn wait_is_over(&self) {
        self.set_head(Head::WaitsSince, 0);
    }

    /// Since when the launcher waits, and for which execution; that is absent where it waits for whichever ends first.
    pub fn waits(&self) -> Option<(i64, Option<u32>)> {
        let since = self.head(Head::WaitsSince);
        let execution = self.head(Head::WaitsFor).checked_sub(1).and_then(|id| u32::try_from(id).ok());
        // Between two looks it may have begun to wait for another.
        (since != 0 && since == self.head(Head::WaitsSince)).then_some((since, execution))
    }

    /// The slot of an execution; panics past the last one.
    pub fn slot(&self, execution: usize) -> Slot<'_> {
        let start = (execution + 1) * SLOT_WORDS;
        Slot { words: &self.words()[start..start + SLOT_WORDS], stop_all: &self.words()[Head::Stop as usize] }
    }

    fn words(&self) -> &[AtomicI64] {
        &self.words.all()[..(self.count + 1) * SLOT_WORDS]
    }
}

/// The words of one execution.
#[derive(Clone, Copy)]
pub struct Slot<'a> {
    words: &'a [AtomicI64],
    stop_all: &'a AtomicI64,
}

impl Slot<'_> {
    /// Stamps a stage with an instant; a clock read and a store are all it costs.
    pub fn stamp(&self, stage: Stage, now_ns: i64) {
        self.words[stage as usize].store(now_ns, Ordering::Release);
    }

    /// When a stage was reached; 0 where it has not been.
    pub fn stage(&self, stage: Stage) -> i64 {
        self.words[stage as usize].load(Ordering::Acquire)
    }

    /// A word.
    pub fn word(&self, word: Word) -> i64 {
        self.words[word as usize].load(Ordering::Acquire)
    }

    /// Writes a word.
    pub fn set(&self, word: Word, value: i64) {
        self.words[word as usize].store(value, Ordering::Release);
    }

    /// A word that holds one more than its value; absent where nothing was written.
    pub fn counted(&self, word: Word) -> Option<u64> {
        u64::try_from(self.word(word).checked_sub(1)?).ok()
    }

    /// Writes one more than a value.
    pub fn set_counted(&self, word: Word, value: u64) {
        self.set(word, i64::try_from(value).unwrap_or(i64::MAX - 1) + 1);
    }

    /// How the target ended; absent where it has not, or where nobody was left to say.
    pub fn verdict(&self) -> Option<Reported> {
        Reported::of(self.word(Word::Verdict))
    }

    /// Whether this execution is to end early.
    pub fn stop_requested(&self) -> bool {
        self.stop_all.load(Ordering::Relaxed) != 0 || self.words[Word::Stop as usize].load(Ordering::Relaxed) != 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_runner_writes_a_host_reads() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("slots");
        let host = Slots::create(&path, 3).expect("made");
        let runner = Slots::open(&path).expect("opened");
        runner.slot(2).stamp(Stage::Entered, 42);
        runner.slot(2).set(Word::Verdict, Reported::Panicked as i64);
        host.slot(2).set(Word::Stop, 1);
        assert_eq!((host.slot(2).stage(Stage::Entered), host.slot(1).stage(Stage::Entered)), (42, 0));
        assert_eq!(host.slot(2).verdict(), Some(Reported::Panicked));
        assert!(runner.slot(2).stop_requested() && !runner.slot(1).stop_requested());
        host.set_head(Head::Stop, 1);
        assert!(runner.slot(1).stop_requested());
    }

    #[test]
    fn what_was_before_fits_into_a_word() {
        let before = Before { on_cpu_ns: 350_000, ready_ns: 4_100_000_000 };
        assert_eq!(Before::of(before.packed()), before);
        assert_eq!(Before::of(Before { on_cpu_ns: u64::MAX, ready_ns: 8 }.packed()).ready_ns, 8);
    }

    #[test]
    fn another_file_is_refused() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("slots");
        std::fs::write(&path, [0; SLOT_WORDS * 16]).expect("written");
        assert!(Slots::open(&path).is_err());
    }
}
