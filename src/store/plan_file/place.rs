//! The line and column of a byte offset, as an editor shows them.

/// Line and column of the byte at `offset`, both from 1; columns count characters.
pub(super) fn of(text: &str, offset: usize) -> (usize, usize) {
    within(text, &lines(text), offset)
}

/// Where the lines of a text begin.
pub(super) fn lines(text: &str) -> Vec<usize> {
    std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect()
}

/// The same, given the beginnings of the lines: a very long text may have a problem in each line.
pub(super) fn within(text: &str, lines: &[usize], offset: usize) -> (usize, usize) {
    let before = &text[..text.floor_char_boundary(offset)];
    let line = lines.partition_point(|start| *start <= before.len()).max(1);
    let line_start = lines.get(line - 1).copied().unwrap_or(0);
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
