//! The machine's own figures for a stretch of time: whether a test that measures could see what it should.
//!
//! Such a test may measure again only if other programs took much of the machine meanwhile. That is judged by figures
//! independent of what it measures: the CPU time of all other processes, the time that the hypervisor stole, and
//! whether all cores together do as much as each does alone. The result of the first quiet stretch counts.

use std::{
    fmt,
    io::Write,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

/// How many stretches to try until one is quiet.
const ATTEMPTS: usize = 3;
/// If this many tests found no quiet stretch, `.ci/run` fails anyway, so each further test tries only one stretch.
const TOO_MANY: usize = 3;
static NOT_MEASURED: AtomicUsize = AtomicUsize::new(0);
/// How long to wait for the machine to be quiet before a stretch, for all tests together.
static PATIENCE: Mutex<Duration> = Mutex::new(Duration::from_secs(240));
/// The least share of its lone speed that each core must reach when all work at once. Halves of one core
/// (hyper-threads) reach 0.6 to 0.65.
const LEAST_AT_ONCE: f64 = 0.8;
/// How long one check for quiet takes.
const LOOK: Duration = Duration::from_millis(300);

/// The result measured while other programs took less than this share of the machine, from 0 to 1. On a machine without
/// such figures every result counts.
pub fn quietly<T>(name: &str, most: f64, measure: impl FnMut() -> T) -> Option<T> {
    told(name, try_quietly(most, measure))
}

/// The same; without a quiet stretch the machine's last figure, for [`not_measured`].
pub fn try_quietly<T>(most: f64, mut measure: impl FnMut() -> T) -> Result<T, String> {
    try_undisturbed(|| {
        wait_for_quiet(most);
        let begun = Clock::now();
        let measured = measure();
        let loud = Clock::taken_since(begun).filter(|taken| taken.share() >= most);
        let loud = loud.map(|taken| format!("{taken}; less than {:.0} % is wanted", most * 100.0));
        (measured, loud.or_else(halved))
    })
}

/// The result of the first undisturbed stretch. `measure` also returns the machine's own figure if something disturbed
/// it. Without such a stretch returns none, and prints a line with the last figure; `.ci/run` counts these lines.
pub fn undisturbed<T>(name: &str, measure: impl FnMut() -> (T, Option<String>)) -> Option<T> {
    told(name, try_undisturbed(measure))
}

fn try_undisturbed<T>(mut measure: impl FnMut() -> (T, Option<String>)) -> Result<T, String> {
    let mut figure = String::new();
    let attempts = if NOT_MEASURED.load(Ordering::Relaxed) < TOO_MANY { ATTEMPTS } else { 1 };
    for _ in 0..attempts {
        match measure() {
            (measured, None) => return Ok(measured),
            (_, Some(disturbed)) => figure = disturbed,
        }
    }
    Err(figure)
}

fn told<T>(name: &str, measured: Result<T, String>) -> Option<T> {
    measured.map_err(|figure| not_measured(name, &figure)).ok()
}

/// Prints in the common form that a test had no quiet stretch.
pub fn not_measured(name: &str, figure: &str) {
    NOT_MEASURED.fetch_add(1, Ordering::Relaxed);
    say(&format!("not measured: {name}: {figure}"));
}

/// The machine's figure if its cores together do much less than each alone: the hypervisor runs others on them, or they
/// are halves of one core.
fn halved() -> Option<String> {
    let at_once = at_once();
    (at_once < LEAST_AT_ONCE).then(|| {
        format!(
            "all cores at once did {:.0} % of what each does alone; {:.0} % is wanted",
            at_once * 100.0,
            LEAST_AT_ONCE * 100.0
        )
    })
}

/// The work of all cores at once, as a share of what they would do if each did as much as one alone; the best of some
/// rounds.
fn at_once() -> f64 {
    const ROUNDS: usize = 8;
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let least = |of: &dyn Fn() -> Duration| (0..ROUNDS).map(|_| of()).min().unwrap_or_default().as_secs_f64();
    let together = || {
        std::thread::scope(|scope| {
            let all: Vec<_> = (0..cores).map(|_| scope.spawn(work)).collect();
            all.into_iter().map(|one| one.join().expect("it counts")).max().unwrap_or_default()
        })
    };
    least(&work) / least(&together).max(f64::EPSILON)
}

/// How long a computation of some ten milliseconds takes.
fn work() -> Duration {
    let begin = Instant::now();
    let mut number = 1_u64;
    for _ in 0..std::hint::black_box(6_000_000) {
        number = number.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    }
    std::hint::black_box(number);
    begin.elapsed()
}

/// Prints a line that the test harness does not capture, so that it is seen though the test passes.
pub fn say(line: &str) {
    let _ = writeln!(std::io::stderr().lock(), "{line}");
}

/// What other programs took, as shares of all cores.
#[derive(Clone, Copy)]
struct Taken {
    others: f64,
    stolen: f64,
}

impl Taken {
    fn share(self) -> f64 {
        self.others + self.stolen
    }
}

impl fmt::Display for Taken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let percent = |share: f64| share * 100.0;
        write!(
            f,
            "other processes took {:.1} % of the machine and the hypervisor {:.1} %",
            percent(self.others),
            percent(self.stolen)
        )
    }
}

/// Ticks since the system started.
struct Clock {
    /// Of all cores.
    all: u64,
    /// The part that the hypervisor took.
    stolen: u64,
    /// What all other processes and the children that they waited for took, without this process and its descendants.
    others: i64,
}

impl Clock {
    /// Absent if the system does not say.
    fn now() -> Option<Self> {
        let text = std::fs::read_to_string("/proc/stat").ok()?;
        let ticks: Vec<u64> =
            text.lines().next()?.split_whitespace().skip(1).filter_map(|it| it.parse().ok()).collect();
        // Users' time includes guests' time: the first eight add up to all.
        Some(Self { all: ticks.get(..8)?.iter().sum(), stolen: *ticks.get(7)?, others: others_ticks()? })
    }

    fn taken_since(begun: Option<Self>) -> Option<Taken> {
        let (begun, now) = (begun?, Self::now()?);
        let all = (now.all - begun.all).max(1) as f64;
        let others = (now.others - begun.others).max(0) as f64 / all;
        Some(Taken { others, stolen: (now.stolen - begun.stolen) as f64 / all })
    }
}

/// CPU time of all processes that are not this one's descendants, including children that they have waited for. Exact
/// to a tick per process: the kernel takes it from its scheduler's clock, while a core's ticks are only counted.
fn others_ticks() -> Option<i64> {
    let entries = std::fs::read_dir("/proc").ok()?.flatten();
    let pids = entries.filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok());
    let all: Vec<(u32, u32, i64)> = pids.filter_map(times).collect();
    let parent_of = |pid: u32| all.iter().find(|(other, ..)| *other == pid).map(|(_, parent, _)| *parent);
    let own = std::process::id();
    let is_own = |pid: u32| std::iter::successors(Some(pid), |pid| parent_of(*pid)).any(|pid| pid == own);
    Some(all.iter().filter(|(pid, ..)| !is_own(*pid)).map(|(.., ticks)| ticks).sum())
}

/// A process, its parent, and its CPU time including children that it has waited for.
fn times(pid: u32) -> Option<(u32, u32, i64)> {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let fields: Vec<&str> = stat.rsplit_once(") ")?.1.split_whitespace().collect();
    let ticks: i64 = fields.get(11..15)?.iter().filter_map(|word| word.parse::<i64>().ok()).sum();
    Some((pid, fields.get(1)?.parse().ok()?, ticks))
}

fn wait_for_quiet(most: f64) {
    let mut patience = PATIENCE.lock().unwrap_or_else(PoisonError::into_inner);
    let begin = Instant::now();
    let is_quiet = || {
        let begun = Clock::now();
        std::thread::sleep(LOOK);
        Clock::taken_since(begun).is_none_or(|taken| taken.share() < most) && halved().is_none()
    };
    while begin.elapsed() < *patience && !is_quiet() {}
    *patience = patience.saturating_sub(begin.elapsed());
}

#[test]
fn what_others_take_is_told_from_what_this_process_takes() {
    let _turn = crate::turn::Turn::alone();
    let Some(begun) = Clock::now() else { return };
    let own = || times(std::process::id()).expect("this process is there").2;
    let (before, begin) = (own(), Instant::now());
    while own() - before < 30 {
        assert!(begin.elapsed() < Duration::from_secs(120), "it never gets 0.3 s of CPU time");
    }
    let child =
        std::process::Command::new("sh").args(["-c", "i=0; while [ $i -lt 300000 ]; do i=$((i+1)); done"]).status();
    assert!(child.is_ok_and(|status| status.success()));
    let elapsed = begin.elapsed().as_secs_f64() * 100.0;
    let now = Clock::now().expect("as before");
    let cores = std::thread::available_parallelism().map_or(1, usize::from) as f64;
    let (took, mine) = ((now.others - begun.others) as f64, (own() - before) as f64);
    assert!(
        mine >= 40.0 && took + mine <= 1.1 * elapsed * cores + 5.0,
        "others {took}, this {mine} of {elapsed} ticks"
    );
}
