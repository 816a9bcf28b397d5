//! What the window knows: a few structs, each of which is replaced whole. `logic` changes them, the panels draw them.

mod editing;
mod overlay;
mod session;
mod shown;
mod told;

pub use editing::Editing;
pub use overlay::{Overlay, Picking, Purpose, Then};
pub use session::{IDLE_SAMPLES, Pane, Session, TimelineLook};
pub use shown::{Ended, Identity, Shown};
pub use told::{Level, Told};

use super::{activity::Activity, command::UiCommand, curves::Long, draft::Draft};
use model::Plan;
use std::path::PathBuf;
use store::settings::ThemeChoice;

/// What the window knows.
pub struct State {
    /// The plan being edited.
    pub editing: Editing,
    /// The experiment on the screen.
    pub shown: Shown,
    /// What the engine is doing.
    pub activity: Activity,
    /// What stays while plans and experiments come and go.
    pub session: Session,
    /// What lies over everything else.
    pub overlay: Overlay,
    /// The messages so far.
    pub told: Told,
    /// What panels have asked for; it is carried out at the end of the frame.
    pub wishes: Vec<Wish>,
}

/// What a panel asks for.
#[derive(Debug)]
pub enum Wish {
    /// A command is carried out.
    Command(UiCommand),
    /// The user chooses a file.
    Choose(Purpose),
    /// An interpreter may be asked: the user allows it.
    Allow(PathBuf),
    /// A curve is worked out.
    WorkOut(Box<Long>),
}

impl State {
    /// A window with a plan in it, ready to run.
    pub fn new(draft: Draft, theme: ThemeChoice) -> Self {
        Self {
            editing: Editing::new(draft),
            shown: Shown::default(),
            activity: Activity::Idle,
            session: Session::new(theme),
            overlay: Overlay::None,
            told: Told::new(),
            wishes: Vec::new(),
        }
    }

    /// Asks for a command to be carried out at the end of the frame.
    pub fn push(&mut self, command: UiCommand) {
        self.wishes.push(Wish::Command(command));
    }

    /// Asks for a file to be chosen.
    pub fn choose(&mut self, purpose: Purpose) {
        self.wishes.push(Wish::Choose(purpose));
    }

    /// Notes what happened, in the list of messages alone.
    pub fn log(&mut self, level: Level, text: impl Into<String>) {
        self.told.log(level, text);
    }

    /// Notes what happened, and shows it in a corner for a while.
    pub fn tell(&mut self, level: Level, text: impl Into<String>) {
        self.told.tell(level, text);
    }

    /// Whether the results on the screen are of a plan that was edited since.
    pub fn results_are_of_the_plan_before(&self) -> bool {
        let plan = self.editing.draft.plan();
        let edited = |measured: &Plan| measured.tasks != plan.tasks || measured.run != plan.run;
        self.shown.has_runs() && self.shown.measured.as_ref().is_some_and(edited)
    }

    /// The window's title.
    pub fn title(&self) -> String {
        let dot = if self.editing.draft.is_dirty() { "• " } else { "" };
        format!("{dot}{}{} – Spawnscope", self.editing.name(), self.progress_words())
    }

    /// How far the experiment is, for the title, which is seen while the window is covered or minimized.
    fn progress_words(&self) -> String {
        match (&self.shown.experiment, self.activity) {
            (Some(experiment), Activity::Running) => {
                let (done, all) = experiment.progress();
                format!(" – run {} of {all}", (done + 1).min(all))
            }
            (_, Activity::Starting | Activity::Running) => " – starting".to_owned(),
            (_, Activity::Stopping) => " – stopping".to_owned(),
            (Some(_), Activity::SummingUp) => " – summing up".to_owned(),
            (Some(experiment), Activity::Idle) if experiment.message.is_some() => " – stopped".to_owned(),
            (Some(_), Activity::Idle) => " – done".to_owned(),
            (None, Activity::Idle | Activity::SummingUp) => String::new(),
        }
    }
}

/// A sentence with a capital in front, unless it begins with a name: of a file, of a function.
pub fn capital(text: &str) -> String {
    let word = text.split([' ', ',', ':', ';']).next().unwrap_or_default();
    if !word.chars().all(|c| c.is_alphabetic() || c == '\'' || c == '-') {
        return text.to_owned();
    }
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_begins_with_a_capital_and_a_name_stays() {
        assert_eq!(capital("there is no file"), "There is no file");
        assert_eq!(capital("w.py, line 3: invalid syntax"), "w.py, line 3: invalid syntax");
        assert_eq!(capital("count_down() takes 1 argument"), "count_down() takes 1 argument");
    }

    #[test]
    fn a_dot_in_the_title_says_that_changes_are_unsaved() {
        let mut state = State::new(Draft::new(Plan::empty("Mine"), None), ThemeChoice::System);
        assert_eq!(state.title(), "Mine – Spawnscope");
        state.editing.draft.edit(None, |plan| plan.run.repeat = 3);
        assert_eq!(state.title(), "• Mine – Spawnscope");
    }
}
