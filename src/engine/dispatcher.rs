//! The one thread that orders what happens.

use super::Command;
use crate::model::Event;
use crossbeam_channel::{Receiver, Sender};

pub struct Dispatcher;

impl Dispatcher {
    pub fn new(_inbox: Receiver<Command>, _outbox: Sender<Vec<Event>>, _waker: Box<dyn Fn() + Send>) -> Self {
        Self
    }
    pub fn work(self) {}
}
