//! Per-core CPU usage over the time axis of the timelines: a step area for each core, or a heat map of many.

use super::axis::{LABELS_WIDTH, round_up, time_plot};
use super::navigate::{Marking, focus_ring, navigate};
use super::range::TimeRange;
use crate::analysis::palette::Rgb;
use crate::analysis::timeline::cores::{Column, columns};
use crate::model::Sample;
use eframe::egui::{self, Color32, Id, Mesh, Rect, Response, Role, Shape, Ui, WidgetInfo, pos2};
use egui_plot::{AxisHints, GridMark, Plot, PlotBounds, PlotGeometry, PlotItem, PlotItemBase, PlotTransform};
use std::ops::RangeInclusive;

/// With more cores than this, usage is told by colour and not by height.
const MAX_AREAS: usize = 8;
/// The least height of a core's own strip in a heat map, in points; thinner ones show their mean.
const MIN_STRIP: f32 = 2.0;
/// Room that the label of a core needs, in points.
const LABEL_ROOM: f32 = 17.0;

/// What to show.
pub struct CoresParams<'a> {
    /// Tells the panels of a window apart.
    pub id: Id,
    /// The same for all plots that share a cursor.
    pub link: Id,
    /// What a screen reader calls it: "CPU per core (estimate), threads".
    pub label: &'a str,
    /// The accent of the run's mode.
    pub color: Rgb,
    /// The samples, in order.
    pub samples: &'a [Sample],
    /// Where the run ends: a sample that goes on past it is drawn up to there.
    pub until_ns: u64,
    /// How many cores the machine has.
    pub cores: usize,
    /// The stretch of time, shared by all plots.
    pub range: &'a mut TimeRange,
    /// The latest instant of all plots that share the range, in nanoseconds.
    pub full_ns: u64,
    /// What this panel keeps.
    pub marking: &'a mut Marking,
    /// The height in points, with the time axis.
    pub height: f32,
    /// Whether the time axis has its labels.
    pub time_labels: bool,
}

/// Shows the usage of every core over the width that there is.
pub fn show(ui: &mut Ui, params: CoresParams<'_>) -> Response {
    let CoresParams { id, link, label, color, samples, until_ns, range, full_ns, marking, height, time_labels, .. } =
        params;
    let cores = params.cores.max(samples.iter().map(|sample| sample.busy.len()).max().unwrap_or(0)).max(1);
    let (from_ns, to_ns) = (range.from_ns, range.to_ns);
    let hints = AxisHints::new_y().min_thickness(LABELS_WIDTH).label_spacing(0.5..=1.0);
    let plot = time_plot(Plot::new(id), link, time_labels)
        .id(id)
        .height(height)
        .invert_y(true)
        .y_grid_spacer(move |_| marks(cores, height))
        .custom_y_axes(vec![hints.formatter(|mark, _| format!("core {}", mark.value as usize))]);
    let item = CoresItem { base: PlotItemBase::new("cores".to_owned()), color, samples, until_ns, cores };
    let shown = plot.show(ui, move |plot| {
        plot.set_plot_bounds_x(from_ns..=to_ns);
        plot.set_plot_bounds_y(0.0..=cores as f64);
        plot.add(item);
    });
    let (response, transform) = (shown.response, shown.transform);
    response.widget_info(|| WidgetInfo::labeled(Role::Figure, ui.is_enabled(), label));
    title(ui, &response);
    navigate(ui, &response, &transform, range, full_ns, marking);
    focus_ring(ui, &response);
    hover(&response, &transform, samples, cores);
    response
}

/// Says what the plot is, and that it is an estimate.
fn title(ui: &Ui, response: &Response) {
    let font = egui::TextStyle::Small.resolve(ui.style());
    let color = ui.visuals().text_color();
    let galley = ui.painter().layout_no_wrap("CPU per core (estimate)".to_owned(), font, color);
    let at = response.rect.right_top() + egui::vec2(-galley.size().x - 6.0, 3.0);
    let behind = Rect::from_min_size(at, galley.size()).expand2(egui::vec2(3.0, 1.0));
    ui.painter().rect_filled(behind, 2.0, ui.visuals().extreme_bg_color.gamma_multiply(0.8));
    ui.painter().galley(at, galley, color);
}

fn hover(response: &Response, transform: &PlotTransform, samples: &[Sample], cores: usize) {
    let Some(pos) = response.hover_pos().filter(|_| !response.dragged()) else { return };
    let at = transform.value_from_position(pos);
    let core = (at.y.max(0.0) as usize).min(cores - 1);
    let after = samples.partition_point(|sample| (sample.to_ns as f64) <= at.x);
    let Some(busy) = samples.get(after).filter(|sample| sample.from_ns as f64 <= at.x).and_then(|s| s.busy.get(core))
    else {
        return;
    };
    let anchor = egui::PopupAnchor::Pointer;
    let tooltip = egui::Tooltip::always_open(response.ctx.clone(), response.layer_id, response.id, anchor);
    tooltip.gap(16.0).show(|ui| ui.label(format!("core {core}: {:.0} % busy (estimate)", busy * 100.0)));
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
    until_ns: u64,
    cores: usize,
}

impl CoresItem<'_> {
    fn areas(&self, transform: &PlotTransform, columns: &[Column], mesh: &mut Mesh) {
        let frame = *transform.frame();
        let strip = frame.height() / self.cores as f32;
        let [r, g, b] = self.color;
        let (fill, edge) = (Color32::from_rgba_unmultiplied(r, g, b, 150), Color32::from_rgb(r, g, b));
        for column in columns {
            let (left, right) = ends(transform, column);
            for (core, busy) in column.busy.iter().enumerate().take(self.cores) {
                let foot = frame.top() + strip * (core as f32 + 1.0) - 1.0;
                let top = foot - busy.clamp(0.0, 1.0) * (strip - 3.0);
                mesh.add_colored_rect(Rect::from_min_max(pos2(left, top), pos2(right, foot)), fill);
                mesh.add_colored_rect(Rect::from_min_max(pos2(left, top - 1.0), pos2(right, top)), edge);
            }
        }
    }

    fn heat(&self, transform: &PlotTransform, columns: &[Column], mesh: &mut Mesh) {
        let frame = *transform.frame();
        let strips = self.cores.min((frame.height() / MIN_STRIP) as usize).max(1);
        let y = |strip: usize| frame.top() + frame.height() * strip as f32 / strips as f32;
        for column in columns {
            let (left, right) = ends(transform, column);
            for strip in 0..strips {
                let cores = strip * self.cores / strips..(strip + 1) * self.cores / strips;
                let busy: f32 = cores.clone().filter_map(|core| column.busy.get(core)).sum();
                let color = heat_color(self.color, busy / cores.len().max(1) as f32);
                mesh.add_colored_rect(Rect::from_min_max(pos2(left, y(strip)), pos2(right, y(strip + 1))), color);
            }
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

fn ends(transform: &PlotTransform, column: &Column) -> (f32, f32) {
    (transform.position_from_point_x(column.from_ns), transform.position_from_point_x(column.to_ns))
}

/// From nothing to the full colour; a sampled core that idles is told from a gap.
fn heat_color([r, g, b]: Rgb, busy: f32) -> Color32 {
    Color32::from_rgba_unmultiplied(r, g, b, 22 + (233.0 * busy.clamp(0.0, 1.0)) as u8)
}

impl PlotItem for CoresItem<'_> {
    fn shapes(&self, ui: &Ui, transform: &PlotTransform, shapes: &mut Vec<Shape>) {
        let bounds = transform.bounds();
        let (from, to) = (bounds.min()[0].max(0.0), bounds.max()[0].min(self.until_ns as f64));
        let point_ns = transform.dvalue_dpos()[0].abs();
        let columns = columns(self.samples, from, to, point_ns * 2.0);
        let mut mesh = Mesh::default();
        if self.cores <= MAX_AREAS {
            self.areas(transform, &columns, &mut mesh);
            self.lines(ui, transform, shapes);
        } else {
            self.heat(transform, &columns, &mut mesh);
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
