//! What is compared with what: pairs of settings, and the pairs of their repeats.
//!
//! Runs are interleaved, so the i-th repeat of one setting and the i-th of the other saw the same machine: their
//! *paired* log ratios cancel drift.

use model::{LaunchMode, Setting};
use std::collections::HashMap;

/// All pairs of the compared settings: (first, second), (first, third), (second, third), and so on. Of a sweep, only
/// those at the same point: with the same argument, and with as many workers unless one is sequential.
pub fn settings(compared: &[Setting], sweep: bool) -> impl Iterator<Item = (Setting, Setting)> {
    let all = compared.iter().enumerate().flat_map(|(i, a)| compared[i + 1..].iter().map(move |b| (*a, *b)));
    all.filter(move |(a, b)| !sweep || at_same_point(a, b))
}

fn at_same_point(a: &Setting, b: &Setting) -> bool {
    let one_is_sequential = [a, b].iter().any(|setting| setting.mode == LaunchMode::Sequential);
    a.argument == b.argument && (a.workers == b.workers || one_is_sequential)
}

/// The log ratios a / b of the repeats that both settings have, matched by number; `a` and `b` are the repeats with
/// their makespans in nanoseconds.
pub fn log_ratios(a: &[(u32, f64)], b: &[(u32, f64)]) -> Vec<f64> {
    let partners: HashMap<u32, f64> = b.iter().copied().collect();
    a.iter().filter_map(|(repeat, ns)| Some((ns / partners.get(repeat)?).ln())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::{SweptValue, plan::MAX_CHOICES};

    fn setting(mode: LaunchMode, workers: u32) -> Setting {
        Setting { workers, ..Setting::of(mode) }
    }

    #[test]
    fn a_sweep_compares_at_each_of_its_points() {
        use LaunchMode::{Processes, Sequential, Threads};
        let compared = [(Threads, 1), (Threads, 2), (Processes, 1), (Processes, 2)].map(|(mode, w)| setting(mode, w));
        assert_eq!(settings(&compared, false).count(), 6);
        let pairs: Vec<_> = settings(&compared, true).collect();
        assert_eq!(pairs, [(compared[0], compared[2]), (compared[1], compared[3])]);
        let argument = |number| Setting { argument: SweptValue::new(number), ..compared[0] };
        assert_eq!(settings(&[argument(1.0), argument(2.0)], true).count(), 0);
        let with_sequential = [setting(Sequential, 1), setting(Threads, 4)];
        assert_eq!(settings(&with_sequential, true).count(), 1);
        assert!(settings(&vec![compared[0]; MAX_CHOICES], false).count() == MAX_CHOICES * (MAX_CHOICES - 1) / 2);
    }

    #[test]
    fn repeats_are_matched_by_their_number() {
        let found = log_ratios(&[(0, 2.0), (1, 4.0), (5, 9.0)], &[(1, 1.0), (0, 2.0), (7, 3.0)]);
        assert_eq!(found, [0.0, 4.0_f64.ln()]);
    }
}
