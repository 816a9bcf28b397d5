//! Findings for the terminal.

use model::Finding;

/// `Why:`, and below it each finding: its title and sentence, and what to try; `None` without findings.
pub fn text(findings: &[Finding]) -> Option<String> {
    let entries: Vec<String> = findings.iter().map(entry).collect();
    (!entries.is_empty()).then(|| format!("Why:\n{}", entries.join("\n")))
}

fn entry(finding: &Finding) -> String {
    let Finding { title, sentence, advice, .. } = finding;
    let advice = if advice.is_empty() { String::new() } else { format!("\n    To try: {advice}") };
    format!("  {title}. {sentence}{advice}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use insight::{findings::findings, testing::Builder};
    use model::LaunchMode::{Processes, Threads};

    #[test]
    fn each_finding_is_told_with_what_to_try() {
        let experiment = Builder::compare("t").makespans(Threads, &[1.0; 2]).makespans(Processes, &[2.0; 2]).build();
        let found = findings(&experiment);
        let text = text(&found).expect("too few repeats");
        assert!(text.starts_with("Why:\n  Too few repeats to tell. There are 2 complete repeats"), "{text}");
        assert!(text.contains("\n    To try: Measure more repeats"), "{text}");
        assert_eq!(super::text(&[]), None);
    }
}
