//! The runner of Python functions: small files, each with one concern, joined into the one file that is put into a
//! run's folder. As a single module, children import it by one name, before the user's own folder is on the path.

/// One of the files, followed by the empty lines that Python's style wants between two parts.
macro_rules! piece {
    ($name:literal) => {
        concat!(include_str!(concat!("../../resources/python/runner/", $name, ".py")), "\n\n")
    };
}

/// The joined file, in this order. `resources/python/join.py` reads the order from here.
pub const PYTHON_RUNNER: &str = concat!(
    piece!("beginning"),
    piece!("slots"),
    piece!("texts"),
    piece!("output"),
    piece!("outcome"),
    piece!("meters"),
    piece!("execution"),
    piece!("where"),
    piece!("perform"),
    piece!("targets"),
    piece!("fitting"),
    piece!("launcher"),
    piece!("sequential"),
    piece!("threads"),
    piece!("jobs"),
    piece!("processes"),
    piece!("workers"),
    piece!("pools"),
    piece!("event_loop"),
    piece!("main"),
);

#[cfg(test)]
mod tests {
    use super::*;
    use model::Stage;
    use protocol::{
        PROTOCOL, sending,
        slots::{Head, Reported, SLOT_WORDS, Word},
    };
    use std::collections::BTreeMap;

    /// The numbers that a Python source names, in lines such as `A, B = range(3, 5)`, `(A, B) = 1, 2` and `A = 3`.
    fn numbers(source: &str) -> BTreeMap<String, i64> {
        let mut found = BTreeMap::new();
        let flat = source.replace("(\n", "(").replace(",\n", ",");
        let is_name = |name: &&str| name.starts_with(|letter: char| letter.is_ascii_uppercase());
        for (names, values) in flat.lines().filter_map(|line| line.split_once(" = ")) {
            let names: Vec<&str> = names.trim_matches(['(', ')']).split(',').map(str::trim).collect();
            if !names.iter().all(is_name) {
                continue;
            }
            let inside = values.trim_start_matches("range").trim_matches(['(', ')']);
            let values_of = |text: &str| -> Option<Vec<i64>> {
                text.split(',').map(|one| one.trim().parse().ok().or_else(|| found.get(one.trim()).copied())).collect()
            };
            let Some(given) = values_of(inside) else { continue };
            let all = match (values.starts_with("range"), &given[..]) {
                (true, [end]) => (0..*end).collect(),
                (true, [from, end]) => (*from..*end).collect(),
                _ => given,
            };
            assert_eq!(names.len(), all.len(), "{names:?}");
            found.extend(names.iter().map(|name| (*name).to_owned()).zip(all));
        }
        found
    }

    #[test]
    fn python_has_the_numbers_of_the_protocol() {
        let stages = Stage::ALL.map(|stage| stage as i64);
        let mut expected: BTreeMap<&str, i64> =
            ["CREATED", "LAUNCH_CALLED", "LAUNCHED", "ENTERED", "LEFT", "EXITED", "JOINED"]
                .into_iter()
                .zip(stages)
                .collect();
        let header = [
            ("ORIGIN", Head::Origin),
            ("STOP", Head::Stop),
            ("LAUNCH_LIMIT", Head::Launched),
            ("STAMPS_ONLY", Head::StampsOnly),
            ("WAITS_SINCE", Head::WaitsSince),
            ("WAITS_FOR", Head::WaitsFor),
        ];
        expected.extend(header.map(|(name, word)| (name, word as i64)));
        let words = [
            ("JOIN_CALLED", Word::JoinCalled),
            ("PID", Word::Pid),
            ("TID", Word::Tid),
            ("LANE", Word::Lane),
            ("VERDICT", Word::Verdict),
            ("RESULT", Word::Result),
            ("WAIT_STATUS", Word::WaitStatus),
            ("USER_NS", Word::UserNs),
            ("SYSTEM_NS", Word::SystemNs),
            ("VOLUNTARY", Word::Voluntary),
            ("INVOLUNTARY", Word::Involuntary),
            ("MINOR_FAULTS", Word::MinorFaults),
            ("MAJOR_FAULTS", Word::MajorFaults),
            ("MAX_RSS", Word::MaxRss),
            ("ON_CPU", Word::OnCpuNs),
            ("RUNNABLE", Word::RunnableNs),
        ];
        expected.extend(words.map(|(name, word)| (name, word as i64)));
        let verdicts = [
            ("RETURNED", Reported::Returned),
            ("COULD_NOT_START", Reported::CouldNotStart),
            ("RAISED", Reported::Raised),
            ("EXIT_CALLED", Reported::ExitCalled),
            ("POOL_BROKE", Reported::PoolBroke),
            ("RETURNED_TEXT", Reported::ReturnedText),
            ("RETURNED_NONE", Reported::ReturnedNone),
            ("ABANDONED", Reported::Abandoned),
            ("RESULT_LOST", Reported::ResultLost),
        ];
        expected.extend(verdicts.map(|(name, verdict)| (name, verdict as i64)));
        expected.extend(sending::python_words());
        expected.insert("SLOT_WORDS", SLOT_WORDS as i64);
        let slots = numbers(include_str!("../../resources/python/runner/slots.py"));
        let slots: BTreeMap<&str, i64> = slots.iter().map(|(name, number)| (name.as_str(), *number)).collect();
        assert_eq!(slots, expected);
        assert_eq!(numbers(PYTHON_RUNNER)["PROTOCOL"], i64::from(PROTOCOL));
    }
}
