//! Keys of commands.

use crate::command::UiCommand;
use eframe::egui::{Context, KeyboardShortcut};

/// The commands whose keys were pressed; the keys are consumed. Keys with more modifiers are looked for first, because
/// egui takes Ctrl+Shift+Z for Ctrl+Z too.
pub fn pressed(ctx: &Context) -> Vec<UiCommand> {
    let own = UiCommand::ALL.into_iter().filter_map(|command| Some((command.info().shortcut?, command)));
    let mut keys: Vec<(KeyboardShortcut, UiCommand)> = own.chain(UiCommand::ALIASES).collect();
    keys.sort_by_key(|(shortcut, _)| std::cmp::Reverse(modifiers(shortcut)));
    ctx.input_mut(|input| {
        keys.into_iter().filter(|(shortcut, _)| input.consume_shortcut(shortcut)).map(|(_, command)| command).collect()
    })
}

fn modifiers(shortcut: &KeyboardShortcut) -> usize {
    let held = shortcut.modifiers;
    [held.alt, held.shift, held.ctrl || held.command].into_iter().filter(|held| *held).count()
}
