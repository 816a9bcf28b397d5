//! The child's side: a runner launches the executions of one run in one mode, and stamps them.
//!
//! A runner starts with one thread, so that it can fork. The thread or process that runs a target stamps its slot; the launcher
//! stamps what only it sees.

mod guard;
mod lanes;
mod launch;
mod meter;
mod perform;
mod program_clocks;
mod session;
mod worker;

use protocol::{GUARD_VERB, NO_FOLDER, PROTOCOL, RUNNER_VERB, WORKER_VERB, slots::Head, text};
use session::Session;
use std::{
    ffi::OsString,
    path::{Path, PathBuf},
};

/// Does the work of a hidden verb, and returns the exit status; `None` where the arguments are a user's.
pub fn dispatch(args: &[OsString]) -> Option<i32> {
    match (args.get(1)?.to_str()?, args.get(2), args.get(3)) {
        (RUNNER_VERB, Some(folder), _) => Some(run(Path::new(folder))),
        (GUARD_VERB, Some(folder), Some(_)) => {
            Some(guard::run((folder != NO_FOLDER).then_some(Path::new(folder)), &args[3..]))
        }
        (WORKER_VERB, Some(folder), Some(what)) => Some(worker::run(Path::new(folder), what)),
        _ => None,
    }
}

/// The arguments to put before a program that belongs to no run, so that a guard runs it: when the program has ended, or the
/// host closes its stdin, the guard ends everything that the program started.
pub fn guard_of_no_run(own: PathBuf) -> Vec<OsString> {
    vec![own.into(), GUARD_VERB.into(), NO_FOLDER.into()]
}

fn run(folder: &Path) -> i32 {
    let session = match Session::open(folder) {
        Ok(session) => session,
        Err(error) => {
            os::say_on_stderr(format_args!("spawnscope runner: {error}"));
            return 3;
        }
    };
    session.say(&text::Text::Hello { protocol: PROTOCOL, runtime: "builtin".to_owned(), interpreter: None });
    match prepare(session) {
        Ok(()) => {
            session.slots.set_head(Head::Origin, os::monotonic_ns());
            launch::run(session);
            session.say(&text::Text::Bye { max_rss_bytes: os::peak_resident_bytes(), cpu_beside_ns: None });
            0
        }
        Err(error) => {
            session.say(&text::Text::Fatal { message: error.to_string() });
            3
        }
    }
}

fn prepare(session: &Session) -> std::io::Result<()> {
    perform::keep_panics_quiet();
    if session.wants_quiet_stdout() {
        os::silence_stdout()?;
    }
    os::make_room_for_descriptors(session.limit().saturating_mul(3) + 64);
    Ok(())
}
