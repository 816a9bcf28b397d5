//! Words of the plan file and of the command line, and the messages on wrong ones.

use model::{Choice, LaunchMode, Measure, StartMethod};
use std::io;

/// The known word that a mistyped one probably means, if one is near enough.
pub fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let limit = if word.chars().count() <= 4 { 1 } else { 2 };
    let distance = |candidate: &&str| strsim::damerau_levenshtein(word, candidate);
    known.into_iter().min_by_key(distance).filter(|candidate| distance(candidate) <= limit)
}

/// A file's text made fit for a one-line message: no line breaks, no control characters, not too long.
pub fn shown(text: &str) -> String {
    const MOST: usize = 60;
    let mut shown: String = text.chars().take(MOST).collect();
    if text.chars().nth(MOST).is_some() {
        shown.push('…');
    }
    let escape = |c: char| if c.is_control() { c.escape_default().to_string() } else { c.to_string() };
    shown.chars().map(escape).collect()
}

/// Reads a launch mode.
///
/// # Errors
/// One sentence: the nearest mode, or all of them.
pub fn read_mode(word: &str) -> Result<LaunchMode, String> {
    read_word(word, "mode", &LaunchMode::ALL.map(LaunchMode::word))
}

/// Reads a start method.
///
/// # Errors
/// One sentence: the nearest method, or all of them.
pub fn read_start_method(word: &str) -> Result<StartMethod, String> {
    read_word(word, "start method", &StartMethod::ALL.map(StartMethod::word))
}

/// Reads a level of measurement.
///
/// # Errors
/// One sentence: the nearest level, or all of them.
pub fn read_measure(word: &str) -> Result<Measure, String> {
    read_word(word, "level of measurement", &Measure::ALL.map(Measure::word))
}

/// Reads a mode with its refinements: `threads`, `processes:spawn`, `threads/4`, `threads:raw@python3.13`, `threads@native`.
///
/// # Errors
/// One sentence: which part is wrong, and the nearest word or all of them.
pub fn read_choice(text: &str) -> Result<Choice, String> {
    let how = text.split(['@', '/']).next().unwrap_or(text);
    let (mode, method) = how.split_once(':').map_or((how, None), |(mode, method)| (mode, Some(method)));
    read_mode(mode)?;
    method.map(read_start_method).transpose()?;
    text.parse().map_err(|error: model::mode::UnknownWord| error.to_string())
}

fn read_word<T: std::str::FromStr>(word: &str, what: &str, known: &[&str]) -> Result<T, String> {
    let all = or_list(known);
    word.parse().map_err(|_| match nearest(word, known.iter().copied()) {
        Some(near) => format!("`{}` is no {what}; did you mean `{near}`?", shown(word)),
        None => format!("`{}` is no {what}; use {all}", shown(word)),
    })
}

/// `a, b or c`
fn or_list(words: &[&str]) -> String {
    match words {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [most @ .., last] => format!("{} or {last}", most.join(", ")),
    }
}

/// The message for a file that can't be read.
pub(super) fn io_sentence(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => {
            "there is no such file; check the path, or print a plan with `spawnscope new`".into()
        }
        io::ErrorKind::PermissionDenied => "the file may not be read; check its permissions".into(),
        _ => format!("the file can't be read: {error}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_word_is_offered_only_when_it_is_near() {
        assert_eq!(nearest("cuont", ["count", "name"]), Some("count"));
        assert_eq!(nearest("colour", ["count", "name"]), None);
        assert_eq!(nearest("x", ["mode"]), None);
    }

    #[test]
    fn a_text_is_shown_on_one_line() {
        assert_eq!(shown("a\nb\u{1b}ü"), "a\\nb\\u{1b}ü");
        assert!(shown(&"x".repeat(500)).chars().count() < 70);
    }

    #[test]
    fn a_mistyped_word_is_told_with_the_one_that_is_meant() {
        assert!(read_choice("processes:spwan").expect_err("mistyped").contains("did you mean `spawn`?"));
        assert!(read_choice("thraeds@python3").expect_err("mistyped").contains("did you mean `threads`?"));
        assert!(read_choice("processes:spwan/4").expect_err("mistyped").contains("did you mean `spawn`?"));
        assert!(read_choice("threads/x").expect_err("no number").contains("no number of workers after /"));
        for text in ["threads/2", "processes:fork/4", "process-pool:spawn/2@python3.12", "threads@/a/b/python3"] {
            assert_eq!(read_choice(text).map(|choice| choice.to_string()).as_deref(), Ok(text));
        }
        assert!(read_choice("threads@").expect_err("no interpreter").contains("after @"));
        assert!(read_mode("thraeds").expect_err("mistyped").contains("did you mean `threads`?"));
        assert_eq!(read_mode("process-pool"), Ok(LaunchMode::ProcessPool));
    }
}
