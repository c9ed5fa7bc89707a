//! `GetUserAuthFactors` and `AdminGetUserAuthFactors`: what a user may prove themselves by. Reference: user-pools 5.8, 6.3.

use api::cognito_idp::{
    AdminGetUserAuthFactorsRequest, AdminGetUserAuthFactorsResponse, AuthFactorType, GetUserAuthFactorsRequest,
    GetUserAuthFactorsResponse,
};
use kernel::{Cx, Result};
use store::records::{address::Address, passkeys, passwords, users::User};

use crate::{
    UserPools,
    mfa::factors,
    pool::{Pool, passkeys::Use, settings::MfaMode},
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
        let found = self
            .store
            .look_up(move |r| Ok((passwords::of_user(r, &id, &sub)?, passkeys::count(r, &id, &sub)?)));
        let (password, passkeys) = found.await?;
        let mut configured = Vec::new();
        if password.is_some() {
            configured.push(AuthFactorType::Password);
        }
        configured.extend(codes(pool, user));
        let alone = is_enough(pool, user) || pool.passkeys.use_as == Use::BothFactors;
        if alone && passkeys > 0 && pool.first_factors.allows(AuthFactorType::WebAuthn) {
            configured.push(AuthFactorType::WebAuthn);
        }
        if user.doc.mfa.has_token {
            configured.push(AuthFactorType::SoftwareToken);
        }
        Ok(configured)
    }
}

/// One factor alone signs nobody in who has to show a second.
fn is_enough(pool: &Pool, user: &User) -> bool {
    pool.mfa.mode != MfaMode::On && factors::active(&pool.mfa, user).is_empty()
}

fn codes<'a>(pool: &'a Pool, user: &'a User) -> impl Iterator<Item = AuthFactorType> + 'a {
    let alone = is_enough(pool, user);
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
