//! A list that the user searches by typing: for targets and for commands.

use crate::theme;
use eframe::egui::{
    self, Align2, Id, Key, Modifiers, Rect, Role, ScrollArea, Sense, TextEdit, TextStyle, Ui, WidgetInfo, pos2, vec2,
};
use egui_material_icons::MaterialIcon;

/// A line of the list.
pub struct SearchItem {
    /// The heading above it, which consecutive items share.
    pub group: &'static str,
    /// Its icon.
    pub icon: MaterialIcon,
    /// Its accessible label, unique on the screen.
    pub label: String,
    /// Its name.
    pub title: String,
    /// One line below the name; may be empty.
    pub detail: String,
    /// The text on the right, such as its shortcut.
    pub right: String,
    /// Whether it can be chosen.
    pub enabled: bool,
}

const HEIGHT: f32 = 42.0;

/// Shows a field and the items that contain every word typed in it; returns the place of the chosen item.
pub fn show(ui: &mut Ui, id: Id, hint: &str, items: &[SearchItem]) -> Option<usize> {
    let (mut text, mut marked): (String, usize) = ui.data(|data| data.get_temp(id)).unwrap_or_default();
    let step = keys(ui);
    let field = ui.add(TextEdit::singleline(&mut text).hint_text(hint.to_owned()).desired_width(f32::INFINITY));
    field.widget_info(|| WidgetInfo::labeled(Role::TextInput, true, "Search"));
    // Another field of the same overlay may have the focus.
    if ui.memory(|memory| memory.focused()).is_none() {
        field.request_focus();
    }
    if field.changed() {
        marked = 0;
    }
    let found: Vec<usize> = (0..items.len()).filter(|index| matches(&items[*index], &text)).collect();
    marked = marked.saturating_add_signed(step).min(found.len().saturating_sub(1));
    ui.add_space(4.0);
    let clicked = list(ui, items, &found, marked, step != 0);
    if found.is_empty() {
        ui.weak("Nothing has this name; type fewer letters.");
    }
    let entered = ui.input_mut(|input| input.consume_key(Modifiers::NONE, Key::Enter));
    ui.data_mut(|data| data.insert_temp(id, (text, marked)));
    let entered = entered.then(|| found.get(marked).copied()).flatten();
    clicked.or(entered).filter(|index| items[*index].enabled)
}

/// The text typed in the field.
pub fn typed(ctx: &egui::Context, id: Id) -> String {
    ctx.data(|data| data.get_temp::<(String, usize)>(id)).unwrap_or_default().0
}

/// Puts a text into the field.
pub fn preset(ctx: &egui::Context, id: Id, text: &str) {
    ctx.data_mut(|data| data.insert_temp(id, (text.to_owned(), 0_usize)));
}

/// Forgets the typed text.
pub fn forget(ctx: &egui::Context, id: Id) {
    ctx.data_mut(|data| data.remove::<(String, usize)>(id));
}

fn keys(ui: &Ui) -> isize {
    ui.input_mut(|input| {
        let down = input.count_and_consume_key(Modifiers::NONE, Key::ArrowDown) as isize;
        down - input.count_and_consume_key(Modifiers::NONE, Key::ArrowUp) as isize
    })
}

fn list(ui: &mut Ui, items: &[SearchItem], found: &[usize], marked: usize, follow: bool) -> Option<usize> {
    let mut clicked = None;
    ScrollArea::vertical().auto_shrink([false, false]).show(ui, |ui| {
        ui.spacing_mut().item_spacing.y = 1.0;
        let mut group = "";
        for (place, index) in found.iter().enumerate() {
            let item = &items[*index];
            if item.group != group {
                group = item.group;
                ui.add_space(6.0);
                ui.label(theme::section(group));
            }
            if line(ui, item, place == marked, follow) {
                clicked = Some(*index);
            }
        }
    });
    clicked
}

fn line(ui: &mut Ui, item: &SearchItem, marked: bool, follow: bool) -> bool {
    let height = if item.detail.is_empty() { theme::ROW + 4.0 } else { HEIGHT };
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), height), Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Role::Button, item.enabled, &item.label));
    if marked && follow {
        response.scroll_to_me(None);
    }
    if ui.is_rect_visible(rect) {
        let visuals = ui.visuals();
        let fill = match (marked, response.hovered()) {
            (true, _) => visuals.selection.bg_fill,
            (false, true) => visuals.widgets.hovered.weak_bg_fill,
            (false, false) => egui::Color32::TRANSPARENT,
        };
        ui.painter().rect_filled(rect, 5.0, fill);
        texts(ui, rect, item);
    }
    response.clicked()
}

fn texts(ui: &Ui, rect: Rect, item: &SearchItem) {
    let visuals = ui.visuals();
    let weak = visuals.weak_text_color();
    let color = if item.enabled { visuals.strong_text_color() } else { weak };
    let font = |style: TextStyle| style.resolve(ui.style());
    let icon = egui::FontId::new(17.0, item.icon.font_family());
    let middle = rect.center().y;
    ui.painter().text(pos2(rect.left() + 8.0, middle), Align2::LEFT_CENTER, item.icon.codepoint, icon, color);
    let right = ui.painter().text(
        pos2(rect.right() - 8.0, middle),
        Align2::RIGHT_CENTER,
        &item.right,
        font(TextStyle::Small),
        weak,
    );
    let clip = Rect::from_min_max(rect.min, pos2(right.left() - 8.0, rect.bottom()));
    let painter = ui.painter().with_clip_rect(clip.intersect(ui.clip_rect()));
    let left = rect.left() + 36.0;
    if item.detail.is_empty() {
        painter.text(pos2(left, middle), Align2::LEFT_CENTER, &item.title, font(TextStyle::Body), color);
        return;
    }
    let width = (clip.right() - left).max(10.0);
    for (text, style, color, y) in
        [(&item.title, TextStyle::Body, color, middle - 16.0), (&item.detail, TextStyle::Small, weak, middle + 3.0)]
    {
        let mut job = egui::text::LayoutJob::simple_singleline(text.clone(), font(style), color);
        job.wrap = egui::text::TextWrapping::truncate_at_width(width);
        let galley = ui.fonts_mut(|fonts| fonts.layout_job(job));
        painter.galley(pos2(left, y), galley, color);
    }
}

fn matches(item: &SearchItem, text: &str) -> bool {
    let all = format!("{} {} {}", item.group, item.title, item.detail).to_lowercase();
    text.to_lowercase().split_whitespace().all(|word| all.contains(word))
}
