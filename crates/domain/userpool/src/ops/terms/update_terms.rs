//! `UpdateTerms` replaces the members that were sent. Reference: user-pools 14.6.

use api::cognito_idp::{UpdateTermsRequest, UpdateTermsResponse};
use kernel::{Cx, Result};
use store::records::terms::{self, Links, Terms};

use crate::{
    UserPools,
    errors::branding,
    pool::stored,
    terms::{links, view},
};

impl UserPools {
    /// Errors: ResourceNotFound, InvalidParameter, TermsExists.
    pub async fn update_terms(&self, cx: &Cx, input: UpdateTermsRequest) -> Result<UpdateTermsResponse> {
        let pool = self.pool(&input.user_pool_id).await?;
        if let Some(given) = &input.links {
            links::check(given)?;
        }
        let (id, now) = (pool.id.clone(), cx.now());
        let saved = self.store.write(move |tx| {
            let Some(before) = terms::by_id(tx, &id, &input.terms_id)? else {
                return Err(branding::terms_not_found().into());
            };
            let after = Terms {
                name: input.terms_name.clone().unwrap_or_else(|| before.name.clone()),
                links: input.links.clone().map_or_else(|| before.links.clone(), Links),
                modified: now,
                ..before
            };
            let namesake = terms::of_client(tx, &id, &after.client, &after.name)?;
            if namesake.is_some_and(|namesake| namesake.id != after.id) {
                return Err(branding::terms_exist().into());
            }
            terms::update(tx, &id, &after)?;
            stored::touch(tx, &id)?;
            Ok(after)
        });
        Ok(UpdateTermsResponse {
            terms: Some(view::described(&pool.id, saved.await?)),
        })
    }
}
