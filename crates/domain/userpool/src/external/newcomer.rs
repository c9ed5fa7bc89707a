//! Somebody becomes a user because a provider sent them. Reference: oauth-and-federation 10.4.

use kernel::{ApiError, Cx, Sub};
use store::{
    Stop, Tx,
    records::{
        external_users::SUBJECT,
        groups, pools,
        status::Status,
        users::{Doc, User},
    },
};

use super::{
    identities::{self, Bond, Foreigner},
    known::Claim,
    mapping::Mapped,
    naming,
};
use crate::{
    errors::{self, external},
    pool::Pool,
    provider::{Provider, group},
    user::{
        attribute_rules::Occasion,
        creation,
        names::{self, Contest},
    },
};

/// A user who is not stored yet. Errors: InvalidParameter (no such name may be; the pool requires more than the provider says).
pub(super) fn newcomer(
    cx: &Cx,
    pool: &Pool,
    provider: &Provider,
    (subject, mapped): (&str, &Mapped),
) -> Result<User, ApiError> {
    let mut user = User {
        sub: Sub::random(cx.rng()),
        username: naming::username(pool, &provider.name, subject)?,
        ..stranger(cx, pool, provider, subject)
    };
    mapped.begin(pool, &mut user)?;
    Ok(user)
}

/// Somebody who has the name that they would have, for a function to hear of.
pub(super) fn stranger(cx: &Cx, pool: &Pool, provider: &Provider, subject: &str) -> User {
    User {
        pool: pool.id.clone(),
        sub: Sub::new(""),
        username: naming::spelled(pool, &provider.name, subject),
        status: Status::ExternalProvider,
        enabled: true,
        created: cx.now(),
        modified: cx.now(),
        version: 1,
        doc: Doc::default(),
    }
}

/// With the row by which they are known, and in the group of their provider. [`Stop::Raced`] if they are somebody by now. Refusals come
/// before anything is written.
///
/// Errors: ResourceNotFound (the pool or the provider is gone), UsernameExists (somebody else is called so), AliasExists.
pub(super) fn store(
    tx: &mut Tx<'_>,
    pool: &Pool,
    (mut user, claim): (User, &Claim),
    contest: Contest,
) -> Result<User, Stop> {
    let provider = pool.provider(&claim.provider)?;
    if pools::by_id(tx, &pool.id)?.is_none() {
        return Err(errors::pool_does_not_exist(pool.id.as_str()).into());
    }
    if claim.find(tx, pool)?.is_some() {
        return Err(Stop::Raced);
    }
    // Whoever has the name already, was not sent by the provider as this one.
    if !creation::is_name_free(tx, pool, &user)? {
        return Err(external::name_already_found(&user.username).into());
    }
    if let Some(alias) = names::taken(tx, pool, None, &user, contest)? {
        return Err(names::is_anothers(pool, alias).into());
    }
    let foreigner = Foreigner {
        provider,
        attribute: SUBJECT,
        value: &claim.subject,
        issuer: provider.issuer(),
    };
    let now = user.created;
    if !identities::claim(tx, &mut user, foreigner, Bond::Made, now)? {
        return Err(Stop::Raced);
    }
    creation::store(tx, pool, Occasion::Creation, &user, contest)?;
    // Somebody may have deleted it.
    let group = group::of(&pool.id, &provider.name, now);
    groups::insert(tx, &pool.id, &group)?;
    groups::add_member(tx, &pool.id, &group.name, &user.sub)?;
    Ok(user)
}
