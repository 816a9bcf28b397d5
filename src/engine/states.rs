//! The states of one execution: exact totals from its slot; from looks, on what it was blocked.

use super::tracing::Totals;
use model::{BlockedOn, BlockedTotals, Stage, State, States};
use protocol::slots::{Before, Slot, Word};

/// If launching a fresh thread took no longer than this, Python's runner assumes that the thread did not wait for a CPU
/// before *entered*: reading the run-queue clock can cost the GIL.
const NOT_ASKED_NS: i64 = 250_000;

/// The least part of an execution that looks must cover if its totals are taken from them.
const ENOUGH: f64 = 0.9;

/// What an execution's own clocks say, in nanoseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Clocks {
    on_cpu_ns: Option<u64>,
    ready_ns: Option<u64>,
    /// Whether `ready_ns` may include time ready before *entered*.
    all_ready: bool,
    /// For a program, whose clocks are read from outside: what they leave out.
    left_out: Option<Before>,
    /// For a program: user and system time of its whole life, if only its first thread used any.
    life_ns: Option<u64>,
}

impl Clocks {
    /// The clocks in a slot. `fresh_python` says that Python's runner wrote it, in a thread made for this execution.
    pub fn of(slot: Slot<'_>, fresh_python: bool, program: bool) -> Self {
        let launching_ns = slot.stage(Stage::Entered).saturating_sub(slot.stage(Stage::LaunchCalled));
        Self {
            on_cpu_ns: slot.counted(Word::OnCpuNs),
            ready_ns: slot.counted(Word::RunnableNs),
            all_ready: fresh_python && launching_ns <= NOT_ASKED_NS,
            left_out: program.then(|| Before::of(slot.word(Word::Result))),
            life_ns: None,
        }
    }

    /// The program started no other threads or processes: its usage is that of its first thread.
    pub fn alone(self, slot: Slot<'_>) -> Self {
        let life_ns = slot.counted(Word::UserNs).zip(slot.counted(Word::SystemNs)).map(|(user, system)| user + system);
        Self { life_ns: life_ns.filter(|_| self.left_out.is_some()), ..self }
    }

    /// Time on a CPU and time ready, if both are known, from these clocks and from slices. Slices know what happened
    /// before *entered*. They know that a thread taken off its CPU was ready until it was put on one again, and that a
    /// thread that gave its CPU away was ready for a part of that time at most. They contain all the time on a core;
    /// the thread's own clock leaves out what interrupts and the hypervisor took. Only a program's clock knows how long
    /// its exit took.
    pub fn merged(self, slices: Option<Totals>) -> Option<(u64, u64)> {
        let Some(slices) = slices.filter(|totals| totals.complete) else { return self.on_cpu_ns.zip(self.ready_ns) };
        let left_out = self.left_out.unwrap_or_default();
        let whole =
            |ns: Option<u64>, before: u64, known_before: u64| ns.map(|ns| (ns + before).saturating_sub(known_before));
        let end_ns = self.left_out.map_or(0, |_| {
            let life_ns = self.life_ns.max(self.on_cpu_ns.map(|ns| ns + left_out.on_cpu_ns));
            life_ns.map_or(0, |ns| slices.end_on_cpu_ns(ns))
        });
        let on_cpu = slices.on_cpu_ns + end_ns;
        let known_before = match self.left_out {
            // Its clock includes its waits for a CPU until then, except one still in progress. Before its image is in
            // place, what blocks a program is being moved to another core, for which it then waits.
            Some(before) => (before.ready_ns + slices.off_at_entered_ns)
                .clamp(slices.ready_before_ns, slices.ready_before_ns + slices.given_away_before_ns),
            None if self.all_ready => slices.ready_before_ns,
            None => 0,
        };
        let ready = whole(self.ready_ns, left_out.ready_ns, known_before).unwrap_or(0);
        let most = slices.preempted_ns + slices.given_away_ns.saturating_sub(end_ns);
        Some((on_cpu, ready.clamp(slices.preempted_ns, most)))
    }
}

/// What an execution did in the `wall_ns` between *entered* and *left*. `seen` is the time in each state by the looks;
/// `exact` is the time on a CPU and the time ready, by its own clocks. Absent if there are neither clocks nor enough
/// looks.
pub fn states_of(seen: Option<&[u64; State::COUNT]>, exact: Option<(u64, u64)>, wall_ns: u64) -> Option<States> {
    let seen = seen.filter(|seen| seen.iter().sum::<u64>() > 0);
    let (on_cpu_ns, ready_ns) = exact.or_else(|| from_looks(seen?, wall_ns))?;
    let on_cpu_ns = on_cpu_ns.min(wall_ns);
    let runnable_ns = ready_ns.min(wall_ns - on_cpu_ns);
    let blocked_ns = wall_ns - on_cpu_ns - runnable_ns;
    let blocked_on = seen.map(|seen| blocked_on(seen, blocked_ns, wall_ns));
    Some(States { on_cpu_ns, runnable_ns, blocked_ns, blocked_on })
}

/// The same states, with their time blocked divided in these proportions.
pub fn in_proportion(states: States, blocked_ns: [u64; BlockedOn::COUNT]) -> States {
    States { blocked_on: Some(BlockedTotals::of(scaled(blocked_ns, states.blocked_ns))), ..states }
}

/// Time on a CPU and ready, scaled up to the whole time.
fn from_looks(seen: &[u64; State::COUNT], wall_ns: u64) -> Option<(u64, u64)> {
    let covered: u64 = seen.iter().sum();
    let stretch = |ns: u64| (u128::from(ns) * u128::from(wall_ns) / u128::from(covered)) as u64;
    let (on_cpu, ready) = (seen[State::OnCpu.index()], seen[State::Ready.index()]);
    (covered as f64 >= wall_ns as f64 * ENOUGH).then(|| (stretch(on_cpu), stretch(ready)))
}

/// On what it was blocked, adding up to `blocked_ns`. Time blocked that no look may have covered is *other*.
fn blocked_on(seen: &[u64; State::COUNT], blocked_ns: u64, wall_ns: u64) -> BlockedTotals {
    let kinds = BlockedOn::ALL.map(|on| seen[State::Blocked(on).index()]);
    let not_looked_at = wall_ns.saturating_sub(seen.iter().sum());
    let unseen = blocked_ns.saturating_sub(kinds.iter().sum()).min(not_looked_at);
    let mut totals = scaled(kinds, blocked_ns - unseen);
    totals[BlockedOn::Other as usize] += unseen;
    BlockedTotals::of(totals)
}

/// The same proportions, adding up to `whole`; the rounding remainder goes to the largest. Without proportions all is
/// *other*.
fn scaled(parts: [u64; BlockedOn::COUNT], whole: u64) -> [u64; BlockedOn::COUNT] {
    let sum: u128 = parts.iter().map(|part| u128::from(*part)).sum();
    if sum == 0 {
        return BlockedOn::ALL.map(|on| if on == BlockedOn::Other { whole } else { 0 });
    }
    let mut scaled = parts.map(|part| (u128::from(part) * u128::from(whole) / sum) as u64);
    let left = whole - scaled.iter().sum::<u64>();
    if let Some(largest) = scaled.iter_mut().max() {
        *largest += left;
    }
    scaled
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn its_own_clocks_come_first_and_always_add_up() {
        let seen = [400, 100, 300, 100, 0, 0, 0, 0];
        let states = states_of(Some(&seen), Some((450, 50)), 1000).expect("known");
        assert_eq!((states.on_cpu_ns, states.runnable_ns, states.blocked_ns), (450, 50, 500));
        // The looks saw 400 blocked; the other 100 were not covered.
        let totals = BlockedTotals { gil_ns: 300, lock_ns: 100, other_ns: 100, ..BlockedTotals::default() };
        assert_eq!(states.blocked_on, Some(totals));
        let states = states_of(None, Some((900, 300)), 1000).expect("known");
        assert_eq!((states.on_cpu_ns, states.runnable_ns, states.blocked_ns, states.blocked_on), (900, 100, 0, None));
    }

    #[test]
    fn slices_say_what_was_before_and_hold_all_time_on_a_core() {
        let clocks = Clocks { on_cpu_ns: Some(90), ready_ns: Some(40), all_ready: true, ..Clocks::default() };
        let totals = |complete| Totals {
            on_cpu_ns: 95,
            preempted_ns: 10,
            given_away_ns: 20,
            ready_before_ns: 25,
            complete,
            ..Totals::default()
        };
        assert_eq!(clocks.merged(Some(totals(true))), Some((95, 15)));
        assert_eq!(Clocks { all_ready: false, ..clocks }.merged(Some(totals(true))), Some((95, 30)));
        assert_eq!(Clocks { ready_ns: None, ..clocks }.merged(Some(totals(true))), Some((95, 10)));
        assert_eq!(clocks.merged(Some(totals(false))), Some((90, 40)));
        assert_eq!(Clocks { ready_ns: None, ..clocks }.merged(None), None);
        // A program: the launcher estimates that its clocks leave out 30 and 6 before it entered; slices know of 22 and
        // 25.
        let left_out = Some(Before { on_cpu_ns: 30, ready_ns: 6 });
        let totals = Totals { life_ns: 95 + 22, end_seen_ns: (100, 108), given_away_before_ns: 1, ..totals(true) };
        let program = Clocks { left_out, all_ready: false, ..clocks };
        assert_eq!(program.merged(Some(totals)), Some((98, 21)));
        assert_eq!(Clocks { life_ns: Some(122), ..program }.merged(Some(totals)), Some((100, 21)));
        // It was gone before it was seen to have entered.
        let gone = Totals { end_seen_ns: (104, 108), ended_before_ns: 2, ..totals };
        assert_eq!(program.merged(Some(gone)), Some((96, 21)));
    }

    #[test]
    fn kinds_are_scaled_to_the_exact_time_blocked() {
        let seen = [100, 0, 200, 100, 0, 0, 0, 0];
        let totals = |exact| states_of(Some(&seen), Some((exact, 0)), 400).expect("known").blocked_on.expect("looks");
        assert_eq!(totals(250), BlockedTotals { gil_ns: 100, lock_ns: 50, ..BlockedTotals::default() });
        assert_eq!(totals(40), BlockedTotals { gil_ns: 240, lock_ns: 120, ..BlockedTotals::default() });
        let asleep_unseen = states_of(Some(&[100, 0, 0, 0, 0, 0, 0, 0]), Some((60, 0)), 100).expect("known");
        assert_eq!(asleep_unseen.blocked_on.expect("looks").other_ns, 40);
    }

    #[test]
    fn without_clocks_looks_must_cover_nearly_all() {
        let seen = [450, 0, 450, 0, 0, 0, 0, 0];
        assert_eq!(states_of(Some(&seen), None, 1001), None);
        let states = states_of(Some(&seen), None, 1000).expect("enough");
        assert_eq!((states.on_cpu_ns, states.runnable_ns, states.blocked_ns), (500, 0, 500));
        let totals = states.blocked_on.expect("looks");
        assert_eq!((totals.gil_ns, totals.other_ns), (450, 50));
        assert_eq!(states_of(Some(&[0; State::COUNT]), None, 0), None);
    }
}
