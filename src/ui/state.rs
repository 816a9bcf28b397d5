//! What the window knows: plain data, which `logic` changes and the panels draw.

use super::{
    activity::Activity, calibration::Calibration, checks::Checks, command::UiCommand, draft::Draft, files::Job,
    page::Page, panels::run_first::Asked, python::PythonFacts, scalings::Scalings, shown::Shown, summary::Summary,
    sweep_form::SweepForm, toasts::Toasts, views::Views,
};
use model::{Execution, Experiment, Plan, Run, RunSetting, Sample};
use scene::timeline::Filter;
use std::{
    collections::VecDeque,
    path::PathBuf,
    sync::Arc,
    time::{Duration, Instant},
};
use store::{plan_file::Question, recent::Recent, settings::ThemeChoice};

/// Samples kept while nothing runs: a minute at one a second.
pub const IDLE_SAMPLES: usize = 60;
/// Messages kept.
const MOST_MESSAGES: usize = 1_000;
/// A summary that takes no longer than this is made after every run.
const QUICK: Duration = Duration::from_millis(20);
/// One that takes longer is made so many times its own length apart, which is 2 % of the time.
const SUMMARY_EVERY: u32 = 50;

/// What the window knows.
pub struct State {
    /// The plan being edited.
    pub draft: Draft,
    /// What is wrong with it.
    pub checks: Checks,
    /// What is known of Python.
    pub python: PythonFacts,
    /// The file or module whose functions the user looks at.
    pub picking: Picking,
    /// What a sweep varies, as it is being typed.
    pub sweep_form: SweepForm,
    /// What measuring costs here.
    pub calibration: Calibration,
    /// What the engine is doing.
    pub activity: Activity,
    /// The experiment on the screen.
    pub experiment: Option<Arc<Experiment>>,
    /// It has ended, and is to be kept.
    pub to_keep: bool,
    /// The results that are kept, the latest first.
    pub recent: Vec<Recent>,
    /// The file from which it was read, where it was.
    pub experiment_path: Option<PathBuf>,
    /// The plan as it was when the experiment was launched, or read from its file.
    pub measured: Option<Plan>,
    /// The plan of what was launched and has not begun.
    pub launched: Option<Plan>,
    /// What its runs say together.
    pub summary: Summary,
    /// Whether runs have ended since the summary was made.
    pub summary_is_old: bool,
    /// Before when no further summary is made while runs go on.
    pub next_summary: Option<Instant>,
    /// What it says as a sweep.
    pub scalings: Scalings,
    /// Which of its runs are shown.
    pub shown: Shown,
    /// How they are shown.
    pub views: Views,
    /// The setting whose run the list of executions shows.
    pub listed: Option<RunSetting>,
    /// Whether the list shows only executions that failed.
    pub failed_only: bool,
    /// The selected execution: its run's id and its own.
    pub selected: Option<(u32, u32)>,
    /// Per-core usage while nothing runs, the latest last.
    pub idle: VecDeque<Sample>,
    /// Which panels are visible.
    pub panels: Panels,
    /// How timelines are drawn.
    pub look: Look,
    /// The centre's tab to bring to the front.
    pub front: Option<Pane>,
    /// Light or dark.
    pub theme: ThemeChoice,
    /// Documents that are exported leave the plan's environment out.
    pub no_env: bool,
    /// What lies over everything else.
    pub overlay: Overlay,
    /// What has happened so far.
    pub messages: VecDeque<Message>,
    /// Short notes in a corner.
    pub toasts: Toasts,
    /// Commands to carry out at the end of the frame.
    pub queue: Vec<UiCommand>,
    /// Files that a panel asked the user to choose.
    pub wanted: Option<Purpose>,
    /// What is written once the user has said that it may replace what is there.
    pub pending: Option<Job>,
    /// What the plan would execute, while its user is asked about it.
    pub asked: Option<Box<Asked>>,
    /// An interpreter that the user allows to be asked.
    pub to_allow: Option<PathBuf>,
    /// What to do once the plan is saved.
    pub after_save: Option<Then>,
    /// The window is to close, whatever is unsaved.
    pub closing: bool,
}

/// Which panels are visible.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Panels {
    pub plan: bool,
    pub inspector: bool,
    pub idle_cores: bool,
}

/// How timelines are drawn, as long as the program runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Look {
    /// A row for each core, not for each lane.
    pub by_core: bool,
    /// What is drawn faint.
    pub filter: Filter,
}

/// A tab of the centre.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pane {
    Timeline,
    Table,
    Comparison,
    Executions,
    Costs,
    Why,
    Sweep,
    Messages,
}

/// What lies over everything else.
#[derive(Clone, Debug, PartialEq)]
pub enum Overlay {
    None,
    /// The command palette.
    Palette,
    /// The list of targets: for a new task, or for the selected one.
    Targets {
        add: bool,
    },
    /// The functions of a Python file or module, see [`State::picking`].
    Functions,
    Shortcuts,
    MeasuringCosts,
    About,
    /// Unsaved changes would be thrown away.
    Unsaved(Then),
    /// A file would be replaced, see [`State::pending`].
    Replace {
        path: PathBuf,
        question: Question,
    },
    /// A plan that was not made here would be run for the first time, see [`State::asked`].
    RunFirst,
}

/// What the user looks for a Python function in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Picking {
    /// Whether it is for a new task, or for the selected one.
    pub add: bool,
    /// What stands in the field: a file, or a module's name.
    pub typed: String,
    /// What is read: what stood there when it was entered.
    pub source: String,
}

/// What goes on when the plan has been saved or given up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Then {
    New,
    Open,
    Starter(usize),
    /// A result that was kept.
    Recent(PathBuf),
    Close,
}

/// What a file is chosen for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    Open,
    SavePlan,
    Export,
    /// What a tab shows, by itself.
    ExportPage(Page),
    /// The program of the selected task.
    Program,
    /// The working directory of the selected task.
    Folder,
    /// A Python file to pick a function of: for a new task, or for the selected one.
    OpenPython {
        add: bool,
    },
    /// The plan's Python interpreter.
    Interpreter,
}

/// How serious a message is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    Info,
    Good,
    Error,
}

/// Something that happened.
#[derive(Clone, Debug)]
pub struct Message {
    /// The time of day.
    pub at: String,
    pub level: Level,
    pub text: String,
}

impl State {
    /// A window with a plan in it, ready to run.
    pub fn new(draft: Draft) -> Self {
        let mut state = Self {
            draft,
            checks: Checks::default(),
            python: PythonFacts::default(),
            picking: Picking::default(),
            sweep_form: SweepForm::default(),
            calibration: Calibration::default(),
            activity: Activity::Idle,
            experiment: None,
            to_keep: false,
            recent: Vec::new(),
            experiment_path: None,
            measured: None,
            launched: None,
            summary: Summary::default(),
            summary_is_old: false,
            next_summary: None,
            scalings: Scalings::default(),
            shown: Shown::default(),
            views: Views::default(),
            listed: None,
            failed_only: false,
            selected: None,
            idle: VecDeque::new(),
            panels: Panels { plan: true, inspector: true, idle_cores: true },
            look: Look::default(),
            front: None,
            theme: ThemeChoice::System,
            no_env: false,
            overlay: Overlay::None,
            messages: VecDeque::new(),
            toasts: Toasts::new(),
            queue: Vec::new(),
            wanted: None,
            pending: None,
            asked: None,
            to_allow: None,
            after_save: None,
            closing: false,
        };
        state.check();
        state
    }

    /// Asks for a command to be carried out at the end of the frame.
    pub fn push(&mut self, command: UiCommand) {
        self.queue.push(command);
    }

    /// Notes what happened, in the list of messages alone.
    pub fn log(&mut self, level: Level, text: impl Into<String>) {
        let at = jiff::Zoned::now().strftime("%H:%M:%S").to_string();
        self.messages.push_back(Message { at, level, text: text.into() });
        if self.messages.len() > MOST_MESSAGES {
            self.messages.pop_front();
        }
    }

    /// Notes what happened, and shows it in a corner for a while.
    pub fn tell(&mut self, level: Level, text: impl Into<String>) {
        let text = text.into();
        self.toasts.add(level, &text);
        self.log(level, text);
    }

    /// A question that was closed without an answer is answered: nothing is written, and nothing goes on.
    pub fn forget_unasked(&mut self) {
        if self.pending.is_some() && !matches!(self.overlay, Overlay::Replace { .. }) {
            self.pending = None;
            self.after_save = None;
        }
        if self.overlay != Overlay::RunFirst {
            self.asked = None;
        }
    }

    /// Finds the plan's problems anew where it has changed, or more is known.
    pub fn check(&mut self) {
        self.checks.follow(&self.draft, &self.python);
    }

    /// Finds the summary anew; called when a run has ended.
    pub fn summarise(&mut self) {
        if let Some(experiment) = &self.experiment {
            self.summary = Summary::of(experiment);
            self.summary_is_old = false;
            self.shown.settle(experiment);
        }
    }

    /// The same while runs go on: what takes long is made less often, so that it does not fall into the runs it is of.
    pub fn summarise_gently(&mut self) {
        self.summary_is_old = self.next_summary.is_some_and(|next| Instant::now() < next);
        if !self.summary_is_old {
            let begin = Instant::now();
            self.summarise();
            let took = begin.elapsed();
            self.next_summary = (took > QUICK).then(|| begin + took * SUMMARY_EVERY);
        }
    }

    /// How many executions did not succeed, and where to look; absent where all did.
    pub fn failures_words(&self) -> Option<String> {
        self.summary.failed.words().map(|words| format!("{words}; see Executions for which and why"))
    }

    /// Whether the results on the screen are of a plan that was edited since.
    pub fn results_are_of_the_plan_before(&self) -> bool {
        let plan = self.draft.plan();
        let edited = |measured: &Plan| measured.tasks != plan.tasks || measured.run != plan.run;
        self.has_runs() && self.measured.as_ref().is_some_and(edited)
    }

    /// Whether there is a run on the screen.
    pub fn has_runs(&self) -> bool {
        self.experiment.as_deref().is_some_and(|experiment| !experiment.runs.is_empty())
    }

    /// The selected execution and its run.
    pub fn selected_execution(&self) -> Option<(&Run, &Execution)> {
        let (run, execution) = self.selected?;
        let run = self.experiment.as_deref()?.runs.iter().find(|candidate| candidate.id == run)?;
        Some((run, run.executions.get(execution as usize)?))
    }

    /// The run that the list of executions shows.
    pub fn listed_run(&self) -> Option<&Run> {
        let experiment = self.experiment.as_deref()?;
        let setting = self.listed.or_else(|| super::shown::settings(experiment).first().copied())?;
        self.shown.run(experiment, setting)
    }

    /// The window's title.
    pub fn title(&self) -> String {
        let dot = if self.draft.is_dirty() { "• " } else { "" };
        format!("{dot}{}{} – Spawnscope", self.name(), self.progress_words())
    }

    /// How far the experiment is, for the title: seen while the window is covered or an icon.
    fn progress_words(&self) -> String {
        match (&self.experiment, self.activity) {
            (Some(experiment), Activity::Running) => {
                let (done, all) = experiment.progress();
                format!(" – run {} of {all}", (done + 1).min(all))
            }
            (_, Activity::Starting | Activity::Running) => " – starting".to_owned(),
            (_, Activity::Stopping) => " – stopping".to_owned(),
            (Some(experiment), Activity::Idle) if experiment.message.is_some() => " – stopped".to_owned(),
            (Some(_), Activity::Idle) => " – done".to_owned(),
            (None, Activity::Idle) => String::new(),
        }
    }

    /// The plan's file name, or its name where it has no file.
    pub fn name(&self) -> String {
        let file = self.draft.path.as_deref().and_then(|path| path.file_name());
        file.map_or_else(|| self.draft.plan().name.clone(), |name| name.to_string_lossy().into_owned())
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
        let mut state = State::new(Draft::new(Plan::empty("Mine"), None));
        assert_eq!(state.title(), "Mine – Spawnscope");
        state.draft.edit(None, |plan| plan.run.repeat = 3);
        assert_eq!(state.title(), "• Mine – Spawnscope");
    }
}
