//! How much the reported values differ from the truth.

use super::{
    said::Said,
    truth::{On, Thread},
};

/// Totals must be this close, or within [`SHARE`] of the time in the target, whichever is greater.
const TOTAL_NS: u64 = 100_000;
const SHARE: f64 = 0.01;
/// Edges of slices must be this close.
const EDGE_NS: u64 = 50_000;
/// The share of edges and totals that must be close enough.
const MOST: f64 = 0.99;
/// How much less than its slices a program's reported time may be. Only the program's clock knows how long its exit
/// took, and that is reduced by what the clock had counted before; the clock leaves out what interrupts and the
/// hypervisor took, and slices do not.
const UNCOUNTED_OF_PROGRAMS_NS: u64 = 200_000;
/// The least share of executions whose time ready must be comparable: some kernels drop the wake-ups of some tasks.
const LEAST_READY: f64 = 0.33;
/// How many examples of each fault to print.
const EXAMPLES: usize = 4;

/// The differences of one plan in one mode.
#[derive(Default)]
pub struct Errors {
    on_cpu: Faults,
    ready: Faults,
    stateless: Faults,
    edges: Faults,
    wrong_cores: Faults,
    missing: Faults,
    invented: Faults,
    /// Time on a CPU after the thread began to exit, until it was joined; there are no records of it.
    leaving: Faults,
    /// How many executions were to be compared.
    executions: usize,
    /// Whether they were programs, which don't stamp by themselves.
    programs: bool,
}

/// Differences of one kind, and how many of them are too great.
#[derive(Default)]
struct Faults {
    all_ns: Vec<u64>,
    count: usize,
    examples: Vec<String>,
}

impl Faults {
    fn add(&mut self, error_ns: u64, is_fault: bool, example: impl Fn() -> String) {
        self.all_ns.push(error_ns);
        self.count += usize::from(is_fault);
        if is_fault && self.examples.len() < EXAMPLES {
            self.examples.push(example());
        }
    }

    /// `p50 / p99 / max` in microseconds.
    fn figures(&self) -> String {
        let mut sorted = self.all_ns.clone();
        sorted.sort_unstable();
        let at = |share: f64| sorted.get(((sorted.len() as f64 * share) as usize).min(sorted.len().saturating_sub(1)));
        let figures = [0.5, 0.99, 1.0].map(|share| at(share).map_or(0.0, |ns| *ns as f64 / 1e3));
        format!("{:8.1} {:8.1} {:8.1}", figures[0], figures[1], figures[2])
    }

    /// The sentence if too many of `of` are faults.
    fn told(&self, what: &str, of: usize, allowed: f64) -> Option<String> {
        let most = (of as f64 * allowed).round() as usize;
        let examples = self.examples.join("\n    ");
        (self.count > most).then(|| format!("{what}: {} of {of}, for example\n    {examples}", self.count))
    }
}

impl Errors {
    /// No differences yet, for a run of this many executions.
    pub fn of(executions: usize, programs: bool) -> Self {
        Self { executions, programs, ..Self::default() }
    }

    pub fn add_on_cpu(&mut self, said: &Said, told_ns: u64, true_ns: u64) {
        let uncounted_ns = if self.programs { UNCOUNTED_OF_PROGRAMS_NS } else { 0 };
        add_total(&mut self.on_cpu, said, told_ns, (true_ns.saturating_sub(uncounted_ns), true_ns));
    }

    /// The truth is the time ready in the target; for a program also that between its launch and *entered*, because the
    /// kernel's clock contains both. The part before its launcher could stamp *entered* can't be separated exactly: the
    /// reported time may include any part of it. If no thread was seen to wake it, the truth is unknown.
    pub fn add_ready(&mut self, said: &Said, told_ns: u64, truth: &Thread, before: &Thread) {
        let before = self.programs.then_some(before);
        if truth.unknown.is_empty() && before.is_none_or(|before| before.unknown.is_empty()) {
            let least_ns = truth.ready_ns();
            add_total(&mut self.ready, said, told_ns, (least_ns, least_ns + before.map_or(0, Thread::ready_ns)));
        }
    }

    pub fn add_without_states(&mut self, said: &Said) {
        self.stateless.add(said.target.1 - said.target.0, true, || said.name.clone());
    }

    pub fn add_slice(&mut self, said: &Said, slice: &On, truth: &On) {
        for error_ns in [slice.from_ns.abs_diff(truth.from_ns), slice.to_ns.abs_diff(truth.to_ns)] {
            self.edges.add(error_ns, error_ns > EDGE_NS, || place(said, slice, truth));
        }
        self.wrong_cores.add(0, slice.core != truth.core, || place(said, slice, truth));
    }

    pub fn add_leaving(&mut self, on_cpu_ns: u64) {
        self.leaving.add(on_cpu_ns, false, String::new);
    }

    pub fn add_missing(&mut self, said: &Said, truth: &On) {
        self.missing.add(truth.to_ns - truth.from_ns, true, || place(said, truth, truth));
    }

    pub fn add_invented(&mut self, said: &Said, slice: &On) {
        self.invented.add(slice.to_ns - slice.from_ns, true, || place(said, slice, slice));
    }

    /// What is wrong, one sentence each.
    pub fn broken(&self, case: &str) -> Vec<String> {
        let (executions, intervals) = (self.executions, self.wrong_cores.all_ns.len());
        let few = 1.0 - MOST;
        let least_ready = (executions as f64 * LEAST_READY) as usize;
        let told = [
            fewer("times on a CPU were", self.on_cpu.all_ns.len(), executions),
            fewer("times ready were", self.ready.all_ns.len(), least_ready),
            fewer("intervals were", intervals, executions),
            self.stateless.told("executions have no states", executions, 0.0),
            self.on_cpu.told("time on a CPU is off", executions, few),
            self.ready.told("time ready is off", self.ready.all_ns.len(), few),
            self.edges.told("edges of slices are off", intervals * 2, few),
            self.wrong_cores.told("cores are wrong", intervals, 0.0),
            self.missing.told("true intervals have no slice", intervals, 0.0),
            self.invented.told("slices have no true interval", intervals, 0.0),
        ];
        told.into_iter().flatten().map(|fault| format!("{case}: {fault}")).collect()
    }
}

/// The sentence if fewer were compared than necessary.
fn fewer(what: &str, compared: usize, least: usize) -> Option<String> {
    (compared < least).then(|| format!("only {compared} {what} compared, of at least {least}"))
}

/// `truth`: the smallest and the largest value that is correct.
fn add_total(faults: &mut Faults, said: &Said, told_ns: u64, truth: (u64, u64)) {
    let error_ns = told_ns.abs_diff(told_ns.clamp(truth.0, truth.1));
    let bound_ns = TOTAL_NS.max(((said.target.1 - said.target.0) as f64 * SHARE) as u64);
    faults.add(error_ns, error_ns > bound_ns, || {
        format!("{}: {told_ns} ns, truly {} to {} ns", said.name, truth.0, truth.1)
    });
}

/// Both intervals, relative to *entered*.
fn place(said: &Said, slice: &On, truth: &On) -> String {
    let since = |ns: u64| (ns as i64 - said.target.0 as i64) as f64 / 1e3;
    let text = |on: &On| format!("{:.1} to {:.1} µs on {}", since(on.from_ns), since(on.to_ns), on.core);
    let length = (said.target.1 - said.target.0) as f64 / 1e3;
    format!("{} ({length:.1} µs): {}, truly {}", said.name, text(slice), text(truth))
}

/// The table of errors, one line per case.
pub fn table<'a>(rows: impl Iterator<Item = &'a (&'a str, Errors)>) -> String {
    let mut text = format!(
        "Errors against the kernel's trace, µs: p50, p99, max\n{:<22}{:>5} {:>26} {:>5} {:>26} {:>6} {:>26} {:>6} {:>8} {:>9} {:>26}",
        "", "runs", "on a CPU", "of", "ready", "slices", "edges", "cores", "missing", "invented", "after it exits"
    );
    for (name, errors) in rows {
        text += &format!(
            "\n{name:<22}{:>5} {:>26} {:>5} {:>26} {:>6} {:>26} {:>6} {:>8} {:>9} {:>26}",
            errors.executions,
            errors.on_cpu.figures(),
            errors.ready.all_ns.len(),
            errors.ready.figures(),
            errors.wrong_cores.all_ns.len(),
            errors.edges.figures(),
            errors.wrong_cores.count,
            errors.missing.count,
            errors.invented.count,
            errors.leaving.figures(),
        );
    }
    text
}
