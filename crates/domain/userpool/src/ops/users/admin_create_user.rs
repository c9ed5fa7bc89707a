//! `AdminCreateUser`: a user with a temporary password, invited by message; or invited again; or one who needs none. Reference: user-pools 4.5.

use std::{collections::BTreeMap, sync::Arc};

use api::cognito_idp::{AdminCreateUserRequest, AdminCreateUserResponse, MessageActionType};
use kernel::{Cx, Result};
use store::{
    Stop,
    records::{
        address::Address,
        passwords,
        status::Status,
        users::{self, User},
    },
};

use crate::{
    UserPools,
    code::{
        Target,
        invitation::{self, Invitation, Told},
    },
    errors,
    ops::given,
    password::{hashing::Holder, kept::Owner, policy::Audience, setting},
    pool::Pool,
    trigger::{Caller, Fault, Scene},
    user::{attribute_rules::Occasion, attributes, creation, directory, names::Contest, view, without_password},
};

/// What the message finds.
enum Invited {
    /// Somebody new, who takes the names that they are given.
    Newcomer(Contest),
    /// MessageAction=RESEND: a user who has not come yet, as they were read, gets a new temporary password, for a new term.
    Again(Box<User>),
}

impl UserPools {
    /// Errors: InvalidParameter (form of the name, schema, no address to invite by), InvalidPassword, UsernameExists,
    /// AliasExists, UserNotFound and UnsupportedUserState (RESEND), CodeDeliveryFailure, TooManyRequests, those of the functions.
    pub async fn admin_create_user(&self, cx: &Cx, input: AdminCreateUserRequest) -> Result<AdminCreateUserResponse> {
        let pool = self.pool(&input.user_pool_id).await?;
        let (mut user, invited) = if input.message_action == Some(MessageActionType::Resend) {
            let before = directory::find(&self.store, &pool, &input.username).await?;
            if before.status != Status::ForceChangePassword {
                return Err(errors::resend_not_possible(&before.username));
            }
            let user = User {
                modified: cx.now(),
                ..before.clone()
            };
            (user, Invited::Again(Box::new(before)))
        } else {
            let given = given::attributes(input.user_attributes.unwrap_or_default());
            let user = creation::newcomer(cx, &pool, Occasion::Creation, &input.username, &given)?;
            (user, Invited::Newcomer(Contest::of(input.force_alias_creation)))
        };
        let metadata = input.client_metadata.as_ref();
        if let Invited::Newcomer(_) = invited {
            let validation = given::validation(input.validation_data);
            self.functions
                .pre_creation(scene(cx, &pool, &user, metadata), &validation)
                .await
                .map_err(Fault::told)?;
        }
        let given = input.temporary_password.filter(|password| !password.is_empty());
        let invited = match invited {
            Invited::Newcomer(contest) if given.is_none() && without_password::is_possible(&pool, &user) => {
                return self.create_without_password(pool, user, contest).await;
            }
            invited => invited,
        };
        user.doc.temporary_until = Some(setting::temporary_until(&pool, cx.now()));
        let password = temporary_password(cx, &pool, given)?;
        let letters = if input.message_action == Some(MessageActionType::Suppress) {
            Vec::new()
        } else {
            let invitation = Invitation {
                name: &input.username,
                password: Told::Temporary(&password),
                mediums: input.desired_delivery_mediums.unwrap_or_default(),
            };
            let senders = (&self.functions, &self.codes);
            invitation::letters(senders, scene(cx, &pool, &user, metadata), invitation).await?
        };
        let owner = Owner::of(&user);
        let new = self.passwords.make(cx, &pool, Holder::new(&owner), password).await?;

        let (enqueued, stored) = (letters.clone(), user.clone());
        self.store
            .write(move |tx| {
                match &invited {
                    Invited::Newcomer(contest) => {
                        creation::store(tx, &pool, Occasion::Creation, &stored, *contest)?;
                        passwords::put(tx, &pool.id, &stored.sub, &new)?;
                    }
                    Invited::Again(before) => {
                        if !is_found(users::by_sub(tx, &before.pool, &before.sub)?, before) {
                            return Err(Stop::Raced);
                        }
                        attributes::save(tx, &pool, before, &stored)?;
                        setting::set(tx, &owner, &new)?;
                    }
                }
                for letter in &enqueued {
                    letter.enqueue(tx)?;
                }
                Ok(())
            })
            .await?;
        for letter in letters {
            self.codes.posted(letter);
        }
        Ok(AdminCreateUserResponse {
            user: Some(view::user_type(&user, None)),
        })
    }
}

impl UserPools {
    /// They are told nothing: there is no password that an invitation could bring.
    async fn create_without_password(
        &self,
        pool: Arc<Pool>,
        user: User,
        contest: Contest,
    ) -> Result<AdminCreateUserResponse> {
        let user = User {
            status: Status::Confirmed,
            ..user
        };
        let stored = user.clone();
        self.store
            .write(move |tx| creation::store(tx, &pool, Occasion::Creation, &stored, contest))
            .await?;
        Ok(AdminCreateUserResponse {
            user: Some(view::user_type(&user, None)),
        })
    }
}

/// An administrator makes them; no client takes part.
fn scene<'a>(cx: &'a Cx, pool: &'a Pool, user: &'a User, metadata: Option<&'a BTreeMap<String, String>>) -> Scene<'a> {
    Scene {
        cx,
        pool,
        user,
        caller: Caller::NotApplicable,
        metadata,
    }
}

/// Whether the letters go where the user is reached now.
fn is_found(stored: Option<User>, before: &User) -> bool {
    let reached = |user: &User| Address::ALL.map(|address| Target::of(user, address));
    stored.is_some_and(|stored| reached(&stored) == reached(before))
}

/// The one given, if it satisfies the policy, else one that does.
fn temporary_password(cx: &Cx, pool: &Pool, given: Option<String>) -> Result<String> {
    let policy = &pool.password_policy;
    match given {
        Some(password) => policy.check(&password, Audience::Administrator).map(|()| password),
        None => Ok(policy.generate(cx.rng())),
    }
}
