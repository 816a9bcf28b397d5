//! Launchers: one file for each mode.

mod child;
mod left_behind;
pub mod process_pool;
mod processes;
mod sequential;
mod thread_pool;
mod threads;

use super::session::Session;
use model::LaunchMode;
use protocol::text::Text;

/// Runs every execution of the session's request in its mode.
pub fn run(session: &'static Session) {
    session.create_all();
    match session.request.mode {
        LaunchMode::Sequential => sequential::run(session),
        LaunchMode::Threads => threads::run(session),
        LaunchMode::ThreadPool => thread_pool::run(session),
        LaunchMode::ProcessPool if !session.has_programs() => process_pool::run(session),
        // A program is a process anyway: a pool of programs is a limit on how many run at a time.
        LaunchMode::Processes | LaunchMode::ProcessPool => processes::run(session),
        mode @ (LaunchMode::Interpreters | LaunchMode::Asyncio) => {
            session.say(&Text::Fatal { message: format!("built-in targets have no mode {mode}") });
        }
    }
}
