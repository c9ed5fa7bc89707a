//! Who calls, and whom a resource policy or trust policy names. Reference: identity-pools-iam 4.2 and 6.1.

use std::borrow::Cow;

/// An account, by its number and, where the caller knows it, by S3's canonical user id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Account<'a> {
    pub id: &'a str,
    pub canonical_id: Option<&'a str>,
}

impl<'a> Account<'a> {
    pub const fn new(id: &'a str) -> Self {
        Self { id, canonical_id: None }
    }
}

/// Who calls, as policies can name them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Principal<'a> {
    /// No signature at all.
    Anonymous,
    Root {
        account: Account<'a>,
    },
    /// `id` is `AIDA…`.
    User {
        account: Account<'a>,
        arn: &'a str,
        name: &'a str,
        id: &'a str,
    },
    /// `arn` is the session's (`…:assumed-role/Name/Session`), `role_arn` keeps the role's path, `user_id` is
    /// `AROA…:Session`.
    RoleSession {
        account: Account<'a>,
        arn: &'a str,
        role_arn: &'a str,
        user_id: &'a str,
    },
    /// A GetFederationToken session; `user_id` is `account:Name`.
    FederatedUser {
        account: Account<'a>,
        arn: &'a str,
        user_id: &'a str,
    },
    /// Whoever holds a token of this provider and is about to assume a role: the issuer's host
    /// (`cognito-identity.amazonaws.com`) or the provider's ARN, as trust policies write it.
    Federated {
        provider: &'a str,
    },
    /// An AWS service on its own behalf: `s3.amazonaws.com`.
    Service {
        name: &'a str,
    },
}

impl<'a> Principal<'a> {
    /// `None` for callers that belong to no account.
    pub fn account(&self) -> Option<Account<'a>> {
        match *self {
            Self::Root { account }
            | Self::User { account, .. }
            | Self::RoleSession { account, .. }
            | Self::FederatedUser { account, .. } => Some(account),
            Self::Anonymous | Self::Federated { .. } | Self::Service { .. } => None,
        }
    }

    /// `aws:PrincipalArn`: the role's ARN for its sessions.
    pub fn principal_arn(&self) -> Option<Cow<'a, str>> {
        match *self {
            Self::Root { account } => Some(Cow::Owned(format!("arn:aws:iam::{}:root", account.id))),
            Self::User { arn, .. } | Self::FederatedUser { arn, .. } => Some(Cow::Borrowed(arn)),
            Self::RoleSession { role_arn, .. } => Some(Cow::Borrowed(role_arn)),
            Self::Anonymous | Self::Federated { .. } | Self::Service { .. } => None,
        }
    }

    /// `aws:userid`.
    pub fn user_id(&self) -> Option<&'a str> {
        match *self {
            Self::Anonymous => Some("anonymous"),
            Self::Root { account } => Some(account.id),
            Self::User { id, .. } => Some(id),
            Self::RoleSession { user_id, .. } | Self::FederatedUser { user_id, .. } => Some(user_id),
            Self::Federated { .. } | Self::Service { .. } => None,
        }
    }

    /// `aws:PrincipalType`.
    pub fn type_name(&self) -> &'static str {
        match self {
            Self::Anonymous | Self::Federated { .. } => "Anonymous",
            Self::Root { .. } => "Account",
            Self::User { .. } => "User",
            Self::RoleSession { .. } => "AssumedRole",
            Self::FederatedUser { .. } => "FederatedUser",
            Self::Service { .. } => "Service",
        }
    }
}

/// How closely an Allow names the caller, from loose to close.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Grant {
    /// The caller's account: a delegation, the caller's own policies must allow too.
    Account,
    /// The caller's role: its identity policies are not needed, boundary and session policies still are.
    Role,
    /// The caller itself, or everybody.
    Direct,
}

/// One name in a Principal element.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Named {
    Everyone,
    Account(Box<str>),
    Arn(Box<str>),
    /// `AIDA…` or `AROA…`: what is left of an ARN whose user or role was deleted.
    Id(Box<str>),
    Federated(Box<str>),
    Service(Box<str>),
    Canonical(Box<str>),
}

/// What "everybody" and NotPrincipal mean depends on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Everyone {
    /// Resource policies: also anonymous callers.
    Anybody,
    /// Trust policies: any AWS principal, nobody from outside.
    AwsPrincipals,
}

#[derive(Clone, Debug)]
pub(crate) enum PrincipalElement {
    Is(Box<[Named]>),
    Not(Box<[Named]>),
}

impl PrincipalElement {
    /// For an Allow: how closely the caller is named.
    pub(crate) fn grant(&self, caller: &Principal<'_>, everyone: Everyone) -> Option<Grant> {
        match self {
            Self::Is(names) => names.iter().filter_map(|name| name.names(caller, everyone)).max(),
            Self::Not(names) => {
                let excepted = names.iter().any(|name| name.names(caller, everyone).is_some());
                (!excepted).then_some(Grant::Direct)
            }
        }
    }

    /// For a Deny. NotPrincipal spares only a caller that is listed in full: account, role and session.
    pub(crate) fn denies(&self, caller: &Principal<'_>, everyone: Everyone) -> bool {
        match self {
            Self::Is(_) => self.grant(caller, everyone).is_some(),
            Self::Not(names) => {
                let listed = |level| names.iter().any(|name| name.names(caller, everyone) == Some(level));
                let spared = names.contains(&Named::Everyone)
                    || match caller {
                        Principal::Anonymous => false,
                        Principal::Root { .. } | Principal::Federated { .. } | Principal::Service { .. } => {
                            listed(Grant::Direct)
                        }
                        Principal::User { .. } | Principal::FederatedUser { .. } => {
                            listed(Grant::Account) && listed(Grant::Direct)
                        }
                        Principal::RoleSession { .. } => {
                            listed(Grant::Account) && listed(Grant::Role) && listed(Grant::Direct)
                        }
                    };
                !spared
            }
        }
    }
}

impl Named {
    fn names(&self, caller: &Principal<'_>, everyone: Everyone) -> Option<Grant> {
        let when = |fits: bool, grant| fits.then_some(grant);
        let of_account = |fits: bool| {
            let whole = matches!(caller, Principal::Root { .. });
            when(fits, if whole { Grant::Direct } else { Grant::Account })
        };
        match (self, caller) {
            (Self::Everyone, _) => when(
                everyone == Everyone::Anybody || caller.account().is_some(),
                Grant::Direct,
            ),
            (Self::Account(id), _) => of_account(caller.account().is_some_and(|account| *account.id == **id)),
            (Self::Canonical(id), _) => of_account(
                caller
                    .account()
                    .and_then(|account| account.canonical_id)
                    .is_some_and(|own| *own == **id),
            ),
            (Self::Arn(named), Principal::User { arn, .. } | Principal::FederatedUser { arn, .. }) => {
                when(**named == **arn, Grant::Direct)
            }
            (Self::Arn(named), Principal::RoleSession { arn, role_arn, .. }) => {
                if **named == **arn {
                    Some(Grant::Direct)
                } else {
                    when(**named == **role_arn, Grant::Role)
                }
            }
            (Self::Id(named), Principal::User { id, .. }) => when(**named == **id, Grant::Direct),
            (Self::Id(named), Principal::RoleSession { user_id, .. }) => {
                when(user_id.split(':').next() == Some(named), Grant::Role)
            }
            (Self::Federated(named), Principal::Federated { provider }) => when(**named == **provider, Grant::Direct),
            (Self::Service(named), Principal::Service { name }) => when(**named == **name, Grant::Direct),
            _ => None,
        }
    }
}
