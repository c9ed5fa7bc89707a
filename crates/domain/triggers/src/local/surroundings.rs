//! What the program says of where processes live.

use std::sync::Arc;

use super::role::Roles;

/// Where the processes live.
pub struct Surroundings {
    /// Of this server, for functions with a role.
    pub endpoint_url: String,
    pub region: String,
    /// What is handed down of our own environment.
    pub inherited: Vec<(String, String)>,
    pub roles: Arc<dyn Roles>,
    pub reload: Reload,
}

/// Whether a process is started anew when a file of its directory has changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reload {
    WhenChanged,
    Never,
}
