//! What makes a policy open to the world: S3's Block Public Access, and IAM's warning about identity pool roles.
//! Reference: identity-pools-iam 11.5 and 2.5.

use crate::keys;
use crate::kind::PolicyKind;
use crate::parse::Policy;
use crate::principal::{Everyone, Grant, Named, Principal, PrincipalElement};
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

    /// Whether this trust policy lets the tokens of any identity pool in. IAM refuses such policies today; older ones
    /// exist, so it is the caller's choice to do so.
    pub fn trusts_any_identity_pool(&self) -> bool {
        let provider = Principal::Federated {
            provider: "cognito-identity.amazonaws.com",
        };
        self.kind() == PolicyKind::Trust
            && self.statements().iter().any(|statement| {
                let trusted = allowed_to(statement).and_then(|to| to.grant(&provider, Everyone::AwsPrincipals));
                trusted == Some(Grant::Direct) && !pins(statement, &[keys::COGNITO_AUD])
            })
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
