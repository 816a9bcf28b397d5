//! What a person meant who wrote a call or a whole command line in a target's place, as lines of the plan.

use super::toml_value::{braces, key, quoted, words};

/// Words of a command line that only a shell understands.
const SHELL: [char; 9] = ['|', '>', '<', ';', '&', '*', '?', '$', '`'];

/// The target that was meant, with its arguments and variables. All but the target is written in TOML.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Meant {
    /// The target: `program:gzip`.
    pub target: String,
    /// Its arguments in order.
    pub args: Vec<String>,
    /// Its arguments by name.
    pub kwargs: Vec<(String, String)>,
    /// Its environment variables.
    pub env: Vec<(String, String)>,
}

impl Meant {
    fn of(target: &str) -> Self {
        Self { target: target.to_owned(), args: Vec::new(), kwargs: Vec::new(), env: Vec::new() }
    }

    /// The lines of the plan, one after another in a sentence: `target = "program:gzip" and args = ["-9", "-c"]`.
    pub fn lines(&self) -> String {
        let table =
            |items: &[(String, String)]| braces(items.iter().map(|(name, text)| format!("{} = {text}", key(name))));
        let mut lines = vec![format!("target = {}", quoted(&self.target))];
        lines.extend((!self.args.is_empty()).then(|| format!("args = [{}]", self.args.join(", "))));
        lines.extend((!self.kwargs.is_empty()).then(|| format!("kwargs = {}", table(&self.kwargs))));
        lines.extend((!self.env.is_empty()).then(|| format!("env = {}", table(&self.env))));
        match lines.split_last() {
            Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
            _ => lines.concat(),
        }
    }

    /// The same for a person who fills in fields: `gzip, with the arguments -9, -c`.
    pub fn fields(&self) -> String {
        let name = self.target.split_once(':').map_or(self.target.as_str(), |(_, name)| name);
        let mut given = self.args.clone();
        given.extend(self.kwargs.iter().map(|(name, text)| format!("{name} = {text}")));
        match given.is_empty() {
            true => name.to_owned(),
            false => format!("{name}, and below it the arguments {}", given.join(", ")),
        }
    }
}

/// A function that is called where it should be named: `python:greet.py:greet("Ada", pause=0.1)`. `None` where there are
/// no parentheses.
pub fn called(text: &str) -> Option<Meant> {
    let (target, rest) = text.trim().split_once('(')?;
    let inside = rest.trim_end().strip_suffix(')').unwrap_or(rest);
    let mut meant = Meant::of(target.trim());
    for part in parts(inside) {
        match part.split_once('=') {
            Some((name, value)) if is_name(name.trim()) && !value.starts_with('=') => {
                meant.kwargs.push((name.trim().to_owned(), literal(value)));
            }
            _ => meant.args.push(literal(&part)),
        }
    }
    Some(meant)
}

/// A command line where the program alone should stand: `gzip -9 -c "a file"`. `None` where it is one word.
pub fn command(text: &str) -> Option<Meant> {
    let text = text.trim();
    if text.contains(SHELL) && text.contains(char::is_whitespace) {
        return Some(Meant { args: [quoted("-c"), quoted(text)].to_vec(), ..Meant::of("program:sh") });
    }
    let mut found = shlex::split(text)?.into_iter().peekable();
    let mut env = Vec::new();
    while let Some((name, value)) = found.peek().and_then(|word| word.split_once('=')).filter(|(name, _)| is_name(name))
    {
        env.push((name.to_owned(), quoted(value)));
        found.next();
    }
    let program = found.next()?;
    let args: Vec<String> = found.map(|word| quoted(&word)).collect();
    let is_line = !args.is_empty() || !env.is_empty();
    is_line.then(|| Meant { args, env, ..Meant::of(&format!("program:{program}")) })
}

/// A text as the list of words that a program gets: `["-9", "-c"]`.
pub fn word_list(text: &str) -> String {
    words(&shlex::split(text).filter(|words| !words.is_empty()).unwrap_or_else(|| vec![text.to_owned()]))
}

/// Whether it can be a name in Python, or an environment variable's.
pub fn is_name(text: &str) -> bool {
    let mut letters = text.chars();
    letters.next().is_some_and(|first| first.is_alphabetic() || first == '_')
        && letters.all(|letter| letter.is_alphanumeric() || letter == '_')
}

/// The parts of a Python tuple or call, at the commas outside of brackets and quotes.
pub fn parts(text: &str) -> Vec<String> {
    let (mut parts, mut part, mut depth, mut quote) = (Vec::new(), String::new(), 0_i32, None);
    for c in text.chars() {
        match (quote, c) {
            (Some(open), c) if c == open => quote = None,
            (None, '"' | '\'') => quote = Some(c),
            (None, '(' | '[' | '{') => depth += 1,
            (None, ')' | ']' | '}') => depth -= 1,
            (None, ',') if depth == 0 => {
                parts.push(std::mem::take(&mut part));
                continue;
            }
            _ => {}
        }
        part.push(c);
    }
    parts.push(part);
    parts.into_iter().map(|part| part.trim().to_owned()).filter(|part| !part.is_empty()).collect()
}

/// A value of Python in TOML: numbers, texts and truth values as such, anything else as an expression.
pub fn literal(text: &str) -> String {
    let text = text.trim();
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let bare = text.trim_start_matches(['-', '+']);
    let is_number = match bare.split_once('.') {
        None => digits(bare) && (bare == "0" || !bare.starts_with('0')),
        Some((whole, rest)) => digits(whole) && digits(rest),
    };
    let inside = |quote: char| text.strip_prefix(quote)?.strip_suffix(quote).filter(|it| !it.contains([quote, '\\']));
    match text {
        "True" | "true" => "true".to_owned(),
        "False" | "false" => "false".to_owned(),
        _ if is_number => text.to_owned(),
        _ => match inside('"').or_else(|| inside('\'')) {
            Some(inside) => quoted(inside),
            None => format!("{{ \"{}\" = {} }}", super::task::PY_EXPRESSION, quoted(text)),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_becomes_a_target_and_its_arguments() {
        let lines = |text: &str| called(text).expect("a call").lines();
        assert_eq!(lines("python:greet.py:greet()"), "target = \"python:greet.py:greet\"");
        assert_eq!(
            lines("python:greet.py:greet('Ada', pause = 0.5)"),
            "target = \"python:greet.py:greet\", args = [\"Ada\"] and kwargs = { pause = 0.5 }"
        );
        assert_eq!(
            lines("greet(f(1, 2), [3, 4], True, -7, None)"),
            "target = \"greet\" and args = [{ \"$py\" = \"f(1, 2)\" }, { \"$py\" = \"[3, 4]\" }, true, -7, { \"$py\" = \"None\" }]"
        );
        assert_eq!(called("python:greet.py:greet"), None);
    }

    #[test]
    fn a_command_line_becomes_a_program_and_its_words() {
        let lines = |text: &str| command(text).expect("a command").lines();
        assert_eq!(lines("gzip -9 -c 'a file'"), "target = \"program:gzip\" and args = [\"-9\", \"-c\", \"a file\"]");
        assert_eq!(
            lines("OMP_NUM_THREADS=1 python3 a.py"),
            "target = \"program:python3\", args = [\"a.py\"] and env = { OMP_NUM_THREADS = \"1\" }"
        );
        assert_eq!(lines("cat a | wc -l"), "target = \"program:sh\" and args = [\"-c\", \"cat a | wc -l\"]");
        assert_eq!(command("gzip"), None);
        assert_eq!(command("gzip -9").expect("a command").fields(), "gzip, and below it the arguments \"-9\"");
        assert_eq!(word_list("-9 -c"), "[\"-9\", \"-c\"]");
    }
}
