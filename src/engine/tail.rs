//! The sample in progress when a run ended: it arrives later, and belongs to that run too.

use model::{Event, RunEvent, Sample};

/// A run that has ended and waits for the sample that covers its end.
#[derive(Clone, Copy, Debug)]
pub struct Tail {
    pub run: u32,
    pub origin_ns: i64,
    pub end_ns: i64,
}

impl Tail {
    /// The event for a sample, if the sample overlaps the run.
    pub fn told(&self, sample: &Sample) -> Option<Event> {
        let overlaps = sample.from_ns < self.end_ns && sample.to_ns > self.origin_ns;
        overlaps.then(|| Event::Run(self.run, RunEvent::Sample(relative(sample.clone(), self.origin_ns))))
    }

    /// Whether a sample reaches the run's end.
    pub fn is_covered(&self, sample: &Sample) -> bool {
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
