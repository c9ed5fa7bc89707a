//! `CreateIdentityPool`. Reference: identity-pools-iam 1.4. The tag `_custom_id_` pins the pool's id, for committed
//! configuration files.

use api::cognito_identity::{CreateIdentityPoolInput, IdentityPool};
use kernel::{Cx, IdentityPoolId, Result};
use store::{
    Scope,
    records::{identity_pools, versions},
};

use crate::{IdentityPools, errors, ops::tag_resource, settings, settings::Settings};

const PINNED_ID: &str = "_custom_id_";

impl IdentityPools {
    /// Errors: InvalidParameter, ResourceConflict for a pinned id that is taken.
    pub async fn create_identity_pool(&self, cx: &Cx, input: CreateIdentityPoolInput) -> Result<IdentityPool> {
        let tags = input.identity_pool_tags.unwrap_or_default();
        tag_resource::check(&tags)?;
        let id = match tags.get(PINNED_ID) {
            None => IdentityPoolId::random(&cx.region, cx.rng()),
            Some(id) if is_pool_id(id) => IdentityPoolId::new(id.as_str()),
            Some(_) => return Err(errors::pinned_id_malformed()),
        };
        let pool = IdentityPool {
            identity_pool_id: id.to_string(),
            identity_pool_name: input.identity_pool_name,
            allow_unauthenticated_identities: input.allow_unauthenticated_identities,
            allow_classic_flow: input.allow_classic_flow,
            supported_login_providers: input.supported_login_providers,
            developer_provider_name: input.developer_provider_name,
            open_id_connect_provider_arns: input.open_id_connect_provider_arns,
            cognito_identity_providers: input.cognito_identity_providers,
            saml_provider_arns: input.saml_provider_arns,
            identity_pool_tags: Some(tags),
        };
        self.check_providers(cx, &pool, None).await?;
        if pool.identity_pool_tags.iter().any(|tags| tags.contains_key(PINNED_ID)) {
            // What the deletion of an earlier pool of this id may have left when it was cut short.
            self.purge(&id).await?;
        }
        let row = identity_pools::IdentityPool {
            account: cx.account().clone(),
            region: id.region(),
            created: cx.now(),
            modified: cx.now(),
            version: 1,
            doc: Settings::new(pool.clone()).to_doc(),
            providers: self.seal_providers(cx, &pool)?,
            pool: id.clone(),
        };
        self.store
            .write(move |tx| {
                if !identity_pools::insert(tx, &row)? {
                    return Err(errors::pool_exists(&row.pool).into());
                }
                versions::bump(tx, Scope::pool(&row.pool))?;
                Ok(())
            })
            .await?;
        Ok(settings::shown(pool))
    }
}

/// The model's pattern and length, with a region that is one: clients take it from the id.
fn is_pool_id(id: &str) -> bool {
    let Some((region, rest)) = id.split_once(':') else {
        return false;
    };
    let is_region = !region.is_empty() && region.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    let is_hex = |b: u8| b.is_ascii_digit() || matches!(b, b'a'..=b'f' | b'-');
    id.len() <= 55 && is_region && !rest.is_empty() && rest.bytes().all(is_hex)
}
