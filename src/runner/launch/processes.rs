//! A process for each execution: forked, executed anew, or a program.
//!
//! One thread does it all, so that it may fork: it polls the children's ends and their pipes. With room for all, it starts
//! every process and then joins them in the order of their start. With less room, it joins whichever ends first.

use super::{
    child::{self, Pipes, Started},
    left_behind,
};
use crate::{
    lanes::Lanes,
    perform::note_usage,
    program_clocks::ProgramClocks,
    session::{Session, Work},
};
use model::Stage;
use os::{self, AsDescriptor, BorrowedDescriptor, Descriptor, EndSignal, Poller};
use protocol::slots::{Head, Reported, Word};
use std::{collections::BTreeMap, io, ops::Range};

/// Launches every execution as a process, at most the session's limit at a time.
pub fn run(session: &'static Session) {
    launch(session, 0..session.count(), session.limit());
}

/// Launches one execution as a process.
pub fn run_one(session: &'static Session, execution: usize) {
    launch(session, execution..execution + 1, 1);
}

fn launch(session: &'static Session, executions: Range<usize>, limit: usize) {
    match Launcher::new(session, executions.clone(), limit) {
        Ok(mut launcher) => launcher.run(),
        Err(error) => executions.for_each(|execution| session.could_not_start(execution, &error)),
    }
}

/// What became ready, decoded from the poller's key.
enum Ready {
    Ended(usize),
    Output { execution: usize, stderr: bool },
}

impl Ready {
    fn of(key: u64) -> Self {
        match ((key / 3) as usize, key % 3) {
            (execution, 0) => Self::Ended(execution),
            (execution, part) => Self::Output { execution, stderr: part == 2 },
        }
    }
}

fn key(execution: usize, part: u64) -> u64 {
    execution as u64 * 3 + part
}

struct Child {
    pid: u32,
    lane: u32,
    ended: bool,
    watch: Descriptor,
    pipes: Option<Pipes>,
    clocks: Option<ProgramClocks>,
}

struct Launcher {
    session: &'static Session,
    executions: Range<usize>,
    limit: usize,
    in_order: bool,
    poller: Poller,
    lanes: Lanes,
    children: BTreeMap<usize, Child>,
    ready: Vec<u64>,
    /// Since when the launcher is free for the next join.
    idle_since: i64,
}

impl Launcher {
    fn new(session: &'static Session, executions: Range<usize>, limit: usize) -> io::Result<Self> {
        Ok(Self {
            session,
            in_order: limit >= executions.len(),
            executions,
            limit,
            poller: Poller::new()?,
            lanes: Lanes::default(),
            children: BTreeMap::new(),
            ready: Vec::new(),
            idle_since: 0,
        })
    }

    fn run(&mut self) {
        for execution in self.executions.clone() {
            if self.children.len() >= self.limit {
                self.wait_anew();
            }
            while self.children.len() >= self.limit {
                self.wait();
            }
            self.session.slots.wait_is_over();
            if self.session.stopping() {
                break;
            }
            self.start(execution);
            if self.in_order {
                self.poll(false);
            }
        }
        self.in_order = self.in_order && !self.session.stopping();
        self.wait_anew();
        while !self.children.is_empty() {
            self.wait();
        }
        self.session.slots.wait_is_over();
    }

    /// The launcher is free for the next join, and waits for it from now on, even if something else wakes it meanwhile.
    fn wait_anew(&mut self) {
        self.idle_since = os::monotonic_ns();
        let next = self.children.keys().next().copied().filter(|_| self.in_order);
        self.session.slots.wait_begins(self.idle_since, next);
    }

    fn start(&mut self, execution: usize) {
        let session = self.session;
        let slot = session.slot(execution);
        let lane = self.lanes.take();
        slot.set(Word::Lane, i64::from(lane) + 1);
        session.slots.set_head(Head::Launched, execution as i64 + 1);
        session.stamp(execution, Stage::LaunchCalled);
        match child::start(session, execution) {
            Ok(started) => {
                session.stamp(execution, Stage::Launched);
                self.keep(execution, lane, started);
            }
            Err(error) => {
                session.could_not_start(execution, &error);
                self.lanes.give(lane);
            }
        }
    }

    /// Watches a child. If no descriptor is free for that, kills the child and reports that it could not start.
    fn keep(&mut self, execution: usize, lane: u32, started: Started) {
        let Started { pid, pipes, clocks } = started;
        self.session.slot(execution).set(Word::Pid, i64::from(pid));
        match self.watch(execution, pid, pipes.as_ref()) {
            Ok(watch) => {
                self.children.insert(execution, Child { pid, lane, ended: false, watch, pipes, clocks });
            }
            Err(error) => self.give_up(execution, lane, pid, &error),
        }
    }

    fn watch(&self, execution: usize, pid: u32, pipes: Option<&Pipes>) -> io::Result<Descriptor> {
        let watch = os::exit_watch(pid)?;
        self.poller.add(&watch, key(execution, 0))?;
        if let Some(Pipes { stdout: Some(stdout), stderr: Some(stderr), .. }) = pipes {
            self.poller.add(stdout, key(execution, 1))?;
            self.poller.add(stderr, key(execution, 2))?;
        }
        Ok(watch)
    }

    fn give_up(&mut self, execution: usize, lane: u32, child: u32, error: &io::Error) {
        let _ = os::signal_descendant(child, os::pid(), EndSignal::Kill);
        let _ = os::reap(child);
        self.session.could_not_start(execution, error);
        self.lanes.give(lane);
    }

    /// Blocks until a child can be joined or something else has happened, and handles it.
    fn wait(&mut self) {
        let joinable = self.in_order && self.children.values().next().is_some_and(|child| child.ended);
        self.poll(!joinable);
        self.join_ended();
    }

    fn poll(&mut self, block: bool) {
        let mut ready = std::mem::take(&mut self.ready);
        if let Err(error) = self.poller.wait(block, &mut ready) {
            tracing::error!("can't wait for children: {error}");
            // The guard ends the processes that are left.
            os::exit_now(3);
        }
        ready.iter().for_each(|key| self.deal_with(Ready::of(*key)));
        self.ready = ready;
    }

    fn deal_with(&mut self, ready: Ready) {
        match ready {
            Ready::Ended(execution) => self.note_end(execution),
            Ready::Output { execution, stderr } => self.take_output(execution, stderr),
        }
    }

    fn note_end(&mut self, execution: usize) {
        let Some(child) = self.children.get_mut(&execution) else { return };
        child.ended = true;
        self.poller.remove(&child.watch);
        let slot = self.session.slot(execution);
        // A child that could not stamp its own end (a program, a crash) counts as gone from now on.
        if slot.stage(Stage::Exited) == 0 {
            let now = os::monotonic_ns();
            if matches!(self.session.work(execution), Work::Program { .. }) {
                slot.stamp(Stage::Left, now);
            }
            slot.stamp(Stage::Exited, now);
        }
    }

    fn take_output(&mut self, execution: usize, stderr: bool) {
        let Some(pipes) = self.children.get_mut(&execution).and_then(|child| child.pipes.as_mut()) else { return };
        if !pipes.take_in(stderr)
            && let Some(fd) = pipe_fd(pipes, stderr)
        {
            self.poller.remove(fd);
        }
    }

    fn join_ended(&mut self) {
        while let Some(execution) = self.next_to_join() {
            self.join(execution);
        }
    }

    fn next_to_join(&self) -> Option<usize> {
        match self.in_order {
            true => self.children.first_key_value().filter(|(_, child)| child.ended).map(|(execution, _)| *execution),
            false => self.children.iter().find(|(_, child)| child.ended).map(|(execution, _)| *execution),
        }
    }

    fn join(&mut self, execution: usize) {
        let Some(child) = self.children.remove(&execution) else { return };
        let slot = self.session.slot(execution);
        if let Some(clocks) = child.clocks {
            clocks.write(slot, child.pid);
        }
        let reaped = os::reap(child.pid);
        let joined_ns = os::monotonic_ns();
        if let Ok((end, usage)) = reaped {
            slot.set(Word::WaitStatus, i64::from(os::status_of(end)) + 1);
            note_usage(slot, usage, os::UsageCount::default());
            slot.set_counted(Word::MaxRss, usage.max_rss_bytes);
        }
        if matches!(self.session.work(execution), Work::Program { .. }) {
            // A program that started counts as returned; its exit status says the rest.
            slot.set(Word::Verdict, Reported::Returned as i64);
        }
        slot.set(Word::JoinCalled, self.idle_since);
        // *Joined* comes last: the host reads nothing more of an execution after it.
        slot.stamp(Stage::Joined, joined_ns);
        self.lanes.give(child.lane);
        if let Some(mut pipes) = child.pipes {
            let ends = [pipe_fd(&pipes, false), pipe_fd(&pipes, true)];
            left_behind::end_group(self.session, execution, child.pid, ends);
            self.finish_output(execution, &mut pipes);
        }
        self.wait_anew();
    }

    /// Reads what is left in the pipes, without waiting for what surviving processes may still write.
    fn finish_output(&self, execution: usize, pipes: &mut Pipes) {
        for stderr in [false, true] {
            let is_open = pipes.take_in(stderr);
            if let Some(fd) = pipe_fd(pipes, stderr) {
                self.poller.remove(fd);
                if is_open {
                    left_behind::tell_holders(self.session, execution, fd);
                }
            }
        }
        pipes.report(self.session, execution);
    }
}

fn pipe_fd(pipes: &Pipes, stderr: bool) -> Option<BorrowedDescriptor<'_>> {
    match stderr {
        false => pipes.stdout.as_ref().map(AsDescriptor::as_descriptor),
        true => pipes.stderr.as_ref().map(AsDescriptor::as_descriptor),
    }
}
