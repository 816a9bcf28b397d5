//! Per-core CPU usage over the time axis of the timelines, in two layers: the machine's, an estimate, pale with an
//! outline, and over it the run's own, exact where it has slices. A step area for each core, or a heat map of many.

use super::axis::{LABELS_WIDTH, time_plot};
use super::cores_legend;
use super::navigate::{Marking, focus_ring, navigate};
use super::range::TimeRange;
use crate::picture;
use eframe::egui::{self, Color32, Id, Response, Role, Shape, Ui, WidgetInfo};
use egui_plot::{AxisHints, GridMark, Plot, PlotBounds, PlotGeometry, PlotItem, PlotItemBase, PlotTransform};
use model::{Run, Sample};
use scene::{
    charts::{axis::TimeAxis, cores::Layers},
    core_use::{OwnUse, own_use},
    palette::Rgb,
    picture::Area,
    ticks::round_step,
};
use std::{ops::RangeInclusive, sync::Arc};

/// With more cores than this, usage is told by colour and not by height.
const MAX_AREAS: usize = 8;
/// Room that the label of a core needs, in points.
const LABEL_ROOM: f32 = 17.0;
/// Width of a column of the run's own use, in points.
const COLUMN: f32 = 2.0;
/// Height of the line above the plot that says what is drawn how.
pub const LEGEND: f32 = 15.0;

/// What to show.
pub struct CoresParams<'a> {
    /// Tells the panels of a window apart.
    pub id: Id,
    /// The same for all plots that share a cursor.
    pub link: Id,
    /// What a screen reader calls it: "CPU per core, threads".
    pub label: &'a str,
    /// Of the run's own use.
    pub color: Rgb,
    /// The run.
    pub run: &'a Run,
    /// How many cores the machine has.
    pub cores: usize,
    /// The stretch of time, shared by all plots.
    pub range: &'a mut TimeRange,
    /// The latest instant of all plots that share the range, in nanoseconds.
    pub full_ns: u64,
    /// What this panel keeps.
    pub marking: &'a mut Marking,
    /// The height in points, with the legend and the time axis.
    pub height: f32,
    /// Whether the time axis has its labels.
    pub time_labels: bool,
}

/// Shows the usage of every core over the width that there is.
pub fn show(ui: &mut Ui, params: CoresParams<'_>) -> Response {
    let CoresParams { id, link, label, color, run, range, full_ns, marking, height, time_labels, .. } = params;
    let sampled = run.cores.iter().map(|sample| sample.busy.len()).max().unwrap_or(0);
    let cores = params.cores.max(sampled).max(run.slices.cores().len()).max(1);
    let (from_ns, to_ns) = (range.from_ns, range.to_ns);
    let own = own(ui, id, run, cores, (from_ns, to_ns));
    let source = own.as_ref().as_ref().map(|own| own.source);
    cores_legend::show(ui, (LEGEND, LABELS_WIDTH), color, source, sampled > 0 || run.end.is_none());
    let height = height - LEGEND - ui.spacing().item_spacing.y;
    let hints = AxisHints::new_y().min_thickness(LABELS_WIDTH).label_spacing(0.5..=1.0);
    let plot = time_plot(Plot::new(id), link, time_labels)
        .id(id)
        .height(height)
        .invert_y(true)
        .y_grid_spacer(move |_| marks(cores, height))
        .custom_y_axes(vec![hints.formatter(|mark, _| format!("core {}", mark.value as usize))]);
    let base = PlotItemBase::new("cores".to_owned());
    let item = CoresItem { base, run, own: own.clone(), cores };
    let shown = plot.show(ui, move |plot| {
        plot.set_plot_bounds_x(from_ns..=to_ns);
        plot.set_plot_bounds_y(0.0..=cores as f64);
        plot.add(item);
    });
    let (response, transform) = (shown.response, shown.transform);
    response.widget_info(|| WidgetInfo::labeled(Role::Figure, ui.is_enabled(), label));
    navigate(ui, &response, &transform, range, full_ns, marking);
    focus_ring(ui, &response);
    hover(&response, &transform, &run.cores, own.as_ref().as_ref(), cores);
    response
}

/// What the columns of a view were made of.
#[derive(Clone, Copy, PartialEq)]
struct Key {
    run: u32,
    slices: usize,
    ended: bool,
    cores: usize,
    view: (f64, f64, usize),
}

/// The own use in this view; made anew only where the view or the run has changed.
fn own(ui: &Ui, id: Id, run: &Run, cores: usize, (from_ns, to_ns): (f64, f64)) -> Arc<Option<OwnUse>> {
    let count = ((ui.available_width() - LABELS_WIDTH) / COLUMN).max(1.0) as usize;
    let key =
        Key { run: run.id, slices: run.slices.len(), ended: run.end.is_some(), cores, view: (from_ns, to_ns, count) };
    let kept: Option<(Key, Arc<Option<OwnUse>>)> = ui.data(|data| data.get_temp(id));
    if let Some((_, own)) = kept.filter(|(of, _)| *of == key) {
        return own;
    }
    // The view may begin before the origin; its columns keep their width.
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
    let Some(text) = cores_legend::tooltip(core, own, machine) else { return };
    let anchor = egui::PopupAnchor::Pointer;
    let tooltip = egui::Tooltip::always_open(response.ctx.clone(), response.layer_id, response.id, anchor);
    tooltip.gap(16.0).show(|ui| ui.label(text));
}

/// A label for each core, as far as there is room.
fn marks(cores: usize, height: f32) -> Vec<GridMark> {
    let step = round_step(f64::from(LABEL_ROOM / (height / cores as f32)).max(1.0)).ceil() as usize;
    (0..cores).step_by(step).map(|core| GridMark { value: core as f64 + 0.5, step_size: cores as f64 }).collect()
}

struct CoresItem<'a> {
    base: PlotItemBase,
    run: &'a Run,
    own: Arc<Option<OwnUse>>,
    cores: usize,
}

impl CoresItem<'_> {
    /// Lines between cores, so that an idle one is seen to be there.
    fn lines(&self, ui: &Ui, transform: &PlotTransform, shapes: &mut Vec<Shape>) {
        let frame = *transform.frame();
        for core in 1..self.cores {
            let y = frame.top() + frame.height() * core as f32 / self.cores as f32;
            shapes.push(Shape::hline(frame.x_range(), y, ui.visuals().widgets.noninteractive.bg_stroke));
        }
    }
}

impl PlotItem for CoresItem<'_> {
    fn shapes(&self, ui: &Ui, transform: &PlotTransform, shapes: &mut Vec<Shape>) {
        let (bounds, frame) = (transform.bounds(), *transform.frame());
        let mut picture = picture::of_points(ui, frame.width());
        let (w, h) = (f64::from(frame.width()), f64::from(frame.height()));
        let axis = TimeAxis::between((bounds.min()[0], bounds.max()[0]), 0.0, w);
        let area = Area { x: 0.0, y: 0.0, w, h };
        Layers { run: self.run, cores: self.cores, own: (*self.own).as_ref(), area }.draw(&mut picture, &axis);
        if self.cores <= MAX_AREAS {
            self.lines(ui, transform, shapes);
        }
        shapes.extend(picture::shapes(ui, &picture, frame.min));
    }

    fn initialize(&mut self, _x_range: RangeInclusive<f64>) {}

    fn color(&self) -> Color32 {
        Color32::TRANSPARENT
    }

    fn geometry(&self) -> PlotGeometry<'_> {
        PlotGeometry::None
    }

    fn bounds(&self) -> PlotBounds {
        PlotBounds::from_min_max([0.0, 0.0], [1.0, self.cores as f64])
    }

    fn base(&self) -> &PlotItemBase {
        &self.base
    }

    fn base_mut(&mut self) -> &mut PlotItemBase {
        &mut self.base
    }
}
