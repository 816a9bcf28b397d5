//! What a program leaves behind. Processes of its group end with it; processes that hold its output end with the run, as all
//! others do. The host is told which they are.

use crate::session::Session;
use model::{LeftEnd, LeftProcess};
use os::{self, AsDescriptor, BorrowedDescriptor, EndSignal};
use protocol::text::{self, Text};

/// Ends what is left of a reaped program's group; `pipes` are those through which the program wrote.
pub fn end_group(session: &Session, execution: usize, leader: u32, pipes: [Option<BorrowedDescriptor>; 2]) {
    if !os::is_group(leader) {
        return;
    }
    // The guard adopts orphans, so all processes of a run are below it.
    let guard = os::parent_pid();
    let pipes: Vec<String> = pipes.into_iter().flatten().filter_map(os::pipe_name).collect();
    for process in os::descendants(guard).iter().filter(|process| process.group == leader && !process.ended) {
        let holds_output = pipes.iter().any(|pipe| os::has_open(process.pid, pipe));
        tell(session, execution, process.pid, Some(LeftEnd::Killed), holds_output);
        let _ = os::signal_descendant(process.pid, guard, EndSignal::Kill);
    }
}

/// Tells the host which processes still hold the other end of an ended program's output pipe.
pub fn tell_holders(session: &Session, execution: usize, pipe: impl AsDescriptor) {
    let Some(pipe) = os::pipe_name(pipe) else { return };
    let own = os::pid();
    for process in os::descendants(os::parent_pid()).iter().filter(|process| process.pid != own && !process.ended) {
        if os::has_open(process.pid, &pipe) {
            tell(session, execution, process.pid, None, true);
        }
    }
}

fn tell(session: &Session, execution: usize, pid: u32, end: Option<LeftEnd>, holds_output: bool) {
    let command = os::command_line(pid).unwrap_or_default();
    let (command, execution) = (text::cut(command.trim_end()), Some(execution as u32));
    session.say(&Text::Left(LeftProcess { pid, command, execution, holds_output, end }));
}
