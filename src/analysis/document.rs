//! The JSON document of an experiment with everything that is worked out from its runs.

use super::{compare::compare, launch_costs, scaling::scaling, waterfall::waterfall};
use crate::model::{Experiment, document::Document};

/// The whole document.
pub fn document(experiment: &Experiment) -> Document {
    let launch_costs = launch_costs::entries(experiment);
    let waterfall = waterfall(experiment);
    let sweep = scaling(experiment);
    Document { launch_costs, waterfall, sweep, ..Document::new(experiment, compare(experiment)) }
}
