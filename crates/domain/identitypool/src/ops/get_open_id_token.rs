//! `GetOpenIdToken`: the classic flow's token, which the client takes to AssumeRoleWithWebIdentity itself. Reference:
//! identity-pools-iam 1.10.

use api::cognito_identity::{GetOpenIdTokenInput, GetOpenIdTokenResponse};
use kernel::{Cx, Result};

use crate::{IdentityPools, admission::Flow, tags};

impl IdentityPools {
    /// Errors: TooManyRequests, ResourceNotFound, InvalidParameter where the classic flow is off, those of the logins and of linking.
    pub async fn get_open_id_token(&self, cx: &Cx, input: GetOpenIdTokenInput) -> Result<GetOpenIdTokenResponse> {
        let turn = self.tokens.reserve()?;
        let admitted = self.admit(cx, Flow::Classic, &input.identity_id, input.logins).await?;
        let tags = tags::principal_tags(&admitted.pool, &admitted.logins);
        let token = self.openid_token(cx, &admitted, &tags, turn).await?;
        Ok(GetOpenIdTokenResponse {
            identity_id: Some(admitted.identity.into()),
            token: Some(token),
        })
    }
}
