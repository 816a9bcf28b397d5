//! The arrows between the rooms, as `ARCHITECTURE.md` draws them: read from the sources.

use std::{
    fs,
    path::{Path, PathBuf},
};

/// Each room, and the rooms that it may know.
const MAY_KNOW: [(&str, &[&str]); 16] = [
    ("model", &[]),
    ("os", &[]),
    ("starters", &[]),
    ("interpreters", &["model", "os"]),
    ("statistics", &[]),
    ("insight", &["model", "statistics"]),
    ("scene", &["insight", "model", "statistics"]),
    ("targets", &["model", "os"]),
    ("protocol", &["model"]),
    ("store", &["model"]),
    ("samplers", &["model", "os"]),
    ("runner", &["model", "os", "protocol", "targets"]),
    ("engine", &["insight", "interpreters", "model", "os", "protocol", "samplers", "targets"]),
    ("export", &["insight", "model", "scene", "statistics", "store"]),
    (
        "cli",
        &[
            "engine",
            "export",
            "insight",
            "interpreters",
            "model",
            "os",
            "scene",
            "starters",
            "statistics",
            "store",
            "targets",
        ],
    ),
    (
        "ui",
        &[
            "engine",
            "export",
            "insight",
            "interpreters",
            "model",
            "os",
            "scene",
            "starters",
            "statistics",
            "store",
            "targets",
        ],
    ),
];

/// Crates that only one room may know.
const ONLY_IN: [(&str, &str); 7] = [
    ("object", "samplers"),
    ("egui", "ui"),
    ("eframe", "ui"),
    ("egui_plot", "ui"),
    ("libc", "os"),
    ("rustix", "os"),
    ("sysinfo", "samplers"),
];

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder of sources") {
        let path = entry.expect("an entry").path();
        match path.is_dir() {
            true => sources(&path, found),
            false if path.extension().is_some_and(|extension| extension == "rs") => found.push(path),
            false => {}
        }
    }
}

/// The first part of a path below `src`: `src/model/run.rs` and `src/starters.rs` are in `model` and `starters`.
fn room_of(path: &Path) -> String {
    let below = path.components().skip_while(|part| part.as_os_str() != "src").nth(1).expect("below src");
    below.as_os_str().to_string_lossy().trim_end_matches(".rs").to_owned()
}

/// The names that follow `prefix` in a source, comments aside: for `crate::{a::B, c}` both `a` and `c`.
fn names_after(source: &str, prefix: &str) -> Vec<String> {
    let code: String =
        source.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n");
    let mut names = Vec::new();
    for (at, _) in code.match_indices(prefix) {
        let rest = &code[at + prefix.len()..];
        match rest.strip_prefix('{') {
            Some(group) => names.extend(group_names(group)),
            None => names.push(leading_name(rest)),
        }
    }
    names
}

fn group_names(group: &str) -> Vec<String> {
    let (mut depth, mut names, mut fresh) = (0, Vec::new(), true);
    for (at, character) in group.char_indices() {
        match character {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => fresh = true,
            _ if fresh && !character.is_whitespace() => {
                names.push(leading_name(&group[at..]));
                fresh = false;
            }
            _ => {}
        }
    }
    names
}

fn leading_name(text: &str) -> String {
    text.chars().take_while(|character| character.is_alphanumeric() || *character == '_').collect()
}

#[test]
fn no_room_knows_more_than_its_arrows_allow() {
    let mut found = Vec::new();
    sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut found);
    let mut wrong = Vec::new();
    for path in found.iter().filter(|path| !path.ends_with("src/main.rs") && !path.ends_with("src/lib.rs")) {
        let room = room_of(path);
        let source = fs::read_to_string(path).expect("a source");
        // A test may look at another room to prove what its own does.
        let source = source.split("#[cfg(test)]\nmod ").next().unwrap_or_default();
        let (_, may_know) =
            MAY_KNOW.iter().find(|(name, _)| *name == room).unwrap_or_else(|| panic!("no arrows for {room}"));
        for name in names_after(source, "crate::") {
            let is_room = MAY_KNOW.iter().any(|(known, _)| *known == name);
            if is_room && name != room && !may_know.contains(&name.as_str()) {
                wrong.push(format!("{}: {room} must not know {name}", path.display()));
            }
        }
        for (name, only) in ONLY_IN {
            let used = [format!("use {name}::"), format!("{name}::")].iter().any(|text| uses(source, text));
            if used && room != only {
                wrong.push(format!("{}: only {only} may know the crate {name}", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Whether the text stands in the source's code at the start of a path.
fn uses(source: &str, text: &str) -> bool {
    let code = source.lines().filter(|line| !line.trim_start().starts_with("//"));
    code.into_iter().any(|line| {
        line.match_indices(text).any(|(at, _)| {
            let before = line[..at].chars().next_back();
            before.is_none_or(|character| !character.is_alphanumeric() && character != '_' && character != ':')
        })
    })
}

#[test]
fn the_reader_of_use_lines_reads_groups() {
    let source = "use crate::{model::{A, B}, os::{self, C},\n runner};\nfn x() { crate::engine::go() }";
    assert_eq!(names_after(source, "crate::"), ["model", "os", "runner", "engine"]);
    assert!(uses("use libc::c_int;", "libc::") && !uses("// libc::x", "libc::") && !uses("my_libc::x", "libc::"));
}
