//! The views of the shown runs: one stretch of time for all of them, and an index for each.

use super::{
    listing::Listing,
    shown::ShownRuns,
    widgets::{core_view::CoreView, navigate::Marking, range::TimeRange, timeline::TimelineView},
};
use model::{Changes, Experiment, FindingPlace, Run, Setting};
use scene::{charts::legend::Legend, timeline::Index};
use std::collections::HashMap;

/// The room on either side of a place that is zoomed to, as a share of its length.
const ROOM: f64 = 0.08;

/// The views of the shown runs.
#[derive(Default)]
pub struct Views {
    /// The stretch of time that all of them show.
    pub range: TimeRange,
    /// The latest instant of all of them, in nanoseconds.
    pub full_ns: u64,
    /// What their colours mean.
    pub legend: Legend,
    /// The setting whose run is to be brought into view.
    pub reveal: Option<Setting>,
    panels: HashMap<Setting, View>,
    /// The listings, by the ids of runs.
    listings: HashMap<u32, Listing>,
}

/// The view of one run.
pub struct View {
    run: u32,
    /// What changed in it since the index took it in.
    fresh: Changes,
    /// Where its executions lie.
    pub index: Index,
    /// Which of its lanes are in view.
    pub timeline: TimelineView,
    /// Which of its cores are in view, where its rows are cores.
    pub cores: CoreView,
    /// A region that is being marked over its per-core plot.
    pub marking: Marking,
}

impl Views {
    /// Notes what changed in a run. Its listing takes it in at once, its timeline when it is drawn next.
    pub fn note(&mut self, experiment: &Experiment, (id, changes): (u32, Changes)) {
        let Some(run) = experiment.runs.iter().rev().find(|run| run.id == id) else { return };
        match self.listings.get_mut(&id) {
            Some(listing) => listing.take(run, &changes),
            None => drop(self.listings.insert(id, Listing::of(run))),
        }
        if let Some(view) = self.panels.get_mut(&run.setting()).filter(|view| view.run == id) {
            view.fresh.merge(changes);
        }
    }

    /// What the list of executions shows of a run.
    pub fn listing(&mut self, run: &Run) -> &mut Listing {
        self.listings.entry(run.id).or_insert_with(|| Listing::of(run))
    }

    /// Executions of a run that have ended, and all of them.
    pub fn progress(&self, run: &Run) -> (usize, usize) {
        let over = self.listings.get(&run.id).map(|listing| (listing.tally.over(), run.executions.len()));
        over.unwrap_or_else(|| run.progress())
    }

    /// Takes in what changed in the shown runs; once a frame.
    pub fn update(&mut self, experiment: &Experiment, shown: &ShownRuns) {
        (self.full_ns, self.legend) = (0, Legend::default());
        for setting in shown.timelines(experiment) {
            if let Some(run) = shown.run(experiment, setting) {
                self.follow(setting, run);
                self.full_ns = self.full_ns.max(run.now_ns);
                if let Some(view) = self.panels.get(&setting) {
                    self.legend.add(run, &view.index);
                }
            }
        }
        self.range.advance(self.full_ns);
    }

    fn follow(&mut self, setting: Setting, run: &Run) {
        match self.panels.get_mut(&setting) {
            Some(view) if view.run == run.id => view.index.take(run, &std::mem::take(&mut view.fresh)),
            _ => drop(self.panels.insert(setting, View::of(run))),
        }
    }

    /// Zooms to a place of a run: its stretch of time, with some room on either side, and its execution's lane.
    pub fn show_place(&mut self, run: &Run, place: &FindingPlace) {
        self.reveal = Some(run.setting());
        self.follow(run.setting(), run);
        self.full_ns = self.full_ns.max(run.now_ns);
        let (from, to) = (place.from_ns as f64, place.to_ns as f64);
        let room = (to - from) * ROOM;
        self.range.select(from - room, to + room, self.full_ns);
        let row = place.execution.and_then(|id| run.executions.get(id as usize)?.lane);
        if let (Some(view), Some(row)) = (self.panels.get_mut(&run.setting()), row) {
            let lanes = view.index.lanes();
            view.timeline.lanes.reveal(row, lanes);
        }
    }

    /// The view of a setting's shown run, with what all views share; absent before the first [`Views::update`].
    pub fn parts(&mut self, setting: Setting) -> Option<(&mut View, &mut TimeRange, u64)> {
        Some((self.panels.get_mut(&setting)?, &mut self.range, self.full_ns))
    }
}

impl View {
    fn of(run: &Run) -> Self {
        let (timeline, marking) = (TimelineView::default(), Marking::default());
        let fresh = Changes::default();
        Self { run: run.id, fresh, index: Index::of(run), timeline, cores: CoreView::default(), marking }
    }
}
