//! `ListWebAuthnCredentials`, in the order in which they were registered. Reference: user-pools 7.4.

use api::cognito_idp::{ListWebAuthnCredentialsRequest, ListWebAuthnCredentialsResponse};
use kernel::{Cx, Result};
use store::records::passkeys;

use crate::{UserPools, ops::access_token::Access, pages, passkey::view};

impl UserPools {
    /// Errors: NotAuthorized, PasswordResetRequired, InvalidParameter (the page token).
    pub async fn list_web_authn_credentials(
        &self,
        cx: &Cx,
        input: ListWebAuthnCredentialsRequest,
    ) -> Result<ListWebAuthnCredentialsResponse> {
        let access = self.passkeys_owner(cx, &input.access_token).await?;
        self.list_web_authn_credentials_by(cx, access, input).await
    }

    /// The same of somebody who is known already.
    pub(crate) async fn list_web_authn_credentials_by(
        &self,
        cx: &Cx,
        access: Access,
        input: ListWebAuthnCredentialsRequest,
    ) -> Result<ListWebAuthnCredentialsResponse> {
        let (pool, sub) = (access.pool.id.clone(), access.user.sub);
        let place = ["ListWebAuthnCredentials", pool.as_str(), sub.as_str()];
        let page = pages::open(
            &self.keyring,
            cx,
            &place,
            input.max_results,
            input.next_token.as_deref(),
        )?;
        let (id, whose) = (pool.clone(), sub.clone());
        // They are few: all are read, and the page is cut from them.
        let mut held = self.store.read(move |r| passkeys::of_user(r, &id, &whose)).await?;
        let after = page.after();
        held.retain(|passkey| view::place(passkey) > after);
        held.sort_by_key(view::place);
        let (held, next_token) = page.cut(&self.keyring, cx, held, view::place)?;
        Ok(ListWebAuthnCredentialsResponse {
            credentials: held.into_iter().map(view::described).collect(),
            next_token,
        })
    }
}
