//! All work that no frame waits for: each job runs in a thread, sends its result into one channel, and asks for a
//! frame.

use crate::{curves::Worked, files::FileDone, keeper::News, python::Fact, state::Identity, summary::Summed};
use crossbeam_channel::{Receiver, Sender, unbounded};
use model::MeasuringCosts;
use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    path::PathBuf,
    sync::Arc,
    thread::{self, JoinHandle},
};

/// What is done in the background.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Work {
    /// A file is read or written, the one of trusted files included.
    File,
    /// The system's file dialog is waited for.
    Dialog,
    /// What measuring costs is measured.
    SelfTest,
    /// The summary of an experiment is made.
    Summary,
    /// A curve of many slices is worked out.
    Curve,
    /// Results and unsaved changes are kept.
    Keeping,
    /// Interpreters are asked.
    Python,
}

/// The result of a job.
pub enum Done {
    /// A file was read or written.
    File(FileDone),
    /// The system's dialog was closed, on a file or on none.
    Dialog(Option<PathBuf>),
    /// What measuring costs.
    Calibrated(Result<MeasuringCosts, String>),
    /// The summary of an experiment.
    Summed(Identity, Box<Summed>),
    /// A curve of one of its runs.
    Curve(Identity, Worked),
    /// What is kept.
    Kept(News),
    /// What an interpreter said.
    Python(Fact),
    /// No result: the system refused a thread, or the job panicked. Why, in one sentence.
    Failed(Work, String),
}

/// When a frame is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wake {
    /// At once: the user waits for it.
    AtOnce,
    /// With the next frame that is drawn anyway, while a run is measured; else at once.
    InTurn,
}

/// Starts jobs, and receives their results.
#[derive(Clone)]
pub struct Background {
    sender: Sender<Done>,
    done: Receiver<Done>,
    wake: Arc<dyn Fn(Wake) + Send + Sync>,
    /// Bytes of a thread's stack, where a test wants a thread refused.
    #[cfg(test)]
    stack: Option<usize>,
}

impl Work {
    /// The name of its threads.
    fn thread(self) -> &'static str {
        match self {
            Self::File => "file",
            Self::Dialog => "file dialog",
            Self::SelfTest => "self-test",
            Self::Summary => "summary",
            Self::Curve => "curve",
            Self::Keeping => "keeper",
            Self::Python => "interpreters",
        }
    }

    /// What the user is told where it fails.
    pub fn failure(self) -> &'static str {
        match self {
            Self::File => "The file was not read or written",
            Self::Dialog => "No file dialog could be opened",
            Self::SelfTest => "What measuring costs could not be measured",
            Self::Summary => "What the runs say together could not be worked out",
            Self::Curve => "A curve could not be worked out",
            Self::Keeping => "Results and unsaved changes are not kept",
            Self::Python => "Interpreters can't be asked",
        }
    }

    /// Whether the user asks for it each time, and so is told of every failure; of other work, only of the first.
    pub fn is_asked_for(self) -> bool {
        matches!(self, Self::File | Self::Dialog | Self::SelfTest)
    }
}

impl Done {
    fn wake(&self) -> Wake {
        match self {
            Self::Summed(..) | Self::Curve(..) => Wake::InTurn,
            _ => Wake::AtOnce,
        }
    }
}

impl Background {
    /// `wake` asks for a frame, in which results are taken in; any thread may call it.
    pub fn new(wake: impl Fn(Wake) + Send + Sync + 'static) -> Self {
        let (sender, done) = unbounded();
        Self {
            sender,
            done,
            wake: Arc::new(wake),
            #[cfg(test)]
            stack: None,
        }
    }

    /// The next result, without waiting.
    pub fn poll(&self) -> Option<Done> {
        self.done.try_recv().ok()
    }

    /// Does a job in a thread of its own.
    pub fn run(&self, work: Work, job: impl FnOnce() -> Done + Send + 'static) {
        let _ = self.start(work, move |background| background.tell(job()));
    }

    /// Starts a thread that may send many results. Where the system refuses the thread, there is none, and a failure is
    /// sent.
    pub fn start(&self, work: Work, job: impl FnOnce(&Self) + Send + 'static) -> Option<JoinHandle<()>> {
        let own = self.clone();
        let guarded = move || {
            // What the job owned is dropped with it, so nobody sees it half changed.
            if catch_unwind(AssertUnwindSafe(|| job(&own))).is_err() {
                own.tell(Done::Failed(work, "it ended without a result; try again".to_owned()));
            }
        };
        let builder = thread::Builder::new().name(work.thread().to_owned());
        #[cfg(test)]
        let builder = self.stack.into_iter().fold(builder, thread::Builder::stack_size);
        let refused = |error| self.tell(Done::Failed(work, format!("the system refused a thread: {error}; try again")));
        builder.spawn(guarded).map_err(refused).ok()
    }

    /// Sends the result of a job.
    pub fn tell(&self, done: Done) {
        let wake = done.wake();
        // It fails only where the window is gone, which needs no results.
        let _ = self.sender.send(done);
        (self.wake)(wake);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    fn background() -> (Background, Receiver<Wake>) {
        let (sender, woken) = unbounded();
        (Background::new(move |wake| sender.send(wake).expect("heard")), woken)
    }

    fn next(background: &Background, woken: &Receiver<Wake>) -> Done {
        woken.recv_timeout(Duration::from_secs(60)).expect("the window is woken");
        background.poll().expect("when a result is there")
    }

    #[test]
    fn what_comes_of_a_job_is_there_when_the_window_is_woken() {
        let (background, woken) = background();
        background.run(Work::Dialog, || Done::Dialog(Some("chosen".into())));
        assert!(matches!(next(&background, &woken), Done::Dialog(Some(path)) if path.ends_with("chosen")));
        assert!(background.poll().is_none());
    }

    #[test]
    fn a_job_that_panics_is_told() {
        let (background, woken) = background();
        background.run(Work::Curve, || panic!("a fault in a job"));
        let Done::Failed(Work::Curve, why) = next(&background, &woken) else { panic!("it failed") };
        assert!(why.contains("without a result"), "{why}");
    }

    #[test]
    fn a_thread_that_the_system_refuses_is_told() {
        let (mut background, woken) = background();
        background.stack = Some(isize::MAX as usize);
        assert!(background.start(Work::Keeping, |_| ()).is_none());
        let Done::Failed(Work::Keeping, why) = next(&background, &woken) else { panic!("it was refused") };
        assert!(why.starts_with("the system refused a thread: "), "{why}");
    }
}
