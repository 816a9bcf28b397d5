//! One run in the timeline tab: its timeline, and under it the per-core usage over the same stretch of time.

use super::{
    cores::{self, CoresParams},
    timeline::{self, TimelineParams},
};
use crate::{analysis::palette, model::Run, ui::views::Views};
use eframe::egui::{Id, Ui};

/// The least and the most height of a core in the per-core plot, in points.
const CORE: (f32, f32) = (16.0, 26.0);
/// The most height of the per-core plot as a share of the whole.
const CORES_SHARE: f32 = 0.3;
/// Height of the time axis under the per-core plot.
const TIME_AXIS: f32 = 18.0;

/// Shows a run in `height` points; a click on an execution selects it (the run's id and its own), one beside it none.
pub fn show(
    ui: &mut Ui,
    run: &Run,
    views: &mut Views,
    core_count: usize,
    selected: &mut Option<(u32, u32)>,
    height: f32,
) {
    let Some((view, range, full_ns)) = views.parts(run.setting()) else { return };
    ui.spacing_mut().item_spacing.y = 2.0;
    let mode = run.mode.word();
    let cores_height = cores_height(core_count, height);
    let answer = timeline::show(
        ui,
        TimelineParams {
            id: Id::unique(("timeline", run.setting())),
            link: Id::unique("time"),
            label: &format!("Timeline of {mode}"),
            run,
            index: &view.index,
            selected: selected.filter(|(id, _)| *id == run.id).map(|(_, execution)| execution),
            range,
            full_ns,
            view: &mut view.timeline,
            height: height - cores_height - 2.0,
            time_labels: false,
        },
    );
    cores::show(
        ui,
        CoresParams {
            id: Id::unique(("cores", run.setting())),
            link: Id::unique("time"),
            label: &format!("CPU per core, {mode}"),
            color: palette::accent(run.mode),
            run,
            cores: core_count,
            range,
            full_ns,
            marking: &mut view.marking,
            height: cores_height,
            time_labels: true,
        },
    );
    if let Some(execution) = answer.clicked {
        *selected = Some((run.id, execution));
    } else if answer.clicked_nothing {
        *selected = None;
    }
}

fn cores_height(cores: usize, height: f32) -> f32 {
    let wanted = cores.max(1) as f32 * CORE.1;
    TIME_AXIS + cores::LEGEND + wanted.min(height * CORES_SHARE).max(CORE.0)
}
