//! The JSON document of an experiment with everything that is worked out from its runs.

use super::{compare::compare, findings::findings_of, launch_costs};
use crate::model::{Experiment, document::Document};

/// The whole document.
pub fn document(experiment: &Experiment) -> Document {
    let launch_costs = launch_costs::entries(experiment);
    let comparisons = compare(experiment);
    let findings = findings_of(experiment, &comparisons);
    Document { launch_costs, findings, ..Document::new(experiment, comparisons) }
}
