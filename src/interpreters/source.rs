//! What a Python file or module has to offer, as it was read (not imported).

use serde::{Deserialize, Serialize};

/// What a file or module has to offer.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Source {
    /// Its functions and classes, in the order of the file.
    pub functions: Vec<Function>,
}

/// Something that can be called.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Function {
    /// Its name, with dots for one inside a class.
    pub name: String,
    /// What it is.
    pub kind: FunctionKind,
    /// The line of its `def` or `class`, from 1.
    pub line: u32,
    /// The first line of its docstring; empty where it has none.
    #[serde(default)]
    pub doc: String,
    /// Its parameters; absent where they can't be known by reading (a decorator, a class without an `__init__`).
    pub parameters: Option<Vec<Parameter>>,
}

/// What can be called.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FunctionKind {
    /// `def`
    Function,
    /// `async def`
    Async,
    /// A subclass of `threading.Thread`, by its bases' names.
    Thread,
    /// A subclass of `multiprocessing.Process`, by its bases' names.
    Process,
    /// Another class.
    Class,
}

/// A parameter of a function.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Parameter {
    /// Its name.
    pub name: String,
    /// How it is given.
    pub kind: ParameterKind,
    /// Its default as it stands in the file; absent where it has to be given.
    pub default: Option<String>,
    /// Its annotation as it stands in the file.
    pub annotation: Option<String>,
}

/// How a parameter is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ParameterKind {
    /// In order alone, before a `/`.
    PositionalOnly,
    /// In order or by name.
    Positional,
    /// `*args`
    VarPositional,
    /// By name alone, after a `*`.
    KeywordOnly,
    /// `**kwargs`
    VarKeyword,
}
