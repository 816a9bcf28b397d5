//! What is replaced is replaced whole: nothing of the former plan or experiment is left.

use super::{Screen, fake_python::Trusting, fixture};
use crate::{
    Opened,
    files::Job,
    state::{Purpose, Shown},
};
use eframe::egui::{Key, Modifiers, vec2};
use egui_kittest::kittest::{NodeT, Queryable};
use engine::Command;
use model::{Event, Experiment, LaunchMode, Outcome, OutcomeKind, Plan, Stage, Target, Task};
use std::{fs, path::Path, sync::Arc};
use store::{atomic::Existing, plan_file::PlanFile, settings::ThemeChoice};

/// An experiment that has ended, with an execution that failed.
fn ended() -> Experiment {
    let mut experiment = fixture::experiment(2);
    (0..4).for_each(|id| fixture::run_to_end(&mut experiment, id, 6_000_000));
    experiment.runs[0].executions[1].outcome = Some(Outcome::of(OutcomeKind::Panicked));
    experiment
}

/// Chooses one of everything that can be chosen in an experiment.
fn choose(screen: &mut Screen) {
    let shown = &mut screen.harness.state_mut().as_mut().expect("drawn").state.shown;
    let experiment = shown.experiment.clone().expect("one");
    let [threads, processes] = [experiment.compared[0], experiment.compared[1]];
    shown.runs.choose(threads, Some(0));
    shown.selected = Some((0, 1));
    shown.listed = Some(processes);
    shown.failed_only = true;
    screen.settle();
    assert!(screen.bench().state.shown.failures_words().is_some());
}

fn is_unchosen(shown: &Shown) -> bool {
    let choice = shown.experiment.as_deref().and_then(|experiment| shown.runs.choice(experiment.compared[0]));
    let nothing = (choice, shown.selected, shown.listed, shown.failed_only) == (None, None, None, false);
    nothing && shown.failures_words().is_none()
}

#[test]
fn another_experiment_has_nothing_of_the_former_however_it_comes() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("runs.json");
    let mut screen = Screen::new();
    let measure = |screen: &mut Screen| {
        screen.send(vec![Event::Started(Box::new(ended())), Event::Ended { stopped: false }]);
        choose(screen);
    };
    let mut without_failures = ended();
    without_failures.runs[0].executions[1].outcome = Some(Outcome::success());
    screen.send(vec![Event::Started(Box::new(without_failures)), Event::Ended { stopped: false }]);
    screen.chosen(Purpose::Export, file.clone());
    screen.wait_until(|state| state.told.messages.iter().any(|message| message.text.starts_with("Wrote")));

    measure(&mut screen);
    screen.send(vec![Event::Started(Box::new(fixture::experiment(1)))]);
    assert!(is_unchosen(&screen.bench().state.shown), "begun");
    screen.send(vec![Event::Ended { stopped: false }]);

    measure(&mut screen);
    screen.chosen(Purpose::Open, file);
    screen.wait_until(|state| state.shown.path.is_some());
    assert!(is_unchosen(&screen.bench().state.shown), "opened");

    measure(&mut screen);
    screen.press(Modifiers::COMMAND, Key::N);
    let shown = &screen.bench().state.shown;
    assert!(is_unchosen(shown) && shown.experiment.is_none() && shown.path.is_none(), "a new plan");
}

#[test]
fn the_curves_of_a_run_are_its_own_where_the_former_had_the_same_number() {
    let mut screen = Screen::new();
    let measure = |screen: &mut Screen, left_after: u64| {
        let mut experiment = fixture::experiment(1);
        (0..2).for_each(|id| fixture::run_to_end(&mut experiment, id, 6_000_000));
        for execution in experiment.runs.iter_mut().flat_map(|run| &mut run.executions) {
            execution.stamps.set(Stage::Left, left_after);
        }
        screen.send(vec![Event::Started(Box::new(experiment)), Event::Ended { stopped: false }]);
        screen.click("Costs");
    };
    let in_target = |screen: &Screen| {
        let nodes = screen.harness.query_all_by_label_contains("threads: at most");
        nodes.filter_map(|node| node.accesskit_node().label()).collect::<Vec<_>>().join("\n")
    };
    measure(&mut screen, 2_500_000);
    let before = in_target(&screen);
    measure(&mut screen, 5_000_000);
    assert_ne!(in_target(&screen), before);
}

/// A plan of a program, not made here.
fn theirs(path: &Path, word: &str) {
    fs::write(path, format!("schema = 1\n[[task]]\ntarget = \"program:sh\"\nargs = [\"-c\", \"{word}\"]\n"))
        .expect("written");
}

#[test]
fn what_was_shown_of_one_plan_allows_no_other() {
    let folder = tempfile::tempdir().expect("a folder");
    let [first, second] = ["first.toml", "second.toml"].map(|name| folder.path().join(name));
    theirs(&second, "exit 2");
    let ask = Arc::new(Trusting::default());
    let mut plan = Plan::empty("First");
    plan.run.mode = LaunchMode::Processes;
    plan.tasks.push(Task::new(Target::parse("program:true")));
    let open = Opened::Plan { file: Box::new(PlanFile::of(plan)), path: Some(first) };
    let mut screen = Screen::built(ThemeChoice::Dark, vec2(1280.0, 800.0), true, Some(open), ask.clone());
    screen.press(Modifiers::NONE, Key::F5);
    screen.wait_until(|state| state.overlay.is_open());
    screen.settle();
    // A file that takes long to read is there while the question is on the screen.
    screen.chosen(Purpose::Open, second.clone());
    screen.wait_until(|state| state.editing.draft.path.as_ref() == Some(&second));
    screen.settle();
    screen.click("Run it");
    let launched = screen.commands.try_iter().any(|command| matches!(command, Command::Launch(_)));
    assert!(!launched && screen.bench().state.editing.draft.is_unasked());
    assert!(ask.allowed.lock().expect("lock").plans.is_empty(), "nothing is remembered");
}

#[test]
fn a_save_that_ends_late_says_nothing_of_the_plan_that_came_meanwhile() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("slow.toml");
    let mut screen = Screen::new();
    let saving = screen.bench().state.editing.draft.saving(path.clone());
    let number = screen.bench().state.editing.draft.number();
    screen.press(Modifiers::COMMAND, Key::N);
    let job = Job::Save { saving, draft: number, then: None };
    screen.harness.state().as_ref().expect("drawn").files.write(job, Existing::Keep);
    screen.wait_until(|state| state.told.messages.iter().any(|message| message.text.starts_with("Saved")));
    let state = &screen.bench().state;
    assert!(path.exists() && state.editing.draft.path.is_none(), "{:?}", state.editing.draft.path);
    assert_eq!(state.editing.name(), "Untitled plan");
}
