//! Whose passkeys an access token speaks for.

use kernel::{Code, Cx, Result};

use crate::{UserPools, errors, ops::access_token::Access, passkey::registration::Registrar};

impl UserPools {
    /// Errors: NotAuthorized, PasswordResetRequired. The operations on passkeys have no others: a token whose user is gone counts no
    /// more.
    pub(super) async fn passkeys_owner(&self, cx: &Cx, token: &str) -> Result<Access> {
        self.access(cx, token).await.map_err(|error| {
            if [Code::UserNotFound, Code::UserNotConfirmed].contains(&error.code()) {
                errors::access_token_revoked().because(error)
            } else {
                error
            }
        })
    }
}

/// By an app of its own, wherever that is.
pub(super) fn registrar(access: &Access) -> Registrar<'_> {
    Registrar {
        pool: &access.pool,
        user: &access.user,
        client: &access.client.id,
        settings: &access.pool.passkeys,
    }
}
