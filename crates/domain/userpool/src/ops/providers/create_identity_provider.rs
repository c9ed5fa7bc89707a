//! `CreateIdentityProvider`. Reference: user-pools 14.5, oauth-and-federation 10.1.

use std::sync::Arc;

use api::cognito_idp::{CreateIdentityProviderRequest, CreateIdentityProviderResponse};
use kernel::{Cx, Result};
use store::{
    Stop, Tx,
    records::{groups, identity_providers, pools},
    retrying,
};
use vault::Keyring;

use super::accepting::{Accepted, Details, check_identifiers};
use crate::{
    UserPools,
    errors::{self, providers},
    pool::{Pool, Rows, link_by, stored},
    provider::{Provider, group, input, view},
};

/// Reference: user-pools 19.
const MOST_OF_A_POOL: i64 = 300;

impl UserPools {
    /// Errors: ResourceNotFound, InvalidParameter, DuplicateProvider, LimitExceeded.
    pub async fn create_identity_provider(
        &self,
        cx: &Cx,
        input: CreateIdentityProviderRequest,
    ) -> Result<CreateIdentityProviderResponse> {
        let pool = self.stored(&input.user_pool_id).await?;
        let mut provider = Provider {
            name: input.provider_name.clone(),
            created: cx.now(),
            modified: cx.now(),
            version: 1,
            settings: input::created(input),
            metadata: None,
            saml_key: None,
        };
        let accepted = self.accept_provider(cx, &pool, &mut provider, Details::Named).await?;
        let created = retrying(|| {
            let (accepted, keyring) = (accepted.clone(), Arc::clone(&self.keyring));
            self.store.write(move |tx| create(tx, &accepted, &keyring))
        });
        created.await?;
        Ok(CreateIdentityProviderResponse {
            identity_provider: view::described(&pool.id, &provider),
        })
    }
}

fn create(tx: &mut Tx<'_>, accepted: &Accepted, keyring: &Keyring) -> Result<(), Stop> {
    let row = &accepted.row;
    // All is looked up before anything is written, because a refusal commits.
    let Some(pool) = pools::by_id(tx, &row.pool)? else {
        return Err(errors::pool_does_not_exist(row.pool.as_str()).into());
    };
    if identity_providers::exists(tx, &row.pool, &row.name)? {
        return Err(providers::provider_exists(&row.name).into());
    }
    // The name may have been another's whom the pool believed.
    let settings = Pool::load(Rows::alone(pool), keyring)?.settings;
    if link_by::by_verified_email(&settings, &row.name) {
        return Err(providers::provider_would_be_believed(&row.name, link_by::TAG).into());
    }
    if identity_providers::count(tx, &row.pool)? >= MOST_OF_A_POOL {
        return Err(providers::too_many_providers().into());
    }
    check_identifiers(tx, &row.pool, accepted.named())?;
    if !identity_providers::insert(tx, row)? || !accepted.keep(tx)? {
        return Err(Stop::Raced);
    }
    // There may be one, of a provider of this name that is no more.
    groups::insert(tx, &row.pool, &group::of(&row.pool, &row.name, row.created))?;
    Ok(stored::touch(tx, &row.pool)?)
}
