//! Functions that run here: each has a line of events (`line`) and one or more places (`place`) in which a process of its command
//! runs, is watched over and started anew (`watch`), and is fed by the Lambda Runtime API (`runtime_api`). Start at `host`.

mod child;
mod environment;
mod files;
mod function;
mod host;
mod line;
mod output;
mod peer;
mod place;
mod role;
mod runtime_api;
mod surroundings;
mod watch;

pub use function::Child;
pub(crate) use function::Local;
pub(crate) use host::Host;
pub use role::{Assuming, RoleCredentials, Roles};
pub use surroundings::{Reload, Surroundings};
