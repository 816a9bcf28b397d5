//! The JSON document of an experiment with everything that is worked out from its runs.

use super::{compare::compare, findings::findings_of, launch_costs, scaling::scaling, waterfall::waterfall};
use model::{Experiment, document::Document};

/// The whole document.
pub fn document(experiment: &Experiment) -> Document {
    let comparisons = compare(experiment);
    Document {
        launch_costs: launch_costs::entries(experiment),
        waterfall: waterfall(experiment),
        sweep: scaling(experiment),
        findings: findings_of(experiment, &comparisons),
        ..Document::new(experiment, comparisons)
    }
}
