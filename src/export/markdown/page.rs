//! Writes Markdown block by block, and escapes texts so that they are shown as they are.

/// The page so far.
#[derive(Default)]
pub struct Page {
    text: String,
}

impl Page {
    /// The whole page.
    pub fn text(self) -> String {
        self.text
    }

    /// A heading; level 1 is the title.
    pub fn heading(&mut self, level: usize, text: &str) {
        self.block(&format!("{} {}", "#".repeat(level), plain(text)));
    }

    /// A paragraph that is Markdown already.
    pub fn paragraph(&mut self, markdown: &str) {
        self.block(markdown);
    }

    /// A list of items that are Markdown already; without items, no list.
    pub fn list(&mut self, items: impl IntoIterator<Item = String>) {
        let items: Vec<_> = items.into_iter().map(|item| format!("- {item}")).collect();
        if !items.is_empty() {
            self.block(&items.join("\n"));
        }
    }

    /// A table of plain texts: the first column is aligned to the left, the others to the right.
    pub fn table(&mut self, heads: &[String], rows: &[Vec<String>]) {
        self.columns(1, heads, rows);
    }

    /// The same with `to_the_left` columns aligned to the left.
    pub fn columns(&mut self, to_the_left: usize, heads: &[String], rows: &[Vec<String>]) {
        let line = |cells: &[String]| {
            let cells = (0..heads.len()).map(|at| cell(cells.get(at).map_or("", String::as_str)));
            format!("| {} |", cells.collect::<Vec<_>>().join(" | "))
        };
        let rule: Vec<_> = (0..heads.len()).map(|at| if at < to_the_left { ":--" } else { "--:" }).collect();
        let mut lines = vec![line(heads), format!("| {} |", rule.join(" | "))];
        lines.extend(rows.iter().map(|row| line(row)));
        self.block(&lines.join("\n"));
    }

    fn block(&mut self, markdown: &str) {
        if !self.text.is_empty() {
            self.text.push('\n');
        }
        self.text += markdown;
        self.text.push('\n');
    }
}

/// A text in one line with everything escaped that Markdown would interpret, also at the beginning of a block.
pub fn plain(text: &str) -> String {
    let mut plain = cell(text);
    // A beginning like that of a list, a heading or a rule.
    if plain.starts_with(['#', '-', '+', '=', ':']) {
        plain.insert(0, '\\');
    }
    numbered(&plain).unwrap_or(plain)
}

/// The same, for a text inside a line.
fn cell(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '~' | '$' => plain.extend(['\\', letter]),
            '<' => plain += "&lt;",
            '>' => plain += "&gt;",
            '&' => plain += "&amp;",
            letter if letter.is_control() => plain.push(' '),
            letter => plain.push(letter),
        }
    }
    plain
}

/// A text that would begin a numbered list, with its dot or bracket escaped.
fn numbered(plain: &str) -> Option<String> {
    let digits = plain.chars().take_while(char::is_ascii_digit).count();
    let rest = &plain[digits..];
    let mark = rest.chars().next().filter(|mark| digits > 0 && ['.', ')'].contains(mark))?;
    let after = rest[1..].chars().next();
    after.is_none_or(|letter| letter == ' ').then(|| format!("{}\\{mark}{}", &plain[..digits], &rest[1..]))
}

/// A text as code in one line; not for tables, where a pipe would end the cell. As code, `#1` does not link to an
/// issue, and `@name` notifies nobody.
pub fn code(text: &str) -> String {
    let text: String = text.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).collect();
    let longest = text.split(|letter| letter != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    let blank = if text.starts_with('`') || text.ends_with('`') || text.is_empty() { " " } else { "" };
    format!("{fence}{blank}{text}{blank}{fence}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_markdown_would_read_reads_as_itself() {
        for (text, expected) in [
            ("a|b", "a\\|b"),
            ("*x* _y_ `z` [l](u)", "\\*x\\* \\_y\\_ \\`z\\` \\[l\\](u)"),
            ("1 < 2 & $x$", "1 &lt; 2 &amp; \\$x\\$"),
            ("two\nlines", "two lines"),
            ("# no heading", "\\# no heading"),
            ("- no item", "\\- no item"),
            ("3. no item", "3\\. no item"),
            ("3.5 s", "3.5 s"),
            ("−12 µs", "−12 µs"),
            ("", ""),
        ] {
            assert_eq!(plain(text), expected);
        }
    }

    #[test]
    fn code_has_a_fence_that_its_text_lacks() {
        assert_eq!(code("primes #1"), "`primes #1`");
        assert_eq!(code("a`b``c"), "```a`b``c```");
        assert_eq!(code("`x`"), "`` `x` ``");
        assert_eq!(code("two\nlines"), "`two lines`");
    }

    #[test]
    fn every_row_of_a_table_has_as_many_cells() {
        let mut page = Page::default();
        page.table(
            &["a|b".to_owned(), "c".to_owned()],
            &[vec!["1".to_owned()], vec!["2".to_owned(), "+3|4".to_owned()]],
        );
        assert_eq!(page.text(), "| a\\|b | c |\n| :-- | --: |\n| 1 |  |\n| 2 | +3\\|4 |\n");
    }
}
