//! Built-in workloads: one file each, and the registry, which lists them all.
//!
//! A workload does honest work, returns a number that is the same in every mode, and calls [`Context::stop_requested`] every
//! few milliseconds, so that it can be stopped.

mod allocate;
pub mod check;
mod duty_cycle;
mod fail;
mod false_sharing;
mod file_create;
mod file_write;
mod mandelbrot;
mod matmul;
mod memory;
mod memory_copy;
mod mmap_storm;
mod monte_carlo_pi;
mod mprotect_flip;
mod param;
mod pause;
mod primes;
mod scratch;
mod sha256;
mod shared_mutex;
mod sleep;
mod stdout_lock;
mod tcp_echo;
#[cfg(test)]
mod tests;

pub use param::{Param, ParamKind, ParamProblem, ParamValue, Params};

/// What a workload is good for; the window's list is grouped by this.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Group {
    /// Computation that shares nothing.
    Compute,
    /// Threads share something here that processes do not.
    Sharing,
    /// Memory and the kernel's bookkeeping of it.
    Memory,
    /// Files and network.
    Io,
    /// Waiting, and what failures do.
    Behaviour,
}

impl Group {
    /// The heading that users see.
    pub fn title(self) -> &'static str {
        match self {
            Self::Compute => "Compute",
            Self::Sharing => "Sharing",
            Self::Memory => "Memory",
            Self::Io => "Files and network",
            Self::Behaviour => "Waiting and failing",
        }
    }
}

/// How a result is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ResultKind {
    /// A number of things.
    Count,
    /// A digest, shown in hexadecimal.
    Digest,
}

impl ResultKind {
    /// The result as documents have it: a count as a number, a digest as 16 hexadecimal digits.
    pub fn json(self, result: u64) -> serde_json::Value {
        match self {
            Self::Count => result.into(),
            Self::Digest => format!("{result:016x}").into(),
        }
    }
}

/// Why a workload returned no result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ended {
    /// It saw the stop word.
    Stopped,
    /// It could not do its work; the sentence says why.
    Failed(String),
}

impl From<std::io::Error> for Ended {
    fn from(error: std::io::Error) -> Self {
        Self::Failed(error.to_string())
    }
}

impl Ended {
    /// The system refused something: "could not `what`: its reason".
    pub fn io(what: &str, error: std::io::Error) -> Self {
        Self::Failed(format!("could not {what}: {error}"))
    }
}

/// A workload's access to its execution.
pub struct Context<'a> {
    stop: &'a dyn Fn() -> bool,
}

impl<'a> Context<'a> {
    /// A context that asks `stop` whether the execution is to end early.
    pub fn new(stop: &'a dyn Fn() -> bool) -> Self {
        Self { stop }
    }

    /// Whether the execution is to end early. Two loads: cheap enough for an inner loop of a microsecond.
    pub fn stop_requested(&self) -> bool {
        (self.stop)()
    }

    /// [`Ended::Stopped`] if the execution is to end early, for use with `?`.
    ///
    /// # Errors
    /// The execution is to end early.
    pub fn check(&self) -> Result<(), Ended> {
        if self.stop_requested() { Err(Ended::Stopped) } else { Ok(()) }
    }
}

/// A workload's function: from resolved parameters to a number.
pub type Work = fn(&Params, &Context<'_>) -> Result<u64, Ended>;

/// A built-in workload.
pub struct TargetInfo {
    /// Its name in plans.
    pub name: &'static str,
    /// The group under which the list shows it.
    pub group: Group,
    /// One line for users: what it does, and what it shows.
    pub help: &'static str,
    /// Its parameters.
    pub params: &'static [Param],
    /// How its result is shown.
    pub result: ResultKind,
    /// What the result counts or digests: "primes", "digest of the last block".
    pub result_help: &'static str,
    /// It writes to stdout only to measure the writing, so its runner's stdout is /dev/null.
    pub quiet_stdout: bool,
    /// The work itself.
    pub work: Work,
}

static REGISTRY: &[TargetInfo] = &[
    primes::INFO,
    sha256::INFO,
    matmul::INFO,
    mandelbrot::INFO,
    monte_carlo_pi::INFO,
    mprotect_flip::INFO,
    mmap_storm::INFO,
    false_sharing::INFO,
    shared_mutex::INFO,
    stdout_lock::INFO,
    memory_copy::INFO,
    allocate::INFO,
    file_write::INFO,
    file_create::INFO,
    tcp_echo::INFO,
    sleep::INFO,
    duty_cycle::INFO,
    fail::INFO,
];

/// All built-in workloads, by group, in the order of the list.
pub fn registry() -> &'static [TargetInfo] {
    REGISTRY
}

/// The workload with this name.
pub fn find(name: &str) -> Option<&'static TargetInfo> {
    registry().iter().find(|target| target.name == name)
}

/// The workload whose name is most like this one; `None` where none is alike.
pub fn nearest(name: &str) -> Option<&'static str> {
    let wanted = name.trim().to_lowercase().replace(['_', ' '], "-");
    let likeness = |known: &str| {
        let part = wanted.len() >= 3 && known.contains(&wanted);
        strsim::normalized_damerau_levenshtein(&wanted, known).max(if part { 0.7 } else { 0.0 })
    };
    let scored = registry().iter().map(|target| (likeness(target.name), target.name));
    scored.filter(|(score, _)| *score >= 0.6).max_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, name)| name)
}
