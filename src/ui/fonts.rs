//! The fonts beside egui's own: icons for buttons, and the seven characters that the built-in file dialog draws.

use eframe::egui::{
    Context, FontData, FontFamily,
    epaint::text::{FontInsert, FontPriority, InsertFontFamily},
};

const NOTO: &[u8] = include_bytes!("../../resources/fonts/dialog/noto-emoji-subset.ttf");
const EMOJI: &[u8] = include_bytes!("../../resources/fonts/dialog/emoji-icon-subset.ttf");

/// Adds them behind egui's own, for characters that those lack.
pub fn install(ctx: &Context) {
    egui_material_icons::initialize(ctx);
    for (name, bytes) in [("dialog-noto", NOTO), ("dialog-emoji", EMOJI)] {
        let family = InsertFontFamily { family: FontFamily::Proportional, priority: FontPriority::Lowest };
        ctx.add_font(FontInsert::new(name, FontData::from_static(bytes), vec![family]));
    }
}
