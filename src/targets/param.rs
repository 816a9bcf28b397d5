//! Typed parameters: defaults, ranges, and the messages on wrong values.

use model::{Args, toml_value};
use serde_json::Value;

/// A parameter of a built-in workload.
#[derive(Clone, Copy, Debug)]
pub struct Param {
    /// Its key in `args`.
    pub name: &'static str,
    /// One line for users.
    pub help: &'static str,
    /// Its unit, where it has one: "s", "bytes".
    pub unit: Option<&'static str>,
    /// Type, default and range.
    pub kind: ParamKind,
}

impl Param {
    /// A whole number from `min` to `max`.
    pub const fn int(name: &'static str, help: &'static str, default: i64, min: i64, max: i64) -> Self {
        Self { name, help, unit: None, kind: ParamKind::Int { default, min, max } }
    }

    /// A number from `min` to `max`.
    pub const fn float(name: &'static str, help: &'static str, default: f64, min: f64, max: f64) -> Self {
        Self { name, help, unit: None, kind: ParamKind::Float { default, min, max } }
    }

    /// One word of a list.
    pub const fn choice(
        name: &'static str,
        help: &'static str,
        default: &'static str,
        options: &'static [&'static str],
    ) -> Self {
        Self { name, help, unit: None, kind: ParamKind::Choice { default, options } }
    }

    /// The same parameter with a unit.
    pub const fn in_unit(self, unit: &'static str) -> Self {
        Self { unit: Some(unit), ..self }
    }
}

/// Type, default and range of a parameter.
#[derive(Clone, Copy, Debug)]
pub enum ParamKind {
    /// A whole number; both ends of the range are allowed.
    Int {
        /// The value where none is given.
        default: i64,
        /// The least that is allowed.
        min: i64,
        /// The most that is allowed.
        max: i64,
    },
    /// A number; both ends of the range are allowed.
    Float {
        /// The value where none is given.
        default: f64,
        /// The least that is allowed.
        min: f64,
        /// The most that is allowed.
        max: f64,
    },
    /// One word of a list.
    Choice {
        /// The value where none is given.
        default: &'static str,
        /// The words.
        options: &'static [&'static str],
    },
}

impl ParamKind {
    /// The default as a JSON value.
    pub fn default_json(&self) -> Value {
        match *self {
            Self::Int { default, .. } => default.into(),
            Self::Float { default, .. } => default.into(),
            Self::Choice { default, .. } => default.into(),
        }
    }

    /// The range in words: `a whole number from 1 to 10`.
    pub fn range_text(&self) -> String {
        match self {
            Self::Int { min, max, .. } => format!("a whole number from {min} to {max}"),
            Self::Float { min, max, .. } => format!("a number from {min} to {max}"),
            Self::Choice { options, .. } => format!("one of {}", options.join(", ")),
        }
    }

    /// Reads a value; a whole number serves as a number too.
    fn read(&self, value: &Value) -> Option<ParamValue> {
        match self {
            Self::Int { min, max, .. } => {
                value.as_i64().filter(|value| (min..=max).contains(&value)).map(ParamValue::Int)
            }
            Self::Float { min, max, .. } => {
                value.as_f64().filter(|value| (min..=max).contains(&value)).map(ParamValue::Float)
            }
            Self::Choice { options, .. } => {
                let word = value.as_str()?;
                options.iter().find(|option| **option == word).map(|option| ParamValue::Choice(option))
            }
        }
    }
}

/// A value of a parameter, within its range.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum ParamValue {
    /// A whole number.
    Int(i64),
    /// A number.
    Float(f64),
    /// One of the parameter's words.
    Choice(&'static str),
}

/// A problem with an argument.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParamProblem {
    /// The argument's key; absent where the problem is about `args` as a whole.
    pub key: Option<String>,
    /// One sentence with the fix.
    pub message: String,
}

/// The values of all parameters of a workload, defaults included.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Params {
    values: Vec<(&'static str, ParamValue)>,
}

impl Params {
    /// Fills in the defaults and checks every argument against its range.
    ///
    /// # Errors
    /// All problems: one for each argument that is unknown or out of range.
    pub fn resolve(params: &[Param], args: &Args) -> Result<Self, Vec<ParamProblem>> {
        let Args::Named(given) = args else {
            if args.is_empty() {
                return Self::resolve(params, &Args::none());
            }
            let message = format!("a built-in target takes its args by name: write args = {}", by_name(params, args));
            return Err(vec![ParamProblem { key: None, message }]);
        };
        let mut problems: Vec<_> = given.keys().filter_map(|key| unknown_key(params, key)).collect();
        let mut values = Vec::with_capacity(params.len());
        for param in params {
            let value = given.get(param.name).cloned().unwrap_or_else(|| param.kind.default_json());
            match param.kind.read(&value) {
                Some(value) => values.push((param.name, value)),
                None => problems.push(ParamProblem {
                    key: Some(param.name.to_owned()),
                    message: format!("`{}` is {value}; it must be {}", param.name, param.kind.range_text()),
                }),
            }
        }
        if problems.is_empty() { Ok(Self { values }) } else { Err(problems) }
    }

    /// A whole number; panics where the registry has no such parameter, which its tests rule out.
    pub fn int(&self, name: &str) -> u64 {
        match self.get(name) {
            ParamValue::Int(value) => u64::try_from(value).unwrap_or(0),
            other => panic!("parameter {name} is no whole number: {other:?}"),
        }
    }

    /// A whole number that may be negative; panics where the registry has no such parameter, which its tests rule out.
    pub fn signed(&self, name: &str) -> i64 {
        match self.get(name) {
            ParamValue::Int(value) => value,
            other => panic!("parameter {name} is no whole number: {other:?}"),
        }
    }

    /// A number; panics where the registry has no such parameter, which its tests rule out.
    pub fn float(&self, name: &str) -> f64 {
        match self.get(name) {
            ParamValue::Float(value) => value,
            other => panic!("parameter {name} is no number: {other:?}"),
        }
    }

    /// A word; panics where the registry has no such parameter, which its tests rule out.
    pub fn choice(&self, name: &str) -> &'static str {
        match self.get(name) {
            ParamValue::Choice(word) => word,
            other => panic!("parameter {name} is no choice: {other:?}"),
        }
    }

    fn get(&self, name: &str) -> ParamValue {
        let found = self.values.iter().find(|(key, _)| *key == name);
        found.unwrap_or_else(|| panic!("no parameter {name}")).1
    }
}

/// Args given in order, written as they would be given by name: `{ limit = 10 }`.
fn by_name(params: &[Param], args: &Args) -> String {
    let Args::List(list) = args else { return String::new() };
    let named: Vec<_> = params.iter().zip(list).map(|(param, value)| (param.name.to_owned(), value.clone())).collect();
    match named.is_empty() {
        true => "{ key = value }".to_owned(),
        false => toml_value::object(named.iter().map(|(name, value)| (name, value))),
    }
}

fn unknown_key(params: &[Param], key: &str) -> Option<ParamProblem> {
    if params.iter().any(|param| param.name == key) {
        return None;
    }
    let known: Vec<_> = params.iter().map(|param| param.name).collect();
    let mend = match known.len() {
        0 => "it takes none".to_owned(),
        _ => format!("it takes {}", known.join(", ")),
    };
    Some(ParamProblem { key: Some(key.to_owned()), message: format!("the target has no arg `{key}`; {mend}") })
}
