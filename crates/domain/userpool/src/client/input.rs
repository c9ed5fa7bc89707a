//! CreateUserPoolClient and UpdateUserPoolClient become settings. Reference: user-pools 3.1, 3.5.

use api::cognito_idp::{
    CreateUserPoolClientRequest, FeatureType, RefreshTokenRotationType, UpdateUserPoolClientRequest, UserPoolClientType,
};
use kernel::ApiError;

use super::{
    loaded::{Client, Confidentiality},
    rules,
};
use crate::pool::{Pool, rules::given};

/// The members that both requests have, all but the name.
macro_rules! asked {
    ($input:ident) => {
        UserPoolClientType {
            refresh_token_validity: $input.refresh_token_validity,
            access_token_validity: $input.access_token_validity,
            id_token_validity: $input.id_token_validity,
            token_validity_units: $input.token_validity_units,
            read_attributes: given($input.read_attributes),
            write_attributes: given($input.write_attributes),
            explicit_auth_flows: given($input.explicit_auth_flows),
            supported_identity_providers: given($input.supported_identity_providers),
            callback_urls: given($input.callback_urls),
            logout_urls: given($input.logout_urls),
            default_redirect_uri: $input.default_redirect_uri,
            allowed_oauth_flows: given($input.allowed_oauth_flows),
            allowed_oauth_scopes: given($input.allowed_oauth_scopes),
            allowed_oauth_flows_user_pool_client: $input.allowed_oauth_flows_user_pool_client,
            analytics_configuration: $input.analytics_configuration,
            prevent_user_existence_errors: $input.prevent_user_existence_errors,
            enable_token_revocation: $input.enable_token_revocation,
            enable_propagate_additional_user_context_data: $input.enable_propagate_additional_user_context_data,
            auth_session_validity: $input.auth_session_validity,
            refresh_token_rotation: $input.refresh_token_rotation,
            ..UserPoolClientType::default()
        }
    };
}

/// Errors: InvalidParameter, InvalidOAuthFlow, ScopeDoesNotExist, FeatureUnavailableInTier.
pub(crate) fn created(
    pool: &Pool,
    kind: Confidentiality,
    input: CreateUserPoolClientRequest,
) -> Result<UserPoolClientType, ApiError> {
    let asked = UserPoolClientType {
        client_name: Some(input.client_name),
        ..asked!(input)
    };
    rules::completed(pool, kind, asked)
}

/// Of a client that registers itself. Errors: as for [`created`].
pub(crate) fn registered(
    pool: &Pool,
    kind: Confidentiality,
    asked: UserPoolClientType,
) -> Result<UserPoolClientType, ApiError> {
    rules::completed(pool, kind, asked)
}

/// What is omitted goes back to its default, but for the name. Errors: as for [`created`].
pub(crate) fn updated(
    pool: &Pool,
    before: &Client,
    input: UpdateUserPoolClientRequest,
) -> Result<UserPoolClientType, ApiError> {
    let name = input.client_name;
    let asked = asked!(input);
    let asked = UserPoolClientType {
        client_type: before.settings.client_type,
        client_name: name.or_else(|| before.settings.client_name.clone()),
        // Once a client has had it, it is off rather than absent.
        refresh_token_rotation: asked.refresh_token_rotation.or_else(|| {
            let had = before.settings.refresh_token_rotation.as_ref();
            had.map(|_| RefreshTokenRotationType {
                feature: FeatureType::Disabled,
                retry_grace_period_seconds: None,
            })
        }),
        ..asked
    };
    rules::completed(pool, before.confidentiality(), asked)
}
