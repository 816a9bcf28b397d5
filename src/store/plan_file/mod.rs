//! The plan file: TOML that people write by hand, so each mistake is reported with its line, its column and the fix.

mod error;
mod faults;
mod keep;
mod place;
mod read_plan;
mod read_run;
mod read_task;
mod save;
mod spans;
mod syntax;
mod toml_text;
mod values;
mod words;
mod write;

pub use error::{PlanError, located};
pub use model::toml_value::quoted;
pub use save::{NotSaved, Question, Saving, save};
pub use spans::Spans;
pub use words::{nearest, read_choice, read_measure, read_mode, read_start_method, shown};
pub use write::to_toml;

use model::Plan;
use std::{fs::File, io::Read, path::Path};

/// The largest file that is read as a plan: far larger than any plan, far smaller than the memory.
const MAX_BYTES: u64 = 16 << 20;

/// A plan as read, and where its parts are in the file.
#[derive(Clone, Debug)]
pub struct PlanFile {
    /// The plan, with the file's folder.
    pub plan: Plan,
    /// Where its parts are.
    pub spans: Spans,
}

impl PlanFile {
    /// A plan that is in no file.
    pub fn of(plan: Plan) -> Self {
        Self { plan, spans: Spans::default() }
    }

    /// The file's text; empty where there is no file.
    pub fn text(&self) -> &str {
        self.spans.text()
    }
}

/// Reads a plan file. `targets::check` then checks whether its targets exist and its args are in range.
///
/// # Errors
/// The mistakes with their places: see [`PlanError`].
pub fn read(path: &Path) -> Result<PlanFile, PlanError> {
    let name = path.display().to_string();
    let bytes = read_bytes(path).map_err(|message| PlanError::whole(&name, message))?;
    let text = decode(bytes, &name)?;
    let folder = std::path::absolute(path).ok().and_then(|path| path.parent().map(Path::to_owned));
    parse(&text, &name, folder.as_deref())
}

/// Reads a plan from text. `name` is the file's name in messages; its stem is the plan's name if the text gives none.
///
/// # Errors
/// The mistakes with their places: see [`PlanError`].
pub fn parse(text: &str, name: &str, folder: Option<&Path>) -> Result<PlanFile, PlanError> {
    let stem = Path::new(name).file_stem().map_or_else(|| "plan".into(), |stem| stem.to_string_lossy());
    let (mut plan, spans) = read_plan::read(text, &stem).map_err(|faults| faults.into_error(name, text))?;
    plan.folder = folder.map(Path::to_owned);
    Ok(PlanFile { plan, spans })
}

fn read_bytes(path: &Path) -> Result<Vec<u8>, String> {
    if path.is_dir() {
        return Err("this is a folder; name a plan file in it".to_owned());
    }
    // A named pipe may never get a writer; a pipe that the shell has opened for us has one.
    let is_open_already = ["/dev/fd", "/dev/stdin", "/proc/self/fd"].iter().any(|place| path.starts_with(place));
    if path.metadata().is_ok_and(|found| !found.is_file()) && !is_open_already {
        return Err("this is no regular file; name a plan file, or - for stdin".to_owned());
    }
    let file = File::open(path).map_err(|error| words::io_sentence(&error))?;
    let mut bytes = Vec::new();
    file.take(MAX_BYTES + 1).read_to_end(&mut bytes).map_err(|error| words::io_sentence(&error))?;
    if bytes.len() as u64 > MAX_BYTES {
        return Err("the file is larger than 16 MiB and can't be a plan; name another file".to_owned());
    }
    Ok(bytes)
}

fn decode(bytes: Vec<u8>, name: &str) -> Result<String, PlanError> {
    String::from_utf8(bytes).map_err(|error| {
        let good = error.utf8_error().valid_up_to();
        let before = String::from_utf8_lossy(&error.as_bytes()[..good]).into_owned();
        let message = "the file is no UTF-8 text from here on; save it as UTF-8";
        PlanError::at(name, place::of(&before, good), message)
    })
}

#[cfg(test)]
mod tests;
