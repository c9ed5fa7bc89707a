//! Who may act as an identity: the steps that GetCredentialsForIdentity, GetOpenIdToken and UnlinkIdentity share.
//! Reference: identity-pools-iam 1.8, steps 1 to 4.

use std::{collections::BTreeMap, sync::Arc};

use kernel::{ApiError, Cx, IdentityId};
use store::records::identities::{self, Identity};

use crate::{IdentityPools, errors, logins::Login, settings::Pool};

/// An identity and the proof of who it is.
pub(crate) struct Admitted {
    /// Another than was named, if they were merged.
    pub identity: IdentityId,
    /// Empty: a guest.
    pub logins: Vec<Login>,
}

impl Admitted {
    pub fn is_guest(&self) -> bool {
        self.logins.is_empty()
    }
}

impl IdentityPools {
    /// The identity of a request that names one, and its pool. Errors: ResourceNotFound.
    pub(crate) async fn identity(&self, id: &str) -> Result<(Arc<Pool>, Identity), ApiError> {
        let id = IdentityId::new(id);
        let wanted = id.clone();
        let found = self
            .store
            .look_up(move |r| match identities::owner(r, &wanted)? {
                Some(pool) => identities::by_id(r, &pool, &wanted),
                None => Ok(None),
            })
            .await?;
        let identity = found.ok_or_else(|| errors::identity_not_found(&id))?;
        // Identities of a deleted pool linger until they are purged.
        let pool = self.load(&identity.pool).await?;
        let pool = pool.ok_or_else(|| errors::identity_not_found(&id))?;
        Ok((pool, identity))
    }

    /// Links and merges as the logins ask for. An empty map is no map: Amplify's guests send one.
    ///
    /// Errors: NotAuthorized, those of the logins and of linking.
    pub(crate) async fn admit(
        &self,
        cx: &Cx,
        pool: &Pool,
        identity: Identity,
        logins: Option<BTreeMap<String, String>>,
    ) -> Result<Admitted, ApiError> {
        let logins = logins.unwrap_or_default();
        if !identity.enabled || (logins.is_empty() && identity.authenticated) {
            return Err(errors::access_to_identity_forbidden(&identity.identity));
        }
        if logins.is_empty() && !pool.allows_guests() {
            return Err(errors::guests_not_supported());
        }
        let logins = if logins.is_empty() {
            Vec::new()
        } else {
            self.verify_logins(cx, pool, &logins).await?
        };
        let identity = self.settle(cx, pool, Some(identity), &logins).await?;
        Ok(Admitted { identity, logins })
    }
}
