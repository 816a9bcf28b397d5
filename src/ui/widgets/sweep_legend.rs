//! What colours, dashes and rings of a sweep's panels mean.

use super::sweep_plot::colour;
use crate::{
    analysis::scaling::view::View,
    model::{SweepAxis, scaling::Law},
};
use eframe::egui::{Color32, Painter, Rect, Role, Sense, Shape, Stroke, TextStyle, Ui, WidgetInfo, pos2, vec2};

const SAMPLE: f32 = 26.0;

enum Key {
    Curve(Color32),
    Law(Law),
    Ideal,
    Best,
    Interval,
    Crossing,
}

/// Shows the legend, in as many lines as it takes.
pub fn show(ui: &mut Ui, view: &View) {
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing = vec2(6.0, 2.0);
        for (key, text) in entries(view) {
            let (strong, weak) = (ui.visuals().strong_text_color(), ui.visuals().weak_text_color());
            let words = ui.painter().layout_no_wrap(
                text.clone(),
                TextStyle::Body.resolve(ui.style()),
                ui.visuals().text_color(),
            );
            // A sample and its words are one: no line ends between them.
            let size = vec2(SAMPLE + 6.0 + words.size().x, words.size().y.max(16.0));
            let (rect, response) = ui.allocate_exact_size(size, Sense::hover());
            let (left, right) = rect.split_left_right_at_x(rect.left() + SAMPLE);
            sample(ui.painter(), &key, Rect::from_center_size(left.center(), vec2(SAMPLE, 16.0)), strong, weak);
            let at = pos2(right.left() + 6.0, right.center().y - words.size().y / 2.0);
            ui.painter().galley(at, words, ui.visuals().text_color());
            response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &text));
            ui.add_space(8.0);
        }
    });
}

fn entries(view: &View) -> Vec<(Key, String)> {
    let mut entries: Vec<_> = view.curves.iter().map(|curve| (Key::Curve(colour(curve)), curve.name.clone())).collect();
    entries.push((Key::Interval, "95 % interval".to_owned()));
    for law in Law::ALL {
        if view.curves.iter().any(|curve| curve.fits.iter().any(|fit| fit.law == law)) {
            entries.push((Key::Law(law), law.title().to_owned()));
        }
    }
    if matches!(view.scaling.axis, SweepAxis::Workers(_)) {
        entries.push((Key::Ideal, "ideal".to_owned()));
        if view.curves.iter().any(|curve| curve.best.is_some()) {
            entries.push((Key::Best, "best".to_owned()));
        }
    }
    if view.crossings().next().is_some() {
        entries.push((Key::Crossing, "where both take as long".to_owned()));
    }
    entries
}

fn sample(painter: &Painter, key: &Key, rect: Rect, strong: Color32, weak: Color32) {
    let (left, right, middle) = (rect.left_center(), rect.right_center(), rect.center());
    let band = |half: f32| Rect::from_center_size(middle, vec2(2.0 * half, 14.0));
    match key {
        Key::Curve(color) => {
            painter.line_segment([left, right], Stroke::new(1.8, *color));
            painter.circle_filled(middle, 3.5, *color);
        }
        Key::Law(Law::Amdahl) => {
            painter.extend(Shape::dashed_line(&[left, right], Stroke::new(1.4, weak), 7.0, 4.0));
        }
        Key::Law(Law::Usl) => painter.extend(Shape::dotted_line(&[left, right], weak, 4.0, 0.9)),
        Key::Ideal => drop(painter.line_segment([left, right], Stroke::new(1.0, weak))),
        Key::Best => {
            painter.circle_filled(middle, 3.5, weak);
            painter.circle_stroke(middle, 6.5, Stroke::new(1.2, strong));
        }
        Key::Interval => {
            painter.rect_filled(band(SAMPLE / 2.0), 0.0, weak.gamma_multiply(0.16));
            painter.vline(middle.x, middle.y - 7.0..=middle.y + 7.0, Stroke::new(1.2, weak));
            painter.circle_filled(middle, 3.0, weak);
        }
        Key::Crossing => {
            painter.rect_filled(band(9.0), 0.0, weak.gamma_multiply(0.22));
            let line = [pos2(middle.x, rect.top()), pos2(middle.x, rect.bottom())];
            painter.extend(Shape::dashed_line(&line, Stroke::new(1.2, strong), 4.0, 3.0));
        }
    }
}
