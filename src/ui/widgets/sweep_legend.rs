//! What colours, dashes and rings of a sweep's panels mean.

use crate::{
    model::scaling::Law,
    scene::sweep::{
        legend::{Key, entries},
        view::View,
    },
    ui::theme,
};
use eframe::egui::{Color32, Painter, Rect, Role, Sense, Shape, Stroke, TextStyle, Ui, WidgetInfo, pos2, vec2};

const SAMPLE: f32 = 26.0;

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

fn sample(painter: &Painter, key: &Key, rect: Rect, strong: Color32, weak: Color32) {
    let (left, right, middle) = (rect.left_center(), rect.right_center(), rect.center());
    let band = |half: f32| Rect::from_center_size(middle, vec2(2.0 * half, 14.0));
    match key {
        Key::Curve(colour) => {
            let color = theme::color(*colour);
            painter.line_segment([left, right], Stroke::new(1.8, color));
            painter.circle_filled(middle, 3.5, color);
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
