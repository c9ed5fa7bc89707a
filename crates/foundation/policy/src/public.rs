//! What makes a policy open to the world: S3's Block Public Access, and IAM's warning about identity pool roles.
//! Reference: identity-pools-iam 11.5 and 2.5.

use crate::parse::Policy;
use crate::principal::{Named, PrincipalElement};
use crate::statement::{Effect, Statement};

/// Keys that, pinned to fixed values, leave nobody unknown to ask.
const PINNING_KEYS: [&str; 11] = [
    "aws:principalaccount",
    "aws:principalarn",
    "aws:principalorgid",
    "aws:sourceaccount",
    "aws:sourcearn",
    "aws:sourceip",
    "aws:sourceowner",
    "aws:sourcevpc",
    "aws:sourcevpce",
    "aws:userid",
    "s3:dataaccesspointarn",
];

impl Policy {
    /// Whether some Allow reaches everybody: what BlockPublicPolicy refuses and RestrictPublicBuckets limits.
    pub fn is_public(&self) -> bool {
        self.statements().iter().any(is_public)
    }
}

fn is_public(statement: &Statement) -> bool {
    let open = allowed_to(statement).is_some_and(|to| match to {
        PrincipalElement::Is(names) => names.contains(&Named::Everyone),
        PrincipalElement::Not(_) => true,
    });
    open && !pins(statement, &PINNING_KEYS)
}

fn allowed_to(statement: &Statement) -> Option<&PrincipalElement> {
    statement
        .principal
        .as_ref()
        .filter(|_| statement.effect == Effect::Allow)
}

fn pins(statement: &Statement, keys: &[&str]) -> bool {
    statement
        .conditions
        .iter()
        .any(|condition| keys.contains(&&*condition.key.folded) && condition.pins_its_key())
}
