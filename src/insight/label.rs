//! What a setting is called among others: its mode, and whatever else tells it from them.

use model::{Setting, SweptValue};

/// `Threads`, or `Threads, 4 workers`, `Threads, at n 100000` and `Processes (spawn)` where another setting differs in just that.
pub fn label(setting: Setting, among: &[Setting]) -> String {
    format!("{}{}{}", setting.mode.title(), Qualifiers::of(setting, among).after_title(), runtime(setting, among))
}

/// The same within a line: `threads, at n 100000`.
pub fn within(setting: Setting, among: &[Setting]) -> String {
    let label = label(setting, among);
    let mut letters = label.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}

/// The same in the words of the command line: `threads`, or `processes:spawn`, `threads/4`, `threads@3.13.0` and
/// `threads at n 100000` where another setting differs in just that.
pub fn word(setting: Setting, among: &[Setting]) -> String {
    let mut word = setting.mode.word().to_owned();
    if let Some(method) = setting.start_method
        && same_kind(setting, among).any(|other| other.start_method != setting.start_method)
    {
        word += &format!(":{method}");
    }
    let Qualifiers { workers, argument, .. } = Qualifiers::of(setting, among);
    if let Some(workers) = workers {
        word += &format!("/{workers}");
    }
    if among.iter().any(|other| other.interpreter != setting.interpreter) {
        let name = setting.interpreter.map_or(model::choice::NATIVE, |interpreter| interpreter.short());
        word += &format!("@{name}");
    }
    if let Some(argument) = argument {
        word += &format!(" at {}", argument.with_name());
    }
    word
}

/// What tells a setting from others of its mode.
pub(super) struct Qualifiers {
    /// ` (spawn)`; empty where all have the same start method.
    pub method: String,
    /// The workers, where others have other numbers.
    pub workers: Option<u32>,
    /// The value of what is swept, where others have another.
    pub argument: Option<SweptValue>,
}

impl Qualifiers {
    /// Each is set where others of the same mode differ in it.
    pub fn of(setting: Setting, among: &[Setting]) -> Self {
        let others = || same_kind(setting, among);
        let method = setting.start_method.filter(|_| others().any(|other| other.start_method != setting.start_method));
        let workers = others().any(|other| other.workers != setting.workers).then_some(setting.workers);
        let argument = setting.argument.filter(|_| others().any(|other| other.argument != setting.argument));
        Self { method: method.map_or_else(String::new, |method| format!(" ({method})")), workers, argument }
    }

    /// As what follows a mode's title: ` (spawn), 4 workers, at 100000`.
    fn after_title(&self) -> String {
        let workers = self.workers.map_or_else(String::new, |count| format!(", {}", workers(count)));
        let argument = self.argument.map_or_else(String::new, |value| format!(", at {}", value.with_name()));
        format!("{}{workers}{argument}", self.method)
    }

    /// As part of a sentence: ` (spawn) with 4 workers at 100000`.
    pub fn in_sentence(&self) -> String {
        let workers = self.workers.map_or_else(String::new, |count| format!(" with {}", workers(count)));
        let argument = self.argument.map_or_else(String::new, |value| format!(" at {}", value.with_name()));
        format!("{}{workers}{argument}", self.method)
    }
}

/// The settings of the same mode for the same sort of tasks: Python's threads have start methods, native ones have
/// none.
fn same_kind(setting: Setting, among: &[Setting]) -> impl Iterator<Item = &Setting> {
    let is_python = setting.interpreter.is_some();
    among.iter().filter(move |other| other.mode == setting.mode && other.interpreter.is_some() == is_python)
}

/// The interpreter, where others differ in it: ` · python3.13`, ` · native`.
pub(super) fn runtime(setting: Setting, among: &[Setting]) -> String {
    let differs = among.iter().any(|other| other.interpreter != setting.interpreter);
    let name = setting.interpreter.map_or(model::choice::NATIVE, |interpreter| interpreter.short());
    if differs { format!(" · {name}") } else { String::new() }
}

/// `4 workers`, `1 worker`, `no limit` for 0.
pub fn workers(workers: u32) -> String {
    match workers {
        0 => "no limit".to_owned(),
        1 => "1 worker".to_owned(),
        n => format!("{n} workers"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::{LaunchMode, StartMethod};

    #[test]
    fn a_label_says_what_differs_and_no_more() {
        let threads =
            Setting { mode: LaunchMode::Threads, workers: 2, start_method: None, interpreter: None, argument: None };
        let fork = Setting {
            mode: LaunchMode::Processes,
            workers: 2,
            start_method: Some(StartMethod::Fork),
            interpreter: None,
            argument: None,
        };
        let spawn = Setting { start_method: Some(StartMethod::Spawn), ..fork };
        assert_eq!(label(threads, &[threads, fork]), "Threads");
        assert_eq!(label(fork, &[threads, fork]), "Processes");
        assert_eq!(label(spawn, &[fork, spawn]), "Processes (spawn)");
        assert_eq!(
            (word(fork, &[threads, fork]), word(spawn, &[fork, spawn])),
            ("processes".into(), "processes:spawn".into())
        );
        let python = Setting { interpreter: Some(model::Interpreter::new("python3.13")), ..threads };
        assert_eq!(word(python, &[threads, python]), "threads@python3.13");
        assert_eq!(label(threads, &[threads, Setting { workers: 0, ..threads }]), "Threads, 2 workers");
    }

    #[test]
    fn points_of_a_sweep_are_told_apart() {
        let at = |value| Setting { argument: SweptValue::new(value), ..Setting::of(LaunchMode::Threads) };
        let among = [at(1e5), at(0.5)];
        assert_eq!(
            (label(among[0], &among), word(among[0], &among)),
            ("Threads, at 100000".into(), "threads at 100000".into())
        );
        assert_eq!(label(among[1], &among), "Threads, at 0.5");
        let called = |at: Setting| Setting { argument: at.argument.map(|value| value.called("n")), ..at };
        let among = among.map(called);
        assert_eq!(
            (label(among[1], &among), word(among[0], &among)),
            ("Threads, at n 0.5".into(), "threads at n 100000".into())
        );
        let with = |workers| Setting { workers, ..Setting::of(LaunchMode::Threads) };
        assert_eq!(word(with(4), &[with(1), with(4)]), "threads/4");
        assert_eq!(word(with(4), &[with(4)]), "threads");
    }
}
