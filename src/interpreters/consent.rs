//! Which interpreters may be executed to be asked.
//!
//! Who looks at a plan has not asked for anything of its folder to be executed. So, while a plan is only looked at, an
//! interpreter is asked where the user's own surroundings name it (PATH, pyenv, conda), or where the user has trusted it.
//! Who runs a plan has allowed what it names.

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
    /// A plan is looked at: interpreters in known places, and these.
    Looking(&'a Trusted),
    /// A plan is run: what it names, too.
    Running,
}

impl Consent<'_> {
    /// Whether a file, named by an absolute path, may be executed.
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

/// The file of the interpreter that a plan names, where it may not be executed for looking: the user is to be asked.
pub fn unasked(word: &str, folder: Option<&Path>, trusted: &Trusted) -> Option<PathBuf> {
    let file = locate(word, folder).ok()?;
    (!Consent::Looking(trusted).allows(&file)).then_some(file)
}

/// The file of the interpreter that a plan names, where there is one.
pub fn located(word: &str, folder: Option<&Path>) -> Option<PathBuf> {
    locate(word, folder).ok()
}

/// Interpreters near a plan, or near the current folder, that may not be executed for looking: the user can be asked.
pub fn waiting(folder: Option<&Path>, trusted: &Trusted) -> Vec<PathBuf> {
    let files = candidates(folder).into_iter().map(|candidate| candidate.file);
    files.filter(|file| !Consent::Looking(trusted).allows(file)).collect()
}

/// The file of an interpreter by its path, or by that of its virtual environment.
///
/// # Errors
/// One sentence with the mend: there is none.
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

/// Why nothing is known of an interpreter that may not be executed for looking.
pub(super) fn unasked_sentence(file: &Path) -> String {
    format!(
        "{0} was not asked yet what it is: nothing that a plan names or that lies near it is executed before you allow it; \
         run `spawnscope trust {0}`",
        file.display()
    )
}

/// Allows an interpreter to be asked, as it is now.
///
/// # Errors
/// It can't be read.
pub fn allow(file: &Path, trusted: &mut Trusted) -> Result<(), String> {
    let identity = identity(file).map_err(|error| format!("{} can't be read: {error}", file.display()))?;
    trusted.allow(file.to_owned(), identity);
    Ok(())
}

/// What is executed with a file: the file that its links lead to, and, of a virtual environment, its `pyvenv.cfg`, which
/// says whose standard library is loaded. The content counts where the file is not the system's: that one changes with
/// every update, and the user trusts it anyway.
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

/// A digest that tells one thing that was allowed from another.
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
