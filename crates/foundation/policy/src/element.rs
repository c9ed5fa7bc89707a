//! What of a statement does not fit a request.

use std::fmt;

/// The first element of a statement that does not fit the request, tried in the order action, resource, principal,
/// conditions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Element<'p> {
    Action,
    Resource,
    Principal,
    /// Operator and key as written.
    Condition {
        operator: &'p str,
        key: &'p str,
    },
}

impl fmt::Display for Element<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Action => f.write_str("Action"),
            Self::Resource => f.write_str("Resource"),
            Self::Principal => f.write_str("Principal"),
            Self::Condition { operator, key } => write!(f, "Condition {operator} {key}"),
        }
    }
}
