//! What a setting is called among others: its mode, and whatever else tells it from them.

use crate::model::RunSetting;

/// `Threads`, or `Threads, 4 workers` and `Processes (spawn)` where another setting differs in just that.
pub fn label(setting: RunSetting, among: &[RunSetting]) -> String {
    format!("{}{}{}", setting.mode.title(), qualifiers(setting, among), runtime(setting, among))
}

/// The same in the words of the command line: `threads`, or `processes:spawn` and `threads@3.13.0` where another setting
/// differs in just that.
pub fn word(setting: RunSetting, among: &[RunSetting]) -> String {
    let mut word = setting.mode.word().to_owned();
    if let Some(method) = setting.start_method
        && same_kind(setting, among).any(|other| other.start_method != setting.start_method)
    {
        word += &format!(":{method}");
    }
    if among.iter().any(|other| other.interpreter != setting.interpreter) {
        let name = setting.interpreter.map_or(crate::model::choice::NATIVE, |interpreter| interpreter.short());
        word += &format!("@{name}");
    }
    word
}

/// What follows the mode: the start method and the workers, each where others of the same mode differ in it.
pub(super) fn qualifiers(setting: RunSetting, among: &[RunSetting]) -> String {
    let same_mode = || same_kind(setting, among);
    let mut text = String::new();
    if let Some(method) = setting.start_method
        && same_mode().any(|other| other.start_method != setting.start_method)
    {
        text += &format!(" ({method})");
    }
    if same_mode().any(|other| other.workers != setting.workers) {
        text += &format!(", {}", workers(setting.workers));
    }
    text
}

/// Those of the same mode for the same sort of tasks: Python's threads have start methods, native ones have none.
fn same_kind(setting: RunSetting, among: &[RunSetting]) -> impl Iterator<Item = &RunSetting> {
    let is_python = setting.interpreter.is_some();
    among.iter().filter(move |other| other.mode == setting.mode && other.interpreter.is_some() == is_python)
}

/// In what, where others run in something else: ` · python3.13`, ` · native`.
pub(super) fn runtime(setting: RunSetting, among: &[RunSetting]) -> String {
    let differs = among.iter().any(|other| other.interpreter != setting.interpreter);
    let name = setting.interpreter.map_or(crate::model::choice::NATIVE, |interpreter| interpreter.short());
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
    use crate::model::{LaunchMode, StartMethod};

    #[test]
    fn a_label_says_what_differs_and_no_more() {
        let threads =
            RunSetting { mode: LaunchMode::Threads, workers: 2, start_method: None, interpreter: None, argument: None };
        let fork = RunSetting {
            mode: LaunchMode::Processes,
            workers: 2,
            start_method: Some(StartMethod::Fork),
            interpreter: None,
            argument: None,
        };
        let spawn = RunSetting { start_method: Some(StartMethod::Spawn), ..fork };
        assert_eq!(label(threads, &[threads, fork]), "Threads");
        assert_eq!(label(fork, &[threads, fork]), "Processes");
        assert_eq!(label(spawn, &[fork, spawn]), "Processes (spawn)");
        assert_eq!(
            (word(fork, &[threads, fork]), word(spawn, &[fork, spawn])),
            ("processes".into(), "processes:spawn".into())
        );
        let python = RunSetting { interpreter: Some(crate::model::Interpreter::new("python3.13")), ..threads };
        assert_eq!(word(python, &[threads, python]), "threads@python3.13");
        assert_eq!(label(threads, &[threads, RunSetting { workers: 0, ..threads }]), "Threads, 2 workers");
    }
}
