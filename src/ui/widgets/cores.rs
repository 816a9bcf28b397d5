//! CPU usage by core over the time axis of the timelines, in two layers: the machine's, an estimate, pale with an
//! outline; and over it the run's own, exact where the run has exact slices. Each core is a step area; many cores are a
//! heat map.

use super::axis::{LABELS_WIDTH, time_plot};
use super::navigate::{Marking, focus_ring, navigate};
use super::plotted::Plotted;
use super::range::TimeRange;
use crate::picture;
use eframe::egui::{self, Id, Response, Role, Sense, TextStyle, Ui, WidgetInfo, vec2};
use egui_plot::{AxisHints, GridMark, Plot, PlotTransform};
use model::{Run, Sample};
use scene::{
    charts::cores::{self, Layers},
    core_use::{MACHINE, MACHINE_EXPLAINED, OwnSource, OwnUse, own_use},
    ticks::round_step,
};
use std::sync::Arc;

/// The height that the label of a core needs, in points.
const LABEL_ROOM: f32 = 17.0;
/// The width of a column of the run's own use, in points.
const COLUMN: f32 = 2.0;
/// The height of the key of the layers, above the plot.
pub const LEGEND: f32 = 15.0;

/// What to show.
pub struct CoresParams<'a> {
    /// Tells the window's panels apart.
    pub id: Id,
    /// The same for all plots that share a cursor.
    pub link: Id,
    /// Its accessible name: "CPU per core, threads".
    pub label: &'a str,
    /// The run.
    pub run: &'a Run,
    /// How many cores the machine has.
    pub cores: usize,
    /// The stretch of time that all plots share.
    pub range: &'a mut TimeRange,
    /// The latest instant of all plots that share the range, in nanoseconds.
    pub full_ns: u64,
    /// The region being marked, which this panel keeps.
    pub marking: &'a mut Marking,
    /// The height in points, with the legend and the time axis.
    pub height: f32,
    /// Whether the time axis has its labels.
    pub time_labels: bool,
}

/// Shows the usage of every core over the available width.
pub fn show(ui: &mut Ui, params: CoresParams<'_>) -> Response {
    let CoresParams { id, link, label, run, range, full_ns, marking, height, time_labels, .. } = params;
    let sampled = run.cores.iter().map(|sample| sample.busy.len()).max().unwrap_or(0);
    let cores = params.cores.max(sampled).max(run.slices.cores().len()).max(1);
    let (from_ns, to_ns) = (range.from_ns, range.to_ns);
    let own = own(ui, id, run, cores, (from_ns, to_ns));
    key(ui, run, own.as_ref().as_ref().map(|own| own.source));
    let height = height - LEGEND - ui.spacing().item_spacing.y;
    let hints = AxisHints::new_y().min_thickness(LABELS_WIDTH).label_spacing(0.5..=1.0);
    let plot = time_plot(Plot::new(id), link, time_labels)
        .id(id)
        .height(height)
        .invert_y(true)
        .y_grid_spacer(move |_| marks(cores, height))
        .custom_y_axes(vec![hints.formatter(|mark, _| format!("core {}", mark.value as usize))]);
    let drawn = own.clone();
    let shown = plot.show(ui, move |plot| {
        plot.set_plot_bounds_x(from_ns..=to_ns);
        plot.set_plot_bounds_y(0.0..=cores as f64);
        plot.add(Plotted::new(move |_, picture, axis, area| {
            let layers = Layers { run, cores, own: (*drawn).as_ref(), area };
            layers.lines(picture);
            layers.draw(picture, axis);
        }));
    });
    let (response, transform) = (shown.response, shown.transform);
    response.widget_info(|| WidgetInfo::labeled(Role::Figure, ui.is_enabled(), label));
    navigate(ui, &response, &transform, range, full_ns, marking);
    focus_ring(ui, &response);
    hover(&response, &transform, &run.cores, own.as_ref().as_ref(), cores);
    response
}

/// Shows the key of the layers above the plot, from its left edge on.
fn key(ui: &mut Ui, run: &Run, own: Option<OwnSource>) {
    let (line, _) = ui.allocate_exact_size(vec2(ui.available_width(), LEGEND), Sense::hover());
    let mut picture = picture::of_points(ui, line.width());
    let size = f64::from(TextStyle::Small.resolve(ui.style()).size);
    let middle = f64::from(LEGEND) / 2.0;
    cores::key(&mut picture, (f64::from(LABELS_WIDTH), middle + 0.36 * size), size, run, own);
    ui.painter().extend(picture::shapes(ui, &picture, line.min));
}

/// What the columns of a view depend on.
#[derive(Clone, Copy, PartialEq)]
struct Key {
    run: u32,
    slices: usize,
    ended: bool,
    cores: usize,
    view: (f64, f64, usize),
}

/// The run's own use in this view; computed anew only where the view or the run has changed.
fn own(ui: &Ui, id: Id, run: &Run, cores: usize, (from_ns, to_ns): (f64, f64)) -> Arc<Option<OwnUse>> {
    let count = ((ui.available_width() - LABELS_WIDTH) / COLUMN).max(1.0) as usize;
    let key =
        Key { run: run.id, slices: run.slices.len(), ended: run.end.is_some(), cores, view: (from_ns, to_ns, count) };
    let kept: Option<(Key, Arc<Option<OwnUse>>)> = ui.data(|data| data.get_temp(id));
    if let Some((_, own)) = kept.filter(|(of, _)| *of == key) {
        return own;
    }
    // The view may begin before the origin; the columns keep their width.
    let column_ns = (to_ns - from_ns) / count as f64;
    let columns = ((to_ns - from_ns.max(0.0)) / column_ns).ceil().max(1.0);
    let from_ns = from_ns.max(0.0);
    let to_ns = from_ns + columns * column_ns;
    let own = Arc::new(own_use(run, cores, from_ns as u64, to_ns as u64, columns as usize));
    ui.data_mut(|data| data.insert_temp(id, (key, own.clone())));
    own
}

fn hover(response: &Response, transform: &PlotTransform, samples: &[Sample], own: Option<&OwnUse>, cores: usize) {
    let Some(pos) = response.hover_pos().filter(|_| !response.dragged()) else { return };
    let at = transform.value_from_position(pos);
    let core = (at.y.max(0.0) as usize).min(cores - 1);
    let after = samples.partition_point(|sample| (sample.to_ns as f64) <= at.x);
    let sample = samples.get(after).filter(|sample| sample.from_ns as f64 <= at.x);
    let machine = sample.and_then(|sample| sample.busy.get(core)).copied();
    let own = own.and_then(|own| Some((own.source, own.at(core, at.x)?)));
    let Some(text) = tooltip(core, own, machine) else { return };
    let anchor = egui::PopupAnchor::Pointer;
    let tooltip = egui::Tooltip::always_open(response.ctx.clone(), response.layer_id, response.id, anchor);
    tooltip.gap(16.0).show(|ui| ui.label(text));
}

/// Labels for as many cores as have room.
fn marks(cores: usize, height: f32) -> Vec<GridMark> {
    let step = round_step(f64::from(LABEL_ROOM / (height / cores as f32)).max(1.0)).ceil() as usize;
    (0..cores).step_by(step).map(|core| GridMark { value: core as f64 + 0.5, step_size: cores as f64 }).collect()
}

/// The words for a core at an instant.
fn tooltip(core: usize, own: Option<(OwnSource, f32)>, machine: Option<f32>) -> Option<String> {
    let own_line = own.map(|(source, busy)| format!("{}: {:.0} %", source.words(), busy * 100.0));
    let machine_line = machine.map(|busy| format!("{MACHINE}: {:.0} %", busy * 100.0));
    let lines: Vec<String> = own_line.into_iter().chain(machine_line).collect();
    if lines.is_empty() {
        return None;
    }
    let why = own.map(|(source, _)| source.explained()).into_iter().chain(machine.map(|_| MACHINE_EXPLAINED));
    Some(format!("core {core}\n{}\n\n{}", lines.join("\n"), why.collect::<Vec<_>>().join("\n")))
}
