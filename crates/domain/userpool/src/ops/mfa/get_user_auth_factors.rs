//! `GetUserAuthFactors` and `AdminGetUserAuthFactors`: what a user may prove themselves by. Reference: user-pools 5.8, 6.3.

use api::cognito_idp::{
    AdminGetUserAuthFactorsRequest, AdminGetUserAuthFactorsResponse, AuthFactorType, GetUserAuthFactorsRequest,
    GetUserAuthFactorsResponse,
};
use kernel::{Cx, Result};
use store::records::{address::Address, passwords, users::User};

use crate::{
    UserPools,
    mfa::factors,
    pool::{Pool, settings::MfaMode},
    user::{addresses, directory, view},
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

    async fn configured_factors(&self, pool: &Pool, user: &User) -> Result<Vec<AuthFactorType>> {
        let (id, sub) = (pool.id.clone(), user.sub.clone());
        let password = self.store.look_up(move |r| passwords::of_user(r, &id, &sub)).await?;
        let mut configured = Vec::new();
        if password.is_some() {
            configured.push(AuthFactorType::Password);
        }
        configured.extend(codes(pool, user));
        if user.doc.mfa.has_token {
            configured.push(AuthFactorType::SoftwareToken);
        }
        Ok(configured)
    }
}

/// A code alone signs nobody in who has to show a second factor.
fn codes<'a>(pool: &'a Pool, user: &'a User) -> impl Iterator<Item = AuthFactorType> + 'a {
    let alone = pool.mfa.mode != MfaMode::On && factors::active(&pool.mfa, user).is_empty();
    let factors = [
        (AuthFactorType::EmailOtp, Address::Email),
        (AuthFactorType::SmsOtp, Address::Phone),
    ];
    factors
        .into_iter()
        .filter(move |(factor, address)| {
            alone && pool.first_factors.allows(*factor) && addresses::present(user, *address).is_some()
        })
        .map(|(factor, _)| factor)
}
