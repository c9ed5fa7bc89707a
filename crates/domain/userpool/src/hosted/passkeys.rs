//! Passkeys that people make on pages: whether one is offered to somebody, and the ceremony of a browser's session. Reference:
//! oauth-and-federation 9.1; user-pools 7.

use api::cognito_idp::AuthFactorType;
use kernel::{Cx, Result};
use serde_json::Value;
use store::records::passkeys;

use super::{Browser, Place};
use crate::{
    UserPools,
    errors::passkeys as errors,
    passkey::{
        assertion,
        registration::{self, Registrar},
    },
    signin::{may_use_passkey, protocol::Challenge},
};

impl Place {
    /// Whether people may sign in with passkeys on this page.
    pub fn has_passkeys(&self) -> bool {
        self.offers_choice()
            && self.pool.first_factors.allows(AuthFactorType::WebAuthn)
            && self.passkeys.relying_party.is_some()
    }

    fn registrar<'a>(&'a self, browser: &'a Browser) -> Registrar<'a> {
        Registrar {
            pool: &self.pool,
            user: &browser.user,
            client: &self.client.id,
            settings: &self.passkeys,
        }
    }
}

impl UserPools {
    /// Options of `navigator.credentials.get` for whichever passkey the person picks on the first page, and the session of the answer.
    /// None: there are none on this page.
    pub fn any_passkey_at(&self, cx: &Cx, place: &Place) -> Option<(String, String)> {
        match self.challenge_by_any_passkey(cx, place.visit()) {
            Ok(Challenge::Passkey { options, session, .. }) if place.has_passkeys() => Some((options, session)),
            _ => None,
        }
    }

    /// Whether somebody who has signed in could do so with a passkey, and has none for this page. Errors: internal.
    pub async fn lacks_passkey(&self, place: &Place, browser: &Browser) -> Result<bool> {
        if !place.has_passkeys() || !may_use_passkey(&place.pool, &browser.user) {
            return Ok(false);
        }
        let (pool, sub) = (place.pool.id.clone(), browser.user.sub.clone());
        let held = self.store.look_up(move |r| passkeys::of_user(r, &pool, &sub)).await?;
        Ok(assertion::usable(&place.passkeys, &held).next().is_none())
    }

    /// Options of `navigator.credentials.create`, as JSON.
    ///
    /// Errors: WebAuthnNotEnabled, WebAuthnConfigurationMissing, LimitExceeded, NotAuthorized (a user of a provider).
    pub async fn passkey_options_at(&self, cx: &Cx, place: &Place, browser: &Browser) -> Result<String> {
        registration::may_begin(&place.pool, &browser.user)?;
        let (pool, sub) = (place.pool.id.clone(), browser.user.sub.clone());
        let held = self.store.look_up(move |r| passkeys::of_user(r, &pool, &sub)).await?;
        let options = registration::options(&self.keyring, cx, place.registrar(browser), &held)?;
        Ok(options.to_string())
    }

    /// Errors: those of [`registration`].
    pub async fn add_passkey_at(&self, cx: &Cx, place: &Place, browser: &Browser, credential: &str) -> Result<()> {
        registration::may_begin(&place.pool, &browser.user)?;
        let credential: Value =
            serde_json::from_str(credential).map_err(|why| errors::credential_not_valid().because(why))?;
        let made = registration::judged(&self.keyring, cx, place.registrar(browser), &credential)?;
        let user = browser.user.clone();
        self.store.write(move |tx| registration::keep(tx, &user, &made)).await?;
        Ok(())
    }
}
