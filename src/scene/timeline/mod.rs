//! The timeline as numbers: an index that grows with a run, and a layout whose work follows the pixels, not the
//! executions.
//!
//! Row 0 is the launcher (*main*), row 1 + n is lane n; the row *GIL* is separate. [`Index::take`] takes in what
//! changed in a run; [`layout()`] and [`gil()`] say what to draw in a view; [`hit()`], [`main_at()`], [`states_at()`]
//! and [`gil_at()`] say what lies under a point. [`left_signs()`] gives the signs that are drawn on top.

mod bar;
mod coarse;
pub mod core_rows;
pub mod cores;
mod filter;
mod gil;
mod hit;
mod index;
mod layout;
mod left;
mod mark;
mod pen;
mod profiles;
mod shares;
mod stacks;
mod strip;
mod sums;
mod take;
#[cfg(any(test, feature = "testing"))]
pub mod testing;
#[cfg(test)]
mod tests;
mod track;
mod view;
mod words;

pub use bar::{Bar, Stretch, solid};
pub use filter::{Filter, Shade};
pub use gil::{Gil, GilMoment, gil, gil_at, gil_between};
pub use hit::{Hit, hit, main_at, marks_between, states_at};
pub use index::{BarPlace, Index};
pub use layout::layout;
pub use left::{LeftSign, left_signs};
pub use mark::Mark;
pub use profiles::{Course, Profiles, StateCurve};
pub use shares::{LEAST, Shares, TimeKind};
pub use stacks::{Stack, stacks};
pub use view::{AROUND, BarItem, Columns, Fill, PhaseShares, ViewRect};
pub use words::{gil_text, mark_text, range_text};
