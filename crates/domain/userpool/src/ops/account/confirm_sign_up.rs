//! `ConfirmSignUp`: a new user proves the address that the code was sent to; `AdminConfirmSignUp`: confirms without a code and
//! without verifying any attribute. Reference: user-pools 4.4.

use std::sync::Arc;

use api::cognito_idp::{
    AdminConfirmSignUpRequest, AdminConfirmSignUpResponse, ConfirmSignUpRequest, ConfirmSignUpResponse,
};
use kernel::{Cx, Result};
use store::records::{passwords, status::Status};

use crate::{
    UserPools,
    client::Flow,
    errors,
    ops::session::request,
    signin::{self, Method},
    trigger::{Caller, Scene, Source},
    user::{
        confirmation::{Confirmation, Confirmed},
        directory,
        names::Contest,
    },
};

impl UserPools {
    /// Errors: CodeMismatch, ExpiredCode, AliasExists, LimitExceeded, NotAuthorized (already confirmed), UserNotFound or
    /// what stands in for it; those of the function, when the user is confirmed.
    pub async fn confirm_sign_up(&self, cx: &Cx, input: ConfirmSignUpRequest) -> Result<ConfirmSignUpResponse> {
        let (pool, client) = self.client(&input.client_id).await?;
        client.check_secret_hash(&input.username, input.secret_hash.as_deref())?;
        let confirmation = Confirmation {
            keyring: Arc::clone(&self.keyring),
            pool: Arc::clone(&pool),
            client: Arc::clone(&client),
            name: input.username,
            code: input.confirmation_code,
            contest: Contest::of(input.force_alias_creation),
            now: cx.now(),
        };
        let visit = request::public_visit((pool, client), input.client_metadata, input.user_context_data);
        let (Confirmed { user, proved }, set_at) = self
            .store
            .write(move |tx| {
                let confirmed = confirmation.perform(tx)?;
                let password = passwords::of_user(tx, &confirmed.user.pool, &confirmed.user.sub)?;
                Ok((confirmed, password.map(|row| row.set_at)))
            })
            .await?;
        let scene = Scene {
            cx,
            pool: &visit.pool,
            user: &user,
            caller: Caller::Client(&visit.client.id),
            metadata: Some(&visit.metadata),
        };
        self.functions.post_confirmation(scene, Source::ConfirmSignUp).await?;
        // To sign in at once; of use only where USER_AUTH is.
        let session = if visit.client.allows(Flow::Choice) {
            Some(signin::first_sign_in_session(
                &self.keyring,
                cx,
                visit,
                (user.sub, set_at),
                Method::of_code(proved.kind),
            )?)
        } else {
            None
        };
        Ok(ConfirmSignUpResponse { session })
    }

    /// Errors: UserNotFound, NotAuthorized (not UNCONFIRMED); those of the function, when the user is confirmed.
    pub async fn admin_confirm_sign_up(
        &self,
        cx: &Cx,
        input: AdminConfirmSignUpRequest,
    ) -> Result<AdminConfirmSignUpResponse> {
        let pool = self.pool(&input.user_pool_id).await?;
        let confirmed = directory::change(&self.store, cx, &pool, &input.username, |user| {
            if user.status != Status::Unconfirmed {
                return Err(errors::cannot_be_confirmed(user.status));
            }
            user.status = Status::Confirmed;
            Ok(())
        })
        .await?;
        let scene = Scene {
            cx,
            pool: &pool,
            user: &confirmed,
            caller: Caller::Nobody,
            metadata: input.client_metadata.as_ref(),
        };
        self.functions.post_confirmation(scene, Source::ConfirmSignUp).await?;
        Ok(AdminConfirmSignUpResponse {})
    }
}
