//! Line ends: the TOML editor knows only one kind.

/// The text with `\n` at the end of each line.
pub fn plain(text: &str) -> String {
    text.replace("\r\n", "\n")
}

/// Gives each line the end that it had in `before`, from which the text was made, and a new line the most frequent end. The
/// last line has an end only if it had one.
pub fn restored(text: &str, before: &str) -> String {
    let old: Vec<(&str, &str)> = before.split_inclusive('\n').map(parted).collect();
    let most = if old.iter().filter(|(_, end)| *end == "\r\n").count() * 2 > old.len() { "\r\n" } else { "\n" };
    let mut at = 0;
    let mut restored = String::with_capacity(before.len() + text.len());
    for line in text.split_inclusive('\n') {
        let (line, end) = parted(line);
        let known = old[at..].iter().position(|(old, _)| *old == line);
        restored.push_str(line);
        match known {
            // A line that was the last and had no end may have lines after it now.
            Some(ahead) if !end.is_empty() => {
                at += ahead + 1;
                restored.push_str(if old[at - 1].1.is_empty() { most } else { old[at - 1].1 });
            }
            _ if !end.is_empty() => restored.push_str(most),
            _ => {}
        }
    }
    if !before.ends_with('\n') {
        let bare = restored.trim_end_matches('\n').trim_end_matches('\r').len();
        restored.truncate(bare);
    }
    restored
}

/// A line without its end, and the end.
fn parted(line: &str) -> (&str, &str) {
    let bare = line.strip_suffix('\n').map_or(line, |line| line.strip_suffix('\r').unwrap_or(line));
    line.split_at(bare.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_keeps_its_end_and_a_new_one_has_the_usual() {
        let before = "a\r\nb\nc\r\nd\r\n";
        assert_eq!(plain(before), "a\nb\nc\nd\n");
        assert_eq!(restored("a\nb\nnew\nc\nd\n", before), "a\r\nb\nnew\r\nc\r\nd\r\n");
        assert_eq!(restored("a\nc\nd\n", before), "a\r\nc\r\nd\r\n");
        assert_eq!(restored("x\ny\n", "x\ny"), "x\ny");
        assert_eq!(restored("x\ny\nz\n", "x\ny"), "x\ny\nz");
    }
}
