//! Streams that accept nothing: full, closed, or without a reader. If measurements are lost, the status is not 0.

use crate::support::{Folder, Said, command, plan};
use std::{
    fs::File,
    path::Path,
    process::{Command, Stdio},
};

const FULL: &str = "it is full";
const CLOSED: &str = "it was closed";
const NO_READER: &str = "its reader has gone away";

fn full() -> File {
    File::options().write(true).open("/dev/full").expect("/dev/full")
}

/// The program, started by a shell that closes or redirects its streams.
fn redirected(folder: &Folder, redirection: &str, arguments: &[&str]) -> Said {
    let mut shell = Command::new("sh");
    shell.args(["-c", &format!("exec \"$@\" {redirection}"), "sh"]);
    shell.arg(command(Path::new("/")).get_program()).args(arguments).current_dir(folder.path(""));
    shell.env_remove("DISPLAY").env_remove("WAYLAND_DISPLAY").output().expect("it starts").into()
}

fn folder() -> Folder {
    let folder = Folder::new();
    folder.write("p.toml", plan("primes", "args = { limit = 10 }\ncount = 2"));
    let said = folder.run(&["run", "p.toml", "--export", "runs.json"]);
    assert_eq!(said.status, 0, "{said:?}");
    folder
}

#[test]
fn whoever_can_not_be_answered_on_stdout_is_told_on_stderr() {
    let folder = folder();
    for arguments in [
        &["run", "p.toml"][..],
        &["run", "p.toml", "--json"],
        &["run", "p.toml", "--export", "again.json", "--force"],
        &["compare", "p.toml", "--modes", "threads,processes", "--repeat", "1"],
        &["sweep", "p.toml", "--workers", "1..2"],
        &["p.toml"],
        &["runs.json"],
        &["export", "runs.json", "again.csv", "--force"],
        &["check", "p.toml"],
        &["targets"],
        &["targets", "--json"],
        &["new"],
        &["--help"],
        &["--version"],
    ] {
        let said: Said =
            folder.command(arguments).stdout(full()).stderr(Stdio::piped()).output().expect("starts").into();
        refuses(&said, FULL, arguments);
        refuses(&redirected(&folder, ">&-", arguments), CLOSED, arguments);
    }
}

fn refuses(said: &Said, why: &str, arguments: &[&str]) {
    assert_eq!((said.status, said.stdout.as_str()), (2, ""), "{arguments:?}: {said:?}");
    let last = said.stderr.lines().last().unwrap_or_default();
    assert!(
        last.starts_with("spawnscope: stdout can't be written to: ") && last.contains(why),
        "{arguments:?}: {said:?}"
    );
}

#[test]
fn a_report_whose_reader_goes_away_is_lost_and_says_so() {
    let folder = folder();
    for arguments in [&["run", "p.toml", "--export", "again.json", "--force"][..], &["run", "p.toml", "--json"]] {
        let (reader, writer) = std::io::pipe().expect("a pipe");
        drop(reader);
        let said = folder.command(arguments).stdout(writer).stderr(Stdio::piped()).output().expect("starts").into();
        refuses(&said, NO_READER, arguments);
    }
    let exported = std::fs::read_to_string(folder.path("again.json")).expect("the file was written all the same");
    assert!(exported.contains("spawnscope.experiment/1"));
}

#[test]
fn words_that_stderr_does_not_take_are_no_panic() {
    let folder = folder();
    let with_full_stderr = |arguments: &[&str]| -> Said {
        folder.command(arguments).stdout(Stdio::piped()).stderr(full()).output().expect("starts").into()
    };
    for arguments in
        [&["run", "none.toml"][..], &["run", "--wokers", "2"], &["check", "none.toml"], &["export", "none"]]
    {
        assert_eq!(with_full_stderr(arguments).status, 2, "{arguments:?}");
        assert_eq!(redirected(&folder, "2>&-", arguments).status, 2, "{arguments:?}");
    }
    // The document is complete; the text for people is lost.
    let said = with_full_stderr(&["run", "p.toml", "--json"]);
    assert_eq!((said.status, said.json()["runs"].as_array().map(Vec::len)), (2, Some(1)));
    assert_eq!(with_full_stderr(&["run", "p.toml"]).status, 0, "nothing was to be said on stderr");
    let log =
        folder.command(&["run", "p.toml"]).env("SPAWNSCOPE_LOG", "trace").stderr(full()).output().expect("starts");
    assert_eq!(log.status.code(), Some(0));
}

#[test]
fn with_every_stream_closed_no_file_gets_the_words() {
    let folder = folder();
    let said =
        redirected(&folder, "<&- >&- 2>&-", &["run", "p.toml", "--export", "again.json", "--export", "again.csv"]);
    assert_eq!(said.status, 2, "{said:?}");
    let document = std::fs::read(folder.path("again.json")).expect("written");
    let document: serde_json::Value = serde_json::from_slice(&document).expect("nothing but a document");
    assert_eq!(document["runs"][0]["executions"].as_array().map(Vec::len), Some(2));
    assert!(!std::fs::read_to_string(folder.path("again.csv")).expect("written").contains("Wrote"));
    let said = redirected(&folder, "<&- >/dev/full 2>/dev/full", &["run", "p.toml"]);
    assert_eq!(said.status, 2, "{said:?}");
}
