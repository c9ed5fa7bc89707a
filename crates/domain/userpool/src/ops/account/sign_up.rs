//! `SignUp`: somebody registers, with a password or without, and is sent a code. Reference: user-pools 4.3.

use std::sync::Arc;

use api::cognito_idp::{SignUpRequest, SignUpResponse};
use kernel::{Code, Cx, Result};
use store::records::{passwords, status::Status, users::User};

use super::{code_delivery, send_code::Asker};
use crate::{
    UserPools,
    client::Flow,
    code::{
        Purpose,
        sending::{Dispatch, Errand},
        target,
    },
    errors, lasting,
    ops::given,
    ops::session::request,
    password::{hashing::Holder, kept::Owner, policy::Audience},
    pool::{Pool, loaded::SelfRegistration},
    signin,
    trigger::Source,
    user::{attribute_rules::Occasion, creation, without_password},
};

impl UserPools {
    /// Errors: NotAuthorized (secret hash, closed pool, write permission), InvalidParameter (form of the name, schema),
    /// InvalidPassword, UsernameExists, AliasExists, CodeDeliveryFailure, LimitExceeded (the user is there, and UNCONFIRMED),
    /// those of the functions.
    pub async fn sign_up(&self, cx: &Cx, input: SignUpRequest) -> Result<SignUpResponse> {
        let (pool, client) = self.client(&input.client_id).await?;
        client.check_secret_hash(&input.username, input.secret_hash.as_deref())?;
        if pool.self_registration == SelfRegistration::Closed {
            return Err(errors::sign_up_not_permitted());
        }
        let given = given::attributes(input.user_attributes.unwrap_or_default());
        let occasion = Occasion::SignUp(&client);
        let mut user = creation::newcomer(cx, &pool, occasion, &input.username, &given)?;
        let password = chosen_password(&pool, &user, input.password)?;

        let asker = Asker {
            pool: Arc::clone(&pool),
            client: Arc::clone(&client),
            name: input.username,
            metadata: input.client_metadata.clone(),
        };
        let validation = given::validation(input.validation_data);
        let decided = self.functions.pre_sign_up(asker.scene(cx, &user), &validation).await?;
        decided.apply(&mut user)?;
        // A pool that has sent as many messages as it may takes people in all the same. Reference: 4.3.
        let (dispatch, unsent) = match self.first_code(cx, &asker, &user).await {
            Err(error) if error.code() == Code::LimitExceeded => (None, Some(error)),
            dispatch => (dispatch?, None),
        };
        let owner = Owner::of(&user);
        let password = match password {
            Some(password) => Some(self.passwords.make(cx, &pool, Holder::new(&owner), password).await?),
            None => None,
        };
        let place = (Arc::clone(&pool), Arc::clone(&client));
        let visit = request::public_visit(place, input.client_metadata, input.user_context_data);
        // As ConfirmSignUp's: of use only where USER_AUTH is.
        let session = if client.allows(Flow::Choice) {
            Some(signin::sign_up_session(&self.keyring, cx, visit, user.sub.clone())?)
        } else {
            None
        };
        let (this, own_cx) = (self.clone(), cx.clone());
        lasting::to_its_end(async move {
            let (stored, enqueued) = (user.clone(), dispatch.clone());
            let written = this.store.write(move |tx| {
                creation::store(tx, &pool, Occasion::SignUp(&client), &stored, decided.contest())?;
                if let Some(password) = &password {
                    passwords::put(tx, &pool.id, &stored.sub, password)?;
                }
                if let Some(dispatch) = &enqueued {
                    dispatch.enqueue(tx, &stored)?;
                }
                Ok(())
            });
            written.await?;
            if let Some(error) = unsent {
                return Err(error);
            }
            let sent = dispatch.map(|dispatch| code_delivery::details(&this.codes.sent(dispatch)));
            let is_confirmed = user.status == Status::Confirmed;
            if is_confirmed {
                let scene = asker.scene(&own_cx, &user);
                this.functions.post_confirmation(scene, Source::ConfirmSignUp).await?;
            }
            Ok(SignUpResponse {
                user_confirmed: is_confirmed,
                code_delivery_details: sent,
                user_sub: user.sub.to_string(),
                session,
            })
        })
        .await
    }

    /// None: there is nothing to confirm, or nowhere to send a code to. Errors: those of the function, CodeDeliveryFailure.
    async fn first_code(&self, cx: &Cx, asker: &Asker, user: &User) -> Result<Option<Dispatch>> {
        let target = target::for_sign_up(&asker.pool, user).filter(|_| user.status == Status::Unconfirmed);
        let Some(target) = target else { return Ok(None) };
        let scene = asker.scene(cx, user);
        let source = Source::MessageAtSignUp;
        let telling = self.functions.telling(scene, source, &target).await?;
        let errand = Errand {
            user,
            purpose: Purpose::SignUp,
            target: &target,
            signs_up_by: Some(&asker.client.id),
            telling: &telling,
        };
        self.codes.dispatch(cx, &asker.pool, errand).await.map(Some)
    }
}

/// None: there is no password, because the user can sign in by a code to an address that they gave. Reference: 4.3.
///
/// Errors: InvalidParameter (it is missing), InvalidPassword.
fn chosen_password(pool: &Pool, user: &User, given: Option<String>) -> Result<Option<String>> {
    let password = match given {
        Some(password) => password,
        None if without_password::is_possible(pool, user) => return Ok(None),
        None => return Err(errors::missing_parameter("Password")),
    };
    pool.password_policy.check(&password, Audience::User)?;
    Ok(Some(password))
}
