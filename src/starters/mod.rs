//! The starter plans, embedded: each shows one thing.

/// A plan that comes with the program.
#[derive(Clone, Copy, Debug)]
pub struct Starter {
    /// Its file in `resources/plans/`.
    pub file: &'static str,
    /// The plan's name.
    pub title: &'static str,
    /// One line for people: what it shows.
    pub shows: &'static str,
    /// The id of the finding that it was made to show (`insight::findings`).
    pub finding: &'static str,
    /// The plan file.
    pub toml: &'static str,
}

impl Starter {
    /// Its name on the command line: its file without the extension.
    pub fn name(&self) -> &'static str {
        self.file.trim_end_matches(".toml")
    }
}

macro_rules! starter {
    ($file:literal, $finding:literal, $title:literal, $shows:literal) => {
        Starter {
            file: $file,
            title: $title,
            shows: $shows,
            finding: $finding,
            toml: include_str!(concat!("../../resources/plans/", $file)),
        }
    };
}

static STARTERS: [Starter; 21] = [
    starter!(
        "memory-map-lock.toml",
        "kernel-contention",
        "Memory map lock",
        "Threads queue for the lock of the one memory map that they share."
    ),
    starter!(
        "no-difference.toml",
        "no-difference",
        "No difference",
        "Work that shares nothing takes equally long in threads and in processes."
    ),
    starter!(
        "false-sharing.toml",
        "shared-cache-line",
        "False sharing",
        "Counters in one cache line slow threads down."
    ),
    starter!(
        "shared-mutex.toml",
        "serialised-on-a-lock",
        "Shared mutex",
        "Threads queue for one lock; each process has its own."
    ),
    starter!(
        "start-up-cost.toml",
        "start-cost-dominates",
        "Start-up cost",
        "A thread is launched much faster than a process."
    ),
    starter!(
        "crossover.toml",
        "crossover",
        "When processes begin to pay",
        "A sweep over the length of executions: two curves cross."
    ),
    starter!(
        "scaling.toml",
        "best-workers",
        "How many at once?",
        "A sweep over the workers: how much each of them adds."
    ),
    starter!(
        "oversubscription.toml",
        "oversubscription",
        "Oversubscription",
        "More executions than cores: they wait for a core."
    ),
    starter!("waiting.toml", "waiting", "Waiting", "Waits overlap and need no core, in threads and in processes."),
    starter!(
        "crash.toml",
        "crash-took-others",
        "Crash",
        "A thread that crashes takes the others with it; a process ends alone."
    ),
    starter!("programs.toml", "runs-at-once", "Programs", "Programs run in their own processes; their output is kept."),
    starter!(
        "python-gil.toml",
        "interpreter-lock",
        "Python: the GIL",
        "Python's threads take turns; processes run at once."
    ),
    starter!(
        "python-hashlib.toml",
        "runs-at-once",
        "Python: a call that releases the GIL",
        "While C code hashes, other threads run."
    ),
    starter!(
        "python-compress.toml",
        "runs-at-once",
        "Python: compression",
        "While C code compresses, other threads run."
    ),
    starter!("python-waiting.toml", "waiting", "Python: waiting", "Sleeping, reading and writing release the GIL."),
    starter!(
        "python-tiny-tasks.toml",
        "start-cost-dominates",
        "Python: many tiny tasks",
        "How much each mode of launching costs."
    ),
    starter!(
        "python-start-methods.toml",
        "start-methods",
        "Python: fork, spawn, forkserver",
        "Three ways to start a process."
    ),
    starter!(
        "python-tutorial.toml",
        "join-order",
        "Python: start and join",
        "The example of every tutorial, in the row main."
    ),
    starter!(
        "python-join-timeout.toml",
        "join-timeout",
        "Python: join with a timeout",
        "What start() and join() refuse."
    ),
    starter!(
        "python-asyncio.toml",
        "one-thread-overlaps",
        "Python: asyncio",
        "Coroutines wait at the same time in one thread."
    ),
    starter!(
        "python-and-native.toml",
        "interpreter-lock",
        "Native threads and Python's",
        "The same work in Rust and in Python."
    ),
];

/// Every starter plan; the first is the default.
pub fn all() -> &'static [Starter] {
    &STARTERS
}

/// The starter of this name, with or without `.toml`.
pub fn find(name: &str) -> Option<&'static Starter> {
    all().iter().find(|starter| starter.file == name || starter.name() == name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::{Field, LaunchMode, Plan, Target};
    use std::collections::BTreeSet;
    use targets::check::check_plan;

    fn plan(starter: &Starter) -> Plan {
        toml::from_str(starter.toml).unwrap_or_else(|error| panic!("{}: {error}", starter.file))
    }

    #[test]
    fn every_plan_of_the_folder_is_a_starter() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../resources/plans");
        let names = std::fs::read_dir(folder).expect("the folder").map(|entry| entry.expect("a file").file_name());
        let files: BTreeSet<_> = names.map(|name| name.into_string().expect("UTF-8")).collect();
        assert_eq!(files, all().iter().map(|starter| starter.file.to_owned()).collect());
    }

    #[test]
    fn every_starter_is_a_good_plan_in_its_mode() {
        for starter in all() {
            let plan = plan(starter);
            let mut problems = check_plan(&plan, &[plan.choice()]);
            // This machine may lack a program; that is no fault of the plan.
            problems.retain(|problem| problem.field != Field::Target || !problem.message.contains("PATH"));
            assert_eq!(problems, [], "{}", starter.file);
        }
    }

    #[test]
    fn titles_are_the_plans_names_and_comments_stand_on_top() {
        for starter in all() {
            assert_eq!(plan(starter).name, starter.title);
            assert!(starter.toml.starts_with("# ") && starter.shows.ends_with('.'), "{}", starter.file);
            assert_eq!(find(starter.name()).map(|found| found.file), Some(starter.file));
        }
    }

    #[test]
    fn what_a_starter_was_made_to_show_is_a_rule() {
        let rules: BTreeSet<&str> = insight::findings::ids().collect();
        for starter in all() {
            assert!(rules.contains(starter.finding), "{}: {}", starter.file, starter.finding);
        }
    }

    #[test]
    fn the_first_can_be_compared_and_a_program_is_alone_in_its_starter() {
        for starter in all() {
            let plan = plan(starter);
            let comparable = check_plan(&plan, &[LaunchMode::Threads.into(), LaunchMode::Processes.into()]).is_empty();
            let has_program = plan.tasks.iter().any(|task| matches!(task.target, Target::Program(_)));
            assert_eq!(comparable, !has_program, "{}", starter.file);
        }
        assert!(check_plan(&plan(&all()[0]), &[LaunchMode::Threads.into()]).is_empty());
    }
}
