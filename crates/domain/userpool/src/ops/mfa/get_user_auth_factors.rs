//! `GetUserAuthFactors` and `AdminGetUserAuthFactors`: what a user may prove themselves by, the first factors as a sign-in offers them.
//! Reference: user-pools 5.8, 6.3.

use api::cognito_idp::{
    AdminGetUserAuthFactorsRequest, AdminGetUserAuthFactorsResponse, AuthFactorType, GetUserAuthFactorsRequest,
    GetUserAuthFactorsResponse,
};
use kernel::{Cx, Result};
use store::records::{passkeys, passwords, users::User};

use crate::{
    UserPools,
    pool::Pool,
    signin::{Held, first_factors, protocol::FirstFactor},
    user::{directory, view},
};

impl UserPools {
    /// Errors: those of every access token (8.5).
    pub async fn get_user_auth_factors(
        &self,
        cx: &Cx,
        input: GetUserAuthFactorsRequest,
    ) -> Result<GetUserAuthFactorsResponse> {
        let access = self.access(cx, &input.access_token).await?;
        let configured = self.configured_factors(&access.pool, &access.user).await?;
        Ok(GetUserAuthFactorsResponse {
            preferred_mfa_setting: view::preferred_mfa(&access.user),
            user_mfa_setting_list: view::mfa_setting_list(&access.user),
            configured_user_auth_factors: Some(configured),
            username: access.user.username,
        })
    }

    /// Errors: UserNotFound.
    pub async fn admin_get_user_auth_factors(
        &self,
        _cx: &Cx,
        input: AdminGetUserAuthFactorsRequest,
    ) -> Result<AdminGetUserAuthFactorsResponse> {
        let pool = self.pool(&input.user_pool_id).await?;
        let user = directory::find(&self.store, &pool, &input.username).await?;
        let configured = self.configured_factors(&pool, &user).await?;
        Ok(AdminGetUserAuthFactorsResponse {
            preferred_mfa_setting: view::preferred_mfa(&user),
            user_mfa_setting_list: view::mfa_setting_list(&user),
            configured_user_auth_factors: Some(configured),
            username: user.username,
        })
    }

    pub(crate) async fn configured_factors(&self, pool: &Pool, user: &User) -> Result<Vec<AuthFactorType>> {
        let (id, sub) = (pool.id.clone(), user.sub.clone());
        let found = self
            .store
            .look_up(move |r| Ok((passwords::of_user(r, &id, &sub)?, passkeys::of_user(r, &id, &sub)?)));
        let (password, passkeys) = found.await?;
        let held = Held {
            password: password.is_some(),
            passkeys: &passkeys,
            settings: &pool.passkeys,
        };
        let first = first_factors(pool, Some(user), &held);
        let app = user.doc.mfa.has_token.then_some(AuthFactorType::SoftwareToken);
        Ok(first.into_iter().filter_map(told).chain(app).collect())
    }
}

/// SRP is a way to show the password, which is told once.
fn told(first: FirstFactor) -> Option<AuthFactorType> {
    match first {
        FirstFactor::Password => Some(AuthFactorType::Password),
        FirstFactor::EmailOtp => Some(AuthFactorType::EmailOtp),
        FirstFactor::SmsOtp => Some(AuthFactorType::SmsOtp),
        FirstFactor::WebAuthn => Some(AuthFactorType::WebAuthn),
        FirstFactor::PasswordSrp | FirstFactor::Other => None,
    }
}
