//! Zooming and panning along the time axis, the same in all plots.
//!
//! Wheel: zoom around the pointer; with shift, or sideways: pan. Drag: pan. Drag with shift or with the right button:
//! zoom to the marked region. Double click, Home, F: show everything. + and −: zoom. Arrows: pan. L: follow the run.

use super::range::TimeRange;
use eframe::egui::{self, Color32, Event, EventFilter, Key, PointerButton, Response, Shape, Ui};
use egui_plot::PlotTransform;

/// How far the wheel must turn to double the detail, in points.
const WHEEL_POINTS: f64 = 150.0;
const KEY_ZOOM: f64 = 1.5;
/// How far an arrow key moves the view, as a share of its width.
const KEY_PAN: f64 = 0.15;

/// The beginning of a region being marked; each plot keeps it from frame to frame.
#[derive(Clone, Copy, Debug, Default)]
pub struct Marking {
    from_ns: Option<f64>,
}

/// Handles pointer and keys over a plot, and shows the region being marked.
pub fn navigate(
    ui: &Ui,
    response: &Response,
    transform: &PlotTransform,
    range: &mut TimeRange,
    full_ns: u64,
    marking: &mut Marking,
) {
    let before = *range;
    if response.contains_pointer() {
        wheel(ui, transform, range, full_ns);
    }
    drag(ui, response, transform, range, full_ns, marking);
    if response.double_clicked() {
        range.fit(full_ns);
    }
    if has_keys(ui, response) {
        keys(ui, range, full_ns);
    }
    if *range != before {
        ui.ctx().request_repaint();
    }
}

/// Whether keys are meant for this plot: it has the focus, or nothing has it and the pointer is over the plot.
pub fn has_keys(ui: &Ui, response: &Response) -> bool {
    if response.clicked() {
        response.request_focus();
    }
    let arrows = EventFilter { horizontal_arrows: true, vertical_arrows: true, ..EventFilter::default() };
    ui.memory_mut(|memory| memory.set_focus_lock_filter(response.id, arrows));
    response.has_focus() || (response.contains_pointer() && ui.memory(|memory| memory.focused().is_none()))
}

fn wheel(ui: &Ui, transform: &PlotTransform, range: &mut TimeRange, full_ns: u64) {
    let (turned, pinch, alt) =
        ui.input(|input| (input.smooth_scroll_delta, f64::from(input.zoom_delta()), input.modifiers.alt));
    let Some(pointer) = ui.input(|input| input.pointer.hover_pos()) else { return };
    let around = transform.value_from_position(pointer).x;
    let factor = pinch * if alt { 1.0 } else { 2_f64.powf(f64::from(turned.y) / WHEEL_POINTS) };
    if factor != 1.0 {
        range.zoom(factor, around, full_ns);
    }
    if turned.x != 0.0 {
        range.pan(-f64::from(turned.x) * transform.dvalue_dpos()[0], full_ns);
    }
    // The plot uses up the wheel, so that nothing around it scrolls.
    ui.input_mut(|input| input.smooth_scroll_delta = egui::Vec2::ZERO);
}

fn drag(
    ui: &Ui,
    response: &Response,
    transform: &PlotTransform,
    range: &mut TimeRange,
    full_ns: u64,
    marking: &mut Marking,
) {
    let at_ns = |pos: egui::Pos2| transform.value_from_position(pos).x;
    let (origin, latest, shift) =
        ui.input(|input| (input.pointer.press_origin(), input.pointer.latest_pos(), input.modifiers.shift));
    if response.drag_started() && (shift || response.dragged_by(PointerButton::Secondary)) {
        marking.from_ns = origin.map(at_ns);
    }
    let (Some(from), Some(latest)) = (marking.from_ns, latest) else {
        if response.dragged_by(PointerButton::Primary) && response.drag_delta().x != 0.0 {
            range.pan(-f64::from(response.drag_delta().x) * transform.dvalue_dpos()[0], full_ns);
        }
        return;
    };
    if response.dragged() {
        mark(ui, transform, from, at_ns(latest));
    } else {
        marking.from_ns = None;
        if response.drag_stopped() && (latest.x - transform.position_from_point_x(from)).abs() > 3.0 {
            range.select(from, at_ns(latest), full_ns);
        }
    }
}

/// Shows the region being marked.
fn mark(ui: &Ui, transform: &PlotTransform, from_ns: f64, to_ns: f64) {
    let frame = *transform.frame();
    let x = |ns| transform.position_from_point_x(ns);
    let rect = egui::Rect::from_x_y_ranges(x(from_ns.min(to_ns))..=x(from_ns.max(to_ns)), frame.y_range());
    let color = ui.visuals().selection.stroke.color;
    let painter = ui.painter().with_clip_rect(frame);
    painter.add(Shape::rect_filled(rect, 0.0, color.gamma_multiply(0.15)));
    painter.rect_stroke(rect, 0.0, egui::Stroke::new(1.0, color), egui::StrokeKind::Inside);
}

fn keys(ui: &Ui, range: &mut TimeRange, full_ns: u64) {
    let middle = (range.from_ns + range.to_ns) / 2.0;
    for key in pressed(ui) {
        match key {
            Key::Plus | Key::Equals => range.zoom(KEY_ZOOM, middle, full_ns),
            Key::Minus => range.zoom(1.0 / KEY_ZOOM, middle, full_ns),
            Key::ArrowLeft => range.pan(-range.width_ns() * KEY_PAN, full_ns),
            Key::ArrowRight => range.pan(range.width_ns() * KEY_PAN, full_ns),
            Key::Home | Key::F => range.fit(full_ns),
            Key::L => range.go_live(full_ns),
            _ => {}
        }
    }
}

/// Keys pressed without Ctrl, Command or Alt, which belong to shortcuts.
pub fn pressed(ui: &Ui) -> Vec<Key> {
    let plain = |event: &Event| match event {
        Event::Key { key, pressed: true, modifiers, .. } if !(modifiers.command || modifiers.ctrl || modifiers.alt) => {
            Some(*key)
        }
        _ => None,
    };
    ui.input(|input| input.events.iter().filter_map(plain).collect())
}

/// Shows that a plot has the keyboard's focus.
pub fn focus_ring(ui: &Ui, response: &Response) {
    if response.has_focus() {
        let color: Color32 = ui.visuals().selection.stroke.color;
        let ring = egui::Stroke::new(1.5, color);
        ui.painter().rect_stroke(response.rect, 2.0, ring, egui::StrokeKind::Inside);
    }
}
