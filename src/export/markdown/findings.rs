//! The findings, with their evidence and what to try.

use super::page::{Page, code, plain};
use super::setup::{place, stretch};
use insight::label::word;
use model::{Experiment, Finding, quantity::rounded};

/// The most runs that a finding names; the document has all.
const MOST_RUNS: usize = 6;

/// Writes the findings; nothing where there are none.
pub fn write(page: &mut Page, experiment: &Experiment, findings: &[Finding]) {
    if findings.is_empty() {
        return;
    }
    page.heading(2, "Why");
    for finding in findings {
        page.heading(3, &finding.title);
        page.paragraph(&plain(&finding.sentence));
        if !finding.advice.is_empty() {
            page.paragraph(&format!("**Try:** {}", plain(&finding.advice)));
        }
        page.list(evidence(finding).into_iter().chain(shown_in(experiment, finding)));
    }
}

fn evidence(finding: &Finding) -> Option<String> {
    let figures = finding.evidence.iter().map(|(name, value)| code(&format!("{name} = {}", short(value))));
    let figures: Vec<_> = figures.collect();
    (!figures.is_empty()).then(|| format!("Evidence: {}", figures.join(", ")))
}

/// A number with no more digits than a reader needs.
fn short(value: &serde_json::Value) -> String {
    match value.as_f64().filter(|_| value.is_f64()) {
        Some(number) if number.abs() >= 1e6 => format!("{number:.0}"),
        Some(number) => {
            let digits = (4.0 - number.abs().max(1e-9).log10().floor()).clamp(0.0, 12.0) as usize;
            rounded(number, digits)
        }
        None => value.as_str().map_or_else(|| value.to_string(), str::to_owned),
    }
}

fn shown_in(experiment: &Experiment, finding: &Finding) -> Option<String> {
    let settings = experiment.settings();
    let run_of = |id: &u32| experiment.runs.iter().find(|run| run.id == *id);
    let runs = finding.runs.iter().filter_map(run_of).map(|run| place(run, &word(run.setting(), &settings)));
    let mut runs: Vec<String> = runs.collect();
    let more = runs.len().saturating_sub(MOST_RUNS);
    runs.truncate(MOST_RUNS);
    runs.extend((more > 0).then(|| format!("{more} more")));
    let first = finding.runs.first().and_then(run_of)?;
    let place = finding.place.map(|place| {
        let execution = place.execution.and_then(|id| first.executions.get(id as usize));
        let whose = execution.map(|execution| format!("{} ", code(&execution.label()))).unwrap_or_default();
        format!("; in the first {whose}{}", stretch(place.from_ns, place.to_ns))
    });
    Some(format!("Seen in {}{}", runs.join(", "), place.unwrap_or_default()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn numbers_have_the_digits_that_are_read() {
        let said = [json!(47.123456), json!(12), json!(0.000123456), json!(1234567.8), json!("futex"), json!(2.0)];
        assert_eq!(said.each_ref().map(short), ["47.123", "12", "0.00012346", "1234568", "futex", "2"]);
    }
}
