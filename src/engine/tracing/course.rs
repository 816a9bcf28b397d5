//! What one execution did in its target, from its slices: on a CPU, ready after it was taken off one, otherwise
//! blocked.

use super::members::Stretches;
use model::{Bin, BlockedOn, State};
use std::collections::VecDeque;

/// How long looks are kept after their end: as long as a stretch may wait for its look.
const LOOKS_KEPT_NS: u64 = 2_000_000_000;

/// What an execution did in its target, from its slices, in nanoseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// On a CPU.
    pub on_cpu_ns: u64,
    /// Off its CPU although it could go on, until it was put on one again. The wait for a CPU after being blocked is
    /// not included.
    pub preempted_ns: u64,
    /// Off its CPU because it gave it away: blocked, and then perhaps ready.
    pub given_away_ns: u64,
    /// In all its slices, including those outside the target.
    pub life_ns: u64,
    /// The part of its time in the target after its thread was reported to have ended, since the origin.
    pub end_seen_ns: (u64, u64),
    /// How long it ended before it was seen to have entered.
    pub ended_before_ns: u64,
    /// Time before it entered and after it had given its CPU away.
    pub given_away_before_ns: u64,
    /// Time ready before it entered: after its thread was made, and after it was taken off a CPU.
    pub ready_before_ns: u64,
    /// If it was off its CPU when it entered: for how long by then.
    pub off_at_entered_ns: u64,
    /// How often it continued on another core.
    pub migrations: u32,
    /// Whether its whole time in the target is known.
    pub complete: bool,
}

impl Totals {
    /// How long the exit of its thread took on a CPU while it counted as in its target, if its whole life took
    /// `life_ns` on a CPU. No record covers the exit: it follows the last one.
    pub fn end_on_cpu_ns(&self, life_ns: u64) -> u64 {
        let end_ns = life_ns.saturating_sub(self.life_ns).saturating_sub(self.ended_before_ns);
        end_ns.min(self.end_seen_ns.1 - self.end_seen_ns.0)
    }
}

/// The course of one execution. Instants are nanoseconds since the run's origin.
#[derive(Debug, Default)]
pub struct Course {
    entered_ns: Option<u64>,
    left_ns: Option<u64>,
    /// Everything before this is in `bins` or was given out.
    cursor_ns: u64,
    /// Whether it could go on when it was last taken off its CPU.
    preempted: bool,
    core: Option<u32>,
    /// The end of its last slice; before the first slice, when its thread was made.
    last_ns: Option<u64>,
    /// Whether its thread was ever on a core.
    ran: bool,
    /// What is added up as slices arrive; the rest is computed on demand.
    counted: Totals,
    /// When its thread ended.
    ended_ns: Option<u64>,
    bins: VecDeque<Bin>,
    given_out: bool,
    looks: VecDeque<Bin>,
    kind: Option<BlockedOn>,
    /// The time blocked that was given out, by what it was blocked on.
    blocked_ns: [u64; BlockedOn::COUNT],
}

impl Course {
    /// Its thread was made at this instant.
    pub fn born(&mut self, at_ns: u64) {
        self.last_ns.get_or_insert(at_ns);
        self.preempted |= !self.ran;
    }

    /// What is known about its stamps so far.
    pub fn stamped(&mut self, entered_ns: Option<u64>, left_ns: Option<u64>) {
        if let (None, Some(entered)) = (self.entered_ns, entered_ns) {
            self.entered_ns = Some(entered);
            self.cursor_ns = entered;
        }
        self.left_ns = left_ns;
        self.fill_end();
    }

    /// It was on a core; slices come in order.
    pub fn slice(&mut self, from_ns: u64, to_ns: u64, core: u32, preempted: bool) {
        self.counted.migrations += u32::from(self.core.is_some_and(|before| before != core));
        self.core = Some(core);
        let (entered, left) = (self.entered_ns.unwrap_or(u64::MAX), self.left_ns.unwrap_or(u64::MAX));
        self.counted.life_ns += to_ns.saturating_sub(from_ns);
        if let Some(last) = self.last_ns {
            let before =
                if self.preempted { &mut self.counted.ready_before_ns } else { &mut self.counted.given_away_before_ns };
            *before += from_ns.min(entered).saturating_sub(last);
            if (last..from_ns).contains(&entered) {
                self.counted.off_at_entered_ns = entered - last;
            }
        }
        if to_ns > entered {
            self.fill_gap(from_ns.min(left));
            let (from, to) = (from_ns.max(self.cursor_ns), to_ns.min(left));
            if to > from {
                self.counted.on_cpu_ns += to - from;
                self.push(from, to, State::OnCpu);
                self.cursor_ns = to;
            }
        }
        (self.last_ns, self.preempted, self.ran) = (Some(to_ns), preempted, true);
    }

    /// It was off its CPU from the end of its last slice until this instant.
    fn fill_gap(&mut self, to_ns: u64) {
        if to_ns > self.cursor_ns {
            let length = to_ns - self.cursor_ns;
            let state = if self.preempted { State::Ready } else { State::Blocked(BlockedOn::Other) };
            *(if self.preempted { &mut self.counted.preempted_ns } else { &mut self.counted.given_away_ns }) += length;
            self.push(self.cursor_ns, to_ns, state);
            self.cursor_ns = to_ns;
        }
    }

    /// Its thread has ended. A program does not stamp by itself; the host sees only later that it has left.
    pub fn ended(&mut self) {
        self.ended_ns = self.last_ns;
        self.fill_end();
    }

    fn fill_end(&mut self) {
        if let (true, Some(left)) = (self.ended_ns.is_some() && self.entered_ns.is_some(), self.left_ns) {
            self.fill_gap(left);
        }
    }

    /// What it did, as far as it is known by now.
    pub fn totals(&self) -> Totals {
        let complete = self.is_complete();
        let (Some(entered), Some(left), Some(ended)) = (self.entered_ns, self.left_ns, self.ended_ns) else {
            return Totals { complete, ..self.counted };
        };
        let end_seen_ns = (ended.clamp(entered, left.max(entered)), left.max(entered));
        Totals { complete, end_seen_ns, ended_before_ns: entered.saturating_sub(ended), ..self.counted }
    }

    /// No slice of it came until this instant: it is still off its CPU.
    pub fn still(&mut self, until_ns: u64) {
        if self.ran && self.entered_ns.is_some() && self.ended_ns.is_none() {
            self.fill_gap(until_ns.min(self.left_ns.unwrap_or(u64::MAX)));
        }
    }

    fn push(&mut self, from_ns: u64, to_ns: u64, state: State) {
        self.bins.push_back(in_one_state(from_ns, to_ns, state));
    }

    /// A look at it, which says on what it was blocked.
    pub fn look(&mut self, bin: Bin) {
        while self.looks.front().is_some_and(|first| first.to_ns.saturating_add(LOOKS_KEPT_NS) < bin.to_ns) {
            self.looks.pop_front();
        }
        self.looks.push_back(bin);
    }

    /// Whether its whole time in the target is known.
    pub fn is_complete(&self) -> bool {
        self.left_ns.is_some_and(|left| self.entered_ns.is_some() && self.cursor_ns >= left)
    }

    /// When it left its target, if known.
    pub fn left_ns(&self) -> Option<u64> {
        self.left_ns
    }

    /// On what it was blocked, in nanoseconds by [`BlockedOn`], over the stretches given out; only if it waited for its
    /// own threads and processes in some of them.
    pub fn blocked_with_own_ns(&self) -> Option<[u64; BlockedOn::COUNT]> {
        (self.blocked_ns[BlockedOn::Own as usize] > 0).then_some(self.blocked_ns)
    }

    /// Gives out the stretches that ended before an instant; `worked` is when its own threads and processes worked.
    pub fn give_out(&mut self, before_ns: u64, worked: Option<&Stretches>, mut each: impl FnMut(Bin)) {
        if self.says_nothing() {
            self.bins.clear();
        }
        while let Some(bin) = self.bins.pop_front_if(|bin| bin.to_ns <= before_ns) {
            self.given_out = true;
            if bin.in_state_ns[State::Blocked(BlockedOn::Other).index()] == 0 {
                each(bin);
                continue;
            }
            let kind = self.kind_of(&bin);
            let worked = worked.filter(|_| !matches!(kind, BlockedOn::Gil | BlockedOn::Sleep));
            let waited_to_ns = worked.map_or(bin.to_ns, |_| self.waits_until(bin.to_ns));
            let mut piece = |from_ns: u64, to_ns: u64, own: bool| {
                let on = if own { BlockedOn::Own } else { kind };
                self.blocked_ns[on as usize] += to_ns - from_ns;
                each(in_one_state(from_ns, to_ns, State::Blocked(on)));
            };
            match worked {
                Some(worked) if is_one_wait(kind) && worked.are_much_of(bin.from_ns, waited_to_ns) => {
                    let last_ns = worked.last_before(waited_to_ns).clamp(bin.from_ns, bin.to_ns);
                    [(bin.from_ns, last_ns, true), (last_ns, bin.to_ns, false)]
                        .into_iter()
                        .filter(|(from_ns, to_ns, _)| from_ns < to_ns)
                        .for_each(|(from_ns, to_ns, own)| piece(from_ns, to_ns, own));
                }
                Some(worked) => worked.cut(bin.from_ns, bin.to_ns, piece),
                None => piece(bin.from_ns, bin.to_ns, false),
            }
        }
    }

    /// If it is blocked until `from_ns`: until when it stays blocked, as far as that is known by now.
    fn waits_until(&self, from_ns: u64) -> u64 {
        let blocked = |bin: &&Bin| bin.in_state_ns[State::Blocked(BlockedOn::Other).index()] > 0;
        self.bins.iter().take_while(blocked).last().map_or(from_ns, |bin| bin.to_ns)
    }

    /// Whether everything is known and nothing needs to be given out or reported: it was on a CPU throughout.
    pub fn is_settled(&self) -> bool {
        self.is_complete() && (self.bins.is_empty() || self.says_nothing())
    }

    /// An execution that was on a CPU throughout needs no stretches.
    fn says_nothing(&self) -> bool {
        !self.given_out && self.bins.len() == 1 && self.is_complete() && self.counted.on_cpu_ns > 0
    }

    /// Whether nothing waits to be given out.
    pub fn is_empty(&self) -> bool {
        self.bins.is_empty()
    }

    /// On what it was blocked by the looks near the stretch, or else by the last looks before; *own* is not carried
    /// over from those.
    fn kind_of(&mut self, bin: &Bin) -> BlockedOn {
        let seen = self.kind_between(bin.from_ns, bin.to_ns);
        let before = self.kind.filter(|kind| *kind != BlockedOn::Own);
        self.kind = seen.or(before);
        self.kind.unwrap_or(BlockedOn::Other)
    }

    /// On what it was blocked for longest in the looks that overlap a stretch.
    fn kind_between(&self, from_ns: u64, to_ns: u64) -> Option<BlockedOn> {
        let touching = self.looks.iter().filter(|look| look.to_ns > from_ns && look.from_ns < to_ns);
        let mut sums = [0; BlockedOn::COUNT];
        for look in touching {
            BlockedOn::ALL.into_iter().for_each(|on| sums[on as usize] += look.in_state_ns[State::Blocked(on).index()]);
        }
        let most = BlockedOn::ALL.into_iter().max_by_key(|on| sums[*on as usize]);
        most.filter(|on| sums[*on as usize] > 0)
    }
}

/// A thread that the kernel blocks for a lock (also in a join) waits for one thing from beginning to end. A thread that
/// reads may get data from elsewhere while its own members work.
fn is_one_wait(kind: BlockedOn) -> bool {
    matches!(kind, BlockedOn::Lock | BlockedOn::Other)
}

fn in_one_state(from_ns: u64, to_ns: u64, state: State) -> Bin {
    let mut in_state_ns = [0; State::COUNT];
    in_state_ns[state.index()] = to_ns - from_ns;
    Bin { from_ns, to_ns, in_state_ns }
}

#[cfg(test)]
mod tests {
    use super::super::members::Members;
    use super::*;
    use os::Birth;

    fn given(course: &mut Course) -> Vec<(u64, u64, State)> {
        let mut out = Vec::new();
        course.give_out(u64::MAX, None, |bin| {
            let state = State::ALL.into_iter().find(|state| bin.in_state_ns[state.index()] > 0).expect("a state");
            assert_eq!(bin.in_state_ns.iter().sum::<u64>(), bin.to_ns - bin.from_ns);
            out.push((bin.from_ns, bin.to_ns, state));
        });
        out
    }

    #[test]
    fn slices_become_states_between_entered_and_left() {
        let mut course = Course::default();
        course.born(5);
        course.slice(10, 15, 0, true);
        course.stamped(Some(30), None);
        course.slice(25, 40, 0, true);
        course.slice(50, 60, 1, false);
        course.slice(90, 120, 1, false);
        let sleep = State::Blocked(BlockedOn::Sleep).index();
        let mut in_state_ns = [0; State::COUNT];
        in_state_ns[sleep] = 20;
        course.look(Bin { from_ns: 55, to_ns: 85, in_state_ns });
        course.stamped(Some(30), Some(110));
        let totals = course.totals();
        assert_eq!((totals.on_cpu_ns, totals.preempted_ns, totals.ready_before_ns), (10 + 10 + 30, 10, 5 + 10));
        assert_eq!(totals.migrations, 1);
        let asleep = State::Blocked(BlockedOn::Sleep);
        let mut expected = vec![
            (30, 40, State::OnCpu),
            (40, 50, State::Ready),
            (50, 60, State::OnCpu),
            (60, 90, asleep),
            (90, 120, State::OnCpu),
        ];
        assert_eq!(given(&mut course), expected);
        // When its end is already known, the last stretch is cut there.
        let mut course = Course::default();
        course.stamped(Some(30), Some(110));
        course.slice(25, 40, 0, true);
        course.slice(90, 120, 0, false);
        expected = vec![(30, 40, State::OnCpu), (40, 90, State::Ready), (90, 110, State::OnCpu)];
        assert_eq!((given(&mut course), course.is_complete()), (expected, true));
    }

    #[test]
    fn one_that_is_seen_to_have_left_after_its_end_is_known_in_full() {
        let mut course = Course::default();
        course.stamped(Some(30), None);
        course.slice(25, 40, 0, false);
        course.ended();
        assert!(!course.is_complete());
        course.stamped(Some(30), Some(50));
        assert!(course.is_complete());
        let totals = course.totals();
        assert_eq!((totals.on_cpu_ns, totals.given_away_ns, totals.preempted_ns), (10, 10, 0));
        assert_eq!((totals.life_ns, totals.end_seen_ns, totals.ended_before_ns), (15, (40, 50), 0));
    }

    /// On what it was blocked in 100 ms, by the looks, while its own members worked for a part of the time.
    fn blocked_while_its_own_worked(looked: BlockedOn, worked_ms: u64) -> [u64; BlockedOn::COUNT] {
        let ms = 1_000_000;
        let mut members = Members::default();
        let birth = Birth { pid: 1, tid: 21, parent_pid: 1, parent_tid: 20 };
        members.slice(Some(7), (0, birth), 30 * ms, (30 + worked_ms) * ms, false);
        let mut course = Course::default();
        course.stamped(Some(0), Some(101 * ms));
        course.slice(0, ms, 0, false);
        // The stretch is given out in parts.
        course.still(40 * ms);
        course.slice(101 * ms, 102 * ms, 0, false);
        let mut in_state_ns = [0; State::COUNT];
        in_state_ns[State::Blocked(looked).index()] = ms;
        course.look(Bin { from_ns: 10 * ms, to_ns: 90 * ms, in_state_ns });
        course.give_out(u64::MAX, members.worked(7), |_| {});
        course.blocked_ns.map(|ns| ns / ms)
    }

    #[test]
    fn who_is_blocked_waits_for_its_own_while_these_cant_go_on() {
        let on = |looked, worked_ms, on| blocked_while_its_own_worked(looked, worked_ms)[on as usize];
        // Counted until their last work; afterwards it may wait for a CPU.
        assert_eq!(on(BlockedOn::Lock, 20, BlockedOn::Own), 49);
        assert_eq!(on(BlockedOn::Lock, 20, BlockedOn::Lock), 51);
        assert_eq!(on(BlockedOn::Other, 20, BlockedOn::Own), 49);
        // Its own members work only briefly, while another execution has what it waits for.
        assert_eq!(on(BlockedOn::Lock, 1, BlockedOn::Lock), 99);
        // It reads from elsewhere, sleeps or waits for the GIL.
        assert_eq!(on(BlockedOn::Io, 20, BlockedOn::Io), 80);
        assert_eq!(on(BlockedOn::Sleep, 20, BlockedOn::Sleep), 100);
        assert_eq!(on(BlockedOn::Gil, 20, BlockedOn::Gil), 100);
    }

    #[test]
    fn one_that_was_on_a_cpu_throughout_has_nothing_to_say() {
        let mut course = Course::default();
        course.stamped(Some(30), Some(50));
        course.slice(25, 60, 0, false);
        assert_eq!((given(&mut course), course.totals().on_cpu_ns, course.is_complete()), (vec![], 20, true));
    }
}
