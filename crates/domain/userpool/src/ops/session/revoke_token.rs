//! `RevokeToken`: a refresh token ends, and with it the access tokens that came of the same sign-in. Reference: user-pools 8.6.

use std::sync::Arc;

use api::cognito_idp::{RevokeAssociatedSessionsType, RevokeTokenRequest, RevokeTokenResponse};
use kernel::{Cx, Result};
use store::records::sessions;
use tokens::RefreshToken;

use crate::{UserPools, errors, session::linked};

impl UserPools {
    /// What was never a refresh token of this pool is as good as revoked (RFC 7009 section 2.2).
    ///
    /// Errors: Unauthorized (client, secret, another client's token), UnsupportedOperation, UnsupportedTokenType.
    pub async fn revoke_token(&self, cx: &Cx, input: RevokeTokenRequest) -> Result<RevokeTokenResponse> {
        // The operation has no word for a missing client.
        let found = self.find_client(&input.client_id).await?;
        let (pool, client) = found.ok_or_else(errors::client_not_authorized)?;
        if !client.has_secret(input.client_secret.as_deref()) {
            return Err(errors::client_not_authorized());
        }
        if !client.revokes_tokens() {
            return Err(errors::revocation_not_enabled());
        }
        // ID and access tokens are JWS of three parts, refresh tokens have five.
        if input.token.split('.').count() == 3 {
            return Err(errors::token_type_not_supported());
        }
        let is_linked = input.revoke_associated_sessions == Some(RevokeAssociatedSessionsType::Linked);
        let now = cx.now();
        if let Some(token) = RefreshToken::read(&self.keyring, &pool.id, &input.token) {
            let of = Arc::clone(&pool);
            self.store
                .write(move |tx| {
                    let Some(family) = sessions::by_family(tx, &of.id, &token.family)? else {
                        return Ok(());
                    };
                    if family.client != client.id {
                        return Err(errors::client_not_authorized().into());
                    }
                    sessions::revoke(tx, &of.id, &token.family)?;
                    if let (Some(hosted), true) = (&family.doc.hosted, is_linked) {
                        let whose = (&of.id, &family.sub);
                        linked::end_browser(tx, whose, &hosted.login, now)?;
                        linked::end_children(tx, whose, &hosted.login, now)?;
                    }
                    Ok(())
                })
                .await?;
            self.ring_logouts(&pool);
        }
        Ok(RevokeTokenResponse {})
    }
}
