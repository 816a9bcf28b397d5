//! The rows of cores as an item of egui_plot.

use super::lines;
use crate::picture;
use crate::widgets::timeline::{
    item::frame,
    paint::{Rows, outline, paint as paint_bars},
    rows::RowsInView,
};
use eframe::egui::{Align2, Color32, Mesh, Shape, Stroke, TextStyle, Ui, pos2, vec2};
use egui_plot::{PlotBounds, PlotGeometry, PlotItem, PlotItemBase, PlotTransform};
use model::Run;
use scene::{
    charts::{axis::TimeAxis, bars::RowStrip, brush::Layer, core_rows::CoreRows},
    picture::Area,
    timeline::{
        BarPlace, Filter, Index,
        core_rows::{Migration, Own, own},
    },
};
use std::ops::RangeInclusive;

/// Slices of an execution are outlined as one where they are nearer than this, in points.
const APART: f64 = 4.0;
/// The width of outlines: of what is selected, and of what is pointed at.
const OUTLINES: (f32, f32) = (1.5, 1.0);

/// The rows of cores of a run.
pub struct CoresItem<'a> {
    base: PlotItemBase,
    run: &'a Run,
    index: &'a Index,
    rows: RowsInView,
    filter: Filter,
    selected: Option<u32>,
    hovered: Option<u32>,
}

impl<'a> CoresItem<'a> {
    /// The rows of a run; the slices of the first execution are outlined, and of the second, where it is another.
    pub fn new(
        run: &'a Run,
        index: &'a Index,
        rows: RowsInView,
        filter: Filter,
        (selected, hovered): (Option<u32>, Option<u32>),
    ) -> Self {
        let hovered = hovered.filter(|id| Some(*id) != selected);
        Self { base: PlotItemBase::new("cores".to_owned()), run, index, rows, filter, selected, hovered }
    }

    /// The rows of cores, whose row n is core n.
    fn cores(&self, transform: &PlotTransform) -> Rows {
        let lanes = self.rows.on(*transform.frame()).lanes;
        Rows { first: lanes.first - 1.0, last: lanes.last - 1.0, ..lanes }
    }

    /// Who was on which core.
    fn slices(&self, ui: &Ui, rows: &Rows, instants: (f64, f64), shapes: &mut Vec<Shape>) {
        let axis = TimeAxis::between(instants, 0.0, f64::from(rows.rect.width()));
        let strip = rows.strip();
        let strip = RowStrip { area: Area { x: 0.0, y: 0.0, ..strip.area }, ..strip };
        let drawn = CoreRows { axis: &axis, strip, fold: ui.pixels_per_point() };
        let mut picture = picture::of_points(ui, rows.rect.width());
        drawn.draw(&mut picture, self.run);
        shapes.extend(picture::shapes(ui, &picture, rows.rect.min));
    }

    /// The bar of the execution that is pointed at, or selected, in its lane.
    fn bar(&self, ui: &Ui, transform: &PlotTransform, mesh: &mut Mesh) -> Vec<Shape> {
        let main = self.rows.on(*transform.frame()).main;
        let place = |id: u32| self.index.place(self.run.executions.get(id as usize)?);
        let Some(place) = self.hovered.or(self.selected).and_then(place) else {
            let (font, color) = (TextStyle::Small.resolve(ui.style()), ui.visuals().weak_text_color());
            let text = "Point at a slice to see the bar of its execution here";
            let galley = ui.painter().layout_no_wrap(text.to_owned(), font, color);
            let at = Align2::LEFT_CENTER.anchor_size(main.rect.left_center() + vec2(6.0, 0.0), galley.size());
            return vec![Shape::galley(at.min, galley, color)];
        };
        let BarPlace { row, from_ns, to_ns } = place;
        let rows = Rows { first: f64::from(row), last: f64::from(row + 1), ..main };
        paint_bars(mesh, self.index, Layer::Rows, &rows, view(transform), self.filter, ui.pixels_per_point());
        let x = |ns: u64| transform.position_from_point_x(ns as f64);
        frame(ui, outline(&rows, row, x(from_ns), x(to_ns)), OUTLINES.0).into()
    }

    /// The outlines of an execution's slices.
    fn outlines(&self, ui: &Ui, transform: &PlotTransform, own: &Own, width: f32, shapes: &mut Vec<Shape>) {
        let rows = self.cores(transform);
        let x = |ns: u64| transform.position_from_point_x(ns as f64);
        for stretch in &own.stretches {
            let (top, bottom) = rows.span(stretch.core, 1);
            if top < bottom {
                let rect = outline(&rows, stretch.core, x(stretch.from_ns), x(stretch.to_ns));
                shapes.extend(frame(ui, rect.intersect(rows.rect.expand(1.0)), width));
            }
        }
    }

    /// A thin line from where it left a core to where it goes on.
    fn connectors(&self, ui: &Ui, transform: &PlotTransform, own: &Own, shapes: &mut Vec<Shape>) {
        let rows = self.cores(transform);
        let lines = [(3.0, ui.visuals().extreme_bg_color), (1.25, ui.visuals().strong_text_color())];
        let x = |ns: u64| transform.position_from_point_x(ns as f64);
        for Migration { from, left_ns, to, came_ns } in &own.migrations {
            let (down, a, b) = (to > from, rows.span(*from, 1), rows.span(*to, 1));
            let ends = if down { (a.1, b.0) } else { (a.0, b.1) };
            let clamp = |y: f32| y.clamp(rows.rect.top(), rows.rect.bottom());
            let line = [pos2(x(*left_ns), clamp(ends.0)), pos2(x(*came_ns), clamp(ends.1))];
            for (width, color) in lines {
                shapes.push(Shape::line_segment(line, Stroke::new(width, color)));
            }
        }
    }
}

fn view(transform: &PlotTransform) -> (f64, f64) {
    let bounds = transform.bounds();
    (bounds.min()[0], bounds.max()[0])
}

impl PlotItem for CoresItem<'_> {
    fn shapes(&self, ui: &Ui, transform: &PlotTransform, shapes: &mut Vec<Shape>) {
        let (rows, (from_ns, to_ns)) = (self.cores(transform), view(transform));
        let mut mesh = Mesh::default();
        let bar = self.bar(ui, transform, &mut mesh);
        shapes.push(Shape::mesh(mesh));
        self.slices(ui, &rows, (from_ns, to_ns), shapes);
        let line = ui.visuals().widgets.noninteractive.bg_stroke;
        shapes.extend(lines::lines(&rows, self.rows.lanes(), line));
        shapes.extend(bar);
        let column_ns = APART * transform.dvalue_dpos()[0].abs();
        for (execution, width) in [(self.hovered, OUTLINES.1), (self.selected, OUTLINES.0)] {
            if let Some(execution) = execution {
                let own = own(self.run, execution, from_ns, to_ns, column_ns);
                self.outlines(ui, transform, &own, width, shapes);
                self.connectors(ui, transform, &own, shapes);
            }
        }
    }

    fn initialize(&mut self, _x_range: RangeInclusive<f64>) {}

    fn color(&self) -> Color32 {
        Color32::TRANSPARENT
    }

    fn geometry(&self) -> PlotGeometry<'_> {
        PlotGeometry::None
    }

    fn bounds(&self) -> PlotBounds {
        PlotBounds::from_min_max([0.0, 0.0], [self.index.extent_ns() as f64, f64::from(self.rows.lanes())])
    }

    fn base(&self) -> &PlotItemBase {
        &self.base
    }

    fn base_mut(&mut self) -> &mut PlotItemBase {
        &mut self.base
    }
}
