//! The message for a text that is no TOML: what was meant there, where that is clear, else toml's own words.

use super::words::shown;
use model::{meant, task::PY_EXPRESSION, toml_value::quoted};

/// A mistake: the text around it, its byte offset, and its line.
struct Slip<'a> {
    rest: &'a str,
    before: &'a str,
    /// What stands before and after `=` in the line; both are empty without a `=`.
    key: &'a str,
    value: &'a str,
    message: &'a str,
}

/// The message in place of toml's at an offset.
pub(super) fn sentence(text: &str, offset: usize, message: &str) -> String {
    let offset = text.floor_char_boundary(offset);
    let start = text[..offset].rfind('\n').map_or(0, |newline| newline + 1);
    let end = text[offset..].find('\n').map_or(text.len(), |newline| offset + newline);
    let line = text[start..end].trim();
    let (key, value) = line.split_once('=').unwrap_or(("", ""));
    let (key, value) = (key.trim(), value.trim());
    let slip = Slip { rest: text[offset..end].trim_end(), before: text[start..offset].trim(), key, value, message };
    slip.in_line(line).or_else(|| slip.at_word()).or_else(|| slip.at_list()).unwrap_or_else(|| plain(message))
}

impl Slip<'_> {
    fn says(&self, words: &str) -> bool {
        self.message.contains(words)
    }

    /// The mistake that the line as a whole shows.
    fn in_line(&self, line: &str) -> Option<String> {
        if let Some(quote) = line.chars().find(|c| "“”„‘’«»".contains(*c)) {
            return Some(format!("`{quote}` is no quote of TOML; write the text between two plain ones: \"…\""));
        }
        if line.starts_with("//") || line.starts_with("--") {
            return Some("a comment begins with `#`; write # in front of this line".to_owned());
        }
        if self.says("duplicate key") {
            return Some(format!("`{}` is there twice; keep one of the two lines", shown(self.key)));
        }
        if let Some((key, rest)) =
            line.split_once(':').filter(|(key, _)| self.key != key.trim() && meant::is_name(key.trim()))
        {
            return Some(format!("after a key stands `=`, not a colon; write {} = {}", key.trim(), shown(rest.trim())));
        }
        if self.value.starts_with('=') {
            let value = self.value.trim_start_matches('=').trim();
            return Some(format!("one `=` is enough; write {} = {}", self.key, shown(value)));
        }
        if let Some(value) = line.strip_suffix([';', ',']).filter(|_| self.rest.starts_with([';', ','])) {
            return Some(format!("a line ends without `{}`; write {}", &self.rest[..1], shown(value)));
        }
        if meant::is_name(self.key) { self.in_value() } else { None }
    }

    /// The mistake that the value of `key = value` shows.
    fn in_value(&self) -> Option<String> {
        let (key, value) = (self.key, self.value);
        if let Some(inside) = value.strip_prefix('(').and_then(|value| value.strip_suffix(')')) {
            let items: Vec<_> = meant::parts(inside).iter().map(|part| meant::literal(part)).collect();
            return Some(format!("TOML has lists for Python's tuples; write {key} = [{}]", items.join(", ")));
        }
        if let Some(inside) =
            value.strip_prefix('"').and_then(|value| value.strip_suffix('"')).filter(|it| it.contains('"'))
        {
            return Some(match meant::called(inside).filter(|_| key == "target") {
                Some(meant) => {
                    format!("a target names the function alone, what it gets is in args; write {}", meant.lines())
                }
                None => format!("the text ends at its second quote; write {key} = {}", single(inside)),
            });
        }
        if self.says("escape") || self.says("unicode value digits") || self.says("hexadecimal") {
            let mend = match value.strip_prefix('"').and_then(|value| value.strip_suffix('"')) {
                Some(inside) => format!("write {key} = {}", single(inside)),
                None => "write the text between single quotes, '…', or each backslash twice".to_owned(),
            };
            return Some(format!("a backslash between double quotes begins an escape; {mend}"));
        }
        let first = value.chars().next()?;
        let is_bare =
            (first.is_alphabetic() || "/~".contains(first) || value.starts_with("./") || value.starts_with("../"))
                && !matches!(value, "true" | "false" | "inf" | "nan");
        match value {
            _ if !is_bare => None,
            "True" | "False" => Some(format!("write {key} = {}, in small letters", value.to_lowercase())),
            "None" | "null" | "nil" => Some(format!("TOML has no {value}; remove the line")),
            _ if value.contains('"') || value.contains('\'') => None,
            _ => Some(format!("a text stands between quotes; write {key} = {}", quoted(&shown(value)))),
        }
    }

    /// The mistake that the word at the place shows.
    fn at_word(&self) -> Option<String> {
        let begin = self.before.rfind(|c: char| " \t[{,=(".contains(c)).map_or(0, |at| at + 1);
        let lead =
            if self.before.ends_with(|c: char| c.is_alphanumeric() || c == '.') { &self.before[begin..] } else { "" };
        let tail = self.rest.split([',', ']', '}', ' ', '\t', '#']).next().unwrap_or_default();
        let word = format!("{lead}{tail}");
        match word.as_str() {
            "True" | "False" => Some(format!("write {}, in small letters", word.to_lowercase())),
            "None" | "null" | "nil" => Some(format!(
                "TOML has no {word}; leave the argument out, or write {{ \"{PY_EXPRESSION}\" = \"None\" }}"
            )),
            _ if self.says("mantissa") => Some(format!("a number begins with a digit; write 0{word}")),
            _ if self.says("fraction") => Some(format!("a number has digits after its point; write {word}0")),
            _ if self.says("leading zero") => {
                Some(format!("a number begins without a 0; write {}", word.trim_start_matches('0')))
            }
            _ if self.says("must be quoted") && word.starts_with(char::is_alphabetic) => {
                Some(format!("a text stands between quotes; write {}", quoted(&shown(&word))))
            }
            _ => None,
        }
    }

    /// What is missing in the list or table around the place.
    fn at_list(&self) -> Option<String> {
        let next = self.rest.split([',', ']', '}', ' ', '\t']).next().unwrap_or_default();
        let begins_line = self.rest.split_once('=').is_some_and(|(key, _)| meant::is_name(key.trim()));
        let [is_list, is_table] = ["array", "key-value"].map(|kind| self.says("comma") && self.says(kind));
        if self.says("missing assignment") && (self.before.ends_with(':') || self.rest.starts_with(':')) {
            let value = self.rest.trim_start_matches(':').trim().trim_end_matches(['}', ' ']);
            let key = self.before.trim_end_matches(':').trim().rsplit(['{', ',', ' ']).next().unwrap_or_default();
            return Some(format!("in a table `=` stands after a key, not a colon; write {key} = {}", shown(value)));
        }
        let is_heading = self.rest.starts_with("[[") || self.rest.starts_with("[run]");
        if self.before.is_empty() && (begins_line || is_heading) && (is_list || is_table) {
            let bracket = if is_list { ']' } else { '}' };
            return Some(format!(
                "the {} above this line has no closing bracket; add {bracket}",
                if is_list { "list" } else { "table" }
            ));
        }
        if self.says("extra comma") {
            return Some("there is a comma too many; remove one".to_owned());
        }
        (is_list || is_table).then(|| format!("a comma is missing; write one before {}", shown(next)))
    }
}

/// The text in single quotes, in which no character is special.
fn single(text: &str) -> String {
    let text = text.replace("\\\"", "\"");
    if text.contains('\'') { quoted(&text) } else { format!("'{text}'") }
}

/// toml's own words, shortened to one sentence.
fn plain(message: &str) -> String {
    let message = shown(message.lines().collect::<Vec<_>>().join(", ").as_str());
    let mend = match message.as_str() {
        m if m.contains("must be quoted") => "write the value after `=`, a text between double quotes",
        m if m.contains("quote") => "put the text between two double quotes",
        m if m.contains("basic string") || m.contains("literal string") => "put the text between two double quotes",
        m if m.contains("unclosed") => "add the closing bracket",
        m if m.contains("with no value") || m.contains("missing assignment") => "write `key = value`",
        m if m.contains("missing value") => "write the value after `=`",
        _ => "correct the text here",
    };
    format!("this is no valid TOML: {message}; {mend}")
}

#[cfg(test)]
mod tests {
    use super::super::parse;

    #[test]
    fn what_a_person_meant_is_written_out() {
        for (line, place, sentence) in [
            ("args = [\"a\" 1]", "6:13", "a comma is missing; write one before 1"),
            ("args = (\"a\",)", "6:12", "TOML has lists for Python's tuples; write args = [\"a\"]"),
            ("args = [True]", "6:9", "write true, in small letters"),
            ("args = [a]", "6:9", "a text stands between quotes; write \"a\""),
            ("args = [.5]", "6:9", "a number begins with a digit; write 0.5"),
            ("args = [1,, 2]", "6:11", "there is a comma too many; remove one"),
            ("name = a b", "", "a text stands between quotes; write name = \"a b\""),
            ("name: \"a\"", "6:7", "after a key stands `=`, not a colon; write name = \"a\""),
            ("name == \"a\"", "", "one `=` is enough; write name = \"a\""),
            ("name = \"a\";", "6:11", "a line ends without `;`; write name = \"a\""),
            ("name = \"say \"hi\"\"", "", "the text ends at its second quote; write name = 'say \"hi\"'"),
            ("name = \u{201C}a\u{201D}", "6:8", "`\u{201C}` is no quote of TOML"),
            ("cwd = \"C:\\work\"", "", "a backslash between double quotes begins an escape; write cwd = 'C:\\work'"),
            ("args = [\"a\"\ncount = 2", "7:1", "the list above this line has no closing bracket; add ]"),
            ("// no", "", "a comment begins with `#`"),
        ] {
            for end in ["\n", "\r\n"] {
                let text = format!("schema = 1\n[run]\n\n[[task]]\ntarget = \"primes\"\n{line}\n").replace('\n', end);
                let said = parse(&text, "p.toml", None).expect_err(line).to_string();
                assert!(said.starts_with(&format!("p.toml:{place}")) && said.contains(sentence), "{line}: {said}");
            }
        }
    }
}
