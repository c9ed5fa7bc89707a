//! `GetOpenIdToken`: the classic flow's token, which the client takes to AssumeRoleWithWebIdentity itself. Reference:
//! identity-pools-iam 1.10.

use api::cognito_identity::{GetOpenIdTokenInput, GetOpenIdTokenResponse};
use kernel::{Cx, Result};

use crate::{IdentityPools, errors, tags};

impl IdentityPools {
    /// Errors: TooManyRequests, ResourceNotFound, InvalidParameter where the classic flow is off, those of the logins and of linking.
    pub async fn get_open_id_token(&self, cx: &Cx, input: GetOpenIdTokenInput) -> Result<GetOpenIdTokenResponse> {
        let turn = self.tokens.reserve()?;
        let (pool, identity) = self.identity(&input.identity_id).await?;
        // Unset is not false: only pools that say so refuse it.
        if pool.settings.pool.allow_classic_flow == Some(false) {
            return Err(errors::classic_flow_off());
        }
        // The client would choose its role past them.
        if !pool.settings.role_mappings.is_empty() {
            return Err(errors::classic_flow_with_mappings());
        }
        let admitted = self.admit(cx, &pool, identity, input.logins).await?;
        let tags = tags::principal_tags(&pool, &admitted.logins);
        let token = self.openid_token(cx, &pool, &admitted, &tags, turn).await?;
        Ok(GetOpenIdTokenResponse {
            identity_id: Some(admitted.identity.into()),
            token: Some(token),
        })
    }
}
