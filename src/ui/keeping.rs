//! Has unsaved changes and results kept, and restores unsaved changes.

use super::{app::Workbench, autosave::Due, draft::Draft, state::Level};
use eframe::egui::Context;
use model::Experiment;
use std::{path::PathBuf, sync::Arc, time::Instant};
use store::unsaved::Unsaved;

impl Workbench {
    /// Has unsaved changes kept when they are due.
    pub(super) fn keep(&mut self, ctx: &Context) {
        // Another window may have kept results while this one was not in use.
        let focused = ctx.input(|input| input.viewport().focused.unwrap_or(true));
        if focused && !std::mem::replace(&mut self.focused, focused) {
            self.keeper.list();
        }
        match self.autosave.follow(&self.state.editing.draft, Instant::now()) {
            Due::Nothing => {}
            Due::In(left) => ctx.request_repaint_after(left),
            Due::Keep => self.keeper.unsaved(Some(self.state.editing.draft.unsaved())),
            Due::Forget => self.keeper.unsaved(None),
        }
    }

    /// Restores unsaved changes of an earlier window: those of the plan that is open, or of any plan where none was
    /// opened.
    pub(super) fn restore_unsaved(&mut self) {
        let state = &mut self.state;
        let path = state.editing.draft.path.as_deref().and_then(|path| std::path::absolute(path).ok());
        if state.editing.draft.is_dirty() || state.activity.is_measuring() || state.shown.experiment.is_some() {
            return;
        }
        let fits = |(_, unsaved): &(PathBuf, Unsaved)| path.is_none() || unsaved.path == path;
        let Some(place) = self.left.iter().position(fits) else { return };
        let (lock, unsaved) = self.left.remove(place);
        self.keeper.adopt(lock, unsaved.clone());
        state.editing.replace(Draft::restored(unsaved));
        self.autosave.is_kept(&state.editing.draft);
        let name = state.editing.name();
        state.tell(Level::Info, format!("Restored the changes of {name} that were not saved; Undo takes them back"));
    }

    /// Ends when everything is kept: the runs so far of an experiment that goes on, and unsaved changes that the user
    /// did not give up.
    pub fn finish(&mut self) {
        let state = &self.state;
        if let Some(experiment) = &state.shown.experiment
            && state.activity.is_measuring()
            && experiment.runs.iter().any(|run| run.end.is_some())
        {
            let message = Some("the window was closed before the experiment had ended".to_owned());
            self.keeper.keep(Arc::new(Experiment { ended: true, message, ..(**experiment).clone() }));
        }
        let leave = state.editing.draft.is_dirty() && !self.given_up;
        self.keeper.finish(leave);
    }
}
