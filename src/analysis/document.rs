//! The JSON document of an experiment with everything that is worked out from its runs.

use super::{compare::compare, launch_costs, waterfall::waterfall};
use crate::model::{Experiment, document::Document};

/// The whole document.
pub fn document(experiment: &Experiment) -> Document {
    let launch_costs = launch_costs::entries(experiment);
    let waterfall = waterfall(experiment);
    Document { launch_costs, waterfall, ..Document::new(experiment, compare(experiment)) }
}
