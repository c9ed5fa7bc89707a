//! Who is calling, as far as every service needs to know. `iam` fills it in; the policy engine's context is made from it.

use std::collections::BTreeMap;

use crate::{AccessKeyId, AccountId, Arn, Timestamp};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Principal {
    pub kind: PrincipalKind,
    pub account: AccountId,
    /// What GetCallerIdentity prints: a user, the root, or a role session. Reference: identity-pools-iam 2.3.
    pub arn: Arn,
    /// `AIDA…`, `AROA…:session`, or the account id for the root.
    pub user_id: String,
    /// The key that signed; absent for the anonymous caller.
    pub access_key: Option<AccessKeyId>,
    /// `aws:PrincipalTag/…`: the user's or role's tags, overridden by the session's.
    pub tags: BTreeMap<String, String>,
    /// Temporary credentials only.
    pub session: Option<Session>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PrincipalKind {
    Root,
    User {
        name: String,
    },
    /// A session of a role; `role_arn` keeps the path that the session's own ARN drops.
    AssumedRole {
        role_name: String,
        role_arn: Arn,
        session_name: String,
    },
    /// No credentials at all: public objects.
    Anonymous,
}

/// What temporary credentials carry, sealed in their session token (decision 10).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    pub issued_at: Timestamp,
    pub expires_at: Timestamp,
    /// `aws:FederatedProvider`, and the keys the provider left: `cognito-identity.amazonaws.com:sub` and the like.
    pub federated: BTreeMap<String, Vec<String>>,
    pub source_identity: Option<String>,
    pub transitive_tag_keys: Vec<String>,
}

impl Principal {
    pub fn anonymous(account: AccountId) -> Self {
        let arn = Arn::iam(&account, "anonymous", "/", "");
        Self {
            kind: PrincipalKind::Anonymous,
            account,
            arn,
            user_id: "anonymous".to_owned(),
            access_key: None,
            tags: BTreeMap::new(),
            session: None,
        }
    }

    pub fn is_anonymous(&self) -> bool {
        self.kind == PrincipalKind::Anonymous
    }
}
