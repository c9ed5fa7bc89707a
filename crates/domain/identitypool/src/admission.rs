//! Who may act as an identity: the beginning of the way that GetCredentialsForIdentity and GetOpenIdToken share.
//! Reference: identity-pools-iam 1.8, steps 1 to 4.

use std::{collections::BTreeMap, sync::Arc};

use kernel::{ApiError, Cx, IdentityId};
use store::records::identities::{self, Identity};

use crate::{IdentityPools, errors, logins::Login, settings::Pool};

/// Which of AWS's two ways is taken.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Flow {
    /// The pool chooses the role.
    Enhanced,
    /// The client will choose it by itself.
    Classic,
}

/// An identity and the proof of who it is.
pub(crate) struct Admitted {
    pub pool: Arc<Pool>,
    /// Another than was named, if they were merged.
    pub identity: IdentityId,
    /// Empty: a guest.
    pub logins: Vec<Login>,
}

impl Admitted {
    pub fn is_guest(&self) -> bool {
        self.logins.is_empty()
    }

    /// How the identity was authenticated. A user pool stands there by AWS's name, which the policies of the guides test, and
    /// by its issuer where that is another. Reference: 1.13, 14.
    pub fn amr(&self) -> Vec<String> {
        if self.is_guest() {
            return vec!["unauthenticated".to_owned()];
        }
        let mut amr = vec!["authenticated".to_owned()];
        for Login { link, issuer, .. } in &self.logins {
            let kept = link.provider.as_str();
            for name in [Some(kept), Some(issuer.as_str()).filter(|issuer| *issuer != kept)]
                .into_iter()
                .flatten()
            {
                amr.push(name.to_owned());
                amr.push(format!("{name}:CognitoSignIn:{}", link.subject));
            }
        }
        amr
    }
}

impl IdentityPools {
    /// The identity of a request that names one, and its pool. Errors: ResourceNotFound.
    pub(crate) async fn identity(&self, id: &str) -> Result<(Arc<Pool>, Identity), ApiError> {
        let id = IdentityId::new(id);
        let wanted = id.clone();
        let found = self.store.look_up(move |r| identities::of_any_pool(r, &wanted)).await?;
        let identity = found.ok_or_else(|| errors::identity_not_found(&id))?;
        // Identities of a deleted pool linger until they are purged.
        let pool = self.load(&identity.pool).await?;
        let pool = pool.ok_or_else(|| errors::identity_not_found(&id))?;
        Ok((pool, identity))
    }

    /// Finds the identity, then links and merges as the logins ask for. An empty map is no map: Amplify's guests send one.
    ///
    /// Errors: ResourceNotFound, InvalidParameter where the classic flow is off, NotAuthorized, those of the logins and of
    /// linking.
    pub(crate) async fn admit(
        &self,
        cx: &Cx,
        flow: Flow,
        id: &str,
        logins: Option<BTreeMap<String, String>>,
    ) -> Result<Admitted, ApiError> {
        let (pool, identity) = self.identity(id).await?;
        if flow == Flow::Classic {
            check_classic(&pool)?;
        }
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
            self.verify_logins(cx, &pool, &logins).await?
        };
        let identity = self.settle(cx, &pool, Some(identity), &logins).await?;
        Ok(Admitted { pool, identity, logins })
    }
}

fn check_classic(pool: &Pool) -> Result<(), ApiError> {
    // Unset is not false: only pools that say so refuse it.
    if pool.settings.pool.allow_classic_flow == Some(false) {
        return Err(errors::classic_flow_off());
    }
    // The client would choose its role past them.
    if !pool.settings.role_mappings.is_empty() {
        return Err(errors::classic_flow_with_mappings());
    }
    Ok(())
}
