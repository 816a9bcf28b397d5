//! Lets the user choose a file, and goes on with it.

use super::{
    app::Workbench,
    dialogs::Chosen,
    files::Job,
    panels::{functions, program},
    shown,
    state::{Purpose, State},
};
use eframe::egui::Context;
use export::{ChartTheme, ExportOptions};
use model::Target;
use std::path::PathBuf;

impl Workbench {
    /// Opens a dialog for a purpose, at a folder or with a file name that fits.
    pub(super) fn choose(&mut self, purpose: Purpose) {
        let start = self.suggestion(&purpose);
        self.dialogs.ask(&self.background, purpose, &start);
    }

    fn suggestion(&self, purpose: &Purpose) -> PathBuf {
        let draft = &self.state.editing.draft;
        let folder = draft.path.as_deref().and_then(|path| path.parent()).map(PathBuf::from);
        let folder = folder.or_else(|| std::env::current_dir().ok()).unwrap_or_default();
        let stem: String = draft.plan().name.to_lowercase().split_whitespace().collect::<Vec<_>>().join("-");
        let stem = stem.replace(['/', '\\', ':'], "-");
        match purpose {
            Purpose::SavePlan(_) => draft.path.clone().unwrap_or_else(|| folder.join(format!("{stem}.toml"))),
            Purpose::Export => folder.join(format!("{stem}.png")),
            Purpose::ExportPage(page) => folder.join(format!("{stem}.{}.png", page.kind())),
            _ => folder,
        }
    }

    /// Goes on after a file was chosen.
    pub fn chosen(&mut self, ctx: &Context, Chosen { purpose, path, existing }: Chosen) {
        let draft = &mut self.state.editing.draft;
        let text = path.display().to_string();
        let selected = draft.selected;
        match purpose {
            Purpose::Open => self.files.open(path),
            Purpose::SavePlan(then) => {
                let job = Job::Save { saving: draft.saving(path), draft: draft.number(), then };
                self.files.write(job, existing);
            }
            Purpose::Export | Purpose::ExportPage(_) => {
                if let Some(experiment) = &self.state.shown.experiment {
                    let options = export_options(&self.state, ctx);
                    let experiment = experiment.clone();
                    self.files.write(Job::Export { path, purpose, experiment, options }, existing);
                }
            }
            Purpose::Program => draft.edit(None, |plan| {
                if let Some(task) = plan.tasks.get_mut(selected) {
                    let before = task.target.to_string();
                    task.target = Target::Program(text);
                    program::follow(task, before.trim_start_matches("program:"));
                }
            }),
            Purpose::OpenPython { add } => functions::open(&mut self.state, add, &path),
            Purpose::Interpreter => draft.edit(None, |plan| plan.run.python = Some(text)),
            Purpose::Folder => draft.edit(None, |plan| {
                if let Some(task) = plan.tasks.get_mut(selected) {
                    task.cwd = Some(text);
                }
            }),
        }
    }
}

/// The options for an export of what is on the screen: the shown repeats, in the window's own light or dark.
fn export_options(state: &State, ctx: &Context) -> ExportOptions {
    let theme = if ctx.theme() == eframe::egui::Theme::Dark { ChartTheme::Dark } else { ChartTheme::Light };
    let experiment = state.shown.experiment.as_deref();
    let shown = experiment.into_iter().flat_map(|experiment| {
        let run =
            |setting| Some((setting, state.shown.runs.run(experiment, setting).filter(|run| !run.warmup)?.repeat));
        shown::settings(experiment).into_iter().filter_map(run)
    });
    let before_edit = state.results_are_of_the_plan_before();
    let no_env = state.session.no_env;
    ExportOptions { theme, repeats: shown.collect(), before_edit, no_env, ..ExportOptions::default() }
}
