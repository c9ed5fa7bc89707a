//! Which providers a pool may have and which of them a role mapping may name. Reference: identity-pools-iam 1.4, 1.9, 14.

use api::cognito_identity::IdentityPool;
use kernel::{ApiError, Arn, Cx};
use store::records::pools;

use crate::{IdentityPools, errors, providers, settings::Pool};

impl IdentityPools {
    /// `before` is the pool as it is, if it is: what it has already stays, whatever has become of the user pool or of this
    /// server's name.
    ///
    /// Errors: InvalidParameter for a user pool that is not named as one, and for a SAML provider of another account. The
    /// OpenID providers of other accounts are fine.
    pub(crate) async fn check_providers(
        &self,
        cx: &Cx,
        pool: &IdentityPool,
        before: Option<&IdentityPool>,
    ) -> Result<(), ApiError> {
        let is_there = |wanted: &Option<String>| {
            let there = before.and_then(|pool| pool.cognito_identity_providers.as_ref());
            there.into_iter().flatten().any(|entry| entry.provider_name == *wanted)
        };
        for entry in pool.cognito_identity_providers.iter().flatten() {
            if is_there(&entry.provider_name) {
                continue;
            }
            let name = entry.provider_name.as_deref().unwrap_or_default();
            if !self.names_user_pool(cx, name).await? {
                return Err(errors::invalid_user_pool_provider());
            }
        }
        let arns = |pool: &IdentityPool| pool.saml_provider_arns.clone().unwrap_or_default();
        let kept = before.map(arns).unwrap_or_default();
        for arn in arns(pool).iter().filter(|arn| !kept.contains(arn)) {
            if Arn::parse(arn).is_some_and(|parsed| parsed.account() != cx.account().as_str()) {
                return Err(errors::provider_of_another_account(arn, cx.account()));
            }
        }
        Ok(())
    }

    /// AWS's names may be of any user pool, whether it exists or not; an issuer of ours is a pool's that does.
    async fn names_user_pool(&self, cx: &Cx, name: &str) -> Result<bool, ApiError> {
        if providers::is_aws(name) {
            return Ok(true);
        }
        if let Some(pool) = providers::user_pool(name) {
            let known = self.tokens.issuer(cx, &pool).await?.is_some();
            // Where issuers follow the request any address may be one of ours.
            return Ok(known
                && (self.tokens.issuers().request_allowed
                    || self.own_names(cx, &pool).await?.contains(&name.to_owned())));
        }
        let issuers = ["https://", "http://"].map(|scheme| format!("{scheme}{name}"));
        let owner = self
            .store
            .read(move |r| {
                for issuer in &issuers {
                    if let Some(owner) = pools::by_issuer(r, issuer)? {
                        return Ok(Some(owner));
                    }
                }
                Ok(None)
            })
            .await?;
        Ok(owner.is_some())
    }

    /// Whether a mapping may stand under this key: a user pool and client of the pool's, `<provider>:<client>`, or another
    /// of its providers.
    pub(crate) async fn may_be_mapped(&self, cx: &Cx, pool: &Pool, key: &str) -> Result<bool, ApiError> {
        let settings = &pool.settings.pool;
        if is_another_provider(settings, key) {
            return Ok(true);
        }
        let Some((provider, client)) = key.rsplit_once(':') else {
            return Ok(false);
        };
        for entry in settings.cognito_identity_providers.iter().flatten() {
            if entry.client_id.as_deref() == Some(client)
                && let Some(name) = &entry.provider_name
                && self.is_same_provider(cx, name, provider).await?
            {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

/// Social providers go by their names, those that are registered in IAM by their ARNs.
fn is_another_provider(pool: &IdentityPool, key: &str) -> bool {
    let social = pool.supported_login_providers.as_ref();
    let arns = pool.open_id_connect_provider_arns.iter();
    let mut arns = arns.chain(&pool.saml_provider_arns).flatten();
    social.is_some_and(|map| map.contains_key(key)) || arns.any(|arn| arn == key)
}
