//! Changes are applied completely: events name what changed, and what is derived from a run by updates equals what is
//! derived from it anew.

use super::{cases, histories::any_history, strategies::any_events, strategies::any_run};
use crate::turn::Turn;
use proptest::{collection::vec, prelude::*};
use spawnscope::{
    insight::tally::Tally,
    model::{Changes, MainKind, Run, RunEvent, RunPart, Stage, State},
    scene::timeline::{Index, ViewRect, gil, gil_at, hit, layout, left_signs, main_at, marks_between, states_at},
};
use std::fmt::Debug;

proptest! {
    #![proptest_config(cases(200))]

    #[test]
    fn an_event_names_what_differs_and_nothing_else((mut run, events) in (any_run(), any_events())) {
        let _turn = Turn::beside();
        let mut tally = Tally::of(&run);
        for event in &events {
            let before = run.clone();
            let changes = run.apply(event);
            tally.take(&run, &changes);
            prop_assert_eq!(&tally, &Tally::of(&run));
            for (before, now) in before.executions.iter().zip(&run.executions) {
                let named = changes.executions.contains(now.id);
                // An execution that is reported twice in one event may end up as it was.
                let twice = told(event).filter(|id| *id == now.id).count() > 1;
                prop_assert!(named == (before != now) || named && twice, "{:?}", event);
            }
            let known = run.profiles.iter().map(|profile| profile.execution);
            let differing = known.filter(|id| before.profile(*id) != run.profile(*id)).collect();
            prop_assert_eq!(&changes.profiles, &differing);
            for part in RunPart::ALL {
                prop_assert!(changes.has(part) || same(part, &before, &run), "{:?} of {:?}", part, event);
            }
            prop_assert!(changes.executions.max().is_none_or(|id| (id as usize) < run.executions.len()));
        }
    }

    #[test]
    fn what_took_every_change_is_what_is_made_at_once(
        ((mut run, events), frames) in (any_history(), vec(any::<bool>(), 1..40)),
    ) {
        let _turn = Turn::beside();
        let (mut index, mut tally, mut changes) = (Index::default(), Tally::default(), Changes::default());
        let last = events.len() - 1;
        for (at, event) in events.into_iter().enumerate() {
            changes.merge(run.take_in(event));
            if frames[at % frames.len()] || at == last {
                let changes = std::mem::take(&mut changes);
                index.take(&run, &changes);
                tally.take(&run, &changes);
                for (grown, anew) in answers(&index, &run).iter().zip(answers(&Index::of(&run), &run)) {
                    prop_assert_eq!(grown, &anew);
                }
                prop_assert_eq!(&tally, &Tally::of(&run));
            }
        }
    }
}

/// The executions that an event reports, once for each time.
fn told(event: &RunEvent) -> Box<dyn Iterator<Item = u32> + '_> {
    match event {
        RunEvent::Executions(executions) => Box::new(executions.iter().map(|execution| execution.id)),
        RunEvent::Did(did) => Box::new(did.iter().map(|did| did.execution)),
        _ => Box::new(std::iter::empty()),
    }
}

/// Whether a part of a run is unchanged.
fn same(part: RunPart, before: &Run, now: &Run) -> bool {
    match part {
        RunPart::Runner => [before, now]
            .map(|run| (run.runner_pid, &run.interpreter_facts, &run.output))
            .windows(2)
            .all(|it| it[0] == it[1]),
        RunPart::Clock => (before.origin_ns, before.now_ns) == (now.origin_ns, now.now_ns),
        RunPart::Launcher => (&before.marks, before.waits) == (&now.marks, now.waits),
        RunPart::Measuring => {
            let of = |run: &Run| (run.sampling, run.states_source, run.slices_source, run.slices_note.clone());
            of(before) == of(now)
        }
        RunPart::Slices => before.slices == now.slices,
        RunPart::Cores => (&before.cores, before.others_share) == (&now.cores, now.others_share),
        RunPart::Members => (&before.alive, &before.members, before.own) == (&now.alive, &now.members, now.own),
        RunPart::Kept => before.loop_kept == now.loop_kept,
        RunPart::End => (before.makespan_ns, &before.end) == (now.makespan_ns, &now.end),
    }
}

/// What an index draws and answers, as text.
fn answers(index: &Index, run: &Run) -> Vec<String> {
    let mut all = vec![format!("{:?}", (index.rows(), index.extent_ns(), index.has_failed(), index.has_left()))];
    let mut say = |what: &dyn Debug| all.push(format!("{what:?}"));
    let kinds = [MainKind::JoinTimeout, MainKind::StartAgain, MainKind::Abandon];
    say(&kinds.map(|kind| index.has_tick(kind)));
    say(&State::ALL.map(|state| index.profiles().has(state)));
    say(&(index.profiles().looked(), index.profiles().is_empty()));
    let extent = index.extent_ns().max(1) as f64;
    // Rows of every height: bars, thin bars, strips.
    for (share, height_px) in [(1.0, 400.0), (0.1, 400.0), (1.0, 12.0), (1.0, 2.0)] {
        let (from_ns, last_row) = (extent * (1.0 - share) / 2.0, f64::from(index.rows()));
        let to_ns = from_ns + extent * share;
        let view = ViewRect { from_ns, to_ns, first_row: 0.0, last_row, width_px: 120.0, height_px };
        layout(index, &view, |item| say(&item));
        gil(index, &view, |item| say(&item));
        left_signs(index, &view, 8.0).iter().for_each(|sign| say(sign));
    }
    for at in 0..40 {
        let ns = extent * f64::from(at) / 39.0;
        (1..index.rows()).for_each(|row| say(&(row, hit(index, ns, row, 3.0))));
        say(&(main_at(index, ns, 0.0), gil_at(index, ns, 5.0)));
    }
    say(&marks_between(index, 0.0, extent, 1_000));
    for execution in &run.executions {
        let id = execution.id;
        say(&(id, index.place(execution), index.profiles().course(id)));
        let entered = execution.stamps.get(Stage::Entered).unwrap_or(0) as f64;
        say(&states_at(index, id, entered + 5.0, 1.0));
    }
    all
}
