//! The front end's handle: commands in, batches of events out.

use super::{Request, dispatcher::Dispatcher, emitter::Emitter};
use crossbeam_channel::{Receiver, Sender, unbounded};
use model::Event;
use std::{io, path::PathBuf, thread::JoinHandle};

/// What a front end asks of the engine.
#[derive(Debug)]
pub enum Command {
    /// Make these runs; ignored and logged while others are in progress.
    Launch(Box<Request>),
    /// End everything at once, including threads.
    Stop,
    /// Whether to send per-core usage while no run is in progress.
    WatchIdle(bool),
    /// Stop, and end the engine.
    Quit,
}

/// The front end's handle of the engine. Dropping it stops everything.
pub struct Engine {
    commands: Sender<Command>,
    events: Receiver<Vec<Event>>,
    dispatcher: Option<JoinHandle<()>>,
}

impl Engine {
    /// Starts the engine; `waker` is called after each batch of events.
    ///
    /// # Errors
    /// The path of the program's own file is unknown, or no thread can be started.
    pub fn start(waker: impl Fn() + Send + 'static) -> io::Result<Self> {
        Self::with_runner(std::env::current_exe()?, waker)
    }

    /// Starts an engine that starts runners by executing `runner`: the program's own file, or in a test of the library
    /// the program beside it.
    ///
    /// # Errors
    /// No thread can be started.
    pub fn with_runner(runner: PathBuf, waker: impl Fn() + Send + 'static) -> io::Result<Self> {
        let (commands, inbox) = unbounded();
        let (outbox, events) = unbounded();
        let emitter = Emitter::new(outbox, Box::new(waker));
        let dispatcher = std::thread::Builder::new()
            .name("dispatcher".to_owned())
            .spawn(move || Dispatcher::new(inbox, emitter, runner).work())?;
        Ok(Self { commands, events, dispatcher: Some(dispatcher) })
    }

    /// Sends a command. If the dispatcher has died, [`Engine::events`] ends.
    pub fn send(&self, command: Command) {
        let _ = self.commands.send(command);
    }

    /// The batches of events, in order.
    pub fn events(&self) -> &Receiver<Vec<Event>> {
        &self.events
    }
}

impl Drop for Engine {
    fn drop(&mut self) {
        self.send(Command::Quit);
        if let Some(dispatcher) = self.dispatcher.take() {
            let _ = dispatcher.join();
        }
    }
}
