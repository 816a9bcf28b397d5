//! What an execution used, and why a number is unknown where it is.

use model::{Execution, OutcomeKind, Output, Run, Stage, Usage, quantity::Unit};

/// Something that an execution uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Resource {
    /// CPU time in user mode.
    User,
    /// CPU time in the kernel.
    System,
    /// How often it gave the CPU away.
    Voluntary,
    /// How often the CPU was taken from it.
    Involuntary,
    /// How often it continued on another core.
    Migrations,
    /// Page faults served without the disk.
    MinorFaults,
    /// Page faults that waited for the disk.
    MajorFaults,
    /// Most memory resident at once.
    PeakMemory,
    /// Bytes written to stdout.
    Stdout,
    /// Bytes written to stderr.
    Stderr,
}

impl Resource {
    /// Every kind, in the order in which they are shown.
    pub const ALL: [Resource; 10] = [
        Self::User,
        Self::System,
        Self::Voluntary,
        Self::Involuntary,
        Self::Migrations,
        Self::MinorFaults,
        Self::MajorFaults,
        Self::PeakMemory,
        Self::Stdout,
        Self::Stderr,
    ];

    /// The words that people see beside the number of one execution.
    pub fn word(self) -> &'static str {
        [
            "user",
            "system",
            "gave the CPU away",
            "lost the CPU",
            "migrations",
            "minor page faults",
            "major page faults",
            "peak memory",
            "stdout",
            "stderr",
        ][self as usize]
    }

    /// What it means, in one sentence.
    pub fn help(self) -> &'static str {
        [
            "CPU time in the program's own code",
            "CPU time in the kernel on its behalf",
            "Voluntary context switches: it had to wait for something",
            "Involuntary context switches: another was to run",
            "How often it continued on another core, by its slices",
            "Page faults served without the disk",
            "Page faults that waited for the disk",
            "Most memory resident at once, where it had a process of its own",
            "Bytes written to stdout, where they can be told from those of others",
            "Bytes written to stderr, where they can be told from those of others",
        ][self as usize]
    }

    /// Its unit.
    pub fn unit(self) -> Unit {
        match self {
            Self::User | Self::System => Unit::Time,
            Self::PeakMemory | Self::Stdout | Self::Stderr => Unit::Bytes,
            _ => Unit::Count,
        }
    }

    fn counted(self, usage: &Usage) -> Option<u64> {
        match self {
            Self::User => usage.user_ns,
            Self::System => usage.system_ns,
            Self::Voluntary => usage.voluntary_switches,
            Self::Involuntary => usage.involuntary_switches,
            Self::Migrations => usage.migrations.map(u64::from),
            Self::MinorFaults => usage.minor_faults,
            Self::MajorFaults => usage.major_faults,
            Self::PeakMemory => usage.max_rss_bytes,
            Self::Stdout | Self::Stderr => None,
        }
    }

    fn written(self, output: &Output) -> Option<u64> {
        match self {
            Self::Stdout => Some(output.stdout_bytes),
            Self::Stderr => Some(output.stderr_bytes),
            _ => None,
        }
    }
}

/// How much an execution used.
///
/// # Errors
/// Where it is unknown: one sentence says why.
pub fn used(run: &Run, execution: &Execution, resource: Resource) -> Result<u64, String> {
    let counted = execution.usage.as_ref().and_then(|usage| resource.counted(usage));
    let written = || execution.output.as_ref().and_then(|output| resource.written(output));
    // Where nothing came through the runner's streams, nobody who shares them wrote anything.
    let nobody = || run.output.as_ref().and_then(|output| resource.written(output)).filter(|bytes| *bytes == 0);
    counted.or_else(written).or_else(nobody).ok_or_else(|| reason(run, execution, resource))
}

/// The value as people read it.
pub fn text(resource: Resource, value: u64) -> String {
    resource.unit().text(value as f64)
}

fn reason(run: &Run, execution: &Execution, resource: Resource) -> String {
    let output = matches!(resource, Resource::Stdout | Resource::Stderr);
    let kind = execution.outcome.as_ref().map(|outcome| outcome.kind);
    match resource {
        _ if kind.is_none() => "Known when it has ended.",
        _ if output && run.output.is_none() => "Known when the run has ended.",
        _ if kind == Some(OutcomeKind::CouldNotStart) => "It could not start.",
        _ if output => "It shares this stream with others, who wrote something: see the runner's output.",
        _ if kind == Some(OutcomeKind::Lost) => "It was lost with its process, and so was what the system had counted.",
        _ if execution.stamps.get(Stage::LaunchCalled).is_none() => "It was never launched.",
        Resource::Migrations => return no_slices(run),
        Resource::PeakMemory if run.mode.is_threaded() || execution.pid == run.runner_pid => {
            "It shares its memory with others: the run's peak is in the table."
        }
        _ => "The system does not tell.",
    }
    .to_owned()
}

/// Why a run has no slices.
pub fn no_slices(run: &Run) -> String {
    run.slices_note.clone().unwrap_or_else(|| match run.slices.is_empty() {
        true => "This run has no slices; measure slices to know.".to_owned(),
        false => "It has no slices of its own.".to_owned(),
    })
}

/// The sum over all executions of a run; absent unless it is known of each. Output is the whole run's, with what was
/// written to shared streams. Peaks can't be added, so they have no sum.
pub fn total(run: &Run, resource: Resource) -> Option<u64> {
    if resource == Resource::PeakMemory {
        return None;
    }
    if let Some(shared) = run.output.as_ref().and_then(|output| resource.written(output)) {
        let own = run.executions.iter().filter_map(|execution| resource.written(execution.output.as_ref()?));
        return Some(shared + own.sum::<u64>());
    }
    let counted = |execution: &Execution| resource.counted(execution.usage.as_ref()?);
    run.executions.iter().map(counted).sum()
}

/// The most processes and the most threads that were alive at once in the runner's tree, by the kernel's records.
pub fn most_alive(run: &Run) -> Option<(u32, u32)> {
    let processes = run.alive.iter().map(|alive| alive.processes).max()?;
    Some((processes, run.alive.iter().map(|alive| alive.threads).max()?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Builder;
    use model::{
        Alive,
        LaunchMode::{Processes, Threads},
    };

    fn run(mode: model::LaunchMode) -> Run {
        let mut run = Builder::compare("t").makespans(mode, &[1.0]).build().runs.remove(0);
        for execution in &mut run.executions {
            let usage = Usage { user_ns: Some(1_000), migrations: Some(2), ..Usage::default() };
            execution.usage = Some(Box::new(usage));
        }
        run
    }

    #[test]
    fn what_is_unknown_has_a_reason_and_is_no_zero() {
        let mut run = run(Threads);
        let said = |run: &Run, resource| used(run, &run.executions[0], resource).expect_err("unknown");
        assert_eq!(used(&run, &run.executions[0], Resource::User), Ok(1_000));
        assert!(said(&run, Resource::PeakMemory).contains("shares its memory"));
        assert!(said(&run, Resource::MinorFaults).contains("does not tell"));
        assert!(said(&run, Resource::Stdout).contains("when the run has ended"));
        run.executions[0].usage = None;
        run.slices_note = Some("Switch records were refused.".to_owned());
        assert_eq!(said(&run, Resource::Migrations), "Switch records were refused.");
        run.executions[0].outcome = Some(model::Outcome::of(OutcomeKind::Lost));
        assert!(said(&run, Resource::User).contains("lost"));
        run.executions[0].outcome = None;
        assert!(said(&run, Resource::User).contains("has ended"));
    }

    #[test]
    fn output_is_known_where_it_is_ones_own_or_nobody_wrote() {
        let mut run = run(Processes);
        run.output = Some(Output::default());
        assert_eq!(used(&run, &run.executions[0], Resource::Stdout), Ok(0));
        run.output = Some(Output { stdout_bytes: 5, ..Output::default() });
        assert!(used(&run, &run.executions[0], Resource::Stdout).is_err());
        assert_eq!(used(&run, &run.executions[0], Resource::Stderr), Ok(0));
        run.executions[0].output = Some(Box::new(Output { stdout_bytes: 7, ..Output::default() }));
        assert_eq!(used(&run, &run.executions[0], Resource::Stdout), Ok(7));
        assert_eq!((total(&run, Resource::Stdout), total(&run, Resource::Stderr)), (Some(12), Some(0)));
    }

    #[test]
    fn a_total_is_known_where_every_part_is() {
        let mut run = run(Processes);
        assert_eq!((total(&run, Resource::User), total(&run, Resource::Migrations)), (Some(4_000), Some(8)));
        run.executions[3].usage = None;
        assert_eq!((total(&run, Resource::User), total(&run, Resource::PeakMemory)), (None, None));
        assert_eq!(most_alive(&run), None);
        run.alive = vec![Alive { at_ns: 0, processes: 1, threads: 9 }, Alive { at_ns: 5, processes: 4, threads: 4 }];
        assert_eq!(most_alive(&run), Some((4, 9)));
    }
}
