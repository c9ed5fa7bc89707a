//! `ForgotPassword`: a code to a verified address; the password stays until the code comes back. Reference: user-pools
//! 4.7, 17.2.

use api::cognito_idp::{ForgotPasswordRequest, ForgotPasswordResponse};
use kernel::{ApiError, Cx, Result};
use store::records::{status::Status, users::User};

use super::send_code::{Asker, Wanted};
use crate::{
    UserPools,
    code::{
        Purpose, Target,
        target::{self, NoRecovery},
    },
    errors,
    pool::{Pool, settings::Recovery},
    trigger::Source,
};

impl UserPools {
    /// Errors: NotAuthorized (disabled, temporary password, administrators only), InvalidParameter (nothing verified,
    /// no text messages), LimitExceeded, CodeDeliveryFailure, UserNotFound or what stands in for it, those of the functions.
    pub async fn forgot_password(&self, cx: &Cx, input: ForgotPasswordRequest) -> Result<ForgotPasswordResponse> {
        let (pool, client) = self.client(&input.client_id).await?;
        client.check_secret_hash(&input.username, input.secret_hash.as_deref())?;
        // Whether there is such a user or not.
        if client.hides_users() && pool.recovery == Recovery::Administrators {
            return Err(errors::contact_administrator());
        }
        let asker = Asker {
            pool,
            client,
            name: input.username,
            metadata: input.client_metadata,
        };
        let wanted = Wanted {
            purpose: Purpose::ForgotPassword,
            source: Source::MessageOfForgottenPassword,
            reachable,
        };
        let sent = self.send_code(cx, &asker, wanted).await?;
        Ok(ForgotPasswordResponse {
            code_delivery_details: Some(sent),
        })
    }
}

fn reachable(pool: &Pool, user: &User) -> Result<Target, ApiError> {
    if !user.enabled {
        return Err(errors::user_is_disabled());
    }
    if matches!(user.status, Status::ForceChangePassword | Status::ExternalProvider) {
        return Err(errors::cannot_reset_in_current_state());
    }
    target::for_recovery(pool, user).map_err(|reason| match reason {
        NoRecovery::AdministratorOnly => errors::contact_administrator(),
        NoRecovery::NothingVerified => errors::no_verified_recovery(),
        NoRecovery::NoTexts => errors::no_sms_configuration(),
    })
}
