//! Whether the numbers of a run that was read are possible: see [`MOST`].

use model::{
    Bin, Execution, MOST, MainMark, Member, Output, OwnWork, Run, Sending, SliceEntry, Stage, State, States, Usage,
};

/// Checks that no number of a run is too large, and that no bin ends before it begins. Stamps may be out of order, with all
/// that follows from that: the program shows it.
///
/// # Errors
/// The first wrong number, in words.
pub fn check(run: &Run) -> Result<(), String> {
    if let Some(number) = numbers(run).find(|number| *number > MOST) {
        return Err(format!("the number {number} is beyond the most there can be, {MOST}"));
    }
    match bins(run).find(|bin| bin.from_ns > bin.to_ns) {
        Some(bin) => {
            Err(format!("a look at an execution begins at {} and ends before it, at {}", bin.from_ns, bin.to_ns))
        }
        None => Ok(()),
    }
}

fn bins(run: &Run) -> impl Iterator<Item = &Bin> {
    run.profiles.iter().flat_map(|profile| &profile.bins)
}

fn numbers(run: &Run) -> impl Iterator<Item = u64> {
    let end = run.end.iter().flat_map(|end| [end.ended_ns, end.peak_memory_bytes, end.host_cpu_ns]);
    let samples = run.cores.iter().flat_map(|sample| [sample.from_ns, sample.to_ns]).map(i64::unsigned_abs);
    let bins = bins(run).flat_map(|bin| bin.in_state_ns);
    let whole = [run.makespan_ns].into_iter().chain(end).flatten().chain(samples).chain(bins);
    let alive = run.alive.iter().map(|alive| alive.at_ns);
    let of_run = whole.chain(alive).chain(run.output.iter().flat_map(of_output)).chain(run.own.iter().flat_map(of_own));
    let of_members = run.members.iter().flat_map(of_member);
    let bounds = stretches(run).flat_map(|(from, to)| [from, to]);
    of_run.chain(of_members).chain(bounds).chain(run.executions.iter().flat_map(of_execution))
}

/// All intervals that are given by both ends.
fn stretches(run: &Run) -> impl Iterator<Item = (u64, u64)> {
    let marks = run.marks.iter().chain(&run.main).map(|MainMark { from_ns, to_ns, .. }| (*from_ns, *to_ns));
    let bins = bins(run).map(|bin| (bin.from_ns, bin.to_ns));
    let slices = run.executions.iter().flat_map(|execution| &execution.slices).chain(&run.other_slices);
    marks.chain(bins).chain(slices.map(|SliceEntry { from_ns, to_ns, .. }| (*from_ns, *to_ns)))
}

fn of_execution(execution: &Execution) -> impl Iterator<Item = u64> {
    let stamps = Stage::ALL.into_iter().filter_map(|stage| execution.stamps.get(stage));
    let used = execution.usage.iter().flat_map(|usage| of_usage(usage));
    let sent = execution.sending.iter().flat_map(|sending| of_sending(sending));
    let own = execution.own.iter().flat_map(|own| of_own(own));
    let did = execution.states.iter().flat_map(|states| of_states(states)).chain(own);
    let wrote = execution.output.iter().flat_map(|output| of_output(output));
    let members = execution.members.iter().flat_map(of_member);
    stamps.chain(execution.stamps.join_called()).chain(used).chain(sent).chain(did).chain(wrote).chain(members)
}

fn of_usage(usage: &Usage) -> impl Iterator<Item = u64> + use<> {
    let Usage { user_ns, system_ns, voluntary_switches, involuntary_switches, .. } = *usage;
    let Usage { minor_faults, major_faults, max_rss_bytes, .. } = *usage;
    let times = [user_ns, system_ns, voluntary_switches, involuntary_switches];
    times.into_iter().chain([minor_faults, major_faults, max_rss_bytes]).flatten()
}

fn of_sending(sending: &Sending) -> impl Iterator<Item = u64> + use<> {
    let spans = [sending.pickled, sending.unpickled, sending.result_pickled, sending.result_unpickled];
    let ends = spans.into_iter().flatten().flat_map(|span| [span.from_ns, span.to_ns]);
    let bytes = [sending.argument_bytes, sending.result_bytes];
    ends.chain(bytes.into_iter().chain([sending.worker_ready_ns, sending.worker_free_ns]).flatten())
}

fn of_states(states: &States) -> impl Iterator<Item = u64> + use<> {
    let all = State::ALL.map(|state| states.get(state).unwrap_or(0));
    all.into_iter().chain([states.blocked_ns])
}

fn of_own(own: &OwnWork) -> [u64; 3] {
    [own.on_cpu_ns, own.runnable_ns, own.spun_ns]
}

fn of_member(member: &Member) -> impl Iterator<Item = u64> + use<> {
    let life = [Some(member.born_ns), member.ended_ns, member.max_rss_bytes, Some(member.spun_ns)];
    life.into_iter().flatten().chain(of_states(&member.states))
}

fn of_output(output: &Output) -> [u64; 2] {
    [output.stdout_bytes, output.stderr_bytes]
}
