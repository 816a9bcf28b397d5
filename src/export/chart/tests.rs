//! What a reader of the chart relies on.

mod marks;
mod slices;

use super::{paint::hex, *};
use crate::{ChartTheme, for_path};
use insight::testing::Builder;
use model::{
    BlockedOn,
    LaunchMode::{Asyncio, Processes, Sequential, ThreadPool, Threads},
    MainKind, MainMark, Run, State,
};
use roxmltree::Document;
use scene::palette;
use std::path::Path;

fn two() -> Experiment {
    Builder::compare("Count primes").makespans(Threads, &[1.84; 7]).makespans(Processes, &[0.93; 7]).build()
}

fn draw(experiment: &Experiment) -> String {
    svg(experiment, &ExportOptions::default(), Fonts::Embedded).expect("a chart")
}

fn of_class<'a>(document: &'a Document, class: &str) -> Vec<roxmltree::Node<'a, 'a>> {
    document.descendants().filter(|node| node.attribute("class") == Some(class)).collect()
}

fn texts(document: &Document) -> String {
    let texts = document.descendants().filter(|node| node.has_tag_name("text"));
    texts.filter_map(|node| node.text()).collect::<Vec<_>>().join("\n")
}

#[test]
fn a_comparison_has_two_panels_with_all_executions_and_one_axis() {
    let text = draw(&two());
    let document = Document::parse(&text).expect("XML");
    assert_eq!((of_class(&document, "panel").len(), of_class(&document, "axis").len()), (2, 1));
    let executions = of_class(&document, "execution");
    assert_eq!(executions.len(), 8);
    for execution in executions {
        let told = execution.first_element_child().and_then(|title| title.text()).unwrap_or_default();
        assert!(["launching", "in the target", "to be joined"].iter().all(|phase| told.contains(phase)), "{told}");
    }
    let green = hex(palette::GREEN);
    let bars = of_class(&document, "state").into_iter().filter(|bars| bars.attribute("stroke") == Some(&green));
    assert_eq!(bars.map(|bars| bars.attribute("d").unwrap_or_default().matches('h').count()).sum::<usize>(), 8);
    assert_eq!((of_class(&document, "core").len(), of_class(&document, "own").len()), (4, 4));
    let texts = texts(&document);
    for expected in [
        "Count primes",
        "THREADS",
        "1.84 s ± 0.00",
        "repeat 1 of 7",
        "faster than threads",
        "machine (estimate)",
        "this run, from its CPU clocks",
        "Spawnscope 0.1.0",
    ] {
        assert!(texts.contains(expected), "{expected} is not in {texts}");
    }
}

#[test]
fn both_panels_have_the_same_scale() {
    let text = draw(&two());
    let document = Document::parse(&text).expect("XML");
    let width = |panel: usize| {
        let rects = of_class(&document, "panel")[panel].descendants().filter(|node| node.has_tag_name("rect"));
        let right = |node: roxmltree::Node| {
            let number = |name| node.attribute(name).and_then(|text| text.parse::<f64>().ok()).unwrap_or(0.0);
            number("x") + number("width") - MARGIN - GUTTER
        };
        rects
            .filter(|node| node.parent().is_some_and(|p| p.attribute("class") == Some("execution")))
            .map(right)
            .fold(0.0, f64::max)
    };
    assert!((width(0) / width(1) - 1.84 / 0.93).abs() < 0.01, "{} {}", width(0), width(1));
}

#[test]
fn ten_thousand_executions_stay_small() {
    for lanes in [2, 200, 10_000] {
        let experiment = Builder::compare("many").executions(10_000, lanes).makespans(Processes, &[5.2]).build();
        let text = draw(&experiment);
        assert!(text.len() < 900_000, "{lanes} lanes: {} bytes", text.len());
        Document::parse(&text).expect("XML");
    }
}

#[test]
fn what_failed_is_crossed_and_said() {
    let experiment = Builder::compare("crash").crash(Threads, 1).crash(Processes, 1).build();
    let text = draw(&experiment);
    let document = Document::parse(&text).expect("XML");
    assert!(of_class(&document, "failed").len() >= 3);
    let texts = texts(&document);
    assert!(texts.contains("cut short at 400 ms") && texts.contains("4 of 4 executions did not succeed"), "{texts}");
    assert!(texts.contains("Nothing to compare"), "{texts}");
}

#[test]
fn names_cannot_break_the_picture() {
    let name = "<&\"]]>\u{0}\u{1b}[31m ".repeat(40);
    let experiment = Builder::compare(&name).without_samples().makespans(Threads, &[0.01]).build();
    let text = draw(&experiment);
    let document = Document::parse(&text).expect("XML");
    assert!(texts(&document).contains("no samples were taken"));
}

#[test]
fn no_runs_are_an_error_with_its_mend() {
    let sentence =
        svg(&Builder::compare("t").build(), &ExportOptions::default(), Fonts::Named).expect_err("empty").to_string();
    assert_eq!(sentence, "there is no run to draw yet; run or compare the plan first");
}

#[test]
fn the_asked_repeat_is_shown() {
    let experiment = Builder::compare("t").makespans(Threads, &[1.0, 2.0, 3.0]).build();
    let options = ExportOptions { repeats: vec![(experiment.compared[0], 2)], ..ExportOptions::default() };
    let default = svg(&experiment, &ExportOptions::default(), Fonts::Named).expect("a chart");
    assert!(default.contains("repeat 2 of 3"));
    assert!(svg(&experiment, &options, Fonts::Named).expect("a chart").contains("repeat 3 of 3"));
}

#[test]
fn a_png_has_its_size_and_a_timeline_that_is_not_blank() {
    let exporter = for_path(Path::new("chart.png")).expect("a format");
    for theme in [ChartTheme::Light, ChartTheme::Dark] {
        let options = ExportOptions { theme, width_px: 800, scale: 1.0, ..ExportOptions::default() };
        let bytes = exporter.export(&two(), &options).expect("a picture");
        let mut reader = png::Decoder::new(std::io::Cursor::new(bytes)).read_info().expect("a PNG");
        let mut pixels = vec![0; reader.output_buffer_size().expect("a size")];
        let info = reader.next_frame(&mut pixels).expect("pixels");
        assert_eq!(info.width, 800);
        let green = pixels.chunks(4).filter(|pixel| pixel[..3] == scene::palette::GREEN).count();
        assert!(green > 800 * 20, "{green} pixels in the target");
        let inks = pixels[..800 * 4 * 80].chunks(4).filter(|pixel| *pixel != &pixels[..4]).count();
        assert!(inks > 1_000, "the title is drawn: {inks}");
    }
}

fn python() -> Builder {
    Builder::compare("Count down").python("python3.13").makespans(Threads, &[1.9; 3]).makespans(Processes, &[0.95; 3])
}

/// The area that a path's rectangles cover.
fn area(path: &str) -> f64 {
    let rects = path.split('M').skip(1).map(|rect| {
        let number = |after: char| {
            let text = &rect[rect.find(after).expect("a rectangle") + 1..];
            text[..text.find(|c: char| c.is_ascii_alphabetic()).unwrap_or(text.len())].parse::<f64>().expect("a number")
        };
        number('h') * number('v')
    });
    rects.sum()
}

#[test]
fn bars_of_what_was_looked_at_are_divided_and_the_gil_has_a_lane() {
    let text = draw(&python().build());
    let document = Document::parse(&text).expect("XML");
    let states = of_class(&document, "state");
    let colour = |state: State| hex(palette::state(state));
    let covered = |panel: usize, state: State| {
        let inside = of_class(&document, "panel")[panel];
        let paths = states.iter().filter(|node| node.ancestors().any(|parent| parent == inside));
        let paths = paths.filter(|node| node.attribute("fill") == Some(&colour(state)));
        paths.map(|node| area(node.attribute("d").expect("a path"))).sum::<f64>()
    };
    let gil = State::Blocked(BlockedOn::Gil);
    let share = |panel| covered(panel, gil) / (covered(panel, gil) + covered(panel, State::OnCpu));
    assert!((share(0) - 0.5).abs() < 0.01, "half of the threads' time is waiting: {}", share(0));
    assert_eq!(covered(1, gil), 0.0, "processes do not wait");
    assert_eq!(of_class(&document, "gil").len(), 1, "processes have no lock in common");
    assert_eq!(of_class(&document, "holder").len(), 2);
    assert_eq!(of_class(&document, "lane").len(), 2);
    let texts = texts(&document);
    for expected in ["GIL", "CPython 3.13.0", "waiting for the GIL", "on CPU", "sampled 100 × a second"] {
        assert!(texts.contains(expected), "{expected} is not in {texts}");
    }
    assert!(!texts.contains("in I/O") && !texts.contains("processes by thread"), "{texts}");
}

#[test]
fn what_the_launcher_did_can_be_read_on_hovering() {
    let again = |run: &mut Run| {
        let message = Some("RuntimeError: threads can only be started once".into());
        run.marks = vec![
            MainMark { from_ns: 60_000, to_ns: 61_000, kind: MainKind::StartAgain, execution: 0, message },
            MainMark { from_ns: 100_000, to_ns: 50_100_000, kind: MainKind::JoinTimeout, execution: 1, message: None },
        ];
        run.main = run.main_marks();
    };
    let experiment = python().change_last(again).build();
    let options = ExportOptions { repeats: vec![(experiment.compared[1], 2)], ..ExportOptions::default() };
    let text = svg(&experiment, &options, Fonts::Named).expect("a chart");
    let document = Document::parse(&text).expect("XML");
    let titles = document.descendants().filter(|node| node.has_tag_name("title")).filter_map(|node| node.text());
    let titles = titles.collect::<Vec<_>>().join("\n");
    for expected in [
        "start() of count_down #1: ",
        "join() of count_down #2: blocked ",
        "second start() of count_down #1: RuntimeError: threads can only be started once",
        "join(timeout) of count_down #2: returned after 50.0 ms",
        "in it: on CPU",
    ] {
        assert!(titles.contains(expected), "{expected} is not in {titles}");
    }
    assert_eq!(of_class(&document, "tick").len(), 2);
    assert!(texts(&document).contains("main: join with a timeout, second start"));
}

#[test]
fn who_was_left_running_has_a_sign_on_its_lane_and_in_the_legend() {
    let none = draw(&two());
    assert!(!none.contains("left-running") && !none.contains("left a process running"));
    let svg = draw(&insight::testing::left::experiment());
    let document = Document::parse(&svg).expect("well-formed");
    let signs = of_class(&document, "left-running");
    let told = |sign: &roxmltree::Node<'_, '_>| {
        let title = sign.children().find(|child| child.has_tag_name("title")).expect("a text on hovering");
        let path = sign.children().find(|child| child.has_tag_name("path")).expect("a sign");
        (title.text().expect("words").to_owned(), path.attribute("fill").expect("a colour").to_owned())
    };
    let told: Vec<_> = signs.iter().map(told).collect();
    assert_eq!(told.len(), 5, "four executions, and one of which nobody knows: {told:?}");
    let of = |part: &str| told.iter().find(|(text, _)| text.contains(part)).expect(part);
    let (text, colour) = of("process 4710");
    assert_eq!(
        text,
        "primes #1: sleep 600 (process 4710) was left running and held its stdout or stderr; SIGKILL ended it"
    );
    let (text, other) = of("process 99");
    assert!(text.starts_with("sleep 609") && colour != other, "{told:?}");
    assert!(texts(&document).contains("left a process running"));
}

#[test]
fn a_build_without_the_lock_says_so() {
    let free = |run: &mut Run| {
        let facts = run.interpreter_facts.as_mut().expect("it said");
        (facts.free_threaded, facts.gil_enabled) = (true, Some(false));
    };
    let experiment = Builder::compare("t").python("python3.14t").makespans(Threads, &[1.0]).change_last(free).build();
    let text = draw(&experiment);
    let document = Document::parse(&text).expect("XML");
    assert!(texts(&document).contains("no GIL: free-threaded build"));
    assert!(of_class(&document, "holder").is_empty());
}

#[test]
fn many_looked_at_stay_small() {
    for (executions, lanes) in [(20, 20), (10_000, 16)] {
        let builder = Builder::compare("many").executions(executions, lanes).python("python3");
        let text = draw(&builder.makespans(Threads, &[40.0]).build());
        assert!(text.len() < 3_000_000, "{executions} executions: {} bytes", text.len());
        assert!(text.contains("class=\"state\""));
    }
}

/// A chart as SVG.
pub(super) type Draw = fn(&Experiment, &ExportOptions, Fonts) -> Result<String, ExportError>;

/// Draws a chart in both themes, and checks what must hold for every chart. Where `SPAWNSCOPE_CHARTS` names a folder,
/// writes it there too, in these formats, for people to look at.
pub(super) fn drawn(draw: Draw, name: &str, experiment: &Experiment, width_px: u32, extensions: &[&str]) {
    for (suffix, theme) in [("light", ChartTheme::Light), ("dark", ChartTheme::Dark)] {
        let options = ExportOptions { theme, width_px, scale: 1.0, ..ExportOptions::default() };
        let text = draw(experiment, &options, Fonts::Named).expect("a chart");
        let document = Document::parse(&text).expect("XML");
        let size = |key: &str| document.root_element().attribute(key).and_then(|size| size.parse::<f64>().ok());
        assert_eq!(size("width"), Some(f64::from(width_px)), "{name}");
        assert!(!text.contains("NaN") && !text.contains("\"inf"), "{name}: a place that is no number");
        assert!(!texts(&document).trim().is_empty(), "{name} says nothing");
        for extension in extensions {
            let Some(folder) = std::env::var_os("SPAWNSCOPE_CHARTS") else { continue };
            let path = Path::new(&folder).join(format!("{name}-{suffix}.{extension}"));
            crate::write(&path, store::atomic::Existing::Replace, experiment, &options).expect("written");
        }
    }
}

/// `SPAWNSCOPE_CHARTS=folder cargo test --lib charts_of_every_kind` writes the charts.
#[test]
fn charts_of_every_kind_are_drawn_in_both_themes() {
    let secs = [1.84, 1.80, 1.90, 1.86, 1.83, 1.85, 1.81];
    let long = "A plan whose name goes on and on, as names of plans do when people put every parameter into them: limit = 3000000, workers = 2, and so forth until it ends";
    let many = |lanes| {
        Builder::compare("Many tiny tasks")
            .executions(10_000, lanes)
            .makespans(Threads, &[1.4; 6])
            .makespans(Processes, &[5.2; 6])
            .build()
    };
    let cases = [
        (
            "four",
            Builder::compare("Memory map lock").makespans(Threads, &secs).makespans(Processes, &[0.93; 7]).build(),
        ),
        ("one", Builder::compare(long).executions(1, 1).without_samples().makespans(Threads, &[0.000_4]).build()),
        ("many-2", many(2)),
        ("many-200", many(200)),
        ("many-10000", many(10_000)),
        (
            "lanes-24",
            Builder::compare("24 lanes")
                .executions(96, 24)
                .makespans(Threads, &[2.0; 3])
                .makespans(Processes, &[2.1; 3])
                .build(),
        ),
        ("left-running", insight::testing::left::experiment()),
        ("failed", Builder::compare("A crash").executions(8, 4).crash(Threads, 2).crash(Processes, 2).build()),
    ];
    let cores = |busy: f32| (0..64).map(|core| (busy * core as f32 / 40.0) % 1.0).collect();
    let mut wide =
        Builder::compare("Many cores, an end before its time").executions(48, 12).makespans(Threads, &[1.0]).build();
    wide.runs[0].cores.iter_mut().for_each(|sample| sample.busy = cores(0.7 + sample.from_ns as f32 / 2e9));
    wide.runs[0].executions[7].result = Some(5.into());
    wide.message = Some("stopped by the user".to_owned());
    let mut sweep = Builder::compare("A sweep");
    for lanes in [1, 2, 4] {
        sweep = sweep
            .executions(12, lanes)
            .makespans(Threads, &[2.0 / f64::from(lanes); 2])
            .makespans(Processes, &[2.2 / f64::from(lanes); 2]);
    }
    let all_states = |run: &mut Run| {
        for (turn, bin) in run.profiles.iter_mut().flat_map(|profile| profile.bins.iter_mut().enumerate()) {
            let shares =
                [[30, 10, 40, 0, 0, 20, 0, 0], [5, 0, 0, 40, 35, 0, 0, 20], [90, 0, 5, 0, 0, 0, 5, 0]][turn / 9 % 3];
            bin.in_state_ns = shares.map(|share| (bin.to_ns - bin.from_ns) * share / 100);
        }
        let message = Some("RuntimeError: threads can only be started once".into());
        run.marks = vec![
            MainMark { from_ns: 60_000, to_ns: 61_000, kind: MainKind::StartAgain, execution: 0, message },
            MainMark { from_ns: 100_000, to_ns: 90_000_000, kind: MainKind::JoinTimeout, execution: 1, message: None },
        ];
        run.main = run.main_marks();
    };
    let lanes = |executions, lanes, secs: f64| {
        Builder::compare("Python").executions(executions, lanes).python("python3.13").makespans(Threads, &[secs; 2])
    };
    let python = [
        ("python", python().makespans(Sequential, &[1.9; 3]).build()),
        ("python-states", lanes(4, 4, 1.2).makespans(ThreadPool, &[1.1]).change_last(all_states).build()),
        ("python-20", lanes(20, 20, 40.0).makespans(Processes, &[9.0]).build()),
        ("python-10000", lanes(10_000, 8, 12.0).makespans(Processes, &[9.0]).build()),
    ];
    let cases = cases.into_iter().chain([("wide", wide), ("sweep", sweep.build())]).chain(python);
    for (name, experiment) in cases {
        let complete = experiment.runs.iter().any(|run| run.succeeded());
        let extensions = ["waterfall.png", "png", "svg", "json", "launch.png", "md"];
        drawn(svg, name, &experiment, if name == "wide" { 760 } else { 1600 }, &extensions[usize::from(!complete)..]);
    }
}
