//! What the window needs of the engine; tests put themselves in its place.

use crate::{
    engine::{Command, Engine},
    model::Event,
};
use crossbeam_channel::TryRecvError;

/// Takes commands and gives batches of events.
pub trait Backend {
    /// Asks for something.
    fn send(&self, command: Command);

    /// The next batch of events, without waiting.
    ///
    /// # Errors
    /// There is none now, or there will never be another.
    fn try_recv(&self) -> Result<Vec<Event>, TryRecvError>;
}

impl Backend for Engine {
    fn send(&self, command: Command) {
        Engine::send(self, command);
    }

    fn try_recv(&self) -> Result<Vec<Event>, TryRecvError> {
        self.events().try_recv()
    }
}
