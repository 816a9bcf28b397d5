//! The one list of everything a person can do, for buttons, menus, keys and the command palette.

use super::{
    page::Page,
    state::{Pane, State, capital},
};
use eframe::egui::{Key, KeyboardShortcut, Modifiers};
use egui_material_icons::{MaterialIcon, icons::*};
use store::settings::ThemeChoice;

/// Something a person can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum UiCommand {
    NewPlan,
    Open,
    Save,
    SaveAs,
    Export,
    /// Exports what one tab shows.
    ExportPage(Page),
    /// Switches whether exported documents leave the plan's environment out.
    NoEnv,
    Quit,
    Undo,
    Redo,
    AddTask,
    AddPython,
    DuplicateTask,
    RemoveTask,
    MoveTaskUp,
    MoveTaskDown,
    Run,
    Compare,
    Sweep,
    Stop,
    /// Brings a tab to the front.
    Show(Pane),
    TogglePlan,
    ToggleInspector,
    ToggleIdleCores,
    ByCore,
    Theme(ThemeChoice),
    Palette,
    Shortcuts,
    MeasuringCosts,
    /// Measures what measuring costs.
    Calibrate,
    About,
    /// Opens the starter plan with this place in the list; not in [`UiCommand::ALL`].
    Starter(usize),
    /// Opens the kept result with this place in the list; not in [`UiCommand::ALL`].
    Recent(usize),
}

/// How a command is shown.
pub struct CommandInfo {
    /// Its name, a unique label on the screen.
    pub text: &'static str,
    /// One sentence.
    pub tooltip: &'static str,
    /// Its icon.
    pub icon: MaterialIcon,
    /// Its key.
    pub shortcut: Option<KeyboardShortcut>,
}

const CTRL_SHIFT: Modifiers = Modifiers::COMMAND.plus(Modifiers::SHIFT);

impl UiCommand {
    /// Every command that does not depend on data, in the order of the palette.
    pub const ALL: [UiCommand; 44] = [
        Self::Run,
        Self::Compare,
        Self::Sweep,
        Self::Stop,
        Self::AddTask,
        Self::AddPython,
        Self::DuplicateTask,
        Self::RemoveTask,
        Self::MoveTaskUp,
        Self::MoveTaskDown,
        Self::Undo,
        Self::Redo,
        Self::NewPlan,
        Self::Open,
        Self::Save,
        Self::SaveAs,
        Self::Export,
        Self::ExportPage(Page::Comparison),
        Self::ExportPage(Page::LaunchCosts),
        Self::ExportPage(Page::Findings),
        Self::ExportPage(Page::Waterfall),
        Self::ExportPage(Page::Sweep),
        Self::NoEnv,
        Self::Show(Pane::Timeline),
        Self::Show(Pane::Comparison),
        Self::Show(Pane::Sweep),
        Self::Show(Pane::Why),
        Self::Show(Pane::Table),
        Self::Show(Pane::Executions),
        Self::Show(Pane::Costs),
        Self::Show(Pane::Messages),
        Self::TogglePlan,
        Self::ToggleInspector,
        Self::ToggleIdleCores,
        Self::ByCore,
        Self::Theme(ThemeChoice::System),
        Self::Theme(ThemeChoice::Light),
        Self::Theme(ThemeChoice::Dark),
        Self::Palette,
        Self::Shortcuts,
        Self::MeasuringCosts,
        Self::Calibrate,
        Self::About,
        Self::Quit,
    ];

    /// Its name, tooltip, icon and key.
    pub fn info(self) -> CommandInfo {
        let (text, tooltip, icon) = self.words();
        CommandInfo { text, tooltip, icon, shortcut: self.shortcut() }
    }

    fn words(self) -> (&'static str, &'static str, MaterialIcon) {
        match self {
            Self::NewPlan => ("New plan", "Begin a plan without tasks", ICON_NOTE_ADD),
            Self::Open => ("Open…", "Open a plan (.toml) or a saved run (.json)", ICON_FOLDER_OPEN),
            Self::Save => ("Save", "Save the plan to its file", ICON_SAVE),
            Self::SaveAs => ("Save as…", "Save the plan to another file", ICON_SAVE_AS),
            Self::Export => (
                "Export…",
                "Write charts (PNG, SVG), tables (CSV), a report (Markdown) or the whole run (JSON)",
                ICON_DOWNLOAD,
            ),
            Self::ExportPage(page) => {
                let (text, tooltip) = page.words();
                (text, tooltip, ICON_DOWNLOAD)
            }
            Self::NoEnv => (
                "Leave out the environment",
                "Exported JSON documents keep only the names of the plan's environment variables, not their values",
                ICON_VISIBILITY_OFF,
            ),
            Self::Quit => ("Quit", "Stop everything and close the window", ICON_LOGOUT),
            Self::Undo => ("Undo", "Undo the last change of the plan", ICON_UNDO),
            Self::Redo => ("Redo", "Make the last undone change again", ICON_REDO),
            Self::AddTask => ("Add task", "Choose a target and add a task for it", ICON_ADD),
            Self::AddPython => ("Add Python function…", "Choose a Python file and a function in it", ICON_CODE),
            Self::DuplicateTask => ("Duplicate task", "Add a copy of the selected task", ICON_CONTENT_COPY),
            Self::RemoveTask => ("Remove task", "Remove the selected task", ICON_DELETE),
            Self::MoveTaskUp => ("Move task up", "Launch the selected task earlier", ICON_ARROW_UPWARD),
            Self::MoveTaskDown => ("Move task down", "Launch the selected task later", ICON_ARROW_DOWNWARD),
            Self::Run => ("Run", "Run the plan in the chosen mode", ICON_PLAY_ARROW),
            Self::Compare => {
                ("Compare", "Run the plan in each choice, in turn, and say which is faster", ICON_COMPARE_ARROWS)
            }
            Self::Sweep => (
                "Sweep",
                "Run the plan at several points, and say which is best, or where one setting overtakes another",
                ICON_SHOW_CHART,
            ),
            Self::Stop => ("Stop", "End everything at once, threads too", ICON_STOP),
            Self::Show(pane) => {
                let tab = pane.tab();
                (tab.command, tab.tooltip, tab.icon)
            }
            Self::TogglePlan => ("Plan panel", "Show or hide the plan on the left", ICON_LEFT_PANEL_OPEN),
            Self::ToggleInspector => {
                ("Inspector panel", "Show or hide the inspector on the right", ICON_RIGHT_PANEL_OPEN)
            }
            Self::ToggleIdleCores => {
                ("Watch idle cores", "Per-core CPU use, once a second while nothing runs", ICON_MONITOR_HEART)
            }
            Self::ByCore => ("Timeline by core", "A row for each core instead of each lane, and back", ICON_MEMORY),
            Self::Theme(ThemeChoice::System) => ("Theme: system", "Light or dark as the system has it", ICON_CONTRAST),
            Self::Theme(ThemeChoice::Light) => ("Theme: light", "Always light", ICON_LIGHT_MODE),
            Self::Theme(ThemeChoice::Dark) => ("Theme: dark", "Always dark", ICON_DARK_MODE),
            Self::Palette => ("Command palette", "Find a command by its name", ICON_SEARCH),
            Self::Shortcuts => ("Keyboard shortcuts", "Every key", ICON_KEYBOARD),
            Self::MeasuringCosts => {
                ("What measuring costs", "What is measured at each level, and what that costs here", ICON_SPEED)
            }
            Self::Calibrate => ("Measure now", "Measure what measuring costs here: a second or two", ICON_SPEED),
            Self::About => ("About Spawnscope", "Version and machine", ICON_INFO),
            Self::Recent(_) => ("Open recent result", "Open a result that was kept", ICON_HISTORY),
            Self::Starter(_) => ("Open starter", "Open a starter plan", ICON_SCHOOL),
        }
    }

    fn shortcut(self) -> Option<KeyboardShortcut> {
        let (modifiers, key) = match self {
            Self::NewPlan => (Modifiers::COMMAND, Key::N),
            Self::Open => (Modifiers::COMMAND, Key::O),
            Self::Save => (Modifiers::COMMAND, Key::S),
            Self::SaveAs => (CTRL_SHIFT, Key::S),
            Self::Export => (Modifiers::COMMAND, Key::E),
            Self::Quit => (Modifiers::COMMAND, Key::Q),
            Self::Undo => (Modifiers::COMMAND, Key::Z),
            Self::Redo => (CTRL_SHIFT, Key::Z),
            Self::AddTask => (Modifiers::COMMAND, Key::T),
            Self::AddPython => (CTRL_SHIFT, Key::T),
            Self::DuplicateTask => (Modifiers::COMMAND, Key::D),
            Self::RemoveTask => (Modifiers::COMMAND, Key::Delete),
            Self::MoveTaskUp => (Modifiers::ALT, Key::ArrowUp),
            Self::MoveTaskDown => (Modifiers::ALT, Key::ArrowDown),
            Self::Run => (Modifiers::NONE, Key::F5),
            Self::Compare => (Modifiers::NONE, Key::F6),
            Self::Sweep => (Modifiers::NONE, Key::F7),
            Self::Stop => (Modifiers::SHIFT, Key::F5),
            Self::Show(pane) => (Modifiers::COMMAND, pane.tab().key),
            Self::TogglePlan => (Modifiers::COMMAND, Key::B),
            Self::ToggleInspector => (Modifiers::COMMAND, Key::I),
            Self::ByCore => (CTRL_SHIFT, Key::C),
            Self::Palette => (Modifiers::COMMAND, Key::P),
            Self::Shortcuts => (Modifiers::NONE, Key::F1),
            _ => return None,
        };
        Some(KeyboardShortcut::new(modifiers, key))
    }

    /// Further keys that people know from elsewhere.
    pub const ALIASES: [(KeyboardShortcut, UiCommand); 2] = [
        (KeyboardShortcut::new(CTRL_SHIFT, Key::P), UiCommand::Palette),
        (KeyboardShortcut::new(Modifiers::COMMAND, Key::Y), UiCommand::Redo),
    ];

    /// Why it cannot be done now, with what to do; absent where it can.
    pub fn refusal(self, state: &State) -> Option<String> {
        let unless = |held: bool, why: &str| (!held).then(|| why.to_owned());
        let task = state.editing.draft.task().is_some();
        match self {
            Self::Run | Self::Compare | Self::Sweep | Self::Calibrate if state.activity.is_measuring() => {
                Some("An experiment is running; press Stop to end it".to_owned())
            }
            Self::Run | Self::Compare | Self::Sweep | Self::Calibrate if state.activity.is_busy() => {
                Some("What the runs say together is being worked out; it takes a moment".to_owned())
            }
            Self::Run | Self::Compare | Self::Sweep | Self::Calibrate if state.session.calibration.is_running() => {
                Some("What measuring costs is being measured; it takes a second or two".to_owned())
            }
            Self::Recent(_) => unless(!state.activity.is_measuring(), "An experiment is running; press Stop to end it"),
            Self::Run => state.editing.checks.run.clone(),
            Self::Compare => state.editing.checks.compare.clone(),
            Self::Sweep => {
                state.editing.sweep_form.wrong.as_deref().map(capital).or_else(|| state.editing.checks.sweep.clone())
            }
            Self::Stop => unless(state.activity.is_measuring(), "Nothing is running"),
            Self::Undo => unless(state.editing.draft.can_undo(), "There is nothing to undo"),
            Self::Redo => unless(state.editing.draft.can_redo(), "There is nothing to redo"),
            Self::DuplicateTask | Self::RemoveTask => unless(task, "Select a task first"),
            Self::MoveTaskUp => unless(state.editing.draft.can_move(-1), "The selected task is the first"),
            Self::MoveTaskDown => unless(state.editing.draft.can_move(1), "The selected task is the last"),
            Self::Export | Self::ExportPage(_) if state.activity.is_measuring() => {
                Some("Export when the experiment has ended".to_owned())
            }
            Self::ExportPage(Page::Sweep) => {
                unless(state.shown.is_sweep(), "Sweep first: there are no curves to export yet")
            }
            Self::Export | Self::ExportPage(_) => {
                unless(state.shown.has_runs(), "Run or compare first: there is nothing to export yet")
            }
            _ => None,
        }
    }

    /// One sentence about what it does now.
    pub fn tooltip(self, state: &State) -> String {
        match self {
            Self::Compare => super::choices::sentence(state.editing.draft.plan()),
            Self::Sweep => super::sweep_form::sentence(state.editing.draft.plan(), &state.editing.python),
            _ => self.info().tooltip.to_owned(),
        }
    }

    /// Whether its switch is on; absent where the command is no switch.
    pub fn is_on(self, state: &State) -> Option<bool> {
        match self {
            Self::TogglePlan => Some(state.session.panels.plan),
            Self::ToggleInspector => Some(state.session.panels.inspector),
            Self::ToggleIdleCores => Some(state.session.panels.idle_cores),
            Self::ByCore => Some(state.session.look.by_core),
            Self::NoEnv => Some(state.session.no_env),
            Self::Theme(choice) => Some(state.session.theme == choice),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn names_and_keys_are_unique() {
        let names: HashSet<_> = UiCommand::ALL.iter().map(|command| command.info().text).collect();
        assert_eq!(names.len(), UiCommand::ALL.len());
        let keys: Vec<_> = UiCommand::ALL.iter().filter_map(|command| command.info().shortcut).collect();
        let distinct: HashSet<_> = keys.iter().copied().collect();
        assert_eq!(distinct.len(), keys.len());
    }
}
