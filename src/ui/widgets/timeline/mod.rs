//! The timeline of one run: rows over a time axis that it shares with the plots around it.

pub(super) mod rows;
#[cfg(test)]
mod tests;
pub mod tooltip;

pub use rows::LaneRange;

use super::axis::{LABELS_WIDTH, time_plot};
use super::navigate::{Marking, focus_ring, has_keys, navigate, pressed};
use super::plotted::{self, Plotted};
use super::range::TimeRange;
use crate::picture;
use eframe::egui::{self, Id, Key, PointerButton, Pos2, Response, Role, Ui, WidgetInfo};
use egui_plot::{AxisHints, Plot, PlotTransform};
use model::{Phase, Run};
use rows::{OnScreen, RowsInView, TimelineRow};
use scene::{
    charts::{
        axis::TimeAxis,
        brush::{BarDetail, Bars},
        core_rows::outline,
        lanes, left, main_lane,
    },
    picture::Picture,
    timeline::{BarPlace, Filter, Gil, Index, LeftSign, gil_at, hit, main_at, states_at},
};
use tooltip::Pointed;

/// How near the pointer must be to a bar narrower than a pixel, in points.
const REACH_POINTS: f64 = 3.0;
/// The width of the selected execution's outline, in points.
const OUTLINE: f64 = 2.0;

/// What a panel keeps of its timeline from frame to frame.
#[derive(Clone, Copy, Debug, Default)]
pub struct TimelineView {
    /// The lanes in view.
    pub lanes: LaneRange,
    pub(super) marking: Marking,
}

/// What to show.
pub struct TimelineParams<'a> {
    /// Tells the window's panels apart.
    pub id: Id,
    /// The same for all plots that share a cursor.
    pub link: Id,
    /// Its accessible name: "Timeline of threads".
    pub label: &'a str,
    /// The run.
    pub run: &'a Run,
    /// Its index, up to date.
    pub index: &'a Index,
    /// The execution to outline.
    pub selected: Option<u32>,
    /// The colours drawn faint.
    pub filter: Filter,
    /// The stretch of time that all plots share; the caller calls [`TimeRange::advance`] once a frame.
    pub range: &'a mut TimeRange,
    /// The latest instant of all plots that share the range, in nanoseconds.
    pub full_ns: u64,
    /// The state that this panel keeps.
    pub view: &'a mut TimelineView,
    /// The height in points, with the time axis.
    pub height: f32,
    /// Whether the time axis has its labels; otherwise a plot below shows them.
    pub time_labels: bool,
}

/// What the user did.
pub struct TimelineResponse {
    /// The execution that was clicked.
    pub clicked: Option<u32>,
    /// Whether a place without an execution was clicked.
    pub clicked_nothing: bool,
}

/// Shows a timeline over the available width.
pub fn show(ui: &mut Ui, params: TimelineParams<'_>) -> TimelineResponse {
    let TimelineParams { id, link, label, run, index, filter, range, full_ns, view, height, time_labels, .. } = params;
    let lanes = view.lanes;
    let selected = params.selected.and_then(|id| index.place(run.executions.get(id as usize)?));
    let (from_ns, to_ns) = (range.from_ns, range.to_ns);
    let axis = if time_labels { ui.text_style_height(&egui::TextStyle::Body) } else { 0.0 };
    let gil = Gil::of(run);
    let rows = RowsInView::new(lanes, index.lanes(), gil.is_some(), height - axis);
    let labels = AxisHints::new_y().min_thickness(LABELS_WIDTH).label_spacing(0.5..=1.0);
    // Where lanes have swatches, a blank keeps labels off them.
    let room = if gil.is_some() { "\u{2002}" } else { "" };
    let plot = time_plot(Plot::new(id), link, time_labels)
        .id(id)
        .height(height)
        .invert_y(true)
        .y_grid_spacer(move |_| rows.marks())
        .custom_y_axes(vec![labels.formatter(move |mark, _| rows.label(mark.value) + room)]);
    let shown = plot.show(ui, move |plot| {
        let rows = RowsInView::new(lanes, index.lanes(), gil.is_some(), plot.response().rect.height());
        plot.set_plot_bounds_x(from_ns..=to_ns);
        plot.set_plot_bounds_y(rows.bounds().0..=rows.bounds().1);
        plot.add(Plotted::new(move |ui, picture, axis, area| {
            let rows = rows.on(picture::rect(area));
            draw(picture, axis, &rows, (run, index), look(ui, filter), selected);
        }));
        rows
    });
    let (rows, response, transform) = (shown.inner, shown.response, shown.transform);
    response.widget_info(|| WidgetInfo::labeled(Role::Figure, ui.is_enabled(), label));
    if index.is_empty() {
        nothing_yet(ui, &response);
    }
    if main_lane::has_holders(run, index) {
        swatches(ui, index, &rows, &transform);
    }
    // Lanes first, because the time axis uses up the wheel.
    navigate_lanes(ui, &response, &rows, view, index.lanes());
    navigate(ui, &response, &transform, range, full_ns, &mut view.marking);
    focus_ring(ui, &response);
    answer(&response, &transform, &rows, run, index)
}

/// The look of bars on the screen.
pub(super) fn look(ui: &Ui, filter: Filter) -> BarDetail {
    let text = egui::TextStyle::Small.resolve(ui.style()).size;
    BarDetail::of_screen(f64::from(ui.pixels_per_point()), filter, f64::from(text))
}

/// Draws the rows of a run, with one execution outlined.
fn draw(
    picture: &mut Picture,
    axis: &TimeAxis,
    on: &OnScreen,
    (run, index): (&Run, &Index),
    look: BarDetail,
    selected: Option<BarPlace>,
) {
    let bars = |rows| Bars { axis, rows, look };
    main_lane::launcher(picture, &bars(on.main), run, index);
    if let (Some(gil), Some(rows)) = (Gil::of(run), on.gil) {
        main_lane::gil(picture, &bars(rows), run, index, gil);
        main_lane::gil_note(picture, &bars(rows), run, index, gil);
    }
    for above in [Some(on.main), on.gil].into_iter().flatten() {
        let y = above.area.y + above.area.h;
        picture.line((axis.left, y), (axis.right, y), picture.theme.grid, 1.0);
    }
    lanes::executions(picture, &bars(on.lanes), run, index);
    if let Some(place) = selected {
        outline(picture, axis, &on.lanes, place, OUTLINE);
    }
}

/// Draws, to the left of the plot, each lane's colour on the row *GIL*.
fn swatches(ui: &Ui, index: &Index, rows: &RowsInView, transform: &PlotTransform) {
    let (axis, area) = plotted::place(transform);
    let mut picture = picture::of_points(ui, transform.frame().right());
    lanes::swatches(&mut picture, &axis, &rows.on(picture::rect(area)).lanes, index.lanes());
    ui.painter().extend(picture::shapes(ui, &picture, Pos2::ZERO));
}

fn answer(
    response: &Response,
    transform: &PlotTransform,
    rows: &RowsInView,
    run: &Run,
    index: &Index,
) -> TimelineResponse {
    let pointed = response.hover_pos().and_then(|pos| point_at(transform, rows, run, index, pos));
    if let Some(pointed) = &pointed
        && !response.dragged()
    {
        tooltip::show(response, run, pointed);
    }
    let hovered = pointed.and_then(|pointed| pointed.execution());
    let clicked = response.clicked();
    TimelineResponse { clicked: hovered.filter(|_| clicked), clicked_nothing: clicked && hovered.is_none() }
}

fn point_at(transform: &PlotTransform, rows: &RowsInView, run: &Run, index: &Index, pos: Pos2) -> Option<Pointed> {
    let (ns, point_ns) = (transform.value_from_position(pos).x, transform.dvalue_dpos()[0]);
    let reach_ns = REACH_POINTS * point_ns;
    if let Some(sign) = left_at(transform, rows, index, pos) {
        return Some(Pointed::Left(sign));
    }
    match rows.row_at(transform, pos)? {
        TimelineRow::Main => Some(Pointed::Mark(main_at(index, ns, reach_ns)?)),
        TimelineRow::Gil => {
            let gil = Gil::of(run).filter(|gil| gil.has_holders() && !index.profiles().is_empty())?;
            Some(Pointed::Gil(gil, gil_at(index, ns, point_ns)))
        }
        TimelineRow::Lane(row) => {
            let hit = hit(index, ns, row, reach_ns).filter(|hit| (hit.execution as usize) < run.executions.len())?;
            let states = states_at(index, hit.execution, ns, point_ns).filter(|_| hit.phase == Phase::InTarget);
            Some(Pointed::Bar(hit, states))
        }
    }
}

/// The sign of processes left running at a place.
fn left_at(transform: &PlotTransform, rows: &RowsInView, index: &Index, pos: Pos2) -> Option<LeftSign> {
    let ((axis, _), on) = (plotted::place(transform), rows.on(*transform.frame()));
    let signs = [on.main, on.lanes].into_iter().flat_map(|rows| left::signs(&axis, &rows, index));
    signs.into_iter().find(|(_, area)| picture::rect(*area).contains(pos)).map(|(sign, _)| sign)
}

/// Zooms and pans rows: Alt with the wheel, Page Up and Page Down zoom; dragging and the arrows pan.
pub(super) fn navigate_lanes(ui: &Ui, response: &Response, rows: &RowsInView, view: &mut TimelineView, lanes: u32) {
    let before = view.lanes;
    let middle = view.lanes.first + view.lanes.count.unwrap_or(f64::from(lanes)) / 2.0;
    let (turned, alt) = ui.input(|input| (f64::from(input.smooth_scroll_delta.y), input.modifiers.alt));
    if alt && response.contains_pointer() && turned != 0.0 {
        view.lanes.zoom(2_f64.powf(turned / 100.0), middle, lanes);
    }
    if response.dragged_by(PointerButton::Primary) && !ui.input(|input| input.modifiers.shift) {
        view.lanes.pan(-f64::from(response.drag_delta().y / rows.lane_points()), lanes);
    }
    if response.double_clicked() {
        view.lanes = LaneRange::default();
    }
    if has_keys(ui, response) {
        let step = view.lanes.count.unwrap_or(0.0) * 0.15;
        pressed(ui).into_iter().for_each(|key| match key {
            Key::ArrowUp => view.lanes.pan(-step, lanes),
            Key::ArrowDown => view.lanes.pan(step, lanes),
            Key::PageUp => view.lanes.zoom(2.0, middle, lanes),
            Key::PageDown => view.lanes.zoom(0.5, middle, lanes),
            Key::Home | Key::F => view.lanes = LaneRange::default(),
            _ => {}
        });
    }
    if view.lanes != before {
        ui.ctx().request_repaint();
    }
}

fn nothing_yet(ui: &Ui, response: &Response) {
    let color = ui.visuals().weak_text_color();
    let font = egui::TextStyle::Body.resolve(ui.style());
    let text = "Nothing has started yet";
    ui.painter().text(response.rect.center(), egui::Align2::CENTER_CENTER, text, font, color);
}
