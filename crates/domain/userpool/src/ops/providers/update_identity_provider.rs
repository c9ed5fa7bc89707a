//! `UpdateIdentityProvider` replaces what it names. Reference: user-pools 14.5.

use api::cognito_idp::{UpdateIdentityProviderRequest, UpdateIdentityProviderResponse};
use kernel::{Cx, Result};
use store::{Stop, Tx, records::identity_providers};

use super::accepting::{Accepted, Details, check_identifiers};
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
        let details = match &input.provider_details {
            Some(_) => Details::Named,
            None => Details::AsBefore,
        };
        let mut after = Provider {
            name: before.name.clone(),
            created: before.created,
            modified: cx.now(),
            version: before.version,
            settings: input::updated(before, input),
            metadata: before.metadata.clone(),
            saml_key: before.saml_key.clone(),
        };
        let accepted = self.accept_provider(cx, &pool, &mut after, details).await?;
        let saved = self.store.write(move |tx| save(tx, &accepted));
        saved.await.map_err(told)?;
        Ok(UpdateIdentityProviderResponse {
            identity_provider: view::described(&pool.id, &after),
        })
    }
}

fn save(tx: &mut Tx<'_>, accepted: &Accepted) -> Result<(), Stop> {
    let row = &accepted.row;
    check_identifiers(tx, &row.pool, accepted.named())?;
    if !identity_providers::update(tx, row)? {
        return if identity_providers::exists(tx, &row.pool, &row.name)? {
            Err(Stop::Raced)
        } else {
            Err(providers::provider_not_found(&row.name).into())
        };
    }
    identity_providers::release_identifiers(tx, &row.pool, &row.name)?;
    if !accepted.keep(tx)? {
        return Err(Stop::Raced);
    }
    Ok(stored::touch(tx, &row.pool)?)
}
