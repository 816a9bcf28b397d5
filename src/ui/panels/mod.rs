//! The regions of the window.

pub mod centre;
mod compare_with;
pub mod comparison;
pub mod costs;
mod editor;
pub mod executions;
pub mod functions;
mod inspector;
mod interpreter;
pub mod keys;
mod measuring_costs;
mod members;
mod menu;
pub mod messages;
pub mod overlays;
mod params;
mod plan;
pub mod program;
mod python;
mod questions;
mod raw;
pub mod run_first;
mod run_settings;
mod starters;
mod states;
mod status;
pub mod sweep;
mod sweep_with;
pub mod table;
mod tasks;
pub mod timeline;
mod toolbar;
mod traceback;
mod waterfall;
pub mod why;

use super::state::State;
use centre::Centre;
use eframe::egui::{self, CentralPanel, Frame, Margin, Panel, Role, ScrollArea, Ui, WidgetInfo};
use egui_material_icons::icons::ICON_WARNING;

/// Height of the status line.
const STATUS: f32 = 26.0;
/// The distance of toasts from the window's lower edge: above the status line and the verdict.
pub const ABOVE_THE_VERDICT: f32 = STATUS + timeline::VERDICT + 10.0;

/// Below this width the inspector shows only while an execution is selected.
const NARROW: f32 = 1000.0;

/// Draws everything but what lies over it.
pub fn show(ui: &mut Ui, state: &mut State, centre: &mut Centre) {
    let width = ui.available_width();
    let bar = Frame::side_top_panel(ui.style()).inner_margin(Margin::symmetric(10, 5));
    Panel::top("top").frame(bar).show(ui, |ui| {
        menu::show(ui, state);
        ui.add_space(2.0);
        toolbar::show(ui, state);
    });
    let thin = Frame::side_top_panel(ui.style()).inner_margin(Margin::symmetric(10, 2));
    Panel::bottom("status").frame(thin).exact_size(STATUS).show(ui, |ui| status::show(ui, state));
    let side = Frame::side_top_panel(ui.style()).inner_margin(Margin::symmetric(12, 8));
    if state.session.panels.plan {
        let range = 220.0..=(width * 0.34).max(240.0);
        let panel = Panel::left("plan").frame(side).resizable(true).default_size((width * 0.245).clamp(232.0, 330.0));
        panel.size_range(range).show(ui, |ui| plan::show(ui, state));
    }
    if state.session.panels.inspector && (width >= NARROW || state.shown.selected.is_some()) {
        let range = 200.0..=(width * 0.3).max(210.0);
        let panel =
            Panel::right("inspector").frame(side).resizable(true).default_size((width * 0.2).clamp(210.0, 300.0));
        panel.size_range(range).show(ui, |ui| {
            ScrollArea::vertical().auto_shrink([false, false]).show(ui, |ui| inspector::show(ui, state));
        });
    }
    let well = Frame::central_panel(ui.style()).inner_margin(0).fill(ui.visuals().extreme_bg_color);
    CentralPanel::default().frame(well).show(ui, |ui| centre.show(ui, state));
}

/// A warning as a small sign that says on hovering what it means.
fn warning(ui: &mut Ui, text: &str) {
    let sign = ICON_WARNING.rich_text().size(16.0).color(ui.visuals().warn_fg_color);
    let sign = ui.label(sign).on_hover_text(text);
    sign.widget_info(|| WidgetInfo::labeled(Role::Label, true, text));
}

/// The margin inside the centre's tabs.
fn padded<R>(ui: &mut Ui, add: impl FnOnce(&mut Ui) -> R) -> R {
    Frame::new().inner_margin(egui::Margin::symmetric(14, 10)).show(ui, add).inner
}
