//! Makes the runs of one request with the engine.

use super::{interrupt, progress::Progress, screen::Screen};
use crossbeam_channel::{Receiver, never, select};
use engine::{Command, Engine, Request};
use model::{Event, Experiment};

/// The outcome of a request.
#[derive(Default)]
pub struct Measurement {
    /// What was measured; `None` if the engine could not begin.
    pub experiment: Option<Experiment>,
    /// Why the engine could not go on.
    pub failure: Option<String>,
    /// Whether Ctrl-C ended it.
    pub interrupted: bool,
}

/// Makes the runs, and shows a line for each; returns when they are over.
pub fn measure(request: Request, screen: &Screen) -> Measurement {
    let mut measured = Measurement::default();
    match Engine::start(|| {}) {
        Ok(engine) => follow(&engine, request, &mut measured, screen),
        Err(error) => measured.fail(format!("the engine can't be started: {error}; end some other programs")),
    }
    screen.clear();
    measured
}

fn follow(engine: &Engine, request: Request, measured: &mut Measurement, screen: &Screen) {
    let mut interrupts = interrupt::watch();
    engine.send(Command::Launch(Box::new(request)));
    let mut progress = Progress::new(screen);
    loop {
        select! {
            recv(interrupts) -> _ => stop(engine, &mut interrupts, measured, screen),
            recv(engine.events()) -> batch => match batch {
                Ok(batch) => if measured.take_in(batch) { break },
                Err(_) => {
                    measured.fail("the engine ended before the runs did; please report this".to_owned());
                    break;
                }
            },
        }
        measured.experiment.iter().for_each(|experiment| progress.show(experiment));
    }
    measured.experiment.iter().for_each(|experiment| progress.show(experiment));
}

fn stop(engine: &Engine, interrupts: &mut Receiver<()>, measured: &mut Measurement, screen: &Screen) {
    // Only one message comes; after it the closed channel would wake the loop again and again.
    *interrupts = never();
    measured.interrupted = true;
    screen.say("Stopping; Ctrl-C again ends the program at once.");
    engine.send(Command::Stop);
}

impl Measurement {
    /// Takes in a batch of events; returns whether it was the last.
    fn take_in(&mut self, batch: Vec<Event>) -> bool {
        let mut over = false;
        for event in batch {
            over |= matches!(event, Event::Ended { .. } | Event::Failed(_));
            match (event, &mut self.experiment) {
                (Event::Started(experiment), _) => self.experiment = Some(*experiment),
                (Event::Failed(message), _) => self.fail(message),
                (event, Some(experiment)) => drop(experiment.take_in(event)),
                (_, None) => {}
            }
        }
        over
    }

    fn fail(&mut self, message: String) {
        if let Some(experiment) = &mut self.experiment {
            experiment.apply(&Event::Failed(message.clone()));
        }
        self.failure = Some(message);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use insight::testing::Builder;

    #[test]
    fn events_build_the_experiment_until_the_end() {
        let experiment = Builder::compare("t").build();
        let mut measured = Measurement::default();
        assert!(!measured.take_in(vec![Event::Started(Box::new(experiment))]));
        assert!(measured.take_in(vec![Event::Ended { stopped: true }]));
        let experiment = measured.experiment.expect("started");
        assert!(experiment.ended && experiment.message.is_some() && measured.failure.is_none());
    }

    #[test]
    fn an_engine_that_fails_says_why() {
        let mut measured = Measurement::default();
        assert!(measured.take_in(vec![Event::Failed("no runner".to_owned())]));
        assert_eq!((measured.failure.as_deref(), measured.experiment.is_none()), (Some("no runner"), true));
    }
}
