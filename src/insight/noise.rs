//! What disturbed the measurements, in sentences with figures: other programs, drift, outliers, and what the machine was
//! like.

use super::{compare::makespans, label::word, others, verdict::p_text};
use model::{Conditions, Experiment, Run, Setting, quantity::human_ns};
use statistics::{outliers::Fences, trend::trend};

/// A drift is reported below this p-value: less than the usual 5 %, because every setting is tested.
const DRIFT_P: f64 = 0.01;
/// The least growth, from the first repeat to the last, that is reported as a drift.
const DRIFT: f64 = 0.03;
/// The fewest repeats in which a drift is looked for.
const DRIFT_FROM: usize = 6;
/// A warning comes where the runs' highest frequencies differ by more than this share.
const FREQUENCY: f64 = 0.1;

/// Why there is no baseline, then everything that is known to have disturbed the measurements.
pub fn warnings(experiment: &Experiment) -> Vec<String> {
    let settings = super::summary::settings(experiment);
    let mut warnings = experiment.baseline_notes.clone();
    warnings.extend(others::warnings(experiment));
    warnings.extend(settings.iter().filter_map(|setting| drift(experiment, *setting, &settings)));
    warnings.extend(settings.iter().filter_map(|setting| outliers(experiment, *setting, &settings)));
    warnings.extend(frequency(experiment));
    warnings.extend(throttling(experiment));
    warnings.extend(battery(experiment));
    warnings
}

/// `Processes got slower while …` where the makespans of a setting rise or fall over its repeats.
fn drift(experiment: &Experiment, setting: Setting, among: &[Setting]) -> Option<String> {
    let mut repeats = makespans(experiment, setting);
    repeats.sort_by_key(|(repeat, _)| *repeat);
    let values: Vec<f64> = repeats.iter().map(|(_, ns)| *ns).collect();
    let found = trend(&values).filter(|_| values.len() >= DRIFT_FROM)?;
    let share = found.growth - 1.0;
    if found.p_value >= DRIFT_P || share.abs() < DRIFT {
        return None;
    }
    let (longer, mend) = if share > 0.0 {
        ("longer", "a machine that gets warm or full does that; pause between runs")
    } else {
        ("shorter", "the first ones warmed something up; more warm-ups would take that in")
    };
    Some(format!(
        "Runs in {} took ever {longer}, {:.0} % from the first repeat to the last (Kendall's τ {:.2}, p {}): {mend}. \
         Pairs of repeats cancel a drift of both settings; medians don't.",
        word(setting, among),
        share.abs() * 100.0,
        found.tau,
        p_equals(found.p_value)
    ))
}

/// `= 0.003` or `< 0.0001`.
pub fn p_equals(p: f64) -> String {
    let text = p_text(p);
    if text.starts_with('<') { text } else { format!("= {text}") }
}

fn outliers(experiment: &Experiment, setting: Setting, among: &[Setting]) -> Option<String> {
    let repeats = makespans(experiment, setting);
    let fences = Fences::of(&repeats.iter().map(|(_, ns)| *ns).collect::<Vec<_>>())?;
    let far: Vec<_> = repeats.iter().filter(|(_, ns)| fences.is_outlier(*ns)).collect();
    let apart = |ns: f64| (ns / fences.median).ln().abs();
    let (repeat, ns) = far.iter().copied().max_by(|a, b| apart(a.1).total_cmp(&apart(b.1)))?;
    let which = match far.len() {
        1 => format!("Repeat {} of {} is an outlier: it", repeat + 1, word(setting, among)),
        n => {
            format!("{n} of {} repeats of {} are outliers; repeat {}", repeats.len(), word(setting, among), repeat + 1)
        }
    };
    let (took, median) = (human_ns(*ns as u64), human_ns(fences.median as u64));
    Some(format!(
        "{which} took {took} where the median is {median} (outside of Tukey's fences; it counts all the same)."
    ))
}

/// What is known of the machine in each measured run.
fn conditions(experiment: &Experiment) -> impl Iterator<Item = (&Run, &Conditions)> {
    let measured = experiment.runs.iter().filter(|run| !run.warmup);
    measured.filter_map(|run| Some((run, run.end.as_ref()?.conditions.as_ref()?)))
}

fn frequency(experiment: &Experiment) -> Option<String> {
    let highest = || conditions(experiment).filter_map(|(_, conditions)| conditions.highest_mhz);
    let (least, most) = (highest().min()?, highest().max()?);
    (f64::from(most) > f64::from(least) * (1.0 + FREQUENCY)).then(|| {
        format!(
            "The fastest core's clock was between {} and {} MHz from run to run (read before and after each): a fixed \
             frequency makes runs more alike.",
            least, most
        )
    })
}

fn throttling(experiment: &Experiment) -> Option<String> {
    let events: Vec<u64> = conditions(experiment).filter_map(|(_, c)| c.throttle_events.filter(|n| *n > 0)).collect();
    let times: u64 = events.iter().sum();
    (times > 0).then(|| {
        let (runs, plural) = (events.len(), if times == 1 { "" } else { "s" });
        let in_runs = if runs == 1 { "1 run".to_owned() } else { format!("{runs} runs") };
        format!("A core was slowed down for its heat {times} time{plural}, in {in_runs}: let the machine cool, and measure again.")
    })
}

fn battery(experiment: &Experiment) -> Option<String> {
    let known: Vec<bool> = conditions(experiment).filter_map(|(_, conditions)| conditions.on_battery).collect();
    let on = known.iter().filter(|on| **on).count();
    (on > 0).then(|| {
        let which = if on == known.len() { "all runs".to_owned() } else { format!("{on} of {} runs", known.len()) };
        format!("The machine ran on its battery in {which}, which may slow it down: plug it in, and measure again.")
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Builder;
    use model::LaunchMode::{Processes, Threads};

    fn steady() -> Vec<f64> {
        vec![1.0, 1.01, 0.99, 1.005, 0.995, 1.002, 0.998]
    }

    #[test]
    fn a_steady_quiet_machine_is_not_warned_of() {
        let experiment = Builder::compare("t").makespans(Threads, &steady()).makespans(Processes, &[0.5; 7]).build();
        assert!(warnings(&experiment).is_empty(), "{:?}", warnings(&experiment));
        let few = Builder::compare("t").makespans(Threads, &[1.0, 1.5, 2.0, 2.5]).makespans(Processes, &[1.0]).build();
        assert!(warnings(&few).is_empty());
    }

    #[test]
    fn drift_is_told_with_its_size_and_its_probability() {
        let rising: Vec<f64> = (0..8).map(|i| 1.0 + 0.02 * f64::from(i)).collect();
        let falling: Vec<f64> = rising.iter().rev().copied().collect();
        let experiment = Builder::compare("t").makespans(Threads, &rising).makespans(Processes, &falling).build();
        let said = warnings(&experiment);
        assert_eq!(said.len(), 2, "{said:?}");
        assert!(
            said[0].starts_with("Runs in threads took ever longer, 14 % from the first repeat to the last (Kendall's τ 1.00, p < 0.0001)"),
            "{said:?}"
        );
        assert!(said[1].contains("processes took ever shorter, 12 %") && said[1].contains("warm-ups"), "{said:?}");
    }

    #[test]
    fn outliers_are_named_and_the_worst_of_many() {
        let mut times = steady();
        times[2] = 2.0;
        let one = Builder::compare("t").makespans(Threads, &times).makespans(Processes, &steady()).build();
        assert_eq!(
            warnings(&one),
            [
                "Repeat 3 of threads is an outlier: it took 2.00 s where the median is 1.00 s (outside of Tukey's fences; it \
              counts all the same)."
            ]
        );
        times.extend(steady());
        times[9] = 0.2;
        let two = Builder::compare("t").makespans(Threads, &times).build();
        assert!(warnings(&two)[0].starts_with("2 of 14 repeats of threads are outliers; repeat 10 took 200 ms"));
    }

    #[test]
    fn what_the_machine_was_like_is_told() {
        let mut experiment =
            Builder::compare("t").makespans(Threads, &steady()).makespans(Processes, &steady()).build();
        for (run, at) in experiment.runs.iter_mut().zip(0..) {
            let conditions = Conditions {
                lowest_mhz: Some(800),
                highest_mhz: Some(if at == 3 { 2_400 } else { 3_100 }),
                throttle_events: Some(if at < 2 { 4 } else { 0 }),
                on_battery: Some(at >= 4),
            };
            run.end.as_mut().expect("ended").conditions = Some(conditions);
        }
        let said = warnings(&experiment);
        assert_eq!(said.len(), 3, "{said:?}");
        assert!(said[0].contains("between 2400 and 3100 MHz"));
        assert!(said[1].contains("8 times, in 2 runs"));
        assert!(said[2].contains("on its battery in 10 of 14 runs"));
    }
}
