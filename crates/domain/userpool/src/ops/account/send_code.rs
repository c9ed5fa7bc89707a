//! The walk that ForgotPassword and ResendConfirmationCode have in common: a code for whoever has a name, or the answer that
//! there would be one. Reference: user-pools 4.4, 4.7, 17.2.

use std::{collections::BTreeMap, sync::Arc};

use api::cognito_idp::CodeDeliveryDetailsType;
use kernel::{ApiError, Cx, Result};
use store::{records::users::User, retrying};

use super::code_delivery;
use crate::{
    UserPools,
    client::Client,
    code::{Purpose, Target, sending::Errand},
    errors,
    pool::Pool,
    trigger::{Caller, Scene, Source},
    user::names,
};

/// Who asks for a code, and for whom.
pub(super) struct Asker {
    pub pool: Arc<Pool>,
    pub client: Arc<Client>,
    /// What was typed.
    pub name: String,
    pub metadata: Option<BTreeMap<String, String>>,
}

impl Asker {
    /// Of somebody who is found by the name.
    pub fn scene<'a>(&'a self, cx: &'a Cx, user: &'a User) -> Scene<'a> {
        Scene {
            cx,
            pool: &self.pool,
            user,
            caller: Caller::Client(&self.client.id),
            metadata: self.metadata.as_ref(),
        }
    }
}

impl UserPools {
    /// `reachable` says where the code goes, or why a user gets none.
    ///
    /// Errors: those of `reachable` and of the function, UserNotFound, LimitExceeded, CodeDeliveryFailure; where users are hidden only the last
    /// two.
    pub(super) async fn send_code(
        &self,
        cx: &Cx,
        asker: &Asker,
        (purpose, source): (Purpose, Source),
        reachable: fn(&Pool, &User) -> Result<Target, ApiError>,
    ) -> Result<CodeDeliveryDetailsType> {
        let Asker { pool, client, name, .. } = asker;
        let sent = retrying(|| async {
            let (of, typed) = (Arc::clone(pool), name.clone());
            let found = self.store.read(move |r| names::find(r, &of, &typed)).await?;
            let user = found.as_ref().ok_or_else(errors::username_client_combination_not_found);
            match user.and_then(|user| Ok((user, reachable(pool, user)?))) {
                Ok((user, target)) => {
                    let wording = match self.functions.custom_message(asker.scene(cx, user), source).await {
                        Err(why) if client.hides_users() => {
                            tracing::warn!(error = why.message(), "a code was not sent");
                            return Ok(self.codes.simulate(cx, pool, (name, Some(user)), purpose).await?);
                        }
                        wording => wording?,
                    };
                    let errand = Errand {
                        user,
                        purpose,
                        target: &target,
                        signs_up_by: Some(&client.id),
                        wording: &wording,
                    };
                    self.codes.send(cx, pool, errand).await
                }
                Err(_) if client.hides_users() => {
                    Ok(self.codes.simulate(cx, pool, (name, found.as_ref()), purpose).await?)
                }
                Err(refusal) => Err(refusal.into()),
            }
        });
        Ok(code_delivery::details(&sent.await?))
    }
}
