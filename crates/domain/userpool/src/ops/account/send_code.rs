//! The walk that ForgotPassword and ResendConfirmationCode have in common: a code for whoever has a name, or the answer that
//! there would be one. Reference: user-pools 4.4, 4.7, 17.2.

use std::{collections::BTreeMap, sync::Arc};

use api::cognito_idp::CodeDeliveryDetailsType;
use kernel::{ApiError, Code, Cx, Result};
use store::{Stop, records::users::User, retrying};

use super::code_delivery;
use crate::{
    UserPools,
    client::Client,
    code::{Purpose, Target, sending::Errand},
    errors,
    pool::Pool,
    trigger::{Caller, Scene, Source, Telling},
    user::{migration::Arrival, names},
};

/// Who asks for a code, and for whom.
pub(super) struct Asker {
    pub pool: Arc<Pool>,
    pub client: Arc<Client>,
    /// What was typed.
    pub name: String,
    pub metadata: Option<BTreeMap<String, String>>,
}

/// What a code is for, what its message is called to functions, and where it goes, or why a user gets none.
#[derive(Clone, Copy)]
pub(super) struct Wanted {
    pub purpose: Purpose,
    pub source: Source,
    pub reachable: fn(&Pool, &User) -> Result<Target, ApiError>,
}

/// Whom a code is for.
pub(super) enum Addressee {
    Known(Box<User>),
    /// Who becomes a user with it.
    Arriving(Arc<Arrival>),
}

/// A code that can be sent.
struct Ready {
    addressee: Addressee,
    target: Target,
    telling: Telling,
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

impl Addressee {
    fn user(&self) -> &User {
        match self {
            Self::Known(user) => user,
            Self::Arriving(arrival) => &arrival.user,
        }
    }
}

impl UserPools {
    /// Errors: those of `Wanted::reachable` and of the functions, UserNotFound, LimitExceeded, CodeDeliveryFailure; where users are hidden
    /// only the last two.
    pub(super) async fn send_code(&self, cx: &Cx, asker: &Asker, wanted: Wanted) -> Result<CodeDeliveryDetailsType> {
        let Asker { pool, client, name, .. } = asker;
        let sent = retrying(|| async {
            let (of, typed) = (Arc::clone(pool), name.clone());
            let found = self.store.read(move |r| names::find(r, &of, &typed)).await?;
            let simulated = || self.codes.simulate(cx, pool, (name, found.as_ref()), wanted.purpose);
            // Of a name that nobody has the answer is made, and counted, before a function hears of it.
            let waiting = match found {
                None if client.hides_users() => Some(simulated().await?),
                _ => None,
            };
            let hiding = || async {
                match &waiting {
                    Some(target) => Ok(target.clone()),
                    None => Ok(simulated().await?),
                }
            };
            let ready = match self.ready(cx, asker, wanted, found.clone()).await {
                Ok(ready) => ready,
                Err(Stop::Refused(_)) if client.hides_users() => return hiding().await,
                Err(stop) => return Err(stop),
            };
            let errand = Errand {
                user: ready.addressee.user(),
                purpose: wanted.purpose,
                target: &ready.target,
                signs_up_by: Some(&client.id),
                telling: &ready.telling,
            };
            match &ready.addressee {
                Addressee::Known(_) => {
                    let of = Arc::clone(pool);
                    let target_of = move |user: &User| (wanted.reachable)(&of, user).ok();
                    self.codes.send(cx, pool, errand, target_of).await
                }
                Addressee::Arriving(arrival) => match self.send_to_arrival(cx, asker, arrival, errand).await {
                    // Its alias is somebody's.
                    Err(Stop::Refused(why)) if client.hides_users() && why.code() == Code::InvalidLambdaResponse => {
                        hiding().await
                    }
                    sent => sent,
                },
            }
        });
        Ok(code_delivery::details(&sent.await?))
    }

    /// Errors: all of them tell something of who is there, or of a function.
    async fn ready(&self, cx: &Cx, asker: &Asker, wanted: Wanted, found: Option<User>) -> Result<Ready, Stop> {
        let addressee = match found {
            Some(user) => Addressee::Known(Box::new(user)),
            None if wanted.purpose == Purpose::ForgotPassword => self.arriving(cx, asker).await?,
            None => return Err(errors::username_client_combination_not_found().into()),
        };
        let user = addressee.user();
        let target = (wanted.reachable)(&asker.pool, user)?;
        let scene = asker.scene(cx, user);
        let telling = self.functions.telling(scene, wanted.source, &target).await;
        let telling = telling.inspect_err(|why| tracing::warn!(code = why.code().0, "a code was not sent"))?;
        Ok(Ready {
            addressee,
            target,
            telling,
        })
    }
}
