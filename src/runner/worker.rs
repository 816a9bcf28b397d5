//! A worker: our own binary, executed anew for one execution or for a pool's share of them.

use super::{
    launch::process_pool,
    meter::{Life, Meter},
    perform::{self, note_place, perform},
    session::Session,
};
use model::Stage;
use std::{ffi::OsStr, path::Path};

/// Runs a worker: `what` is the number of an execution, or `pool-` and a lane. Returns the exit status.
pub fn run(folder: &Path, what: &OsStr) -> i32 {
    os::die_with_parent(os::parent_pid());
    perform::keep_panics_quiet();
    let session = match Session::open(folder) {
        Ok(session) => session,
        Err(error) => {
            os::say_on_stderr(format_args!("spawnscope worker: {error}"));
            return 3;
        }
    };
    let what = what.to_string_lossy();
    if let Some(lane) = what.strip_prefix("pool-").and_then(|lane| lane.parse().ok()) {
        return process_pool::work(session, lane, std::io::stdin());
    }
    match what.parse::<usize>() {
        Ok(execution) if execution < session.count() => one(session, execution),
        _ => 3,
    }
}

fn one(session: &'static Session, execution: usize) -> i32 {
    note_place(session.slot(execution));
    let code = perform(session, execution, &mut Meter::new(session, Life::Worker));
    session.stamp(execution, Stage::Exited);
    os::exit_now(code)
}
