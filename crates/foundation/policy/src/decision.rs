//! What a request is told, and which statement is behind it. Denial texts: identity-pools-iam 5.5.

use crate::kind::PolicyKind;

/// A statement among the policies of one evaluation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StatementRef {
    /// The part that its policy played.
    pub kind: PolicyKind,
    /// Index in that part's list of policies.
    pub policy: usize,
    /// Index in [`crate::Policy::statements`].
    pub statement: usize,
}

/// Why something is allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Grounds {
    Statement(StatementRef),
    /// The account's root needs no identity policy.
    Root,
    /// GetCallerIdentity and its like.
    NoPermissionNeeded,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    Allowed(Grounds),
    ExplicitDeny(StatementRef),
    /// The part whose Allow is missing.
    ImplicitDeny(PolicyKind),
}

impl Decision {
    pub fn is_allowed(&self) -> bool {
        matches!(self, Self::Allowed(_))
    }

    /// `EvalDecision` of the policy simulator.
    pub fn simulator_name(&self) -> &'static str {
        match self {
            Self::Allowed(_) => "allowed",
            Self::ExplicitDeny(_) => "explicitDeny",
            Self::ImplicitDeny(_) => "implicitDeny",
        }
    }

    /// The last words of a refusal; `None` when allowed.
    pub fn reason(&self, action: &str) -> Option<String> {
        match self {
            Self::Allowed(_) => None,
            Self::ExplicitDeny(statement) => Some(format!(
                "with an explicit deny in {}",
                match statement.kind {
                    PolicyKind::Identity => "an identity-based policy",
                    PolicyKind::Bucket => "a resource-based policy",
                    PolicyKind::Boundary => "a permissions boundary",
                    PolicyKind::Session => "a session policy",
                    PolicyKind::Trust => "the role trust policy",
                }
            )),
            Self::ImplicitDeny(missing) => Some(format!(
                "because no {} allows the {action} action",
                match missing {
                    PolicyKind::Identity => "identity-based policy",
                    PolicyKind::Bucket => "resource-based policy",
                    PolicyKind::Boundary => "permissions boundary",
                    PolicyKind::Session => "session policy",
                    PolicyKind::Trust => "role trust policy",
                }
            )),
        }
    }

    /// The whole refusal; `None` when allowed. `caller` is the session's ARN for roles; `resource` is left out for actions
    /// without one and comes in double quotes from S3.
    pub fn refusal(&self, caller: &str, action: &str, resource: Option<&str>) -> Option<String> {
        let reason = self.reason(action)?;
        let on = resource
            .map(|resource| format!(" on resource: {resource}"))
            .unwrap_or_default();
        Some(format!(
            "User: {caller} is not authorized to perform: {action}{on} {reason}"
        ))
    }
}
