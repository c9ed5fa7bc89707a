//! A forgotten password, by pages: the API's own operations, for whom the pages ask. Reference: oauth-and-federation 9.1; user-pools 4.7.

use api::cognito_idp::{ConfirmForgotPasswordRequest, ForgotPasswordRequest};
use kernel::{Cx, Result};

use super::{
    Place,
    checked::checked,
    letter::{Letter, letter},
};
use crate::UserPools;

impl UserPools {
    /// Errors: those of ForgotPassword.
    pub async fn forgot_at(&self, cx: &Cx, place: &Place, username: &str) -> Result<Option<Letter>> {
        let request = checked(
            "ForgotPassword",
            ForgotPasswordRequest {
                client_id: place.client.id.to_string(),
                secret_hash: place.secret_hash(username),
                user_context_data: None,
                username: username.to_owned(),
                analytics_metadata: None,
                client_metadata: None,
            },
        )?;
        let sent = self.forgot_password(cx, request).await?;
        Ok(letter(sent.code_delivery_details))
    }

    /// Errors: those of ConfirmForgotPassword.
    pub async fn reset_at(&self, cx: &Cx, place: &Place, username: &str, (code, password): (&str, &str)) -> Result<()> {
        let request = checked(
            "ConfirmForgotPassword",
            ConfirmForgotPasswordRequest {
                client_id: place.client.id.to_string(),
                secret_hash: place.secret_hash(username),
                username: username.to_owned(),
                confirmation_code: code.to_owned(),
                password: password.to_owned(),
                analytics_metadata: None,
                user_context_data: None,
                client_metadata: None,
            },
        )?;
        self.confirm_forgot_password(cx, request).await?;
        Ok(())
    }
}
