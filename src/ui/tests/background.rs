//! The results of work in the background, and its failures.

use super::{Screen, fixture};
use crate::{
    activity::Activity,
    app::Workbench,
    background::{Done, Work},
    calibration::Calibration,
    command::UiCommand,
    state::Shown,
    summary::Summed,
};
use model::{Event, Experiment};
use std::{sync::Arc, time::Duration};

fn bench(screen: &mut Screen) -> &mut Workbench {
    screen.harness.state_mut().as_mut().expect("drawn")
}

fn take_in(screen: &mut Screen, done: Done) {
    let ctx = screen.harness.ctx.clone();
    bench(screen).take_in(&ctx, done);
    screen.settle();
}

fn told(screen: &Screen, text: &str) -> usize {
    screen.bench().state.told.messages.iter().filter(|message| message.text.contains(text)).count()
}

/// Rounds of both settings, the first of them ended.
fn begun(screen: &mut Screen, rounds: u32) -> Experiment {
    let experiment = fixture::experiment(rounds);
    screen.send(vec![Event::Started(Box::new(experiment.clone()))]);
    for id in 0..2 {
        screen.send(end_of(&experiment, id));
    }
    experiment
}

fn end_of(experiment: &Experiment, id: u32) -> Vec<Event> {
    let mut events = vec![fixture::run_started(experiment, id)];
    events.extend(fixture::run_events(experiment, id, 6_000_000));
    events
}

fn repeats_summed_up(shown: &Shown) -> usize {
    shown.summary.distributions.iter().map(|one| one.values.len()).sum()
}

#[test]
fn events_wait_while_the_summary_is_made_and_nothing_is_copied_or_jumps() {
    let mut screen = Screen::new();
    let experiment = begun(&mut screen, 2);
    let before = repeats_summed_up(&screen.bench().state.shown);
    assert_eq!(before, 2);
    // As if the summary took long: no frame waits for it.
    bench(&mut screen).summing_up = true;
    let looked_at = screen.bench().state.shown.experiment.clone().expect("shown");
    let of = screen.bench().state.shown.identity();
    screen.events.send(end_of(&experiment, 2)).expect("a window");
    screen.harness.run_ok();
    let shown = &screen.bench().state.shown;
    assert!(Arc::ptr_eq(shown.experiment.as_ref().expect("shown"), &looked_at));
    assert_eq!(
        (looked_at.runs.len(), repeats_summed_up(shown)),
        (2, before),
        "the former stays until the next is there"
    );
    let summed = Box::new(Summed::of(&looked_at));
    drop(looked_at);
    take_in(&mut screen, Done::Summed(of, summed));
    let shown = &screen.bench().state.shown;
    assert_eq!((shown.experiment.as_deref().map(|it| it.runs.len()), repeats_summed_up(shown)), (Some(3), 3));
}

#[test]
fn a_late_summary_of_a_former_experiment_is_not_shown() {
    let mut screen = Screen::new();
    let former = begun(&mut screen, 1);
    let of = screen.bench().state.shown.identity();
    screen.send(vec![Event::Started(Box::new(fixture::experiment(1)))]);
    let mut ended = former;
    (0..2).for_each(|id| fixture::run_to_end(&mut ended, id, 6_000_000));
    take_in(&mut screen, Done::Summed(of, Box::new(Summed::of(&ended))));
    assert!(!screen.bench().state.shown.summary.is_there());
}

#[test]
fn what_took_long_is_summed_up_again_at_the_end_and_puts_no_other_experiment_off() {
    let mut screen = Screen::new();
    let slow = Summed::of(&fixture::experiment(1)).lasting(Duration::from_secs(3_600));
    let experiment = begun(&mut screen, 2);
    bench(&mut screen).state.shown.due.done(&slow);
    screen.send(end_of(&experiment, 2));
    assert_eq!(repeats_summed_up(&screen.bench().state.shown), 2, "put off while runs go on");
    screen.send(end_of(&experiment, 3));
    screen.send(vec![Event::Ended { stopped: false }]);
    assert_eq!(repeats_summed_up(&screen.bench().state.shown), 4);
    bench(&mut screen).state.shown.due.done(&slow);
    begun(&mut screen, 2);
    assert_eq!(repeats_summed_up(&screen.bench().state.shown), 2);
    // A failure of the engine ends the experiment too.
    bench(&mut screen).state.shown.due.done(&slow);
    let mut events = end_of(&experiment, 2);
    events.push(Event::Failed("the runner is gone; free some memory".to_owned()));
    screen.send(events);
    assert_eq!(repeats_summed_up(&screen.bench().state.shown), 3);
    assert!(screen.enabled("Run") && told(&screen, "The runner is gone") == 1);
}

#[test]
fn the_end_is_told_with_what_the_runs_say_which_no_frame_works_out() {
    let mut screen = Screen::new();
    begun(&mut screen, 1);
    screen.events.send(vec![Event::Ended { stopped: false }]).expect("a window");
    screen.harness.step();
    assert!(screen.bench().summing_up, "it goes on beside the frames");
    assert_eq!((told(&screen, "Finished"), screen.bench().state.activity), (0, Activity::SummingUp));
    let refusal = UiCommand::Run.refusal(&screen.bench().state).expect("nothing is measured beside it");
    assert!(refusal.contains("is being worked out"), "{refusal}");
    assert!(UiCommand::Stop.refusal(&screen.bench().state).is_some(), "nothing runs");
    screen.settle();
    assert_eq!((told(&screen, "Finished: 2 of 2 runs"), screen.bench().state.activity), (1, Activity::Idle));
    assert!(screen.enabled("Run"));
}

#[test]
fn what_waits_for_work_that_fails_waits_no_more_and_it_is_told() {
    let mut screen = Screen::new();
    let refused = |work| Done::Failed(work, "the system refused a thread: none is left; try again".to_owned());
    bench(&mut screen).state.session.calibration = Calibration::Running;
    for (work, times) in [(Work::Python, 1), (Work::Keeping, 1), (Work::Curve, 1), (Work::File, 3), (Work::SelfTest, 3)]
    {
        (0..3).for_each(|_| take_in(&mut screen, refused(work)));
        assert_eq!(told(&screen, work.failure()), times, "{work:?}");
    }
    assert!(screen.enabled("Run"), "no self-test goes on");
    begun(&mut screen, 1);
    screen.events.send(vec![Event::Ended { stopped: false }]).expect("a window");
    screen.harness.step();
    take_in(&mut screen, refused(Work::Summary));
    assert!(screen.enabled("Run"), "the end comes without a summary too");
    assert_eq!((told(&screen, "Finished"), told(&screen, Work::Summary.failure())), (1, 1));
}
