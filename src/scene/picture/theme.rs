//! Colours of paper, lines and texts.

use crate::palette::Rgb;

/// The theme of a chart.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ChartTheme {
    /// Dark on white, for paper.
    #[default]
    Light,
    /// Light on black, for dark slides.
    Dark,
}

/// The colours of a theme.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Theme {
    /// Behind everything.
    pub paper: Rgb,
    /// Behind the rows of a panel.
    pub row: Rgb,
    /// Lines of the time axis.
    pub grid: Rgb,
    /// Texts.
    pub ink: Rgb,
    /// Secondary texts.
    pub muted: Rgb,
}

impl Theme {
    /// The colours of a theme.
    pub fn of(theme: ChartTheme) -> Self {
        match theme {
            ChartTheme::Light => Self {
                paper: [0xff, 0xff, 0xff],
                row: [0xf3, 0xf5, 0xf7],
                grid: [0xd5, 0xda, 0xe0],
                ink: [0x14, 0x18, 0x1d],
                muted: [0x4d, 0x56, 0x61],
            },
            ChartTheme::Dark => Self {
                paper: [0x12, 0x15, 0x19],
                row: [0x1e, 0x23, 0x29],
                grid: [0x38, 0x40, 0x4a],
                ink: [0xf1, 0xf4, 0xf7],
                muted: [0xb0, 0xb9, 0xc4],
            },
        }
    }

    /// The colour, mixed with the ink until a text in it is readable (contrast 4.5, as WCAG 2 asks).
    pub fn readable(&self, colour: Rgb) -> Rgb {
        let steps = (0..=20).map(|step| mix(colour, self.ink, f64::from(step) / 20.0));
        steps.into_iter().find(|colour| contrast(*colour, self.paper) >= 4.5).unwrap_or(self.ink)
    }
}

/// A mixture of two colours; `share` is that of the second.
pub fn mix(from: Rgb, to: Rgb, share: f64) -> Rgb {
    std::array::from_fn(|i| (f64::from(from[i]) * (1.0 - share) + f64::from(to[i]) * share).round() as u8)
}

/// The contrast of two colours by WCAG 2, 1 to 21.
fn contrast(a: Rgb, b: Rgb) -> f64 {
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

fn luminance(colour: Rgb) -> f64 {
    let linear = colour.map(|channel| {
        let channel = f64::from(channel) / 255.0;
        if channel <= 0.04045 { channel / 12.92 } else { ((channel + 0.055) / 1.055).powf(2.4) }
    });
    0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::palette;

    #[test]
    fn accents_and_failures_can_be_read_in_both_themes() {
        for theme in [ChartTheme::Light, ChartTheme::Dark].map(Theme::of) {
            for colour in [palette::BLUE, palette::PURPLE, palette::GREY, palette::FAILED] {
                assert!(contrast(theme.readable(colour), theme.paper) >= 4.5);
            }
            assert!(contrast(theme.muted, theme.row) >= 4.5);
        }
    }
}
