//! Tests that a picture of many lanes shows their states, and that marks differ in more than colour.

use super::*;
use model::{States, StatesSource};

/// One thread for each lane; each was ready for all but a thirty-second of the time.
fn crowded(executions: u32) -> Experiment {
    let ready = |run: &mut Run| {
        run.states_source = Some(StatesSource::SwitchRecords);
        for execution in &mut run.executions {
            let wall = execution.stamps.in_target_ns().expect("known");
            let states = States { on_cpu_ns: wall / 32, runnable_ns: wall - wall / 32, ..States::default() };
            execution.states = Some(Box::new(states));
        }
    };
    let builder = Builder::compare("crowded").executions(executions, executions);
    builder.makespans(Threads, &[1.0]).change_last(ready).build()
}

/// The number of pixels close to each colour, in the rows of pixels that have some of the first colour: those of the
/// lanes, not those of the cores.
fn pixels_of(experiment: &Experiment, colours: [palette::Rgb; 2]) -> [usize; 2] {
    let exporter = for_path(Path::new("chart.png")).expect("a format");
    let options = ExportOptions { width_px: 800, scale: 1.0, ..ExportOptions::default() };
    let bytes = exporter.export(experiment, &options).expect("a picture");
    let mut reader = png::Decoder::new(std::io::Cursor::new(bytes)).read_info().expect("a PNG");
    let mut pixels = vec![0; reader.output_buffer_size().expect("a size")];
    reader.next_frame(&mut pixels).expect("pixels");
    let near = |pixel: &[u8], colour: palette::Rgb| pixel.iter().zip(colour).all(|(a, b)| a.abs_diff(b) < 40);
    let count = |row: &[u8], colour| row.chunks(4).filter(|pixel| near(&pixel[..3], colour)).count();
    let rows = pixels.chunks(reader.info().width as usize * 4).filter(|row| count(row, colours[0]) > 0);
    rows.fold([0, 0], |[a, b], row| [a + count(row, colours[0]), b + count(row, colours[1])])
}

#[test]
fn lanes_that_were_ready_are_ready_in_the_picture_however_many() {
    for lanes in [64, 300, 1_000, 5_000] {
        let experiment = crowded(lanes);
        let [yellow, green] = pixels_of(&experiment, [palette::YELLOW, palette::GREEN]);
        assert!(yellow > 15 * green, "{lanes} lanes: {green} pixels on CPU, {yellow} ready");
    }
}

#[test]
fn waits_have_a_pattern_beside_their_colour() {
    let experiment = Builder::compare("t").makespans(Threads, &[1.0]).change_last(asleep).build();
    let text = draw(&experiment);
    let document = Document::parse(&text).expect("XML");
    let sky = hex(palette::SKY_BLUE);
    let states = of_class(&document, "state");
    assert!(states.iter().any(|node| node.attribute("fill") == Some(&sky)));
    let hatches: Vec<_> = of_class(&document, "hatch").iter().filter_map(|node| node.attribute("fill")).collect();
    for used in &hatches {
        let id = used.trim_start_matches("url(#").trim_end_matches(')');
        assert!(document.descendants().any(|node| node.attribute("id") == Some(id)), "{used}");
    }
    assert!(hatches.contains(&"url(#bars-dark)"), "asleep, and waiting to be joined: {hatches:?}");
}

/// Makes every execution sleep all the time.
fn asleep(run: &mut Run) {
    run.executions.iter_mut().for_each(|execution| execution.tid = Some(7));
    for execution in &mut run.executions {
        let wall = execution.stamps.in_target_ns().expect("known");
        let blocked_on = Some(model::BlockedTotals { sleep_ns: wall, ..Default::default() });
        execution.states = Some(Box::new(States { blocked_ns: wall, blocked_on, ..States::default() }));
    }
    run.main = run.main_marks();
}

#[test]
fn the_launchers_lane_is_not_on_a_cpu_while_the_function_that_it_called_sleeps() {
    let experiment = Builder::compare("t").makespans(Sequential, &[1.0]).change_last(asleep).build();
    let options = ExportOptions { repeats: vec![(experiment.runs[0].setting(), 0)], ..ExportOptions::default() };
    let text = svg(&experiment, &options, Fonts::Named).expect("a chart");
    let document = Document::parse(&text).expect("XML");
    let fills: Vec<_> = of_class(&document, "mark").iter().filter_map(|node| node.attribute("fill")).collect();
    assert_eq!(fills, [hex(palette::SKY_BLUE)], "asleep, and nothing else");
    let titles: Vec<_> = of_class(&document, "told").iter().filter_map(|node| node.first_element_child()).collect();
    assert_eq!(titles.len(), experiment.runs[0].executions.len(), "each call can be read on hovering");
}

#[test]
fn coroutines_are_not_in_the_colour_of_on_cpu() {
    let untold = |run: &mut Run| {
        (run.states_source, run.profiles) = (Some(StatesSource::SwitchRecords), Vec::new());
        run.executions.iter_mut().for_each(|execution| execution.states = None);
    };
    let experiment = Builder::compare("t").makespans(Asyncio, &[1.0]).change_last(untold).build();
    let text = draw(&experiment);
    let document = Document::parse(&text).expect("XML");
    let said = texts(&document);
    assert!(said.contains("in the target, not looked at"), "{said}");
    assert!(!said.contains("in the target, on CPU") && !said.lines().any(|line| line == "in the target"), "{said}");
}

#[test]
fn a_chart_of_the_plan_before_says_so() {
    let options = ExportOptions { before_edit: true, ..ExportOptions::default() };
    let said = |options: &ExportOptions| {
        let text = svg(&two(), options, Fonts::Named).expect("a chart");
        texts(&Document::parse(&text).expect("XML")).contains("Of the plan as it was before its last edit")
    };
    assert!(said(&options) && !said(&ExportOptions::default()));
}
