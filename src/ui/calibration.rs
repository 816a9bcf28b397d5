//! The self-test of what measuring costs.

use model::MeasuringCosts;

/// Makes the self-test, which takes a second or two.
pub type SelfTest = fn() -> Result<MeasuringCosts, String>;

/// What is known of what measuring costs here.
#[derive(Default)]
pub enum Calibration {
    /// Nobody has asked yet.
    #[default]
    NotYet,
    /// It is being measured.
    Running,
    /// What came of it.
    Done(Box<MeasuringCosts>),
    /// Why nothing did, in one sentence.
    Failed(String),
}

impl Calibration {
    /// What a self-test gave.
    pub fn of(result: Result<MeasuringCosts, String>) -> Self {
        result.map_or_else(Self::Failed, |costs| Self::Done(Box::new(costs)))
    }

    /// Whether it goes on.
    pub fn is_running(&self) -> bool {
        matches!(self, Self::Running)
    }
}
