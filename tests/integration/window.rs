//! The real window, driven by mouse and keys as a person would.

use crate::support::required;
use crate::turn::Turn;
use crate::xvfb::{self, Screen, Window};
use std::{cell::RefCell, fs::File, io::BufReader, path::Path};

/// A picture's pixels.
struct Picture {
    bytes: Vec<u8>,
    width: usize,
    /// Bytes of a pixel, three or four.
    samples: usize,
}

impl Picture {
    fn read(path: &Path) -> Self {
        let mut reader =
            png::Decoder::new(BufReader::new(File::open(path).expect("the picture"))).read_info().expect("a PNG");
        let mut bytes = vec![0; reader.output_buffer_size().expect("a size")];
        let info = reader.next_frame(&mut bytes).expect("a picture");
        Self { bytes, width: info.width as usize, samples: info.color_type.samples() }
    }

    /// A picture of the screen as it is now.
    fn of(screen: &Screen, folder: &Path) -> Self {
        let path = folder.join("screen.png");
        screen.picture(&path);
        Self::read(&path)
    }

    fn pixels(&self) -> impl Iterator<Item = &[u8]> {
        self.bytes.chunks_exact(self.samples).map(|pixel| &pixel[..3])
    }

    /// How many pixels have exactly this colour.
    fn count(&self, rgb: [u8; 3]) -> usize {
        self.pixels().filter(|pixel| **pixel == rgb).count()
    }

    /// The middle of the longest line in this colour.
    fn middle_of(&self, rgb: [u8; 3]) -> (u32, u32) {
        let (mut longest, mut length) = ((0, 0), 0);
        for (at, pixel) in self.pixels().enumerate() {
            length = if *pixel == rgb && at % self.width > 0 { length + 1 } else { 0 };
            longest = longest.max((length, at));
        }
        let middle = longest.1 - longest.0 / 2;
        ((middle % self.width) as u32, (middle / self.width) as u32)
    }

    /// The rectangle in which it differs from another picture of the same size: left, top, right, bottom. Lines and
    /// columns with few different pixels are ignored. None if nothing differs.
    fn changed_from(&self, before: &Self) -> Option<[u32; 4]> {
        const FEW: usize = 12;
        let mut columns = vec![0; self.width];
        let mut rows = vec![0; self.bytes.len() / self.samples / self.width];
        for (at, (now, then)) in self.pixels().zip(before.pixels()).enumerate() {
            columns[at % self.width] += usize::from(now != then);
            rows[at / self.width] += usize::from(now != then);
        }
        let ends = |counts: &[usize]| {
            let first = counts.iter().position(|count| *count > FEW)?;
            Some((first as u32, counts.iter().rposition(|count| *count > FEW)? as u32))
        };
        let ((left, right), (top, bottom)) = (ends(&columns)?, ends(&rows)?);
        Some([left, top, right, bottom])
    }
}

/// A picture of the screen once it no longer changes.
fn steady(screen: &Screen, window: &Window<'_>, folder: &Path) -> Picture {
    let last = RefCell::new(Picture::of(screen, folder));
    window.wait_for("a picture that stays", || {
        let now = Picture::of(screen, folder);
        let stays = now.changed_from(&last.borrow()).is_none();
        last.replace(now);
        stays
    });
    last.into_inner()
}

/// Whether a PNG exists and is complete.
fn is_png(path: &Path) -> bool {
    std::fs::read(path).is_ok_and(|bytes| bytes.starts_with(b"\x89PNG") && bytes.ends_with(b"IEND\xAEB\x60\x82"))
}

/// The colour of a sleeping execution.
const ASLEEP: [u8; 3] = [0x56, 0xB4, 0xE9];

#[test]
fn a_person_adds_a_task_compares_reads_the_verdict_and_exports_a_chart() {
    let _turn = Turn::beside();
    if let Some(why) = xvfb::missing() {
        required::<()>(&why);
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

    // The list of targets has the keyboard focus once it is open.
    window.until_so(
        "a task is added",
        |title| title.starts_with('•'),
        || {
            window.key("ctrl+t");
            window.write("sleep");
            window.key("Return");
        },
    );
    window.key("F6");
    window.wait_for_title("the verdict", |title| title.contains(" – done"));

    let seen = steady(&screen, &window, folder.path());
    // The bars of two timelines, nearly all of which are asleep.
    assert!(seen.count(ASLEEP) > 2_000, "the timelines are blank");
    // A click on a bar shows its execution in the inspector, at the right edge.
    let (x, y) = seen.middle_of(ASLEEP);
    window.until_so(
        "the inspector shows the execution",
        |_| Picture::of(&screen, folder.path()).changed_from(&seen).is_some_and(|[.., right, _]| right > 1_100),
        || window.click(x, y),
    );

    let chart = folder.path().join("by-hand.png");
    window.until_so(
        "the chart is written",
        |_| is_png(&chart),
        || {
            // Closes what an earlier try left open, and rests the pointer where no tooltip appears: the only change
            // after this is the dialog.
            window.key("Escape");
            window.rest();
            let before = steady(&screen, &window, folder.path());
            let shown = |_: &str| Picture::of(&screen, folder.path()).changed_from(&before).is_some();
            window.until_so("the dialog", shown, || window.key("ctrl+e"));
            let dialog = steady(&screen, &window, folder.path()).changed_from(&before).expect("it changed");
            press_save(&window, dialog, || is_png(&chart));
        },
    );
    let drawn = Picture::read(&chart);
    assert!(drawn.count(ASLEEP) > drawn.width * 20, "the chart's timeline is blank");
}

/// Clicks the buttons at the foot of a dialog, line by line from below and each from the left, until `worked` holds:
/// Save stands before Cancel.
fn press_save(window: &Window<'_>, [left, top, right, bottom]: [u32; 4], worked: impl Fn() -> bool) {
    for y in (top..bottom).rev().step_by(12).take_while(|y| bottom - y < (bottom - top) / 3) {
        for x in (left..right).step_by(24) {
            window.click(x, y);
            if worked() {
                return;
            }
        }
    }
}
