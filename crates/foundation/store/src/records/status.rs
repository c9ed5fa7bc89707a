//! How far a user has come.

use std::fmt;

use crate::{
    Value,
    column::{Cell, FromColumn},
};

/// Stored as AWS spells it. What AWS lists beside these (ARCHIVED, COMPROMISED, UNKNOWN) no user here becomes.
/// Reference: user-pools 4.1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// Signed up, and no code given yet.
    Unconfirmed,
    Confirmed,
    /// An administrator took the password away; a code sets a new one.
    ResetRequired,
    /// An administrator set a temporary password.
    ForceChangePassword,
    /// Signs in elsewhere: there is no password here.
    ExternalProvider,
}

impl Status {
    const ALL: [Self; 5] = [
        Self::Unconfirmed,
        Self::Confirmed,
        Self::ResetRequired,
        Self::ForceChangePassword,
        Self::ExternalProvider,
    ];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Unconfirmed => "UNCONFIRMED",
            Self::Confirmed => "CONFIRMED",
            Self::ResetRequired => "RESET_REQUIRED",
            Self::ForceChangePassword => "FORCE_CHANGE_PASSWORD",
            Self::ExternalProvider => "EXTERNAL_PROVIDER",
        }
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromColumn for Status {
    fn from_column(cell: Cell<'_>) -> Result<Self, String> {
        let text = String::from_column(cell)?;
        let found = Self::ALL.into_iter().find(|status| status.as_str() == text);
        found.ok_or_else(|| "a user's status wanted".to_owned())
    }
}

impl From<Status> for Value {
    fn from(status: Status) -> Self {
        Self::from(status.as_str())
    }
}
