//! `UnlinkIdentity`: whoever proves to be the identity takes logins away from it. Without any it can't be reached again,
//! and a login that was taken away leads to a new identity next time. Reference: identity-pools-iam 1.12.

use api::cognito_identity::UnlinkIdentityInput;
use kernel::{ApiError, Cx, Result};
use store::{
    Stop,
    records::identities::{self, Identity, Login},
};

use crate::{IdentityPools, errors};

impl IdentityPools {
    /// Errors: ResourceNotFound, those of the logins, NotAuthorized if none of them is the identity's.
    pub async fn unlink_identity(&self, cx: &Cx, input: UnlinkIdentityInput) -> Result<()> {
        let (pool, identity) = self.identity(&input.identity_id).await?;
        if !identity.enabled || input.logins.is_empty() {
            return Err(errors::access_to_identity_forbidden(&identity.identity));
        }
        let proved = self.verify_logins(cx, &pool, &input.logins).await?;
        let proved: Vec<Login> = proved.into_iter().map(|login| login.link).collect();
        let at = cx.now();
        let removed = self.of_providers(cx, &identity, &input.logins_to_remove).await?;
        Ok(self
            .store
            .write(move |tx| {
                let Some(mut now) = identities::by_id(tx, &identity.pool, &identity.identity)? else {
                    return Err(errors::identity_not_found(&identity.identity).into());
                };
                // Unlike the other operations this one links nothing: the proof must be a login that it has.
                if !now.enabled || !proved.iter().any(|login| now.logins.contains(login)) {
                    return Err(errors::access_to_identity_forbidden(&identity.identity).into());
                }
                let (gone, kept): (Vec<Login>, Vec<Login>) =
                    now.logins.into_iter().partition(|login| removed.contains(login));
                for login in &gone {
                    identities::release(tx, &identity.pool, login)?;
                }
                now.logins = kept;
                now.modified = at;
                if !identities::update(tx, &now)? {
                    return Err(Stop::Raced);
                }
                Ok(())
            })
            .await?)
    }

    /// The identity's logins of these providers, in any spelling.
    async fn of_providers(&self, cx: &Cx, identity: &Identity, names: &[String]) -> Result<Vec<Login>, ApiError> {
        let mut found = Vec::new();
        for login in &identity.logins {
            for name in names {
                if self.is_same_provider(cx, &login.provider, name).await? {
                    found.push(login.clone());
                }
            }
        }
        Ok(found)
    }
}
