//! `VerifyUserAttribute`: the code proves the present address, or makes the one that waits for it real. Reference:
//! user-pools 4.8.

use std::sync::Arc;

use api::cognito_idp::{VerifyUserAttributeRequest, VerifyUserAttributeResponse};
use kernel::{Cx, Result};
use store::records::{address::Address, users};

use crate::{
    UserPools,
    code::{Purpose, kept},
    errors,
    ops::access_token::Access,
    user::{
        addresses, attributes,
        limits::{self, Capped},
    },
};

impl UserPools {
    /// Errors: those of every access token (8.5), InvalidParameter (not an address), CodeMismatch, ExpiredCode, AliasExists,
    /// LimitExceeded.
    pub async fn verify_user_attribute(
        &self,
        cx: &Cx,
        input: VerifyUserAttributeRequest,
    ) -> Result<VerifyUserAttributeResponse> {
        let access = self.access(cx, &input.access_token).await?;
        self.verify_user_attribute_by(cx, access, input).await
    }

    /// The same of somebody who is known already.
    pub(crate) async fn verify_user_attribute_by(
        &self,
        cx: &Cx,
        access: Access,
        input: VerifyUserAttributeRequest,
    ) -> Result<VerifyUserAttributeResponse> {
        let address = Address::of_attribute(&input.attribute_name).ok_or_else(errors::attribute_cannot_be_verified)?;
        let purpose = Purpose::Verify(address);
        let (pool, sub) = (access.pool, access.user.sub);
        let (keyring, now) = (Arc::clone(&self.keyring), cx.now());
        self.store
            .write(move |tx| {
                let Some(user) = users::by_sub(tx, &pool.id, &sub)? else {
                    return Err(errors::user_does_not_exist().into());
                };
                limits::count(tx, &pool.id, &sub, Capped::VerifyAttribute, now)?;
                let target = kept::judge(tx, &keyring, (&user, purpose), &input.code, now)?.told()?;
                let mut after = user.clone();
                after.doc.pending.remove(&address);
                after
                    .doc
                    .attributes
                    .insert(address.attribute().to_owned(), target.address);
                addresses::set_verified(&mut after, address, true);
                after.modified = now;
                attributes::save(tx, &pool, &user, &after)?;
                kept::spend(tx, &pool.id, &sub, purpose)?;
                Ok(())
            })
            .await?;
        Ok(VerifyUserAttributeResponse {})
    }
}
