//! `ConfirmSignUp`: a new user proves the address that the code was sent to. Reference: user-pools 4.4.

use std::sync::Arc;

use api::cognito_idp::{ConfirmSignUpRequest, ConfirmSignUpResponse, UserStatusType};
use kernel::{Cx, Result};
use store::records::users;

use crate::{
    UserPools,
    attempts::{self, Capped},
    attributes,
    codes::{self, Purpose},
    errors, existence,
    names::{self, Contest},
    settings::Flow,
    signin::{Door, Method, Visit},
};

impl UserPools {
    /// Errors: CodeMismatch, ExpiredCode, AliasExists, LimitExceeded, NotAuthorized (already confirmed), UserNotFound or
    /// what stands in for it.
    pub async fn confirm_sign_up(&self, cx: &Cx, input: ConfirmSignUpRequest) -> Result<ConfirmSignUpResponse> {
        let (pool, client) = self.client(cx, &input.client_id).await?;
        client.check_secret_hash(&input.username, input.secret_hash.as_deref())?;
        let (keyring, now) = (Arc::clone(&self.keyring), cx.now());
        let contest = Contest::of(input.force_alias_creation);
        let visit = Visit {
            pool: Arc::clone(&pool),
            client: Arc::clone(&client),
            door: Door::Public,
        };
        let (sub, proved) = self
            .store
            .write(move |tx| {
                let Some(user) = names::find(tx, &pool, &input.username)? else {
                    if !client.hides_users() {
                        return Err(errors::username_client_combination_not_found().into());
                    }
                    existence::count_unknown(tx, &keyring, &pool, &input.username, Capped::ConfirmSignUp, now)?;
                    return Err(errors::code_mismatch().into());
                };
                let is_confirmed = user.status != UserStatusType::Unconfirmed.as_str();
                if is_confirmed && !client.hides_users() {
                    return Err(errors::cannot_be_confirmed(&user.status).into());
                }
                // Counted although the call may be refused: a refusal commits what it learned.
                attempts::count(tx, &pool.id, &user.sub, Capped::ConfirmSignUp, now)?;
                let checked = codes::check(tx, &keyring, &user, Purpose::SignUp, &input.confirmation_code, now)?;
                let target = match checked {
                    Ok(target) if !is_confirmed => target,
                    Ok(_) => return Err(errors::cannot_be_confirmed(&user.status).into()),
                    Err(refusal) => return Err(refusal.told_at_sign_up(&client).into()),
                };
                let mut after = user.clone();
                UserStatusType::Confirmed.as_str().clone_into(&mut after.status);
                after.doc.attributes.insert(target.flag().to_owned(), "true".to_owned());
                after.modified = now;
                if let Some(kind) = names::taken(tx, &pool, Some(&user), &after, contest)? {
                    return Err(attributes::alias_is_anothers(&pool, kind).into());
                }
                if contest == Contest::Seize {
                    names::seize(tx, &pool, &after, now)?;
                }
                names::reclaim(tx, &pool, Some(&user), &after)?;
                users::update(tx, &after)?;
                // Ends the code in the transaction that confirms, so that two racing answers cannot both count.
                codes::follow(tx, &user, &after)?;
                Ok((user.sub, Method::of_code(&target)))
            })
            .await?;
        // To sign in at once; of use only where USER_AUTH is.
        let session = if visit.client.allows(Flow::Choice) {
            Some(self.first_sign_in_session(cx, &visit, &sub, proved)?)
        } else {
            None
        };
        Ok(ConfirmSignUpResponse { session })
    }
}
