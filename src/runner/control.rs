//! Orders of the host, and its end: the runner's stdin.

use super::{live, session::Session};
use crate::{
    os::{self, EndSignal},
    protocol::{slots::Word, text::Order},
};
use std::io::{self, BufRead, Read};

/// Carries out an order.
fn obey(session: &Session, order: &Order) {
    let (executions, signal) = match order {
        Order::Terminate { executions } => (executions, EndSignal::Terminate),
        Order::Kill { executions } => (executions, EndSignal::Kill),
        // For a guard; this runner ends with its lifeline.
        Order::End {} => return,
    };
    for execution in executions.iter().map(|execution| *execution as usize).filter(|id| *id < session.count()) {
        if let Ok(pid) = u32::try_from(session.slot(execution).word(Word::Pid)) {
            live::signal(pid, signal);
        }
    }
}

/// The host is gone: ends everybody, clears the run's folder, and ends.
pub fn host_is_gone(session: &Session) -> ! {
    live::kill_all();
    let _ = std::fs::remove_dir_all(&session.folder);
    os::exit_now(1)
}

/// Listens in a thread of its own, for modes in which the launcher's thread runs targets or blocks in join.
pub fn listen_in_thread(session: &'static Session) {
    let listen = move || {
        for line in io::stdin().lock().lines().map_while(Result::ok) {
            obey_line(session, line.as_bytes());
        }
        host_is_gone(session);
    };
    if let Err(error) = std::thread::Builder::new().name("lifeline".to_owned()).stack_size(64 << 10).spawn(listen) {
        tracing::warn!("no lifeline: {error}");
    }
}

fn obey_line(session: &Session, line: &[u8]) {
    match serde_json::from_slice(line) {
        Ok(order) => obey(session, &order),
        Err(error) => tracing::warn!("an order that can't be read: {error}"),
    }
}

/// Takes in what is on stdin without blocking, for a launcher that polls it.
#[derive(Default)]
pub struct Orders {
    partial: Vec<u8>,
}

impl Orders {
    /// Obeys what has come; ends the runner where the host is gone. Stdin must not block.
    pub fn take_in(&mut self, session: &Session) {
        let mut buffer = [0; 4096];
        loop {
            match io::stdin().lock().read(&mut buffer) {
                Ok(0) => host_is_gone(session),
                Ok(length) => self.feed(session, &buffer[..length]),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(_) => break,
            }
        }
    }

    fn feed(&mut self, session: &Session, bytes: &[u8]) {
        self.partial.extend_from_slice(bytes);
        while let Some(end) = self.partial.iter().position(|byte| *byte == b'\n') {
            obey_line(session, &self.partial[..end]);
            self.partial.drain(..=end);
        }
    }
}
