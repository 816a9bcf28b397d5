//! Which room may know which. Each room is a crate, so the compiler enforces its manifest; these tests compare the
//! manifests with the table of `ARCHITECTURE.md`.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

/// Third-party crates that only one room may know.
const ONLY_IN: [(&str, &str); 10] = [
    ("object", "samplers"),
    ("sysinfo", "samplers"),
    ("perf-event2", "os"),
    ("libc", "os"),
    ("rustix", "os"),
    ("nix", "os"),
    ("windows-sys", "os"),
    ("resvg", "export"),
    ("eframe", "ui"),
    ("egui_plot", "ui"),
];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_owned()
}

/// Each room with the rooms that its manifest names, without those for tests.
fn manifests() -> BTreeMap<String, BTreeSet<String>> {
    let folders = fs::read_dir(root().join("src")).expect("the rooms").map(|entry| entry.expect("an entry").path());
    let manifest = |folder: PathBuf| {
        let text = fs::read_to_string(folder.join("Cargo.toml")).ok()?;
        let table: toml::Table = text.parse().expect("TOML");
        let mut names = BTreeSet::new();
        dependencies(&table, &mut names);
        table.get("target").and_then(toml::Value::as_table).into_iter().flatten().for_each(|(_, of_system)| {
            dependencies(of_system.as_table().expect("a table"), &mut names);
        });
        Some((folder.file_name().expect("a name").to_string_lossy().into_owned(), names))
    };
    folders.filter_map(manifest).collect()
}

fn dependencies(table: &toml::Table, names: &mut BTreeSet<String>) {
    let of = table.get("dependencies").and_then(toml::Value::as_table);
    names.extend(of.into_iter().flat_map(toml::Table::keys).cloned());
}

/// The rooms of the table, each with the text of its last column.
fn drawn() -> BTreeMap<String, String> {
    let text = fs::read_to_string(root().join("ARCHITECTURE.md")).expect("the map");
    let row = |line: &str| {
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        let [_, room, _, may_know, _] = cells[..] else { return None };
        let name = room.strip_prefix("`src/")?.split('/').next()?;
        Some((name.to_owned(), may_know.to_owned()))
    };
    let rows = text.lines().skip_while(|line| !line.starts_with("## Rooms")).skip(1);
    rows.take_while(|line| !line.starts_with("## ")).filter_map(row).collect()
}

#[test]
fn the_map_is_the_one_that_the_manifests_have() {
    let (manifests, drawn) = (manifests(), drawn());
    let rooms: BTreeSet<&String> = manifests.keys().collect();
    assert_eq!(rooms, drawn.keys().collect(), "every room is on the map");
    for (room, may_know) in &drawn {
        let knows: BTreeSet<&String> = manifests[room].iter().filter(|name| rooms.contains(name)).collect();
        if let Some(all_but) = may_know.strip_prefix("everything but ") {
            assert!(!knows.iter().any(|name| name.as_str() == all_but), "{room} must not know {all_but}");
            continue;
        }
        let words = may_know.split(|letter: char| !letter.is_ascii_lowercase() && letter != '_');
        let drawn: BTreeSet<&String> = words.filter_map(|word| rooms.get(&word.to_owned()).copied()).collect();
        assert_eq!(knows, drawn, "{room}: what its manifest names, and the map");
    }
}

#[test]
fn what_others_made_is_known_to_one_room_where_it_is_the_rooms_matter() {
    for (room, names) in manifests() {
        for (name, only) in ONLY_IN {
            assert!(!names.contains(name) || room == only, "{room} must not know {name}: {only} does");
        }
    }
}

/// How a source shows that it knows the system for which it is built: names from the standard library, and conditions.
fn knows_platform(line: &str) -> bool {
    let code = line.split("//").next().unwrap_or_default();
    let has = |words: &[&str]| words.iter().any(|word| code.contains(word));
    has(&["os::fd", "os::unix", "os::linux", "os::macos", "os::windows", "target_os", "target_family", "env::consts"])
        || has(&["cfg"]) && has(&["unix", "windows"])
}

/// The lines of a source before its unit tests, which run only on Linux; none for a file of tests.
fn beside_tests(path: &Path) -> Vec<(usize, String)> {
    let is_tests = |part: &std::ffi::OsStr| part.to_string_lossy().trim_end_matches(".rs").ends_with("tests");
    if path.iter().any(is_tests) || path.ends_with("testing.rs") {
        return Vec::new();
    }
    let text = fs::read_to_string(path).expect("a source");
    let lines = text.lines().take_while(|line| *line != "#[cfg(test)]").map(str::to_owned);
    lines.enumerate().map(|(at, line)| (at + 1, line)).collect()
}

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path()) {
        match entry.extension() {
            _ if entry.is_dir() => sources(&entry, found),
            Some(extension) if extension == "rs" => found.push(entry),
            _ => {}
        }
    }
}

#[test]
fn the_platform_is_known_to_os_alone() {
    let (src, mut found) = (root().join("src"), Vec::new());
    sources(&src, &mut found);
    let (os, others): (Vec<_>, Vec<_>) = found.into_iter().partition(|path| path.starts_with(src.join("os")));
    let knowing = |paths: &[PathBuf]| -> Vec<String> {
        let of = |path: &PathBuf| {
            let lines = beside_tests(path).into_iter().filter(|(_, line)| knows_platform(line));
            let place = path.strip_prefix(&src).expect("below it").display().to_string();
            lines.map(move |(at, line)| format!("{place}:{at}: {}", line.trim())).collect::<Vec<_>>()
        };
        paths.iter().flat_map(of).collect()
    };
    assert!(!knowing(&os).is_empty(), "such lines are seen where they are");
    assert_eq!(knowing(&others), Vec::<String>::new(), "ask `os`, see docs/portability.md");
}
