use super::*;

const REPEATS: [f64; 7] = [0.99, 1.01, 1.0, 0.98, 1.02, 1.005, 0.995];

fn repeats(seconds: f64) -> Vec<f64> {
    REPEATS.map(|share| share * seconds).to_vec()
}

fn over_workers(seconds: &[f64], count: usize) -> Experiment {
    let mut builder = Builder::compare("t").without_samples().executions(8, 2).sweep("workers=1..4");
    for (workers, seconds) in (1..).zip(seconds) {
        builder = builder.workers(workers).makespans(Threads, &repeats(*seconds)[..count]);
    }
    builder.build()
}

fn over_limit(processes_secs: [f64; 3]) -> Experiment {
    let mut builder = Builder::compare("t").without_samples().sweep("primes.limit=100,1000,10000");
    for ((limit, threads), processes) in [100.0, 1e3, 1e4].into_iter().zip([0.01, 0.1, 1.0]).zip(processes_secs) {
        builder = builder.argument(limit).makespans(Threads, &repeats(threads));
        builder = builder.argument(limit).makespans(Processes, &repeats(processes));
    }
    builder.build()
}

fn found(experiment: &Experiment, id: &str) -> Option<Finding> {
    findings(experiment).into_iter().find(|finding| finding.id == id)
}

#[test]
fn the_best_number_of_workers_is_told_first() {
    let all = findings(&over_workers(&[2.0, 1.0, 1.1, 1.3], 7));
    let first = &all[0];
    assert_eq!((first.id.as_str(), first.title.as_str()), ("best-workers", "Best at 2 workers"));
    assert!(first.sentence.starts_with("Threads are best at 2 workers; beyond it"), "{}", first.sentence);
    assert_eq!((&first.evidence["best_workers_count"], &first.evidence["speedup_ratio"]), (&2.into(), &2.0.into()));
    assert_eq!(first.runs.len(), 7, "the repeats with 2 workers");
}

#[test]
fn too_few_repeats_or_no_sweep_have_no_best_number() {
    assert_eq!(found(&over_workers(&[2.0, 1.0, 1.1, 1.3], 5), "best-workers"), None);
    assert_eq!(found(&over_workers(&[2.0], 7), "best-workers"), None);
    assert_eq!(found(&both(|_, _| {}), "best-workers"), None);
}

#[test]
fn where_two_ways_cross_is_told_with_its_interval() {
    let finding = found(&over_limit([0.05, 0.12, 0.5]), "crossover").expect("a crossing");
    assert!(finding.sentence.starts_with("Processes begin to pay from limit "), "{}", finding.sentence);
    assert!(finding.evidence["interval"].as_str().is_some_and(|text| text.contains('–')), "{finding:?}");
    assert_eq!(finding.runs.len(), 7, "the repeats as processes at the largest limit");
}

#[test]
fn curves_that_do_not_cross_have_no_crossover() {
    assert_eq!(found(&over_limit([0.02, 0.2, 2.0]), "crossover"), None);
    assert_eq!(found(&over_limit([0.01, 0.1, 1.0]), "crossover"), None);
}
