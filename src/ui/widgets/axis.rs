//! Ticks and labels of the time axis, the same in all plots.

use eframe::egui;
use egui_plot::{AxisHints, GridInput, GridMark, Plot};
use scene::ticks::{label_at, ticks};
use std::ops::RangeInclusive;

/// The width kept for labels to the left of every plot, so that all time axes are aligned.
pub const LABELS_WIDTH: f32 = 56.0;

/// The width that a label of the time axis needs, in points.
const LABEL_ROOM: f64 = 96.0;
/// The grid spacing given to egui_plot, from which it makes its base step.
const GRID_POINTS: f32 = 8.0;

const UNITS: [(f64, &str); 4] = [(1e9, "s"), (1e6, "ms"), (1e3, "µs"), (1.0, "ns")];

/// Gives a plot the time axis and the shared cursor, and turns off its own zooming and panning, for which there is
/// [`super::navigate`].
pub fn time_plot<'a>(plot: Plot<'a>, link: egui::Id, ticks: bool) -> Plot<'a> {
    plot.link_cursor(link, [true, false])
        .show_y(false)
        .allow_zoom(false)
        .allow_drag(false)
        .allow_scroll(false)
        .allow_boxed_zoom(false)
        .allow_axis_zoom_drag(false)
        .allow_double_click_reset(false)
        .set_margin_fraction(egui::Vec2::ZERO)
        .show_axes([ticks, true])
        .show_grid([true, false])
        .grid_spacing(GRID_POINTS..=900.0)
        .x_grid_spacer(ticks_of)
        .custom_x_axes(vec![AxisHints::new_x().label_spacing(30.0..=40.0).formatter(tick_text)])
}

/// Ticks at round instants, far enough apart for their labels.
fn ticks_of(input: GridInput) -> Vec<GridMark> {
    let (from, to) = (input.bounds.0.max(0.0), input.bounds.1);
    let least = input.base_step_size / f64::from(GRID_POINTS) * LABEL_ROOM;
    let ticks = ticks(from, to, ((to - from) / least.max(1.0)) as usize);
    ticks.ticks.iter().map(|tick| GridMark { value: tick.at_ns, step_size: ticks.step_ns }).collect()
}

/// The label of a tick; empty at the right edge, where it would be cut off.
fn tick_text(mark: GridMark, range: &RangeInclusive<f64>) -> String {
    if mark.value > range.end() - mark.step_size * 0.25 && mark.value > *range.start() {
        return String::new();
    }
    label_at(mark.value, mark.step_size, (range.start().max(0.0), *range.end()))
}

/// The largest unit that is no longer than a length; nanoseconds for less.
fn unit_of(ns: f64) -> (f64, &'static str) {
    UNITS.into_iter().find(|(unit, _)| ns >= *unit).unwrap_or(UNITS[3])
}

/// A length of time with four or more digits: `1.234 ms`, `56.70 µs`; nanoseconds are whole: `812 ns`.
pub fn span_text(ns: u64) -> String {
    let (unit, name) = unit_of(ns as f64);
    let value = ns as f64 / unit;
    let decimals = match value {
        _ if unit == 1.0 => 0,
        value if value < 10.0 => 3,
        value if value < 100.0 => 2,
        _ => 1,
    };
    format!("{value:.decimals$} {name}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_round_and_have_room() {
        // A view of 1 s on 1,000 points: 1e6 ns a point.
        let input = GridInput { bounds: (-1e8, 1e9), base_step_size: 8e6 };
        let ticks = ticks_of(input);
        assert_eq!(ticks.first().map(|tick| tick.value), Some(0.0));
        assert_eq!(ticks[1].value, 1e8);
        assert_eq!(ticks.len(), 11);
    }

    #[test]
    fn a_tick_has_the_digits_that_its_step_needs() {
        let text = |value: f64, step_size: f64, range| tick_text(GridMark { value, step_size }, &range);
        assert_eq!(text(0.0, 1e8, 0.0..=1e9), "0.0 s");
        assert_eq!(text(2e8, 1e8, 0.0..=9e8), "200 ms");
        assert_eq!(text(1_234_567_000.0, 1_000.0, 1.234e9..=1.235e9), "1.234567 s");
        assert_eq!(text(500.0, 100.0, 0.0..=900.0), "500 ns");
        assert_eq!(text(9e8, 1e8, 0.0..=9e8), "", "it would be cut at the edge");
    }

    #[test]
    fn spans_have_a_unit_that_fits() {
        assert_eq!(span_text(812), "812 ns");
        assert_eq!(span_text(56_700), "56.70 µs");
        assert_eq!(span_text(1_234_000), "1.234 ms");
        assert_eq!(span_text(61_000_000_000), "61.00 s");
    }
}
