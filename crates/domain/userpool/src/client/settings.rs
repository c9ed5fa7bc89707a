//! What an app client's settings mean: parsed once where a client is loaded.

use std::{collections::BTreeSet, time::Duration};

use api::cognito_idp::{ExplicitAuthFlowsType, FeatureType, TimeUnitsType, UserPoolClientType};
use store::records::address::Address;

use crate::pool::schema::Schema;

/// Unless the client says otherwise.
pub(super) const REFRESH_DAYS: i32 = 30;
pub(super) const SESSION_MINUTES: i32 = 3;

const HOUR: Duration = Duration::from_secs(3600);

/// No `Session` or SECRET_BLOCK lives longer, whatever its client's setting was.
pub(crate) const LONGEST_CHALLENGE: Duration = Duration::from_secs(15 * 60);

/// The kinds of sign-in that a client permits or not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Flow {
    Srp,
    Password,
    AdminPassword,
    Custom,
    Refresh,
    /// USER_AUTH.
    Choice,
    /// A token of one who acts for its user, made of both their tokens.
    Delegation,
    /// A token made of the user's alone.
    Impersonation,
    /// GetClientToken.
    ClientToken,
}

impl Flow {
    const ALL: [Self; 9] = [
        Self::Srp,
        Self::Password,
        Self::AdminPassword,
        Self::Custom,
        Self::Refresh,
        Self::Choice,
        Self::Delegation,
        Self::Impersonation,
        Self::ClientToken,
    ];

    /// The flows that a client permits, the legacy spellings and the default included. Reference: user-pools 3.4.
    pub fn permitted(settings: &UserPoolClientType) -> Vec<Self> {
        let listed = settings.explicit_auth_flows.as_deref().unwrap_or_default();
        Self::ALL.into_iter().filter(|flow| flow.is_permitted(listed)).collect()
    }

    fn is_permitted(self, listed: &[ExplicitAuthFlowsType]) -> bool {
        use ExplicitAuthFlowsType as E;
        if listed.is_empty() {
            return matches!(self, Self::Refresh | Self::Srp | Self::Custom);
        }
        let has = |wanted: E| listed.contains(&wanted);
        let legacy = has(E::AdminNoSrpAuth) || has(E::UserPasswordAuth) || has(E::CustomAuthFlowOnly);
        match self {
            Self::Srp => has(E::AllowUserSrpAuth) || (legacy && !has(E::CustomAuthFlowOnly)),
            Self::Password => has(E::AllowUserPasswordAuth) || has(E::UserPasswordAuth),
            Self::AdminPassword => has(E::AllowAdminUserPasswordAuth) || has(E::AdminNoSrpAuth),
            Self::Custom => has(E::AllowCustomAuth) || legacy,
            Self::Refresh => has(E::AllowRefreshTokenAuth) || legacy,
            Self::Choice => has(E::AllowUserAuth),
            Self::Delegation => has(E::AllowTokenExchangeDelegation),
            Self::Impersonation => has(E::AllowTokenExchangeImpersonation),
            Self::ClientToken => has(E::AllowClientTokenAuth),
        }
    }
}

/// How long what a client gets lives. Reference: user-pools 3.5, 3.7.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Lifetimes {
    pub access_token: Duration,
    pub id_token: Duration,
    pub refresh_token: Duration,
    /// Of a `Session` or SECRET_BLOCK.
    pub challenge: Duration,
    /// How long a rotated-out refresh token still works. None: refresh tokens are not rotated.
    pub rotation_grace: Option<Duration>,
}

impl Lifetimes {
    pub fn of(settings: &UserPoolClientType) -> Self {
        let units = settings.token_validity_units.as_ref();
        let hours = |validity: Option<i32>, unit: Option<TimeUnitsType>| {
            validity.map_or(HOUR, |n| span(n, unit.unwrap_or(TimeUnitsType::Hours)))
        };
        let challenge = settings.auth_session_validity.unwrap_or(SESSION_MINUTES);
        Self {
            access_token: hours(settings.access_token_validity, units.and_then(|u| u.access_token)),
            id_token: hours(settings.id_token_validity, units.and_then(|u| u.id_token)),
            refresh_token: span(
                settings.refresh_token_validity.unwrap_or(REFRESH_DAYS),
                refresh_token_unit(settings),
            ),
            challenge: span(challenge, TimeUnitsType::Minutes).min(LONGEST_CHALLENGE),
            rotation_grace: rotation_grace(settings),
        }
    }
}

fn rotation_grace(settings: &UserPoolClientType) -> Option<Duration> {
    let rotation = settings.refresh_token_rotation.as_ref();
    let rotation = rotation.filter(|rotation| rotation.feature == FeatureType::Enabled)?;
    let seconds = rotation.retry_grace_period_seconds;
    let seconds = seconds.and_then(|seconds| u64::try_from(seconds).ok()).unwrap_or(0);
    Some(Duration::from_secs(seconds))
}

pub(super) fn refresh_token_unit(settings: &UserPoolClientType) -> TimeUnitsType {
    let units = settings.token_validity_units.as_ref();
    units.and_then(|u| u.refresh_token).unwrap_or(TimeUnitsType::Days)
}

pub(super) const fn seconds_of(unit: TimeUnitsType) -> u32 {
    match unit {
        TimeUnitsType::Seconds => 1,
        TimeUnitsType::Minutes => 60,
        TimeUnitsType::Hours => 3600,
        TimeUnitsType::Days => 24 * 3600,
    }
}

fn span(number: i32, unit: TimeUnitsType) -> Duration {
    Duration::from_secs(u64::from(number.unsigned_abs()) * u64::from(seconds_of(unit)))
}

/// The attributes that a client reads or writes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Attributes {
    All,
    Listed(BTreeSet<String>),
}

impl Attributes {
    /// An empty list is as good as none.
    pub fn of(listed: Option<&[String]>) -> Self {
        match listed.filter(|list| !list.is_empty()) {
            Some(list) => Self::Listed(list.iter().cloned().collect()),
            None => Self::All,
        }
    }

    pub fn contain(&self, name: &str) -> bool {
        match self {
            Self::All => true,
            Self::Listed(names) => names.contains(name),
        }
    }
}

/// Whether no client may ever write an attribute: what is ours or an administrator's to vouch for, and what is for developers
/// only. Reference: user-pools 2.4, 3.6.
pub(crate) fn is_kept_from_clients(schema: &Schema, name: &str) -> bool {
    let developer_only = schema.get(name).is_some_and(|attribute| attribute.developer_only);
    developer_only || name == "sub" || Address::is_flag(name)
}
