//! The tabs of the centre: what each is called, what shows it, and on what it depends.

use super::{
    panels::{comparison, costs, executions, messages, sweep, table, timeline, why},
    state::{Pane, State},
};
use eframe::egui::{Key, Ui};
use egui_material_icons::{MaterialIcon, icons::*};

/// What a tab shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shows {
    /// Nothing of the experiment.
    Nothing,
    /// Runs and their executions, while they go on.
    Runs,
    /// What the runs say together, from their summary.
    Summary,
}

/// One tab.
pub struct Tab {
    /// Its title.
    pub title: &'static str,
    /// The name of the command that brings it to the front.
    pub command: &'static str,
    /// One sentence.
    pub tooltip: &'static str,
    /// The icon of the command.
    pub icon: MaterialIcon,
    /// The key of the command, with Ctrl.
    pub key: Key,
    /// What it shows.
    pub shows: Shows,
    /// Draws it.
    pub show: fn(&mut Ui, &mut State),
}

impl Pane {
    /// Every tab, in the order of the tab bar, of the menu and of the palette.
    pub const ALL: [Self; 8] = [
        Self::Timeline,
        Self::Comparison,
        Self::Sweep,
        Self::Why,
        Self::Table,
        Self::Executions,
        Self::Costs,
        Self::Messages,
    ];

    /// All that the window knows of the tab.
    pub fn tab(self) -> Tab {
        match self {
            Self::Timeline => Tab {
                title: "Timeline",
                command: "Show timeline",
                tooltip: "What each execution did, and when",
                icon: ICON_VIEW_TIMELINE,
                key: Key::Num1,
                shows: Shows::Runs,
                show: timeline::show,
            },
            Self::Comparison => Tab {
                title: "Comparison",
                command: "Show comparison",
                tooltip: "How makespans are spread, and how sure the difference is",
                icon: ICON_COMPARE_ARROWS,
                key: Key::Num2,
                shows: Shows::Summary,
                show: comparison::show,
            },
            Self::Sweep => Tab {
                title: "Sweep",
                command: "Show sweep",
                tooltip: "Curves over workers, or over an argument",
                icon: ICON_SHOW_CHART,
                key: Key::Num3,
                shows: Shows::Summary,
                show: sweep::show,
            },
            Self::Why => Tab {
                title: "Why",
                command: "Show why",
                tooltip: "What explains the result, with its evidence and what to try",
                icon: ICON_LIGHTBULB,
                key: Key::Num4,
                shows: Shows::Summary,
                show: why::show,
            },
            Self::Table => Tab {
                title: "Table",
                command: "Show table",
                tooltip: "The settings in numbers, side by side",
                icon: ICON_TABLE_CHART,
                key: Key::Num5,
                shows: Shows::Summary,
                show: |ui, state| table::show(ui, state),
            },
            Self::Executions => Tab {
                title: "Executions",
                command: "Show executions",
                tooltip: "Every execution of the shown run",
                icon: ICON_VIEW_LIST,
                key: Key::Num6,
                shows: Shows::Runs,
                show: executions::show,
            },
            Self::Costs => Tab {
                title: "Costs",
                command: "Show costs",
                tooltip: "What launching costs, and what is alive over time",
                icon: ICON_TIMER,
                key: Key::Num7,
                shows: Shows::Summary,
                show: costs::show,
            },
            Self::Messages => Tab {
                title: "Messages",
                command: "Show messages",
                tooltip: "What has happened so far",
                icon: ICON_NOTES,
                key: Key::Num8,
                shows: Shows::Nothing,
                show: messages::show,
            },
        }
    }
}
