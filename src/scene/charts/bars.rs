//! Rows: the places of bars, and the names of rows.

use super::axis::TimeAxis;
use crate::{
    picture::{Anchor, Area, Picture, Style},
    timeline::{BarPlace, ViewRect},
};
use model::quantity::grouped;

/// The least height of a row that has a name.
const NAMED: f64 = 15.0;
/// From this height of the whole area on, the first and the last of rows without names have their numbers.
const NUMBERED: f64 = 70.0;

/// Rows that fill an area.
#[derive(Clone, Copy, Debug)]
pub struct RowStrip {
    /// Their area.
    pub area: Area,
    /// The row at the upper edge of the area.
    pub first: f64,
    /// The row at its lower edge.
    pub last: f64,
    /// The free space above and below the bars of a row.
    pub gap: (f64, f64),
}

impl RowStrip {
    /// The distance from row to row.
    pub fn pitch(&self) -> f64 {
        self.area.h / (self.last - self.first)
    }

    /// The top of a row.
    pub fn y(&self, row: f64) -> f64 {
        self.area.y + (row - self.first) * self.pitch()
    }

    /// The row at a height.
    pub fn row_at(&self, y: f64) -> f64 {
        self.first + (y - self.area.y) / self.pitch()
    }

    /// The top and bottom of the bars of `rows` rows, also outside of the area.
    pub fn whole(&self, row: u32, rows: u32) -> (f64, f64) {
        (self.y(f64::from(row)) + self.gap.0, self.y(f64::from(row + rows)) - self.gap.1)
    }

    /// The part of a span that is in the area.
    pub fn clip(&self, (top, bottom): (f64, f64)) -> (f64, f64) {
        (top.max(self.area.y), bottom.min(self.area.y + self.area.h))
    }

    /// The top and bottom of the bars of `rows` rows within the area; absent where nothing of them is in it.
    pub fn span(&self, row: u32, rows: u32) -> Option<(f64, f64)> {
        Some(self.clip(self.whole(row, rows))).filter(|(top, bottom)| top < bottom)
    }

    /// The place of a bar, with its parts beyond the ends of the axis; absent where nothing of it is in view.
    pub fn place(&self, axis: &TimeAxis, BarPlace { row, from_ns, to_ns }: BarPlace) -> Option<Area> {
        let (y, bottom) = self.span(row, 1)?;
        let (x, end) = (axis.beyond(from_ns as f64), axis.beyond(to_ns as f64));
        (end >= axis.left && x <= axis.right).then_some(Area { x, y, w: (end - x).max(0.0), h: bottom - y })
    }

    /// The view of these rows over an axis, with `unit_px` pixels in a unit of length.
    pub fn view(&self, axis: &TimeAxis, unit_px: f64) -> ViewRect {
        ViewRect {
            from_ns: axis.from_ns,
            to_ns: axis.end_ns,
            first_row: self.first,
            last_row: self.last,
            width_px: (self.area.w * unit_px).round() as f32,
            height_px: (self.area.h * unit_px) as f32,
        }
    }

    /// The numbers of rows in the area that are below `end`.
    pub fn rows(&self, end: u32) -> std::ops::Range<u32> {
        self.first.max(0.0) as u32..(self.last.ceil().max(0.0) as u32).min(end)
    }
}

/// Draws the names of `count` rows, `lane 3`, to the left of an axis; where there is no room, the number of rows.
pub fn names(picture: &mut Picture, axis: &TimeAxis, rows: &RowStrip, count: usize, what: &str) {
    let style = Style::new(13.0, picture.theme.muted).at(Anchor::End);
    let (x, area) = (axis.left - 10.0, rows.area);
    if rows.pitch() >= NAMED {
        for row in 0..count {
            let (top, bottom) = rows.whole(rows.first as u32 + row as u32, 1);
            picture.text(x, (top + bottom) / 2.0 + 4.5, style, &format!("{what} {row}"));
        }
        return;
    }
    picture.text(x, area.y + area.h / 2.0 + 4.5, style, &format!("{} {what}s", grouped(count as i128)));
    if area.h >= NUMBERED {
        picture.text(x, area.y + 11.0, style, "0");
        picture.text(x, area.y + area.h - 2.0, style, &grouped(count as i128 - 1));
    }
}
