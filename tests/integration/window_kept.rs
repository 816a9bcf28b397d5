//! Unsaved work survives the real window, however the window ends.

use crate::support::required;
use crate::turn::Turn;
use crate::xvfb::{self, Screen, Window};
use std::{
    fs,
    path::{Path, PathBuf},
};

const PLAN: &str = "schema = 1\n# Mine\nname = \"Kept\"\n[run]\nrepeat = 2 # few\nwarmup = 0\n\n[[task]]\ntarget = \"sleep\"\n\
                    args = { seconds = 0.01 } # short\n";

/// The files that the window keeps in one of its folders.
fn kept(folder: &Path, of: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder.join("state/spawnscope").join(of)).into_iter().flatten();
    let files = entries.map(|entry| entry.expect("an entry").path());
    files.filter(|path| path.extension().is_some_and(|extension| extension == "json")).collect()
}

fn open<'a>(screen: &'a Screen, folder: &Path, args: &[&str]) -> Window<'a> {
    let window = screen.open(Path::new(env!("CARGO_BIN_EXE_spawnscope")), folder, args);
    window.wait_for_title("the window", |title| title.contains("plan.toml – Spawnscope"));
    window.focus();
    window
}

#[test]
fn unsaved_changes_and_results_outlive_a_window_that_is_killed() {
    let _turn = Turn::beside();
    if let Some(why) = xvfb::missing() {
        required::<()>(&why);
        return;
    }
    let folder = tempfile::tempdir().expect("a folder");
    let plan = folder.path().join("plan.toml");
    fs::write(&plan, PLAN).expect("written");
    let screen = Screen::start(900, 600);
    let window = open(&screen, folder.path(), &["plan.toml"]);
    window.until_so("a run ends", |title| title.contains(" – done"), || window.key("F5"));
    window.wait_for("its result is kept", || !kept(folder.path(), "results").is_empty());
    window.until_so(
        "a task is added",
        |title| title.starts_with('•'),
        || {
            window.key("ctrl+d");
        },
    );
    window.wait_for("the change is kept", || !kept(folder.path(), "unsaved").is_empty());
    for file in kept(folder.path(), "unsaved").iter().chain(&kept(folder.path(), "results")) {
        use std::os::unix::fs::PermissionsExt;
        let mode = fs::metadata(file).expect("there").permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{}", file.display());
    }
    // Dropping it kills it (SIGKILL).
    drop(window);
    assert_eq!(fs::read_to_string(&plan).expect("readable"), PLAN);

    let window = open(&screen, folder.path(), &[]);
    window.wait_for_title("the change is back", |title| title.starts_with('•'));
    let saved = || fs::read_to_string(&plan).expect("readable");
    window.until_so("it is saved", |title| !title.starts_with('•'), || window.key("ctrl+s"));
    assert!(saved().starts_with(PLAN.trim_end()), "what was there stays: {}", saved());
    assert_eq!(saved().matches("[[task]]").count(), 2);
    window.wait_for("nothing unsaved is kept", || kept(folder.path(), "unsaved").is_empty());
    let document = fs::read_to_string(&kept(folder.path(), "results")[0]).expect("readable");
    assert!(document.contains("spawnscope.experiment/1"));
}
