//! Sign-up, by pages: the API's own operations, for whom the pages ask. Reference: oauth-and-federation 9.1; user-pools 4.3, 4.4.

use api::cognito_idp::{AttributeType, ConfirmSignUpRequest, ResendConfirmationCodeRequest, SignUpRequest};
use kernel::{Cx, Result, Sub, Timestamp};
use store::records::{passwords, users};

use super::{
    Place,
    checked::checked,
    letter::{Letter, letter},
};
use crate::{
    UserPools,
    signin::{self, Method},
};

/// What a sign-up form says.
pub struct NewAccount {
    pub username: String,
    pub password: Option<String>,
    pub attributes: Vec<(String, String)>,
}

/// An account that was just made.
pub struct SignedUp {
    pub is_confirmed: bool,
    /// None: no code was sent.
    pub letter: Option<Letter>,
    /// Signs this browser in when the code has come.
    pub session: String,
}

impl UserPools {
    /// Errors: those of SignUp.
    pub async fn sign_up_at(&self, cx: &Cx, place: &Place, account: NewAccount) -> Result<SignedUp> {
        let has_password = account.password.is_some();
        let request = checked(
            "SignUp",
            SignUpRequest {
                client_id: place.client.id.to_string(),
                secret_hash: place.secret_hash(&account.username),
                username: account.username,
                password: account.password,
                user_attributes: Some(account.attributes.into_iter().map(attribute).collect()),
                validation_data: None,
                analytics_metadata: None,
                user_context_data: None,
                client_metadata: None,
            },
        )?;
        let made = self.sign_up(cx, request).await?;
        let sub = Sub::new(made.user_sub);
        let seen = if has_password {
            self.password_set_at(place, &sub).await?
        } else {
            None
        };
        Ok(SignedUp {
            is_confirmed: made.user_confirmed,
            letter: letter(made.code_delivery_details),
            session: signin::hosted_sign_up_session(&self.keyring, cx, place.visit(), (sub, seen))?,
        })
    }

    /// The session signs in at once whoever signed up at this browser ([`super::Start::SignedUp`]). None: they are to sign in themselves, as
    /// after a while, or from elsewhere.
    ///
    /// Errors: those of ConfirmSignUp.
    pub async fn confirm_at(
        &self,
        cx: &Cx,
        place: &Place,
        (username, code): (&str, &str),
        session: Option<&str>,
    ) -> Result<Option<String>> {
        let request = checked(
            "ConfirmSignUp",
            ConfirmSignUpRequest {
                client_id: place.client.id.to_string(),
                secret_hash: place.secret_hash(username),
                username: username.to_owned(),
                confirmation_code: code.to_owned(),
                force_alias_creation: None,
                analytics_metadata: None,
                user_context_data: None,
                client_metadata: None,
                session: None,
            },
        )?;
        self.confirm_sign_up(cx, request).await?;
        match session {
            Some(session) => self.signed_up(cx, place, session).await,
            None => Ok(None),
        }
    }

    /// What goes on from a sign-up at this browser that needs no code. Errors: internal.
    pub async fn signed_up(&self, cx: &Cx, place: &Place, session: &str) -> Result<Option<String>> {
        let Ok((sub, seen)) = signin::opened_sign_up(&self.keyring, cx, place.visit(), session) else {
            return Ok(None);
        };
        let set_at = self.password_set_at(place, &sub).await?;
        // Somebody else's password is nothing that this browser has shown.
        let Some(seen) = seen.filter(|seen| Some(*seen) == set_at) else {
            return Ok(None);
        };
        let (pool, of) = (place.pool.id.clone(), sub.clone());
        let user = self.store.look_up(move |r| users::by_sub(r, &pool, &of)).await?;
        if user.is_none_or(|user| !user.enabled) {
            return Ok(None);
        }
        let whose = (sub, Some(seen));
        signin::first_sign_in_session(&self.keyring, cx, place.visit(), whose, Method::Password).map(Some)
    }

    /// Errors: those of ResendConfirmationCode.
    pub async fn resend_at(&self, cx: &Cx, place: &Place, username: &str) -> Result<Option<Letter>> {
        let request = checked(
            "ResendConfirmationCode",
            ResendConfirmationCodeRequest {
                client_id: place.client.id.to_string(),
                secret_hash: place.secret_hash(username),
                user_context_data: None,
                username: username.to_owned(),
                analytics_metadata: None,
                client_metadata: None,
            },
        )?;
        let sent = self.resend_confirmation_code(cx, request).await?;
        Ok(letter(sent.code_delivery_details))
    }

    async fn password_set_at(&self, place: &Place, sub: &Sub) -> Result<Option<Timestamp>> {
        let (pool, sub) = (place.pool.id.clone(), sub.clone());
        let row = self.store.look_up(move |r| passwords::of_user(r, &pool, &sub)).await?;
        Ok(row.map(|row| row.set_at))
    }
}

fn attribute((name, value): (String, String)) -> AttributeType {
    AttributeType {
        name,
        value: Some(value),
    }
}
