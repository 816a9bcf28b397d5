//! What the sweep on the screen says, worked out in a thread: intervals are drawn by resampling, and no frame waits for it.

use crossbeam_channel::{Receiver, bounded};
use eframe::egui::Context;
use insight::scaling::Sweep;
use model::{Experiment, scaling::Scaling};
use std::sync::Arc;

/// How far the experiment was.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Made {
    runs_ended: usize,
    ended: bool,
}

/// What the sweep says, kept from frame to frame.
#[derive(Default)]
pub struct Scalings {
    /// The latest that was worked out; absent before the first, and where the experiment is no sweep.
    pub known: Option<Arc<Scaling>>,
    made: Option<Made>,
    to_come: Option<Receiver<Scaling>>,
}

impl Scalings {
    /// Works it out anew where a run has ended since; one at a time.
    pub fn follow(&mut self, ctx: &Context, experiment: &Experiment) {
        if let Some(receiver) = &self.to_come {
            match receiver.try_recv() {
                Ok(scaling) => self.known = Some(Arc::new(scaling)),
                Err(error) if error.is_empty() => return,
                Err(_) => {}
            }
            self.to_come = None;
        }
        let now = Made { runs_ended: experiment.progress().0, ended: experiment.ended };
        if self.made == Some(now) {
            return;
        }
        let Some(sweep) = Sweep::of(experiment) else { return };
        self.made = Some(now);
        let (sender, receiver) = bounded(1);
        let waker = ctx.clone();
        let work = move || {
            let _ = sender.send(sweep.scaling());
            waker.request_repaint();
        };
        match std::thread::Builder::new().name("scaling".to_owned()).spawn(work) {
            Ok(_) => self.to_come = Some(receiver),
            // The system has no thread now: the next frame tries again.
            Err(_) => self.made = None,
        }
    }
}
