//! `SignUp`: somebody registers and is sent a code. Reference: user-pools 4.3.

use std::sync::Arc;

use api::cognito_idp::{SignUpRequest, SignUpResponse};
use kernel::{Cx, Result};
use store::records::passwords;

use super::code_delivery;
use crate::{
    UserPools,
    client::Flow,
    code::{Purpose, sending::Errand, target},
    errors,
    ops::given,
    ops::session::request,
    password::{hashing::Holder, kept::Owner, policy::Audience},
    pool::loaded::SelfRegistration,
    signin,
    user::{attribute_rules::Occasion, creation, names::Contest},
};

impl UserPools {
    /// Errors: NotAuthorized (secret hash, closed pool, write permission), InvalidParameter (form of the name, schema),
    /// InvalidPassword, UsernameExists, CodeDeliveryFailure.
    pub async fn sign_up(&self, cx: &Cx, input: SignUpRequest) -> Result<SignUpResponse> {
        let (pool, client) = self.client(&input.client_id).await?;
        client.check_secret_hash(&input.username, input.secret_hash.as_deref())?;
        if pool.self_registration == SelfRegistration::Closed {
            return Err(errors::sign_up_not_permitted());
        }
        let given = given::attributes(input.user_attributes.unwrap_or_default());
        let occasion = Occasion::SignUp(&client);
        let user = creation::newcomer(cx, &pool, occasion, &input.username, &given)?;
        let password = input.password.ok_or_else(|| errors::missing_parameter("Password"))?;
        pool.password_policy.check(&password, Audience::User)?;

        let dispatch = match target::for_sign_up(&pool, &user) {
            Some(target) => {
                let errand = Errand {
                    user: &user,
                    purpose: Purpose::SignUp,
                    target: &target,
                };
                Some(self.codes.dispatch(cx, &pool, errand)?)
            }
            None => None,
        };
        let owner = Owner::of(&user);
        let password = self.passwords.make(cx, &pool, Holder::new(&owner), password).await?;
        let place = (Arc::clone(&pool), Arc::clone(&client));
        let visit = request::public_visit(place, input.client_metadata, input.user_context_data);
        // As ConfirmSignUp's: of use only where USER_AUTH is.
        let session = if client.allows(Flow::Choice) {
            Some(signin::sign_up_session(&self.keyring, cx, visit, user.sub.clone())?)
        } else {
            None
        };
        let sub = user.sub.to_string();
        let enqueued = dispatch.clone();
        self.store
            .write(move |tx| {
                let occasion = Occasion::SignUp(&client);
                creation::store(tx, &pool, occasion, &user, Contest::Yield)?;
                passwords::put(tx, &pool.id, &user.sub, &password)?;
                if let Some(dispatch) = &enqueued {
                    dispatch.enqueue(tx, &user)?;
                }
                Ok(())
            })
            .await?;
        Ok(SignUpResponse {
            user_confirmed: false,
            code_delivery_details: dispatch.map(|dispatch| code_delivery::details(&self.codes.sent(dispatch))),
            user_sub: sub,
            session,
        })
    }
}
