//! The parameters of the fitted laws, a line for each.

use crate::chart::MARGIN;
use scene::{
    picture::{Picture, Style},
    sweep::view::{FitRow, View, fit_rows},
};

const LINE: f64 = 22.0;
const APART: f64 = 26.0;
const MEANING: &str = "parameters ± one standard error, over all complete repeats, weighted by 1 / median";

/// Draws the table from `y` on; returns its lower end.
pub fn draw(picture: &mut Picture, view: &View, y: f64) -> f64 {
    let rows = fit_rows(view);
    if rows.is_empty() {
        return y;
    }
    picture.open("fits", None);
    let texts =
        [(Style::new(19.0, picture.theme.ink).bold(), "Fitted laws"), (Style::new(15.0, picture.theme.muted), MEANING)];
    picture.texts((MARGIN, y + 20.0), (picture.width - MARGIN, 12.0), texts);
    let y = lines(picture, &rows, y + 26.0);
    picture.close();
    y + 18.0
}

fn lines(picture: &mut Picture, rows: &[FitRow], mut y: f64) -> f64 {
    let style = Style::new(15.0, picture.theme.ink);
    let room = picture.width - 2.0 * MARGIN;
    let columns = rows.iter().map(|row| row.cells.len()).max().unwrap_or(0);
    let width = |column: usize| {
        let cells = rows.iter().filter_map(|row| row.cells.get(column));
        cells.map(|cell| picture.text_width(style, cell)).fold(0.0, f64::max) + APART
    };
    let widths: Vec<f64> = (0..columns).map(width).collect();
    let wide = widths.iter().sum::<f64>() > room;
    for FitRow { cells, note } in rows {
        if wide {
            for line in picture.ruler.wrap(&cells.join(" · "), style.size, false, room) {
                y += LINE;
                picture.text(MARGIN, y, style, &line);
            }
        } else {
            y += LINE;
            let mut x = MARGIN;
            for (cell, width) in cells.iter().zip(&widths) {
                picture.text(x, y, style, cell);
                x += width;
            }
        }
        let note = note.as_ref().map(|note| picture.ruler.wrap(note, 14.0, false, room - 20.0));
        for line in note.into_iter().flatten() {
            y += LINE - 2.0;
            picture.text(MARGIN + 20.0, y, Style::new(14.0, picture.theme.muted), &line);
        }
    }
    y
}
