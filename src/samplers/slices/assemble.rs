//! Turns switch records, which come ring by ring, into happenings in order of time.

use super::{Happening, ThreadSlice, What};
use os::{SwitchKind, SwitchRecord};
use std::collections::HashMap;

/// Parts of a slice that still goes on are passed on from this length.
const PART_NS: i64 = 100_000_000;

/// The thread that is on a core now.
#[derive(Clone, Copy)]
struct Now {
    tid: u32,
    since_ns: i64,
}

/// Puts records in order, and makes slices of them.
///
/// Rings are read one after another, so a later record of one core may be read before an earlier one of another. But once all
/// rings were read, every record from before the first read is there.
#[derive(Default)]
pub struct Assembler {
    waiting: Vec<SwitchRecord>,
    now: HashMap<u32, Now>,
    lost: u64,
}

impl Assembler {
    /// Takes in a record.
    pub fn take(&mut self, record: SwitchRecord) {
        self.waiting.push(record);
    }

    /// How many records were lost.
    pub fn lost(&self) -> u64 {
        self.lost
    }

    /// Appends what happened until `until_ns`, in order.
    pub fn release(&mut self, until_ns: i64, out: &mut Vec<Happening>) {
        self.waiting.sort_by_key(|record| record.at_ns);
        let ready = self.waiting.partition_point(|record| record.at_ns <= until_ns);
        let rest = self.waiting.split_off(ready);
        for record in std::mem::replace(&mut self.waiting, rest) {
            self.settle(record, out);
        }
        self.tell_parts(until_ns, out);
    }

    fn settle(&mut self, record: SwitchRecord, out: &mut Vec<Happening>) {
        let SwitchRecord { at_ns, core, kind } = record;
        match kind {
            SwitchKind::On { tid } => {
                self.now.insert(core, Now { tid, since_ns: at_ns });
            }
            SwitchKind::Named { tid, name } => {
                out.push(Happening { at_ns, what: What::Named { tid, name, executed: false } });
            }
            SwitchKind::Executed { tid, name } => {
                out.push(Happening { at_ns, what: What::Named { tid, name, executed: true } });
                // The executing thread is on the core. When it was put there is known, unless that was before recording began.
                let now = self.now.entry(core).or_insert(Now { tid, since_ns: at_ns });
                if now.tid != tid {
                    *now = Now { tid, since_ns: at_ns };
                }
            }
            SwitchKind::Off { tid, preempted } => self.close(core, tid, at_ns, preempted, out),
            SwitchKind::Born(birth) => out.push(Happening { at_ns, what: What::Born(birth) }),
            SwitchKind::Ended { pid, tid } => {
                self.close(core, tid, at_ns, false, out);
                out.push(Happening { at_ns, what: What::Ended { pid, tid } });
            }
            SwitchKind::Lost(count) => {
                self.lost += count;
                self.now.remove(&core);
            }
        }
    }

    /// Ends the slice of a thread. There is none where the record that put the thread on the core was lost.
    fn close(&mut self, core: u32, tid: u32, to_ns: i64, preempted: bool, out: &mut Vec<Happening>) {
        let Some(now) = self.now.remove(&core).filter(|now| now.tid == tid) else { return };
        let slice = ThreadSlice { tid, core, from_ns: now.since_ns, to_ns, preempted };
        out.push(Happening { at_ns: to_ns, what: What::Slice(slice) });
    }

    fn tell_parts(&mut self, until_ns: i64, out: &mut Vec<Happening>) {
        let mut parts: Vec<_> = self.now.iter_mut().filter(|(_, now)| until_ns - now.since_ns >= PART_NS).collect();
        parts.sort_by_key(|(core, _)| **core);
        for (core, now) in parts {
            let (core, from_ns) = (*core, std::mem::replace(&mut now.since_ns, until_ns));
            let part = ThreadSlice { tid: now.tid, core, from_ns, to_ns: until_ns, preempted: false };
            out.push(Happening { at_ns: until_ns, what: What::Slice(part) });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use os::Name;

    fn record(at_ns: i64, core: u32, kind: SwitchKind) -> SwitchRecord {
        SwitchRecord { at_ns, core, kind }
    }

    fn slices(happenings: &[Happening]) -> Vec<(u32, u32, i64, i64, bool)> {
        let slice = |happening: &Happening| match happening.what {
            What::Slice(slice) => Some((slice.tid, slice.core, slice.from_ns, slice.to_ns, slice.preempted)),
            _ => None,
        };
        happenings.iter().filter_map(slice).collect()
    }

    #[test]
    fn rings_that_are_read_one_after_another_become_one_order() {
        let mut assembler = Assembler::default();
        let off = |tid, preempted| SwitchKind::Off { tid, preempted };
        for one in [
            record(10, 0, SwitchKind::On { tid: 1 }),
            record(40, 0, off(1, true)),
            record(90, 0, SwitchKind::On { tid: 1 }),
            record(5, 1, SwitchKind::On { tid: 2 }),
            record(20, 1, off(2, false)),
            record(50, 1, SwitchKind::On { tid: 1 }),
            record(80, 1, off(1, false)),
        ] {
            assembler.take(one);
        }
        let mut out = Vec::new();
        assembler.release(60, &mut out);
        assert_eq!(slices(&out), [(2, 1, 5, 20, false), (1, 0, 10, 40, true)]);
        out.clear();
        assembler.take(record(120, 0, SwitchKind::Ended { pid: 1, tid: 1 }));
        assembler.release(200, &mut out);
        assert_eq!(slices(&out), [(1, 1, 50, 80, false), (1, 0, 90, 120, false)]);
        assert_eq!(out.last().map(|last| last.what), Some(What::Ended { pid: 1, tid: 1 }));
    }

    #[test]
    fn who_was_put_on_a_core_before_its_exec_has_a_slice_from_there() {
        let mut assembler = Assembler::default();
        let mut out = Vec::new();
        assembler.take(record(10, 0, SwitchKind::Executed { tid: 1, name: Name::default() }));
        assembler.take(record(40, 0, SwitchKind::Off { tid: 1, preempted: false }));
        assembler.take(record(50, 0, SwitchKind::On { tid: 2 }));
        assembler.take(record(60, 0, SwitchKind::Executed { tid: 2, name: Name::default() }));
        assembler.take(record(70, 0, SwitchKind::Off { tid: 2, preempted: true }));
        assembler.release(80, &mut out);
        assert_eq!(slices(&out), [(1, 0, 10, 40, false), (2, 0, 50, 70, true)]);
    }

    #[test]
    fn a_long_slice_is_told_in_parts_and_a_hole_makes_none() {
        let mut assembler = Assembler::default();
        let mut out = Vec::new();
        assembler.take(record(0, 0, SwitchKind::On { tid: 1 }));
        assembler.release(PART_NS, &mut out);
        assembler.take(record(PART_NS + 5, 0, SwitchKind::Off { tid: 1, preempted: true }));
        assembler.release(PART_NS + 9, &mut out);
        assert_eq!(slices(&out), [(1, 0, 0, PART_NS, false), (1, 0, PART_NS, PART_NS + 5, true)]);
        out.clear();
        assembler.take(record(2 * PART_NS, 0, SwitchKind::On { tid: 1 }));
        assembler.take(record(2 * PART_NS + 1, 0, SwitchKind::Lost(7)));
        assembler.take(record(3 * PART_NS, 0, SwitchKind::Off { tid: 1, preempted: false }));
        assembler.release(4 * PART_NS, &mut out);
        assert_eq!((slices(&out), assembler.lost()), (vec![], 7));
    }
}
