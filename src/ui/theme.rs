//! The look: spacing, type scale, and the window's own two sets of colours.

use eframe::egui::{
    self, Color32, CornerRadius, FontFamily, FontId, Margin, Stroke, Style, TextStyle, Theme, ThemePreference, Visuals,
    style::{Selection, WidgetVisuals},
    vec2,
};
use model::{LaunchMode, Outcome, OutcomeKind};
use scene::palette::{self, Rgb};
use store::settings::ThemeChoice;

/// Height of a row in a list or a table, in points.
pub const ROW: f32 = 24.0;
/// Height of a button of the tool bar, in points.
pub const TOOL: f32 = 30.0;

/// Installs fonts and both styles.
pub fn install(ctx: &egui::Context) {
    super::fonts::install(ctx);
    ctx.set_style_of(Theme::Dark, style(&DARK));
    ctx.set_style_of(Theme::Light, style(&LIGHT));
}

/// Sets light or dark, or follows the system.
pub fn follow(ctx: &egui::Context, choice: ThemeChoice) {
    ctx.set_theme(match choice {
        ThemeChoice::System => ThemePreference::System,
        ThemeChoice::Light => ThemePreference::Light,
        ThemeChoice::Dark => ThemePreference::Dark,
    });
}

/// A colour of the palette as egui has it.
pub fn color([red, green, blue]: Rgb) -> Color32 {
    Color32::from_rgb(red, green, blue)
}

/// The accent of a mode.
pub fn accent(mode: LaunchMode) -> Color32 {
    color(palette::accent(mode))
}

/// The failure colour for text: the palette's, moved until it can be read on the background.
pub fn failure(visuals: &Visuals) -> Color32 {
    visuals.error_fg_color
}

/// The colour of an outcome's mark.
pub fn outcome(outcome: Option<&Outcome>, visuals: &Visuals) -> Color32 {
    match outcome.map(|outcome| outcome.kind) {
        None | Some(OutcomeKind::Cancelled) => visuals.weak_text_color(),
        Some(OutcomeKind::Success) => color(palette::GREEN),
        Some(_) => color(palette::FAILED),
    }
}

/// A section's heading: small capitals, weak.
pub fn section(text: &str) -> egui::RichText {
    egui::RichText::new(text.to_uppercase()).text_style(TextStyle::Small).weak()
}

/// The colours of one theme, from the deepest surface to the strongest text.
struct Shades {
    dark: bool,
    well: u32,
    ground: u32,
    raised: u32,
    control: u32,
    hovered: u32,
    pressed: u32,
    line: u32,
    text: u32,
    weak: u32,
    strong: u32,
    accent: u32,
    selected: u32,
    failure: u32,
    warning: u32,
}

const DARK: Shades = Shades {
    dark: true,
    well: 0x12_15_19,
    ground: 0x1A_1E_24,
    raised: 0x22_27_2E,
    control: 0x2B_31_3A,
    hovered: 0x37_3F_4A,
    pressed: 0x20_25_2C,
    line: 0x33_3A_44,
    text: 0xC9_D1_DB,
    weak: 0x8E_99_A6,
    strong: 0xF1_F4_F7,
    accent: 0x4F_A8_E0,
    selected: 0x1F_4A_68,
    failure: 0xFF_8A_4A,
    warning: 0xE6_B0_3A,
};

const LIGHT: Shades = Shades {
    dark: false,
    well: 0xFF_FF_FF,
    ground: 0xF4_F6_F8,
    raised: 0xFF_FF_FF,
    control: 0xE6_EA_EE,
    hovered: 0xD8_DE_E5,
    pressed: 0xCB_D3_DC,
    line: 0xD3_D9_E0,
    text: 0x2A_31_3A,
    weak: 0x5E_69_76,
    strong: 0x0E_13_19,
    accent: 0x00_66_A0,
    selected: 0xCB_E3_F3,
    failure: 0xB2_42_00,
    warning: 0x8A_5B_00,
};

fn shade(rgb: u32) -> Color32 {
    let [_, red, green, blue] = rgb.to_be_bytes();
    Color32::from_rgb(red, green, blue)
}

fn style(shades: &Shades) -> Style {
    let mut style = Style { visuals: visuals(shades), animation_time: 0.06, ..Style::default() };
    for (kind, size, family) in [
        (TextStyle::Heading, 17.0, FontFamily::Proportional),
        (TextStyle::Body, 13.5, FontFamily::Proportional),
        (TextStyle::Button, 13.5, FontFamily::Proportional),
        (TextStyle::Small, 11.5, FontFamily::Proportional),
        (TextStyle::Monospace, 12.5, FontFamily::Monospace),
    ] {
        style.text_styles.insert(kind, FontId::new(size, family));
    }
    spacing(&mut style);
    style
}

fn spacing(style: &mut Style) {
    let spacing = &mut style.spacing;
    spacing.item_spacing = vec2(8.0, 6.0);
    spacing.button_padding = vec2(8.0, 3.0);
    spacing.interact_size = vec2(28.0, 24.0);
    spacing.menu_margin = Margin::same(6);
    spacing.window_margin = Margin::same(14);
    spacing.tooltip_width = 420.0;
    spacing.scroll.floating = false;
    spacing.scroll.foreground_color = false;
    spacing.scroll.bar_width = 8.0;
    style.interaction.tooltip_delay = 0.35;
    style.interaction.selectable_labels = false;
}

fn visuals(shades: &Shades) -> Visuals {
    let mut visuals = if shades.dark { Visuals::dark() } else { Visuals::light() };
    let line = Stroke::new(1.0, shade(shades.line));
    visuals.panel_fill = shade(shades.ground);
    visuals.window_fill = shade(shades.raised);
    visuals.extreme_bg_color = shade(shades.well);
    visuals.code_bg_color = shade(shades.control);
    visuals.faint_bg_color = shade(shades.text).gamma_multiply(0.035);
    visuals.window_stroke = line;
    visuals.weak_text_color = Some(shade(shades.weak));
    visuals.hyperlink_color = shade(shades.accent);
    visuals.error_fg_color = shade(shades.failure);
    visuals.warn_fg_color = shade(shades.warning);
    visuals.selection = Selection { bg_fill: shade(shades.selected), stroke: Stroke::new(1.0, shade(shades.strong)) };
    visuals.window_corner_radius = CornerRadius::same(8);
    visuals.menu_corner_radius = CornerRadius::same(6);
    visuals.text_cursor.stroke = Stroke::new(1.5, shade(shades.accent));
    // A blinking cursor would cost two frames a second.
    visuals.text_cursor.blink = false;
    visuals.collapsing_header_frame = false;
    visuals.indent_has_left_vline = false;
    visuals.striped = false;
    widgets(&mut visuals, shades);
    visuals
}

fn widgets(visuals: &mut Visuals, shades: &Shades) {
    let look = |fill: u32, edge: Stroke, text: u32| WidgetVisuals {
        bg_fill: shade(fill),
        weak_bg_fill: shade(fill),
        bg_stroke: edge,
        corner_radius: CornerRadius::same(5),
        fg_stroke: Stroke::new(1.0, shade(text)),
        expansion: 0.0,
    };
    let line = Stroke::new(1.0, shade(shades.line));
    let accent = Stroke::new(1.0, shade(shades.accent));
    visuals.widgets.noninteractive = look(shades.ground, line, shades.text);
    let edge = Stroke::new(1.0, shade(shades.hovered));
    visuals.widgets.inactive = look(shades.control, edge, shades.text);
    visuals.widgets.hovered = look(shades.hovered, line, shades.strong);
    visuals.widgets.active = look(shades.pressed, accent, shades.strong);
    visuals.widgets.open = look(shades.hovered, line, shades.strong);
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The contrast of two colours as WCAG 2 has it: 4.5 is what body text needs.
    fn contrast(a: Color32, b: Color32) -> f64 {
        let luminance = |c: Color32| {
            let channel = |v: u8| {
                let v = f64::from(v) / 255.0;
                if v <= 0.04045 { v / 12.92 } else { ((v + 0.055) / 1.055).powf(2.4) }
            };
            0.2126 * channel(c.r()) + 0.7152 * channel(c.g()) + 0.0722 * channel(c.b())
        };
        let (a, b) = (luminance(a), luminance(b));
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    #[test]
    fn every_text_can_be_read_on_every_surface() {
        for shades in [&DARK, &LIGHT] {
            for text in [shades.text, shades.weak, shades.strong, shades.failure, shades.warning, shades.accent] {
                for ground in [shades.well, shades.ground, shades.raised] {
                    let ratio = contrast(shade(text), shade(ground));
                    assert!(ratio >= 4.5, "{text:06x} on {ground:06x}: {ratio:.2}");
                }
            }
            assert!(contrast(shade(shades.strong), shade(shades.selected)) >= 4.5);
        }
    }
}
