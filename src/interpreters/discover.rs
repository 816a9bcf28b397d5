//! Finds interpreters: on PATH, of pyenv and conda, in virtual environments near the plan.

use super::candidates::{Candidate, candidates, pyenv_versions};
use super::consent::Consent;
use super::locate::{environment_of, is_shim};
use super::probe::{Probed, age_sentence, probe_file, too_old, version};
use model::{Interpreter, InterpreterFacts, Trusted, interpreter::DEFAULT_INTERPRETER};
use std::{
    cmp::Reverse,
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::atomic::{AtomicUsize, Ordering},
};

/// An interpreter that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Discovered {
    /// The word for it in a plan: `python3`, else the shortest name on PATH, else a path, which is relative where the file is
    /// below the plan's folder.
    pub interpreter: Interpreter,
    /// What it says of itself.
    pub facts: InterpreterFacts,
    /// Where it comes from.
    pub origin: Origin,
    /// Whether it is too old for the runner; [`Discovered::refusal`] says so.
    pub too_old: bool,
}

impl Discovered {
    /// Why it can't be used, in one sentence.
    pub fn refusal(&self) -> Option<String> {
        self.too_old.then(|| age_sentence(self.interpreter.word(), &self.facts))
    }
}

/// Where an interpreter comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// On PATH: the system's, or another.
    Path,
    /// One of pyenv's versions.
    Pyenv,
    /// A virtual environment, by the name of its folder.
    Venv(String),
    /// A conda environment.
    Conda,
}

/// Every interpreter that answers, the newest first; one with several names is listed once, under the shortest. `folder` is the
/// plan's, or else the current one. It executes the interpreters in known or trusted places, several at once, each for at most
/// five seconds, and caches their answers. Virtual environments near the plan that are not trusted are left out.
pub fn discover(folder: Option<&Path>, trusted: &Trusted) -> Vec<Discovered> {
    let mut candidates = candidates(folder);
    candidates.retain(|candidate| Consent::Looking(trusted).allows(&candidate.file));
    let answers = probe_all(&candidates);
    let mut groups: BTreeMap<Identity, Vec<(Candidate, Probed)>> = BTreeMap::new();
    for (candidate, answer) in candidates.into_iter().zip(answers) {
        if let Some(probed) = answer {
            groups.entry(identity(&probed.executable)).or_default().push((candidate, probed));
        }
    }
    let mut found: Vec<_> = groups.into_values().filter_map(|group| unite(group, folder)).collect();
    found.sort_by_cached_key(|found| {
        let word = found.interpreter.word();
        (Reverse(version(&found.facts)), found.facts.implementation.clone(), word.len(), word)
    });
    found
}

/// Identifies an interpreter: its file and, where the path leads through one, its virtual environment.
type Identity = (PathBuf, Option<PathBuf>);

fn identity(executable: &Path) -> Identity {
    let file = executable.canonicalize().unwrap_or_else(|_| executable.to_owned());
    let environment = environment_of(executable).map(|home| home.canonicalize().unwrap_or_else(|_| home.to_owned()));
    (file, environment)
}

/// The answers of all candidates, in their order. An interpreter with several links is executed once.
fn probe_all(candidates: &[Candidate]) -> Vec<Option<Probed>> {
    let identities: Vec<_> = candidates.iter().map(|candidate| identity(&candidate.file)).collect();
    let firsts: Vec<usize> = (0..candidates.len()).filter(|at| !identities[..*at].contains(&identities[*at])).collect();
    let next = AtomicUsize::new(0);
    let work = || {
        let mut answers = Vec::new();
        while let Some(at) = firsts.get(next.fetch_add(1, Ordering::Relaxed)) {
            answers.push((*at, probe_file(&candidates[*at].file, None).ok()));
        }
        answers
    };
    let workers = std::thread::available_parallelism().map_or(2, usize::from).max(4).min(firsts.len());
    let answers: BTreeMap<usize, Option<Probed>> = std::thread::scope(|scope| {
        // Where the system has no room for another thread, this thread does it alone.
        let another = |_| std::thread::Builder::new().name("probe".to_owned()).spawn_scoped(scope, work).ok();
        let threads: Vec<_> = (1..workers).map_while(another).collect();
        let own = work();
        threads.into_iter().flat_map(|thread| thread.join().unwrap_or_default()).chain(own).collect()
    });
    let first_of = |at: usize| identities.iter().position(|other| *other == identities[at]);
    (0..candidates.len()).map(|at| answers.get(&first_of(at)?).cloned().flatten()).collect()
}

/// Makes one interpreter of all candidates that lead to it.
fn unite(group: Vec<(Candidate, Probed)>, folder: Option<&Path>) -> Option<Discovered> {
    let names = group.iter().filter_map(|(candidate, _)| candidate.name.clone());
    // Another name on PATH may hide a shim; then the path is that of the shim's interpreter.
    let own = |(candidate, probed): &(Candidate, Probed)| match is_shim(&candidate.file) {
        true => probed.executable.clone(),
        false => candidate.file.clone(),
    };
    let paths = group.iter().map(own).filter_map(|path| path_word(&path, folder));
    // The default name comes first; of several paths, the most specific: python3.11, not python3.
    let name = names.min_by_key(|name| (name != DEFAULT_INTERPRETER, name.len(), name.clone()));
    let file_name = |word: &String| Path::new(word).file_name().map_or(0, |name| name.len());
    let word = name.or_else(|| paths.min_by_key(|word| Reverse(file_name(word))))?;
    let facts = group.into_iter().next()?.1.facts;
    let (origin, too_old) = (origin(&facts.executable), too_old(&facts));
    Some(Discovered { interpreter: Interpreter::new(&word), facts, origin, too_old })
}

/// The path as a plan writes it: relative where it is below the plan's folder. Plans are UTF-8, so a path that is not has no
/// word.
fn path_word(path: &Path, folder: Option<&Path>) -> Option<String> {
    let below = folder.and_then(|folder| path.strip_prefix(std::path::absolute(folder).ok()?).ok());
    below.unwrap_or(path).to_str().map(str::to_owned)
}

fn origin(executable: &Path) -> Origin {
    if let Some(home) = environment_of(executable) {
        let name = home.file_name().unwrap_or(home.as_os_str());
        return Origin::Venv(name.to_string_lossy().into_owned());
    }
    let home = executable.parent().and_then(Path::parent);
    if home.is_some_and(|home| home.join("conda-meta").is_dir()) {
        return Origin::Conda;
    }
    let versions = pyenv_versions();
    match home.zip(versions).is_some_and(|(home, versions)| home.starts_with(versions)) {
        true => Origin::Pyenv,
        false => Origin::Path,
    }
}

#[cfg(test)]
#[path = "discover_tests.rs"]
mod tests;
