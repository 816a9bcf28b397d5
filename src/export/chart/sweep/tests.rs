use super::*;
use insight::testing::Builder;
use model::{
    Experiment,
    LaunchMode::{Processes, Threads},
};
use roxmltree::Document;

/// Makespans that spread a little around `seconds`; their order depends on `seconds`.
fn around(seconds: f64) -> Vec<f64> {
    let shares = [-0.03, 0.01, 0.02, -0.01, 0.0, 0.03, -0.02, 0.015];
    let turned = (seconds * 1e6) as usize % shares.len();
    (0..shares.len()).map(|i| seconds * (1.0 + 2.0 * shares[(i * 3 + turned) % shares.len()])).collect()
}

fn over_workers() -> Experiment {
    let mut builder = Builder::compare("Matrix <product>").executions(8, 2).sweep("workers=1..6");
    for (workers, threads, processes) in
        [(1, 2.0, 2.1), (2, 1.3, 1.1), (3, 1.15, 0.8), (4, 1.2, 0.62), (5, 1.3, 0.6), (6, 1.42, 0.62)]
    {
        builder =
            builder.workers(workers).makespans(Threads, &around(threads)).makespans(Processes, &around(processes));
    }
    builder.build()
}

fn over_limit() -> Experiment {
    let mut builder = Builder::compare("Count primes").sweep("primes.limit=1e4..1e6:log5");
    for limit in [1e4, 31623.0, 1e5, 316228.0, 1e6] {
        let builder_at = builder.argument(limit).makespans(Threads, &around(limit * 1e-6));
        builder = builder_at.makespans(Processes, &around(0.04 + limit * 0.5e-6));
    }
    builder.build()
}

fn draw(experiment: &Experiment) -> String {
    svg(experiment, &ExportOptions::default(), Fonts::Named).expect("a chart")
}

fn of_class(document: &Document, class: &str) -> usize {
    document.descendants().filter(|node| node.attribute("class") == Some(class)).count()
}

fn texts(document: &Document) -> String {
    let texts = document.descendants().filter(|node| node.has_tag_name("text"));
    texts.filter_map(|node| node.text()).collect::<Vec<_>>().join("\n")
}

#[test]
fn a_sweep_over_workers_has_four_panels_with_points_bands_and_fits() {
    let text = draw(&over_workers());
    let document = Document::parse(&text).expect("XML");
    let counts = ["sweep-panel", "curve", "point", "band", "fit", "best", "ideal", "crossing"];
    assert_eq!(counts.map(|class| of_class(&document, class)), [4, 8, 48, 8, 16, 8, 2, 0]);
    let texts = texts(&document);
    for expected in [
        "Matrix <product>: a sweep over workers",
        "Threads are best at 3 workers",
        "Efficiency",
        "Universal Scalability Law",
        "contention 0.",
        "ideal",
        "T1 2.",
    ] {
        assert!(texts.contains(expected), "{expected} is not in {texts}");
    }
}

#[test]
fn a_sweep_over_an_argument_has_one_panel_and_the_crossing() {
    let text = draw(&over_limit());
    let document = Document::parse(&text).expect("XML");
    assert_eq!(["sweep-panel", "curve", "crossing", "fit"].map(|class| of_class(&document, class)), [1, 2, 1, 0]);
    let texts = texts(&document);
    for expected in
        ["Processes begin to pay from limit ", "100,000", "primes: limit", "Count primes: a sweep over limit"]
    {
        assert!(texts.contains(expected), "{expected} is not in {texts}");
    }
}

#[test]
fn a_gap_parts_the_line_and_is_told() {
    let builder = Builder::compare("t").sweep("workers=1..3").workers(1).makespans(Threads, &around(1.0));
    let builder = builder.workers(2).crash(Threads, 3).workers(3).makespans(Threads, &around(0.5));
    let text = draw(&builder.build());
    let document = Document::parse(&text).expect("XML");
    assert_eq!((of_class(&document, "point"), of_class(&document, "band")), (8, 0));
    assert!(texts(&document).contains("the curve has a gap there"));
}

#[test]
fn texts_of_a_panel_do_not_lie_over_each_other() {
    for (experiment, width) in [over_workers(), over_limit()].iter().flat_map(|e| [640, 1600, 4000].map(|w| (e, w))) {
        let options = ExportOptions { width_px: width, ..ExportOptions::default() };
        let text = svg(experiment, &options, Fonts::Named).expect("a chart");
        let document = Document::parse(&text).expect("XML");
        let boxes: Vec<_> = document.descendants().filter(|node| node.has_tag_name("text")).map(extent).collect();
        for (i, (a, first)) in boxes.iter().enumerate() {
            assert!(a[0] >= 0.0 && a[2] <= f64::from(width) + 1.0, "{first} leaves the picture of {width}: {a:?}");
            for (b, second) in &boxes[i + 1..] {
                let apart = a[2] <= b[0] || b[2] <= a[0] || a[3] <= b[1] || b[3] <= a[1];
                assert!(apart, "{first} and {second} overlap at width {width}: {a:?} {b:?}");
            }
        }
    }
}

/// The left, top, right and bottom edge of a text, and the text.
fn extent(node: roxmltree::Node) -> ([f64; 4], String) {
    let number = |name| node.attribute(name).and_then(|text| text.parse::<f64>().ok()).unwrap_or(0.0);
    let text = node.text().unwrap_or_default().to_owned();
    let (x, y, size) = (number("x"), number("y"), number("font-size"));
    let width =
        scene::picture::Ruler::width(&crate::fonts::Ruler::new(), &text, size, node.attribute("font-weight").is_some());
    let left = match node.attribute("text-anchor") {
        Some("middle") => x - width / 2.0,
        Some("end") => x - width,
        _ => x,
    };
    ([left, y - 0.75 * size, left + width, y + 0.2 * size], text)
}

#[test]
fn without_a_complete_run_there_is_nothing_to_draw() {
    let experiment = Builder::compare("t").sweep("workers=1,2").workers(1).crash(Threads, 2).build();
    let error = svg(&experiment, &ExportOptions::default(), Fonts::Named).expect_err("nothing").to_string();
    assert!(error.contains("there is no run to draw yet"), "{error}");
}

/// `SPAWNSCOPE_CHARTS=folder cargo test --lib sweeps_are_drawn` writes the charts.
#[test]
fn sweeps_are_drawn_in_both_themes_and_several_widths() {
    for (name, experiment) in [("workers", over_workers()), ("limit", over_limit())] {
        for width_px in [640, 1600] {
            super::super::tests::drawn(svg, &format!("{name}-{width_px}"), &experiment, width_px, &["sweep.png"]);
        }
    }
}
