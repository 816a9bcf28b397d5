//! The sample that was under way when a run ended: it comes later, and belongs to that run too.

use super::emitter::Emitter;
use model::{Event, RunEvent, Sample};

/// A run that has ended, and waits for the sample that covers its end.
#[derive(Clone, Copy)]
pub struct Tail {
    pub run: u32,
    pub origin_ns: i64,
    pub end_ns: i64,
}

impl Tail {
    /// Gives the run a sample that overlaps it. Whether its end is covered now.
    pub fn take(&self, sample: &Sample, emitter: &mut Emitter) -> bool {
        if sample.from_ns < self.end_ns && sample.to_ns > self.origin_ns {
            emitter.push(Event::Run(self.run, RunEvent::Sample(relative(sample.clone(), self.origin_ns))));
        }
        sample.to_ns >= self.end_ns
    }
}

/// A sample whose instants count from a run's origin.
pub fn relative(sample: Sample, origin_ns: i64) -> Sample {
    Sample {
        from_ns: sample.from_ns.saturating_sub(origin_ns),
        to_ns: sample.to_ns.saturating_sub(origin_ns),
        ..sample
    }
}
