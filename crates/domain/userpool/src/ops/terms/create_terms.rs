//! `CreateTerms`: a document of an app client, one of each name. Reference: user-pools 14.6.

use api::cognito_idp::{CreateTermsRequest, CreateTermsResponse};
use kernel::{Cx, Result};
use store::records::{
    clients,
    terms::{self, Links, Terms},
};

use crate::{
    UserPools,
    errors::{self, branding},
    pool::stored,
    terms::{links, view},
};

/// Of a pool. Reference: user-pools 14.6.
const MOST: i64 = 40;

impl UserPools {
    /// Errors: ResourceNotFound, InvalidParameter, TermsExists, LimitExceeded.
    pub async fn create_terms(&self, cx: &Cx, input: CreateTermsRequest) -> Result<CreateTermsResponse> {
        let pool = self.pool(&input.user_pool_id).await?;
        let client = pool.client(&input.client_id)?.id.clone();
        let given = input.links.ok_or_else(|| errors::missing_parameter("Links"))?;
        links::check(&given)?;
        let terms = Terms {
            id: kernel::uuid(cx.rng()),
            client,
            name: input.terms_name,
            links: Links(given),
            created: cx.now(),
            modified: cx.now(),
            version: 1,
        };
        let created = view::described(&pool.id, terms.clone());
        let id = pool.id.clone();
        self.store
            .write(move |tx| {
                if clients::by_id(tx, &id, &terms.client)?.is_none() {
                    return Err(errors::client_does_not_exist(terms.client.as_str()).into());
                }
                if terms::of_client(tx, &id, &terms.client, &terms.name)?.is_some() {
                    return Err(branding::terms_exist().into());
                }
                if i64::try_from(terms::list(tx, &id, "", MOST)?.len()).is_ok_and(|count| count >= MOST) {
                    return Err(branding::too_many_terms().into());
                }
                terms::insert(tx, &id, &terms)?;
                Ok(stored::touch(tx, &id)?)
            })
            .await?;
        Ok(CreateTermsResponse { terms: Some(created) })
    }
}
