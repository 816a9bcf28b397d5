//! What lies under a point on a core's row.

use model::{Owner, Slice, Slices};
use std::collections::HashMap;

/// Up to this many blocks, owners are counted slice by slice.
const FEW_BLOCKS: usize = 64;

/// The slice of a core at an instant, or the nearest within `reach_ns`.
pub fn slice_at(slices: &Slices, core: u32, ns: f64, reach_ns: f64) -> Option<Slice> {
    let on = slices.cores().get(core as usize)?;
    let (at, reach) = (ns.max(0.0) as u64, reach_ns.max(0.0) as u64);
    let after = on.iter(core, at, at.saturating_add(reach).saturating_add(1)).next();
    if after.is_some_and(|slice| slice.from_ns <= at) {
        return after;
    }
    let from = at.saturating_sub(reach);
    // Of the slices before the instant, only the last block has to be decoded.
    let block = on.blocks(from, at).last();
    let before = block.and_then(|block| on.iter(core, from.max(block.from_ns), at).last());
    let away = |slice: &Slice| slice.from_ns.saturating_sub(at).max(at.saturating_sub(slice.to_ns));
    [before, after].into_iter().flatten().min_by_key(away)
}

/// What a core did over a stretch.
#[derive(Clone, Debug, PartialEq)]
pub struct CoreMoment {
    /// Where it begins, in nanoseconds since the run's origin.
    pub from_ns: f64,
    /// Where it ends.
    pub to_ns: f64,
    /// The exact share of it in which a thread of the run was on the core, 0 to 1.
    pub busy: f64,
    /// The owners, each with its share of the stretch; the largest share first.
    pub owners: Vec<(Owner, f64)>,
}

/// What a core did between two instants.
pub fn core_moment(slices: &Slices, core: u32, from_ns: f64, to_ns: f64) -> Option<CoreMoment> {
    let on = slices.cores().get(core as usize)?;
    let (from, to) = (from_ns.max(0.0) as u64, to_ns.max(0.0).ceil() as u64);
    let length = (to as f64 - from as f64).max(1.0);
    let mut owners: HashMap<Owner, u64> = HashMap::new();
    let mut add = |owner: Owner, ns: u64| *owners.entry(owner).or_default() += ns;
    let blocks = on.blocks(from, to);
    if blocks.len() <= FEW_BLOCKS {
        on.iter(core, from, to).for_each(|slice| add(slice.owner, slice.to_ns.min(to) - slice.from_ns.max(from)));
    } else {
        blocks.iter().for_each(|block| add(block.most, block.busy_ns));
    }
    let mut owners: Vec<_> = owners.into_iter().collect();
    owners.sort_by_key(|(owner, ns)| (std::cmp::Reverse(*ns), *owner));
    let busy = (on.busy_ns(from, to) as f64 / length).min(1.0);
    let owners = owners.into_iter().map(|(owner, ns)| (owner, ns as f64 / length)).collect();
    Some(CoreMoment { from_ns: from as f64, to_ns: to as f64, busy, owners })
}
