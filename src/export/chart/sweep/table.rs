//! The parameters of the fitted laws, a line each.

use crate::{
    export::chart::{
        MARGIN,
        canvas::{Canvas, Style},
    },
    scene::sweep::view::{FitRow, View, fit_rows},
};

const LINE: f64 = 22.0;
const APART: f64 = 26.0;

/// Draws the table from `y` on; returns where what follows begins.
pub fn draw(canvas: &mut Canvas, view: &View, y: f64) -> f64 {
    let rows = fit_rows(view);
    if rows.is_empty() {
        return y;
    }
    canvas.open("fits", None);
    let bold = Style::new(19.0, canvas.theme.ink).bold();
    canvas.text(MARGIN, y + 20.0, bold, "Fitted laws");
    let x = MARGIN + canvas.text_width(bold, "Fitted laws") + 12.0;
    let muted = Style::new(15.0, canvas.theme.muted);
    let meaning = "parameters ± one standard error, over all complete repeats, weighted by 1 / median";
    let meaning = canvas.ruler.fit(meaning, muted.size, false, canvas.width - MARGIN - x);
    canvas.text(x, y + 20.0, muted, &meaning);
    let y = lines(canvas, &rows, y + 26.0);
    canvas.close();
    y + 18.0
}

fn lines(canvas: &mut Canvas, rows: &[FitRow], mut y: f64) -> f64 {
    let style = Style::new(15.0, canvas.theme.ink);
    let room = canvas.width - 2.0 * MARGIN;
    let columns = rows.iter().map(|row| row.cells.len()).max().unwrap_or(0);
    let width = |column: usize| {
        let cells = rows.iter().filter_map(|row| row.cells.get(column));
        cells.map(|cell| canvas.text_width(style, cell)).fold(0.0, f64::max) + APART
    };
    let widths: Vec<f64> = (0..columns).map(width).collect();
    let wide = widths.iter().sum::<f64>() > room;
    for FitRow { cells, note } in rows {
        if wide {
            for line in canvas.ruler.wrap(&cells.join(" · "), style.size, false, room) {
                y += LINE;
                canvas.text(MARGIN, y, style, &line);
            }
        } else {
            y += LINE;
            let mut x = MARGIN;
            for (cell, width) in cells.iter().zip(&widths) {
                canvas.text(x, y, style, cell);
                x += width;
            }
        }
        let note = note.as_ref().map(|note| canvas.ruler.wrap(note, 14.0, false, room - 20.0));
        for line in note.into_iter().flatten() {
            y += LINE - 2.0;
            canvas.text(MARGIN + 20.0, y, Style::new(14.0, canvas.theme.muted), &line);
        }
    }
    y
}
