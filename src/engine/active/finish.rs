//! The end of a run: the last events, and the result.

use super::ActiveRun;
use crate::{emitter::Emitter, memory, not_started, orphans, outcome::RunnerEnd};
use model::{Event, Execution, Outcome, OutcomeKind, OwnWork, RunEnd, RunEvent, Stage};

/// If the runner's other threads used a smaller share of their CPU time than this on uncounted work, it was their
/// starting and ending.
const LEAST_BESIDE: f64 = 0.1;

/// The result of a run.
#[derive(Clone, Debug)]
pub struct Finished {
    /// From the origin to the last join, if every execution succeeded.
    pub makespan_ns: Option<u64>,
    /// Otherwise the first execution that did not succeed, and how it ended.
    pub failure: Option<Failure>,
}

/// The first execution of a run that did not succeed.
#[derive(Clone, Debug)]
pub struct Failure {
    /// `count #2: timed out: …`
    pub words: String,
    /// Whether it, or the run, was ended for taking too long.
    pub too_long: bool,
}

impl ActiveRun {
    /// The runner has ended: emits the last events and returns the result of the run.
    ///
    /// # Errors
    /// Why the experiment can't go on.
    pub fn finish(mut self, emitter: &mut Emitter) -> Result<Finished, String> {
        let cost = self.hear_rest(emitter);
        let Self { id, folder, runner, observer, ending, said, in_threads, .. } = self;
        let mut tell = |event| emitter.push(Event::Run(id, event));
        let (end, output, left_by_guard) = runner.finish();
        let why_not = match ending.fatal() {
            Some(why) => Some(why.to_owned()),
            None => (!ending.is_greeted()).then(|| not_started::no_hello(&end, &output.stderr_tail)),
        };
        let mut observed = observer.finish(&end, why_not.as_deref().filter(|_| !ending.is_stopped()));
        std::mem::take(&mut observed.events).into_iter().for_each(&mut tell);
        if let Some(why) = why_not {
            return Err(why);
        }
        tell(RunEvent::Output(output));
        let beside_ns = said.cpu_beside_ns.filter(|_| in_threads);
        if let Some(own) = beside_ns.and_then(|beside_ns| beside(beside_ns, observed.clocked_ns()?)) {
            tell(RunEvent::Members { members: Vec::new(), own });
        }
        let complete = said.bye && !ending.is_stopped();
        let mut left = said.left.of_run(complete, &folder.slots, left_by_guard);
        observed.name_starters(&mut left);
        let executions = observed.executions();
        let end = RunEnd {
            complete,
            states_note: observed.states_note(),
            message: (!complete).then(|| message_of(&end, ending.is_stopped())),
            peak_memory_bytes: said.rss_bytes.map(|bytes| memory::peak_of_tree(bytes, executions)),
            left,
            ..cost
        };
        let last_join = executions.iter().filter_map(|execution| execution.stamps.get(Stage::Joined)).max();
        let makespan_ns = last_join.filter(|_| complete);
        tell(RunEvent::Ended { makespan_ns, end });
        let failed = executions.iter().find(|execution| execution.failed());
        if failed.is_some() {
            // A runner or an execution that was killed could not remove its temporary files.
            orphans::sweep();
        }
        let failure = failed.map(|execution| failure(execution, ending.was_too_long()));
        Ok(Finished { makespan_ns: makespan_ns.filter(|_| failure.is_none()), failure })
    }

    /// Takes in the last texts of the runner and its children. Returns when the run ended and what it took of the
    /// machine.
    fn hear_rest(&mut self, emitter: &mut Emitter) -> RunEnd {
        let now_ns = os::monotonic_ns();
        let ended_ns = self.observer.origin_ns().map(|origin_ns| now_ns.saturating_sub(origin_ns).max(0) as u64);
        // Read now, before a core has time to cool down.
        let conditions = self.before.until_now();
        self.texts.finish();
        while let Ok(text) = self.texts.inbox.try_recv() {
            self.hear(text, emitter);
        }
        let wall_ns = (os::monotonic_ns() - self.started_ns).max(1) as f64;
        let host_cpu_ns = os::process_cpu_ns().saturating_sub(self.host_cpu_before_ns);
        let host_share = host_cpu_ns as f64 / (wall_ns * f64::from(self.cores.max(1)));
        RunEnd {
            ended_ns,
            host_cpu_ns: Some(host_cpu_ns),
            host_share: Some(host_share),
            conditions,
            ..RunEnd::default()
        }
    }
}

fn failure(execution: &Execution, run_too_long: bool) -> Failure {
    let outcome = execution.outcome.as_ref();
    Failure {
        words: format!("{}: {}", execution.label(), outcome.map(Outcome::sentence).unwrap_or_default()),
        too_long: run_too_long || outcome.is_some_and(|outcome| outcome.kind == OutcomeKind::TimedOut),
    }
}

/// Without switch records only the clocks tell how much CPU time the executions' own threads and processes used: what
/// remains after the executions' own.
fn beside(beside_ns: u64, clocked_ns: u64) -> Option<OwnWork> {
    let on_cpu_ns = beside_ns.saturating_sub(clocked_ns);
    (on_cpu_ns as f64 >= LEAST_BESIDE * beside_ns as f64).then(|| OwnWork { on_cpu_ns, ..OwnWork::default() })
}

fn message_of(end: &RunnerEnd, stopped: bool) -> String {
    match (stopped, &end.reason) {
        (true, _) => "stopped by the user".to_owned(),
        (false, Some(reason)) => reason.clone(),
        (false, None) => {
            format!("the runner's process ended early ({}), and all that ran in it", not_started::how(end))
        }
    }
}
