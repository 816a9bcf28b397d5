//! The widths of texts.

/// Measures texts in the font in which a picture is painted.
pub trait Ruler {
    /// The width of a text of this size, in the size's unit.
    fn width(&self, text: &str, size: f64, bold: bool) -> f64;

    /// The text, cut with … where it is wider than `most`.
    fn fit(&self, text: &str, size: f64, bold: bool, most: f64) -> String {
        if self.width(text, size, bold) <= most {
            return text.to_owned();
        }
        let letters: Vec<char> = text.chars().collect();
        let cut = |kept: usize| letters[..kept].iter().collect::<String>().trim_end().to_owned() + "…";
        let fits = |kept: &usize| self.width(&cut(*kept), size, bold) <= most;
        // A binary search for the longest cut that fits: a text gets no narrower with more letters.
        let (mut low, mut high) = (0, letters.len());
        while low < high {
            let middle = (low + high).div_ceil(2);
            if fits(&middle) { low = middle } else { high = middle - 1 }
        }
        cut(low)
    }

    /// The text in lines no wider than `most`, broken at spaces.
    fn wrap(&self, text: &str, size: f64, bold: bool, most: f64) -> Vec<String> {
        let mut lines: Vec<String> = Vec::new();
        for word in text.split(' ') {
            match lines.last_mut() {
                Some(line) if self.width(&format!("{line} {word}"), size, bold) <= most => *line += &format!(" {word}"),
                _ => lines.push(self.fit(word, size, bold, most)),
            }
        }
        lines
    }
}
