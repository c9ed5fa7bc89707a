//! The link of a sign-up mail is opened: it confirms as ConfirmSignUp does, and signs nobody in. Reference: user-pools 4.4,
//! oauth-and-federation 2.

use std::sync::Arc;

use kernel::{Cx, Result};

use crate::{
    UserPools, errors, lasting,
    trigger::{Caller, Scene, Source},
    user::{confirmation::Confirmation, names::Contest},
};

/// What the link of a sign-up mail carries.
pub struct ConfirmationLink {
    pub client_id: String,
    pub user_name: String,
    pub confirmation_code: String,
}

/// What came of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Opened {
    Confirmed,
    /// It did before.
    Again,
}

/// No name and no code is longer. Reference: user-pools B.
const LONGEST: usize = 2048;

impl UserPools {
    /// Errors: ResourceNotFound (no such client), CodeMismatch, ExpiredCode, AliasExists, LimitExceeded, UserNotFound or what
    /// stands in for it; those of the function, when the user is confirmed.
    pub async fn confirm_by_link(&self, cx: &Cx, link: ConfirmationLink) -> Result<Opened> {
        let (pool, client) = self.client(&link.client_id).await?;
        if !is_sound(&link.user_name) || !is_sound(&link.confirmation_code) {
            return Err(errors::code_mismatch());
        }
        let confirmation = Confirmation {
            keyring: Arc::clone(&self.keyring),
            pool: Arc::clone(&pool),
            client: Arc::clone(&client),
            name: link.user_name,
            code: link.confirmation_code,
            contest: Contest::of(None),
            now: cx.now(),
        };
        let (this, cx) = (self.clone(), cx.clone());
        lasting::to_its_end(async move {
            let Some(confirmed) = this.store.write(move |tx| confirmation.open(tx)).await? else {
                return Ok(Opened::Again);
            };
            let scene = Scene {
                cx: &cx,
                pool: &pool,
                user: &confirmed.user,
                caller: Caller::Client(&client.id),
                metadata: None,
            };
            this.functions.post_confirmation(scene, Source::ConfirmSignUp).await?;
            Ok(Opened::Confirmed)
        })
        .await
    }
}

/// What the models ask of such a parameter.
fn is_sound(text: &str) -> bool {
    !text.is_empty() && text.len() <= LONGEST && !text.contains(char::is_control)
}
