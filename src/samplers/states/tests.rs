//! Looks at threads of real interpreters. Skipped with a message where there is no `python3`.

use super::{Bins, Rate, Seen as Looks, StateSampler, Wanted, Watched};
use model::{Bin, BlockedOn, Sampling, State};
use std::{
    io::{BufRead, BufReader},
    path::PathBuf,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

const HZ: f64 = 100.0;
/// How much of each thread's time is to be looked at.
const COVERED_NS: u64 = 1_000_000_000;
/// Longer than anything takes on the slowest machine; reached only when something is broken.
const PATIENCE: Duration = Duration::from_secs(120);

/// The beginning of every script. A thread that is ready to be looked at calls `enter`.
const PRELUDE: &str = r#"
import os, sys, threading, time
def enter():
    os.write(1, b"%d %d\n" % (threading.get_native_id(), time.monotonic_ns()))
def spin():
    enter()
    while True:
        sum(range(1000))
def threads(*bodies):
    for body in bodies:
        threading.Thread(target=body, daemon=True).start()
    sys.stdin.read()
"#;

fn python() -> Option<PathBuf> {
    let found = which::which("python3").ok();
    if found.is_none() {
        let required = std::env::var_os("SPAWNSCOPE_REQUIRE_ALL").is_some_and(|value| value == "1");
        assert!(!required, "no python3 on PATH, and SPAWNSCOPE_REQUIRE_ALL is set");
        eprintln!("skipped: no python3 on PATH");
    }
    found
}

/// A running script; dropping this ends it.
struct Script {
    child: Child,
    watched: Vec<Watched>,
}

impl Script {
    /// Starts the script, and waits until `threads` threads have entered.
    fn start(python: &PathBuf, body: &str, threads: usize) -> Self {
        let mut child = Command::new(python)
            .args(["-c", &format!("{PRELUDE}\n{body}")])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("python starts");
        let lines = BufReader::new(child.stdout.take().expect("piped")).lines().take(threads);
        let watched = lines.zip(0..).map(|(line, execution)| {
            let line = line.expect("a line");
            let (tid, entered_ns) = line.split_once(' ').expect("two numbers");
            let number = "a number";
            let (tid, entered_ns) = (tid.parse().expect(number), entered_ns.parse().expect(number));
            Watched { execution, pid: child.id(), tid, entered_ns }
        });
        let watched: Vec<Watched> = watched.collect();
        assert_eq!(watched.len(), threads, "the script ended early");
        Self { child, watched }
    }

    /// Looks at the script's threads until enough of their time is covered.
    fn look(&self) -> Seen {
        let (watched, entered) = (self.watched.clone(), self.watched.clone());
        let wanted = Wanted { gil: true, cores: false };
        let sampler = StateSampler::start(
            Rate { hz: HZ, most_of_a_core: 0.02 },
            wanted,
            Box::new(move |list| list.extend_from_slice(&watched)),
        )
        .expect("started");
        let until = entered.iter().map(|one| one.entered_ns).max().expect("a thread") as u64 + COVERED_NS;
        let begin = Instant::now();
        let mut bins = Bins::new();
        let is_covered = |bins: &Bins| {
            let ends = |one: &Watched| bins.iter().any(|(id, bin)| *id == one.execution && bin.to_ns >= until);
            entered.iter().all(ends)
        };
        while !is_covered(&bins) {
            bins.extend(sampler.seen().recv_timeout(PATIENCE).expect("bins come").bins);
            assert!(begin.elapsed() < PATIENCE, "never covered; {:?}", sampler.note());
        }
        let (rest, note) = (sampler.seen().clone(), sampler.note());
        let sampling = sampler.finish();
        bins.extend(rest.iter().flat_map(|seen| seen.bins));
        Seen { bins, note, sampling, entered }
    }
}

impl Drop for Script {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What was seen of a script's threads.
struct Seen {
    bins: Bins,
    note: Option<String>,
    sampling: Sampling,
    entered: Vec<Watched>,
}

impl Seen {
    fn of(&self, execution: u32) -> Vec<Bin> {
        self.bins.iter().filter(|(id, _)| *id == execution).map(|(_, bin)| *bin).collect()
    }

    /// A state's share of all threads' time.
    fn share(&self, state: State) -> f64 {
        let sum = |ns: fn(&Bin, State) -> u64| self.bins.iter().map(|(_, bin)| ns(bin, state)).sum::<u64>();
        sum(|bin, state| bin.in_state_ns[state.index()]) as f64 / sum(|bin, _| bin.to_ns - bin.from_ns) as f64
    }

    /// Each thread's bins are contiguous from *entered* on, and the times in a bin add up to its length.
    fn assert_adds_up(&self) {
        assert_eq!(self.note, None);
        for one in &self.entered {
            let bins = self.of(one.execution);
            assert_eq!(bins[0].from_ns, one.entered_ns as u64);
            assert!(bins.windows(2).all(|pair| pair[0].to_ns == pair[1].from_ns));
            assert!(bins.iter().all(|bin| bin.in_state_ns.iter().sum::<u64>() == bin.to_ns - bin.from_ns));
        }
    }

    fn shares(&self) -> String {
        let shares = State::ALL.map(|state| format!("{} {:.1} %", state.word(), self.share(state) * 100.0));
        format!("{}; {:?}", shares.join(", "), self.sampling)
    }
}

#[test]
fn two_busy_threads_wait_for_the_gil() {
    let Some(python) = python() else { return };
    let seen = Script::start(&python, "threads(spin, spin)", 2).look();
    seen.assert_adds_up();
    assert!(seen.sampling.sees_gil);
    // The time that threads are ready depends on the machine's load, and not on them.
    let not_ready = 1.0 - seen.share(State::Ready);
    assert!(seen.share(State::Blocked(BlockedOn::Gil)) > 0.3 * not_ready, "{}", seen.shares());
    assert!(seen.share(State::Blocked(BlockedOn::Lock)) < 0.01, "{}", seen.shares());
}

#[test]
fn a_sleep_a_lock_and_a_pipe_are_told_from_one_another() {
    let Some(python) = python() else { return };
    let cases = [
        ("def body(): enter(); time.sleep(600)", BlockedOn::Sleep),
        ("lock = threading.Lock(); lock.acquire()\ndef body(): enter(); lock.acquire()", BlockedOn::Lock),
        ("pipe = os.pipe()\ndef body(): enter(); os.read(pipe[0], 1)", BlockedOn::Io),
    ];
    for (body, kind) in cases {
        let seen = Script::start(&python, &format!("{body}\nthreads(body)"), 1).look();
        seen.assert_adds_up();
        assert!(seen.share(State::Blocked(kind)) > 0.95, "{kind:?}: {}", seen.shares());
    }
}

#[test]
fn a_busy_thread_alone_is_not_blocked() {
    let Some(python) = python() else { return };
    let seen = Script::start(&python, "threads(spin)", 1).look();
    seen.assert_adds_up();
    let blocked: f64 = BlockedOn::ALL.into_iter().map(|on| seen.share(State::Blocked(on))).sum();
    assert!(blocked < 0.05, "{}", seen.shares());
}

#[test]
fn a_thread_that_ends_is_settled_and_its_files_are_closed() {
    let (tell, hear) = crossbeam_channel::bounded::<()>(0);
    let (tell_tid, tid) = crossbeam_channel::bounded(1);
    let thread = std::thread::spawn(move || {
        let _ = tell_tid.send(os::tid());
        let _ = hear.recv();
    });
    let one =
        Watched { execution: 7, pid: os::pid(), tid: tid.recv().expect("started"), entered_ns: os::monotonic_ns() };
    let note = std::sync::Arc::default();
    let mut looker = super::looker::Looker::new(note, Wanted { gil: true, cores: true });
    let mut seen = Looks::default();
    // Descriptors of the thread's own files. All threads of a process see them, whichever opened them.
    let part = format!("/task/{}/", one.tid);
    let open = || {
        let descriptors = std::fs::read_dir("/proc/self/fd").expect("a list").flatten();
        let files = descriptors.filter_map(|entry| entry.path().read_link().ok());
        files.filter(|file| file.to_str().is_some_and(|file| file.contains(&part))).count()
    };
    assert_eq!(open(), 0, "before it is looked at");
    looker.look(&[one], &mut seen);
    looker.look(&[one], &mut seen);
    assert!(seen.bins.is_empty());
    assert!(open() > 0, "its files stay open from look to look");
    drop(tell);
    thread.join().expect("it ends");
    looker.look(&[one], &mut seen);
    looker.look(&[], &mut seen);
    assert_eq!(seen.bins.iter().map(|(id, _)| *id).collect::<Vec<_>>(), [7, 7]);
    assert_eq!((looker.open_threads(), open()), (0, 0));
}

#[test]
fn who_may_not_be_looked_at_is_a_note_and_no_failure() {
    let note = std::sync::Arc::<std::sync::OnceLock<String>>::default();
    let mut looker = super::looker::Looker::new(note.clone(), Wanted { gil: true, cores: true });
    let mut seen = Looks::default();
    let watched = |pid| Watched { execution: pid, pid, tid: pid, entered_ns: 1 };
    // There is no such thread. It may have ended since it was named, which is no failure.
    looker.look(&[watched(u32::MAX)], &mut seen);
    assert!(seen.bins.is_empty() && note.get().is_none());
    std::thread::spawn(move || {
        os::give_up_root_in_this_thread();
        (0..2).for_each(|_| looker.look(&[watched(1)], &mut seen));
        assert!(seen.bins.is_empty() && looker.open_threads() == 0);
        assert!(note.get().is_some_and(|note| note.contains("process 1 ")), "{note:?}");
    })
    .join()
    .expect("a note and no failure");
}
