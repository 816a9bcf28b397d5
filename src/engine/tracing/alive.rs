//! How many processes and threads of a runner's tree are alive, from births and ends.

use model::Alive;
use os::Birth;
use std::collections::HashMap;

/// Beyond this many points, those within [`APART_NS`] of each other become one.
const MOST_POINTS: usize = 50_000;
/// See [`MOST_POINTS`].
const APART_NS: u64 = 10_000_000;

/// Counts living processes and threads.
#[derive(Default)]
pub struct AliveCount {
    /// The number of threads of each process.
    processes: HashMap<u32, u32>,
    threads: u32,
    points: usize,
    told: Option<Alive>,
}

impl AliveCount {
    /// Only the runner's process is alive.
    pub fn new(runner: u32) -> Self {
        Self { processes: HashMap::from([(runner, 1)]), threads: 1, points: 0, told: None }
    }

    /// A thread was made.
    pub fn born(&mut self, birth: Birth) {
        *self.processes.entry(birth.pid).or_insert(0) += 1;
        self.threads += 1;
    }

    /// A thread of a process has ended.
    pub fn ended(&mut self, pid: u32) {
        if let Some(threads) = self.processes.get_mut(&pid) {
            self.threads -= 1;
            *threads -= 1;
            if *threads == 0 {
                self.processes.remove(&pid);
            }
        }
    }

    /// Adds the numbers from this instant on, if they are to be reported.
    pub fn tell(&mut self, at_ns: u64, out: &mut Vec<Alive>) {
        let now = Alive { at_ns, processes: self.processes.len() as u32, threads: self.threads };
        let near = self.told.is_some_and(|told| at_ns.saturating_sub(told.at_ns) < APART_NS);
        if self.points < MOST_POINTS || !near {
            self.points += 1;
            self.told = Some(now);
            out.push(now);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn threads_and_processes_are_counted_from_birth_to_end() {
        let birth = |pid, tid| Birth { pid, tid, parent_pid: 1, parent_tid: 1 };
        let (mut count, mut out) = (AliveCount::new(1), Vec::new());
        count.tell(0, &mut out);
        count.born(birth(1, 2));
        count.born(birth(3, 3));
        count.tell(10, &mut out);
        count.ended(1);
        count.ended(3);
        count.tell(20, &mut out);
        let counts: Vec<_> = out.iter().map(|alive| (alive.at_ns, alive.processes, alive.threads)).collect();
        assert_eq!(counts, [(0, 1, 1), (10, 2, 3), (20, 1, 1)]);
    }
}
