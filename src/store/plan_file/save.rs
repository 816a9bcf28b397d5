//! Saves a plan, and asks before it replaces a file that it does not know.

use super::{keep, parse};
use crate::{
    atomic::{self, Existing},
    destination::{self, Destination},
};
use model::Plan;
use std::{
    fs,
    io::ErrorKind,
    path::{Path, PathBuf},
};

/// A plan to save.
#[derive(Clone, Debug, PartialEq)]
pub struct Saving {
    /// The file to write.
    pub path: PathBuf,
    /// The plan.
    pub plan: Box<Plan>,
    /// The file from which it was opened, or to which it was last saved.
    pub opened: Option<PathBuf>,
    /// The text of that file then, or of the starter that the plan came from; empty where there was none.
    pub text: String,
}

/// Why a plan was not saved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotSaved {
    /// The user has to say first whether the file may be replaced.
    Asks(Question),
    /// It can't be saved; one sentence says why.
    Refused(String),
}

/// What is in the file's place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Question {
    /// Another file of the same name.
    Exists,
    /// The opened file, which another program has changed since.
    Changed,
}

/// Saves a plan durably and as a whole, and returns the file's text. The opened file is replaced without a question if it is
/// unchanged; any other file only with [`Existing::Replace`], and only if it is a plan.
///
/// # Errors
/// There is a question, or the plan can't be saved. The file stays as it was.
pub fn save(saving: &Saving, existing: Existing) -> Result<String, NotSaved> {
    let path = &saving.path;
    let refused = |why: &str| NotSaved::Refused(format!("{}: {why}", path.display()));
    let cant = |error| {
        refused(&format!("the plan can't be saved here: {}; choose another place", destination::why(path, &error)))
    };
    let found = match fs::read(path) {
        Ok(found) => Some(found),
        Err(error) if error.kind() == ErrorKind::NotFound => None,
        Err(error) => return Err(cant(error)),
    };
    if let Some(found) = &found {
        let opened = is_same(saving.opened.as_deref(), path);
        if !opened || found != saving.text.as_bytes() {
            if !may_be_a_plan(found) {
                return Err(refused("this file is no plan, and stays as it is; choose another name"));
            }
            if existing == Existing::Keep {
                return Err(NotSaved::Asks(if opened { Question::Changed } else { Question::Exists }));
            }
        }
    }
    let text = keep::plan_text(&saving.text, &path.display().to_string(), &saving.plan);
    // If another program makes the file from now on, it is not replaced unseen.
    let existing = if found.is_some() { Existing::Replace } else { Existing::Keep };
    match atomic::replace(path, existing, |out| out.write_all(text.as_bytes())) {
        Ok(()) => Ok(text),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Err(NotSaved::Asks(Question::Exists)),
        Err(error) => Err(cant(error)),
    }
}

fn is_same(opened: Option<&Path>, path: &Path) -> bool {
    let of = |path: &Path| Destination::of(path).map(|to| to.path().to_owned()).ok();
    opened.is_some_and(|opened| opened == path || of(opened).is_some_and(|opened| of(path) == Some(opened)))
}

/// Whether a file is a plan, a plan with a mistake in it, or empty.
fn may_be_a_plan(bytes: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(bytes) else { return false };
    let has = |word: &str| text.lines().any(|line| line.trim_start().starts_with(word));
    text.trim().is_empty() || parse(text, "plan", None).is_ok() || has("schema") && has("[[task]]")
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLAN: &str = "schema = 1\nname = \"a\"\n[[task]]\ntarget = \"primes\"\n";

    struct Place(tempfile::TempDir);

    impl Place {
        fn path(&self, name: &str) -> PathBuf {
            self.0.path().join(name)
        }

        fn put(&self, name: &str, text: &str) {
            fs::write(self.path(name), text).expect("written");
        }

        fn save(&self, name: &str, opened: Option<&str>, existing: Existing) -> Result<String, NotSaved> {
            let plan = Box::new(parse(&PLAN.replace("\"a\"", "\"b\""), "p", None).expect("a plan").plan);
            let opened = opened.map(|name| self.path(name));
            save(&Saving { path: self.path(name), plan, opened, text: PLAN.to_owned() }, existing)
        }

        fn holds(&self, name: &str) -> String {
            fs::read_to_string(self.path(name)).expect("readable")
        }
    }

    fn place() -> Place {
        Place(tempfile::tempdir().expect("folder"))
    }

    #[test]
    fn the_opened_file_is_saved_and_asked_about_only_where_it_changed() {
        let place = place();
        place.put("p.toml", PLAN);
        let text = place.save("p.toml", Some("p.toml"), Existing::Keep).expect("saved");
        assert_eq!((place.holds("p.toml"), text.contains("name = \"b\"")), (text.clone(), true));
        let changed = format!("{PLAN}count = 3 # theirs\n");
        place.put("p.toml", &changed);
        let asked = place.save("p.toml", Some("p.toml"), Existing::Keep);
        assert_eq!((asked, place.holds("p.toml")), (Err(NotSaved::Asks(Question::Changed)), changed));
        place.save("p.toml", Some("p.toml"), Existing::Replace).expect("saved");
        assert_eq!(place.holds("p.toml"), text);
        fs::remove_file(place.path("p.toml")).expect("removed");
        place.save("p.toml", Some("p.toml"), Existing::Keep).expect("made again");
    }

    #[cfg(unix)]
    #[test]
    fn the_opened_file_is_known_by_every_name_it_has() {
        let place = place();
        place.put("p.toml", PLAN);
        std::os::unix::fs::symlink("p.toml", place.path("link.toml")).expect("linked");
        place.save("link.toml", Some("p.toml"), Existing::Keep).expect("saved");
        assert!(place.path("link.toml").is_symlink() && place.holds("p.toml").contains("\"b\""));
    }

    #[test]
    fn another_file_is_asked_about_and_no_other_kind_is_replaced() {
        let place = place();
        for (name, text) in [("other.toml", PLAN), ("wrong.toml", "schema = 1\n[[task]]\ntarget = \n"), ("e.toml", "")]
        {
            place.put(name, text);
            assert_eq!(place.save(name, None, Existing::Keep), Err(NotSaved::Asks(Question::Exists)), "{name}");
            assert_eq!(place.holds(name), text);
            place.save(name, None, Existing::Replace).expect("saved");
        }
        for (name, text) in [
            ("runs.json", "{\"schema\": \"spawnscope.experiment/1\"}"),
            ("Cargo.toml", "[package]\nname = \"x\"\n"),
            ("work.py", "print(1)\n"),
        ] {
            place.put(name, text);
            for opened in [None, Some(name)] {
                let said = place.save(name, opened, Existing::Replace);
                assert!(matches!(said, Err(NotSaved::Refused(why)) if why.contains("is no plan")), "{name}");
                assert_eq!(place.holds(name), text);
            }
        }
        let folder = place.save("", None, Existing::Replace);
        assert!(matches!(folder, Err(NotSaved::Refused(why)) if why.contains("it is a folder; choose")));
    }
}
