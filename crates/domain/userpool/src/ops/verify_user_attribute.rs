//! `VerifyUserAttribute`: the code proves the present address, or makes the one that waits for it real. Reference:
//! user-pools 4.8.

use std::sync::Arc;

use api::cognito_idp::{VerifyUserAttributeRequest, VerifyUserAttributeResponse};
use kernel::{Cx, Result};
use store::records::users;

use crate::{
    UserPools,
    attempts::{self, Capped},
    attributes,
    codes::{self, Purpose},
    delivery_target, errors,
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
        let attribute = delivery_target::address_attribute(&input.attribute_name)
            .ok_or_else(errors::attribute_cannot_be_verified)?;
        let purpose = Purpose::verify(attribute);
        let (pool, sub) = (access.pool, access.user.sub);
        let (keyring, now) = (Arc::clone(&self.keyring), cx.now());
        self.store
            .write(move |tx| {
                let Some(user) = users::by_sub(tx, &pool.id, &sub)? else {
                    return Err(errors::user_does_not_exist().into());
                };
                attempts::count(tx, &pool.id, &sub, Capped::VerifyAttribute, now)?;
                let target = match codes::check(tx, &keyring, &user, purpose, &input.code, now)? {
                    Ok(target) => target,
                    Err(refusal) => return Err(refusal.told().into()),
                };
                let mut after = user.clone();
                after.doc.pending.remove(attribute);
                after
                    .doc
                    .attributes
                    .insert(attribute.to_owned(), target.address.clone());
                after.doc.attributes.insert(target.flag().to_owned(), "true".to_owned());
                after.modified = now;
                attributes::put(tx, &pool, &user, &after)?;
                codes::spend(tx, &pool.id, &sub, purpose)?;
                Ok(())
            })
            .await?;
        Ok(VerifyUserAttributeResponse {})
    }
}
