//! `DeleteTerms`. Reference: user-pools 14.6.

use api::cognito_idp::DeleteTermsRequest;
use kernel::{Cx, Result};
use store::records::terms;

use crate::{UserPools, errors::branding, pool::stored};

impl UserPools {
    /// Errors: ResourceNotFound.
    pub async fn delete_terms(&self, _cx: &Cx, input: DeleteTermsRequest) -> Result<()> {
        let pool = self.pool(&input.user_pool_id).await?;
        let id = pool.id.clone();
        Ok(self
            .store
            .write(move |tx| {
                if !terms::delete(tx, &id, &input.terms_id)? {
                    return Err(branding::terms_not_found().into());
                }
                Ok(stored::touch(tx, &id)?)
            })
            .await?)
    }
}
