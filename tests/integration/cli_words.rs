//! Usage, lists and help.

use crate::support::Folder;
use std::process::Stdio;

#[test]
fn a_usage_error_is_one_line() {
    let folder = Folder::new();
    for (arguments, part) in [
        (&["run", "--wokers", "2"][..], "--workers"),
        (&["run", "--mode", "asyncoi"], "`asyncio`"),
        (&["run", "--repeat", "0"], "1..=10000"),
        (&["run", "--timeout", "never"], "60s"),
        (&["compare", "--modes", "threads"], "two modes"),
        (&["export"], "--help"),
        (&["comapre"], "`spawnscope compare`"),
        (&["check"], "PLAN"),
    ] {
        let said = folder.run(arguments);
        assert!(said.refusal().contains(part), "{arguments:?}: {said:?}");
    }
}

#[test]
fn targets_are_listed_for_people_and_for_scripts() {
    let folder = Folder::new();
    let list = folder.run(&["targets"]);
    let document = folder.run(&["targets", "--json"]).json();
    let targets = document["targets"].as_array().expect("a list");
    assert!(targets.len() >= 16);
    for target in targets {
        let name = target["name"].as_str().expect("a name");
        assert!(list.stdout.contains(&format!("  {name}: ")), "{name}");
        assert!(target["params"].as_array().expect("a list").iter().all(|param| !param["default"].is_null()), "{name}");
    }
}

#[test]
fn help_and_version_go_to_stdout() {
    let folder = Folder::new();
    for (arguments, part) in
        [(&["--help"][..], "compare"), (&["run", "--help"], "--workers"), (&["--version"], env!("CARGO_PKG_VERSION"))]
    {
        let said = folder.run(arguments);
        assert_eq!((said.status, said.stderr.as_str()), (0, ""));
        assert!(said.stdout.contains(part), "{said:?}");
    }
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let folder = Folder::new();
    let (reader, writer) = std::io::pipe().expect("a pipe");
    drop(reader);
    let said: crate::support::Said =
        folder.command(&["targets"]).stdout(writer).stderr(Stdio::piped()).output().expect("starts").into();
    assert_eq!((said.status, said.stderr.as_str()), (0, ""));
}
