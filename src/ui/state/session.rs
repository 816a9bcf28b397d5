//! What stays while plans and experiments come and go.

use crate::calibration::Calibration;
use model::Sample;
use scene::timeline::Filter;
use std::collections::VecDeque;
use store::{recent::Recent, settings::ThemeChoice};

/// Samples kept while nothing runs: one minute, at one sample a second.
pub const IDLE_SAMPLES: usize = 60;

/// What stays while plans and experiments come and go.
pub struct Session {
    /// Light or dark.
    pub theme: ThemeChoice,
    /// Which panels are visible.
    pub panels: Panels,
    /// How timelines are drawn.
    pub look: TimelineLook,
    /// The centre's tab to bring to the front.
    pub front: Option<Pane>,
    /// Documents that are exported leave the plan's environment out.
    pub no_env: bool,
    /// The results that are kept, the latest first.
    pub recent: Vec<Recent>,
    /// What measuring costs here.
    pub calibration: Calibration,
    /// Per-core usage while nothing runs, the latest last.
    pub idle: VecDeque<Sample>,
}

/// Which panels are visible.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Panels {
    pub plan: bool,
    pub inspector: bool,
    pub idle_cores: bool,
}

/// How timelines are drawn, as long as the program runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TimelineLook {
    /// A row for each core, not for each lane.
    pub by_core: bool,
    /// What is drawn faint.
    pub filter: Filter,
}

/// A tab of the centre; [`Pane::tab`] has all that is known of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Pane {
    Timeline,
    Table,
    Comparison,
    Executions,
    Costs,
    Why,
    Sweep,
    Messages,
}

impl Session {
    /// A window in light or dark, with every panel.
    pub fn new(theme: ThemeChoice) -> Self {
        Self {
            theme,
            panels: Panels { plan: true, inspector: true, idle_cores: true },
            look: TimelineLook::default(),
            front: None,
            no_env: false,
            recent: Vec::new(),
            calibration: Calibration::default(),
            idle: VecDeque::new(),
        }
    }

    /// Keeps a sample of the idle machine, for a minute.
    pub fn add_idle(&mut self, sample: Sample) {
        self.idle.push_back(sample);
        if self.idle.len() > IDLE_SAMPLES {
            self.idle.pop_front();
        }
    }
}
