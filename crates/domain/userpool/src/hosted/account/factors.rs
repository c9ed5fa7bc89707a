//! Second factors and passkeys. Reference: user-pools 6.2, 6.3, 7.

use api::cognito_idp::{DeleteWebAuthnCredentialRequest, VerifySoftwareTokenRequest};
use kernel::{Cx, Result, Timestamp};
use store::records::{factor::Factor, passkeys};

use super::{
    super::{Browser, Place, checked::checked},
    BY_BROWSER, access,
};
use crate::{
    UserPools,
    mfa::{
        factors::has_means,
        preference::{Wish, Wishes},
        software_token::FirstCode,
    },
    passkey::view,
    pool::settings::MfaMode,
};

/// What somebody proves themselves by.
pub struct Factors {
    /// That the pool has.
    pub second: Vec<SecondFactor>,
    /// None: people don't sign in by any here.
    pub passkeys: Option<Vec<OwnPasskey>>,
}

pub struct SecondFactor {
    pub factor: Factor,
    /// Whether it could be turned on: there is an address, or an app.
    pub has_means: bool,
    pub is_on: bool,
    /// The first that a sign-in asks for.
    pub is_preferred: bool,
}

pub struct OwnPasskey {
    pub id: String,
    /// Of the authenticator's model.
    pub name: String,
    pub created: Timestamp,
}

/// What becomes of a second factor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    On,
    Off,
    /// On, and before the others.
    First,
}

impl UserPools {
    /// Errors: internal.
    pub async fn factors_at(&self, place: &Place, browser: &Browser) -> Result<Factors> {
        let (user, settings) = (&browser.user, &place.pool.mfa);
        let offered = settings.factors.iter().filter(|_| settings.mode != MfaMode::Off);
        let second = offered.map(|factor| SecondFactor {
            factor: *factor,
            has_means: has_means(user, *factor),
            is_on: user.doc.mfa.enabled.contains(factor),
            is_preferred: user.doc.mfa.preferred == Some(*factor),
        });
        let (pool, sub) = (user.pool.clone(), user.sub.clone());
        let mut held = self.store.look_up(move |r| passkeys::of_user(r, &pool, &sub)).await?;
        held.sort_by_key(view::place);
        let is_shown = place.has_passkeys() || !held.is_empty();
        let passkey = |held: passkeys::Passkey| OwnPasskey {
            id: held.credential,
            name: held.name,
            created: held.created,
        };
        Ok(Factors {
            second: second.collect(),
            passkeys: is_shown.then(|| held.into_iter().map(passkey).collect()),
        })
    }

    /// Errors: InvalidParameter, as of SetUserMFAPreference.
    pub async fn turn_factor_at(
        &self,
        cx: &Cx,
        place: &Place,
        browser: &Browser,
        (factor, turn): (Factor, Turn),
    ) -> Result<()> {
        let wish = Wish {
            factor,
            enabled: Some(turn != Turn::Off),
            preferred: (turn == Turn::First).then_some(true),
        };
        let wishes = Wishes {
            factors: vec![wish],
            passkey: None,
        };
        self.grant_to_caller(cx, access(place, browser), wishes).await
    }

    /// A secret for an authenticator app. Errors: those of AssociateSoftwareToken but for the token's.
    pub async fn new_own_app_at(&self, cx: &Cx, place: &Place, browser: &Browser) -> Result<String> {
        let secret = self.new_software_token(cx, access(place, browser)).await?;
        Ok(secret.as_str().to_owned())
    }

    /// Its first code, by which it is turned on. Errors: those of VerifySoftwareToken but for the token's.
    pub async fn keep_own_app_at(
        &self,
        cx: &Cx,
        place: &Place,
        browser: &Browser,
        (code, name): (&str, Option<&str>),
    ) -> Result<()> {
        let request = checked(
            "VerifySoftwareToken",
            VerifySoftwareTokenRequest {
                access_token: Some(BY_BROWSER.to_owned()),
                session: None,
                user_code: code.to_owned(),
                friendly_device_name: name.map(str::to_owned),
            },
        )?;
        let first = FirstCode {
            code: request.user_code,
            name: request.friendly_device_name,
        };
        self.enrol_software_token(cx, &access(place, browser), &first).await?;
        let turned = (Factor::SoftwareToken, Turn::On);
        self.turn_factor_at(cx, place, browser, turned).await
    }

    /// Errors: those of DeleteWebAuthnCredential but for the token's.
    pub async fn remove_passkey_at(&self, place: &Place, browser: &Browser, id: &str) -> Result<()> {
        let request = checked(
            "DeleteWebAuthnCredential",
            DeleteWebAuthnCredentialRequest {
                access_token: BY_BROWSER.to_owned(),
                credential_id: id.to_owned(),
            },
        )?;
        self.delete_web_authn_credential_by(access(place, browser), request)
            .await?;
        Ok(())
    }
}
