//! Warnings that other programs took much of the machine while a run was measured.

use super::label::within;
use model::{Experiment, Run, Setting, others::OTHERS_WARN};

/// `Other programs took about 12 % of the machine during this run (an estimate): …`; absent where they took little.
pub fn warning(run: &Run) -> Option<String> {
    let share = run.others_share.filter(|share| *share > OTHERS_WARN)?;
    Some(format!(
        "Other programs took about {:.0} % of the machine during this run (an estimate: the system counts ticks); \
         measure again when the machine is quiet.",
        share * 100.0
    ))
}

/// One sentence for each setting with a run in which other programs took much; it names the worst run.
pub fn warnings(experiment: &Experiment) -> Vec<String> {
    loud(experiment, &experiment.settings()).into_iter().map(|(_, sentence)| sentence).collect()
}

/// The sentence of that one among these settings in which other programs took the most.
pub fn worst(experiment: &Experiment, among: &[Setting]) -> Option<String> {
    loud(experiment, among).into_iter().max_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, sentence)| sentence)
}

/// For each setting in which other programs took much: their greatest share, and the sentence.
fn loud(experiment: &Experiment, settings: &[Setting]) -> Vec<(f64, String)> {
    let worst = |setting| {
        let runs = experiment.runs.iter().filter(move |run| run.setting() == setting && !run.warmup);
        let loud = runs.filter(|run| run.others_share.is_some_and(|share| share > OTHERS_WARN));
        let share = |run: &Run| run.others_share.unwrap_or(0.0);
        let count = loud.clone().count();
        Some((loud.max_by(|a, b| share(a).total_cmp(&share(b)))?, count))
    };
    let sentence = |(run, count): (&Run, usize)| {
        let more = match count {
            1 => String::new(),
            n => format!(", the most of {n} such repeats"),
        };
        let share = run.others_share.unwrap_or(0.0);
        let sentence = format!(
            "Other programs took about {:.0} % of the machine in {}, repeat {}{more} (an estimate); measure again when \
             it is quiet.",
            share * 100.0,
            within(run.setting(), settings),
            run.repeat + 1
        );
        (share, sentence)
    };
    settings.iter().filter_map(|setting| worst(*setting)).map(sentence).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Builder;
    use model::LaunchMode::{Processes, Threads};

    #[test]
    fn the_worst_run_of_a_setting_is_named_and_quiet_ones_are_not() {
        let mut experiment =
            Builder::compare("t").makespans(Threads, &[1.0, 1.0, 1.0]).makespans(Processes, &[1.0]).build();
        for (run, share) in experiment.runs.iter_mut().zip([0.07, 0.21, 0.04, 0.05]) {
            run.others_share = Some(share);
        }
        let said = warnings(&experiment);
        assert_eq!(said.len(), 1, "{said:?}");
        assert!(said[0].contains("21 %") && said[0].contains("in threads, repeat 2, the most of 2"), "{said:?}");
        assert!(said[0].contains("estimate"));
        experiment.runs[3].others_share = Some(0.4);
        let compared = experiment.compared.clone();
        assert!(worst(&experiment, &compared).is_some_and(|said| said.contains("40 % of the machine in processes")));
        assert!(worst(&experiment, &compared[..1]).is_some_and(|said| said.contains("21 %")));
        assert!(warning(&experiment.runs[1]).expect("loud").contains("21 %"));
        assert_eq!(warning(&experiment.runs[2]), None);
    }
}
