//! What lies over everything else: the command palette, the list of targets, questions, help.

use super::questions;
use crate::{
    command::UiCommand,
    state::{Overlay, Purpose, State},
    widgets::{
        rows::fact,
        search_list::{self, SearchItem},
    },
};
use eframe::egui::{Align, Context, Id, Layout, Modal, ScrollArea, Ui};
use egui_material_icons::icons::{ICON_BLUR_ON, ICON_CODE, ICON_MEMORY, ICON_SCHOOL, ICON_TERMINAL};
use model::{Target, Task};
use targets::registry;

/// What the user chose.
#[derive(Clone, Copy)]
pub enum Answer {
    /// A command of the palette.
    Command(UiCommand),
    /// Save the plan, then go on.
    Save,
    /// Throw the changes away, and go on.
    GiveUp,
    /// Replace the file that was asked about.
    Replace,
    /// Choose another name for it.
    OtherName,
    /// Run the plan that was asked about.
    RunIt,
}

/// What becomes of the overlay after it was drawn.
#[derive(Clone, Copy)]
pub enum Next {
    /// It stays open.
    Stay,
    /// It is closed, and what it is about is forgotten.
    Close,
    /// It is closed with an answer.
    Answer(Answer),
}

/// Draws the open overlay; gives the user's answer, and what it is about.
pub fn show(ctx: &Context, state: &mut State) -> Option<(Answer, Overlay)> {
    if !state.overlay.is_open() {
        return None;
    }
    let search = Id::unique("search");
    let mut overlay = std::mem::take(&mut state.overlay);
    let modal = Modal::new(Id::unique("overlay")).show(ctx, |ui| draw(ui, search, state, &mut overlay));
    let next = if modal.should_close() && matches!(modal.inner, Next::Stay) { Next::Close } else { modal.inner };
    if matches!(next, Next::Stay) {
        state.overlay = overlay;
        return None;
    }
    search_list::forget(ctx, search);
    match next {
        Next::Answer(answer) => Some((answer, overlay)),
        Next::Stay | Next::Close => None,
    }
}

fn draw(ui: &mut Ui, search: Id, state: &mut State, overlay: &mut Overlay) -> Next {
    match overlay {
        Overlay::None => Next::Close,
        Overlay::Palette => palette(ui, search, state),
        Overlay::Targets { add } => targets(ui, search, state, *add),
        Overlay::Functions(picking) => {
            sized(ui, 600.0, 520.0);
            super::functions::show(ui, search, state, picking)
        }
        Overlay::Shortcuts => shortcuts(ui),
        Overlay::MeasuringCosts => measuring_costs(ui, state),
        Overlay::About => about(ui, state),
        Overlay::Unsaved(_) => questions::unsaved(ui, &state.editing.name()),
        Overlay::Replace(question, job) => questions::replace(ui, job.path(), *question),
        Overlay::RunFirst(asked) => super::run_first::show(ui, &state.editing.name(), asked),
    }
}

fn measuring_costs(ui: &mut Ui, state: &mut State) -> Next {
    sized(ui, 560.0, 600.0);
    let height = ui.available_height() - 40.0;
    ScrollArea::vertical().max_height(height).auto_shrink([false, false]).show(ui, |ui| {
        super::measuring_costs::show(ui, state);
    });
    ui.add_space(8.0);
    let line = ui.horizontal(|ui| {
        super::measuring_costs::button(ui, state);
        ui.with_layout(Layout::right_to_left(Align::Center), close_button).inner
    });
    line.inner
}

/// Sets the size of a list: most of a small window, and no more than is needed of a large one.
fn sized(ui: &mut Ui, width: f32, height: f32) {
    let screen = ui.ctx().content_rect().size();
    ui.set_width(width.min(screen.x - 80.0));
    ui.set_height(height.min(screen.y - 120.0));
}

fn palette(ui: &mut Ui, search: Id, state: &State) -> Next {
    sized(ui, 520.0, 420.0);
    let starters = (0..starters::all().len()).map(UiCommand::Starter);
    let commands: Vec<UiCommand> = UiCommand::ALL.into_iter().chain(starters).collect();
    let items: Vec<SearchItem> = commands.iter().map(|command| line(ui, state, *command)).collect();
    let chosen = search_list::show(ui, search, "Type the name of a command", &items);
    chosen.map_or(Next::Stay, |index| Next::Answer(Answer::Command(commands[index])))
}

fn line(ui: &Ui, state: &State, command: UiCommand) -> SearchItem {
    let info = command.info();
    let key = info.shortcut.map(|shortcut| ui.ctx().format_shortcut(&shortcut)).unwrap_or_default();
    let (title, icon) = match command {
        UiCommand::Starter(index) => (format!("{}: {}", info.text, starters::all()[index].title), ICON_SCHOOL),
        _ => (info.text.to_owned(), info.icon),
    };
    let enabled = command.refusal(state).is_none();
    SearchItem {
        group: "",
        icon,
        label: format!("Command: {title}"),
        title,
        detail: String::new(),
        right: key,
        enabled,
    }
}

fn targets(ui: &mut Ui, search: Id, state: &mut State, add: bool) -> Next {
    sized(ui, 560.0, 520.0);
    ui.heading(if add { "Add a task" } else { "Change the target" });
    let mut infos: Vec<_> = registry().iter().collect();
    infos.sort_by_key(|info| info.group);
    let mut items = own();
    let count = items.len();
    items.extend(infos.iter().map(|info| built_in(info)));
    let Some(index) = search_list::show(ui, search, "Search by name or by what it does", &items) else {
        return Next::Stay;
    };
    match index {
        0 => state.choose(Purpose::OpenPython { add }),
        1 => super::functions::pick(state, add, ""),
        2 => target(state, add, Target::Program(String::new())),
        built_in => target(state, add, Target::Builtin(infos[built_in - count].name.to_owned())),
    }
    Next::Close
}

fn target(state: &mut State, add: bool, target: Target) {
    if add { state.editing.draft.add(target) } else { retarget(state, target) }
}

/// The user's own targets: a program, a Python function.
fn own() -> Vec<SearchItem> {
    let own = [
        (ICON_CODE, "Python function…", "A function of a Python file, in the interpreter of your choice"),
        (ICON_CODE, "Python function of a module…", "A function of an installed module, for example math:factorial"),
        (ICON_TERMINAL, "Program…", "Any program, by its name on PATH or by its file; started without a shell"),
    ];
    let item = |(icon, title, detail): (_, &str, &str)| SearchItem {
        group: "Your own",
        icon,
        label: title.to_owned(),
        title: title.to_owned(),
        detail: detail.to_owned(),
        right: String::new(),
        enabled: true,
    };
    own.into_iter().map(item).collect()
}

fn built_in(info: &targets::TargetInfo) -> SearchItem {
    let icon = if info.group == targets::Group::Compute { ICON_MEMORY } else { ICON_BLUR_ON };
    SearchItem {
        group: info.group.title(),
        icon,
        label: info.name.to_owned(),
        title: info.name.to_owned(),
        detail: info.help.to_owned(),
        right: String::new(),
        enabled: true,
    }
}

/// Gives the selected task another target. Its args are removed, and its name, unless the user chose it.
fn retarget(state: &mut State, target: Target) {
    let selected = state.editing.draft.selected;
    state.editing.draft.edit(None, |plan| {
        let Some(task) = plan.tasks.get_mut(selected) else { return };
        let fresh = Task::new(target);
        if [task.target.short_name(), super::program::NAMELESS, ""].contains(&task.name.as_str()) {
            task.name = if fresh.name.is_empty() { super::program::NAMELESS.to_owned() } else { fresh.name };
        }
        if task.target != fresh.target {
            task.args = fresh.args;
            task.kwargs.clear();
        }
        task.target = fresh.target;
    });
}

fn shortcuts(ui: &mut Ui) -> Next {
    sized(ui, 380.0, 460.0);
    ui.heading("Keyboard shortcuts");
    let height = ui.available_height() - 40.0;
    ScrollArea::vertical().max_height(height).auto_shrink([false, false]).show(ui, |ui| {
        for command in UiCommand::ALL {
            let info = command.info();
            if let Some(shortcut) = info.shortcut {
                fact(ui, info.text, &ui.ctx().format_shortcut(&shortcut));
            }
        }
    });
    close(ui)
}

fn about(ui: &mut Ui, state: &State) -> Next {
    ui.set_width(380.0);
    ui.heading("Spawnscope");
    ui.label(format!("Version {}", env!("CARGO_PKG_VERSION")));
    ui.label(
        "Launches the same tasks as threads and as processes, shows both on one time axis, and says which is faster.",
    );
    if let Some(experiment) = &state.shown.experiment {
        ui.weak(format!("Measured on {}", experiment.machine.line()));
    }
    close(ui)
}

fn close(ui: &mut Ui) -> Next {
    ui.add_space(8.0);
    ui.with_layout(Layout::right_to_left(Align::Min), close_button).inner
}

fn close_button(ui: &mut Ui) -> Next {
    if ui.button("Close").clicked() { Next::Close } else { Next::Stay }
}
