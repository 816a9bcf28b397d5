//! From a byte's offset to the line and column that an editor shows.

/// Line and column of the byte at `offset`, both from 1; columns count characters.
pub(super) fn of(text: &str, offset: usize) -> (usize, usize) {
    let before = &text[..text.floor_char_boundary(offset)];
    let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
    let line = before.bytes().filter(|byte| *byte == b'\n').count() + 1;
    // A byte order mark is no character of the first line.
    let column = before[line_start..].trim_start_matches('\u{FEFF}').chars().count() + 1;
    (line, column)
}

#[cfg(test)]
mod tests {
    use super::of;

    #[test]
    fn columns_count_characters_from_one() {
        let text = "a\näö = 1\r\n";
        assert_eq!(of(text, 0), (1, 1));
        assert_eq!(of(text, text.find('=').expect("there")), (2, 4));
        assert_eq!(of(text, 9_999), (3, 1), "an offset past the end is the end");
        assert_eq!(of("\u{FEFF}x", 3), (1, 1));
    }
}
