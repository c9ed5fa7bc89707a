//! `UpdateIdentityProvider` replaces what it names. Reference: user-pools 14.5.

use api::cognito_idp::{UpdateIdentityProviderRequest, UpdateIdentityProviderResponse};
use kernel::{Cx, Result};
use store::{
    Stop, Tx,
    records::identity_providers::{self, IdentityProvider},
};

use super::accepting::{check_identifiers, claim_identifiers};
use crate::{
    UserPools,
    errors::providers,
    pool::stored::{self, told},
    provider::{Provider, input, view},
};

impl UserPools {
    /// Errors: ResourceNotFound, InvalidParameter, ConcurrentModification.
    pub async fn update_identity_provider(
        &self,
        cx: &Cx,
        input: UpdateIdentityProviderRequest,
    ) -> Result<UpdateIdentityProviderResponse> {
        let pool = self.stored(&input.user_pool_id).await?;
        let before = pool.provider(&input.provider_name)?;
        let after = Provider {
            name: before.name.clone(),
            created: before.created,
            modified: cx.now(),
            version: before.version,
            settings: input::updated(before, input),
        };
        self.accept_provider(&pool, &after)?;
        let row = after.row(&pool.id, &self.keyring, cx.rng())?;
        let identifiers = after.identifiers().to_vec();
        let saved = self.store.write(move |tx| save(tx, &row, &identifiers));
        saved.await.map_err(told)?;
        Ok(UpdateIdentityProviderResponse {
            identity_provider: view::described(&pool.id, &after),
        })
    }
}

fn save(tx: &mut Tx<'_>, row: &IdentityProvider, identifiers: &[String]) -> Result<(), Stop> {
    let wanted = (row.name.as_str(), identifiers);
    check_identifiers(tx, &row.pool, wanted)?;
    if !identity_providers::update(tx, row)? {
        return if identity_providers::exists(tx, &row.pool, &row.name)? {
            Err(Stop::Raced)
        } else {
            Err(providers::provider_not_found(&row.name).into())
        };
    }
    identity_providers::release_identifiers(tx, &row.pool, &row.name)?;
    if !claim_identifiers(tx, &row.pool, wanted)? {
        return Err(Stop::Raced);
    }
    Ok(stored::touch(tx, &row.pool)?)
}
