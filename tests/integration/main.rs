//! The program as its users know it: the real binary, its files, its exit statuses. Also which room may know which.

#![allow(unsafe_code, reason = "tests ask the system for what the program does")]

mod arrows;
mod cannot_be_ended;
mod cases;
mod cli_calibrate;
mod cli_export;
mod cli_interrupt;
mod cli_open;
mod cli_plans;
mod cli_run;
mod cli_sweep;
mod cli_words;
mod coverage;
mod duty_cycle;
mod engine;
mod environment;
mod faults;
mod findings;
mod fuzz;
mod ground_truth;
mod guard;
mod host_killed;
mod hostile;
mod hyperfine;
mod left_python;
mod left_told;
mod limits;
mod machine;
mod measured;
mod nobody_left;
mod properties;
mod python;
mod refused;
mod snapshots;
mod support;
mod tree;
mod trust;
mod turn;
mod waits_end;
#[cfg(feature = "gui")]
mod window;
#[cfg(feature = "gui")]
mod window_kept;
#[cfg(feature = "gui")]
mod xvfb;
