//! How large a number of a run can be.

/// The largest instant (nanoseconds since the run's origin), length, size and count there can be: 104 days, or 8 PiB,
/// the largest number that JSON readers agree on. A larger number was not measured: slots, texts and documents can be
/// written by anybody.
pub const MOST: u64 = (1 << 53) - 1;

/// The number, unless it is above [`MOST`].
pub fn within(number: u64) -> Option<u64> {
    (number <= MOST).then_some(number)
}
