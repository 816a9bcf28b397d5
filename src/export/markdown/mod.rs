//! A report in Markdown, to be pasted into an issue or a handout: what was run on what, the table, the verdicts with their
//! intervals, findings, a sweep's points and fits, what launching and an execution cost, what failed, and
//! what was left running.

mod costs;
mod findings;
mod page;
mod results;
mod setup;
mod sweep;

use super::{ExportError, ExportOptions, Exporter};
use insight::document::document;
use model::Experiment;
use page::Page;

/// Markdown as GitHub reads it (GFM); its tables are read by Pandoc too.
pub struct Markdown;

impl Exporter for Markdown {
    fn extensions(&self) -> &'static [&'static str] {
        &["md"]
    }

    fn title(&self) -> &'static str {
        "Markdown report"
    }

    fn export(&self, experiment: &Experiment, options: &ExportOptions) -> Result<Vec<u8>, ExportError> {
        if experiment.runs.is_empty() {
            return Err(ExportError::NothingToDraw);
        }
        let title = options.title.as_deref().unwrap_or(&experiment.plan.name);
        Ok(report(experiment, title).into_bytes())
    }
}

fn report(experiment: &Experiment, title: &str) -> String {
    let found = document(experiment);
    let mut page = Page::default();
    page.heading(1, title);
    setup::head(&mut page, experiment);
    results::sentences(&mut page, experiment, &found);
    findings::write(&mut page, experiment, &found.findings);
    match &found.sweep {
        Some(sweep) => sweep::write(&mut page, experiment, sweep),
        None => {
            results::table(&mut page, experiment);
            costs::execution(&mut page, experiment, &found.waterfall);
            costs::launch(&mut page, experiment, &found.launch_costs);
        }
    }
    results::failures(&mut page, experiment);
    results::left_running(&mut page, experiment);
    setup::tasks(&mut page, experiment);
    page.text()
}

#[cfg(test)]
mod tests;
