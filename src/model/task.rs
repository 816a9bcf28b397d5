//! What is run, and with which arguments.

use super::SweptValue;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;
use std::{collections::BTreeMap, fmt, time::Duration};

/// What a task runs. In files: `"primes"` or `"program:xz"`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Target {
    /// A built-in workload, by its name in the registry.
    Builtin(String),
    /// A program, by its name on PATH or by a path; never through a shell.
    Program(String),
    /// A Python function: `python:workloads.py:count_down`.
    Python(PythonTarget),
}

/// A callable of a Python file or module.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct PythonTarget {
    /// A file (`workloads.py`, relative to the plan's folder) or a module's name (`json.tool`).
    pub source: String,
    /// The callable in it, with dots for one inside a class; empty where the text gives none.
    pub function: String,
}

impl PythonTarget {
    /// Whether the source is a file, not a module's name: it ends in `.py` or has a folder.
    pub fn is_file(&self) -> bool {
        self.source.ends_with(".py") || self.source.contains(std::path::is_separator)
    }
}

impl Target {
    /// Reads the text of a file. Any text without a scheme names a built-in; whether it exists is the registry's to say.
    pub fn parse(text: &str) -> Self {
        if let Some(python) = text.strip_prefix("python:") {
            let (source, function) = python.rsplit_once(':').unwrap_or((python, ""));
            return Self::Python(PythonTarget { source: source.to_owned(), function: function.to_owned() });
        }
        match text.strip_prefix("program:") {
            Some(program) => Self::Program(program.to_owned()),
            None => Self::Builtin(text.to_owned()),
        }
    }

    /// The name that a task gets where the plan gives none.
    pub fn short_name(&self) -> &str {
        match self {
            Self::Builtin(name) => name,
            Self::Program(program) => program.rsplit('/').next().unwrap_or(program),
            Self::Python(python) if python.function.is_empty() => &python.source,
            Self::Python(python) => &python.function,
        }
    }

    /// Whether it is a Python function, which a Python interpreter runs.
    pub fn is_python(&self) -> bool {
        matches!(self, Self::Python(_))
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Builtin(name) => f.write_str(name),
            Self::Program(program) => write!(f, "program:{program}"),
            Self::Python(PythonTarget { source, function }) => write!(f, "python:{source}:{function}"),
        }
    }
}

impl Serialize for Target {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Target {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(|text| Self::parse(&text))
    }
}

/// The key of an argument that is a Python expression: `{ "$py" = "b'abc'" }`, for what TOML and JSON can't say.
pub const PY_EXPRESSION: &str = "$py";

/// The arguments of a target: by name for a built-in, in order for a program or a Python function.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Args {
    /// `{ limit = 3000000 }`
    Named(BTreeMap<String, Value>),
    /// `["-9", "--keep"]`
    List(Vec<Value>),
}

impl Args {
    /// No arguments, by name.
    pub fn none() -> Self {
        Self::Named(BTreeMap::new())
    }

    /// Whether nothing is given.
    pub fn is_empty(&self) -> bool {
        match self {
            Self::Named(map) => map.is_empty(),
            Self::List(list) => list.is_empty(),
        }
    }

    /// The texts of a program's arguments; numbers and truth values as they are written.
    pub fn words(&self) -> Vec<String> {
        let word = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        match self {
            Self::Named(map) => map.values().map(word).collect(),
            Self::List(list) => list.iter().map(word).collect(),
        }
    }
}

impl Default for Args {
    fn default() -> Self {
        Self::none()
    }
}

/// A target with its args, a name, and how many instances of it to execute.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Task {
    /// What the timeline calls it; need not be unique.
    pub name: String,
    /// What is run.
    pub target: Target,
    /// With which arguments.
    #[serde(default, skip_serializing_if = "Args::is_empty")]
    pub args: Args,
    /// Arguments by name of a Python function, beside those in order.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub kwargs: BTreeMap<String, Value>,
    /// Environment variables added for a program.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub env: BTreeMap<String, String>,
    /// Names, in order, of variables whose values a document leaves out; whoever runs the task again has to give them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub env_left_out: Vec<String>,
    /// A program's working directory; relative to the plan's folder.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cwd: Option<String>,
    /// Executions of this task in a run, at least 1.
    #[serde(default = "one")]
    pub count: u32,
    /// The longest an execution may take; the plan's, where absent.
    #[serde(default, with = "super::duration", skip_serializing_if = "Option::is_none")]
    pub timeout: Option<Duration>,
}

fn one() -> u32 {
    1
}

impl Task {
    /// One instance of a target, with its defaults and its own name.
    pub fn new(target: Target) -> Self {
        let args = match target {
            Target::Builtin(_) => Args::none(),
            Target::Program(_) | Target::Python(_) => Args::List(Vec::new()),
        };
        let name = target.short_name().to_owned();
        let (kwargs, env, env_left_out) = (BTreeMap::new(), BTreeMap::new(), Vec::new());
        Self { name, target, args, kwargs, env, env_left_out, cwd: None, count: 1, timeout: None }
    }

    /// Removes the values of the environment, and keeps the names.
    pub fn leave_env_out(&mut self) {
        self.env_left_out.extend(std::mem::take(&mut self.env).into_keys());
        self.env_left_out.sort_unstable();
        self.env_left_out.dedup();
    }

    /// Gives the variables that were left out an empty value, to be filled in; until then the task can't be run.
    pub fn ask_for_env(&mut self) {
        for name in &self.env_left_out {
            self.env.entry(name.clone()).or_default();
        }
    }

    /// Variables that were given a value since, or removed, are no longer left out.
    pub fn env_was_edited(&mut self) {
        self.env_left_out.retain(|name| self.env.get(name).is_some_and(String::is_empty));
    }

    /// The task with a number in place of one argument: by name, or by its place from 0 in a list.
    ///
    /// # Errors
    /// One sentence: it has no such argument.
    pub fn with_argument(&self, key: &str, value: SweptValue) -> Result<Self, String> {
        let mut task = self.clone();
        let place = self.place_of(key).ok_or(());
        match (&mut task.args, place) {
            (Args::Named(map), _) => {
                map.insert(key.to_owned(), value.to_json());
            }
            (Args::List(list), Ok(index)) => {
                let count = list.len();
                let place = list.get_mut(index).ok_or_else(|| {
                    format!("`{}` has {count} arguments in its list, counted from 0; name one of them", self.name)
                })?;
                *place = value.to_json();
            }
            (Args::List(_), Err(_)) if self.target.is_python() => {
                task.kwargs.insert(key.to_owned(), value.to_json());
            }
            (Args::List(_), Err(_)) => {
                return Err(format!(
                    "the arguments of `{}` are a list; name one by its place from 0, or by the option before it",
                    self.name
                ));
            }
        }
        Ok(task)
    }

    /// The place in the list of the argument with this key: the place itself, or of a program the option before it.
    pub fn place_of(&self, key: &str) -> Option<usize> {
        let option = || {
            let Args::List(list) = &self.args else { return None };
            let place = list.iter().position(|word| word.as_str() == Some(key)).filter(|_| !self.target.is_python())?;
            Some(place + 1).filter(|place| *place < list.len())
        };
        key.parse::<usize>().ok().or_else(option)
    }

    /// The option that an argument of a program follows: `-T` of `["-T", 2]`.
    pub fn option_before(&self, key: &str) -> Option<String> {
        let (Target::Program(_), Args::List(list)) = (&self.target, &self.args) else { return None };
        let before = list.get(self.place_of(key)?.checked_sub(1)?)?.as_str()?;
        let is_option = before.len() > 1 && before.starts_with('-') && before != "--" && before.parse::<f64>().is_err();
        is_option.then(|| before.to_owned())
    }
}
