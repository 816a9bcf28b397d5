//! The real window, driven by mouse and keys as a person would.

use crate::turn::Turn;
use crate::xvfb::{self, Screen};
use std::{fs::File, io::BufReader, path::Path};

/// The file's pixels, three or four bytes each, with width and bytes a pixel.
fn pixels(path: &Path) -> (Vec<u8>, usize, usize) {
    let mut reader =
        png::Decoder::new(BufReader::new(File::open(path).expect("the picture"))).read_info().expect("a PNG");
    let mut bytes = vec![0; reader.output_buffer_size().expect("a size")];
    let info = reader.next_frame(&mut bytes).expect("a picture");
    (bytes, info.width as usize, info.color_type.samples())
}

/// How many pixels have exactly this colour.
fn count((bytes, _, samples): &(Vec<u8>, usize, usize), rgb: [u8; 3]) -> usize {
    bytes.chunks_exact(*samples).filter(|pixel| pixel[..3] == rgb).count()
}

/// Whether a PNG is there and whole.
fn is_png(path: &Path) -> bool {
    std::fs::read(path).is_ok_and(|bytes| bytes.starts_with(b"\x89PNG") && bytes.ends_with(b"IEND\xAEB\x60\x82"))
}

/// The colour of a sleep.
const ASLEEP: [u8; 3] = [0x56, 0xB4, 0xE9];

#[test]
fn a_person_adds_a_task_compares_reads_the_verdict_and_exports_a_chart() {
    let _turn = Turn::beside();
    if !xvfb::available() {
        return;
    }
    let folder = tempfile::tempdir().expect("a folder");
    let plan = "schema = 1\nname = \"By hand\"\n[run]\nrepeat = 6\nwarmup = 0\n[[task]]\ntarget = \"primes\"\n\
                args = { limit = 200000 }\n";
    std::fs::write(folder.path().join("plan.toml"), plan).expect("written");
    let screen = Screen::start(1280, 800);
    let window = screen.open(Path::new(env!("CARGO_BIN_EXE_spawnscope")), folder.path(), &["plan.toml"]);
    window.wait_for_title("the window", |title| title == "plan.toml – Spawnscope");
    window.focus();

    // The Add button is at the foot of the list of tasks, at the left edge; the list of targets then has the keyboard.
    window.until_so(
        "a task is added",
        |title| title.starts_with('•'),
        || {
            window.click(41, 203);
            window.write("sleep");
            window.key("Return");
        },
    );
    window.key("F6");
    window.wait_for_title("the verdict", |title| title.contains(" – done"));

    let shot = folder.path().join("screen.png");
    screen.picture(&shot);
    let seen = pixels(&shot);
    // The bars of two timelines, nearly all of them asleep.
    assert!(count(&seen, ASLEEP) > 2_000, "the timelines are blank");

    let chart = folder.path().join("by-hand.png");
    window.until_so(
        "the chart is written",
        |_| is_png(&chart),
        || {
            window.key("ctrl+e");
            // The dialog is in the middle of the window, and this is its Save button.
            window.click(810, 551);
        },
    );
    let drawn = pixels(&chart);
    assert!(count(&drawn, ASLEEP) > drawn.1 * 20, "the chart's timeline is blank");
}
