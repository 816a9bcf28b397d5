//! A sweep: its points, the laws fitted to them, the best settings, and where settings overtake each other.

use super::page::{Page, plain};
use insight::{label::label, table::UNKNOWN};
use model::{
    Experiment, Setting,
    quantity::{Unit, figures},
    scaling::{Estimate, Fit, Law, Point, Scaling},
};

/// Writes a sweep's results.
pub fn write(page: &mut Page, experiment: &Experiment, sweep: &Scaling) {
    let settings = experiment.settings();
    page.heading(2, &format!("Sweep of {}", sweep.axis.title()));
    let best = sweep.best.iter().map(|best| best.sentence.clone());
    let notes = sweep.notes.iter().map(|note| plain(note));
    let crossings = sweep.crossings.iter().map(|crossing| crossing.sentence.clone());
    page.list(best.chain(crossings).map(|sentence| format!("**{}**", plain(&sentence))).chain(notes));
    points(page, sweep, &settings);
    if !sweep.fits.is_empty() {
        page.heading(3, "Fits");
        page.list(sweep.fits.iter().map(|fit| self::fit(fit, &settings)));
    }
}

fn points(page: &mut Page, sweep: &Scaling, settings: &[Setting]) {
    let scales = sweep.points.iter().any(|point| point.speedup.is_some());
    let mut heads = vec!["Setting".to_owned(), sweep.axis.title(), "Repeats".to_owned(), "Makespan".to_owned()];
    heads.push("Executions/s".to_owned());
    heads.extend(scales.then(|| ["Speedup", "Efficiency"].map(str::to_owned)).into_iter().flatten());
    let row = |point: &Point| {
        let value = point.setting.argument.map_or_else(|| point.setting.workers.to_string(), |value| value.to_string());
        let time = |ns| Unit::Time.text(ns);
        let mut cells = vec![curve(point.setting, settings), value, point.repeats.to_string()];
        cells.push(estimate(point.makespan_ns.as_ref(), time));
        cells.push(estimate(point.throughput_per_s.as_ref(), figures));
        if scales {
            let of = |value: Option<f64>, interval: &Option<Estimate>| match (interval, value) {
                (Some(interval), _) => estimate(Some(interval), figures),
                (None, value) => value.map_or_else(|| UNKNOWN.to_owned(), figures),
            };
            cells.push(of(point.speedup, &point.speedup_interval));
            cells.push(of(point.efficiency, &point.efficiency_interval));
        }
        cells
    };
    page.table(&heads, &sweep.points.iter().map(row).collect::<Vec<_>>());
    page.paragraph("Medians with their 95 % intervals in brackets.");
    let notes = sweep.points.iter().filter_map(|point| Some((point, point.note.as_ref()?)));
    page.list(notes.map(|(point, note)| format!("{}: {}", plain(&name(point.setting, settings)), plain(note))));
}

/// The label of a setting among the others.
fn name(side: Setting, settings: &[Setting]) -> String {
    label(side, settings)
}

/// `1.84 s (1.80 s to 1.90 s)`; a dash where it is unknown.
fn estimate(estimate: Option<&Estimate>, text: impl Fn(f64) -> String) -> String {
    let Some(Estimate { median, low, high }) = estimate else { return UNKNOWN.to_owned() };
    match (low, high) {
        (Some(low), Some(high)) => format!("{} ({} to {})", text(*median), text(*low), text(*high)),
        _ => text(*median),
    }
}

fn fit(fit: &Fit, settings: &[Setting]) -> String {
    let law = match fit.law {
        Law::Amdahl => "Amdahl's law",
        Law::Usl => "Universal Scalability Law",
    };
    let parameter = |(name, value): (&String, &f64)| {
        let text = |value: f64| if name.ends_with("_ns") { Unit::Time.text(value) } else { figures(value) };
        let error = fit.errors.get(name).map(|error| format!(" ± {}", text(*error))).unwrap_or_default();
        format!("{} = {}{error}", name.trim_end_matches("_ns"), text(*value))
    };
    let parameters: Vec<_> = fit.parameters.iter().map(parameter).collect();
    let parts = (!parameters.is_empty()).then(|| parameters.join(", ")).into_iter().chain(fit.note.clone());
    let curve = curve(fit.setting, settings);
    format!("{}, {law}: {}", plain(&curve), plain(&parts.collect::<Vec<_>>().join("; ")))
}

/// The label of a curve among the others: without workers and argument, which change along the curve.
fn curve(setting: Setting, settings: &[Setting]) -> String {
    let bare = |setting: &Setting| Setting { workers: 0, argument: None, ..*setting };
    let all: Vec<Setting> = settings.iter().map(bare).collect();
    label(bare(&setting), &all)
}
