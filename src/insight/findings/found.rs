//! A finding in the making, with what ranks it.

use super::{
    facts::{Facts, Hit},
    run_facts::RunFacts,
};
use model::{Finding, FindingPlace, Setting};
use serde_json::{Map, Value};

/// A claim of a finding, or of a part of its advice, that a verdict can contradict. A claim about settings that were
/// not measured is never contradicted.
#[derive(Clone, Debug, PartialEq)]
pub enum Claim {
    /// One of these settings is faster than another.
    Pays {
        /// These settings.
        sides: Vec<Setting>,
        /// The other setting.
        over: Setting,
    },
    /// One of these settings takes no longer than another.
    LosesNothing {
        /// These settings.
        sides: Vec<Setting>,
        /// The other setting.
        to: Setting,
    },
    /// No other setting is faster.
    Suffices {
        /// This setting.
        side: Setting,
    },
}

/// A part of the advice that rests on claims, and what is said where a verdict contradicts one of them.
pub struct Try {
    /// The claims.
    pub claims: Vec<Claim>,
    /// What to try.
    pub text: String,
    /// What is said instead where a claim is contradicted; may be empty.
    pub instead: String,
}

/// A finding, and what it says of a comparison.
pub struct Found {
    /// The finding itself.
    pub finding: Finding,
    /// The settings in which it was found.
    pub settings: Vec<Setting>,
    /// How much of each compared setting's makespan this takes, in nanoseconds: a cost that one setting has and the
    /// other has not explains which is faster. Empty where it explains no difference.
    pub costs: Vec<(Setting, f64)>,
    /// What is added to its rank beside what it explains: a failure goes before everything.
    pub weight: f64,
    /// How well it explains that two settings are alike, where it was found in both; 0 to 1.
    pub likeness: f64,
    /// How well it explains that a verdict is unclear, 0 to 1.
    pub doubt: f64,
    /// Why one setting is slower, or both are alike, in a clause: `threads wait for the GIL`.
    pub clause: String,
    /// The claim that a verdict can contradict.
    pub claim: Option<Claim>,
    /// What to try as long as no verdict contradicts it, after the advice that holds in any case.
    pub tries: Vec<Try>,
    /// The two settings, where it is inferred from more CPU time in the first than in the second.
    pub grown: Option<(Setting, Setting)>,
}

impl Found {
    /// An empty finding of the rule with this id.
    pub fn new(id: &str, title: &str) -> Self {
        let finding = Finding {
            id: id.to_owned(),
            title: title.to_owned(),
            sentence: String::new(),
            advice: String::new(),
            evidence: Map::new(),
            runs: Vec::new(),
            place: None,
        };
        Self {
            finding,
            settings: Vec::new(),
            costs: Vec::new(),
            weight: 0.0,
            likeness: 0.5,
            doubt: 0.0,
            clause: String::new(),
            claim: None,
            tries: Vec::new(),
            grown: None,
        }
    }

    /// The sentence that says what is the case.
    pub fn sentence(mut self, text: impl Into<String>) -> Self {
        self.finding.sentence = text.into();
        self
    }

    /// What to try, whatever a verdict says.
    pub fn advice(mut self, text: impl Into<String>) -> Self {
        self.finding.advice = text.into();
        self
    }

    /// What to try besides, where no verdict contradicts these claims; else what is said instead.
    pub fn trying(
        mut self,
        claims: impl IntoIterator<Item = Claim>,
        text: impl Into<String>,
        instead: impl Into<String>,
    ) -> Self {
        self.tries.push(Try { claims: claims.into_iter().collect(), text: text.into(), instead: instead.into() });
        self
    }

    /// The clause that explains a verdict.
    pub fn clause(mut self, text: impl Into<String>) -> Self {
        self.clause = text.into();
        self
    }

    /// A claim that a verdict can contradict.
    pub fn claiming(mut self, claim: Claim) -> Self {
        self.claim = Some(claim);
        self
    }

    /// It is inferred from CPU time that is more in one setting than in another.
    pub fn inferred_from(mut self, own: Setting, other: Setting) -> Self {
        self.grown = Some((own, other));
        self
    }

    /// A share (0 to 1) in per cent; the name ends in `_percent`.
    pub fn percent(self, name: &str, share: f64) -> Self {
        self.figure(name, (share * 100_000.0).round() / 1_000.0)
    }

    /// A time; the name ends in `_ns`.
    pub fn ns(self, name: &str, ns: f64) -> Self {
        self.count(name, ns.max(0.0).round() as u64)
    }

    /// How many times as much; the name ends in `_ratio`, or says what is counted on average. Left out where it is not
    /// finite.
    pub fn ratio(self, name: &str, ratio: f64) -> Self {
        if !ratio.is_finite() {
            return self;
        }
        self.figure(name, (ratio * 10_000.0).round() / 10_000.0)
    }

    /// How many; the name says of what.
    pub fn count(mut self, name: &str, count: u64) -> Self {
        self.finding.evidence.insert(name.to_owned(), count.into());
        self
    }

    /// A figure in words.
    pub fn word(mut self, name: &str, word: impl Into<String>) -> Self {
        self.finding.evidence.insert(name.to_owned(), Value::String(word.into()));
        self
    }

    fn figure(mut self, name: &str, value: f64) -> Self {
        self.finding.evidence.insert(name.to_owned(), value.into());
        self
    }

    /// The runs that show it, the plainest first, and the place in that one.
    pub fn shown_by(mut self, runs: impl IntoIterator<Item = u32>, place: Option<FindingPlace>) -> Self {
        self.finding.runs = runs.into_iter().collect();
        self.finding.place = place;
        self
    }

    /// The runs of the first hit, and the settings of all.
    pub fn shown_by_hits(
        mut self,
        hits: &[Hit<'_, '_>],
        place: impl Fn(&RunFacts<'_>) -> Option<FindingPlace>,
    ) -> Self {
        self.settings = hits.iter().map(|hit| hit.side.setting).collect();
        let runs = hits.iter().flat_map(|hit| hit.runs.iter().map(|facts| facts.run.id)).collect::<Vec<_>>();
        let plainest = hits.first().and_then(|hit| hit.runs.first());
        self.shown_by(runs, plainest.and_then(|run| place(run)))
    }

    /// The settings in which it was found.
    pub fn found_in(mut self, settings: impl IntoIterator<Item = Setting>) -> Self {
        self.settings = settings.into_iter().collect();
        self
    }

    /// What it takes of each compared setting's makespan.
    pub fn costing(mut self, facts: &Facts<'_>, of: impl Fn(&RunFacts<'_>) -> f64) -> Self {
        self.costs = facts.compared().map(|side| (side.setting, side.median(&of))).collect();
        self
    }

    /// What it takes of a setting's makespan, in nanoseconds.
    pub fn cost(&self, setting: Setting) -> Option<f64> {
        self.costs.iter().find(|(side, _)| *side == setting).map(|(_, ns)| *ns)
    }
}

/// `48 %`; below 10 % with a decimal.
pub fn percent(share: f64) -> String {
    let percent = share * 100.0;
    if percent < 0.05 {
        "0 %".to_owned()
    } else if percent < 9.95 {
        format!("{percent:.1} %")
    } else {
        format!("{percent:.0} %")
    }
}

/// How many other settings are named; more are counted.
const NAMED: usize = 3;

/// What the other settings show: ` Likewise processes (97 %).`, or nothing.
pub fn likewise(hits: &[Hit<'_, '_>]) -> String {
    let others = hits.iter().skip(1);
    let named: Vec<_> =
        others.take(NAMED).map(|hit| format!("{} ({})", hit.side.phrase.name, percent(hit.value))).collect();
    match hits.len().saturating_sub(1 + NAMED) {
        _ if named.is_empty() => String::new(),
        0 => format!(" Likewise {}.", named.join(", ")),
        more => format!(" Likewise {} and {more} more.", named.join(", ")),
    }
}
