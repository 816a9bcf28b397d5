//! The timeline as numbers: an index that grows with a run, and a layout whose work follows the pixels, not the spans.
//!
//! Row 0 is the launcher (*main*), row 1 + n is lane n. [`Index::update`] takes in what is new of a run;
//! [`layout()`] says what to draw in a view; [`hit()`] says what lies under a point.

mod bar;
mod coarse;
pub mod cores;
mod hit;
mod index;
mod layout;
mod strip;
mod sums;
#[cfg(test)]
pub(crate) mod tests;
mod track;
mod view;

pub use hit::{Hit, hit};
pub use index::{Index, Place};
pub use layout::layout;
pub use view::{Fill, Item, ViewRect};
