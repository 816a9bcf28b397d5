//! What a person picks to run a plan in: a mode, and where they say so its start method, workers and interpreter.

use super::{Interpreter, LaunchMode, StartMethod, mode::UnknownWord, plan::MAX_EXECUTIONS};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::{fmt, str::FromStr};

/// The word after `@` for built-in targets and programs, in a plan that has Python functions too.
pub const NATIVE: &str = "native";

/// Which of a plan's tasks a choice runs, and in which interpreter.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Runtime {
    /// As the plan's tasks call for: both, one after the other, where it has both.
    #[default]
    Any,
    /// Built-in targets and programs.
    Native,
    /// Python functions, in this interpreter.
    Python(Interpreter),
}

/// A mode with its refinements, written `threads`, `processes:spawn/4` (with 4 workers), `threads:raw@python3.13` or
/// `threads@native`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Choice {
    /// How tasks are launched.
    pub mode: LaunchMode,
    /// How processes or Python threads are started; the plan's start method, or the mode's default, where absent.
    pub start_method: Option<StartMethod>,
    /// The most executions in flight, 0 for as many as there are; the plan's number, where absent.
    pub workers: Option<u32>,
    /// Which of the plan's tasks, in which interpreter.
    pub runtime: Runtime,
}

impl From<LaunchMode> for Choice {
    fn from(mode: LaunchMode) -> Self {
        Self { mode, start_method: None, workers: None, runtime: Runtime::Any }
    }
}

impl fmt::Display for Choice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = self.mode.word().to_owned();
        if let Some(method) = self.start_method {
            text += &format!(":{method}");
        }
        if let Some(workers) = self.workers {
            text += &format!("/{workers}");
        }
        match self.runtime {
            Runtime::Any => {}
            Runtime::Native => text += &format!("@{NATIVE}"),
            Runtime::Python(interpreter) => text += &format!("@{interpreter}"),
        }
        f.pad(&text)
    }
}

impl FromStr for Choice {
    type Err = UnknownWord;

    fn from_str(text: &str) -> Result<Self, UnknownWord> {
        let (how, runtime) = match text.split_once('@') {
            None => (text, Runtime::Any),
            Some((how, NATIVE)) => (how, Runtime::Native),
            Some((_, "")) => {
                return Err(UnknownWord::new(format!(
                    "`{text}` names no interpreter after @; write for example threads@python3.13"
                )));
            }
            Some((how, word)) => (how, Runtime::Python(Interpreter::new(word))),
        };
        let (how, workers) = match how.split_once('/') {
            None => (how, None),
            Some((how, workers)) => (how, Some(read_workers(text, workers)?)),
        };
        let (mode, method) = match how.split_once(':') {
            None => (how.parse()?, None),
            Some((mode, method)) => (mode.parse()?, Some(method.parse()?)),
        };
        Ok(Self { mode, start_method: method, workers, runtime })
    }
}

fn read_workers(text: &str, workers: &str) -> Result<u32, UnknownWord> {
    let count = workers.parse().ok().filter(|count| *count <= MAX_EXECUTIONS as u32);
    count.ok_or_else(|| {
        UnknownWord::new(format!("`{text}` has no number of workers after /; write for example threads/4"))
    })
}

impl Serialize for Choice {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Choice {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_choice_reads_as_it_is_written() {
        for text in [
            "threads",
            "processes:spawn",
            "threads:raw@python3.13",
            "sequential@native",
            "asyncio@/a/b:c",
            "threads/4",
            "processes:fork/0@/a/b",
        ] {
            assert_eq!(text.parse::<Choice>().expect("a choice").to_string(), text);
        }
        assert!("thraeds".parse::<Choice>().is_err());
        assert!("threads:rwa".parse::<Choice>().is_err());
        assert!("threads/x".parse::<Choice>().is_err());
        assert!("threads@".parse::<Choice>().is_err());
    }
}
