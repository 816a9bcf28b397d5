//! How large a number of a run can be.

/// The largest instant (nanoseconds since the run's origin), length, size and count there can be: 104 days, or 8 PiB, the largest
/// number that JSON readers agree on. What is larger was not measured: anybody may write a slot, a text or a document.
pub const MOST: u64 = (1 << 53) - 1;

/// A number, if it can be one of a run.
pub fn within(number: u64) -> Option<u64> {
    (number <= MOST).then_some(number)
}
