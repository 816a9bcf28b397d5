//! Per-core CPU usage over the time axis of the timelines, in two layers: the machine's, an estimate, pale with an
//! outline, and over it the run's own, exact where it has slices. A step area for each core, or a heat map of many.

use super::axis::{LABELS_WIDTH, round_up, time_plot};
use super::cores_legend;
use super::navigate::{Marking, focus_ring, navigate};
use super::range::TimeRange;
use crate::theme;
use eframe::egui::{self, Color32, Id, Mesh, Rect, Response, Role, Shape, Ui, WidgetInfo, pos2};
use egui_plot::{AxisHints, GridMark, Plot, PlotBounds, PlotGeometry, PlotItem, PlotItemBase, PlotTransform};
use model::{Run, Sample};
use scene::{
    core_use::{OwnUse, own_use},
    palette::Rgb,
    timeline::cores::{Column, columns},
};
use std::{ops::RangeInclusive, sync::Arc};

/// With more cores than this, usage is told by colour and not by height.
const MAX_AREAS: usize = 8;
/// The least height of a core's own strip in a heat map, in points; thinner ones show their mean.
const MIN_STRIP: f32 = 2.0;
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
    let until_ns = run.makespan_ns.unwrap_or(run.now_ns);
    let item = CoresItem { base, color, samples: &run.cores, own: own.clone(), until_ns, cores };
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
    let step = round_up(f64::from(LABEL_ROOM / (height / cores as f32)).max(1.0)).ceil() as usize;
    (0..cores).step_by(step).map(|core| GridMark { value: core as f64 + 0.5, step_size: cores as f64 }).collect()
}

struct CoresItem<'a> {
    base: PlotItemBase,
    color: Rgb,
    samples: &'a [Sample],
    own: Arc<Option<OwnUse>>,
    until_ns: u64,
    cores: usize,
}

/// The strip of one core: from where to where, and how high full use is.
struct Strip {
    foot: f32,
    height: f32,
}

impl Strip {
    fn top(&self, busy: f32) -> f32 {
        self.foot - busy.clamp(0.0, 1.0) * self.height
    }
}

impl CoresItem<'_> {
    fn strip(&self, transform: &PlotTransform, core: usize) -> Strip {
        let frame = *transform.frame();
        let strip = frame.height() / self.cores as f32;
        Strip { foot: frame.top() + strip * (core as f32 + 1.0) - 1.0, height: strip - 3.0 }
    }

    /// The machine: a pale area.
    fn machine(&self, transform: &PlotTransform, columns: &[Column], grey: Color32, mesh: &mut Mesh) {
        for column in columns {
            let (left, right) = ends(transform, column.from_ns, column.to_ns);
            for (core, busy) in column.busy.iter().enumerate().take(self.cores) {
                let strip = self.strip(transform, core);
                mesh.add_colored_rect(Rect::from_min_max(pos2(left, strip.top(*busy)), pos2(right, strip.foot)), grey);
            }
        }
    }

    /// The run's own use, filled.
    fn filled(&self, transform: &PlotTransform, own: &OwnUse, mesh: &mut Mesh) {
        let fill = theme::color(self.color);
        for (core, columns) in own.busy.iter().enumerate().take(self.cores) {
            let strip = self.strip(transform, core);
            for (first, last, busy) in levels(columns) {
                let (left, right) = ends(transform, own.edges(first).0, own.edges(last).1);
                if right > left {
                    let area = Rect::from_min_max(pos2(left, strip.top(busy)), pos2(right, strip.foot));
                    mesh.add_colored_rect(area, fill);
                }
            }
        }
    }

    /// The machine's outline, over both: it is seen where the estimate lies below what is exact, too.
    fn outline(&self, transform: &PlotTransform, columns: &[Column], ink: Color32, mesh: &mut Mesh) {
        for core in 0..self.cores {
            let strip = self.strip(transform, core);
            let mut before: Option<(f32, f32)> = None;
            for column in columns {
                let Some(busy) = column.busy.get(core) else { continue };
                let (left, right) = ends(transform, column.from_ns, column.to_ns);
                let top = strip.top(*busy);
                mesh.add_colored_rect(Rect::from_min_max(pos2(left, top - 0.5), pos2(right, top + 0.5)), ink);
                if let Some((_, last)) = before.filter(|(end, _)| (left - end).abs() < 1.0) {
                    let (upper, lower) = (top.min(last), top.max(last));
                    mesh.add_colored_rect(Rect::from_min_max(pos2(left - 0.5, upper), pos2(left + 0.5, lower)), ink);
                }
                before = Some((right, top));
            }
        }
    }

    fn heat(&self, transform: &PlotTransform, columns: &[Column], grey: Rgb, mesh: &mut Mesh) {
        for column in columns {
            let ends = ends(transform, column.from_ns, column.to_ns);
            self.heat_column(transform, ends, |core| column.busy.get(core).copied(), grey, mesh);
        }
        let Some(own) = self.own.as_ref() else { return };
        let count = own.busy.first().map_or(0, Vec::len);
        for at in 0..count {
            let (left, right) = own.edges(at);
            let ends = ends(transform, left, right);
            self.heat_column(transform, ends, |core| own.busy.get(core).map(|busy| busy[at]), self.color, mesh);
        }
    }

    fn heat_column(
        &self,
        transform: &PlotTransform,
        (left, right): (f32, f32),
        busy: impl Fn(usize) -> Option<f32>,
        color: Rgb,
        mesh: &mut Mesh,
    ) {
        if right <= left {
            return;
        }
        let frame = *transform.frame();
        let strips = self.cores.min((frame.height() / MIN_STRIP) as usize).max(1);
        let y = |strip: usize| frame.top() + frame.height() * strip as f32 / strips as f32;
        for strip in 0..strips {
            let cores = strip * self.cores / strips..(strip + 1) * self.cores / strips;
            let sum: f32 = cores.clone().filter_map(&busy).sum();
            let color = heat_color(color, sum / cores.len().max(1) as f32);
            mesh.add_colored_rect(Rect::from_min_max(pos2(left, y(strip)), pos2(right, y(strip + 1))), color);
        }
    }

    /// Lines between cores, so that an idle one is seen to be there.
    fn lines(&self, ui: &Ui, transform: &PlotTransform, shapes: &mut Vec<Shape>) {
        let frame = *transform.frame();
        for core in 1..self.cores {
            let y = frame.top() + frame.height() * core as f32 / self.cores as f32;
            shapes.push(Shape::hline(frame.x_range(), y, ui.visuals().widgets.noninteractive.bg_stroke));
        }
    }
}

/// Neighbouring columns of one level: the first, the last, and the level; those of none are left out.
fn levels(columns: &[f32]) -> impl Iterator<Item = (usize, usize, f32)> + '_ {
    let mut at = 0;
    let chunks = columns.chunk_by(|a, b| a == b).map(move |chunk| {
        let first = at;
        at += chunk.len();
        (first, at - 1, chunk[0])
    });
    chunks.filter(|(.., busy)| *busy > 0.0)
}

fn ends(transform: &PlotTransform, from_ns: f64, to_ns: f64) -> (f32, f32) {
    (transform.position_from_point_x(from_ns), transform.position_from_point_x(to_ns))
}

/// From nothing to the full colour; a core that idles is told from a gap.
fn heat_color([r, g, b]: Rgb, busy: f32) -> Color32 {
    Color32::from_rgba_unmultiplied(r, g, b, 16 + (239.0 * busy.clamp(0.0, 1.0)) as u8)
}

impl PlotItem for CoresItem<'_> {
    fn shapes(&self, ui: &Ui, transform: &PlotTransform, shapes: &mut Vec<Shape>) {
        let bounds = transform.bounds();
        let (from, to) = (bounds.min()[0].max(0.0), bounds.max()[0].min(self.until_ns as f64));
        let point_ns = transform.dvalue_dpos()[0].abs();
        let columns = columns(self.samples, from, to, point_ns * f64::from(COLUMN));
        let (pale, ink) = cores_legend::machine_colors(ui.visuals());
        let mut mesh = Mesh::default();
        if self.cores <= MAX_AREAS {
            self.machine(transform, &columns, pale, &mut mesh);
            self.own.as_ref().iter().for_each(|own| self.filled(transform, own, &mut mesh));
            self.outline(transform, &columns, ink, &mut mesh);
            self.lines(ui, transform, shapes);
        } else {
            self.heat(transform, &columns, [ink.r(), ink.g(), ink.b()], &mut mesh);
        }
        shapes.push(Shape::mesh(mesh));
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
