//! What an execution costs step by step, and what launching costs.

use super::page::{Page, plain};
use insight::{
    label::label,
    launch_costs,
    table::UNKNOWN,
    waterfall::{self, words},
};
use model::{
    Experiment, Setting,
    document::{LatencyEntry, LaunchCostsEntry},
    waterfall::{CostDifference, ExecutionCost, Step, Waterfall},
};

/// The most settings in one table.
const MOST_COLUMNS: usize = 6;

/// The steps of an execution from launch to join.
pub fn execution(page: &mut Page, experiment: &Experiment, found: &Waterfall) {
    let settings = waterfall::shown(experiment);
    if found.settings.iter().all(|cost| cost.span.is_none()) {
        return;
    }
    page.heading(2, "What an execution costs");
    page.list(found.differences.iter().map(|apart| plain(&apart.sentence)));
    let costs: Vec<_> = found.settings.iter().zip(&settings).take(MOST_COLUMNS).collect();
    let mut heads = vec![String::new()];
    heads.extend(costs.iter().map(|(_, setting)| label(**setting, &settings)));
    // A table of two settings has a column for their difference.
    let apart = found.differences.first().filter(|_| costs.len() == 2);
    heads.extend(apart.map(|_| format!("{} − {}", heads[2], heads[1])));
    let split = costs.iter().any(|(cost, _)| cost.step(Step::OnCpu).is_some());
    let known = |step: &Step| costs.iter().any(|(cost, _)| cost.step(*step).is_some());
    let mut rows: Vec<Vec<String>> =
        Step::ALL.into_iter().filter(known).map(|step| step_row(step, split, &costs, apart)).collect();
    rows.push(together(&costs, apart));
    rows.push(memory(&costs, apart.is_some()));
    page.table(&heads, &rows);
    let percent = " Differences are in percent of the first setting's sum.";
    let differences = if found.differences.is_empty() { "" } else { percent };
    page.paragraph(&format!(
        "From the launch call to the return of join: {}.{differences} Memory: {}.",
        words::MEANING,
        words::MEMORY_MEANING
    ));
}

type Costs<'a> = [(&'a ExecutionCost, &'a Setting)];

fn step_row(step: Step, split: bool, costs: &Costs, apart: Option<&CostDifference>) -> Vec<String> {
    let mut row = vec![words::step_name(step, split).to_owned()];
    let cell = |cost: &ExecutionCost| cost.step(step).map(|step| words::time(step.times.mean_ns));
    row.extend(costs.iter().map(|(cost, _)| cell(cost).unwrap_or_else(|| UNKNOWN.to_owned())));
    // Where the states of some executions are known, *in the target* stands only for the others.
    let whole = step != Step::InTarget || !split;
    row.extend(apart.map(|apart| {
        let found = words::step_apart(apart, step).filter(|_| whole);
        found.map_or_else(|| UNKNOWN.to_owned(), words::apart)
    }));
    row
}

fn together(costs: &Costs, apart: Option<&CostDifference>) -> Vec<String> {
    let mut row = vec!["together".to_owned()];
    let cell = |cost: &ExecutionCost| cost.span.map(|span| words::time(span.mean_ns));
    row.extend(costs.iter().map(|(cost, _)| cell(cost).unwrap_or_else(|| UNKNOWN.to_owned())));
    row.extend(apart.map(|apart| words::apart((apart.span_ns, apart.span_percent))));
    row
}

fn memory(costs: &Costs, has_apart: bool) -> Vec<String> {
    let mut row = vec!["memory".to_owned()];
    let cell = |cost: &ExecutionCost| words::memory(cost).join(", ");
    row.extend(
        costs
            .iter()
            .map(|(cost, _)| Some(cell(cost)).filter(|text| !text.is_empty()))
            .map(|text| text.unwrap_or_else(|| UNKNOWN.to_owned())),
    );
    row.extend(has_apart.then(String::new));
    row
}

/// Start latencies, and times from the exit to the join.
pub fn launch(page: &mut Page, experiment: &Experiment, found: &[LaunchCostsEntry]) {
    let settings: Vec<Setting> =
        launch_costs::launch_costs(experiment).into_iter().map(|costs| costs.setting).collect();
    let heads = ["", "p50", "p90", "p99", "max", "Executions"].map(str::to_owned);
    let row = |name: &str, entry: &LatencyEntry| {
        let mut cells = vec![name.to_owned()];
        let quantiles = [entry.p50, entry.p90, entry.p99, entry.max];
        cells.extend(quantiles.map(|ns| ns.map_or_else(|| UNKNOWN.to_owned(), words::time)));
        cells.push(entry.count.to_string());
        cells
    };
    let rows = found.iter().zip(&settings).flat_map(|(entry, setting)| {
        let name = label(*setting, &settings);
        let start = row(&format!("{name}: start latency"), &entry.start_latency_ns);
        [start, row(&format!("{name}: exit to join"), &entry.exit_to_join_ns)]
    });
    let rows: Vec<_> = rows.collect();
    if rows.is_empty() {
        return;
    }
    page.heading(2, "Launch costs");
    page.table(&heads, &rows);
    page.paragraph(
        "Start latency: from the launch call to the first instruction of the target. Exit to join: from the end of a \
         thread or process to the return of join. Over all executions of the measured repeats.",
    );
}
