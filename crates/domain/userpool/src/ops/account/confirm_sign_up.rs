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
    errors, lasting,
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
        let (this, own_cx, own_visit) = (self.clone(), cx.clone(), visit.clone());
        let confirmed = lasting::to_its_end(async move {
            let confirmed = this.store.write(move |tx| {
                let confirmed = confirmation.perform(tx)?;
                let password = passwords::of_user(tx, &confirmed.user.pool, &confirmed.user.sub)?;
                Ok((confirmed, password.map(|row| row.set_at)))
            });
            let confirmed = confirmed.await?;
            let scene = Scene {
                cx: &own_cx,
                pool: &own_visit.pool,
                user: &confirmed.0.user,
                caller: Caller::Client(&own_visit.client.id),
                metadata: Some(&own_visit.metadata),
            };
            this.functions.post_confirmation(scene, Source::ConfirmSignUp).await?;
            Ok(confirmed)
        });
        let (Confirmed { user, proved }, set_at) = confirmed.await?;
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
        let (this, cx) = (self.clone(), cx.clone());
        lasting::to_its_end(async move {
            let confirmed = directory::change(&this.store, &cx, &pool, &input.username, |user| {
                if user.status != Status::Unconfirmed {
                    return Err(errors::cannot_be_confirmed(user.status));
                }
                user.status = Status::Confirmed;
                Ok(())
            });
            let scene = Scene {
                cx: &cx,
                pool: &pool,
                user: &confirmed.await?,
                caller: Caller::Nobody,
                metadata: input.client_metadata.as_ref(),
            };
            this.functions.post_confirmation(scene, Source::ConfirmSignUp).await?;
            Ok(AdminConfirmSignUpResponse {})
        })
        .await
    }
}
