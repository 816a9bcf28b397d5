//! Replaced by the room's own functions as soon as they are there.
use crate::interpreters::{Function, Source};
use crate::model::*;
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    pub interpreter: Interpreter,
    pub facts: InterpreterFacts,
    pub origin: Origin,
    pub too_old: bool,
}
impl Found {
    pub fn refusal(&self) -> Option<String> {
        self.too_old.then(|| format!("{} is too old; use 3.8", self.facts.title()))
    }
}
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    Path,
    Pyenv,
    Venv(String),
    Conda,
}
pub struct Probed {
    pub executable: PathBuf,
    pub facts: InterpreterFacts,
}
pub fn discover(_: Option<&Path>) -> Vec<Found> {
    Vec::new()
}
pub fn probe(_: &str, _: Option<&Path>) -> Result<Probed, String> {
    Err("none".into())
}
pub fn describe(_: &Path, _: &PythonTarget, _: Option<&Path>) -> Result<Source, String> {
    Err("none".into())
}
pub fn check_python(_: &Plan, _: &[Choice]) -> Vec<Problem> {
    Vec::new()
}
pub trait Shim {
    fn accepts(&self, args: &[Value], kwargs: &BTreeMap<String, Value>) -> Result<(), String>;
    fn signature_text(&self) -> String;
}
impl Shim for Function {
    fn accepts(&self, args: &[Value], _: &BTreeMap<String, Value>) -> Result<(), String> {
        match &self.parameters {
            Some(p) if args.len() > p.len() => {
                Err(format!("{} takes {} arguments, {} are given; remove one", self.name, p.len(), args.len()))
            }
            _ => Ok(()),
        }
    }
    fn signature_text(&self) -> String {
        let one = |p: &crate::interpreters::Parameter| {
            p.default.as_ref().map_or_else(|| p.name.clone(), |d| format!("{}={d}", p.name))
        };
        format!(
            "{}({})",
            self.name,
            self.parameters.as_ref().map_or("…".into(), |p| p.iter().map(one).collect::<Vec<_>>().join(", "))
        )
    }
}
