//! Numbers in, numbers out: quantiles, intervals, tests. Nothing here knows of threads.

pub mod bootstrap;
pub mod least_squares;
pub mod median_interval;
pub mod order;
pub mod outliers;
pub mod rank_test;
pub mod signed_rank;
pub mod trend;
