//! A picture as an item of a plot, which has axes, grid and cursor of its own. The picture is in points of the screen.

use crate::picture;
use eframe::egui::{Color32, Pos2, Shape, Ui};
use egui_plot::{PlotBounds, PlotGeometry, PlotItem, PlotItemBase, PlotTransform};
use scene::{
    charts::axis::TimeAxis,
    picture::{Area, Picture},
};
use std::ops::RangeInclusive;

/// A function that draws on a picture, over a time axis and in an area.
pub struct Plotted<D> {
    base: PlotItemBase,
    draw: D,
}

impl<D: Fn(&Ui, &mut Picture, &TimeAxis, Area)> Plotted<D> {
    /// An item that `draw` draws.
    pub fn new(draw: D) -> Self {
        Self { base: PlotItemBase::new("picture".to_owned()), draw }
    }
}

/// The axis and the area of a plot.
pub fn place(transform: &PlotTransform) -> (TimeAxis, Area) {
    let (bounds, area) = (transform.bounds(), picture::area(*transform.frame()));
    (TimeAxis::between((bounds.min()[0], bounds.max()[0]), area.x, area.x + area.w), area)
}

impl<D: Fn(&Ui, &mut Picture, &TimeAxis, Area)> PlotItem for Plotted<D> {
    fn shapes(&self, ui: &Ui, transform: &PlotTransform, shapes: &mut Vec<Shape>) {
        let (axis, area) = place(transform);
        let mut picture = picture::of_points(ui, transform.frame().right());
        (self.draw)(ui, &mut picture, &axis, area);
        shapes.extend(picture::shapes(ui, &picture, Pos2::ZERO));
        picture::name(ui, ui.scope_id(), &picture.regions(), picture::rect);
    }

    fn initialize(&mut self, _x_range: RangeInclusive<f64>) {}

    fn color(&self) -> Color32 {
        Color32::TRANSPARENT
    }

    fn geometry(&self) -> PlotGeometry<'_> {
        PlotGeometry::None
    }

    fn bounds(&self) -> PlotBounds {
        // The plots set their bounds themselves.
        PlotBounds::from_min_max([0.0, 0.0], [1.0, 1.0])
    }

    fn base(&self) -> &PlotItemBase {
        &self.base
    }

    fn base_mut(&mut self) -> &mut PlotItemBase {
        &mut self.base
    }
}
