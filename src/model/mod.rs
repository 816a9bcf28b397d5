//! Plain data: what a plan, a run and an experiment are. No threads, no clock, no window.
//!
//! Instants are nanoseconds of CLOCK_MONOTONIC since the run's origin; names end in their unit.

pub mod choice;
pub mod conditions;
pub mod document;
pub mod duration;
pub mod event;
pub mod execution;
pub mod experiment;
pub mod finding;
pub mod interpreter;
pub mod lifecycle;
pub mod machine;
pub mod meant;
pub mod measure;
pub mod measuring_costs;
pub mod member;
pub mod mode;
pub mod others;
pub mod outcome;
pub mod phases;
pub mod plan;
pub mod problem;
pub mod run;
pub mod sample;
pub mod scaling;
pub mod sending;
pub mod slices;
pub mod states;
pub mod swept;
pub mod task;
pub mod toml_value;
pub mod waterfall;

pub use choice::{Choice, Runtime};
pub use conditions::Conditions;
pub use event::{Event, RunEnd, RunEvent};
pub use execution::{Execution, Output, Usage};
pub use experiment::{Experiment, RunSetting};
pub use finding::{Finding, Place};
pub use interpreter::{Interpreter, InterpreterFacts};
pub use lifecycle::{Phase, Stage, Stamps};
pub use machine::Machine;
pub use measure::Measure;
pub use measuring_costs::{LevelCost, MeasuringCosts, ModeCosts, Spread};
pub use member::{MAX_MEMBERS, Member, MemberKind, OwnWork};
pub use mode::{LaunchMode, StartMethod};
pub use outcome::{Outcome, OutcomeKind};
pub use plan::{Plan, RunSettings};
pub use problem::{Field, Problem};
pub use run::{MainKind, MainMark, Run};
pub use sample::Sample;
pub use sending::Sending;
pub use slices::{Alive, Owner, Slice, SliceEntry, Slices, SlicesSource};
pub use states::{Bin, BlockedOn, BlockedTotals, LockLooks, Profile, Sampling, State, States, StatesSource};
pub use swept::{SweepAxis, SweptValue};
pub use task::{Args, PythonTarget, Target, Task};
