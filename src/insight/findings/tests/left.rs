//! Processes that tasks leave behind.

use super::*;
use crate::testing::left::{experiment, process};
use model::LeftEnd;

#[test]
fn who_is_left_running_is_one_finding_and_who_remains_is_named_first() {
    let mut experiment = experiment();
    let found = finding(&experiment, left_running::ID);
    sound(&experiment, &found);
    assert_eq!(
        found.sentence,
        "9 processes were still running when the task or the run was over that had started them, of 2 kinds; as processes: \
         sleep 609 (process 99): it could not be ended, and may still be there."
    );
    assert!(found.advice.contains("ps -fp 99"), "{found:?}");
    assert_eq!((&found.evidence["left_count"], &found.evidence["remaining_count"]), (&9.into(), &1.into()));
    for run in &mut experiment.runs {
        run.end.iter_mut().for_each(|end| end.left.retain(|process| !process.remains()));
    }
    let found = finding(&experiment, left_running::ID);
    sound(&experiment, &found);
    assert_eq!(
        found.sentence,
        "8 processes were still running when the task or the run was over that had started them, all alike; as processes, \
         primes #1: sleep 600 (process 4710) held the stdout or stderr of who had started it; SIGKILL ended it."
    );
    assert!(found.advice.contains(">/dev/null 2>&1"), "{found:?}");
    assert_eq!(found.place.and_then(|place| place.execution), Some(0));
}

#[test]
fn one_that_is_left_is_told_as_one_and_explains_no_verdict() {
    let mut experiment = both(|_, _| {});
    assert!(!ids(&experiment).contains(&left_running::ID.to_owned()));
    let before = reason(&experiment, &compare(&experiment)[0]);
    let end = experiment.runs[0].end.get_or_insert_default();
    end.left = vec![process(7, None, LeftEnd::Terminated)];
    let found = finding(&experiment, left_running::ID);
    sound(&experiment, &found);
    assert_eq!(
        found.sentence,
        "1 process was still running when the task or the run was over that had started it; as threads: sleep 607 (process 7): \
         SIGTERM ended it."
    );
    assert!(!found.advice.contains("/dev/null"), "{found:?}");
    assert_eq!(reason(&experiment, &compare(&experiment)[0]), before);
}
