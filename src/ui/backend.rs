//! What the window needs of the engine; tests put a fake in its place.

use super::calibration::SelfTest;
use crossbeam_channel::TryRecvError;
use engine::{self, Command, Engine};
use model::Event;

/// Takes commands and gives batches of events.
pub trait Backend {
    /// Sends a command.
    fn send(&self, command: Command);

    /// The self-test of what measuring costs, to be called in a thread of its own.
    fn self_test(&self) -> SelfTest;

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

    fn self_test(&self) -> SelfTest {
        || {
            let own =
                std::env::current_exe().map_err(|error| format!("the program's own file is not known: {error}"))?;
            engine::calibrate(&own)
        }
    }

    fn try_recv(&self) -> Result<Vec<Event>, TryRecvError> {
        self.events().try_recv()
    }
}
