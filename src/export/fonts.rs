//! The fonts of every chart, so that it looks the same on a machine without fonts.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use ttf_parser::Face;

/// Regular weight, a subset (see `resources/fonts/README.md`).
pub const REGULAR: &[u8] = include_bytes!("../../resources/fonts/Inter-Regular-subset.ttf");
/// Bold weight, a subset.
pub const BOLD: &[u8] = include_bytes!("../../resources/fonts/Inter-Bold-subset.ttf");
/// The family's name.
pub const FAMILY: &str = "Inter";

/// The style sheet that embeds the fonts in an SVG.
pub fn font_faces() -> String {
    let face = |weight, bytes| {
        let data = STANDARD.encode(bytes);
        format!(
            "@font-face{{font-family:{FAMILY};font-weight:{weight};src:url(data:font/ttf;base64,{data}) format('truetype')}}"
        )
    };
    face(400, REGULAR) + &face(700, BOLD)
}

/// Measures widths of texts.
pub struct Ruler {
    faces: [Option<Face<'static>>; 2],
}

impl Ruler {
    /// A ruler for both weights.
    pub fn new() -> Self {
        Self { faces: [REGULAR, BOLD].map(|bytes| Face::parse(bytes, 0).ok()) }
    }

    /// The width of a letter at size 1; a guess for letters that the fonts lack.
    fn advance(&self, letter: char, bold: bool) -> f64 {
        let face = self.faces[usize::from(bold)].as_ref();
        let units = face.and_then(|face| {
            let advance = face.glyph_hor_advance(face.glyph_index(letter)?)?;
            Some(f64::from(advance) / f64::from(face.units_per_em()))
        });
        units.unwrap_or(1.0)
    }
}

impl scene::picture::Ruler for Ruler {
    /// Ignores kerning.
    fn width(&self, text: &str, size: f64, bold: bool) -> f64 {
        text.chars().map(|letter| self.advance(letter, bold)).sum::<f64>() * size
    }
}

impl Default for Ruler {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use scene::picture::Ruler as _;

    #[test]
    fn the_fonts_have_every_letter_that_charts_use() {
        let ruler = Ruler::new();
        for face in ruler.faces.iter().map(|face| face.as_ref().expect("a font")) {
            let missing: String =
                "µμ×±−–—…·%#\u{2009}\u{a0}ÄßéñłŐ“”’".chars().filter(|c| face.glyph_index(*c).is_none()).collect();
            assert_eq!(missing, "");
        }
    }

    #[test]
    fn long_texts_are_cut_to_their_room() {
        let ruler = Ruler::new();
        let cut = ruler.fit("a name that is far too long for its place", 12.0, false, 100.0);
        assert!(cut.ends_with('…') && ruler.width(&cut, 12.0, false) <= 100.0, "{cut}");
        assert_eq!(ruler.fit("short", 12.0, true, 100.0), "short");
        let lines = ruler.wrap("several words that need more than one line", 12.0, false, 120.0);
        assert!(lines.len() > 1 && lines.iter().all(|line| ruler.width(line, 12.0, false) <= 120.0));
    }
}
