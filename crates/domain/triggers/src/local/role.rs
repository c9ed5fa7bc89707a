//! The port to whoever gives a function its role's credentials: this crate knows no IAM.

use std::{fmt, pin::Pin, time::Duration};

/// Wired by the program.
pub trait Roles: Send + Sync + 'static {
    /// Temporary credentials of a role that trusts `lambda.amazonaws.com`, for a session of this name. Errors: a sentence for
    /// the log.
    fn assume<'a>(&'a self, role: &'a str, session: &'a str) -> Assuming<'a>;
}

pub type Assuming<'a> = Pin<Box<dyn Future<Output = Result<RoleCredentials, String>> + Send + 'a>>;

pub struct RoleCredentials {
    pub access_key: String,
    pub secret: String,
    pub session_token: String,
    /// From now until they expire.
    pub lifetime: Duration,
}

impl fmt::Debug for RoleCredentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RoleCredentials({})", self.access_key)
    }
}
