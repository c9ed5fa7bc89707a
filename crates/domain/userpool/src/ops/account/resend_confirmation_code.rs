//! `ResendConfirmationCode`: a new code for a user who is not confirmed; it replaces the one before. Reference:
//! user-pools 4.4, 17.2.

use api::cognito_idp::{ResendConfirmationCodeRequest, ResendConfirmationCodeResponse};
use kernel::{ApiError, Cx, Result};
use store::records::{status::Status, users::User};

use super::send_code::{Asker, Wanted};
use crate::{
    UserPools,
    code::{Purpose, Target, target},
    errors,
    pool::Pool,
    trigger::Source,
};

impl UserPools {
    /// Errors: InvalidParameter (confirmed, nowhere to send), LimitExceeded, CodeDeliveryFailure, UserNotFound or what stands
    /// in for it.
    pub async fn resend_confirmation_code(
        &self,
        cx: &Cx,
        input: ResendConfirmationCodeRequest,
    ) -> Result<ResendConfirmationCodeResponse> {
        let (pool, client) = self.client(&input.client_id).await?;
        client.check_secret_hash(&input.username, input.secret_hash.as_deref())?;
        let asker = Asker {
            pool,
            client,
            name: input.username,
            metadata: input.client_metadata,
        };
        let wanted = Wanted {
            purpose: Purpose::SignUp,
            source: Source::MessageSentAgain,
            reachable,
        };
        let sent = self.send_code(cx, &asker, wanted).await?;
        Ok(ResendConfirmationCodeResponse {
            code_delivery_details: Some(sent),
        })
    }
}

fn reachable(pool: &Pool, user: &User) -> Result<Target, ApiError> {
    if !user.enabled {
        return Err(errors::user_is_disabled());
    }
    if user.status != Status::Unconfirmed {
        return Err(errors::user_is_already_confirmed());
    }
    target::for_sign_up(pool, user).ok_or_else(errors::resend_without_auto_verification)
}
