//! Why a run could not begin, in a sentence.

use super::outcome::RunnerEnd;
use os::{self, ProcessEnd};
use std::io;

/// Precedes the reason why a guard could not start its program.
const GUARD_SAYS: &str = "spawnscope guard: ";

/// `the runner can't be started: …`, with advice if the system's limits are the cause.
pub fn refused(error: &io::Error) -> String {
    let mend = match os::limit_hint(error) {
        "" => "",
        _ => "; end some other programs, or raise the limit, which `ulimit -a` shows",
    };
    format!("the runner can't be started: {error}{mend}")
}

/// Why a runner ended before it said hello, from how it ended and what it wrote to stderr.
pub fn no_hello(end: &RunnerEnd, stderr: &str) -> String {
    let last = stderr.lines().next_back();
    if let Some(error) = last.filter(|line| line.starts_with(GUARD_SAYS)).and_then(os::system_error_in) {
        return refused(&error);
    }
    let said = last.map(|line| format!(": {line}")).unwrap_or_default();
    format!("the runner ended before it said hello ({}){said}", how(end))
}

/// `exit status 3`, `SIGKILL`.
pub fn how(end: &RunnerEnd) -> String {
    match end.end {
        ProcessEnd::Exited(code) => format!("exit status {code}"),
        ProcessEnd::Signalled(signal) => model::outcome::signal_name(signal),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whom_the_system_refuses_is_told_as_that_wherever_it_was_refused() {
        let end = RunnerEnd { end: ProcessEnd::Exited(3), reason: None };
        let refused_by_guard = no_hello(&end, "spawnscope guard: /bin/spawnscope: no room (os error 11)\n");
        assert_eq!(refused_by_guard, refused(&io::Error::from_raw_os_error(11)));
        assert!(refused_by_guard.contains("ulimit -a"), "{refused_by_guard}");
        let other = no_hello(&end, "one\ntwo\n");
        assert_eq!(other, "the runner ended before it said hello (exit status 3): two");
    }
}
