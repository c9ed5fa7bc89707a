//! Another password. Reference: user-pools 4.6.

use api::cognito_idp::ChangePasswordRequest;
use kernel::{Cx, Result};
use store::records::passwords;

use super::{
    super::{Browser, Place, checked::checked},
    BY_BROWSER, access,
};
use crate::UserPools;

impl UserPools {
    /// Whether there is one so far. Errors: internal.
    pub async fn has_password(&self, browser: &Browser) -> Result<bool> {
        let (pool, sub) = (browser.user.pool.clone(), browser.user.sub.clone());
        let held = self.store.look_up(move |r| passwords::of_user(r, &pool, &sub)).await?;
        Ok(held.is_some())
    }

    /// `previous`: the one so far, of whoever has one. Errors: those of ChangePassword but for the token's.
    pub async fn change_password_at(
        &self,
        cx: &Cx,
        place: &Place,
        browser: &Browser,
        (previous, proposed): (Option<&str>, &str),
    ) -> Result<()> {
        let request = checked(
            "ChangePassword",
            ChangePasswordRequest {
                access_token: BY_BROWSER.to_owned(),
                previous_password: previous.map(str::to_owned),
                proposed_password: proposed.to_owned(),
            },
        )?;
        self.change_password_by(cx, access(place, browser), request).await?;
        Ok(())
    }
}
