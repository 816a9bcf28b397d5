//! Sends events in batches, and calls the front end's waker after each.

use crossbeam_channel::Sender;
use model::Event;

/// A batch with this many events is sent at once.
const BATCH: usize = 1024;

/// Collects events and sends them in batches.
pub struct Emitter {
    outbox: Sender<Vec<Event>>,
    waker: Box<dyn Fn() + Send>,
    batch: Vec<Event>,
}

impl Emitter {
    pub fn new(outbox: Sender<Vec<Event>>, waker: Box<dyn Fn() + Send>) -> Self {
        Self { outbox, waker, batch: Vec::new() }
    }

    /// Adds an event to the batch.
    pub fn push(&mut self, event: Event) {
        self.batch.push(event);
        if self.batch.len() >= BATCH {
            self.flush();
        }
    }

    /// Sends the events collected so far.
    pub fn flush(&mut self) {
        if !self.batch.is_empty() {
            let _ = self.outbox.send(std::mem::take(&mut self.batch));
            (self.waker)();
        }
    }
}
