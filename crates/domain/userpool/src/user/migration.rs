//! Somebody whom the pool's function vouches for becomes a user: all of it is made ready, and stored by the write of the call that
//! they came by, so that a call that is refused leaves nobody behind. Reference: user-pools 16.3.

use std::collections::BTreeMap;

use api::cognito_idp::DeliveryMediumType;
use delivery::Letter;
use kernel::{ApiError, Code};
use store::{
    Stop, Tx,
    records::{
        address::Address,
        factor::Factor,
        passwords::{self, Password},
        users::User,
    },
};

use super::{
    addresses,
    attribute_rules::{GivenAttribute, Occasion},
    creation,
    names::{self, Contest},
};
use crate::{
    UserPools,
    client::Client,
    code::invitation::{self, Invitation, Told},
    errors,
    mfa::factors,
    password::{hashing::Holder, kept::Owner},
    pool::Pool,
    trigger::{Claim, Fault, Scene, Welcome},
};

/// A user who is not stored yet, with all that comes with them.
pub(crate) struct Arrival {
    pub user: User,
    contest: Contest,
    /// None: it was forgotten.
    password: Option<Password>,
    letters: Vec<Letter>,
}

impl Arrival {
    /// Errors: InvalidLambdaResponse (an alias is somebody's); nothing is written then. [`Stop::Raced`] if the name that was typed
    /// is somebody's by now.
    pub fn store(&self, tx: &mut Tx<'_>, pool: &Pool, typed: &str) -> Result<(), Stop> {
        if names::find(tx, pool, typed)?.is_some() {
            return Err(Stop::Raced);
        }
        // No call that they come by has a word for it.
        if names::taken(tx, pool, None, &self.user, self.contest)?.is_some() {
            return Err(errors::triggers::unrecognizable_output().into());
        }
        creation::store(tx, pool, Occasion::Creation, &self.user, self.contest)?;
        if let Some(password) = &self.password {
            passwords::put(tx, &pool.id, &self.user.sub, password)?;
        }
        for letter in &self.letters {
            letter.enqueue(tx)?;
        }
        Ok(())
    }
}

impl UserPools {
    /// Asks the function about the scene's user, who has the name that was typed and nothing else. None: it knows nobody. The password
    /// is taken as it is: the policy is for those that are chosen here.
    ///
    /// Errors: those of the functions; InvalidLambdaResponse, InvalidParameter (its answer makes no user).
    pub(crate) async fn arrival(&self, stranger: Scene<'_>, claim: Claim<'_>) -> Result<Option<Arrival>, Fault> {
        let Some(migrated) = self.functions.user_migration(stranger, claim).await? else {
            return Ok(None);
        };
        let Scene { cx, pool, metadata, .. } = stranger;
        let typed = &stranger.user.username;
        let given: Vec<GivenAttribute> = migrated
            .attributes
            .into_iter()
            .map(|(name, value)| GivenAttribute {
                name,
                value: Some(value),
            })
            .collect();
        let mut user = creation::newcomer(cx, pool, Occasion::Creation, typed, &given)?;
        user.status = migrated.status;
        if migrated.by_text_message {
            turn_on_texts(pool, &mut user)?;
        }
        // Reference 16.1.
        let (validation, metadata): (Option<BTreeMap<_, _>>, _) = match claim {
            Claim::Password(_) => (metadata.cloned(), None),
            Claim::Forgotten => (None, metadata),
        };
        let scene = Scene {
            user: &user,
            metadata,
            ..stranger
        };
        self.functions.pre_creation(scene, &validation).await?;
        let letters = match claim {
            Claim::Password(_) => self.welcome(scene, typed, migrated.welcome).await?,
            // The code that they asked for comes at the same moment, and says more.
            Claim::Forgotten => Vec::new(),
        };
        let owner = Owner::of(&user);
        let password = match claim {
            Claim::Password(password) => {
                let made = self.passwords.make(cx, pool, Holder::new(&owner), password.to_owned());
                Some(made.await?)
            }
            Claim::Forgotten => None,
        };
        Ok(Some(Arrival {
            user,
            contest: migrated.contest,
            password,
            letters,
        }))
    }

    /// After the commit: who has arrived is greeted.
    pub(crate) fn greeted(&self, arrival: &Arrival) {
        for letter in &arrival.letters {
            self.codes.posted(letter.clone());
        }
    }

    /// Cognito greets whoever is migrated unless the function says SUPPRESS; how, is unconfirmed. Here it is the invitation of
    /// AdminCreateUser without a password in it. Where no medium is named and nothing could carry it, nothing goes.
    ///
    /// Errors: InvalidParameter (a medium is named whose address is missing; no way to send), those of the function.
    async fn welcome(&self, scene: Scene<'_>, typed: &str, welcome: Welcome) -> Result<Vec<Letter>, ApiError> {
        let mediums = match welcome {
            Welcome::Suppressed => return Ok(Vec::new()),
            Welcome::By(mediums) if mediums.is_empty() => reachable(scene.pool, scene.user),
            Welcome::By(mediums) => mediums,
        };
        if mediums.is_empty() {
            return Ok(Vec::new());
        }
        let invitation = Invitation {
            name: typed,
            password: Told::Stars,
            mediums,
        };
        let letters = invitation::letters((&self.functions, &self.codes), scene, invitation).await;
        // Sign-in has no word of its own for it.
        letters.map_err(|error| match error.code() {
            Code::CodeDeliveryFailure => errors::invalid_parameter(error.message()),
            _ => error,
        })
    }
}

/// What whoever asks is told of a migration that failed: nothing of what the function itself says. Where users are hidden all of it is for
/// the log.
pub(crate) fn told(client: &Client, fault: Fault) -> ApiError {
    let (code, error) = match fault {
        Fault::Refused(why) => (why.code(), errors::triggers::migration_failed(client.id.as_str())),
        Fault::Failed(error) => (error.code(), error),
    };
    if client.hides_users() {
        tracing::warn!(code = code.0, "a user was not migrated");
    }
    error
}

/// By text message, as AWS says, else by mail.
fn reachable(pool: &Pool, user: &User) -> Vec<DeliveryMediumType> {
    let has = |address| addresses::present(user, address).is_some();
    if pool.sends_texts() && has(Address::Phone) {
        return vec![DeliveryMediumType::Sms];
    }
    let by_mail = has(Address::Email).then_some(DeliveryMediumType::Email);
    by_mail.into_iter().collect()
}

/// Without a phone number, or where the pool sends no codes to it, AWS's migration fails; its words are unconfirmed.
///
/// Errors: InvalidLambdaResponse.
fn turn_on_texts(pool: &Pool, user: &mut User) -> Result<(), ApiError> {
    if !pool.mfa.factors.contains(&Factor::Sms) || !factors::has_means(user, Factor::Sms) {
        return Err(errors::triggers::unrecognizable_output().because("enableSMSMFA without means"));
    }
    user.doc.mfa.enabled.insert(Factor::Sms);
    Ok(())
}
