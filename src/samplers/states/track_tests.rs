//! A simulated thread whose every state is known, with clocks like the kernel's.

use super::{
    Watched,
    track::{ThreadLook, Track},
};
use model::{Bin, BlockedOn, State};
use os::ThreadClocks;

const MS: u64 = 1_000_000;
const TICK: u64 = 4 * MS;
const ENTERED: i64 = 1_000_000_000;

/// The thread's states from *entered* on, with their lengths.
struct Made(Vec<(State, u64)>);

impl Made {
    /// Repeats these states, whose lengths are in microseconds.
    fn repeat(stretches: &[(State, u64)], times: usize) -> Self {
        let scaled = stretches.iter().map(|(state, micros)| (*state, micros * 1000));
        Self(std::iter::repeat_n(scaled, times).flatten().collect())
    }

    fn length(&self) -> u64 {
        self.0.iter().map(|(_, length)| length).sum()
    }

    /// The truth: time in each state until `until`.
    fn truth(&self, until: u64) -> [u64; State::COUNT] {
        let (mut sums, mut at) = ([0; State::COUNT], 0);
        for (state, length) in &self.0 {
            sums[state.index()] += (*length).min(until.saturating_sub(at));
            at += length;
        }
        sums
    }

    /// What a look at `at` sees: on a CPU, the clock is as old as the last tick; a wait counts only when it is over.
    fn look(&self, at: u64) -> ThreadLook {
        let (mut begin, mut clocks, mut before) = (0, ThreadClocks { dispatches: 1, ..ThreadClocks::default() }, None);
        for (state, length) in &self.0 {
            if *state == State::OnCpu && before.is_some_and(|before| before != State::OnCpu) {
                clocks.dispatches += 1;
            }
            let over = begin + length <= at;
            match state {
                State::OnCpu if over => clocks.on_cpu_ns += length,
                State::OnCpu => clocks.on_cpu_ns += (at / TICK * TICK).saturating_sub(begin),
                State::Ready if over => clocks.run_queue_ns += length,
                _ => {}
            }
            if !over {
                let blocked_on = if let State::Blocked(kind) = state { Some(*kind) } else { None };
                return ThreadLook { at_ns: ENTERED + at as i64, clocks, blocked_on };
            }
            (begin, before) = (begin + length, Some(*state));
        }
        ThreadLook { at_ns: ENTERED + at as i64, clocks, blocked_on: None }
    }

    /// The bins of looks about every 10 ms, and where the bins end.
    fn bins(&self) -> (Vec<Bin>, u64) {
        let looks = (1..).map(|turn| turn * 10 * MS + turn * 7_919_773 % (9 * MS));
        let looks: Vec<u64> = looks.take_while(|at| *at < self.length()).collect();
        let one = Watched { execution: 0, pid: 1, tid: 1, entered_ns: ENTERED };
        let mut track = Track::new(&one, TICK, ThreadClocks::default(), &self.look(looks[0]));
        let mut bins = Vec::new();
        looks.iter().for_each(|at| track.take(&self.look(*at), &mut bins));
        track.finish(&mut bins);
        (bins.into_iter().map(|(_, bin)| bin).collect(), looks[looks.len() - 1])
    }

    /// The bins. Asserts that they add up, and that their times on a CPU, ready and blocked are true to within `within_ns`.
    fn assert_bins(&self, within_ns: u64) -> Vec<Bin> {
        let (bins, until) = self.bins();
        assert_eq!((bins[0].from_ns, bins[bins.len() - 1].to_ns), (ENTERED as u64, ENTERED as u64 + until));
        assert!(bins.iter().all(|bin| bin.in_state_ns.iter().sum::<u64>() == bin.to_ns - bin.from_ns));
        let three = |[on_cpu, ready, blocked @ ..]: [u64; State::COUNT]| [on_cpu, ready, blocked.iter().sum::<u64>()];
        let truth = three(self.truth(until));
        let bins_say = three(totals(&bins));
        let close = bins_say.iter().zip(truth).all(|(said, truth)| said.abs_diff(truth) <= within_ns);
        assert!(close, "on a CPU, ready, blocked: {bins_say:?}, in truth {truth:?}");
        bins
    }
}

fn totals(bins: &[Bin]) -> [u64; State::COUNT] {
    let mut totals = [0; State::COUNT];
    for bin in bins {
        totals.iter_mut().zip(bin.in_state_ns).for_each(|(sum, ns)| *sum += ns);
    }
    totals
}

const GIL: State = State::Blocked(BlockedOn::Gil);

#[test]
fn the_clocks_lag_is_never_drawn_as_blocked() {
    let bins = Made::repeat(&[(State::OnCpu, 3_000_000)], 1).assert_bins(TICK / 4);
    assert!(bins.iter().all(|bin| bin.share(State::OnCpu) > 0.8));
}

#[test]
fn threads_that_crowd_the_cores_are_ready_and_not_blocked() {
    // Forty threads on two cores: each is 3 ms on a CPU, then waits long.
    let made = Made::repeat(&[(State::OnCpu, 3_000), (State::Ready, 57_000)], 60);
    let bins = made.assert_bins(2 * TICK);
    let blocked: u64 = bins.iter().flat_map(|bin| &bin.in_state_ns[2..]).sum();
    assert!(blocked < TICK, "{blocked}");
}

#[test]
fn the_gil_changing_hands_is_half_of_the_time() {
    let made = Made::repeat(&[(State::OnCpu, 5_100), (GIL, 5_050)], 300);
    let bins = made.assert_bins(TICK);
    let [on_cpu, _, gil, .., other] = totals(&bins);
    assert!(gil > on_cpu * 9 / 10 && other < on_cpu / 20, "{on_cpu} on a CPU, {gil} waiting for the GIL, {other}");
}

#[test]
fn what_a_thread_waits_for_is_told_apart() {
    let sleep = State::Blocked(BlockedOn::Sleep);
    let made = Made::repeat(&[(State::OnCpu, 80_000), (sleep, 120_000), (State::Ready, 300), (GIL, 90_000)], 10);
    let bins = made.assert_bins(TICK);
    assert!(bins.iter().any(|bin| bin.share(sleep) == 1.0) && bins.iter().any(|bin| bin.share(GIL) == 1.0));
    assert!(bins.iter().any(|bin| bin.share(State::OnCpu) == 1.0));
}

#[test]
fn errors_of_single_bins_do_not_add_up() {
    let stretches =
        [(State::OnCpu, 1_300), (State::Ready, 2_100), (GIL, 700), (State::Ready, 900), (State::OnCpu, 6_000)];
    Made::repeat(&stretches, 2_000).assert_bins(2 * TICK);
}

#[test]
fn a_thread_with_a_past_begins_with_what_is_seen() {
    // An interpreter has started for 60 ms before; the thread was asleep at the first look.
    let clocks = ThreadClocks { on_cpu_ns: 60 * MS, run_queue_ns: MS, dispatches: 9 };
    let sleep = BlockedOn::Sleep;
    let look = |at: u64| ThreadLook { at_ns: ENTERED + (at * MS) as i64, clocks, blocked_on: Some(sleep) };
    let one = Watched { execution: 3, pid: 1, tid: 1, entered_ns: ENTERED };
    let mut bins = Vec::new();
    let mut track = Track::new(&one, TICK, ThreadClocks::default(), &look(6));
    [6, 16].into_iter().for_each(|at| track.take(&look(at), &mut bins));
    track.finish(&mut bins);
    assert!(bins.len() == 2 && bins.iter().all(|(id, bin)| *id == 3 && bin.share(State::Blocked(sleep)) == 1.0));
}
