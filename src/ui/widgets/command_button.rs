//! Buttons for commands: with text, as an icon, or as an item of a menu.

use crate::{command::UiCommand, state::State, theme};
use eframe::egui::{self, Button, Color32, Response, Role, Ui, WidgetInfo, vec2};

/// How a button stands out.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum ButtonLook {
    /// Filled with a colour.
    Filled(Color32),
    /// Like other buttons.
    Plain,
}

/// A button of the tool bar with icon and text.
pub fn tool(ui: &mut Ui, state: &mut State, command: UiCommand, look: ButtonLook) -> Response {
    let info = command.info();
    let enabled = command.refusal(state).is_none();
    let response = ui
        .scope(|ui| {
            if let (ButtonLook::Filled(color), true) = (look, enabled) {
                fill(ui, color);
            }
            let button = Button::new((info.icon.rich_text(), info.text)).min_size(vec2(0.0, theme::TOOL));
            ui.add_enabled(enabled, button)
        })
        .inner;
    finish(ui, state, command, response)
}

/// The same with only the icon, where there is no room for the text.
pub fn tool_icon(ui: &mut Ui, state: &mut State, command: UiCommand) -> Response {
    let info = command.info();
    let enabled = command.refusal(state).is_none();
    let button = Button::new(info.icon.rich_text().size(16.0)).min_size(vec2(28.0, theme::TOOL));
    let response = ui.add_enabled(enabled, button);
    finish(ui, state, command, response)
}

/// A square button with only an icon; its name is its accessible label.
pub fn icon(ui: &mut Ui, state: &mut State, command: UiCommand) -> Response {
    let info = command.info();
    let enabled = command.refusal(state).is_none();
    let on = command.is_on(state).unwrap_or(false);
    let button = Button::new(info.icon.rich_text().size(16.0)).frame_when_inactive(false).selected(on);
    let response = ui.add_enabled(enabled, button.min_size(vec2(26.0, 24.0)));
    finish(ui, state, command, response)
}

/// An item of a menu, with its shortcut.
pub fn item(ui: &mut Ui, state: &mut State, command: UiCommand) {
    let info = command.info();
    let enabled = command.refusal(state).is_none();
    let on = command.is_on(state).unwrap_or(false);
    let mut button = Button::new((info.icon.rich_text(), info.text)).selected(on);
    if let Some(shortcut) = info.shortcut {
        button = button.shortcut_text(ui.ctx().format_shortcut(&shortcut));
    }
    let response = ui.add_enabled(enabled, button);
    finish(ui, state, command, response);
}

fn fill(ui: &mut Ui, color: Color32) {
    let widgets = &mut ui.visuals_mut().widgets;
    for (look, change) in [(&mut widgets.inactive, 1.0), (&mut widgets.hovered, 0.88), (&mut widgets.active, 0.75)] {
        look.weak_bg_fill = Color32::from_rgb(
            (f32::from(color.r()) * change) as u8,
            (f32::from(color.g()) * change) as u8,
            (f32::from(color.b()) * change) as u8,
        );
        look.fg_stroke.color = Color32::WHITE;
        look.bg_stroke = egui::Stroke::NONE;
    }
}

fn finish(ui: &Ui, state: &mut State, command: UiCommand, response: Response) -> Response {
    let info = command.info();
    let refusal = command.refusal(state);
    response.widget_info(|| WidgetInfo::labeled(Role::Button, refusal.is_none(), info.text));
    if response.clicked() {
        state.push(command);
        ui.close();
    }
    let key = info.shortcut.map(|shortcut| format!(" ({})", ui.ctx().format_shortcut(&shortcut))).unwrap_or_default();
    response
        .on_hover_text(format!("{}{key}", command.tooltip(state)))
        .on_disabled_hover_text(refusal.unwrap_or_else(|| info.tooltip.to_owned()))
}
