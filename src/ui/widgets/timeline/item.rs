//! The timeline as an item of egui_plot: axes, grid and cursor are the plot's, the bars are one mesh.

use super::left;
use super::paint::{self, Rows};
use super::rows::RowsInView;
use eframe::egui::text::{LayoutJob, TextWrapping};
use eframe::egui::{Color32, FontId, Mesh, Rect, Shape, Stroke, StrokeKind, TextStyle, Ui, epaint, pos2, vec2};
use egui_plot::{PlotBounds, PlotGeometry, PlotItem, PlotItemBase, PlotTransform};
use model::{Phase, Run, Stage};
use scene::charts::brush::Layer;
use scene::timeline::{BarPlace, Filter, Index, hit};
use std::{ops::RangeInclusive, sync::Arc};

/// A bar shows its label where it has at least so many points.
const LABEL_POINTS: f32 = 44.0;
/// Rows thinner than this show no labels.
const LABEL_ROW: f32 = 14.0;

/// Behind a label on a bar of several colours.
const PLATE: Color32 = Color32::from_rgba_premultiplied(170, 170, 170, 170);

/// The bars of a run.
pub struct TimelineItem<'a> {
    base: PlotItemBase,
    run: &'a Run,
    index: &'a Index,
    rows: RowsInView,
    selected: Option<BarPlace>,
    filter: Filter,
}

impl<'a> TimelineItem<'a> {
    /// The bars of a run, with one of them outlined, and with what is switched off faint.
    pub fn new(run: &'a Run, index: &'a Index, rows: RowsInView, selected: Option<BarPlace>, filter: Filter) -> Self {
        Self { base: PlotItemBase::new("timeline".to_owned()), run, index, rows, selected, filter }
    }

    /// Names of executions, in bars that have room for them.
    fn labels(&self, ui: &Ui, transform: &PlotTransform, lanes: &Rows, shapes: &mut Vec<Shape>) {
        if lanes.row_points() < LABEL_ROW {
            return;
        }
        let frame = *transform.frame();
        let font = TextStyle::Small.resolve(ui.style());
        for row in (lanes.first.floor() as u32)..(lanes.last.ceil() as u32).min(self.index.rows()) {
            let mut x = frame.left() + 1.0;
            while x < frame.right() {
                x = self.label(ui, transform, lanes, row, x, &font, shapes).max(x + LABEL_POINTS / 2.0);
            }
        }
    }

    /// Names the execution at a place, where it has room; returns where its target ends.
    #[expect(clippy::too_many_arguments, reason = "one place of one row, in the plot's terms")]
    fn label(
        &self,
        ui: &Ui,
        transform: &PlotTransform,
        lanes: &Rows,
        row: u32,
        x: f32,
        font: &FontId,
        shapes: &mut Vec<Shape>,
    ) -> f32 {
        let ns = transform.value_from_position(pos2(x, 0.0)).x;
        let Some(hit) = hit(self.index, ns, row, 0.0).filter(|hit| hit.phase == Phase::InTarget) else { return x };
        let Some(execution) = self.run.executions.get(hit.execution as usize) else { return x };
        let frame = *transform.frame();
        let stamp = |stage| execution.stamps.get(stage).map(|ns| transform.position_from_point_x(ns as f64));
        let now = transform.position_from_point_x(self.index.extent_ns() as f64);
        let left = stamp(Stage::Entered).unwrap_or(x).max(frame.left());
        let right = stamp(Stage::Left).or(stamp(Stage::Exited)).unwrap_or(now).min(frame.right());
        if right - left >= LABEL_POINTS {
            let (top, bottom) = lanes.span(row, 1);
            let rect = Rect::from_min_max(pos2(left + 4.0, top), pos2(right - 4.0, bottom));
            let divided = self.index.profiles().get(hit.execution).is_some();
            shapes.extend(text(ui, execution.label(), rect, font.clone(), divided));
        }
        right + 1.0
    }

    fn outline(&self, ui: &Ui, transform: &PlotTransform, lanes: &Rows, shapes: &mut Vec<Shape>) {
        let Some(place) = self.selected else { return };
        let x = |ns: u64| transform.position_from_point_x(ns as f64);
        let rect = paint::outline(lanes, place.row, x(place.from_ns), x(place.to_ns));
        shapes.extend(frame(ui, rect.expand(1.0), 2.0));
    }
}

/// The outline of a rectangle, told from any colour below it.
pub fn frame(ui: &Ui, rect: Rect, width: f32) -> [Shape; 2] {
    let visuals = ui.visuals();
    let lines = [(2.0 * width, visuals.extreme_bg_color), (width, visuals.strong_text_color())];
    lines.map(|(width, color)| {
        Shape::Rect(epaint::RectShape::stroke(rect, 2.0, Stroke::new(width, color), StrokeKind::Middle))
    })
}

/// A line of text within a rectangle, cut with an ellipsis; on a plate where the bar has several colours.
fn text(ui: &Ui, label: String, rect: Rect, font: FontId, plate: bool) -> Vec<Shape> {
    let mut job = LayoutJob::simple_singleline(label, font, Color32::BLACK);
    job.wrap = TextWrapping::truncate_at_width(rect.width());
    let galley = ui.fonts_mut(|fonts| fonts.layout_job(job));
    let at = pos2(rect.left(), rect.center().y - galley.size().y / 2.0);
    let behind = Rect::from_min_size(at, galley.size()).expand2(vec2(3.0, 0.0)).intersect(rect.expand2(vec2(3.0, 0.0)));
    let plate = plate.then(|| Shape::rect_filled(behind, 2.0, PLATE));
    plate.into_iter().chain([Shape::galley(at, galley, Color32::BLACK)]).collect()
}

impl PlotItem for TimelineItem<'_> {
    fn shapes(&self, ui: &Ui, transform: &PlotTransform, shapes: &mut Vec<Shape>) {
        let on = self.rows.on(*transform.frame());
        let bounds = transform.bounds();
        let view = (bounds.min()[0], bounds.max()[0]);
        // The memory of the frame before: megabytes of fresh pages would cost as much as filling them.
        let id = ui.scope_id().with("mesh");
        let mut mesh = ui.data_mut(|data| data.remove_temp::<Arc<Mesh>>(id)).unwrap_or_default();
        if let Some(mesh) = Arc::get_mut(&mut mesh) {
            mesh.clear();
        } else {
            mesh = Arc::default();
        }
        let fresh = Arc::get_mut(&mut mesh).expect("nobody else has it");
        for (layer, rows) in [(Layer::Rows, Some(on.main)), (Layer::Gil, on.gil), (Layer::Rows, Some(on.lanes))] {
            if let Some(rows) = rows {
                paint::paint(fresh, self.index, layer, &rows, view, self.filter, ui.pixels_per_point());
            }
        }
        ui.data_mut(|data| data.insert_temp(id, mesh.clone()));
        shapes.push(Shape::Mesh(mesh));
        let line = ui.visuals().widgets.noninteractive.bg_stroke;
        for rows in [Some(on.main), on.gil].into_iter().flatten() {
            shapes.push(Shape::hline(transform.frame().x_range(), rows.rect.bottom(), line));
        }
        self.labels(ui, transform, &on.lanes, shapes);
        left::shapes(ui, self.index, &on.main, view, shapes);
        left::shapes(ui, self.index, &on.lanes, view, shapes);
        self.outline(ui, transform, &on.lanes, shapes);
    }

    fn initialize(&mut self, _x_range: RangeInclusive<f64>) {}

    fn color(&self) -> Color32 {
        Color32::TRANSPARENT
    }

    fn geometry(&self) -> PlotGeometry<'_> {
        PlotGeometry::None
    }

    fn bounds(&self) -> PlotBounds {
        PlotBounds::from_min_max([0.0, 0.0], [self.index.extent_ns() as f64, f64::from(self.index.rows())])
    }

    fn base(&self) -> &PlotItemBase {
        &self.base
    }

    fn base_mut(&mut self) -> &mut PlotItemBase {
        &mut self.base
    }
}
