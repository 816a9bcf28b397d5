//! Compares one execution as reported with what the kernel saw.

use super::{
    errors::Errors,
    said::Said,
    truth::{On, Thread},
};

/// How far around a true interval to search for slices.
const NEAR_NS: u64 = 50_000;

/// Adds the differences of an execution to `errors`.
pub fn compare(said: &Said, thread: &Thread, errors: &mut Errors) {
    let truth = thread.clipped(said.target.0, said.target.1);
    match said.totals {
        Some((on_cpu_ns, ready_ns)) => {
            errors.add_on_cpu(said, on_cpu_ns, truth.on_cpu_ns());
            let before = thread.clipped(said.launch_called_ns, said.target.0);
            errors.add_ready(said, ready_ns, &truth, &before);
        }
        None => errors.add_without_states(said),
    }
    let (from_ns, joined_ns) = said.life;
    let to_ns = thread.exit_ns.map_or(joined_ns, |exit| exit.min(joined_ns));
    errors.add_leaving(thread.clipped(to_ns, joined_ns).on_cpu_ns());
    let truth = thread.clipped(from_ns, to_ns);
    let own = Thread { on: said.slices.clone(), ..Thread::default() }.clipped(from_ns, to_ns);
    for on in &truth.on {
        match nearest(on, &own.on) {
            Some(slice) => errors.add_slice(said, slice, on),
            None => errors.add_missing(said, on),
        }
    }
    let known = |slice: &&On| nearest(slice, &truth.on).is_none();
    own.on.iter().filter(known).for_each(|slice| errors.add_invented(said, slice));
}

/// The interval that overlaps this one most, or lies next to it.
fn nearest<'a>(on: &On, among: &'a [On]) -> Option<&'a On> {
    let first = among.partition_point(|other| other.to_ns + NEAR_NS < on.from_ns);
    let near = among[first..].iter().take_while(|other| other.from_ns <= on.to_ns + NEAR_NS);
    let overlap = |other: &On| on.to_ns.min(other.to_ns).saturating_sub(on.from_ns.max(other.from_ns));
    let apart = |other: &On| on.from_ns.abs_diff(other.from_ns) + on.to_ns.abs_diff(other.to_ns);
    near.max_by_key(|other| (overlap(other), std::cmp::Reverse(apart(other))))
}

#[test]
fn intervals_are_matched_by_what_they_have_in_common() {
    let on = |from: u64, to: u64| On { from_ns: from * 1_000, to_ns: to * 1_000, core: 0 };
    let among = [on(100, 200), on(210, 220), on(400, 500)];
    assert_eq!(nearest(&on(110, 205), &among), Some(&among[0]));
    assert_eq!(nearest(&on(221, 225), &among), Some(&among[1]));
    assert_eq!(nearest(&on(390, 600), &among), Some(&among[2]));
    assert_eq!(nearest(&on(300, 310), &among), None);
}
