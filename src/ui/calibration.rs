//! The self-test of what measuring costs, in a thread of its own.

use crossbeam_channel::{Receiver, bounded};
use model::MeasuringCosts;

/// Makes the self-test, which takes a second or two.
pub type SelfTest = fn() -> Result<MeasuringCosts, String>;

/// What is known of what measuring costs here.
#[derive(Default)]
pub enum Calibration {
    /// Nobody has asked yet.
    #[default]
    NotYet,
    /// It is being measured.
    Running(Receiver<Result<MeasuringCosts, String>>),
    /// What came of it.
    Done(Box<MeasuringCosts>),
    /// Why nothing did, in one sentence.
    Failed(String),
}

impl Calibration {
    /// Starts the self-test; `wake` is called when it is over.
    pub fn start(test: SelfTest, wake: impl FnOnce() + Send + 'static) -> Self {
        let (sender, receiver) = bounded(1);
        let work = move || {
            let _ = sender.send(test());
            wake();
        };
        match std::thread::Builder::new().name("self-test".to_owned()).spawn(work) {
            Ok(_) => Self::Running(receiver),
            Err(error) => Self::Failed(format!("the system refused a thread: {error}; try again")),
        }
    }

    /// Takes the result in, where it has come.
    pub fn poll(&mut self) {
        let Self::Running(receiver) = self else { return };
        match receiver.try_recv() {
            Ok(Ok(costs)) => *self = Self::Done(Box::new(costs)),
            Ok(Err(message)) => *self = Self::Failed(message),
            Err(crossbeam_channel::TryRecvError::Empty) => {}
            Err(crossbeam_channel::TryRecvError::Disconnected) => {
                *self = Self::Failed("the self-test ended without a result; try again".to_owned());
            }
        }
    }

    /// Whether it goes on.
    pub fn is_running(&self) -> bool {
        matches!(self, Self::Running(_))
    }
}
