//! Adds source lines to the calls of a stack. Python reports stacks without them, because an interpreter that is asked
//! where it is has little time.

use std::{
    collections::HashMap,
    fs::File,
    io::{self, Read},
    path::Path,
};

/// Of longer files no source lines are read.
const MOST_BYTES: u64 = 1 << 20;

/// The stack with the source line below each call whose file can be read, as in Python's own tracebacks.
pub fn with_source(stack: &str) -> String {
    let mut files: HashMap<&str, String> = HashMap::new();
    let mut told = String::with_capacity(2 * stack.len());
    for line in stack.lines() {
        told.push_str(line);
        told.push('\n');
        let Some((path, number)) = call(line) else { continue };
        let text = files.entry(path).or_insert_with(|| read(path).unwrap_or_default());
        let source = number.checked_sub(1).and_then(|before| text.lines().nth(before)).map(str::trim);
        if let Some(source) = source.filter(|source| !source.is_empty()) {
            told.push_str("    ");
            told.push_str(source);
            told.push('\n');
        }
    }
    told
}

/// The file and the line of `  File "/a/locks.py", line 10, in both`.
fn call(line: &str) -> Option<(&str, usize)> {
    let (path, rest) = line.strip_prefix("  File \"")?.rsplit_once("\", line ")?;
    Some((path, rest.split_once(", in ")?.0.parse().ok()?))
}

/// The text of a regular file. A pipe or a device of that name would never end, and it is unknown to which folder a
/// relative path refers.
fn read(path: &str) -> io::Result<String> {
    let data = std::fs::metadata(path)?;
    let mut bytes = Vec::new();
    if Path::new(path).is_absolute() && data.is_file() && data.len() <= MOST_BYTES {
        File::open(path)?.take(MOST_BYTES).read_to_end(&mut bytes)?;
    }
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_call_whose_file_is_there_has_its_line() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("a \"b\".py");
        std::fs::write(&file, "def f():\n    g()\n\n").expect("written");
        let call = |line: u32| format!("  File \"{}\", line {line}, in f\n", file.display());
        let stack =
            format!("Where it was:\n{}{}{}  File \"<string>\", line 1, in <module>\n", call(2), call(3), call(9));
        let expected = stack.replace(&call(2), &(call(2) + "    g()\n"));
        assert_eq!(with_source(&stack), expected);
    }

    #[test]
    fn what_is_no_regular_file_or_a_long_one_is_not_read() {
        let folder = tempfile::tempdir().expect("a folder");
        let long = folder.path().join("long.py");
        File::create(&long).and_then(|file| file.set_len(MOST_BYTES + 1)).expect("written");
        for path in ["/dev/zero", "/no/such/file.py", "Cargo.toml", &long.display().to_string()] {
            let stack = format!("  File \"{path}\", line 1, in f\n");
            assert_eq!(with_source(&stack), stack);
        }
        // PyPy's faulthandler has no line numbers.
        assert_eq!(with_source("  File \"/a.py\", in f"), "  File \"/a.py\", in f\n");
    }
}
