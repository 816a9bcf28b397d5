//! The question before a plan that was not made here is run for the first time, with everything that it would execute.

use super::{
    overlays::{Answer, Next},
    questions,
};
use crate::files::Looked;
use eframe::egui::{Frame, Label, RichText, ScrollArea, TextStyle, Ui};
use engine::request::executes::{Executed, ExecutedKind};

/// The dialog's width in points, where the window is wide enough.
const WIDTH: f32 = 680.0;
/// The greatest height of the list, in points.
const LIST: f32 = 420.0;
/// The height of everything else in the window, in points: headings, buttons, margins.
const REST: f32 = 260.0;

/// What the user is asked about.
pub struct Asked {
    /// What the plan would execute, and for what.
    pub looked: Looked,
    /// The same as lines, with the number of letters after which they were broken.
    lines: (usize, Vec<Line>),
}

/// A line of the list.
struct Line {
    text: String,
    /// Whether it is the first line of something that would be executed.
    first: bool,
}

impl Asked {
    /// The question about what was found out.
    pub fn new(looked: Looked) -> Self {
        Self { looked, lines: (0, Vec::new()) }
    }

    fn lines(&mut self, letters: usize) -> &[Line] {
        if self.lines.0 != letters {
            self.lines = (letters, self.looked.executes.list.iter().flat_map(|one| lines(one, letters)).collect());
        }
        &self.lines.1
    }
}

/// Draws the question. The list scrolls, so that the buttons are always there.
pub fn show(ui: &mut Ui, name: &str, asked: &mut Asked) -> Next {
    let screen = ui.ctx().content_rect().size();
    ui.set_width(WIDTH.min(screen.x - 80.0));
    ui.heading("Run what this plan names?");
    ui.label(format!(
        "{name} was not made here. A run of it executes {}, with your rights on this machine:",
        counted(&asked.looked.executes.list)
    ));
    ui.add_space(4.0);
    list(ui, asked, LIST.min(screen.y - REST).max(80.0));
    ui.add_space(4.0);
    let note = match &asked.looked.path {
        Some(_) => "Run it remembers this: you are asked again only where the plan names something else.",
        None => "It came from no file, so you are asked again the next time.",
    };
    ui.weak(note);
    questions::buttons(ui, [("Run it", Some(Answer::RunIt)), ("Cancel", None)])
}

fn list(ui: &mut Ui, asked: &mut Asked, height: f32) {
    let font = TextStyle::Monospace.resolve(ui.style());
    let letter = ui.fonts_mut(|fonts| fonts.glyph_width(&font, '0')).max(1.0);
    let row = ui.text_style_height(&TextStyle::Monospace);
    let letters = ((ui.available_width() - 28.0) / letter).max(20.0) as usize;
    let lines = asked.lines(letters);
    Frame::new().fill(ui.visuals().extreme_bg_color).corner_radius(4).inner_margin(6).show(ui, |ui| {
        ui.set_width(ui.available_width());
        ScrollArea::both().max_height(height).auto_shrink([false, true]).show_rows(
            ui,
            row,
            lines.len(),
            |ui, shown| {
                for line in &lines[shown] {
                    let text = RichText::new(&line.text).monospace();
                    ui.add(Label::new(if line.first { text.strong() } else { text }).extend());
                }
            },
        );
    });
}

/// `1 program`, `2 programs, 1 Python function and 1 interpreter`
fn counted(list: &[Executed]) -> String {
    let of = |kind, one: &str| {
        let count = list.iter().filter(|it| it.kind == kind).count();
        (count > 0).then(|| format!("{count} {one}{}", if count == 1 { "" } else { "s" }))
    };
    let parts: Vec<String> = [
        of(ExecutedKind::Program, "program"),
        of(ExecutedKind::Function, "Python function"),
        of(ExecutedKind::Interpreter, "interpreter"),
    ]
    .into_iter()
    .flatten()
    .collect();
    match parts.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, others)) => format!("{} and {last}", others.join(", ")),
        None => "nothing".to_owned(),
    }
}

/// The lines of one thing: what it is, with its file; then its arguments, its variables, its folder.
fn lines(one: &Executed, letters: usize) -> Vec<Line> {
    let first = match one.kind {
        ExecutedKind::Program => format!("Program {}", visible(&one.file)),
        ExecutedKind::Interpreter => format!("Interpreter {}", visible(&one.file)),
        ExecutedKind::Function => format!("Function {} of {}", visible(&one.words[0]), visible(&one.file)),
    };
    let mut details = Vec::new();
    match one.kind {
        ExecutedKind::Function if one.words.len() > 1 => {
            details.push(format!("with {}", visible(&one.words[1..].join(", "))));
        }
        ExecutedKind::Program if !one.words.is_empty() => {
            details.push(format!("with {}", one.words.iter().map(|word| shown(word)).collect::<Vec<_>>().join(" ")));
        }
        _ => {}
    }
    details.extend(one.env.iter().map(|(name, value)| format!("{}={}", visible(name), shown(value))));
    details.extend(one.cwd.iter().map(|cwd| format!("in {}", visible(cwd))));
    let details = details.iter().flat_map(|text| broken(text, letters, "    "));
    let first = broken(&first, letters, "").map(|text| Line { text, first: true });
    first.chain(details.map(|text| Line { text, first: false })).collect()
}

/// A word, in quotes where a shell would need them.
fn shown(word: &str) -> String {
    let is_plain = |letter: char| letter.is_alphanumeric() || "_-./=,:+@%^{}[]".contains(letter);
    if !word.is_empty() && word.chars().all(is_plain) { word.to_owned() } else { format!("{word:?}") }
}

/// A text in which letters that change the direction, break the line or are invisible are written as numbers.
fn visible(text: &str) -> String {
    let plain = |letter: char| matches!(letter, '\'' | '"' | '\\');
    text.chars()
        .map(|letter| if plain(letter) { letter.to_string() } else { letter.escape_debug().to_string() })
        .collect()
}

/// A text in lines of at most `letters` letters; all but the first are indented further.
fn broken<'a>(text: &'a str, letters: usize, indent: &'a str) -> impl Iterator<Item = String> + 'a {
    let all: Vec<char> = text.chars().collect();
    let room = letters.saturating_sub(indent.len() + 2).max(8);
    let starts = (0..all.len().max(1)).step_by(room);
    let line = move |start: usize| {
        let part: String = all[start..(start + room).min(all.len())].iter().collect();
        format!("{indent}{}{part}", if start == 0 { "" } else { "  " })
    };
    starts.map(line).collect::<Vec<_>>().into_iter()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_of_a_line_is_hidden() {
        assert_eq!(shown("a b"), "\"a b\"");
        assert_eq!((shown("--x=1"), shown("")), ("--x=1".to_owned(), "\"\"".to_owned()));
        assert_eq!(visible("a\u{202e}b\n'c'"), "a\\u{202e}b\\n'c'");
        let long = "x".repeat(50);
        let lines: Vec<_> = broken(&long, 24, "    ").collect();
        assert_eq!(lines.iter().map(|line| line.matches('x').count()).sum::<usize>(), 50);
        assert!(lines.iter().all(|line| line.len() <= 24) && lines.len() == 3);
    }
}
