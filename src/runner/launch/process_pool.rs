//! Long-lived worker processes that take executions from a counter in the mapped file.
//!
//! When a worker dies, its execution ends with it, and another worker takes its place. The instants are those of a pool, see
//! [`super::thread_pool`].

use super::{child, thread_pool};
use crate::{
    meter::{Life, Meter},
    session::Session,
};
use model::{Stage, StartMethod};
use os::{self, AsDescriptor, Descriptor, Forked, Poller};
use protocol::slots::{Head, Word};
use std::{
    collections::BTreeMap,
    fs::File,
    io::{self, PipeReader, PipeWriter, Read, Write},
    process::Stdio,
};

const DONE_KEY: u64 = u64::MAX;

/// Runs every execution in a pool of the session's limit.
pub fn run(session: &'static Session) {
    session.slots.set_head(Head::Launched, session.count() as i64);
    if let Err(error) = Pool::start(session).map(Pool::collect) {
        (0..session.count()).for_each(|execution| session.could_not_start(execution, &error));
    }
}

/// A worker's loop: takes executions until none is left, and reports each on `done`. Returns the exit status.
pub fn work(session: &'static Session, lane: usize, done: impl AsDescriptor) -> i32 {
    let Ok(mut done) = done.as_descriptor().try_clone_to_owned().map(File::from) else { return 3 };
    let mut meter = Meter::new(session, Life::Lasting);
    while !session.stopping() {
        let execution = session.slots.take_next();
        if execution >= session.count() {
            break;
        }
        thread_pool::one(session, lane, execution, &mut meter);
        if let Some(usage) = os::thread_usage() {
            session.slot(execution).set_counted(Word::MaxRss, usage.max_rss_bytes);
        }
        if done.write_all(&(execution as u32).to_ne_bytes()).is_err() {
            break;
        }
    }
    os::exit_now(0)
}

struct Pool {
    session: &'static Session,
    poller: Poller,
    done: PipeReader,
    tell: PipeWriter,
    workers: BTreeMap<usize, (u32, Descriptor)>,
    /// When the launcher began to wait for the next result.
    idle_since: i64,
}

impl Pool {
    fn start(session: &'static Session) -> io::Result<Self> {
        let (done, tell) = io::pipe()?;
        os::set_nonblocking(&done)?;
        let poller = Poller::new()?;
        poller.add(&done, DONE_KEY)?;
        let mut pool = Self { session, poller, done, tell, workers: BTreeMap::new(), idle_since: 0 };
        for lane in 0..session.limit() {
            if let Err(error) = pool.add_worker(lane) {
                // A smaller pool does the same work; one without workers can't.
                if pool.workers.is_empty() {
                    return Err(error);
                }
                break;
            }
        }
        Ok(pool)
    }

    fn add_worker(&mut self, lane: usize) -> io::Result<()> {
        let pid = match self.session.request.start_method {
            // The worker reports on its stdin, the only descriptor that it is sure to get.
            StartMethod::Spawn => {
                child::start_worker(self.session, &format!("pool-{lane}"), Stdio::from(self.tell.try_clone()?))?
            }
            StartMethod::Fork => self.fork_worker(lane)?,
            method => return Err(child::no_such_method(method)),
        };
        let watch = os::exit_watch(pid)?;
        self.poller.add(&watch, lane as u64)?;
        self.workers.insert(lane, (pid, watch));
        Ok(())
    }

    #[expect(unsafe_code, reason = "fork is unsafe where there are threads")]
    fn fork_worker(&self, lane: usize) -> io::Result<u32> {
        let parent = os::pid();
        // SAFETY: a launcher of processes has one thread.
        match unsafe { os::fork() }? {
            Forked::Parent(pid) => Ok(pid),
            Forked::Child => {
                os::die_with_parent(parent);
                os::exit_now(work(self.session, lane, &self.tell))
            }
        }
    }

    /// From now on the launcher only waits. The time for starting a worker does not count as waiting.
    fn wait_anew(&mut self) {
        self.idle_since = os::monotonic_ns();
        self.session.slots.wait_begins(self.idle_since, None);
    }

    fn collect(mut self) {
        self.wait_anew();
        let mut ready = Vec::new();
        while !self.workers.is_empty() {
            if self.poller.wait(true, &mut ready).is_err() {
                break;
            }
            // Results first: a worker's last result arrives before its end.
            if ready.contains(&DONE_KEY) {
                self.take_results();
            }
            for lane in ready.iter().copied().filter(|key| *key != DONE_KEY) {
                self.worker_ended(lane as usize);
            }
        }
        self.take_results();
        self.session.slots.wait_is_over();
    }

    fn take_results(&mut self) {
        let mut word = [0; 4];
        while self.done.read_exact(&mut word).is_ok() {
            self.join(u32::from_ne_bytes(word) as usize);
        }
    }

    fn join(&mut self, execution: usize) {
        self.session.slot(execution).set(Word::JoinCalled, self.idle_since);
        self.session.stamp(execution, Stage::Joined);
        self.wait_anew();
    }

    fn worker_ended(&mut self, lane: usize) {
        self.take_results();
        let Some((pid, watch)) = self.workers.remove(&lane) else { return };
        self.poller.remove(&watch);
        if let Ok((end, _)) = os::reap(pid) {
            self.note_death(pid, end);
        }
        let left = (self.session.slots.head(Head::Next) as usize) < self.session.count();
        if left
            && !self.session.stopping()
            && let Err(error) = self.add_worker(lane)
        {
            tracing::warn!("no worker in place of one that died: {error}");
        }
        self.wait_anew();
    }

    /// Notes the end of the execution on which a dead worker was.
    fn note_death(&mut self, pid: u32, end: os::ProcessEnd) {
        let was_at = (0..self.session.count()).find(|execution| {
            let slot = self.session.slot(*execution);
            slot.word(Word::Pid) == i64::from(pid) && slot.stage(Stage::Joined) == 0
        });
        let Some(execution) = was_at else { return };
        let slot = self.session.slot(execution);
        slot.set(Word::WaitStatus, i64::from(os::status_of(end)) + 1);
        if slot.stage(Stage::Exited) == 0 {
            self.session.stamp(execution, Stage::Exited);
        }
        self.join(execution);
    }
}
