//! Members: threads and processes that executions started. What each did, and when any of them worked.

use model::{MAX_MEMBERS, Member, MemberKind, OwnWork, States};
use os::{Birth, Name};
use std::collections::{BTreeSet, HashMap, HashSet, VecDeque};

/// Handing work from one member to another takes up to this long, because somebody has to be woken up. An execution
/// that waits for its members waits through that.
const HAND_OVER_NS: u64 = 200_000;
/// An execution waits for its members also while they can't go on, for example while twenty others hold the GIL in
/// turns. A thread that only checks something now and then works for a smaller share than this.
const MUCH: f64 = 0.05;
/// A thread of the run that belongs to no execution is counted if it was on a CPU at least this long: the runner's own
/// threads listen and sleep.
const LEAST_OF_RUN_NS: u64 = 1_000_000;

/// OpenBLAS lets an idle thread spin for 2^26 cycles, some 25 ms; a thread that goes on for longer does work.
const SPIN_NS: u64 = 50_000_000;

/// The most processes whose memory one look reads: each takes some 20 µs.
const MOST_LOOKED_AT: usize = 32;

/// Whose members: an execution's; `None` for those of the run that belong to no execution.
pub type Whose = Option<u32>;

/// Follows the members of a run.
#[derive(Default)]
pub struct Members {
    /// Living members by thread numbers, which may be given again.
    alive: HashMap<u32, Live>,
    rolls: HashMap<Whose, Roll>,
    /// Names of threads of which only the name is known so far.
    names: HashMap<u32, Name>,
    fresh: BTreeSet<u32>,
}

struct Live {
    whose: Whose,
    member: Member,
    /// The end of its last slice, and whether it could have gone on then.
    last: Option<(u64, bool)>,
    /// Whether it has been running without a wait since before the origin.
    spins: bool,
}

impl Live {
    /// Takes in a stretch on a CPU; call it before `last` is set to this stretch.
    fn spin(&mut self, from_ns: u64, to_ns: u64) {
        let goes_on = self.last.is_none_or(|(end, preempted)| preempted || end == from_ns);
        self.spins &= goes_on && to_ns < SPIN_NS;
        if self.spins {
            self.member.spun_ns += to_ns.saturating_sub(from_ns);
        }
    }
}

/// The members of one execution, or of the run.
#[derive(Default)]
struct Roll {
    ended: Vec<Member>,
    own: OwnWork,
    alive: u32,
    /// When any of them was on a CPU or ready.
    worked: Stretches,
}

impl Members {
    /// A thread was named, by its program or by an exec.
    pub fn named(&mut self, tid: u32, name: Name) {
        match self.alive.get_mut(&tid) {
            Some(live) => live.member.name = Some(name.to_string().into()),
            None => {
                self.names.insert(tid, name);
            }
        }
    }

    /// A member was on a CPU; slices come in the order of their ends. Instants count from the run's origin; time before
    /// it does not count.
    pub fn slice(&mut self, whose: Whose, birth: (u64, Birth), from_ns: u64, to_ns: u64, preempted: bool) {
        let (born_ns, Birth { pid, tid, parent_tid, .. }) = birth;
        let is_first = self.alive.get(&tid).is_none_or(|live| live.member.born_ns != born_ns);
        if self.alive.get(&tid).is_some_and(|live| live.whose != whose || live.member.born_ns != born_ns) {
            self.ended(tid, from_ns);
        }
        let roll = self.rolls.entry(whose).or_default();
        let name = self.names.get(&tid);
        let live = self.alive.entry(tid).or_insert_with(|| {
            let kind = if pid == tid { MemberKind::Process } else { MemberKind::Thread };
            roll.begins(kind);
            let name = name.map(|name| name.to_string().into());
            let states = States::default();
            let (ended_ns, max_rss_bytes, spun_ns) = (None, None, 0);
            let member = Member { pid, tid, parent_tid, kind, name, born_ns, ended_ns, max_rss_bytes, spun_ns, states };
            Live { whose, member, last: None, spins: whose.is_none() && from_ns == 0 }
        });
        live.spin(from_ns, to_ns);
        // A member made during the run is ready until it is first on a CPU.
        let made_ns = Some(born_ns).filter(|made| is_first && *made > 0);
        let ready_ns = live.last.map_or(made_ns, |(last, preempted)| preempted.then_some(last));
        let since_ns = ready_ns.unwrap_or(from_ns).min(from_ns);
        let (on_cpu, ready) = (to_ns.saturating_sub(from_ns), from_ns - since_ns);
        live.last = Some((to_ns, preempted));
        live.member.states.on_cpu_ns += on_cpu;
        live.member.states.runnable_ns += ready;
        roll.own.on_cpu_ns += on_cpu;
        roll.own.runnable_ns += ready;
        if whose.is_some() {
            roll.worked.add(since_ns, to_ns);
        }
        self.fresh.extend(whose);
    }

    /// A thread has ended, and all its slices are handled.
    pub fn ended(&mut self, tid: u32, at_ns: u64) {
        self.names.remove(&tid);
        let Some(live) = self.alive.remove(&tid) else { return };
        let Some(roll) = self.rolls.get_mut(&live.whose) else { return };
        roll.alive -= 1;
        let at_ns = at_ns.max(live.last.map_or(0, |(last, _)| last));
        roll.ended.push(Member { ended_ns: Some(at_ns), ..until(live.member, at_ns) });
        roll.shorten();
        self.fresh.extend(live.whose);
    }

    /// Reads the peak memory of processes, by their numbers.
    pub fn look_at_memory(&mut self, peak_bytes: impl Fn(u32) -> Option<u64>) {
        let processes =
            self.alive.values_mut().map(|live| &mut live.member).filter(|it| it.kind == MemberKind::Process);
        for member in processes.take(MOST_LOOKED_AT) {
            member.max_rss_bytes = member.max_rss_bytes.max(peak_bytes(member.pid));
        }
    }

    /// When any member of an execution worked; these stretches cut the execution's own wait.
    pub fn worked(&self, execution: u32) -> Option<&Stretches> {
        self.rolls.get(&Some(execution)).map(|roll| &roll.worked)
    }

    /// Forgets stretches before an instant: they are already reported.
    pub fn forget(&mut self, execution: u32, before_ns: u64) {
        if let Some(roll) = self.rolls.get_mut(&Some(execution)) {
            roll.worked.forget(before_ns);
        }
    }

    /// All members of an execution summed up; absent if it has none.
    pub fn own(&self, execution: u32) -> Option<OwnWork> {
        self.rolls.get(&Some(execution)).map(Roll::own)
    }

    /// The listed members of an execution so far, in the order of their births.
    pub fn list(&self, execution: u32, now_ns: u64) -> Vec<Member> {
        let mut members = self.all(Some(execution), now_ns);
        keep_busiest(&mut members);
        members.sort_by_key(|member| (member.born_ns, member.tid));
        members
    }

    /// Members of the run that belong to no execution, and did something.
    pub fn of_run(&self, now_ns: u64) -> Option<(Vec<Member>, OwnWork)> {
        let worked = |member: &Member| member.states.on_cpu_ns >= LEAST_OF_RUN_NS;
        let mut members = self.all(None, now_ns);
        members.retain(worked);
        let mut own = OwnWork::default();
        for member in &members {
            own.count_in(member.kind);
            own.on_cpu_ns += member.states.on_cpu_ns;
            own.runnable_ns += member.states.runnable_ns;
            own.spun_ns += member.spun_ns;
        }
        own.most_at_once = most_at_once(&members);
        members.sort_by_key(|member| std::cmp::Reverse(member.states.on_cpu_ns));
        members.truncate(MAX_MEMBERS);
        own.not_listed = own.count() - members.len() as u32;
        (!members.is_empty()).then_some((members, own))
    }

    fn all(&self, whose: Whose, now_ns: u64) -> Vec<Member> {
        let Some(roll) = self.rolls.get(&whose) else { return Vec::new() };
        let alive = self.alive.values().filter(|live| live.whose == whose);
        let mut members: Vec<Member> = alive.map(|live| until(live.member.clone(), now_ns)).collect();
        members.extend(roll.ended.iter().cloned());
        members
    }

    /// The executions that started these processes, by the processes' numbers. Numbers are given again: a process
    /// number that belongs to more than one execution is left out.
    pub fn starters(&self, pids: &HashSet<u32>) -> HashMap<u32, u32> {
        let alive = self.alive.values().map(|live| (live.whose, &live.member));
        let ended = self.rolls.iter().flat_map(|(whose, roll)| roll.ended.iter().map(|member| (*whose, member)));
        let mut found: HashMap<u32, Option<u32>> = HashMap::new();
        for (whose, member) in alive.chain(ended).filter(|(_, member)| pids.contains(&member.pid)) {
            let (MemberKind::Process, Some(id)) = (member.kind, whose) else { continue };
            found.entry(member.pid).and_modify(|known| *known = known.filter(|known| *known == id)).or_insert(Some(id));
        }
        found.into_iter().filter_map(|(pid, id)| Some((pid, id?))).collect()
    }

    /// Executions about whose members more is known since the last call.
    pub fn fresh(&mut self) -> BTreeSet<u32> {
        std::mem::take(&mut self.fresh)
    }
}

impl Roll {
    fn begins(&mut self, kind: MemberKind) {
        self.own.count_in(kind);
        self.alive += 1;
        self.own.most_at_once = self.own.most_at_once.max(self.alive);
    }

    fn own(&self) -> OwnWork {
        OwnWork { not_listed: self.own.count().saturating_sub(MAX_MEMBERS as u32), ..self.own }
    }

    /// Keeps only the busiest members if there are many. It does so at twice the number listed, so that it seldom
    /// sorts.
    fn shorten(&mut self) {
        if self.ended.len() >= 2 * MAX_MEMBERS {
            keep_busiest(&mut self.ended);
        }
    }
}

fn keep_busiest(members: &mut Vec<Member>) {
    if members.len() > MAX_MEMBERS {
        members.sort_by_key(|member| std::cmp::Reverse(member.states.on_cpu_ns));
        members.truncate(MAX_MEMBERS);
    }
}

fn most_at_once(members: &[Member]) -> u32 {
    let mut changes: Vec<(u64, i32)> = Vec::with_capacity(2 * members.len());
    for member in members {
        changes.push((member.born_ns, 1));
        changes.push((member.ended_ns.unwrap_or(u64::MAX), -1));
    }
    changes.sort_unstable();
    let mut now = 0;
    changes
        .iter()
        .map(|(_, change)| {
            now += change;
            now
        })
        .max()
        .unwrap_or(0)
        .max(0) as u32
}

/// Counts the rest of its life until an instant as blocked.
fn until(mut member: Member, at_ns: u64) -> Member {
    let States { on_cpu_ns, runnable_ns, .. } = member.states;
    member.states.blocked_ns = at_ns.saturating_sub(member.born_ns).saturating_sub(on_cpu_ns + runnable_ns);
    member
}

/// Stretches of time in order, which don't touch each other.
#[derive(Debug, Default)]
pub struct Stretches(VecDeque<(u64, u64)>);

impl Stretches {
    /// Adds a stretch. Their ends come in order, except those of threads that are reported in parts while they go on.
    fn add(&mut self, mut from_ns: u64, mut to_ns: u64) {
        while let Some(last) = self.0.back().copied().filter(|last| last.1 + HAND_OVER_NS >= from_ns) {
            (from_ns, to_ns) = (from_ns.min(last.0), to_ns.max(last.1));
            self.0.pop_back();
        }
        self.0.push_back((from_ns, to_ns));
    }

    fn forget(&mut self, before_ns: u64) {
        // The last one may still grow.
        while self.0.len() > 1 && self.0[0].1 < before_ns {
            self.0.pop_front();
        }
    }

    /// Whether these stretches fill a considerable part of a stretch of time.
    pub fn are_much_of(&self, from_ns: u64, to_ns: u64) -> bool {
        let mut in_them_ns = 0;
        self.cut(from_ns, to_ns, |from, to, is_in| in_them_ns += if is_in { to - from } else { 0 });
        in_them_ns as f64 > MUCH * to_ns.saturating_sub(from_ns) as f64
    }

    /// The end of the last stretch that began before an instant, or that instant if the stretch goes on.
    pub fn last_before(&self, at_ns: u64) -> u64 {
        let count = self.0.partition_point(|stretch| stretch.0 < at_ns);
        count.checked_sub(1).map_or(0, |last| self.0[last].1.min(at_ns))
    }

    /// Cuts a stretch into pieces inside and outside of these stretches, in order.
    pub fn cut(&self, from_ns: u64, to_ns: u64, mut each: impl FnMut(u64, u64, bool)) {
        let first = self.0.partition_point(|stretch| stretch.1 <= from_ns);
        let mut at_ns = from_ns;
        for (from, to) in self.0.range(first..).take_while(|stretch| stretch.0 < to_ns) {
            let (from, to) = ((*from).max(at_ns), (*to).min(to_ns));
            if from > at_ns {
                each(at_ns, from, false);
            }
            if to > from {
                each(from, to, true);
            }
            at_ns = to;
        }
        if to_ns > at_ns {
            each(at_ns, to_ns, false);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn birth(pid: u32, tid: u32) -> Birth {
        Birth { pid, tid, parent_pid: 1, parent_tid: 1 }
    }

    fn cut(members: &Members, from_ns: u64, to_ns: u64) -> Vec<(u64, u64, bool)> {
        let mut out = Vec::new();
        members.worked(7).expect("members").cut(from_ns, to_ns, |from, to, in_it| out.push((from, to, in_it)));
        out
    }

    #[test]
    fn totals_are_exact_and_a_number_that_is_given_again_is_another_member() {
        let mut members = Members::default();
        members.named(20, Name::of(b"sha256sum"));
        members.slice(Some(7), (100, birth(20, 20)), 110, 160, true);
        members.slice(Some(7), (105, birth(1, 21)), 120, 150, false);
        members.slice(Some(7), (100, birth(20, 20)), 180, 200, false);
        members.look_at_memory(|pid| (pid == 20).then_some(5_000));
        members.ended(20, 200);
        members.look_at_memory(|_| None);
        // The number is given again; the end of the thread before it was not reported this time.
        members.slice(Some(7), (300, birth(20, 20)), 310, 320, false);
        members.slice(Some(7), (400, birth(1, 21)), 410, 420, false);
        let own = members.own(7).expect("members");
        assert_eq!((own.threads, own.processes, own.most_at_once, own.not_listed), (2, 2, 2, 0));
        assert_eq!((own.on_cpu_ns, own.runnable_ns), (50 + 30 + 20 + 10 + 10, 20 + 10 + 15 + 10 + 10));
        let list = members.list(7, 500);
        let told: Vec<_> = list.iter().map(|it| (it.born_ns, it.ended_ns, it.name.as_deref())).collect();
        let expected =
            [(100, Some(200), Some("sha256sum")), (105, Some(410), None), (300, None, None), (400, None, None)];
        assert_eq!(told, expected);
        assert_eq!(list[0].states.blocked_ns, 100 - 70 - 20 - 10);
        let memory: Vec<_> = list.iter().map(|it| it.max_rss_bytes).collect();
        assert_eq!(memory, [Some(5_000), None, None, None]);
        assert_eq!(members.fresh(), BTreeSet::from([7]));
    }

    #[test]
    fn who_started_a_process_is_said_where_it_is_one_execution() {
        let mut members = Members::default();
        let mut ran = |whose, pid: u32, at_ns| members.slice(whose, (at_ns, birth(pid, pid)), at_ns, at_ns + 5, false);
        ran(Some(7), 20, 100);
        ran(Some(7), 21, 100);
        ran(Some(8), 22, 100);
        ran(None, 23, 100);
        // It continues after its execution is over.
        ran(None, 20, 200);
        // Its number is given again.
        ran(Some(8), 21, 300);
        members.slice(Some(8), (100, birth(22, 99)), 100, 105, false);
        members.ended(22, 400);
        let starters = members.starters(&HashSet::from([20, 21, 22, 23, 24]));
        assert_eq!(starters, HashMap::from([(20, 7), (22, 8)]));
    }

    #[test]
    fn thousands_are_counted_and_the_busiest_listed() {
        let mut members = Members::default();
        for n in 0..5_000_u32 {
            let at = u64::from(n) * 100;
            let length = if n == 2_500 { 90 } else { 10 };
            members.slice(Some(7), (at, birth(1, 50)), at + 1, at + 1 + length, false);
            members.ended(50, at + 95);
        }
        let (own, list) = (members.own(7).expect("members"), members.list(7, 1_000_000));
        assert_eq!((own.threads, own.on_cpu_ns, own.most_at_once), (5_000, 50_080, 1));
        assert_eq!((list.len(), own.not_listed), (MAX_MEMBERS, 5_000 - MAX_MEMBERS as u32));
        assert!(list.iter().any(|member| member.states.on_cpu_ns == 90));
    }

    #[test]
    fn work_is_one_stretch_over_preemption_and_handing_over() {
        let mut members = Members::default();
        let second = 1_000_000_000;
        members.slice(Some(7), (0, birth(20, 20)), 10, second, true);
        // Ready meanwhile.
        members.slice(Some(7), (0, birth(20, 20)), 2 * second, 3 * second, false);
        // Woken up by it.
        members.slice(Some(7), (0, birth(21, 21)), 3 * second + HAND_OVER_NS / 2, 4 * second, false);
        members.slice(Some(7), (0, birth(21, 21)), 6 * second, 7 * second, false);
        let expected = vec![
            (5, 10, false),
            (10, 4 * second, true),
            (4 * second, 6 * second, false),
            (6 * second, 7 * second - 5, true),
        ];
        assert_eq!(cut(&members, 5, 7 * second - 5), expected);
        members.forget(7, 5 * second);
        assert_eq!(cut(&members, 5 * second, 7 * second).len(), 2);
        assert!(members.worked(8).is_none());
    }

    #[test]
    fn of_the_run_are_those_alone_that_did_something() {
        let mut members = Members::default();
        members.slice(None, (0, birth(1, 5)), 0, 900, false);
        assert!(members.of_run(10_000_000).is_none());
        members.slice(None, (0, birth(1, 6)), 1, 5_000_001, false);
        let (list, own) = members.of_run(10_000_000).expect("one");
        assert_eq!((list.len(), own.threads, own.on_cpu_ns, own.most_at_once), (1, 1, 5_000_000, 1));
        assert_eq!(own.spun_ns, 0);
        assert!(members.fresh().is_empty());
    }

    #[test]
    fn who_has_not_waited_since_before_the_origin_spins_until_its_first_wait() {
        let mut members = Members::default();
        // Taken off its CPU before the origin and after it; then it sleeps; then it is woken up to work.
        for (from_ns, to_ns, preempted) in
            [(0, 0, true), (2_000_000, 5_000_000, true), (6_000_000, 8_000_000, false), (20_000_000, 30_000_000, false)]
        {
            members.slice(None, (0, birth(1, 5)), from_ns, to_ns, preempted);
        }
        // It slept at the origin.
        members.slice(None, (0, birth(1, 6)), 0, 0, false);
        members.slice(None, (0, birth(1, 6)), 2_000_000, 9_000_000, false);
        // Reported in parts, and longer than any thread spins.
        for part in 0..4 {
            members.slice(None, (0, birth(1, 7)), part * 20_000_000, (part + 1) * 20_000_000, false);
        }
        let (list, own) = members.of_run(80_000_000).expect("three");
        let spun = |tid| list.iter().find(|member| member.tid == tid).map(|member| member.spun_ns);
        assert_eq!((spun(5), spun(6), spun(7)), (Some(5_000_000), Some(0), Some(40_000_000)));
        assert_eq!((own.spun_ns, own.on_cpu_ns), (45_000_000, 102_000_000));
    }
}
