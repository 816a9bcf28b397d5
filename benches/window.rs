//! What the window costs a run: 200 tasks of about 10 ms, two in flight, with the window and without it.
//!
//! `cargo bench --bench window`, on a machine with Xvfb and xdotool. Repeats are interleaved; the figure is the ratio of the
//! median makespans, with the host's share of the machine beside it.

#[path = "../tests/integration/xvfb.rs"]
#[allow(dead_code)]
mod xvfb;

use serde_json::Value;
use std::{
    fs,
    path::Path,
    process::{Command, Stdio},
};

const REPEATS: usize = 11;
const PLAN: &str = "schema = 1\nname = \"Ten ms\"\n[run]\nmode = \"threads\"\nworkers = 2\nrepeat = 1\nwarmup = 0\n\
                    [[task]]\ntarget = \"primes\"\nargs = { limit = 380000 }\ncount = 200\n";

fn main() {
    if let Some(why) = xvfb::missing() {
        println!("skipped: {why}");
        return;
    }
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("plan.toml"), PLAN).expect("written");
    let mut screen = xvfb::Screen::start(1280, 800);
    // Each look at the screen takes a process and a frame of the X server, so none may fall into the run.
    screen.look_every = std::time::Duration::from_secs(3);
    let (mut headless, mut windowed) = (Vec::new(), Vec::new());
    for _ in 0..REPEATS {
        headless.push(in_terminal(folder.path()));
        windowed.push(in_window(&screen, folder.path()));
    }
    let [alone, with] = [headless.clone(), windowed.clone()].map(|runs| median(runs.iter().map(|run| run.0).collect()));
    let [share_alone, share_with] = [headless, windowed].map(|runs| median(runs.iter().map(|run| run.1).collect()));
    println!("200 tasks of about 10 ms, 2 in flight, medians of {REPEATS} interleaved repeats");
    println!("headless     {alone:>9.1} ms, host {:.2} % of the machine", share_alone * 100.0);
    println!("with window  {with:>9.1} ms, host {:.2} % of the machine", share_with * 100.0);
    println!("ratio        {:>9.4}", with / alone);
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// Makespan in milliseconds, and the host's share, of a document's only run.
fn figures(document: &[u8]) -> (f64, f64) {
    let document: Value = serde_json::from_slice(document).expect("a document");
    let run = &document["runs"][0];
    let makespan = run["makespan_ns"].as_f64().expect("complete") / 1e6;
    (makespan, run["end"]["host_share"].as_f64().expect("measured"))
}

fn in_terminal(folder: &Path) -> (f64, f64) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_spawnscope"));
    command.args(["run", "plan.toml", "--json"]).current_dir(folder).stderr(Stdio::null());
    figures(&command.output().expect("it runs").stdout)
}

fn in_window(screen: &xvfb::Screen, folder: &Path) -> (f64, f64) {
    let file = folder.join("seen.json");
    let _ = fs::remove_file(&file);
    let window = screen.open(Path::new(env!("CARGO_BIN_EXE_spawnscope")), folder, &["plan.toml"]);
    window.wait_for_title("the window", |title| title == "plan.toml – Spawnscope");
    window.focus();
    window.until_so("a run", |title| title.contains(" – done"), || window.key("F5"));
    let whole = |bytes: &[u8]| serde_json::from_slice::<Value>(bytes).is_ok();
    window.until_so(
        "an export",
        |_| fs::read(&file).is_ok_and(|bytes| whole(&bytes)),
        || {
            // The dialog's field for the name, then its Save button.
            window.key("ctrl+e");
            window.click(600, 515);
            window.key("ctrl+a");
            window.write("seen.json");
            window.click(810, 551);
        },
    );
    figures(&fs::read(&file).expect("exported"))
}
