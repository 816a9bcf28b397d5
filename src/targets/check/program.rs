//! Finds the file of a program.

use std::path::{Path, PathBuf};

/// The absolute path of a program. A bare name is looked up on PATH. A path is relative to `folder`, the plan's; without one,
/// to the current folder.
///
/// # Errors
/// One sentence: there is no such file, it is a folder, or it may not be executed.
pub fn resolve_program(program: &str, folder: Option<&Path>) -> Result<PathBuf, String> {
    if program.is_empty() {
        return Err("the target names no program; write for example program:xz".to_owned());
    }
    if program.contains('\0') {
        return Err("the program's name holds a NUL character; remove it".to_owned());
    }
    if is_path(program) { resolve_path(program, folder) } else { resolve_name(program) }
}

/// An absolute path for a path of the plan.
pub fn absolute(path: &str, folder: Option<&Path>) -> PathBuf {
    let joined = folder.map_or_else(|| PathBuf::from(path), |folder| folder.join(path));
    std::path::absolute(&joined).unwrap_or(joined)
}

fn is_path(program: &str) -> bool {
    program.contains(std::path::is_separator)
}

fn resolve_name(program: &str) -> Result<PathBuf, String> {
    match which::which(program) {
        Ok(path) => Ok(std::path::absolute(&path).unwrap_or(path)),
        Err(_) => Err(format!(
            "the program `{program}` is not on PATH; install it, or write its path, for example program:./{program}"
        )),
    }
}

fn resolve_path(program: &str, folder: Option<&Path>) -> Result<PathBuf, String> {
    let path = absolute(program, folder);
    match path.metadata() {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            Err(format!("there is no program at {}; a path is relative to the plan's folder", path.display()))
        }
        Err(error) => Err(format!("the program at {} can't be looked at: {error}", path.display())),
        Ok(found) if found.is_dir() => Err(format!("{} is a folder; name the program in it", path.display())),
        Ok(_) => which::which(&path)
            .map_err(|_| format!("{0} is not executable; run chmod +x {0}, or name its interpreter", path.display())),
    }
}
