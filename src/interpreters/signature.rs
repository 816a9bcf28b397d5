//! Whether arguments fit a function, by the rules with which Python binds them.

use super::source::{Function, Parameter, ParameterKind, nearest};
use serde_json::Value;
use std::collections::BTreeMap;

/// How much of a default a signature shows.
const LONGEST_DEFAULT: usize = 40;

impl Function {
    /// The names of the parameters that can be given in order; none where the parameters are unknown.
    pub fn names_in_order(&self) -> impl Iterator<Item = &str> {
        self.parameters
            .iter()
            .flatten()
            .filter(|parameter| parameter.in_order())
            .map(|parameter| parameter.name.as_str())
    }

    /// Whether the function can be called with these arguments; yes where its parameters are unknown.
    ///
    /// # Errors
    /// One sentence with the fix: too many, too few, an unknown name, or one given twice.
    pub fn accepts(&self, args: &[Value], kwargs: &BTreeMap<String, Value>) -> Result<(), String> {
        let Some(parameters) = &self.parameters else {
            return Ok(());
        };
        let bound = Binding { function: self, parameters, given: args.len(), kwargs };
        bound.check_count()?;
        bound.check_names()?;
        bound.check_missing()
    }

    /// The function as a caller sees it: `count_down(n, step=1)`; `count_down(…)` where its parameters are unknown.
    pub fn signature_text(&self) -> String {
        match &self.parameters {
            None => format!("{}(…)", self.name),
            Some(parameters) => format!("{}({})", self.name, parameters_text(parameters)),
        }
    }
}

fn parameters_text(parameters: &[Parameter]) -> String {
    let mut words: Vec<String> = Vec::new();
    let mut star_needed = true;
    for (at, parameter) in parameters.iter().enumerate() {
        let before = at.checked_sub(1).map(|at| parameters[at].kind);
        if before == Some(ParameterKind::PositionalOnly) && parameter.kind != ParameterKind::PositionalOnly {
            words.push("/".to_owned());
        }
        star_needed &= parameter.kind != ParameterKind::VarPositional;
        if parameter.kind == ParameterKind::KeywordOnly && std::mem::take(&mut star_needed) {
            words.push("*".to_owned());
        }
        words.push(parameter.text());
    }
    if parameters.last().is_some_and(|last| last.kind == ParameterKind::PositionalOnly) {
        words.push("/".to_owned());
    }
    words.join(", ")
}

impl Parameter {
    /// Whether every call has to give it.
    pub fn is_required(&self) -> bool {
        let many = matches!(self.kind, ParameterKind::VarPositional | ParameterKind::VarKeyword);
        self.default.is_none() && !many
    }

    /// Why it counts as a number, for a sentence: `its default 0.01`, or its annotation.
    pub(super) fn number_by(&self) -> Option<String> {
        if let Some(annotation) = self.annotation.as_deref() {
            return matches!(annotation, "int" | "float").then(|| format!("its type {annotation}"));
        }
        let default = self.default.as_deref().filter(|text| text.parse::<f64>().is_ok_and(f64::is_finite))?;
        Some(format!("its default {default}"))
    }

    /// Whether it can be given in order.
    pub(super) fn in_order(&self) -> bool {
        matches!(self.kind, ParameterKind::PositionalOnly | ParameterKind::Positional)
    }

    /// Whether it can be given by name.
    fn by_name(&self) -> bool {
        matches!(self.kind, ParameterKind::Positional | ParameterKind::KeywordOnly)
    }

    /// `n`, `step=1`, `*rest`
    fn text(&self) -> String {
        let stars = match self.kind {
            ParameterKind::VarPositional => "*",
            ParameterKind::VarKeyword => "**",
            _ => "",
        };
        let default = self.default.as_deref().map(|text| format!("={}", cut(text))).unwrap_or_default();
        format!("{stars}{}{default}", self.name)
    }
}

fn cut(text: &str) -> String {
    match text.char_indices().nth(LONGEST_DEFAULT) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.to_owned(),
    }
}

/// A call to be checked, not made.
struct Binding<'a> {
    function: &'a Function,
    parameters: &'a [Parameter],
    /// How many arguments are given in order.
    given: usize,
    kwargs: &'a BTreeMap<String, Value>,
}

impl Binding<'_> {
    fn has(&self, kind: ParameterKind) -> bool {
        self.parameters.iter().any(|parameter| parameter.kind == kind)
    }

    /// The parameters that can be given in order.
    fn ordered(&self) -> impl Iterator<Item = &Parameter> {
        self.parameters.iter().filter(|parameter| parameter.in_order())
    }

    fn check_count(&self) -> Result<(), String> {
        let most = self.ordered().count();
        if self.given <= most || self.has(ParameterKind::VarPositional) {
            return Ok(());
        }
        let name = &self.function.name;
        let least = self.ordered().filter(|parameter| parameter.is_required()).count();
        let takes = match (least, most) {
            (_, 0) => "no argument in order".to_owned(),
            (least, most) if least == most => arguments(most),
            _ => format!("at most {}", arguments(most)),
        };
        // Without parameters, nothing can be given by name, so the order need not be mentioned.
        let takes = if self.parameters.is_empty() { "no argument".to_owned() } else { takes };
        let remove = match self.given - most {
            1 => "remove one".to_owned(),
            all if most == 0 && all == self.given => "remove them".to_owned(),
            many => format!("remove {many}"),
        };
        Err(format!("{name}() takes {takes} and {} {} given; {remove}", self.given, is_or_are(self.given)))
    }

    fn check_names(&self) -> Result<(), String> {
        let name = &self.function.name;
        let in_order: Vec<_> = self.ordered().take(self.given).collect();
        for key in self.kwargs.keys() {
            let parameter = self.parameters.iter().find(|parameter| parameter.name == *key);
            let takes_any = self.has(ParameterKind::VarKeyword);
            match parameter {
                Some(parameter) if parameter.by_name() => {
                    if in_order.iter().any(|given| given.name == *key) {
                        return Err(format!(
                            "{name}() gets `{key}` twice, in args and in kwargs; remove it from kwargs"
                        ));
                    }
                }
                _ if takes_any => {}
                Some(parameter) if parameter.in_order() => {
                    return Err(format!("{name}() takes `{key}` in order alone; move it from kwargs to args"));
                }
                _ => return Err(self.unknown_name(key)),
            }
        }
        Ok(())
    }

    fn unknown_name(&self, key: &str) -> String {
        let names = || self.parameters.iter().filter(|parameter| parameter.by_name()).map(|it| it.name.as_str());
        let mend = match nearest(key, names()) {
            Some(known) => format!("did you mean `{known}`?"),
            None if names().next().is_none() => "remove it: it takes none by name".to_owned(),
            None => format!("it takes {}", names().collect::<Vec<_>>().join(", ")),
        };
        format!("{}() has no parameter `{key}`; {mend}", self.function.name)
    }

    fn check_missing(&self) -> Result<(), String> {
        let given = |at: usize, parameter: &Parameter| {
            (parameter.in_order() && at < self.given)
                || (parameter.by_name() && self.kwargs.contains_key(&parameter.name))
        };
        let missing: Vec<_> = (self.parameters.iter().enumerate())
            .filter(|(at, parameter)| parameter.is_required() && !given(*at, parameter))
            .map(|(_, parameter)| parameter)
            .collect();
        let Some(first) = missing.first() else {
            return Ok(());
        };
        let names: Vec<_> = missing.iter().map(|parameter| format!("`{}`", parameter.name)).collect();
        let place = if first.in_order() { "args" } else { "kwargs" };
        let (name, names) = (&self.function.name, names.join(", "));
        Err(match missing.len() {
            1 => format!("{name}() needs a value for {names}; add it to {place}"),
            _ => format!("{name}() needs values for {names}; add them to {place}"),
        })
    }
}

fn arguments(count: usize) -> String {
    match count {
        1 => "1 argument".to_owned(),
        _ => format!("{count} arguments"),
    }
}

fn is_or_are(count: usize) -> &'static str {
    if count == 1 { "is" } else { "are" }
}

#[cfg(test)]
#[path = "signature_tests.rs"]
mod tests;
