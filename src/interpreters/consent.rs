//! Which interpreters may be executed to ask what they are.
//!
//! Someone who only looks at a plan has not agreed to execute anything in its folder. So until a plan is run, an interpreter is
//! executed only where the user's own environment names it (PATH, pyenv, conda), or where the user has trusted it. Running a
//! plan allows what the plan names.

use super::candidates::{candidates, is_in_known_place};
use super::locate::{environment_of, locate, python_in};
use model::Trusted;
use sha2::{Digest, Sha256};
use std::{
    fs::{self, File},
    io,
    path::{Path, PathBuf},
};

/// What may be executed.
#[derive(Clone, Copy, Debug)]
pub enum Consent<'a> {
    /// A plan is only looked at: interpreters in known places, and those trusted.
    Looking(&'a Trusted),
    /// A plan is run: also the interpreters that it names.
    Running,
}

impl Consent<'_> {
    /// Whether a file, given by its absolute path, may be executed.
    pub(super) fn allows(self, file: &Path) -> bool {
        match self {
            Self::Running => true,
            Self::Looking(trusted) => {
                is_in_known_place(file)
                    || trusted.interpreters.iter().any(|known| known.path == file)
                        && identity(file).is_ok_and(|identity| trusted.has(file, &identity))
            }
        }
    }
}

/// The file of the interpreter that a plan names, if it may not be executed for looking: the host then asks the user.
pub fn unasked(word: &str, folder: Option<&Path>, trusted: &Trusted) -> Option<PathBuf> {
    let file = locate(word, folder).ok()?;
    (!Consent::Looking(trusted).allows(&file)).then_some(file)
}

/// The file of the interpreter that a plan names, if it exists.
pub fn located(word: &str, folder: Option<&Path>) -> Option<PathBuf> {
    locate(word, folder).ok()
}

/// Interpreters near a plan, or near the current folder, that may not be executed for looking: the host can ask the user.
pub fn waiting(folder: Option<&Path>, trusted: &Trusted) -> Vec<PathBuf> {
    let files = candidates(folder).into_iter().map(|candidate| candidate.file);
    files.filter(|file| !Consent::Looking(trusted).allows(file)).collect()
}

/// The file of an interpreter, given its path or that of its virtual environment.
///
/// # Errors
/// One sentence with the fix: there is none.
pub fn interpreter_at(path: &Path) -> Result<PathBuf, String> {
    let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    if let Some(inside) = python_in(&path) {
        return Ok(inside);
    }
    let word = path.to_str().ok_or_else(|| format!("{} is no UTF-8, so no plan can name it", path.display()))?;
    locate(word, None).map_err(|lost| {
        let mend = lost.mend.unwrap_or_else(|| "name an interpreter or a virtual environment".to_owned());
        format!("{}; {mend}", lost.what)
    })
}

/// The sentence for an interpreter that may not be executed for looking.
pub(super) fn unasked_sentence(file: &Path) -> String {
    format!(
        "{0} was not asked yet what it is: nothing that a plan names or that lies near it is executed before you allow it; \
         run `spawnscope trust {0}`",
        file.display()
    )
}

/// Trusts an interpreter, as its file is now.
///
/// # Errors
/// The file can't be read.
pub fn allow(file: &Path, trusted: &mut Trusted) -> Result<(), String> {
    let identity = identity(file).map_err(|error| format!("{} can't be read: {error}", file.display()))?;
    trusted.allow(file.to_owned(), identity);
    Ok(())
}

/// Identifies what executing a file runs: the file behind its links and, in a virtual environment, `pyvenv.cfg`, which says
/// whose standard library is loaded. The content counts unless the file is in a known place: that one changes with every
/// update, and the user trusts it anyway.
fn identity(file: &Path) -> io::Result<String> {
    let real = file.canonicalize()?;
    let mut digest = Sha256::new();
    digest.update(real.as_os_str().as_encoded_bytes());
    digest.update([0]);
    if let Some(home) = environment_of(file) {
        digest.update(fs::read(home.join("pyvenv.cfg"))?);
    }
    digest.update([0]);
    if !is_in_known_place(&real) {
        io::copy(&mut File::open(&real)?, &mut Writer(&mut digest))?;
    }
    Ok(hex(digest))
}

/// A digest that identifies what the user trusted.
pub fn digest(bytes: &[u8]) -> String {
    hex(Sha256::new_with_prefix(bytes))
}

fn hex(digest: Sha256) -> String {
    digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

struct Writer<'a>(&'a mut Sha256);

impl io::Write for Writer<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
