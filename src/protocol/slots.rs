//! Stamps in a mapped file: a header, then a slot of native 64-bit integers for each execution.
//!
//! The thread or process that runs a target writes its slot, and the host reads it. A slot survives a crash of its writer. A
//! word is written with one store, so it is never torn. Instants are absolute nanoseconds of CLOCK_MONOTONIC; 0 is *not yet*.

use super::words::{WORD_BYTES, Words};
use model::Stage;
use std::{
    fs::{File, OpenOptions},
    io,
    path::Path,
    sync::atomic::{AtomicI64, Ordering},
};

/// How many words a slot has, and the header: three cache lines, so that neighbours don't share one.
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
    /// Not 0: launch nothing more, and end everything that runs. The host writes it.
    Stop,
    /// One past the last execution that may have been launched.
    Launched,
    /// The next execution that a pool's worker takes.
    Next,
    /// Not 0: only stamps are wanted. The launcher of Python functions tells its children so.
    StampsOnly,
    /// Since when the launcher is blocked in a join; 0 where it is not. No worker reads this cache line.
    WaitsSince,
    /// One more than the execution that the launcher joins; 0: whichever ends first. Written before [`Head::WaitsSince`].
    WaitsFor,
}

/// Words of a slot. The seven stages come first, in order.
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
    /// What the target returned. For a program: the time that its clocks leave out, see [`Before`].
    Result,
    /// One more than the process's wait status, a number of POSIX's `wait`.
    WaitStatus,
    /// Not 0: end this execution. The host writes it.
    Stop,
    /// One more than the CPU time in user mode, in nanoseconds. The words below also hold one more than their values.
    UserNs,
    /// CPU time in the kernel, in nanoseconds.
    SystemNs,
    /// Voluntary context switches.
    Voluntary,
    /// Involuntary context switches.
    Involuntary,
    /// Page faults without the disk.
    MinorFaults,
    /// Page faults with the disk.
    MajorFaults,
    /// Peak resident memory, in bytes.
    MaxRss,
    /// Nanoseconds on a CPU between *entered* and *left*, by the thread's own CPU clock.
    OnCpuNs,
    /// Nanoseconds ready and waiting for a CPU between *entered* and *left*, by the kernel's run-queue clock.
    RunnableNs,
}

/// How a target ended, as the runner or worker saw it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(i64)]
pub enum Reported {
    /// It returned; [`Word::Result`] has the result.
    Returned = 1,
    /// It returned an error; a message says which.
    Failed,
    /// It panicked; a message says why.
    Panicked,
    /// It saw the stop word and ended.
    Stopped,
    /// The system refused to start it, or its arguments or its result could not be handed over; a message says why.
    CouldNotStart,
    /// It raised an exception that was not caught; a message and a traceback follow.
    Raised,
    /// It called `sys.exit`; [`Word::Result`] has the status, and a message may say more.
    ExitCalled,
    /// Its pool broke while it ran or waited; a message says why.
    PoolBroke,
    /// It returned a value whose `repr()` is sent as text.
    ReturnedText,
    /// It returned `None`.
    ReturnedNone,
    /// It ran in a daemon thread, and the run was over before it ended.
    Abandoned,
    /// It returned, but its result could not be handed back to the launcher; a message says why.
    ResultLost,
}

/// The time of a program that [`Word::OnCpuNs`] and [`Word::RunnableNs`] leave out, because it lay before *entered* as far as
/// the launcher could tell. The host adds it again where it knows better.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Before {
    /// On a CPU.
    pub on_cpu_ns: u64,
    /// Ready for one.
    pub ready_ns: u64,
}

impl Before {
    /// Both in one word: on a CPU in the lower half, ready in the upper one; each at most four seconds.
    pub fn packed(self) -> i64 {
        let half = |ns: u64| i64::from(u32::try_from(ns).unwrap_or(u32::MAX) >> 1);
        half(self.on_cpu_ns) | (half(self.ready_ns) << 32)
    }

    /// The counterpart of [`Before::packed`], exact to two nanoseconds.
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
    /// The length of the file for `count` executions.
    pub fn file_bytes(count: usize) -> u64 {
        (count as u64 + 1) * (SLOT_WORDS * WORD_BYTES) as u64
    }

    /// Maps the host's new file for `count` executions, which is [`Slots::file_bytes`] long and all 0.
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

    /// Maps, for a runner or a worker, the file that the host made. Its pages are touched beforehand, so that a thread's first
    /// stamp costs no page fault.
    ///
    /// # Errors
    /// There is no such file, or it has another layout.
    pub fn open(path: &Path) -> io::Result<Self> {
        let file = OpenOptions::new().read(true).write(true).open(path)?;
        let words = Words::of_other(&file)?;
        let wrong = || io::Error::new(io::ErrorKind::InvalidData, "the slots file has another layout");
        let count = (words.all().len() / SLOT_WORDS).checked_sub(1).ok_or_else(wrong)?;
        let slots = Self { words, count };
        let held = [Head::Magic, Head::SlotBytes, Head::Count].map(|head| slots.head(head));
        if held == [MAGIC, (SLOT_WORDS * 8) as i64, count as i64] { Ok(slots) } else { Err(wrong()) }
    }

    /// How many executions the file is for.
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

    /// Takes the next execution of a pool; a number past the last where none is left.
    pub fn take_next(&self) -> usize {
        self.words()[Head::Next as usize].fetch_add(1, Ordering::AcqRel) as usize
    }

    /// Says that since this instant the launcher is blocked until it can join this execution, or whichever ends first.
    pub fn wait_begins(&self, since_ns: i64, execution: Option<usize>) {
        self.set_head(Head::WaitsSince, 0);
        self.set_head(Head::WaitsFor, execution.map_or(0, |execution| execution as i64 + 1));
        self.set_head(Head::WaitsSince, since_ns);
    }

    /// Says that the launcher is not blocked any more.
    pub fn wait_is_over(&self) {
        self.set_head(Head::WaitsSince, 0);
    }

    /// Since when the launcher waits, and for which execution; `None` for the execution where it waits for whichever ends
    /// first.
    pub fn waits(&self) -> Option<(i64, Option<u32>)> {
        let since = self.head(Head::WaitsSince);
        let execution = self.head(Head::WaitsFor).checked_sub(1).and_then(|id| u32::try_from(id).ok());
        // Between the two reads of `WaitsSince` the launcher may have begun to wait for another execution.
        (since != 0 && since == self.head(Head::WaitsSince)).then_some((since, execution))
    }

    /// The slot of an execution.
    ///
    /// # Panics
    /// Where the execution is past the last one.
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
    /// Stamps a stage with an instant: one store.
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

    /// The value of a word that holds one more than it; absent where nothing was written.
    pub fn counted(&self, word: Word) -> Option<u64> {
        u64::try_from(self.word(word).checked_sub(1)?).ok()
    }

    /// Writes one more than a value.
    pub fn set_counted(&self, word: Word, value: u64) {
        self.set(word, i64::try_from(value).unwrap_or(i64::MAX - 1) + 1);
    }

    /// How the target ended; absent where it has not, or its runner was gone before it could say.
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
