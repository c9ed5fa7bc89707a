//! Lambda triggers' functions: read of the configuration (`configured`), then their processes (`started`).

mod configured;
mod started;

pub use configured::{SHORTEST_SECRET, triggers};
pub use started::start;
