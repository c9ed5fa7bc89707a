//! CreateUserPoolClient and UpdateUserPoolClient become settings; settings are printed as DescribeUserPoolClient prints
//! them. Reference: user-pools 3.1, 3.5.

use std::time::Duration;

use api::cognito_idp::{
    CreateUserPoolClientRequest, FeatureType, RefreshTokenRotationType, TimeUnitsType, UpdateUserPoolClientRequest,
    UserPoolClientDescription, UserPoolClientType,
};
use kernel::{ApiError, PoolId};

use super::{Client, Pool, client_rules, given};

/// A client's secret is fixed at its creation: which rules hold depends on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Confidentiality {
    Public,
    /// It has a secret.
    Confidential,
}

/// Errors: InvalidParameter, InvalidOAuthFlow, ScopeDoesNotExist, FeatureUnavailableInTier.
pub(crate) fn created(
    pool: &Pool,
    kind: Confidentiality,
    input: CreateUserPoolClientRequest,
) -> Result<UserPoolClientType, ApiError> {
    let asked = UserPoolClientType {
        client_name: Some(input.client_name),
        refresh_token_validity: input.refresh_token_validity,
        access_token_validity: input.access_token_validity,
        id_token_validity: input.id_token_validity,
        token_validity_units: input.token_validity_units,
        read_attributes: given(input.read_attributes),
        write_attributes: given(input.write_attributes),
        explicit_auth_flows: given(input.explicit_auth_flows),
        supported_identity_providers: given(input.supported_identity_providers),
        callback_urls: given(input.callback_urls),
        logout_urls: given(input.logout_urls),
        default_redirect_uri: input.default_redirect_uri,
        allowed_oauth_flows: given(input.allowed_oauth_flows),
        allowed_oauth_scopes: given(input.allowed_oauth_scopes),
        allowed_oauth_flows_user_pool_client: input.allowed_oauth_flows_user_pool_client,
        analytics_configuration: input.analytics_configuration,
        prevent_user_existence_errors: input.prevent_user_existence_errors,
        enable_token_revocation: input.enable_token_revocation,
        enable_propagate_additional_user_context_data: input.enable_propagate_additional_user_context_data,
        auth_session_validity: input.auth_session_validity,
        refresh_token_rotation: input.refresh_token_rotation,
        ..UserPoolClientType::default()
    };
    client_rules::completed(pool, kind, asked)
}

/// What is omitted goes back to its default, but for the name. Errors: as for [`created`].
pub(crate) fn updated(
    pool: &Pool,
    before: &Client,
    input: UpdateUserPoolClientRequest,
) -> Result<UserPoolClientType, ApiError> {
    let asked = UserPoolClientType {
        client_name: input.client_name.or_else(|| before.settings.client_name.clone()),
        refresh_token_validity: input.refresh_token_validity,
        access_token_validity: input.access_token_validity,
        id_token_validity: input.id_token_validity,
        token_validity_units: input.token_validity_units,
        read_attributes: given(input.read_attributes),
        write_attributes: given(input.write_attributes),
        explicit_auth_flows: given(input.explicit_auth_flows),
        supported_identity_providers: given(input.supported_identity_providers),
        callback_urls: given(input.callback_urls),
        logout_urls: given(input.logout_urls),
        default_redirect_uri: input.default_redirect_uri,
        allowed_oauth_flows: given(input.allowed_oauth_flows),
        allowed_oauth_scopes: given(input.allowed_oauth_scopes),
        allowed_oauth_flows_user_pool_client: input.allowed_oauth_flows_user_pool_client,
        analytics_configuration: input.analytics_configuration,
        prevent_user_existence_errors: input.prevent_user_existence_errors,
        enable_token_revocation: input.enable_token_revocation,
        enable_propagate_additional_user_context_data: input.enable_propagate_additional_user_context_data,
        auth_session_validity: input.auth_session_validity,
        // Once a client has had it, it is off rather than absent.
        refresh_token_rotation: input.refresh_token_rotation.or_else(|| {
            let had = before.settings.refresh_token_rotation.as_ref();
            had.map(|_| RefreshTokenRotationType {
                feature: FeatureType::Disabled,
                retry_grace_period_seconds: None,
            })
        }),
        ..UserPoolClientType::default()
    };
    client_rules::completed(pool, before.confidentiality(), asked)
}

/// As DescribeUserPoolClient, CreateUserPoolClient and UpdateUserPoolClient answer: with the secret.
pub(crate) fn described(pool: &PoolId, client: &Client) -> UserPoolClientType {
    UserPoolClientType {
        user_pool_id: Some(pool.to_string()),
        client_id: Some(client.id.to_string()),
        client_secret: client.secret.clone(),
        creation_date: Some(client.created),
        last_modified_date: Some(client.modified),
        ..client.settings.clone()
    }
}

/// As ListUserPoolClients answers.
pub(crate) fn listed(pool: &PoolId, client: &Client) -> UserPoolClientDescription {
    UserPoolClientDescription {
        client_id: Some(client.id.to_string()),
        user_pool_id: Some(pool.to_string()),
        client_name: client.settings.client_name.clone(),
    }
}

impl Client {
    pub fn confidentiality(&self) -> Confidentiality {
        if self.secret.is_some() {
            Confidentiality::Confidential
        } else {
            Confidentiality::Public
        }
    }

    /// How long an access token of this client lives.
    pub fn access_token_lifetime(&self) -> Duration {
        access_token_lifetime(&self.settings)
    }

    /// How long an ID token of this client lives.
    pub fn id_token_lifetime(&self) -> Duration {
        id_token_lifetime(&self.settings)
    }

    /// How long a refresh token of this client lives.
    pub fn refresh_token_lifetime(&self) -> Duration {
        refresh_token_lifetime(&self.settings)
    }

    /// How long the `Session` strings of sign-in live. Reference: user-pools 3.7.
    pub fn session_lifetime(&self) -> Duration {
        let minutes = self
            .settings
            .auth_session_validity
            .unwrap_or(client_rules::SESSION_MINUTES);
        Duration::from_secs(60 * u64::from(minutes.unsigned_abs()))
    }
}

const HOUR: Duration = Duration::from_secs(3600);

pub(super) fn access_token_lifetime(settings: &UserPoolClientType) -> Duration {
    let unit = settings.token_validity_units.as_ref().and_then(|u| u.access_token);
    settings
        .access_token_validity
        .map_or(HOUR, |n| span(n, unit.unwrap_or(TimeUnitsType::Hours)))
}

pub(super) fn id_token_lifetime(settings: &UserPoolClientType) -> Duration {
    let unit = settings.token_validity_units.as_ref().and_then(|u| u.id_token);
    settings
        .id_token_validity
        .map_or(HOUR, |n| span(n, unit.unwrap_or(TimeUnitsType::Hours)))
}

pub(super) fn refresh_token_lifetime(settings: &UserPoolClientType) -> Duration {
    let validity = settings.refresh_token_validity.unwrap_or(client_rules::REFRESH_DAYS);
    span(validity, refresh_token_unit(settings))
}

pub(super) fn refresh_token_unit(settings: &UserPoolClientType) -> TimeUnitsType {
    settings
        .token_validity_units
        .as_ref()
        .and_then(|u| u.refresh_token)
        .unwrap_or(TimeUnitsType::Days)
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
