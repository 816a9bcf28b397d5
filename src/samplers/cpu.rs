//! Per-core CPU usage of the machine, by sysinfo, in a thread of its own.
//!
//! An *estimate*: the system counts ticks, so short loads are misread whatever the interval.

use crossbeam_channel::{Receiver, RecvTimeoutError, Sender, bounded, unbounded};
use model::Sample;
use std::time::{Duration, Instant};
use sysinfo::{CpuRefreshKind, MINIMUM_CPU_UPDATE_INTERVAL, RefreshKind, System};

/// How often to sample.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pace {
    /// Not at all.
    Off,
    /// Once a second, for a window without a run.
    Idle,
    /// As often as sysinfo can, while a run is measured.
    Run,
}

impl Pace {
    fn interval(self) -> Option<Duration> {
        match self {
            Self::Off => None,
            Self::Idle => Some(Duration::from_secs(1)),
            // Within 200 ms of the last refresh, sysinfo silently returns the old value.
            Self::Run => Some(MINIMUM_CPU_UPDATE_INTERVAL + Duration::from_millis(5)),
        }
    }
}

/// The sampling thread; it ends when this is dropped.
pub struct CpuSampler {
    pace: Sender<Pace>,
    samples: Receiver<Sample>,
}

impl CpuSampler {
    /// Starts the thread, at [`Pace::Off`]. If the thread can't start, there are no samples.
    pub fn start() -> Self {
        let (pace, asked) = unbounded();
        let (out, samples) = bounded(256);
        let work = move || {
            let wanted = RefreshKind::nothing().with_cpu(CpuRefreshKind::nothing().with_usage());
            match System::new_with_specifics(wanted) {
                Ok(system) => Worker { system, last: None, pace: Pace::Off, asked, out }.work(),
                Err(error) => tracing::warn!("no per-core usage: {error}"),
            }
        };
        if let Err(error) = std::thread::Builder::new().name("cpu sampler".to_owned()).spawn(work) {
            tracing::warn!("no per-core usage: {error}");
        }
        Self { pace, samples }
    }

    /// Changes how often samples come.
    pub fn set_pace(&self, pace: Pace) {
        let _ = self.pace.send(pace);
    }

    /// The samples; their instants are absolute nanoseconds of CLOCK_MONOTONIC.
    pub fn samples(&self) -> &Receiver<Sample> {
        &self.samples
    }
}

struct Worker {
    system: System,
    /// When sysinfo last refreshed; absent where the next refresh only sets the baseline of the counters.
    last: Option<(Instant, i64)>,
    pace: Pace,
    asked: Receiver<Pace>,
    out: Sender<Sample>,
}

impl Worker {
    fn work(mut self) {
        loop {
            let asked = match self.wait() {
                None => self.asked.recv().map_err(|_| RecvTimeoutError::Disconnected),
                Some(wait) => self.asked.recv_timeout(wait),
            };
            match asked {
                Ok(pace) => self.change(pace),
                Err(RecvTimeoutError::Timeout) => self.sample(),
                Err(RecvTimeoutError::Disconnected) => break,
            }
        }
    }

    fn wait(&self) -> Option<Duration> {
        let interval = self.pace.interval()?;
        Some(self.last.map_or(Duration::ZERO, |(last, _)| interval.saturating_sub(last.elapsed())))
    }

    fn change(&mut self, pace: Pace) {
        if self.pace == Pace::Off {
            self.last = None;
        }
        self.pace = pace;
        // A run begins, and its first sample with it.
        if pace == Pace::Run && self.last.is_some_and(|(last, _)| last.elapsed() > MINIMUM_CPU_UPDATE_INTERVAL) {
            self.sample();
        }
    }

    fn sample(&mut self) {
        self.system.refresh_cpu_usage();
        let (now, to_ns) = (Instant::now(), os::monotonic_ns());
        if let Some((last, from_ns)) = self.last.replace((now, to_ns)) {
            // If this thread was held up for long, it leaves a gap instead of a sample.
            let held_up = self.pace.interval().is_some_and(|interval| now - last > interval * 3);
            if !held_up {
                let busy = self.system.cpus().iter().map(|cpu| (cpu.usage() / 100.0).clamp(0.0, 1.0)).collect();
                let _ = self.out.try_send(Sample { from_ns, to_ns, busy });
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn samples_follow_each_other_without_overlap() {
        let sampler = CpuSampler::start();
        sampler.set_pace(Pace::Run);
        let taken: Vec<Sample> = sampler.samples().iter().take(3).collect();
        assert!(taken.iter().all(|sample| sample.to_ns - sample.from_ns >= 200_000_000));
        assert!(taken.windows(2).all(|pair| pair[0].to_ns <= pair[1].from_ns));
        assert!(taken.iter().flat_map(|sample| &sample.busy).all(|share| (0.0..=1.0).contains(share)));
    }
}
