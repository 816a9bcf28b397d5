//! The timeline of one run turned round: a row for each core over the same time axis, and above them the bar of the
//! execution that is pointed at or selected.

mod mark;
pub mod switch;
#[cfg(test)]
mod tests;
mod tooltip;

use super::axis::{LABELS_WIDTH, time_plot};
use super::navigate::{focus_ring, navigate};
use super::plotted::Plotted;
use super::range::TimeRange;
use super::timeline::rows::{RowsInView, TimelineRow};
use super::timeline::{TimelineResponse, TimelineView, look, navigate_lanes};
use crate::picture;
use eframe::egui::{Align, Id, Label, Layout, Pos2, Response, RichText, Role, Ui, WidgetInfo, vec2};
use egui_plot::{AxisHints, Plot, PlotTransform};
use model::{Measure, Phase, Run};
use scene::{
    charts::{
        axis::TimeAxis,
        bars::RowStrip,
        brush::{BarDetail, Bars, Layer},
        core_rows::{CoreRows, outline},
    },
    picture::{Picture, Style},
    timeline::{
        Filter, Index,
        core_rows::{core_moment, own, slice_at, why_none},
        hit, states_at,
    },
};
use tooltip::Pointed;

/// How near the pointer must be to a slice narrower than a pixel, in points.
const REACH_POINTS: f64 = 3.0;

/// Slices of an execution are outlined as one where they are nearer than this, in points.
const APART: f64 = 4.0;
/// The widths of outlines of the selected execution and of the one that is pointed at.
const OUTLINES: (f64, f64) = (1.5, 1.0);

/// What a panel keeps of its core view from frame to frame.
#[derive(Clone, Copy, Debug, Default)]
pub struct CoreView {
    /// The cores in view.
    pub rows: TimelineView,
    /// The execution that is pointed at.
    hovered: Option<u32>,
}

/// What to show.
pub struct CoreViewParams<'a> {
    /// Tells the window's panels apart.
    pub id: Id,
    /// The same for all plots that share a cursor.
    pub link: Id,
    /// Its accessible name: "Cores of threads".
    pub label: &'a str,
    /// The run.
    pub run: &'a Run,
    /// Its index, up to date: for the bar above the cores.
    pub index: &'a Index,
    /// How many cores the machine has.
    pub cores: u32,
    /// How much the run's plan asked to measure.
    pub measure: Measure,
    /// The execution to outline.
    pub selected: Option<u32>,
    /// The colours drawn faint in the bar above the cores.
    pub filter: Filter,
    /// The stretch of time that all plots share.
    pub range: &'a mut TimeRange,
    /// The latest instant of all plots that share the range, in nanoseconds.
    pub full_ns: u64,
    /// The state that this panel keeps.
    pub view: &'a mut CoreView,
    /// The height in points, with the time axis.
    pub height: f32,
}

/// Shows who was on which core over the available width, or why that is unknown.
pub fn show(ui: &mut Ui, params: CoreViewParams<'_>) -> TimelineResponse {
    let CoreViewParams { id, link, label, run, index, selected, filter, range, full_ns, view, height, .. } = params;
    if run.slices.is_empty() {
        absent(ui, label, &why_none(run, params.measure), height);
        return TimelineResponse { clicked: None, clicked_nothing: false };
    }
    let cores = params.cores.max(run.slices.cores().len() as u32).max(1);
    let (lanes, linked) = (view.rows.lanes, view.hovered.or(selected));
    let rows = RowsInView::of_cores(lanes, cores, height);
    let above = linked.and_then(|id| Some(format!("lane {}", run.executions.get(id as usize)?.lane?)));
    let labels = AxisHints::new_y().min_thickness(LABELS_WIDTH).label_spacing(0.5..=1.0);
    let (from_ns, to_ns, hovered) = (range.from_ns, range.to_ns, view.hovered);
    let plot = time_plot(Plot::new(id), link, false)
        .id(id)
        .height(height)
        .invert_y(true)
        .y_grid_spacer(move |_| rows.marks())
        .custom_y_axes(vec![labels.formatter(move |mark, _| match rows.label(mark.value).parse::<u32>() {
            Ok(core) => format!("core {core}"),
            Err(_) => above.clone().unwrap_or_else(|| "bar".to_owned()),
        })]);
    let shown = plot.show(ui, move |plot| {
        let rows = RowsInView::of_cores(lanes, cores, plot.response().rect.height());
        plot.set_plot_bounds_x(from_ns..=to_ns);
        plot.set_plot_bounds_y(rows.bounds().0..=rows.bounds().1);
        plot.add(Plotted::new(move |ui, picture, axis, area| {
            let (strip, above) = rows.cores_on(picture::rect(area));
            let drawn = CoreRows { axis, strip, fold: ui.pixels_per_point() };
            drawn.draw(picture, run);
            drawn.lines(picture, cores);
            bar(picture, axis, above, (run, index), (hovered.or(selected), look(ui, filter)));
            let unit_ns = axis.at(axis.left + 1.0) - axis.from_ns;
            let hovered = hovered.filter(|id| Some(*id) != selected);
            for (execution, width) in [(hovered, OUTLINES.1), (selected, OUTLINES.0)] {
                if let Some(execution) = execution {
                    drawn.own(picture, &own(run, execution, axis.from_ns, axis.end_ns, APART * unit_ns), width);
                }
            }
        }));
        rows
    });
    let (rows, response, transform) = (shown.inner, shown.response, shown.transform);
    response.widget_info(|| WidgetInfo::labeled(Role::Figure, ui.is_enabled(), label));
    let over_mark = mark::show(ui, id, run, picture::rect(rows.cores_on(*transform.frame()).0.area));
    navigate_lanes(ui, &response, &rows, &mut view.rows, cores);
    navigate(ui, &response, &transform, range, full_ns, &mut view.rows.marking);
    focus_ring(ui, &response);
    let pos = response.hover_pos().filter(|_| !over_mark);
    let pointed = pos.and_then(|pos| point_at(&transform, &rows, run, index, (linked, pos)));
    answer(&response, run, pointed, view)
}

/// Draws the bar of an execution in its lane.
fn bar(
    picture: &mut Picture,
    axis: &TimeAxis,
    rows: RowStrip,
    (run, index): (&Run, &Index),
    (shown, look): (Option<u32>, BarDetail),
) {
    let Some(place) = shown.and_then(|id| index.place(run.executions.get(id as usize)?)) else {
        let style = Style::new(look.text, picture.theme.muted);
        let y = rows.area.y + rows.area.h / 2.0 + 0.36 * look.text;
        picture.text(axis.left + 6.0, y, style, "Point at a slice to see the bar of its execution here");
        return;
    };
    let rows = RowStrip { first: f64::from(place.row), last: f64::from(place.row + 1), ..rows };
    Bars { axis, rows, look }.draw(picture, index, Layer::Rows, "state");
    outline(picture, axis, &rows, place, OUTLINES.0);
}

fn answer(response: &Response, run: &Run, pointed: Option<Pointed>, view: &mut CoreView) -> TimelineResponse {
    if let Some(pointed) = pointed.as_ref().filter(|_| !response.dragged()) {
        tooltip::show(response, run, pointed);
    }
    let hovered = pointed.and_then(|pointed| pointed.execution());
    if hovered != view.hovered {
        view.hovered = hovered;
        response.ctx.request_repaint();
    }
    let clicked = response.clicked();
    TimelineResponse { clicked: hovered.filter(|_| clicked), clicked_nothing: clicked && hovered.is_none() }
}

fn point_at(
    transform: &PlotTransform,
    rows: &RowsInView,
    run: &Run,
    index: &Index,
    (linked, pos): (Option<u32>, Pos2),
) -> Option<Pointed> {
    let (ns, point_ns) = (transform.value_from_position(pos).x, transform.dvalue_dpos()[0]);
    let reach_ns = REACH_POINTS * point_ns;
    match rows.row_at(transform, pos)? {
        TimelineRow::Main | TimelineRow::Gil => {
            let lane = run.executions.get(linked? as usize)?.lane?;
            let hit =
                hit(index, ns, 1 + lane, reach_ns).filter(|hit| (hit.execution as usize) < run.executions.len())?;
            let states = states_at(index, hit.execution, ns, point_ns).filter(|_| hit.phase == Phase::InTarget);
            Some(Pointed::Bar(hit, states))
        }
        TimelineRow::Lane(row) => {
            let slice = slice_at(&run.slices, row - 1, ns, reach_ns)?;
            let narrow = ((slice.to_ns - slice.from_ns) as f64) < point_ns;
            let around = (ns - point_ns / 2.0, ns + point_ns / 2.0);
            let moment = narrow.then(|| core_moment(&run.slices, row - 1, around.0, around.1)).flatten();
            Some(Pointed::Slice(slice, moment.filter(|moment| moment.owners.len() > 1)))
        }
    }
}

/// Says why there are no slices, in the middle of the place.
fn absent(ui: &mut Ui, label: &str, why: &str, height: f32) {
    let size = vec2(ui.available_width(), height);
    let place = ui.allocate_ui_with_layout(size, Layout::top_down(Align::Center), |ui| {
        ui.set_min_size(size);
        ui.set_max_width(size.x.min(620.0));
        ui.add_space((height * 0.4 - 20.0).max(4.0));
        ui.label(RichText::new("No slices").strong());
        ui.add(Label::new(RichText::new(why).weak()).wrap());
    });
    place.response.widget_info(|| WidgetInfo::labeled(Role::Figure, true, label));
}
