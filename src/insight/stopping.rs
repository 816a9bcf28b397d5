//! What is said of a comparison's precision: how far it is while it goes on, and why it stopped.

use super::{precision::Progress, remaining::limit_comes_first};
use model::{Experiment, duration::limit_text, quantity::figures};

/// `±7.2 % of ±5 % wanted, about 4 rounds to come`, or that the limit of time comes first; with no precision wanted `±3.4 %
/// so far`.
pub fn so_far(experiment: &Experiment, progress: &Progress) -> String {
    let wanted = experiment.plan.run.precision;
    let Some(half) = progress.half_width else {
        return "too few repeats for an interval yet".to_owned();
    };
    if wanted <= 0.0 {
        return format!("{} so far", plus_minus(half));
    }
    let to_come = match progress.rounds_to_come {
        _ if progress.enough => ": narrow enough".to_owned(),
        _ if limit_comes_first(experiment, progress) => {
            format!(", the limit of {} is likely to come first", limit(experiment))
        }
        Some(1) => ", about 1 round to come".to_owned(),
        Some(n) => format!(", about {n} rounds to come"),
        None => String::new(),
    };
    format!("{} of {} wanted{to_come}", plus_minus(half), plus_minus(wanted))
}

/// Why an experiment of two or more settings made no more repeats, in one sentence; `None` where it has not ended, or
/// has a message of its own.
pub fn why_stopped(experiment: &Experiment, progress: &Progress) -> Option<String> {
    if !experiment.ended || experiment.message.is_some() {
        return None;
    }
    let run = &experiment.plan.run;
    let repeats = experiment.compared.iter().map(|setting| experiment.repeats(*setting).count()).max().unwrap_or(0);
    let made = match repeats {
        1 => "1 repeat".to_owned(),
        n => format!("{n} repeats"),
    };
    if run.precision <= 0.0 {
        return Some(format!("{} of each, as asked.", capital(&made)));
    }
    let wanted = plus_minus(run.precision);
    Some(match (progress.half_width, progress.enough) {
        (Some(half), true) => {
            format!("Stopped after {made}: the interval is narrow enough, {} of {wanted} wanted.", plus_minus(half))
        }
        (None, true) => format!("Stopped after {made}: more of them would not make it comparable."),
        (Some(half), false) => format!(
            "Stopped after {made}, at the limit of {}: the interval is {}, and {wanted} was wanted; a longer limit would \
             narrow it.",
            limit(experiment),
            plus_minus(half)
        ),
        (None, false) => format!(
            "Stopped after {made}, at the limit of {}: too few for an interval; a longer limit would make more.",
            limit(experiment)
        ),
    })
}

fn limit(experiment: &Experiment) -> String {
    limit_text(experiment.plan.run.limit)
}

/// `±3.4 %`, `±5 %`.
pub fn plus_minus(share: f64) -> String {
    let percent = share * 100.0;
    let whole = (percent - percent.round()).abs() < 0.005 && percent >= 0.5;
    let number = if whole { format!("{percent:.0}") } else { short(percent) };
    format!("±{number} %")
}

fn short(percent: f64) -> String {
    if (0.995..99.95).contains(&percent) { format!("{percent:.1}") } else { figures(percent) }
}

fn capital(text: &str) -> String {
    super::phrase::capitalised(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{precision::of_experiment, testing::Builder};
    use model::LaunchMode::{Processes, Threads};
    use std::time::Duration;

    fn experiment(threads: &[f64], precision: f64) -> Experiment {
        let processes = vec![1.0; threads.len()];
        let mut experiment = Builder::compare("t").makespans(Threads, threads).makespans(Processes, &processes).build();
        experiment.plan.run.precision = precision;
        experiment
    }

    fn why(experiment: &Experiment) -> String {
        why_stopped(experiment, &of_experiment(experiment).expect("a comparison")).expect("it has ended")
    }

    #[test]
    fn the_interval_so_far_stands_beside_what_is_wanted() {
        let progress = |half_width, enough, rounds_to_come| Progress { half_width, enough, rounds_to_come };
        let words = |progress, wanted| {
            let mut experiment = experiment(&[1.0; 7], wanted);
            experiment.ended = false;
            so_far(&experiment, &progress)
        };
        assert_eq!(
            words(progress(Some(0.0717), false, Some(4)), 0.05),
            "±7.2 % of ±5 % wanted, about 4 rounds to come"
        );
        let late = "±7.2 % of ±5 % wanted, the limit of 60 s is likely to come first";
        assert_eq!(words(progress(Some(0.0717), false, Some(400)), 0.05), late);
        assert_eq!(words(progress(Some(0.034), true, Some(0)), 0.05), "±3.4 % of ±5 % wanted: narrow enough");
        assert_eq!(words(progress(Some(0.034), true, Some(0)), 0.0), "±3.4 % so far");
        assert_eq!(words(progress(None, false, None), 0.05), "too few repeats for an interval yet");
        assert_eq!([60.0, 2.5, 600.0].map(|s| limit_text(Duration::from_secs_f64(s))), ["60 s", "2.5 s", "10 min"]);
        assert_eq!(plus_minus(0.000_4), "±0.0400 %");
    }

    #[test]
    fn the_reason_to_stop_is_told() {
        let steady = [2.0; 7];
        assert_eq!(why(&experiment(&steady, 0.0)), "7 repeats of each, as asked.");
        assert_eq!(
            why(&experiment(&steady, 0.05)),
            "Stopped after 7 repeats: the interval is narrow enough, ±0.00 % of ±5 % wanted."
        );
        let wild = [1.0, 2.0, 1.5, 3.0, 1.2, 2.4, 1.1];
        let limit = why(&experiment(&wild, 0.05));
        assert!(limit.starts_with("Stopped after 7 repeats, at the limit of 60 s: the interval is ±"), "{limit}");
        let one = why(&experiment(&[1.0], 0.05));
        assert!(one.starts_with("Stopped after 1 repeat, at the limit") && one.contains("too few"), "{one}");
        let mut failed = Builder::compare("t").crash(Threads, 7).makespans(Processes, &[1.0; 7]).build();
        assert!(why(&failed).contains("would not make it comparable"), "{}", why(&failed));
        failed.message = Some("it was stopped".to_owned());
        assert_eq!(why_stopped(&failed, &of_experiment(&failed).expect("a comparison")), None);
    }
}
