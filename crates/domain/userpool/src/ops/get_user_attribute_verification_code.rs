//! `GetUserAttributeVerificationCode`: a code for an address that the user has, or has asked for. Reference: user-pools 4.8.

use api::cognito_idp::{GetUserAttributeVerificationCodeRequest, GetUserAttributeVerificationCodeResponse};
use kernel::{Cx, Result};

use crate::{
    UserPools,
    attempts::{self, Capped},
    codes::Purpose,
    delivery_target::{self, Target},
    dispatch, errors,
};

impl UserPools {
    /// Errors: those of every access token (8.5), InvalidParameter (no address), LimitExceeded, CodeDeliveryFailure.
    pub async fn get_user_attribute_verification_code(
        &self,
        cx: &Cx,
        input: GetUserAttributeVerificationCodeRequest,
    ) -> Result<GetUserAttributeVerificationCodeResponse> {
        let access = self.access(cx, &input.access_token).await?;
        let attribute = delivery_target::address_attribute(&input.attribute_name)
            .ok_or_else(errors::attribute_cannot_be_verified)?;
        let user = access.user;
        let target = Target::to_prove(&user, attribute).ok_or_else(|| errors::user_has_no(attribute))?;
        let dispatch = self.dispatch(cx, &access.pool, &user, Purpose::verify(attribute), &target)?;
        let (enqueued, now) = (dispatch.clone(), cx.now());
        self.store
            .write(move |tx| {
                if !dispatch::is_unchanged(tx, &user)? {
                    return Err(errors::user_changed_meanwhile().into());
                }
                attempts::count(tx, &user.pool, &user.sub, Capped::SendVerificationCode, now)?;
                enqueued.enqueue(tx, &user)?;
                Ok(())
            })
            .await?;
        Ok(GetUserAttributeVerificationCodeResponse {
            code_delivery_details: Some(self.sent(dispatch)),
        })
    }
}
