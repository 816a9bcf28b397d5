//! Documents from elsewhere: whatever numbers they contain, they are shown or refused in a sentence. Nothing panics,
//! and no number in them decides how much memory is allocated.

use crate::support::{Folder, plan};
use serde_json::{Value, json};
use spawnscope::{
    export::{EXPORTERS, ExportOptions},
    store::document_file,
};
use std::{
    collections::BTreeSet,
    fs,
    path::PathBuf,
    process::Command,
    time::{Duration, Instant},
};

/// The folder of the documents that the inner test reads; without it the inner test does nothing.
const DOCUMENTS: &str = "SPAWNSCOPE_TEST_HOSTILE";
/// The address space of the inner test, in KiB: enough for a test program and a document, not for an allocation by the
/// document's numbers.
const MOST_KIB: u64 = 3 << 20;

/// Extreme numbers, and values that are not numbers.
fn extremes() -> [Value; 9] {
    [
        json!(0),
        json!(-1),
        json!(u32::MAX),
        json!(u32::MAX - 1),
        json!(i64::MAX),
        json!(u64::MAX),
        json!(1e308),
        json!(1e-308),
        Value::Null,
    ]
}

/// Paths of all numbers, as JSON pointers; of a list only its first and its last member.
fn numbers(value: &Value, path: &str, found: &mut Vec<String>) {
    match value {
        Value::Number(_) => found.push(path.to_owned()),
        Value::Object(map) => {
            map.iter().for_each(|(key, value)| numbers(value, &format!("{path}/{}", key.replace('/', "~1")), found));
        }
        Value::Array(list) => {
            let ends: BTreeSet<usize> = [0, list.len().saturating_sub(1)].into();
            ends.into_iter()
                .filter(|at| *at < list.len())
                .for_each(|at| numbers(&list[at], &format!("{path}/{at}"), found));
        }
        _ => {}
    }
}

/// Reads a document and writes it in every format; a refusal must be one sentence.
fn show(document: &Value, at: &str) {
    let bytes = serde_json::to_vec(document).expect("JSON");
    let experiment = match document_file::read(&bytes, "runs.json") {
        Ok(experiment) => experiment,
        Err(error) => return assert!(error.to_string().lines().count() == 1, "{at}: {error}"),
    };
    for exporter in EXPORTERS.iter().filter(|it| !it.extensions()[0].ends_with("png")) {
        if let Err(error) = exporter.export(&experiment, &ExportOptions::default()) {
            assert_eq!(error.to_string().lines().count(), 1, "{at}: {error}");
        }
    }
}

/// The part that runs with little memory.
#[test]
fn hostile_documents_are_shown_or_refused_inner() {
    let Some(path) = std::env::var_os(DOCUMENTS).map(PathBuf::from) else { return };
    let text = fs::read(&path).expect("a document");
    let document: Value = serde_json::from_slice(&text).expect("JSON");
    let mut paths = Vec::new();
    numbers(&document, "", &mut paths);
    assert!(paths.len() > 30, "{paths:?}");
    let mut bad = Vec::new();
    for path in paths {
        for extreme in extremes() {
            let mut document = document.clone();
            *document.pointer_mut(&path).expect("a number") = extreme.clone();
            if bad.len() > 50 {
                break;
            }
            let at = format!("{path} = {extreme}");
            // After an abort nothing else can be printed.
            eprintln!("{at}");
            if std::panic::catch_unwind(|| show(&document, &at)).is_err() {
                bad.push(at);
            }
        }
    }
    assert!(bad.is_empty(), "panics at {} numbers: {bad:#?}", bad.len());
}

fn survive(document: &Value) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("runs.json");
    fs::write(&path, serde_json::to_vec(document).expect("JSON")).expect("written");
    let this = std::env::current_exe().expect("the test program");
    let inner = format!(
        "ulimit -v {MOST_KIB}; exec '{}' --exact hostile::hostile_documents_are_shown_or_refused_inner --nocapture",
        this.display()
    );
    let log = folder.path().join("log");
    let mut child = Command::new("sh")
        .args(["-c", &inner])
        .env(DOCUMENTS, &path)
        .stdout(std::process::Stdio::null())
        .stderr(fs::File::create(&log).expect("a file"))
        .spawn()
        .expect("it starts");
    let start = Instant::now();
    let status = loop {
        match child.try_wait().expect("it can be waited for") {
            Some(status) => break status,
            None if start.elapsed() > Duration::from_secs(600) => {
                child.kill().expect("it can be ended");
                break child.wait().expect("it ends");
            }
            None => std::thread::sleep(Duration::from_millis(20)),
        }
    };
    let said = fs::read_to_string(&log).unwrap_or_default();
    let lines: Vec<_> = said.lines().collect();
    assert!(status.success(), "{status}\n{}", lines[lines.len().saturating_sub(30)..].join("\n"));
}

/// A document as Spawnscope writes it, cut to a few executions.
fn document(task: &str, args: &str, words: &[&str]) -> Value {
    let folder = Folder::new();
    folder.write("plan.toml", plan(task, args));
    let words = [&[words[0], "plan.toml", "--json"], &words[1..]].concat();
    folder.run(&words).json()
}

#[test]
fn a_document_of_any_number_is_shown_or_refused() {
    survive(&short(document(
        "duty-cycle",
        "args = { seconds = 0.15 }\ncount = 2",
        &["compare", "--modes", "threads,processes", "--repeat", "3"],
    )));
}

#[test]
fn a_sweep_of_any_number_is_shown_or_refused() {
    let words = ["sweep", "--sweep", "primes.limit=1000,2000", "--modes", "threads,processes", "--repeat", "2"];
    survive(&short(document("primes", "args = { limit = 1000 }\ncount = 2", &words)));
}

/// A run in which only stamps are measured.
#[test]
fn stamps_of_any_number_are_shown_or_refused() {
    let words = ["compare", "--modes", "threads,processes", "--repeat", "2", "--measure", "stamps"];
    survive(&short(document("primes", "args = { limit = 1000 }\ncount = 2", &words)));
}

/// Executions that waited, for the GIL and for the loop; that left processes behind; and that crashed: the subjects of
/// findings.
#[test]
fn findings_of_any_number_are_shown_or_refused() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/data/findings");
    for name in ["crash.json", "python-asyncio.json", "python-gil.json"] {
        let text = fs::read(folder.join(name)).expect(name);
        survive(&short(serde_json::from_slice(&text).expect("JSON")));
    }
}

/// Shortens long lists of a document: their members are equally useful.
fn short(mut document: Value) -> Value {
    let runs = document["runs"].as_array_mut().expect("runs");
    for run in runs {
        for list in ["cores", "alive", "other_slices", "profiles", "members"] {
            if let Some(list) = run[list].as_array_mut() {
                list.truncate(2);
            }
        }
        for execution in run["executions"].as_array_mut().expect("executions") {
            if let Some(list) = execution["slices"].as_array_mut() {
                list.truncate(2);
            }
        }
    }
    document
}

#[test]
fn what_is_no_document_ends_with_a_sentence() {
    let folder = Folder::new();
    let fifo = Command::new("mkfifo").arg(folder.path("fifo.json")).status().expect("mkfifo");
    assert!(fifo.success());
    fs::File::create(folder.path("sparse.json")).and_then(|file| file.set_len(10 << 30)).expect("a sparse file");
    fs::File::create(folder.path("zeros.json")).and_then(|file| file.set_len(1 << 30)).expect("a sparse file");
    folder.write("deep.json", "[".repeat(200_000));
    folder.write("deeper.json", format!("{}{}", "{\"schema\":".repeat(200_000), "}".repeat(200_000)));
    fs::create_dir(folder.path("folder.json")).expect("a folder");
    for name in ["/dev/zero", "fifo.json", "sparse.json", "zeros.json", "deep.json", "deeper.json", "folder.json"] {
        let inner = format!("ulimit -v 2000000; exec '{}' export '{name}' out.csv", env!("CARGO_BIN_EXE_spawnscope"));
        let mut command = Command::new("sh");
        command.args(["-c", &inner]).current_dir(folder.path("."));
        let said: crate::support::Said = command.output().expect("it starts").into();
        assert!(said.refusal().contains(name), "{said:?}");
    }
    for name in ["/dev/zero", "fifo.json", "folder.json"] {
        assert!(folder.run(&["check", name]).refusal().contains(name));
    }
}

/// A name with characters that are special to a terminal, a spreadsheet, a page or a picture.
const NAME: &str = "=1+1\u{1b}[31m\u{9b}2J<script>&\"'`|x|`\u{202e}\u{7}";

#[test]
fn names_are_text_wherever_they_come_out() {
    let folder = Folder::new();
    let name = serde_json::to_string(NAME).expect("TOML has the same escapes");
    let program = "args = [\"-c\", \"printf '\\\\033[31m=cmd\\\\n' >&2; exit 3\"]";
    folder.write(
        "plan.toml",
        plan("program:sh", &format!("name = {name}\n{program}"))
            .replace("[run]", &format!("name = {name}\n[run]\nmode = \"processes\"")),
    );
    let is_harmful = |letter: char| (letter.is_control() && letter != '\n' && letter != '\t') || letter == '\u{202e}';
    let files = ["runs.json", "a.csv", "a.svg", "a.md", "a.findings.svg", "a.findings.csv", "a.waterfall.csv"];
    let export: Vec<&str> = files.iter().flat_map(|file| ["--export", file]).collect();
    for words in [&["check", "plan.toml"][..], &[&["run", "plan.toml", "--mode", "processes"], &export[..]].concat()] {
        let said = folder.run(words);
        assert!(said.status < 2, "{said:?}");
        for text in [&said.stdout, &said.stderr] {
            assert!(!text.contains(is_harmful), "{words:?}: {text:?}");
        }
    }
    let said = folder.run(&["run", "plan.toml", "--mode", "processes", "--json"]);
    assert!(!said.stdout.contains(is_harmful) && said.json()["plan"]["name"] == NAME, "{said:?}");
    let read = |name: &str| fs::read_to_string(folder.path(name)).expect(name);
    let table = read("a.csv");
    assert!(table.contains("'=1+1") && !table.contains(",=1+1") && !table.contains(",\"=1+1"), "{table}");
    for page in ["a.svg", "a.md", "a.findings.svg"] {
        let text = read(page);
        assert!(!text.contains(|letter: char| letter.is_control() && letter != '\n'), "{page}");
        // In Markdown a name is code between fences that it does not contain, or escaped: `export::markdown` tests
        // that.
        assert!(page == "a.md" || !text.contains("<script"), "{page}");
    }
}
