//! The verdict on two settings, in one sentence that claims no more than the interval allows.

use super::phrase::Phrase;
use model::{document::Verdict, quantity::figures};
use statistics::signed_rank::{FEWEST_PAIRS, Interval};

/// A ratio that lies within this distance of 1 makes no difference that matters.
pub const EQUIVALENCE: f64 = 0.03;

/// Above this p-value the rank test does not agree that there is a difference.
pub const SIGNIFICANCE: f64 = 0.05;

/// Which setting is faster, by the interval of the ratio a / b of makespans, where the rank test agrees.
pub fn verdict(ratio: &Interval, p_value: Option<f64>) -> Verdict {
    if ratio.low >= 1.0 - EQUIVALENCE && ratio.high <= 1.0 + EQUIVALENCE {
        Verdict::None
    } else if !agrees(p_value) {
        Verdict::Unclear
    } else if ratio.low > 1.0 {
        Verdict::B
    } else if ratio.high < 1.0 {
        Verdict::A
    } else {
        Verdict::Unclear
    }
}

fn agrees(p_value: Option<f64>) -> bool {
    p_value.is_some_and(|p| p <= SIGNIFICANCE)
}

/// The sentence where there is an interval.
pub(super) fn sentence(a: &Phrase, b: &Phrase, estimate: f64, interval: &Interval, p_value: Option<f64>) -> String {
    match verdict(interval, p_value) {
        Verdict::B => faster(b, a, estimate, interval.low, interval.high),
        Verdict::A => faster(a, b, 1.0 / estimate, 1.0 / interval.high, 1.0 / interval.low),
        Verdict::None => no_difference(a, b, estimate, interval),
        Verdict::Unclear => unclear(a, b, estimate, interval, p_value),
    }
}

fn faster(fast: &Phrase, slow: &Phrase, times: f64, low: f64, high: f64) -> String {
    let [times, low, high] = apart_from_one([times, low, high]);
    format!("{} {} {times} × faster than {} (95 %: {low}–{high}).", fast.subject(), fast.verb, slow.name)
}

fn no_difference(a: &Phrase, b: &Phrase, ratio: f64, interval: &Interval) -> String {
    let holds_one = interval.low <= 1.0 && interval.high >= 1.0;
    let matters = if holds_one { "" } else { " that matters" };
    let [ratio, low, high] = [ratio, interval.low, interval.high].map(figures);
    format!("No difference{matters} between {} and {}: the ratio is {ratio} (95 %: {low}–{high}).", a.name, b.name)
}

fn unclear(a: &Phrase, b: &Phrase, ratio: f64, interval: &Interval, p_value: Option<f64>) -> String {
    let holds_one = interval.low <= 1.0 && interval.high >= 1.0;
    let [times, low, high] = apart_from_one_unless(holds_one, [ratio, interval.low, interval.high]);
    let but = match p_value {
        Some(p) if !holds_one => {
            format!("the rank test does not agree (95 %: {low}–{high}, p = {}); more repeats would tell", p_text(p))
        }
        _ => format!("the interval (95 %: {low}–{high}) holds 1; more repeats would narrow it"),
    };
    format!("Unclear: {} took {times} × as long as {}, but {but}.", a.name, b.name)
}

/// A p-value as people read it: `0.016`, `0.0004`, `< 0.0001`.
pub fn p_text(p: f64) -> String {
    match p {
        p if p < 0.0001 => "< 0.0001".to_owned(),
        p if p < 0.001 => format!("{p:.4}"),
        p if p < 0.0995 => format!("{p:.3}"),
        p => format!("{p:.2}"),
    }
}

fn apart_from_one_unless(holds_one: bool, values: [f64; 3]) -> [String; 3] {
    if holds_one { values.map(figures) } else { apart_from_one(values) }
}

/// The sentence where there are too few pairs for an interval; `ratio` is the ratio so far.
pub(super) fn too_few(a: &Phrase, b: &Phrase, pairs: usize, ratio: f64) -> String {
    let there_are = match pairs {
        0 => "no complete pair".to_owned(),
        1 => "1 complete pair".to_owned(),
        n => format!("{n} complete pairs"),
    };
    let so_far = match figures(ratio.max(1.0 / ratio)).as_str() {
        "1.00" => format!("{} took as long as {} so far", a.name, b.name),
        times if ratio > 1.0 => format!("{} took {times} × as long as {} so far", a.name, b.name),
        times => format!("{} took {times} × as long as {} so far", b.name, a.name),
    };
    format!("Too few repeats to tell: {there_are}, {FEWEST_PAIRS} are needed for a 95 % interval; {so_far}.")
}

/// The sentence where a setting has no complete run; `why` is the reason of the first that failed.
pub(super) fn nothing_to_compare(side: &Phrase, why: Option<String>) -> String {
    let why = why.map_or_else(String::new, |why| format!(" ({why})"));
    format!("Nothing to compare: no run {} succeeded as a whole{why}.", side.manner)
}

/// The numbers, with enough decimals that none of them reads as 1.
fn apart_from_one(values: [f64; 3]) -> [String; 3] {
    for decimals in 3..6 {
        if values.iter().all(|value| figures(*value) != "1.00") {
            break;
        }
        let steps = 10f64.powi(decimals as i32);
        if values.iter().all(|value| (value * steps).round() != steps) {
            return values.map(|value| format!("{value:.decimals$}"));
        }
    }
    values.map(figures)
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::{LaunchMode, Setting, StartMethod};

    fn phrase(mode: LaunchMode) -> Phrase {
        Phrase::of(Setting { mode, workers: 2, start_method: None, interpreter: None, argument: None }, &[])
    }

    fn say(a: LaunchMode, b: LaunchMode, estimate: f64, low: f64, high: f64) -> String {
        sentence(&phrase(a), &phrase(b), estimate, &Interval { low, high, confidence: 0.95 }, Some(0.016))
    }

    #[test]
    fn the_faster_side_is_named_whichever_it_is() {
        use LaunchMode::{ProcessPool, Processes, Sequential, ThreadPool, Threads};
        assert_eq!(
            say(Threads, Processes, 14.2, 13.1, 15.0),
            "Processes are 14.2 × faster than threads (95 %: 13.1–15.0)."
        );
        assert_eq!(
            say(ThreadPool, ProcessPool, 0.5, 0.4, 0.625),
            "The thread pool is 2.00 × faster than the process pool (95 %: 1.60–2.50)."
        );
        assert_eq!(
            say(Threads, Sequential, 1.2, 1.0012, 1.3),
            "Sequential execution is 1.200 × faster than threads (95 %: 1.001–1.300)."
        );
    }

    #[test]
    fn nothing_is_faster_where_the_interval_holds_one() {
        use LaunchMode::{Processes, Threads};
        assert_eq!(
            say(Threads, Processes, 1.0, 0.99, 1.01),
            "No difference between threads and processes: the ratio is 1.00 (95 %: 0.99–1.01)."
        );
        assert_eq!(
            say(Threads, Processes, 0.98, 0.975, 0.99),
            "No difference that matters between threads and processes: the ratio is 0.98 (95 %: 0.97–0.99)."
        );
        let unclear = say(Threads, Processes, 1.02, 0.91, 1.15);
        assert!(unclear.starts_with("Unclear: threads took 1.02 × as long as processes"), "{unclear}");
        assert!(!unclear.contains("faster"));
    }

    #[test]
    fn nothing_is_faster_where_the_rank_test_disagrees() {
        let (a, b) = (phrase(LaunchMode::Threads), phrase(LaunchMode::Processes));
        let interval = Interval { low: 1.01, high: 1.2, confidence: 0.95 };
        assert_eq!(verdict(&interval, Some(0.05)), Verdict::B);
        assert_eq!((verdict(&interval, Some(0.0625)), verdict(&interval, None)), (Verdict::Unclear, Verdict::Unclear));
        let close = Interval { low: 1.001, high: 1.02, confidence: 0.95 };
        assert_eq!(verdict(&close, Some(0.5)), Verdict::None, "whatever it is, it does not matter");
        assert_eq!(
            sentence(&a, &b, 1.1, &interval, Some(0.0625)),
            "Unclear: threads took 1.10 × as long as processes, but the rank test does not agree (95 %: 1.01–1.20, p = \
             0.062); more repeats would tell."
        );
    }

    #[test]
    fn p_values_keep_what_matters() {
        assert_eq!(
            [1.0, 0.0996, 0.015_625, 0.000_43, 1e-9].map(p_text),
            ["1.00", "0.10", "0.016", "0.0004", "< 0.0001"]
        );
    }

    #[test]
    fn too_few_repeats_say_how_many_are_needed() {
        let (a, b) = (phrase(LaunchMode::Threads), phrase(LaunchMode::ThreadPool));
        assert_eq!(
            too_few(&a, &b, 3, 2.3),
            "Too few repeats to tell: 3 complete pairs, 6 are needed for a 95 % interval; threads took 2.30 × as long as the thread pool so far."
        );
        assert!(too_few(&a, &b, 1, 0.5).contains("1 complete pair,"));
        assert!(too_few(&a, &b, 1, 0.5).ends_with("the thread pool took 2.00 × as long as threads so far."));
        assert!(too_few(&a, &b, 2, 1.001).ends_with("threads took as long as the thread pool so far."));
    }

    #[test]
    fn what_differs_within_a_mode_is_named() {
        let fork = Setting {
            mode: LaunchMode::Processes,
            workers: 4,
            start_method: Some(StartMethod::Fork),
            interpreter: None,
            argument: None,
        };
        let spawn = Setting { workers: 1, start_method: Some(StartMethod::Spawn), ..fork };
        assert_eq!(Phrase::of(spawn, &[fork, spawn]).subject(), "Processes (spawn) with 1 worker");
    }
}
