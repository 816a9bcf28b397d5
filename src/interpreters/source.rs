//! The contents of a Python file or module, as read (not imported).

use serde::{Deserialize, Serialize};

/// The contents of a file or module.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Source {
    /// Its functions and classes, in the order of the file: the list to choose from.
    pub functions: Vec<Function>,
    /// Methods that need an object first: they are not offered, but their arguments are checked.
    #[serde(default)]
    pub methods: Vec<Function>,
    /// Names of values that can't be called: modules, numbers, texts, lists.
    #[serde(default)]
    pub values: Vec<String>,
    /// Names whose values reading can't tell: imports, results of calls.
    #[serde(default)]
    pub unread: Vec<String>,
    /// Scopes that may have more names than were read: a class with bases from elsewhere; the empty name is the file itself
    /// (`from x import *`).
    #[serde(default)]
    pub open: Vec<String>,
}

/// What a name stands for in a source.
#[derive(Clone, Debug, PartialEq)]
pub enum Lookup<'a> {
    /// Something that can be called.
    Function(&'a Function),
    /// Something that can't be called.
    Value,
    /// Reading can't tell; only launching shows it.
    Unread,
    /// Nothing; holds the name that is most like it.
    Missing(Option<&'a str>),
}

impl Source {
    /// What a name stands for; dots lead into classes.
    pub fn find(&self, name: &str) -> Lookup<'_> {
        if let Some(found) = self.functions.iter().chain(&self.methods).find(|function| function.name == name) {
            return Lookup::Function(found);
        }
        let is_in = |names: &[String], name: &str| names.iter().any(|known| known == name);
        if is_in(&self.values, name) {
            return Lookup::Value;
        }
        let owners = name.match_indices('.').map(|(at, _)| &name[..at]);
        let unread = |name: &str| is_in(&self.unread, name) || is_in(&self.open, name);
        if is_in(&self.unread, name) || is_in(&self.open, "") || owners.clone().any(unread) {
            return Lookup::Unread;
        }
        // All attributes are known only for classes that are fully in the file.
        let is_class =
            |owner: &str| self.functions.iter().any(|function| function.name == owner && function.kind.is_class());
        match owners.clone().any(|owner| !is_class(owner) && self.is_known(owner)) {
            true => Lookup::Unread,
            false => Lookup::Missing(self.nearest(name)),
        }
    }

    fn is_known(&self, name: &str) -> bool {
        self.values.iter().any(|known| known == name)
            || self.functions.iter().chain(&self.methods).any(|function| function.name == name)
    }

    fn nearest(&self, name: &str) -> Option<&str> {
        nearest(name, self.functions.iter().map(|function| function.name.as_str()))
    }
}

/// The word that is most like this one; `None` where none is alike.
pub(super) fn nearest<'a>(name: &str, words: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let likeness = |word: &str| strsim::normalized_damerau_levenshtein(&name.to_lowercase(), &word.to_lowercase());
    let scored = words.map(|word| (likeness(word), word)).filter(|(score, _)| *score >= 0.6);
    scored.max_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, word)| word)
}

/// Something that can be called.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Function {
    /// Its name; dots lead into classes.
    pub name: String,
    /// Its kind.
    pub kind: FunctionKind,
    /// The line of its `def` or `class`, from 1.
    pub line: u32,
    /// The first line of its docstring; empty where it has none.
    #[serde(default)]
    pub doc: String,
    /// Its parameters; absent where reading can't tell (a decorator, a class without an `__init__`).
    pub parameters: Option<Vec<Parameter>>,
}

/// The kinds of things that can be called.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FunctionKind {
    /// `def`
    Function,
    /// `async def`
    Async,
    /// A `def` or `async def` with a `yield`: calling it runs none of its body.
    Generator,
    /// A subclass of `threading.Thread`, by the names of its bases.
    Thread,
    /// A subclass of `multiprocessing.Process`, by the names of its bases.
    Process,
    /// Another class.
    Class,
}

impl FunctionKind {
    /// Whether it is a class, whatever its bases.
    pub fn is_class(self) -> bool {
        matches!(self, Self::Thread | Self::Process | Self::Class)
    }
}

/// A parameter of a function.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Parameter {
    /// Its name.
    pub name: String,
    /// How it is given.
    pub kind: ParameterKind,
    /// Its default as written in the file; absent where an argument is required.
    pub default: Option<String>,
    /// Its annotation as written in the file.
    pub annotation: Option<String>,
}

/// How a parameter is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ParameterKind {
    /// Only in order, before a `/`.
    PositionalOnly,
    /// In order or by name.
    Positional,
    /// `*args`
    VarPositional,
    /// Only by name, after a `*`.
    KeywordOnly,
    /// `**kwargs`
    VarKeyword,
}
