//! What the window knows of Python: interpreters, the functions of the plan's files, and what is wrong with them. All
//! of it comes from threads (`workers`) that ask the interpreters; here it is plain data.

mod ask;
pub mod form;
pub mod value;
mod workers;

pub use ask::{Ask, Interpreters};
pub use workers::Workers;

use interpreters::{Discovered, Function, Lookup, Source};
use model::{InterpreterFacts, Plan, Problem, PythonTarget, Target, Task, interpreter::DEFAULT_INTERPRETER};
use std::{
    collections::{HashMap, HashSet},
    path::PathBuf,
};

/// What the window knows of Python.
#[derive(Default)]
pub struct PythonFacts {
    /// The interpreters of the machine; absent while they are looked for.
    pub found: Option<Vec<Discovered>>,
    /// Interpreters near the plan that the user has not allowed to be asked.
    pub waiting: Vec<PathBuf>,
    unasked: HashMap<String, PathBuf>,
    named: HashMap<String, Result<InterpreterFacts, String>>,
    sources: HashMap<String, Described>,
    checked: Option<Checked>,
    folder: Option<PathBuf>,
    revision: u64,
    read: u64,
}

/// What a file or module has to offer, as far as it is known.
#[derive(Clone, Debug, Default)]
pub struct Described {
    /// What it had when it could last be read.
    pub source: Option<Source>,
    /// Why it can't be read now.
    pub error: Option<String>,
}

/// What was wrong with a plan when it was checked.
pub struct Checked {
    /// The plan as it was.
    pub plan: Plan,
    /// In the plan's own mode.
    pub run: Vec<Problem>,
    /// In a comparison.
    pub compare: Vec<Problem>,
}

/// Something that a thread found out.
pub enum Fact {
    /// The interpreters of the machine, and those near the plan that the user has not allowed to be asked.
    Discovered(Vec<Discovered>, Vec<PathBuf>),
    /// What an interpreter that a plan names says of itself; with its file, where the user has not allowed it to be
    /// asked.
    Named(String, Result<InterpreterFacts, String>, Option<PathBuf>),
    /// What a file or module has to offer.
    Source(String, Result<Source, String>),
    /// What is wrong with a plan.
    Checked(Box<Checked>),
}

/// The interpreter that a plan names.
pub fn word(plan: &Plan) -> &str {
    plan.run.python.as_deref().unwrap_or(DEFAULT_INTERPRETER)
}

impl PythonFacts {
    /// A number that grows with everything that is found out.
    pub fn revision(&self) -> u64 {
        self.revision
    }

    /// A number that grows when a file, a module or an interpreter was read: a check depends on their answers.
    pub fn sources_revision(&self) -> u64 {
        self.read
    }

    /// Takes in what a thread found out. The last functions of a file that can't be read now are kept.
    pub fn take(&mut self, fact: Fact) {
        self.revision += 1;
        self.read += u64::from(matches!(fact, Fact::Source(..) | Fact::Named(..)));
        match fact {
            Fact::Discovered(found, waiting) => (self.found, self.waiting) = (Some(found), waiting),
            Fact::Named(word, answer, unasked) => {
                match unasked {
                    Some(file) => self.unasked.insert(word.clone(), file),
                    None => self.unasked.remove(&word),
                };
                self.named.insert(word, answer);
            }
            Fact::Checked(checked) => self.checked = Some(*checked),
            Fact::Source(name, answer) => {
                let described = self.sources.entry(name).or_default();
                described.error = answer.as_ref().err().cloned();
                described.source = answer.ok().or_else(|| described.source.take());
            }
        }
    }

    /// Forgets what was read for a plan in another folder, where the same name is another file.
    pub fn stay_in(&mut self, folder: Option<PathBuf>) {
        if self.folder != folder {
            self.folder = folder;
            self.sources.clear();
        }
    }

    /// What an interpreter says of itself; absent while it is asked.
    pub fn interpreter(&self, word: &str) -> Option<Result<&InterpreterFacts, &str>> {
        let found = self.found.iter().flatten().find(|found| found.interpreter.word() == word && !found.too_old);
        let named = self.named.get(word).map(|answer| answer.as_ref().map_err(String::as_str));
        found.map(|found| Ok(&found.facts)).or(named)
    }

    /// The file of an interpreter that a plan names, where the user has not allowed it to be asked.
    pub fn unasked(&self, word: &str) -> Option<&PathBuf> {
        self.unasked.get(word)
    }

    /// What a file or module has to offer; absent while it is read for the first time.
    pub fn source(&self, name: &str) -> Option<&Described> {
        self.sources.get(name)
    }

    /// The function of a task, where its source could be read and has it.
    pub fn function(&self, target: &PythonTarget) -> Option<&Function> {
        let source = self.source(&target.source)?.source.as_ref()?;
        match source.find(&target.function) {
            Lookup::Function(function) => Some(function),
            _ => None,
        }
    }

    /// The function of a task, where that is one, and its source could be read and has it.
    pub fn function_of(&self, task: &Task) -> Option<&Function> {
        match &task.target {
            Target::Python(target) => self.function(target),
            Target::Builtin(_) | Target::Program(_) => None,
        }
    }

    /// What is wrong with the Python functions of a plan: what still holds of the interpreter's last answer, and
    /// whether the arguments fit, which is known at once.
    pub fn problems(&self, plan: &Plan, of: fn(&Checked) -> &[Problem]) -> Vec<Problem> {
        let checked = self.checked.as_ref();
        let whole = checked.is_some_and(|checked| checked.plan == *plan);
        let holds =
            |problem: &&Problem| whole || checked.is_some_and(|checked| still_holds(problem, &checked.plan, plan));
        let mut problems: Vec<_> = checked.into_iter().flat_map(of).filter(holds).cloned().collect();
        let mut said: HashSet<_> = problems.iter().map(|problem| (problem.task, problem.field.clone())).collect();
        for (index, task) in plan.tasks.iter().enumerate() {
            for (field, message) in self.misfits(task) {
                if said.insert((Some(index), field.clone())) {
                    problems.push(Problem::of_task(index, field, message));
                }
            }
        }
        problems
    }

    /// Whether a task's arguments fit its function, as far as that is known at once.
    fn misfits(&self, task: &Task) -> Vec<(model::Field, String)> {
        let Target::Python(target) = &task.target else { return Vec::new() };
        let function = self.function(target);
        let blanks = form::blanks(function.and_then(|one| one.parameters.as_deref()), task);
        if !blanks.is_empty() {
            return blanks;
        }
        let refused = function.and_then(|one| one.accepts(form::list(&task.args), &task.kwargs).err());
        refused.map(|message| (model::Field::Args, message)).into_iter().collect()
    }
}

/// Whether a problem of the plan before is still one of this plan, until a new answer comes.
fn still_holds(problem: &Problem, before: &Plan, now: &Plan) -> bool {
    use model::Field;
    let same_run = before.run.python == now.run.python && before.folder == now.folder;
    match problem.task {
        None => same_run && before.run == now.run,
        Some(index) => {
            let targets = [before, now].map(|plan| plan.tasks.get(index).map(|task| &task.target));
            same_run && targets[0] == targets[1] && !matches!(problem.field, Field::Args | Field::Arg(_))
        }
    }
}
