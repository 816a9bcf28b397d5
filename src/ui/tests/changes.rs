//! What the window makes of a run takes in what changes in it, and equals what is made anew.

use super::{Screen, fixture};
use crate::{
    listing::Listing,
    state::{Pane, State},
    summary::Summary,
};
use model::{Event, Outcome, OutcomeKind, Run, RunEvent};
use scene::timeline::{Index, ViewRect, layout};

/// What is drawn of a run, from its origin to its end.
fn drawn(index: &Index) -> String {
    let (to_ns, last_row) = (index.extent_ns() as f64, f64::from(index.rows()));
    let view = ViewRect { from_ns: 0.0, to_ns, first_row: 0.0, last_row, width_px: 300.0, height_px: 200.0 };
    let mut items = Vec::new();
    layout(index, &view, |item| items.push(item));
    format!("{} lanes, {items:?}", index.lanes())
}

/// The state, and its shown run.
fn shown(screen: &mut Screen) -> (&mut State, Run) {
    let state = &mut screen.harness.state_mut().as_mut().expect("drawn").state;
    let run = state.shown.experiment.as_ref().expect("it has begun").runs[0].clone();
    (state, run)
}

#[test]
fn timeline_and_list_are_at_any_time_what_is_made_anew() {
    let mut screen = Screen::new();
    let experiment = fixture::experiment(1);
    screen.send(vec![Event::Started(Box::new(experiment.clone())), fixture::run_started(&experiment, 0)]);
    let mut events = fixture::run_events(&experiment, 0, 6_000_000);
    let Event::Run(_, RunEvent::Executions(executions)) = events.remove(0) else { panic!("they end first") };
    // A tab that is not in front takes in all changes when it comes to the front.
    let panes = [Pane::Timeline, Pane::Executions, Pane::Executions, Pane::Timeline, Pane::Timeline];
    for (at, pane) in panes.into_iter().enumerate() {
        shown(&mut screen).0.session.front = Some(pane);
        screen.settle();
        match executions.get(at) {
            Some(execution) => {
                let mut execution = execution.clone();
                if at % 2 == 1 {
                    execution.outcome =
                        Some(Outcome::with_message(OutcomeKind::Panicked, format!("stack {at} is empty")));
                }
                screen.send(vec![Event::Run(0, RunEvent::Now { ns: 1_000_000 * at as u64 })]);
                screen.send(vec![Event::Run(0, RunEvent::Executions(vec![execution]))]);
                assert!(screen.shows(&format!("{} of 4 executions have ended", at + 1)));
            }
            None => screen.send(events.clone()),
        }
        let (state, run) = shown(&mut screen);
        let (listing, mut anew) = (state.shown.views.listing(&run), Listing::of(&run));
        assert_eq!(listing.tally, anew.tally);
        assert_eq!(listing.causes(&run), anew.causes(&run));
        if pane == Pane::Timeline {
            let (view, ..) = state.shown.views.parts(run.setting()).expect("it is in front");
            assert_eq!(drawn(&view.index), drawn(&Index::of(&run)));
        }
    }
    screen.wait_until(|state| state.shown.summary.is_there());
    let (state, run) = shown(&mut screen);
    assert_eq!(state.shown.views.listing(&run).causes(&run), ["2 × panicked: stack 1 is empty"]);
    let anew = Summary::of(state.shown.experiment.as_ref().expect("it has begun")).table;
    assert!(anew.is_some());
    assert_eq!(state.shown.summary.table, anew);
}
