//! `SignUp`: somebody registers and is sent a code. Reference: user-pools 4.3.

use std::sync::Arc;

use api::cognito_idp::{SignUpRequest, SignUpResponse, UserStatusType};
use kernel::{ApiError, Cx, Result};
use store::records::passwords;

use crate::{
    UserPools,
    attributes::Occasion,
    codes::Purpose,
    delivery_target,
    enrolment::{self, Obstacle},
    errors,
    names::Contest,
    password_policy::{self, Audience},
    passwords::Owner,
    settings::{Client, Flow, Pool},
    signin::{Door, Visit},
};

impl UserPools {
    /// Errors: NotAuthorized (secret hash, closed pool, write permission), InvalidParameter (form of the name, schema),
    /// InvalidPassword, UsernameExists, CodeDeliveryFailure.
    pub async fn sign_up(&self, cx: &Cx, input: SignUpRequest) -> Result<SignUpResponse> {
        let (pool, client) = self.client(cx, &input.client_id).await?;
        client.check_secret_hash(&input.username, input.secret_hash.as_deref())?;
        if is_closed(&pool) {
            return Err(errors::sign_up_not_permitted());
        }
        let given = input.user_attributes.unwrap_or_default();
        let occasion = Occasion::SignUp(&client);
        let user = enrolment::newcomer(
            cx,
            &pool,
            occasion,
            &input.username,
            &given,
            UserStatusType::Unconfirmed,
        )?;
        let password = input.password.ok_or_else(|| errors::missing_parameter("Password"))?;
        password_policy::check(&pool.password_policy(), &password, Audience::User)?;

        let dispatch = match delivery_target::for_sign_up(&pool, &user) {
            Some(target) => Some(self.dispatch(cx, &pool, &user, Purpose::SignUp, &target)?),
            None => None,
        };
        let password = self.new_password(cx, &pool, &Owner::of(&user), password, None).await?;
        let visit = Visit {
            pool: Arc::clone(&pool),
            client: Arc::clone(&client),
            door: Door::Public,
        };
        // As ConfirmSignUp's: of use only where USER_AUTH is.
        let session = if client.allows(Flow::Choice) {
            Some(self.sign_up_session(cx, &visit, &user.sub)?)
        } else {
            None
        };
        let sub = user.sub.to_string();
        let enqueued = dispatch.clone();
        self.store
            .write(move |tx| {
                let occasion = Occasion::SignUp(&client);
                if let Err(obstacle) = enrolment::enrol(tx, &pool, occasion, &user, Contest::Yield)? {
                    return Err(refusal(&client, obstacle).into());
                }
                passwords::put(tx, &pool.id, &user.sub, &password)?;
                if let Some(dispatch) = &enqueued {
                    dispatch.enqueue(tx, &user)?;
                }
                Ok(())
            })
            .await?;
        Ok(SignUpResponse {
            user_confirmed: false,
            code_delivery_details: dispatch.map(|dispatch| self.sent(dispatch)),
            user_sub: sub,
            session,
        })
    }
}

fn is_closed(pool: &Pool) -> bool {
    let config = pool.settings.admin_create_user_config.as_ref();
    config.is_some_and(|c| c.allow_admin_create_user_only == Some(true))
}

fn refusal(client: &Client, obstacle: Obstacle) -> ApiError {
    match obstacle {
        Obstacle::Gone => errors::client_does_not_exist(client.id.as_str()),
        Obstacle::Username => errors::user_already_exists(),
        Obstacle::Attribute(kind) => errors::account_with_given(kind),
    }
}
