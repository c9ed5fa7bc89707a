//! What an app client's settings default to and which are refused. Reference: user-pools 3.1, 3.4 to 3.7.

use std::time::Duration;

use api::cognito_idp::{
    AnalyticsConfigurationType, ExplicitAuthFlowsType, FeatureType, RefreshTokenRotationType, TimeUnitsType,
    UserPoolClientType,
};
use kernel::ApiError;

use super::{
    loaded::Confidentiality,
    oauth::{COGNITO, OAuth},
    redirects,
    settings::{Lifetimes, REFRESH_DAYS, SESSION_MINUTES, is_kept_from_clients, refresh_token_unit, seconds_of},
};
use crate::{
    errors::settings as errors,
    pool::{PasswordStore, Pool, first_factors, loaded::is_standard_scope},
};

const MINUTE: Duration = Duration::from_secs(60);
const DAY: Duration = Duration::from_secs(24 * 3600);

/// What a request asked for, with the defaults filled in.
///
/// Errors: InvalidParameter, InvalidOAuthFlow, ScopeDoesNotExist, FeatureUnavailableInTier.
pub(super) fn completed(
    pool: &Pool,
    kind: Confidentiality,
    asked: UserPoolClientType,
) -> Result<UserPoolClientType, ApiError> {
    let refresh_token_validity = asked
        .refresh_token_validity
        .filter(|n| *n > 0)
        .unwrap_or_else(|| thirty_days(&asked));
    let settings = UserPoolClientType {
        refresh_token_validity: Some(refresh_token_validity),
        token_validity_units: Some(asked.token_validity_units.clone().unwrap_or_default()),
        allowed_oauth_flows_user_pool_client: Some(asked.allowed_oauth_flows_user_pool_client == Some(true)),
        enable_token_revocation: Some(asked.enable_token_revocation != Some(false)),
        enable_propagate_additional_user_context_data: Some(
            asked.enable_propagate_additional_user_context_data == Some(true),
        ),
        auth_session_validity: Some(asked.auth_session_validity.unwrap_or(SESSION_MINUTES)),
        explicit_auth_flows: asked.explicit_auth_flows.clone().map(ordered),
        refresh_token_rotation: asked.refresh_token_rotation.clone().map(rotation),
        ..asked
    };
    check_validities(&settings)?;
    check_auth_flows(pool, kind, &settings)?;
    check_attributes(pool, &settings)?;
    let oauth = OAuth::of(&settings);
    check_providers(pool, &oauth)?;
    check_oauth(pool, kind, &oauth)?;
    redirects::check(&oauth)?;
    check_analytics(settings.analytics_configuration.as_ref())?;
    if settings.enable_propagate_additional_user_context_data == Some(true) && kind == Confidentiality::Public {
        return Err(errors::context_data_without_secret());
    }
    Ok(settings)
}

/// The server's own order, each once; that it is the alphabet's is ours.
fn ordered(mut flows: Vec<ExplicitAuthFlowsType>) -> Vec<ExplicitAuthFlowsType> {
    flows.sort_by_key(|flow| flow.as_str());
    flows.dedup();
    flows
}

/// Nothing is tried again where nothing rotates.
fn rotation(asked: RefreshTokenRotationType) -> RefreshTokenRotationType {
    match asked.feature {
        FeatureType::Enabled => asked,
        FeatureType::Disabled => RefreshTokenRotationType {
            feature: FeatureType::Disabled,
            retry_grace_period_seconds: Some(0),
        },
    }
}

/// The default in the unit that was asked for.
fn thirty_days(asked: &UserPoolClientType) -> i32 {
    let units_a_day = seconds_of(TimeUnitsType::Days) / seconds_of(refresh_token_unit(asked));
    REFRESH_DAYS * i32::try_from(units_a_day).unwrap_or(1)
}

fn check_validities(settings: &UserPoolClientType) -> Result<(), ApiError> {
    let Lifetimes {
        access_token,
        id_token,
        refresh_token,
        ..
    } = Lifetimes::of(settings);
    let fine = (60 * MINUTE..=3650 * DAY).contains(&refresh_token)
        && [access_token, id_token]
            .iter()
            .all(|lifetime| (5 * MINUTE..=DAY).contains(lifetime) && *lifetime <= refresh_token);
    if fine {
        Ok(())
    } else {
        Err(errors::token_validity_out_of_range())
    }
}

fn check_auth_flows(pool: &Pool, kind: Confidentiality, settings: &UserPoolClientType) -> Result<(), ApiError> {
    use ExplicitAuthFlowsType as E;
    let flows = settings.explicit_auth_flows.as_deref().unwrap_or_default();
    let legacy = |flow: &E| matches!(flow, E::AdminNoSrpAuth | E::CustomAuthFlowOnly | E::UserPasswordAuth);
    if flows.iter().any(legacy) && !flows.iter().all(legacy) {
        return Err(errors::mixed_auth_flows());
    }
    if flows.contains(&E::AllowUserSrpAuth) && pool.password_store == PasswordStore::Argon2id {
        return Err(errors::srp_forbidden());
    }
    if flows.contains(&E::AllowClientTokenAuth) {
        if flows.len() > 1 {
            return Err(errors::client_token_flow_with_others());
        }
        if kind == Confidentiality::Public {
            return Err(errors::client_token_flow_without_secret());
        }
    }
    if flows.contains(&E::AllowUserAuth) {
        first_factors::check_plan(&pool.settings)?;
    }
    let rotates = settings
        .refresh_token_rotation
        .as_ref()
        .is_some_and(|r| r.feature == FeatureType::Enabled);
    if rotates && flows.contains(&E::AllowRefreshTokenAuth) {
        return Err(errors::refresh_flow_with_rotation());
    }
    Ok(())
}

fn check_attributes(pool: &Pool, settings: &UserPoolClientType) -> Result<(), ApiError> {
    let read = settings.read_attributes.as_deref().unwrap_or_default();
    if !read.iter().all(|name| pool.schema.has(name)) {
        return Err(errors::invalid_read_attributes());
    }
    let Some(write) = &settings.write_attributes else {
        return Ok(());
    };
    let writable = |name: &String| pool.schema.has(name) && !is_kept_from_clients(&pool.schema, name);
    // Who may not write a required attribute could sign nobody up.
    let signs_up = pool
        .schema
        .required()
        .all(|required| write.iter().any(|name| name == required));
    if write.iter().all(writable) && signs_up {
        Ok(())
    } else {
        Err(errors::invalid_write_attributes())
    }
}

fn check_providers(pool: &Pool, oauth: &OAuth) -> Result<(), ApiError> {
    let is_there = |name: &str| name == COGNITO || pool.providers.contains_key(name);
    match oauth.providers.iter().find(|name| !is_there(name)) {
        Some(unknown) => Err(errors::provider_does_not_exist(unknown, pool.id.as_str())),
        None => Ok(()),
    }
}

/// What a client lists it lists by these rules, whether it is enabled for OAuth or not yet.
fn check_oauth(pool: &Pool, kind: Confidentiality, oauth: &OAuth) -> Result<(), ApiError> {
    let of_users = oauth.code || oauth.implicit;
    if oauth.enabled && (oauth.scopes.is_empty() || !(of_users || oauth.client_credentials)) {
        return Err(errors::oauth_flows_and_scopes_required());
    }
    if oauth.client_credentials {
        if of_users {
            return Err(errors::client_credentials_with_others());
        }
        if kind == Confidentiality::Public {
            return Err(errors::client_credentials_without_secret());
        }
        // The standard scopes are about a user, and there is none.
        if let Some(scope) = oauth.scopes.iter().find(|scope| is_standard_scope(scope)) {
            return Err(errors::scope_without_user(scope));
        }
    }
    if of_users && oauth.callbacks.is_empty() {
        return Err(errors::callbacks_missing());
    }
    match oauth.scopes.iter().find(|scope| !pool.has_scope(scope)) {
        Some(unknown) => Err(errors::scope_does_not_exist(unknown)),
        None => Ok(()),
    }
}

fn check_analytics(analytics: Option<&AnalyticsConfigurationType>) -> Result<(), ApiError> {
    let Some(given) = analytics else { return Ok(()) };
    let by_id = [&given.application_id, &given.role_arn, &given.external_id];
    let fine = match given.application_arn {
        Some(_) => by_id.iter().all(|member| member.is_none()),
        None => by_id.iter().all(|member| member.is_some()),
    };
    if fine { Ok(()) } else { Err(errors::invalid_analytics()) }
}
