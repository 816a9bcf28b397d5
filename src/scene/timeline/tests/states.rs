//! Bars divided by states, the GIL's row, and the launcher's marks.

use super::*;
use insight::testing::Builder;
use model::{
    Bin, BlockedOn, Interpreter, InterpreterFacts, LaunchMode, MainMark, Profile, StartMethod, State, StatesSource,
    phases::IN_TARGET, states::MAX_BINS,
};

const GIL: usize = 2;

/// Bins without gaps, with states of every share; their edges are the execution's own.
fn random_bins(dice: &mut Dice, from_ns: u64, to_ns: u64, about_ns: u64) -> Vec<Bin> {
    let (mut bins, mut at) = (Vec::new(), from_ns);
    while at < to_ns {
        let end = (at + 1 + dice.below(2 * about_ns)).min(to_ns);
        let mut in_state_ns = [0; State::COUNT];
        let mut left = end - at;
        for state in &mut in_state_ns[1..] {
            let ns = dice.below(left + 1) * dice.below(2);
            *state = ns;
            left -= ns;
        }
        in_state_ns[0] = left;
        bins.push(Bin { from_ns: at, to_ns: end, in_state_ns });
        at = end;
    }
    bins
}

/// A random run in which most executions were looked at, from a little after they entered until a little after they
/// left.
fn looked_at(dice: &mut Dice, executions: u32, lanes: u32) -> Run {
    let mut run = random_run(dice, executions, lanes);
    for execution in &run.executions {
        let Some((from, to)) = execution.stamps.in_target().filter(|(from, to)| from < to) else { continue };
        if dice.below(8) > 0 {
            let about = [40, 900, 30_000][dice.below(3) as usize];
            let (from, to) = (from + dice.below(30), to + dice.below(30));
            let bins = random_bins(dice, from, to, about);
            run.profiles.push(Profile { execution: execution.id, bins });
        }
    }
    run
}

/// Time in each state of a row between two instants, counted bin by bin, and cut to what the bars show as *in the
/// target*.
fn plain_states(run: &Run, index: &Index, row: u32, from_ns: f64, to_ns: f64) -> [f64; State::COUNT] {
    let mut sums = [0.0; State::COUNT];
    for bar in index.lanes[row as usize - 1].iter() {
        let edges = bar::Stretch::edges(&bar);
        let Some(profile) = run.profile(bar::Stretch::execution(&bar)) else { continue };
        let (from, to) = ((edges[IN_TARGET] as f64).max(from_ns), (edges[IN_TARGET + 1] as f64).min(to_ns));
        for bin in &profile.bins {
            let part = (to.min(bin.to_ns as f64) - from.max(bin.from_ns as f64)).max(0.0);
            let length = (bin.to_ns - bin.from_ns) as f64;
            (0..State::ALL.len()).for_each(|state| sums[state] += part * bin.in_state_ns[state] as f64 / length);
        }
    }
    sums
}

fn drawn_states(items: &[BarItem], row: u32, view: &ViewRect, from_ns: f64, to_ns: f64) -> [f64; State::COUNT] {
    let ns_per_px = (view.to_ns - view.from_ns) / f64::from(view.width_px);
    let mut sums = [0.0; State::COUNT];
    for item in items.iter().filter(|item| item.row == row) {
        if let Fill::State(state) = item.fill {
            let ns = |px: f32| view.from_ns + f64::from(px) * ns_per_px;
            let length = (ns(item.to_px).min(to_ns) - ns(item.from_px).max(from_ns)).max(0.0);
            sums[state.index()] += length * f64::from(item.band.1 - item.band.0);
        }
    }
    sums
}

#[test]
fn every_column_shows_the_exact_share_of_every_state_at_any_zoom() {
    let mut dice = Dice(0x57A7E);
    for _ in 0..40 {
        let (executions, lanes) = (1 + dice.below(60) as u32, 1 + dice.below(4) as u32);
        let run = looked_at(&mut dice, executions, lanes);
        let index = Index::of(&run);
        let view = view_of(&mut dice, &index, 600.0);
        let items = items(&index, &view);
        let ns_per_px = (view.to_ns - view.from_ns) / 200.0;
        for row in 1..=index.lanes() {
            for column in 0..200 {
                let (from, to) = (f64::from(column) * ns_per_px, f64::from(column + 1) * ns_per_px);
                let (from, to) = (view.from_ns + from, view.from_ns + to);
                let drawn = drawn_states(&items, row, &view, from, to);
                let plain = plain_states(&run, &index, row, from, to);
                for state in State::ALL {
                    let (drawn, plain) = (drawn[state.index()], plain[state.index()]);
                    let place = format!("row {row}, column {column}, {}, view {view:?}", state.word());
                    let slack = ns_per_px * 2e-3 + plain * 1e-3;
                    assert!((drawn - plain).abs() <= slack, "{place}: drawn {drawn}, counted {plain}");
                }
            }
        }
    }
}

#[test]
fn bands_lie_upon_each_other_and_fill_what_is_in_the_target() {
    let mut dice = Dice(0xBA2D);
    let run = looked_at(&mut dice, 12, 2);
    let index = Index::of(&run);
    let to_ns = index.extent_ns() as f64;
    let view = ViewRect { from_ns: 0.0, to_ns, first_row: 1.0, last_row: 3.0, width_px: 400.0, height_px: 40.0 };
    let mut foot = (0.0_f32, 0.0_f32);
    let mut bars = 0;
    for item in items(&index, &view) {
        assert!((0.0..=1.0).contains(&item.band.0) && item.band.0 < item.band.1 && item.band.1 <= 1.0, "{item:?}");
        if let Fill::State(_) | Fill::Unseen = item.fill {
            let begins = if item.from_px == foot.0 { foot.1 } else { 0.0 };
            assert_eq!(item.band.0, begins, "{item:?}");
            foot = (item.from_px, item.band.1);
            bars += 1;
        }
    }
    assert!(bars > 20);
}

#[test]
fn an_execution_that_was_not_looked_at_is_in_the_target_and_no_more() {
    let run = random_run(&mut Dice(3), 8, 2);
    let index = Index::of(&run);
    let view = view_of(&mut Dice(5), &index, 400.0);
    assert!(items(&index, &view).iter().all(|item| !matches!(item.fill, Fill::State(_) | Fill::Unseen)));
    assert_eq!(states_at(&index, 0, 10.0, 1.0), None);
}

#[test]
fn profiles_that_grow_and_become_coarser_end_as_if_taken_at_once() {
    let mut run = random_run(&mut Dice(11), 3, 3);
    let end_ns = 10 * (3 * MAX_BINS as u64);
    let (mut live, mut changes) = (Index::of(&run), Changes::default());
    for at in 0..3 * MAX_BINS as u64 {
        let gil = at % 7;
        let bin = Bin { from_ns: at * 10, to_ns: at * 10 + 10, in_state_ns: [10 - gil, 0, gil, 0, 0, 0, 0, 0] };
        changes.merge(run.take_in(RunEvent::Bins(vec![(1, bin)])));
        if at % 611 == 0 {
            live.take(&run, &std::mem::take(&mut changes));
        }
    }
    live.take(&run, &changes);
    let batch = Index::of(&run);
    let (live, batch) = (live.profiles.get(1).expect("looked at"), batch.profiles.get(1).expect("looked at"));
    for from in (0..end_ns).step_by(777) {
        let to = (from + 12_345) as f64;
        assert_eq!(live.between(from as f64, to), batch.between(from as f64, to));
    }
    assert_eq!(live.between(0.0, end_ns as f64)[GIL], (0..3 * MAX_BINS as u64).map(|at| at % 7).sum::<u64>() as f64);
}

#[test]
fn pointing_at_a_bar_tells_its_bin_or_the_pixel_where_that_is_wider() {
    let experiment = Builder::compare("t").python("python3").makespans(LaunchMode::Threads, &[1.0]).build();
    let index = Index::of(&experiment.runs[0]);
    let bin = states_at(&index, 0, 104e6, 1e5).expect("looked at");
    assert_eq!((bin.from_ns, bin.to_ns), (100e6, 110e6));
    let gil = |stack: &Stack| stack.shares()[State::Blocked(BlockedOn::Gil).index()];
    assert!((gil(&bin) - 0.2).abs() < 1e-9, "the tenth bin is the first lane's turn");
    let pixel = states_at(&index, 0, 110e6, 20e6).expect("looked at");
    assert!((gil(&pixel) - 0.5).abs() < 1e-9 && pixel.to_ns - pixel.from_ns == 20e6);
}

fn python(mode: LaunchMode) -> Run {
    Builder::compare("t").python("python3").makespans(mode, &[1.0]).build().runs.remove(0)
}

fn lanes_of(index: &Index, view: &ViewRect) -> Vec<BarItem> {
    let mut items = Vec::new();
    gil(index, view, |item| items.push(item));
    items
}

#[test]
fn the_gils_row_stacks_those_who_ran_and_leaves_free_what_nobody_used() {
    let index = Index::of(&python(LaunchMode::Threads));
    // Four bins of 10 ms: the two lanes take turns, 80 to 20.
    let view =
        ViewRect { from_ns: 100e6, to_ns: 140e6, first_row: 0.0, last_row: 1.0, width_px: 40.0, height_px: 20.0 };
    for item in lanes_of(&index, &view) {
        let turn = (item.from_px / 10.0) as u32 % 2;
        let height = item.band.1 - item.band.0;
        let Fill::Lane(lane) = item.fill else { panic!("{item:?}") };
        assert!((height - if lane == turn { 0.8 } else { 0.2 }).abs() < 1e-4, "{item:?}");
    }
    let end = index.extent_ns() as f64;
    let after = ViewRect { from_ns: end, to_ns: end * 1.1, ..view };
    assert!(lanes_of(&index, &after).is_empty());
}

#[test]
fn more_than_one_at_once_share_the_row_and_the_hover_says_why() {
    let mut run = python(LaunchMode::Threads);
    for bin in run.profiles.iter_mut().flat_map(|profile| &mut profile.bins) {
        bin.in_state_ns = [bin.to_ns - bin.from_ns, 0, 0, 0, 0, 0, 0, 0];
    }
    let index = Index::of(&run);
    let view =
        ViewRect { from_ns: 100e6, to_ns: 140e6, first_row: 0.0, last_row: 1.0, width_px: 40.0, height_px: 20.0 };
    assert!(lanes_of(&index, &view).iter().all(|item| (item.band.1 - item.band.0 - 0.5).abs() < 1e-4));
    let text = gil_text(&run, Gil::One, &gil_at(&index, 104e6, 1e5));
    assert!(text.ends_with("more than one ran at once: the GIL was released"), "{text}");
}

#[test]
fn hovering_the_gil_names_who_ran_and_how_many_waited() {
    let run = python(LaunchMode::Threads);
    let text = gil_text(&run, Gil::One, &gil_at(&Index::of(&run), 104e6, 1e5));
    assert_eq!(text, "100–110 ms: count_down #1 ran 80 %, count_down #2 20 %; 1.0 thread was waiting for the GIL");
    let nobody = gil_text(&run, Gil::One, &gil_at(&Index::of(&run), 9e9, 1e6));
    assert!(nobody.contains("nobody was on a CPU"), "{nobody}");
}

#[test]
fn who_was_on_a_cpu_throughout_has_no_profile_and_is_on_the_gils_row() {
    let mut run = python(LaunchMode::Sequential);
    run.profiles.remove(2);
    let holders = |run: &Run| {
        let index = Index::of(run);
        let stamps = &run.executions[2].stamps;
        let at = (stamps.get(Stage::Entered).expect("it ran") + stamps.get(Stage::Left).expect("it ran")) / 2;
        gil_at(&index, at as f64, 1e3).running
    };
    assert_eq!(holders(&run), [], "nobody looked at it");
    run.states_source = Some(StatesSource::SwitchRecords);
    assert_eq!(holders(&run), [(2, 1.0)]);
    run.executions[2].states = None;
    assert_eq!(holders(&run), []);
}

#[test]
fn a_run_has_the_row_that_its_interpreter_calls_for() {
    assert_eq!(Gil::of(&python(LaunchMode::Threads)), Some(Gil::One));
    assert_eq!(Gil::of(&python(LaunchMode::Interpreters)), Some(Gil::Several));
    assert_eq!(Gil::of(&python(LaunchMode::Processes)), None);
    assert_eq!(Gil::of(&empty_run(1)), None);
    let mut run = python(LaunchMode::Threads);
    let facts: &mut InterpreterFacts = run.interpreter_facts.as_mut().expect("it said");
    (facts.free_threaded, facts.gil_enabled) = (true, Some(false));
    assert_eq!(Gil::of(&run), Some(Gil::Off));
    let facts = run.interpreter_facts.as_mut().expect("it said");
    (facts.free_threaded, facts.implementation) = (false, "PyPy".to_owned());
    run.sampling = None;
    assert_eq!(Gil::of(&run), Some(Gil::Unseen));
}

fn mark(kind: MainKind, from_ns: u64, to_ns: u64, message: Option<&str>) -> MainMark {
    MainMark { from_ns, to_ns, kind, execution: 0, message: message.map(Into::into) }
}

fn sentence(run: &Run, ns: f64) -> String {
    mark_text(run, &main_at(&Index::of(run), ns, 0.0).expect("something"))
}

#[test]
fn a_python_call_lies_in_the_main_thread() {
    let mut run = python(LaunchMode::Sequential);
    let view = ViewRect { from_ns: 0.0, to_ns: 1e9, first_row: 0.0, last_row: 1.0, width_px: 100.0, height_px: 20.0 };
    let shown = items(&Index::of(&run), &view);
    let inside = |item: &BarItem| matches!(item.fill, Fill::State(_) | Fill::Unseen | Fill::Edge);
    assert!(shown.iter().all(inside), "a call and nothing else, by what was done in it");
    assert_eq!(shown.iter().filter(|item| item.fill == Fill::Edge).count(), 3, "four calls, one after another");
    assert!(sentence(&run, 50e6).starts_with("count_down #1: called in the main thread, "));
    run.start_method = Some(StartMethod::Run);
    assert!(sentence(&run, 50e6).contains("run() called in the main thread"));
}

#[test]
fn the_index_holds_the_marks_that_the_run_has() {
    for mode in [LaunchMode::Sequential, LaunchMode::Threads, LaunchMode::Processes] {
        let mut run = python(mode);
        run.marks.push(mark(MainKind::JoinTimeout, 3_000_000, 3_050_000, None));
        let index = Index::of(&run);
        let mut held: Vec<_> = index.main.iter().map(|m| (m.from_ns, m.kind, m.execution)).collect();
        let mut said: Vec<_> = run.main_marks().iter().map(|m| (m.from_ns, m.kind, m.execution)).collect();
        held.sort_by_key(|mark| (mark.0, mark.2));
        said.sort_by_key(|mark| (mark.0, mark.2));
        assert_eq!(held, said, "{mode}");
    }
}

#[test]
fn ticks_are_two_pixels_wide_at_any_zoom_and_can_be_pointed_at() {
    let mut run = python(LaunchMode::Threads);
    let end = run.makespan_ns.expect("it ended");
    run.marks = vec![
        mark(MainKind::StartAgain, 45_000, 45_300, Some("RuntimeError: threads can only be started once")),
        mark(MainKind::JoinTimeout, 200_000_000, 250_000_000, None),
        mark(MainKind::Abandon, end, end, None),
    ];
    let index = Index::of(&run);
    for (from_ns, to_ns) in [(0.0, 1e9), (0.0, 100_000.0), (0.0, end as f64)] {
        let view = ViewRect { from_ns, to_ns, first_row: 0.0, last_row: 1.0, width_px: 100.0, height_px: 20.0 };
        let shown = items(&index, &view);
        let ticks: Vec<_> = shown.iter().filter(|item| item.fill == Fill::Tick).collect();
        let in_view = run.marks.iter().filter(|mark| mark.from_ns as f64 <= to_ns).count();
        assert_eq!(ticks.len(), in_view, "to {to_ns}");
        assert!(ticks.iter().all(|tick| tick.to_px - tick.from_px >= 1.999 && tick.to_px <= 100.0), "{ticks:?}");
    }
    let at = |ns: f64| mark_text(&run, &main_at(&index, ns, 20_000.0).expect("something"));
    assert_eq!(at(45_100.0), "second start() of count_down #1: RuntimeError: threads can only be started once");
    assert_eq!(at(249_990_000.0), "join(timeout) of count_down #1: returned after 50.0 ms, the thread was still alive");
    assert!(at(end as f64).starts_with("count_down #1 abandoned: "));
}

#[test]
fn a_join_says_whether_there_was_anything_to_wait_for() {
    let mut run = python(LaunchMode::Threads);
    let exited = run.executions[1].stamps.get(Stage::Exited).expect("gone");
    run.executions[1].stamps.set_join_called(exited + 1_000);
    run.executions[1].stamps.set(Stage::Joined, exited + 13_000);
    let text = sentence(&run, (exited + 2_000) as f64);
    assert_eq!(text, "join() of count_down #2: it had ended before, returned after 12.0 µs");
    let launch = run.executions[0].stamps.get(Stage::LaunchCalled).expect("launched") as f64;
    assert_eq!(sentence(&run, launch + 1.0), "start() of count_down #1: 38.0 µs");
    run.start_method = Some(StartMethod::Raw);
    assert!(sentence(&run, (exited + 2_000) as f64).contains("a raw thread has no join"));
    (run.mode, run.start_method) = (LaunchMode::ThreadPool, None);
    assert!(sentence(&run, launch + 1.0).starts_with("submit() of count_down #1: "));
}

#[test]
fn an_open_call_reaches_to_now() {
    let mut run = one(&[(Stage::Created, 0), (Stage::LaunchCalled, 100), (Stage::Entered, 120)], 0, None);
    run.mode = LaunchMode::Sequential;
    run.interpreter = Some(Interpreter::new("python3"));
    run.now_ns = 900;
    let mark = main_at(&Index::of(&run), 500.0, 0.0).expect("it is in the call");
    assert_eq!((mark.kind, mark.from_ns, mark.to_ns), (MainKind::Call, 100, 900));
}

#[test]
fn a_call_in_the_main_thread_shows_what_was_done_in_it() {
    let mut run = empty_run(2);
    run.mode = LaunchMode::Sequential;
    for id in 0..2 {
        let (execution, from) = (&mut run.executions[id], 1_000_000 * id as u64);
        (execution.lane, execution.tid) = (Some(0), Some(7));
        let at = [0, 0, 10, 20, 900_020, 900_030, 900_040];
        Stage::ALL.into_iter().zip(at).for_each(|(stage, ns)| execution.stamps.set(stage, from + ns));
        execution.outcome = Some(Outcome::success());
        let mut in_state_ns = [0; State::COUNT];
        let state = [State::Blocked(BlockedOn::Sleep), State::OnCpu][id];
        in_state_ns[state.index()] = 900_000;
        let bin = Bin { from_ns: from + 20, to_ns: from + 900_020, in_state_ns };
        run.profiles.push(Profile { execution: id as u32, bins: vec![bin] });
    }
    let index = Index::of(&run);
    let to_ns = index.extent_ns() as f64;
    let view = ViewRect { from_ns: 0.0, to_ns, first_row: 0.0, last_row: 2.0, width_px: 400.0, height_px: 40.0 };
    let items = items(&index, &view);
    assert!(items.iter().all(|item| item.fill != Fill::Phase(Phase::InTarget)));
    for row in 0..2 {
        let drawn = drawn_states(&items, row, &view, 0.0, to_ns);
        for state in [State::Blocked(BlockedOn::Sleep), State::OnCpu] {
            let drawn = drawn[state.index()];
            assert!((drawn - 900_000.0).abs() < 10.0, "row {row}, {}: {drawn}", state.word());
        }
    }
}

#[test]
fn a_coroutine_in_its_target_is_not_said_to_be_on_a_cpu() {
    let fills = |run: &Run| {
        let index = Index::of(run);
        let to_ns = index.extent_ns() as f64;
        let view = ViewRect { from_ns: 0.0, to_ns, first_row: 1.0, last_row: 2.0, width_px: 900.0, height_px: 20.0 };
        items(&index, &view).into_iter().map(|item| item.fill).collect::<Vec<_>>()
    };
    let mut run = Builder::compare("t").makespans(LaunchMode::Asyncio, &[1.0]).build().runs.remove(0);
    (run.states_source, run.profiles) = (Some(StatesSource::SwitchRecords), Vec::new());
    run.executions.iter_mut().for_each(|execution| execution.states = None);
    let shown = fills(&run);
    assert!(shown.contains(&Fill::Unseen) && !shown.contains(&Fill::Phase(Phase::InTarget)), "{:?}", shown.first());
    run.states_source = None;
    assert!(fills(&run).contains(&Fill::Phase(Phase::InTarget)), "at stamps nothing is said of a CPU anywhere");
}
