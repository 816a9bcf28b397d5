//! One run in the timeline tab: its lanes or its cores, and below them CPU usage by core over the same stretch of time.

use super::{
    core_view::{self, CoreViewParams},
    cores::{self, CoresParams},
    timeline::{self, TimelineParams, TimelineResponse},
};
use crate::{state::TimelineLook, views::Views};
use eframe::egui::{Id, Ui};
use model::{Measure, Run};

/// The least and the most height of a core in the plot of CPU usage, in points.
const CORE: (f32, f32) = (16.0, 26.0);
/// The most height of the plot of CPU usage, as a share of the whole.
const CORES_SHARE: f32 = 0.3;
/// The height of the time axis below the plot of CPU usage.
const TIME_AXIS: f32 = 18.0;

/// What to show of a run.
pub struct RunViewParams<'a> {
    /// The run.
    pub run: &'a Run,
    /// How it is drawn.
    pub look: TimelineLook,
    /// How many cores the machine has.
    pub cores: usize,
    /// How much its plan asked to measure.
    pub measure: Measure,
    /// The height in points.
    pub height: f32,
}

/// Shows a run. A click on an execution selects it (by the ids of run and execution); a click beside executions selects
/// none.
pub fn show(ui: &mut Ui, params: &RunViewParams<'_>, views: &mut Views, selected: &mut Option<(u32, u32)>) {
    ui.spacing_mut().item_spacing.y = 2.0;
    let (run, height) = (params.run, params.height);
    let cores_height = cores_height(params.cores, height);
    let chosen = selected.filter(|(id, _)| *id == run.id).map(|(_, execution)| execution);
    let Some(answer) = upper(ui, params, views, chosen, height - cores_height - 2.0) else { return };
    let Some((view, range, full_ns)) = views.parts(run.setting()) else { return };
    cores::show(
        ui,
        CoresParams {
            id: Id::unique(("cores", run.setting())),
            link: Id::unique("time"),
            label: &format!("CPU per core, {}", run.mode.word()),
            run,
            cores: params.cores,
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

/// The lanes of a run, or its cores.
fn upper(
    ui: &mut Ui,
    params: &RunViewParams<'_>,
    views: &mut Views,
    selected: Option<u32>,
    height: f32,
) -> Option<TimelineResponse> {
    let RunViewParams { run, look, .. } = *params;
    let (view, range, full_ns) = views.parts(run.setting())?;
    let (link, index, filter) = (Id::unique("time"), &view.index, look.filter);
    Some(if look.by_core {
        let label = &format!("Cores of {}", run.mode.word());
        let id = Id::unique(("core view", run.setting()));
        let (cores, measure, view) = (params.cores as u32, params.measure, &mut view.cores);
        let params = CoreViewParams {
            id,
            link,
            label,
            run,
            index,
            cores,
            measure,
            selected,
            filter,
            range,
            full_ns,
            view,
            height,
        };
        core_view::show(ui, params)
    } else {
        let label = &format!("Timeline of {}", run.mode.word());
        let id = Id::unique(("timeline", run.setting()));
        let (view, time_labels) = (&mut view.timeline, false);
        let params =
            TimelineParams { id, link, label, run, index, selected, filter, range, full_ns, view, height, time_labels };
        timeline::show(ui, params)
    })
}

fn cores_height(cores: usize, height: f32) -> f32 {
    let wanted = cores.max(1) as f32 * CORE.1;
    TIME_AXIS + cores::LEGEND + wanted.min(height * CORES_SHARE).max(CORE.0)
}
