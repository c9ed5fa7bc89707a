//! `GetDerivedToken`: another token in exchange for a user's. The model wants a signature, but a client and its secret do; so no
//! signature is looked at. Reference: user-pools 1.2, 15.4.

use api::cognito_idp::{
    GetDerivedTokenRequest, GetDerivedTokenResponse, IssuedTokenTypeIdentifierType, OAuthTokenTypeType,
    TokenTypeIdentifierType,
};
use kernel::{Cx, Result};
use tokens::TokenUse;

use crate::{
    UserPools,
    errors::{
        self,
        exchange::{self as sentences, Part},
    },
    pool::Pool,
    session::derived::{Exchange, NoExchange, Shown, Target},
};

impl UserPools {
    /// Errors: ResourceNotFound, NotAuthorized (secret, tokens, disabled user), UserNotFound, InvalidParameter, TooManyRequests, those of
    /// the function.
    pub async fn get_derived_token(&self, cx: &Cx, input: GetDerivedTokenRequest) -> Result<GetDerivedTokenResponse> {
        let (pool, client) = self.client(&input.client_id).await?;
        if !client.has_secret(input.client_secret.as_deref()) {
            return Err(errors::client_secret_wrong(&input.client_id));
        }
        check_providers(&pool, &input)?;
        let wanted = match input.requested_token_type {
            None | Some(IssuedTokenTypeIdentifierType::AccessToken) => TokenUse::Access,
            Some(IssuedTokenTypeIdentifierType::IdToken) => TokenUse::Id,
        };
        let asked = Exchange {
            pool: &pool,
            client: &client,
            subject: shown(Part::Subject, &input.subject_token, input.subject_token_type)?,
            actor: actor(&input)?,
            wanted,
            scopes: input.scopes.as_deref().filter(|scopes| !scopes.is_empty()),
            target: target(&input)?,
            key: None,
        };
        let derived = self.exchange(cx, asked).await.map_err(|none| match none {
            NoExchange::Flow(flow) => errors::flow_not_enabled(flow),
            NoExchange::Token(error) | NoExchange::Target(error) | NoExchange::Failed(error) => error,
        })?;
        let scopes = derived.scopes.list().into_iter().map(str::to_owned).collect();
        let (issued_token_type, token_type, scopes) = match wanted {
            TokenUse::Access => (
                IssuedTokenTypeIdentifierType::AccessToken,
                OAuthTokenTypeType::Bearer,
                Some(scopes),
            ),
            // Nobody takes it as a key to anything (RFC 8693 2.2.1).
            TokenUse::Id => (IssuedTokenTypeIdentifierType::IdToken, OAuthTokenTypeType::NA, None),
        };
        Ok(GetDerivedTokenResponse {
            issued_token: derived.token,
            issued_token_type,
            token_type,
            expires_in: i32::try_from(derived.seconds).ok(),
            scopes,
        })
    }
}

/// Tokens of the pool itself are the ones that are traded.
fn check_providers(pool: &Pool, input: &GetDerivedTokenRequest) -> Result<()> {
    let named = [&input.subject_token_provider_name, &input.actor_token_provider_name];
    match named.into_iter().flatten().find(|name| *name != "COGNITO") {
        Some(known) if pool.providers.contains_key(known) => Err(sentences::provider_not_supported(known)),
        Some(unknown) => Err(errors::settings::provider_does_not_exist(unknown, pool.id.as_str())),
        None => Ok(()),
    }
}

fn shown(part: Part, token: &str, kind: TokenTypeIdentifierType) -> Result<Shown<'_>> {
    let kind = match kind {
        TokenTypeIdentifierType::AccessToken => TokenUse::Access,
        TokenTypeIdentifierType::IdToken => TokenUse::Id,
        TokenTypeIdentifierType::Saml2 => return Err(sentences::saml_not_supported(part)),
    };
    Ok(Shown { token, kind })
}

fn actor(input: &GetDerivedTokenRequest) -> Result<Option<Shown<'_>>> {
    match (&input.actor_token, input.actor_token_type) {
        (Some(token), Some(kind)) => shown(Part::Actor, token, kind).map(Some),
        (None, None) => Ok(None),
        (Some(_), None) => Err(errors::missing_parameter("ActorTokenType")),
        (None, Some(_)) => Err(errors::missing_parameter("ActorToken")),
    }
}

fn target(input: &GetDerivedTokenRequest) -> Result<Option<Target<'_>>> {
    let audience = input.audiences.iter().flatten().next();
    let resource = input.resources.iter().flatten().next();
    match (audience, resource) {
        (Some(_), Some(_)) => Err(sentences::two_targets()),
        (Some(audience), None) => Ok(Some(Target::Audience(audience))),
        (None, Some(resource)) => Ok(Some(Target::Resource(resource))),
        (None, None) => Ok(None),
    }
}
