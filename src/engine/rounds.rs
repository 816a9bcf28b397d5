//! Which runs an experiment makes, in which order, and when it has made enough.

use super::{Request, schedule};
use insight::precision::{self, Timed};
use model::{RunSettings, Setting, experiment::Scheduled};
use rand::seq::SliceRandom;
use rand_pcg::Pcg64;
use std::time::Duration;

/// The most repeats for the sake of precision. Without this bound an experiment of very short runs would fill the
/// memory.
const MOST_REPEATS: u32 = 200;

/// The limit of a baseline's run is at least this. A baseline has a limit because the user did not ask for it.
const BASELINE_LIMIT: Duration = Duration::from_secs(10);

/// Warm-ups, then rounds. Each round runs every setting once, in an order that the seed shuffles, so that neither a
/// drift of the machine nor the preceding run affects only one setting. Every second round also runs the baselines.
#[derive(Clone, Debug)]
pub struct Rounds {
    settings: Vec<Setting>,
    baselines: Vec<Setting>,
    run: RunSettings,
    sweep: bool,
    seed: u64,
    /// The number of the next round's repeat.
    repeat: u32,
    /// Measured runs of the settings so far.
    timed: Vec<Timed>,
}

impl Rounds {
    /// The rounds of a request.
    pub fn new(request: &Request, seed: u64) -> Self {
        let settings = schedule::settings(request);
        let baselines = if request.baseline { schedule::baselines(request, &settings) } else { Vec::new() };
        let (run, sweep) = (request.plan.run.clone(), request.sweep.is_some());
        Self { settings, baselines, run, sweep, seed, repeat: 0, timed: Vec::new() }
    }

    /// The settings to compare, in the order of the request.
    pub fn settings(&self) -> &[Setting] {
        &self.settings
    }

    /// Whether a setting is a baseline that Spawnscope added by itself.
    pub fn is_baseline(&self, setting: Setting) -> bool {
        self.baselines.contains(&setting)
    }

    /// Makes no more runs of a baseline.
    pub fn drop_baseline(&mut self, setting: Setting) {
        self.baselines.retain(|baseline| *baseline != setting);
    }

    /// The time limit of a baseline's run: twice what the longest run compared would take on one core, if it kept all
    /// `cores` busy.
    pub fn baseline_limit(&self, cores: u32) -> Duration {
        let longest = self.timed.iter().filter_map(|timed| timed.makespan_ns).max().unwrap_or(0);
        BASELINE_LIMIT.max(Duration::from_nanos(longest).saturating_mul(2 * cores.max(1)))
    }

    /// The runs that are made in any case.
    pub fn first(&mut self) -> Vec<Scheduled> {
        let warmups = (0..self.run.warmup).flat_map(|repeat| self.shuffled(self.settings.clone(), repeat, true));
        let mut runs: Vec<_> = warmups.collect();
        while self.repeat < self.run.repeat {
            runs.extend(self.next());
        }
        runs
    }

    /// A run has ended. `makespan_ns` is present if the run counts: every execution succeeded.
    pub fn took(&mut self, run: Scheduled, makespan_ns: Option<u64>) {
        if !run.warmup && self.settings.contains(&run.setting) {
            self.timed.push(Timed { setting: run.setting, repeat: run.repeat, makespan_ns });
        }
    }

    /// One more round, if the intervals are not narrow enough and the round will probably end before the limit.
    /// `elapsed` is the time since the experiment began.
    pub fn more(&mut self, elapsed: Duration) -> Option<Vec<Scheduled>> {
        let compares = self.sweep || self.settings.len() > 1;
        let round = elapsed / (self.repeat + self.run.warmup).max(1);
        let over = elapsed + round > self.run.limit || self.repeat >= MOST_REPEATS;
        if !compares || over || self.run.precision <= 0.0 || self.is_enough() {
            return None;
        }
        Some(self.next())
    }

    fn is_enough(&self) -> bool {
        precision::progress(&self.timed, &self.settings, self.sweep, self.run.precision, self.seed).enough
    }

    fn next(&mut self) -> Vec<Scheduled> {
        let repeat = self.repeat;
        self.repeat += 1;
        let mut round = self.settings.clone();
        // The first baselines run last: their limit depends on the runs before them.
        let with_baselines = repeat.is_multiple_of(2);
        if with_baselines && repeat > 0 {
            round.extend(&self.baselines);
        }
        let halved = |run: Scheduled| match self.baselines.contains(&run.setting) {
            true => Scheduled { repeat: repeat / 2, ..run },
            false => run,
        };
        let mut runs = self.shuffled(round, repeat, false);
        if with_baselines && repeat == 0 {
            runs.extend(self.baselines.iter().map(|&setting| Scheduled { setting, repeat, warmup: false }));
        }
        runs.into_iter().map(halved).collect()
    }

    fn shuffled(&self, mut settings: Vec<Setting>, repeat: u32, warmup: bool) -> Vec<Scheduled> {
        // Each round has its own random stream, so that its order does not depend on the number of rounds before it.
        let stream = u128::from(repeat) << 1 | u128::from(warmup);
        settings.shuffle(&mut Pcg64::new(u128::from(self.seed), stream));
        settings.into_iter().map(|setting| Scheduled { setting, repeat, warmup }).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::{Choice, LaunchMode, Plan, Target, Task};

    fn request(repeat: u32, warmup: u32) -> Request {
        let mut plan = Plan::empty("test");
        (plan.run.repeat, plan.run.warmup) = (repeat, warmup);
        plan.tasks.push(Task::new(Target::parse("sleep")));
        Request::compare(plan, [LaunchMode::Threads, LaunchMode::Processes].map(Choice::from).to_vec())
    }

    fn letters(runs: &[Scheduled]) -> String {
        let letter = |run: &Scheduled| match run.setting.mode {
            LaunchMode::Threads => 'T',
            LaunchMode::Processes => 'P',
            _ => 'S',
        };
        runs.iter().map(|run| if run.warmup { letter(run).to_ascii_lowercase() } else { letter(run) }).collect()
    }

    /// Takes in a round: threads take 2 s plus or minus `spread` in turns, processes take 1 s.
    fn take_in(rounds: &mut Rounds, runs: &[Scheduled], spread: f64) {
        for run in runs {
            let sign = if run.repeat % 2 == 0 { 1.0 } else { -1.0 };
            let ns = if run.setting.mode == LaunchMode::Threads { 2e9 * (1.0 + sign * spread) } else { 1e9 };
            rounds.took(*run, Some(ns as u64));
        }
    }

    #[test]
    fn every_round_has_every_setting_once_and_the_baseline_every_second_time() {
        let runs = letters(&Rounds::new(&request(4, 1), 1).first());
        assert_eq!(runs.len(), 2 + 3 + 2 + 3 + 2);
        let sorted = |text: &str| {
            let mut letters: Vec<_> = text.chars().collect();
            letters.sort_unstable();
            letters.into_iter().collect::<String>()
        };
        let rounds = [&runs[..2], &runs[2..5], &runs[5..7], &runs[7..10], &runs[10..]].map(sorted);
        assert_eq!(rounds, ["pt", "PST", "PT", "PST", "PT"]);
    }

    #[test]
    fn a_baseline_comes_after_what_its_limit_follows_from_and_can_be_dropped() {
        let mut rounds = Rounds::new(&request(3, 0), 1);
        let runs = rounds.first();
        assert!(letters(&runs).find('S') == Some(2), "{}", letters(&runs));
        let baseline = runs[2].setting;
        assert!(rounds.is_baseline(baseline) && !rounds.is_baseline(runs[0].setting));
        assert_eq!(rounds.baseline_limit(2), Duration::from_secs(10));
        take_in(&mut rounds, &runs[..2], 0.5);
        take_in(&mut rounds, &runs[..2], 1.5);
        assert_eq!(rounds.baseline_limit(2), Duration::from_secs(20), "four times the longest");
        rounds.drop_baseline(baseline);
        assert!(!letters(&rounds.next()).contains('S') && !letters(&rounds.next()).contains('S'));
    }

    #[test]
    fn the_order_is_the_seeds() {
        let order = |seed| letters(&Rounds::new(&request(20, 0), seed).first());
        assert_eq!(order(7), order(7));
        assert_ne!(order(7), order(8));
        let longer = letters(&Rounds::new(&request(21, 0), 7).first());
        assert!(longer.starts_with(&order(7)), "more rounds don't change those before");
    }

    #[test]
    fn a_run_has_its_repeats_and_no_baseline() {
        let plan = request(3, 2).plan;
        let mut rounds = Rounds::new(&Request::run(plan), 1);
        let runs = rounds.first();
        assert_eq!(letters(&runs), "ttTTT");
        assert_eq!(runs.iter().map(|run| run.repeat).collect::<Vec<_>>(), [0, 1, 0, 1, 2]);
        take_in(&mut rounds, &runs, 0.5);
        assert_eq!(rounds.more(Duration::ZERO), None, "one setting alone is compared with nothing");
    }

    #[test]
    fn it_goes_on_until_it_is_sure_enough() {
        let mut rounds = Rounds::new(&request(7, 0), 1);
        let first = rounds.first();
        take_in(&mut rounds, &first, 0.3);
        let more = rounds.more(Duration::from_secs(1)).expect("±30 % is wide");
        assert_eq!(letters(&more).len(), 2, "the eighth round has no baseline");
        assert!(more.iter().all(|run| run.repeat == 7 && !run.warmup));

        let mut sure = Rounds::new(&request(7, 0), 1);
        let first = sure.first();
        take_in(&mut sure, &first, 0.01);
        assert_eq!(sure.more(Duration::from_secs(1)), None);
    }

    #[test]
    fn the_limit_and_exactly_so_many_repeats_end_it() {
        let mut rounds = Rounds::new(&request(7, 1), 1);
        let first = rounds.first();
        take_in(&mut rounds, &first, 0.3);
        assert_eq!(rounds.more(Duration::from_secs(59)), None, "a round of 8 s would go beyond a minute");
        let mut exact = request(7, 0);
        exact.plan.run.precision = 0.0;
        let mut rounds = Rounds::new(&exact, 1);
        let first = rounds.first();
        take_in(&mut rounds, &first, 0.3);
        assert_eq!(rounds.more(Duration::from_secs(1)), None);
    }

    #[test]
    fn what_fails_every_time_is_not_waited_for() {
        let mut rounds = Rounds::new(&request(7, 0), 1);
        for run in rounds.first() {
            rounds.took(run, (run.setting.mode == LaunchMode::Threads).then_some(1_000));
        }
        assert_eq!(rounds.more(Duration::from_secs(1)), None);
    }
}
