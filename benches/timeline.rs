//! CPU time of one frame of the timeline: layout, mesh and tessellation; `cargo bench --bench timeline`.
//!
//! 1,000,000 executions (five phases each) in 16 and in 10,000 lanes, at several zooms, compared with one rectangle for each
//! phase in view, as plot libraries draw them. Then runs of Python functions with sampled states: few long executions with
//! thousands of bins each, and many short ones with a few bins. Then the view by core: 3,000,000 slices on 2 and on 64 cores.

use eframe::egui::{self, Color32, Id, Rect, Shape, Ui, pos2};
use spawnscope::model::{
    Bin, Interpreter, LaunchMode, Measure, Outcome, Owner, Phase, Plan, Profile, Run, RunEnd, Setting, Slice,
    SlicesSource, Stage, Target, Task,
};
use spawnscope::scene::{
    palette,
    timeline::{Filter, Index},
};
use spawnscope::ui::widgets::core_view::{self, CoreView, CoreViewParams};
use spawnscope::ui::widgets::range::TimeRange;
use spawnscope::ui::widgets::timeline::{self, TimelineParams, TimelineView};
use std::time::{Duration, Instant};

const EXECUTIONS: u32 = 1_000_000;
const SLICES: u32 = 3_000_000;
/// The naive way is measured on fewer executions: its time is proportional to their number.
const NAIVE_EXECUTIONS: u32 = 100_000;
const FRAMES: usize = 15;
const BUDGET_MS: f64 = 8.0;
const SCREEN: Rect = Rect { min: pos2(0.0, 0.0), max: pos2(1600.0, 700.0) };

fn main() {
    // `cargo test --benches` runs this too, only to see that it starts.
    let executions = if std::env::args().any(|arg| arg == "--test") { 10_000 } else { EXECUTIONS };
    println!(
        "{executions} executions, {} × {} points, median of {FRAMES} frames, CPU ms",
        SCREEN.width(),
        SCREEN.height()
    );
    println!("{:>7}  {:>9}  {:>8}  {:>9}  {:>9}", "lanes", "in view", "frame ms", "naive ms", "naive is");
    let mut worst = 0.0_f64;
    for lanes in [16, 200, 1_000, 10_000] {
        worst = worst.max(of_lanes(executions, lanes));
    }
    println!("{:>24}  {:>9}  {:>8}", "looked at", "in view", "frame ms");
    worst = worst.max(looked_at("20 threads, 4,096 bins", python_run(20, 20, 4_096)));
    worst = worst.max(looked_at("10,000 executions, 1–3 bins", python_run(10_000, 8, 3)));
    println!("{:>24}  {:>9}  {:>8}  {:>8}", "slices", "in view", "frame ms", "selected");
    for cores in [2, 64] {
        worst = worst.max(of_cores(executions.saturating_mul(SLICES / EXECUTIONS), cores));
    }
    println!("slowest {worst:.2} ms; the budget is {BUDGET_MS} ms");
}

/// Frames of a run whose bars are divided by states and that has a row for the GIL.
fn looked_at(name: &str, run: Run) -> f64 {
    let begin = Instant::now();
    let index = Index::of(&run);
    let build = ms(begin.elapsed());
    let mut worst = 0.0_f64;
    for (zoom, share) in [("all", 1.0), ("10 %", 0.1), ("1 %", 0.01)] {
        let frame = ms(median(|ctx, time| lod(ctx, time, &run, &index, share)));
        println!("{name:>24}  {zoom:>9}  {frame:>8.2}");
        worst = worst.max(frame);
    }
    println!("         index built in {build:.0} ms, {} KiB", index.bytes() / 1024);
    worst
}

/// Frames of the view by core, without and with an execution selected.
fn of_cores(slices: u32, cores: u32) -> f64 {
    let run = sliced_run(slices, cores);
    let index = Index::of(&run);
    let mut worst = 0.0_f64;
    for (zoom, share) in [("all", 1.0), ("10 %", 0.1), ("1 %", 0.01), ("0.01 %", 0.0001)] {
        let frame = |selected| ms(median(|ctx, time| by_core(ctx, time, &run, &index, (cores, selected, share))));
        let (plain, selected) = (frame(None), frame(Some(1)));
        println!("{:>24}  {zoom:>9}  {plain:>8.2}  {selected:>8.2}", format!("{slices} on {cores} cores"));
        worst = worst.max(plain).max(selected);
    }
    println!("         {} bytes a slice", run.slices.bytes() / slices as usize);
    worst
}

/// Executions that take turns on all cores; each core is in use during three quarters of the time.
fn sliced_run(slices: u32, cores: u32) -> Run {
    let mut run = run_of(4 * cores, 4 * cores);
    run.slices_source = Some(SlicesSource::SwitchRecords);
    let mut seed = 0xC0DE_u64;
    let mut free = vec![0_u64; cores as usize];
    for at in 0..slices {
        let core = at % cores;
        let from_ns = free[core as usize] + dice(&mut seed, 100_000);
        let to_ns = from_ns + 1_000 + dice(&mut seed, 300_000);
        let id = dice(&mut seed, u64::from(4 * cores)) as u32;
        let owner = if at % 16 == 0 { Owner::Helper(id) } else { Owner::Execution(id) };
        run.slices.push(&Slice { from_ns, to_ns, core, owner, preempted: at % 2 == 0 });
        free[core as usize] = to_ns;
    }
    let end = free.into_iter().max().unwrap_or(0);
    for execution in &mut run.executions {
        for (stage, ns) in Stage::ALL.into_iter().zip([0, 0, 1_000, 1_000, end, end, end]) {
            execution.stamps.set(stage, ns);
        }
    }
    (run.makespan_ns, run.now_ns) = (Some(end), end);
    run
}

/// The view by core as panels show it.
fn by_core(ui: &mut Ui, time: usize, run: &Run, index: &Index, (cores, selected, share): (u32, Option<u32>, f64)) {
    let full = index.extent_ns() as f64;
    let from_ns = full * (1.0 - share) * (0.3 + 0.02 * time as f64);
    let mut range = TimeRange { from_ns, to_ns: from_ns + full * share, follow: false };
    let params = CoreViewParams {
        id: Id::unique("cores"),
        link: Id::unique("link"),
        label: "Cores",
        run,
        index,
        cores,
        measure: Measure::Slices,
        selected,
        filter: Filter::default(),
        range: &mut range,
        full_ns: index.extent_ns(),
        view: &mut CoreView::default(),
        height: SCREEN.height() - 20.0,
    };
    core_view::show(ui, params);
}

/// A finished run of Python threads that take turns, with at most so many bins of 10 ms each.
fn python_run(executions: u32, lanes: u32, bins: u64) -> Run {
    const EVERY: u64 = 10_000_000;
    let mut run = run_of(executions, lanes);
    run.interpreter = Some(Interpreter::new("python3"));
    let (mut free, mut seed) = (vec![0_u64; lanes as usize], 0xB145_u64);
    for execution in &mut run.executions {
        let lane = &mut free[(execution.id % lanes) as usize];
        let count = if bins > 3 { bins } else { 1 + dice(&mut seed, bins) };
        let (from, to) = (*lane + 50_000, *lane + 50_000 + count * EVERY);
        for (stage, ns) in Stage::ALL.into_iter().zip([*lane, *lane, from, from, to, to, to + 30_000]) {
            execution.stamps.set(stage, ns);
        }
        *lane = to + 40_000;
        let bin = |at: u64, gil: u64| {
            let (from_ns, ready) = (from + at * EVERY, EVERY / 50);
            let in_state_ns = [EVERY - gil - ready, ready, gil, 0, 0, 0, 0, 0];
            Bin { from_ns, to_ns: from_ns + EVERY, in_state_ns }
        };
        let bins = (0..count).map(|at| bin(at, dice(&mut seed, EVERY / 2))).collect();
        run.profiles.push(Profile { execution: execution.id, bins });
    }
    run.makespan_ns = free.into_iter().max();
    run.now_ns = run.makespan_ns.unwrap_or(0);
    run
}

fn of_lanes(executions: u32, lanes: u32) -> f64 {
    let run = run_of(executions, lanes);
    let begin = Instant::now();
    let index = Index::of(&run);
    let (build, bytes) = (begin.elapsed(), index.bytes() / executions as usize);
    let few = run_of(NAIVE_EXECUTIONS, lanes);
    let mut worst = 0.0_f64;
    for (name, share) in [("all", 1.0), ("30 %", 0.3), ("10 %", 0.1), ("1 %", 0.01), ("0.01 %", 0.0001)] {
        let frame = ms(median(|ctx, time| lod(ctx, time, &run, &index, share)));
        let naive = ms(median(|ctx, time| naive(ctx, time, &few, lanes, share))) * f64::from(executions)
            / f64::from(NAIVE_EXECUTIONS);
        println!("{lanes:>7}  {name:>9}  {frame:>8.2}  {naive:>9.1}  {:>7.0} ×", naive / frame);
        worst = worst.max(frame);
    }
    println!("         index built in {:.0} ms, {bytes} bytes an execution", ms(build));
    worst
}

/// A finished run that fills its lanes.
fn run_of(executions: u32, lanes: u32) -> Run {
    let mut plan = Plan::empty("bench");
    plan.tasks.push(Task { count: executions, ..Task::new(Target::Builtin("primes".to_owned())) });
    let setting =
        Setting { mode: LaunchMode::Threads, workers: lanes, start_method: None, interpreter: None, argument: None };
    let mut run = Run::new(0, &plan, setting, 0, false, String::new());
    let (mut free, mut seed) = (vec![0_u64; lanes as usize], 0x5EED_u64);
    for (at, execution) in run.executions.iter_mut().enumerate() {
        let lane = at as u32 % lanes;
        let mut ns = free[lane as usize] + dice(&mut seed, 20_000);
        execution.lane = Some(lane);
        for (stage, limit) in Stage::ALL.into_iter().zip([1, 1, 8_000, 8_000, 100_000, 9_000, 9_000]) {
            ns += dice(&mut seed, limit);
            execution.stamps.set(stage, ns);
        }
        execution.stamps.set_join_called(ns - ns.min(5_000));
        execution.outcome = Some(Outcome::success());
        free[lane as usize] = ns;
    }
    run.makespan_ns = free.into_iter().max();
    run.now_ns = run.makespan_ns.unwrap_or(0);
    run.end = Some(RunEnd::default());
    run
}

fn dice(seed: &mut u64, limit: u64) -> u64 {
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    *seed ^= *seed << 17;
    *seed % limit
}

/// The widget as panels show it. Every frame shows another stretch, so it can reuse nothing of the frame before.
fn lod(ui: &mut Ui, time: usize, run: &Run, index: &Index, share: f64) {
    let full = index.extent_ns() as f64;
    let from_ns = full * (1.0 - share) * (0.3 + 0.02 * time as f64);
    let mut range = TimeRange { from_ns, to_ns: from_ns + full * share, follow: false };
    let mut view = TimelineView::default();
    timeline::show(
        ui,
        TimelineParams {
            id: Id::unique("timeline"),
            link: Id::unique("link"),
            label: "Timeline",
            run,
            index,
            selected: None,
            filter: Filter::default(),
            range: &mut range,
            full_ns: index.extent_ns(),
            view: &mut view,
            height: SCREEN.height() - 20.0,
            time_labels: true,
        },
    );
}

/// A rectangle for each phase in view.
fn naive(ui: &mut Ui, time: usize, run: &Run, lanes: u32, share: f64) {
    let full = run.now_ns as f64;
    let from_ns = full * (1.0 - share) * (0.3 + 0.02 * time as f64);
    let x = |ns: u64| ((ns as f64 - from_ns) / (full * share) * f64::from(SCREEN.width())) as f32;
    let row = SCREEN.height() / lanes as f32;
    for execution in &run.executions {
        let top = execution.lane.unwrap_or(0) as f32 * row;
        for phase in Phase::ALL {
            let Some((from, to)) = execution.phase(phase) else { continue };
            if x(to) >= 0.0 && x(from) <= SCREEN.width() {
                let [r, g, b] = palette::phase(phase);
                let rect = Rect::from_min_max(pos2(x(from), top), pos2(x(to), top + row));
                ui.painter().add(Shape::rect_filled(rect, 0.0, Color32::from_rgb(r, g, b)));
            }
        }
    }
}

/// CPU time of a frame: run and tessellate. Frames of other programs on the machine do not count.
fn median(mut draw: impl FnMut(&mut Ui, usize)) -> Duration {
    let ctx = egui::Context::default();
    let mut times = Vec::new();
    for time in 0..FRAMES + 2 {
        let input = egui::RawInput {
            screen_rect: Some(Rect::from_min_size(pos2(0.0, 0.0), SCREEN.size())),
            ..Default::default()
        };
        let begin = cpu_time();
        let mut output = ctx.run_ui(input, |ui| draw(ui, time));
        let shapes = ctx.tessellate(output.shapes, output.pixels_per_point);
        times.push(cpu_time() - begin);
        std::hint::black_box(shapes);
        output.textures_delta.clear();
    }
    // The first frames lay out fonts.
    let mut times = times.split_off(2);
    times.sort();
    times[times.len() / 2]
}

fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

/// CPU time of this thread.
#[cfg(unix)]
fn cpu_time() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    Duration::new(time.tv_sec as u64, time.tv_nsec as u32)
}

/// Wall time, because the system does not tell the CPU time of a thread.
#[cfg(not(unix))]
fn cpu_time() -> Duration {
    static BEGIN: std::sync::OnceLock<Instant> = std::sync::OnceLock::new();
    BEGIN.get_or_init(Instant::now).elapsed()
}
