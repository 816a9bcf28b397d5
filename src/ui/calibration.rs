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
    /// Its result.
    Done(Box<MeasuringCosts>),
    /// Why there is no result, in one sentence.
    Failed(String),
}

impl Calibration {
    /// The result of a self-test.
    pub fn of(result: Result<MeasuringCosts, String>) -> Self {
        result.map_or_else(Self::Failed, |costs| Self::Done(Box::new(costs)))
    }

    /// Whether it is being measured.
    pub fn is_running(&self) -> bool {
        matches!(self, Self::Running)
    }
}
