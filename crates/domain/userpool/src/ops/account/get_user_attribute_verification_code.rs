//! `GetUserAttributeVerificationCode`: a code for an address that the user has, or has asked for. Reference: user-pools 4.8.

use api::cognito_idp::{GetUserAttributeVerificationCodeRequest, GetUserAttributeVerificationCodeResponse};
use kernel::{Cx, Result};
use store::records::{address::Address, users::User};

use super::code_delivery;
use crate::{
    UserPools,
    code::{Purpose, Target, sending::Errand},
    errors,
    ops::access_token::Access,
    trigger::{Caller, Scene, Source},
};

impl UserPools {
    /// Errors: those of every access token (8.5), InvalidParameter (no address), LimitExceeded, CodeDeliveryFailure, those of the
    /// function.
    pub async fn get_user_attribute_verification_code(
        &self,
        cx: &Cx,
        input: GetUserAttributeVerificationCodeRequest,
    ) -> Result<GetUserAttributeVerificationCodeResponse> {
        let access = self.access(cx, &input.access_token).await?;
        self.get_user_attribute_verification_code_by(cx, access, input).await
    }

    /// The same of somebody who is known already.
    pub(crate) async fn get_user_attribute_verification_code_by(
        &self,
        cx: &Cx,
        access: Access,
        input: GetUserAttributeVerificationCodeRequest,
    ) -> Result<GetUserAttributeVerificationCodeResponse> {
        let address = Address::of_attribute(&input.attribute_name).ok_or_else(errors::attribute_cannot_be_verified)?;
        let user = access.user;
        let target = Target::to_prove(&user, address).ok_or_else(|| errors::user_has_no(address.attribute()))?;
        let scene = Scene {
            cx,
            pool: &access.pool,
            user: &user,
            caller: Caller::Client(&access.client.id),
            metadata: input.client_metadata.as_ref(),
        };
        let source = Source::MessageOfAttribute;
        let telling = self.functions.telling(scene, source, &target).await?;
        let errand = Errand {
            user: &user,
            purpose: Purpose::Verify(address),
            target: &target,
            signs_up_by: None,
            telling: &telling,
        };
        let target_of = move |user: &User| Target::to_prove(user, address).filter(|_| user.enabled);
        let sent = self.codes.send(cx, &access.pool, errand, target_of).await?;
        Ok(GetUserAttributeVerificationCodeResponse {
            code_delivery_details: Some(code_delivery::details(&sent)),
        })
    }
}
