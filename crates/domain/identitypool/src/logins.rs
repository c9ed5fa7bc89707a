//! Logins: who somebody has proved to be. Reference: identity-pools-iam 1.5, 1.6.
//!
//! The checks of a user pool's ID token, in the order in which the first failure gives the sentence: the provider is
//! configured, the text is a JWT, it is an ID token, its issuer is the provider, its audience is a configured client, a
//! key of that user pool signed it, it has not expired, and, where the pool asks for it, it still stands. What is read
//! before the signature is only compared, and the signature covers it.

use std::collections::BTreeMap;

use api::cognito_identity::CognitoIdentityProvider;
use kernel::{ApiError, Cx, PoolId};
use model::IDENTITY_POOLS;
use serde_json::{Map, Value};
use store::records::identities;
use tokens::{Bearer, Claims, IdToken, Refusal, TokenUse};
use vault::jws::{Jws, JwsError};

use crate::{IdentityPools, errors, providers, settings::Pool};

/// A login whose token stood every check.
pub(crate) struct Login {
    /// What the identity is found by.
    pub link: identities::Login,
    /// The token's issuer as provider names spell it; may differ from the provider's kept name.
    pub issuer: String,
    pub claims: Claims,
}

impl Login {
    /// Whether a provider name, in any spelling, means this login's provider.
    pub fn is_by(&self, provider: &str) -> bool {
        provider == self.issuer || providers::plain(provider) == self.link.provider
    }
}

impl IdentityPools {
    /// The logins of a call, all of which must pass.
    ///
    /// Errors: NotAuthorized, InvalidParameter for a developer provider, ExternalService for providers that are stored only.
    pub(crate) async fn verify_logins(
        &self,
        cx: &Cx,
        pool: &Pool,
        logins: &BTreeMap<String, String>,
    ) -> Result<Vec<Login>, ApiError> {
        if !has_providers(pool) {
            return Err(errors::no_providers_configured(&pool.id));
        }
        let mut verified: Vec<Login> = Vec::with_capacity(logins.len());
        for (provider, token) in logins {
            let login = self.verify_login(cx, pool, provider, token).await?;
            // One login under two spellings of its provider is one login.
            if verified.iter().all(|known| known.link != login.link) {
                verified.push(login);
            }
        }
        Ok(verified)
    }

    async fn verify_login(&self, cx: &Cx, pool: &Pool, provider: &str, token: &str) -> Result<Login, ApiError> {
        let settings = &pool.settings.pool;
        if settings.developer_provider_name.as_deref() == Some(provider) {
            return Err(errors::not_a_public_provider());
        }
        if provider == IDENTITY_POOLS {
            return Err(self.openid_refusal(token).await);
        }
        let unproved = unproved_claims(token);
        let issuer = unproved.as_ref().ok().and_then(|claims| claims.text("iss"));
        let issuer = issuer.map(providers::without_scheme);
        let entries = self.entries(cx, pool, provider, issuer).await?;
        if !entries.is_empty() {
            return self.verify_id_token(cx, (provider, &entries), token, &unproved?).await;
        }
        if is_stored_only(pool, provider) {
            return Err(errors::provider_not_reachable(provider));
        }
        // The key of another user pool than the token's is told apart from a user pool that is not configured.
        if providers::user_pool(provider).is_some()
            && let Some(issuer) = issuer
            && !self.is_same_provider(cx, provider, issuer).await?
        {
            return Err(errors::issuer_is_not_provider());
        }
        Err(errors::logins_do_not_match())
    }

    /// The configured clients of the user pool that `provider` names, exactly: as configured, as the token's issuer, or as
    /// one of the pool's own names.
    async fn entries<'p>(
        &self,
        cx: &Cx,
        pool: &'p Pool,
        provider: &str,
        issuer: Option<&str>,
    ) -> Result<Vec<&'p CognitoIdentityProvider>, ApiError> {
        let exact = issuer == Some(provider)
            || match providers::user_pool(provider) {
                Some(user_pool) => self
                    .own_names(cx, &user_pool)
                    .await?
                    .iter()
                    .any(|name| name == provider),
                // An issuer of its own wording, which is compared whole.
                None => true,
            };
        let mut entries = Vec::new();
        for entry in pool.settings.pool.cognito_identity_providers.iter().flatten() {
            if let Some(name) = &entry.provider_name
                && (name == provider || (exact && self.is_same_provider(cx, name, provider).await?))
            {
                entries.push(entry);
            }
        }
        Ok(entries)
    }

    /// What a user pool is called as a provider: AWS's names, its issuer, and its place at the addresses that this server
    /// knows to be its own, the request's and the configured one.
    pub(crate) async fn own_names(&self, cx: &Cx, pool: &PoolId) -> Result<Vec<String>, ApiError> {
        let mut names = providers::of_aws(pool).to_vec();
        let issuer = self.tokens.issuer(cx, pool).await?;
        names.extend(issuer.map(|issuer| providers::without_scheme(&issuer).to_owned()));
        let public = self.tokens.issuers().public_url.as_deref();
        for address in [Some(cx.base_url.as_ref()), public].into_iter().flatten() {
            names.push(format!("{}/{pool}", providers::without_scheme(address)));
        }
        Ok(names)
    }

    async fn verify_id_token(
        &self,
        cx: &Cx,
        (provider, entries): (&str, &[&CognitoIdentityProvider]),
        token: &str,
        unproved: &Claims,
    ) -> Result<Login, ApiError> {
        let audience = unproved.text("aud").ok_or_else(errors::audience_missing)?;
        if unproved.token_use() == Some(TokenUse::Access) {
            return Err(errors::audience_missing());
        }
        let issuer = providers::without_scheme(unproved.text("iss").unwrap_or_default());
        if !self.is_same_provider(cx, provider, issuer).await? {
            return Err(errors::issuer_is_not_provider());
        }
        let of_client = || {
            entries
                .iter()
                .filter(|entry| entry.client_id.as_deref() == Some(audience))
        };
        if of_client().next().is_none() {
            return Err(errors::client_not_supported());
        }

        let verified = self.tokens.verify_id(cx, token).await;
        let IdToken {
            bearer,
            expires_at,
            claims,
        } = verified.map_err(|unverified| {
            unverified.told(|refusal| match refusal {
                Refusal::WrongIssuer => errors::issuer_is_not_provider(),
                Refusal::Malformed | Refusal::WrongKind | Refusal::Bound => errors::not_an_openid_token(),
                Refusal::UnknownKey | Refusal::BadSignature => errors::signature_not_verified(),
            })
        })?;
        // The key decides whose token it is: one of another pool's keys has signed nothing of this provider.
        let signer = providers::of_user_pool(&bearer.pool);
        if !self.is_same_provider(cx, provider, &signer).await? {
            return Err(errors::signature_not_verified());
        }
        let now = cx.now().secs();
        if expires_at <= now {
            return Err(errors::token_expired(now, expires_at));
        }
        if of_client().any(|entry| entry.server_side_token_check == Some(true)) {
            self.check_standing(&bearer).await?;
        }
        Ok(Login {
            link: identities::Login {
                provider: signer,
                subject: bearer.sub.into(),
            },
            issuer: issuer.to_owned(),
            claims,
        })
    }

    async fn check_standing(&self, bearer: &Bearer) -> Result<(), ApiError> {
        let standing = self.tokens.standing(bearer).await?;
        let user_may = standing.user.is_some_and(|user| user.enabled);
        if user_may && !standing.revoked {
            Ok(())
        } else {
            Err(errors::token_revoked())
        }
    }

    /// Tokens of identity pools themselves come from developers' backends. There are no developer logins yet, so that even
    /// a token of ours proves no login of anybody.
    async fn openid_refusal(&self, token: &str) -> ApiError {
        match self.tokens.verify_openid(token).await {
            Ok(_) => errors::logins_do_not_match(),
            Err(unverified) => unverified.told(|_| errors::not_a_cognito_token()),
        }
    }

    /// Whether two provider names mean one user pool, or are one name. A pool's own issuer need not hold the pool's id.
    pub(crate) async fn is_same_provider(&self, cx: &Cx, a: &str, b: &str) -> Result<bool, ApiError> {
        if a == b {
            return Ok(true);
        }
        match (providers::user_pool(a), providers::user_pool(b)) {
            (Some(a), Some(b)) => Ok(a == b),
            (Some(pool), None) => self.is_issuer(cx, &pool, b).await,
            (None, Some(pool)) => self.is_issuer(cx, &pool, a).await,
            (None, None) => Ok(false),
        }
    }

    async fn is_issuer(&self, cx: &Cx, pool: &PoolId, name: &str) -> Result<bool, ApiError> {
        let issuer = self.tokens.issuer(cx, pool).await?;
        Ok(issuer.is_some_and(|issuer| providers::without_scheme(&issuer) == name))
    }
}

fn unproved_claims(token: &str) -> Result<Claims, ApiError> {
    let claims = Jws::parse(token).and_then(|jws| jws.unverified_claims::<Map<String, Value>>());
    claims.map(Claims).map_err(|error| match error {
        JwsError::Malformed => errors::not_an_openid_token(),
        JwsError::UnknownKey | JwsError::BadSignature => errors::signature_not_verified(),
    })
}

fn has_providers(pool: &Pool) -> bool {
    fn some<T>(list: Option<&Vec<T>>) -> bool {
        list.is_some_and(|list| !list.is_empty())
    }
    let pool = &pool.settings.pool;
    pool.developer_provider_name.is_some()
        || some(pool.cognito_identity_providers.as_ref())
        || some(pool.open_id_connect_provider_arns.as_ref())
        || some(pool.saml_provider_arns.as_ref())
        || pool
            .supported_login_providers
            .as_ref()
            .is_some_and(|map| !map.is_empty())
}

/// Providers that may be configured and whose tokens nobody verifies here.
fn is_stored_only(pool: &Pool, provider: &str) -> bool {
    let pool = &pool.settings.pool;
    let social = pool.supported_login_providers.iter().flat_map(BTreeMap::keys);
    let openid = pool.open_id_connect_provider_arns.iter().flatten();
    let openid = openid.filter_map(|arn| providers::of_openid_provider(arn));
    let saml = pool.saml_provider_arns.iter().flatten();
    social
        .map(String::as_str)
        .chain(openid)
        .chain(saml.map(String::as_str))
        .any(|name| name == provider)
}
