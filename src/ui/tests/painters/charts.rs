//! Every chart, painted by both.

use super::compare;
use insight::{
    compare::compare as comparisons,
    launch_costs::{LogAxis, launch_costs},
    scaling::scaling,
    testing::{Builder, left},
    waterfall::of_setting,
};
use model::{
    Experiment,
    LaunchMode::{Processes, Threads},
    Run, Sample,
};
use scene::{
    charts::{
        axis::TimeAxis,
        brush::{BarDetail, Bars},
        comparison::ComparisonRows,
        core_rows::{self, CoreRows, outline},
        cores::Cores,
        curve, histogram, idle_cores, lanes, legend, main_lane, sweep_legend, sweep_panel,
        waterfall::WaterfallChart,
    },
    curves::{self, CurveKind},
    distribution::{distributions, ratio_axis, time_axis},
    palette,
    picture::{Area, Picture},
    sweep::view::View,
    timeline::{Filter, Gil, Index, core_rows::own},
    waterfall::drawing,
};

const EDGES: (f64, f64) = (100.0, 980.0);

/// A run with all that belongs to it, as a chart has it.
fn timeline(picture: &mut Picture, run: &Run, cores: usize) -> f64 {
    let (index, axis) = (Index::of(run), TimeAxis::new(run.length_ns(), EDGES.0, EDGES.1));
    let bars = |rows| Bars { axis: &axis, rows, look: BarDetail::of_chart() };
    let main = bars(main_lane::lane(picture, &axis, 10.0, "main"));
    main_lane::launcher(picture, &main, run, &index);
    let gil = bars(main_lane::lane(picture, &axis, 40.0, "GIL"));
    if let Some(kind) = Gil::of(run) {
        main_lane::gil(picture, &gil, run, &index, kind);
        main_lane::gil_note(picture, &gil, run, &index, kind);
    }
    let layout = lanes::Layout::new(run.lanes() as usize, 400.0);
    lanes::draw(picture, &axis, run, &index, &layout, 70.0);
    lanes::swatches(picture, &axis, &layout.strip(&axis, 70.0), run.lanes());
    let y = 80.0 + layout.height();
    core_rows::draw(picture, &axis, run, y);
    let cores = Cores::new(run, cores);
    let y = y + core_rows::height(run);
    cores.draw(picture, &axis, y);
    let y = axis.draw(picture, y + cores.height() + 10.0);
    legend::draw(picture, EDGES, &[(run, &index)], y)
}

/// The rows of a run as the window has them, with an execution outlined.
fn on_screen(picture: &mut Picture, run: &Run) -> f64 {
    let (index, axis) = (Index::of(run), TimeAxis::between((1e7, run.length_ns() as f64 / 2.0), EDGES.0, EDGES.1));
    let strip = lanes::Layout::new(run.lanes() as usize, 400.0).strip(&axis, 20.0);
    let mut filter = Filter::default();
    filter.toggle(scene::timeline::Shade::Phase(model::Phase::InTarget));
    let bars = Bars { axis: &axis, rows: strip, look: BarDetail::of_screen(1.0, filter, 11.5) };
    lanes::executions(picture, &bars, run, &index);
    outline(picture, &axis, &strip, index.place(&run.executions[0]).expect("it began"), 2.0);
    let area = Area { y: 450.0, h: 60.0, ..strip.area };
    let rows = CoreRows {
        axis: &axis,
        strip: scene::charts::bars::RowStrip { area, first: 0.0, last: 2.0, ..strip },
        fold: 1.0,
    };
    rows.draw(picture, run);
    rows.lines(picture, 2);
    rows.own(picture, &own(run, 0, axis.from_ns, axis.end_ns, 1e6), 1.5);
    520.0
}

fn two() -> Experiment {
    let secs = [1.84, 1.80, 1.90, 1.86, 1.83, 1.85, 3.0];
    Builder::compare("two").slices().makespans(Threads, &secs).makespans(Processes, &[0.93; 7]).build()
}

#[test]
fn timelines_of_few_and_of_many_executions() {
    let python = Builder::compare("t").python("python3").makespans(Threads, &[1.0]).build();
    let many = Builder::compare("t").executions(10_000, 300).makespans(Threads, &[5.0]).build();
    let crash = Builder::compare("t").executions(8, 4).crash(Threads, 1).build();
    let left = left::experiment();
    for (name, experiment) in
        [("few", &two()), ("python", &python), ("many", &many), ("crash", &crash), ("left", &left)]
    {
        compare(name, |picture| timeline(picture, &experiment.runs[0], 2));
    }
    let mut wide = two().runs.remove(0);
    wide.cores.iter_mut().for_each(|sample| sample.busy = (0..64).map(|core| core as f32 / 64.0).collect());
    compare("64 cores", |picture| timeline(picture, &wide, 64));
}

#[test]
fn rows_of_the_window() {
    compare("window", |picture| on_screen(picture, &two().runs[0]));
}

#[test]
fn pairs_and_makespans() {
    let experiment = two();
    let (pairs, all) = (comparisons(&experiment), distributions(&experiment));
    let (ratios, times) = (ratio_axis(&pairs).expect("a ratio"), time_axis(&all).expect("times"));
    compare("comparison", |picture| {
        let mut rows = ComparisonRows { picture, edges: EDGES, axis: ratios };
        let y = rows.ratio(0.0, &pairs[0], "it");
        let y = rows.ratio_labels(y);
        rows.axis = times;
        let y = all.iter().fold(y, |y, one| rows.setting(y, one));
        rows.time_labels(y)
    });
}

#[test]
fn waterfalls_and_histograms() {
    let experiment = two();
    let settings = experiment.settings();
    let costs: Vec<_> = settings.iter().map(|setting| of_setting(&experiment, *setting)).collect();
    let costs: Vec<_> = costs.iter().zip(settings.iter().copied()).collect();
    let drawing = drawing(&costs, &settings).expect("complete repeats");
    compare("waterfall", |picture| {
        let mut chart = WaterfallChart::new(picture, EDGES, &drawing, &settings);
        let y = chart.steps(0.0, &drawing);
        chart.memory(y, &drawing.memory)
    });
    let costs = launch_costs(&experiment);
    let axis = LogAxis::of(costs.iter().flat_map(|costs| [&costs.start, &costs.join])).expect("latencies");
    for of in histogram::Latency::ALL {
        compare(of.title(), |picture| histogram::histogram(picture, EDGES, 0.0, axis, &histogram::rows(&costs, of)));
    }
}

#[test]
fn sweeps() {
    let mut builder = Builder::compare("sweep").sweep("workers=1..4").executions(12, 4);
    for workers in 1..=4 {
        builder =
            builder.workers(workers).makespans(Threads, &[0.9 / f64::from(workers), 1.0 / f64::from(workers), 1.1]);
    }
    let scaling = scaling(&builder.build()).expect("a sweep");
    let view = View::of(&scaling);
    compare("legend of a sweep", |picture| sweep_legend::draw(picture, EDGES, &view, 0.0));
    for metric in view.metrics() {
        let area = Area { x: 20.0, y: 10.0, w: 900.0, h: 400.0 };
        compare(metric.title(), |picture| {
            sweep_panel::draw(picture, &view, *metric, area);
            420.0
        });
    }
}

#[test]
fn curves_over_time() {
    let run = &two().runs[0];
    for kind in CurveKind::ALL {
        let known = curves::curve(run, kind, 200);
        compare(kind.title(), |picture| {
            let axis = TimeAxis::between((0.0, run.length_ns() as f64), EDGES.0, EDGES.1);
            let y = curve::draw(picture, &axis, 0.0, (kind.title(), "threads"), &known, palette::BLUE);
            axis.numbers(picture, y)
        });
    }
    let sample = |at: i64| Sample { from_ns: at, to_ns: at + 1, busy: vec![at as f32 / 60.0, 0.5] };
    let samples = (0..60).map(sample).collect();
    compare("idle cores", |picture| {
        idle_cores::draw(picture, &samples, 60, 150.0);
        150.0
    });
}
