//! Events in batches, and the front end's waker after each.

use crossbeam_channel::Sender;
use model::Event;

/// A batch is sent at the latest when it has this many events.
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

    /// Sends what there is.
    pub fn flush(&mut self) {
        if !self.batch.is_empty() {
            let _ = self.outbox.send(std::mem::take(&mut self.batch));
            (self.waker)();
        }
    }
}
