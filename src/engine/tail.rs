//! The sample that was under way when a run ended: it comes later, and belongs to that run too.

use super::emitter::Emitter;
use crate::model::{Event, RunEvent, Sample};

/// A run that has ended, and waits for the sample that covers its end.
#[derive(Clone, Copy)]
pub struct Tail {
    pub run: u32,
    pub origin_ns: i64,
    pub end_ns: i64,
}

impl Tail {
    /// Gives the run a sample that overlaps it. Returns what still waits: nothing, once its end is covered.
    pub fn take(self, sample: &Sample, emitter: &mut Emitter) -> Option<Self> {
        if sample.from_ns < self.end_ns && sample.to_ns > self.origin_ns {
            emitter.push(Event::Run(self.run, RunEvent::Sample(relative(sample.clone(), self.origin_ns))));
        }
        (sample.to_ns < self.end_ns).then_some(self)
    }
}

/// A sample whose instants count from a run's origin.
pub fn relative(sample: Sample, origin_ns: i64) -> Sample {
    Sample { from_ns: sample.from_ns - origin_ns, to_ns: sample.to_ns - origin_ns, ..sample }
}
