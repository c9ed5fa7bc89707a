//! `DeleteIdentities`: unknown ids are simply gone. Reference: identity-pools-iam 1.12.

use api::cognito_identity::{DeleteIdentitiesInput, DeleteIdentitiesResponse, ErrorCode, UnprocessedIdentityId};
use kernel::{ApiError, Cx, IdentityId, Result};
use store::records::identities;
use tokio::task::JoinSet;

use crate::IdentityPools;

impl IdentityPools {
    /// Ids that could not be deleted come back in the answer.
    pub async fn delete_identities(&self, _: &Cx, input: DeleteIdentitiesInput) -> Result<DeleteIdentitiesResponse> {
        // Side by side, so that they share commits.
        let mut deletions = JoinSet::new();
        for id in input.identity_ids_to_delete {
            let pools = self.clone();
            deletions.spawn(async move {
                let outcome = pools.delete_identity(IdentityId::new(id.as_str())).await;
                (id, outcome)
            });
        }
        let mut unprocessed = Vec::new();
        for (id, outcome) in deletions.join_all().await {
            if let Err(error) = outcome {
                tracing::error!(?error, "an identity could not be deleted");
                unprocessed.push(UnprocessedIdentityId {
                    identity_id: Some(id),
                    error_code: Some(ErrorCode::InternalServerError),
                });
            }
        }
        Ok(DeleteIdentitiesResponse {
            unprocessed_identity_ids: Some(unprocessed),
        })
    }

    async fn delete_identity(&self, id: IdentityId) -> Result<(), ApiError> {
        Ok(self
            .store
            .write(move |tx| {
                if let Some(identity) = identities::of_any_pool(tx, &id)? {
                    identities::delete(tx, &identity)?;
                }
                Ok(())
            })
            .await?)
    }
}
