//! Takes in the results of work in the background.

use super::{
    Opened,
    app::Workbench,
    background::{Done, Work},
    calibration::Calibration,
    draft::Draft,
    files::{FileDone, Looked},
    keeper::News,
    panels::run_first::Asked,
    state::{Identity, Level, Overlay, capital},
    summary::Summed,
};
use eframe::egui::Context;

impl Workbench {
    /// Takes in one result.
    pub(super) fn take_in(&mut self, ctx: &Context, done: Done) {
        match done {
            Done::File(done) => self.file_done(ctx, done),
            Done::Dialog(path) => {
                if let Some(chosen) = self.dialogs.closed(path) {
                    self.chosen(ctx, chosen);
                }
            }
            Done::Calibrated(result) => self.state.session.calibration = Calibration::of(result),
            Done::Summed(of, summed) => self.summed(&of, *summed),
            Done::Curve(of, worked) => {
                if of == self.state.shown.identity() {
                    self.state.shown.curves.take(worked);
                }
            }
            Done::Kept(news) => self.kept(news),
            Done::Python(fact) => self.state.editing.python.take(fact),
            Done::Failed(work, why) => self.failed(work, &why),
        }
    }

    /// Shows a summary, unless its experiment is no longer on the screen.
    fn summed(&mut self, of: &Identity, summed: Summed) {
        self.summing_up = false;
        self.told_to_fail.remove(&Work::Summary);
        let shown = &mut self.state.shown;
        if *of == shown.identity() {
            shown.due.done(&summed);
            shown.summary = summed.summary;
        }
    }

    /// Work has failed without a result: nothing waits for it any more, and the user is told.
    fn failed(&mut self, work: Work, why: &str) {
        match work {
            Work::SelfTest => self.state.session.calibration = Calibration::Failed(why.to_owned()),
            Work::Dialog => drop(self.dialogs.closed(None)),
            Work::Summary => self.summing_up = false,
            Work::Curve => self.state.shown.curves.give_up(why),
            Work::File | Work::Keeping | Work::Python => {}
        }
        if self.told_to_fail.insert(work) || work.is_asked_for() {
            self.state.tell(Level::Error, format!("{}: {why}", work.failure()));
        }
    }

    fn kept(&mut self, news: News) {
        match news {
            News::Recent(recent) => self.state.session.recent = recent,
            News::Left(left) => {
                self.left = left;
                self.restore_unsaved();
            }
            News::Failed(message) => self.state.tell(Level::Error, capital(&message)),
        }
    }

    /// Goes on after a file was read or written.
    fn file_done(&mut self, ctx: &Context, done: FileDone) {
        match done {
            FileDone::Opened(Ok(Opened::Plan { file, path })) => {
                self.replace(Draft::of(*file, path).of_others());
                self.restore_unsaved();
            }
            FileDone::Opened(Ok(Opened::Experiment { experiment, path })) => self.show_experiment(*experiment, path),
            FileDone::Asks(question, job) => {
                self.state.overlay = Overlay::Replace(question, Box::new(job));
            }
            FileDone::Saved(Ok((saved, draft, then))) => {
                self.state.tell(Level::Good, format!("Saved {}", saved.path.display()));
                // Another plan has come in its place meanwhile, which has a file of its own.
                if self.state.editing.draft.number() != draft {
                    return;
                }
                self.state.editing.draft.mark_saved(saved);
                let draft = &self.state.editing.draft;
                if let Some(path) = draft.path.clone().filter(|_| !draft.is_unasked()) {
                    self.files.made_here(draft.plan().clone(), path);
                }
                if let Some(then) = then {
                    self.go_on(ctx, then);
                }
            }
            FileDone::Executes(looked) => self.looked(*looked),
            FileDone::Allowed(Ok(())) => self.python.ask_again(),
            FileDone::Allowed(Err(message)) => {
                self.state.tell(Level::Error, format!("What you allowed can't be remembered: {message}"));
            }
            FileDone::Exported(Ok(path)) => self.state.tell(Level::Good, format!("Wrote {}", path.display())),
            FileDone::Opened(Err(message)) | FileDone::Saved(Err(message)) | FileDone::Exported(Err(message)) => {
                self.state.tell(Level::Error, capital(&message));
            }
        }
    }

    /// Runs the plan if there is nothing to ask about; else asks the user.
    fn looked(&mut self, looked: Looked) {
        let draft = &mut self.state.editing.draft;
        if draft.revision() != looked.revision || !draft.is_unasked() {
            return;
        }
        if looked.known || looked.executes.list.is_empty() {
            draft.allow();
            return self.state.push(looked.command);
        }
        self.state.overlay = Overlay::RunFirst(Box::new(Asked::new(looked)));
    }
}
