//! What the colours and marks mean.

use super::{
    MARGIN,
    canvas::{Area, Canvas, Style},
    lanes::{FEW, cross},
    panel::Panel,
};
use crate::analysis::palette;
use crate::model::Phase;

const LINE: f64 = 26.0;
const SWATCH: f64 = 18.0;

/// Draws the legend from `y` on; returns its lower end.
pub fn draw(canvas: &mut Canvas, panels: &[Panel], y: f64) -> f64 {
    canvas.open("legend", None);
    let style = Style::new(14.0, canvas.theme.ink);
    let (mut x, mut baseline) = (MARGIN, y + 16.0);
    for (mark, text) in items(panels) {
        let width = SWATCH + 8.0 + canvas.text_width(style, text) + 24.0;
        if x > MARGIN && x + width - 24.0 > canvas.width - MARGIN {
            (x, baseline) = (MARGIN, baseline + LINE);
        }
        swatch(canvas, mark, x, baseline);
        canvas.text(x + SWATCH + 8.0, baseline, style, text);
        x += width;
    }
    canvas.close();
    baseline + 16.0
}

enum Mark {
    Phase(Phase),
    Failed,
    Share,
    End,
}

fn items(panels: &[Panel]) -> Vec<(Mark, &'static str)> {
    let mut items: Vec<_> = Phase::ALL.map(|phase| (Mark::Phase(phase), phase_text(phase))).into();
    if panels.iter().any(|panel| panel.run.executions.iter().any(|e| e.failed())) {
        items.push((Mark::Failed, "did not succeed"));
    }
    if panels.iter().any(|panel| panel.run.executions.len() > FEW) {
        items.push((Mark::Share, "paler: busy for that share only"));
    }
    items.push((Mark::End, "end of the run"));
    items
}

fn phase_text(phase: Phase) -> &'static str {
    match phase {
        Phase::Launching => "launching (main: in a start call)",
        Phase::ToBeJoined => "waiting to be joined (main: blocked in join)",
        other => other.word(),
    }
}

fn swatch(canvas: &mut Canvas, mark: Mark, x: f64, baseline: f64) {
    let area = Area { x, y: baseline - 12.0, w: SWATCH, h: 14.0 };
    match mark {
        Mark::Phase(Phase::Waiting) => {
            let thin = Area { y: area.y + 4.5, h: 5.0, ..area };
            canvas.rect(thin, palette::phase(Phase::Waiting), "fill-opacity=\"0.45\"");
        }
        Mark::Phase(phase) => canvas.rect(area, palette::phase(phase), ""),
        Mark::Share => {
            for (step, opacity) in ["0.25", "0.5", "0.75"].into_iter().enumerate() {
                let part = Area { x: x + step as f64 * SWATCH / 3.0, w: SWATCH / 3.0, ..area };
                canvas.rect(part, palette::phase(Phase::InTarget), &format!("fill-opacity=\"{opacity}\""));
            }
        }
        Mark::Failed => cross(canvas, x + SWATCH / 2.0, baseline - 5.0),
        Mark::End => {
            let muted = canvas.theme.muted;
            canvas.line((x + SWATCH / 2.0, area.y - 1.0), (x + SWATCH / 2.0, baseline + 3.0), muted, 1.5);
        }
    }
}
