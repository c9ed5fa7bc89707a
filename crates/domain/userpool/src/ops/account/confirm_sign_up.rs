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
    code::{Purpose, kept},
    errors,
    ops::session::request,
    signin::{self, Method},
    trigger::{Caller, Scene, Source},
    user::{
        addresses, directory,
        limits::{self, Capped},
        names::{self, Contest},
        unknown,
    },
};

impl UserPools {
    /// Errors: CodeMismatch, ExpiredCode, AliasExists, LimitExceeded, NotAuthorized (already confirmed), UserNotFound or
    /// what stands in for it; those of the function, when the user is confirmed.
    pub async fn confirm_sign_up(&self, cx: &Cx, input: ConfirmSignUpRequest) -> Result<ConfirmSignUpResponse> {
        let (pool, client) = self.client(&input.client_id).await?;
        client.check_secret_hash(&input.username, input.secret_hash.as_deref())?;
        let (keyring, now) = (Arc::clone(&self.keyring), cx.now());
        let contest = Contest::of(input.force_alias_creation);
        let place = (Arc::clone(&pool), Arc::clone(&client));
        let visit = request::public_visit(place, input.client_metadata, input.user_context_data);
        let (confirmed, set_at, proved) = self
            .store
            .write(move |tx| {
                let Some(user) = names::find(tx, &pool, &input.username)? else {
                    if !client.hides_users() {
                        return Err(errors::username_client_combination_not_found().into());
                    }
                    let nobody = unknown::stand_in_sub(&keyring, &pool, &input.username);
                    limits::count(tx, &pool.id, &nobody, Capped::ConfirmSignUp, now)?;
                    return Err(errors::code_mismatch().into());
                };
                let is_confirmed = user.status != Status::Unconfirmed;
                if is_confirmed && !client.hides_users() {
                    return Err(errors::cannot_be_confirmed(user.status).into());
                }
                // Counted although the call may be refused: a refusal commits what it learned.
                limits::count(tx, &pool.id, &user.sub, Capped::ConfirmSignUp, now)?;
                let judged = kept::judge(tx, &keyring, (&user, Purpose::SignUp), &input.confirmation_code, now)?;
                let target = judged.told_at_sign_up(&client)?;
                if is_confirmed {
                    return Err(errors::cannot_be_confirmed(user.status).into());
                }
                let mut after = user.clone();
                after.status = Status::Confirmed;
                addresses::set_verified(&mut after, target.kind, true);
                after.modified = now;
                if let Some(alias) = names::taken(tx, &pool, Some(&user), &after, contest)? {
                    return Err(names::is_anothers(&pool, alias).into());
                }
                if contest == Contest::Seize {
                    names::seize(tx, &pool, &after, now)?;
                }
                names::reclaim(tx, &pool, Some(&user), &after)?;
                // Ends the code in the transaction that confirms, so that two racing answers cannot both count.
                directory::save(tx, &user, &after)?;
                let set_at = passwords::of_user(tx, &pool.id, &user.sub)?.map(|row| row.set_at);
                Ok((after, set_at, Method::of_code(target.kind)))
            })
            .await?;
        let scene = Scene {
            cx,
            pool: &visit.pool,
            user: &confirmed,
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
                (confirmed.sub, set_at),
                proved,
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
