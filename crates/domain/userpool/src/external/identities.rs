//! Which user somebody is whom a provider sends: the row that says so, and the copy of it that the user's document shows. Both change in
//! one transaction: what changes the document here is stored by the caller's save of that user. Reference: oauth-and-federation 10.6.

use std::collections::BTreeMap;

use kernel::Timestamp;
use store::{
    Read, Stop, StoreError, Tx,
    records::{
        external_users::{self, ExternalUser, SUBJECT},
        users::{Identity, User},
    },
};

use crate::{pool::Pool, provider::Provider};

/// How many links a user can have. Reference: user-pools 19.
pub(crate) const MOST_LINKS: usize = 5;

/// By how many attributes beside the subject the users of a provider can be linked, so how many looks an arrival costs.
pub(crate) const MOST_ATTRIBUTES: usize = 5;

/// Why somebody of a provider is a user of the pool.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Bond {
    /// The user was made when they came.
    Made,
    /// An administrator or a function said so.
    Linked,
}

/// Somebody of a provider.
#[derive(Clone, Copy)]
pub(crate) struct Foreigner<'a> {
    pub provider: &'a Provider,
    /// [`SUBJECT`], or the pool's attribute that they are linked by.
    pub attribute: &'a str,
    /// Letter by letter.
    pub value: &'a str,
    /// SAML's entity id.
    pub issuer: Option<&'a str>,
}

/// The row of somebody who has come: by the subject, else by the attributes that users of the provider are linked by. `attributes` are
/// the pool's, with the values that the provider sent.
pub(crate) fn find(
    r: &mut impl Read,
    pool: &Pool,
    provider: &str,
    (subject, attributes): (&str, &BTreeMap<String, String>),
) -> Result<Option<ExternalUser>, StoreError> {
    if let Some(found) = external_users::find(r, &pool.id, (provider, SUBJECT, subject))? {
        return Ok(Some(found));
    }
    for name in linked_by(r, pool, provider)? {
        if let Some(value) = attributes.get(&name).filter(|value| !value.is_empty())
            && let Some(found) = external_users::find(r, &pool.id, (provider, &name, value))?
        {
            return Ok(Some(found));
        }
    }
    Ok(None)
}

/// The attributes beside the subject that users of a provider are linked by who have not come yet.
pub(crate) fn linked_by(r: &mut impl Read, pool: &Pool, provider: &str) -> Result<Vec<String>, StoreError> {
    let mut names = external_users::attributes(r, &pool.id, provider, MOST_ATTRIBUTES + 1)?;
    names.retain(|name| name != SUBJECT);
    Ok(names)
}

/// From now on they are `user`, who is not stored here. False, and nothing is changed: they are somebody already.
pub(crate) fn claim(
    tx: &mut Tx<'_>,
    user: &mut User,
    foreigner: Foreigner<'_>,
    bond: Bond,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let row = ExternalUser {
        pool: user.pool.clone(),
        provider: foreigner.provider.name.clone(),
        attribute: foreigner.attribute.to_owned(),
        value: foreigner.value.to_owned(),
        sub: user.sub.clone(),
        linked: bond == Bond::Linked,
        created: now,
    };
    if !external_users::claim(tx, &row)? {
        return Ok(false);
    }
    user.doc.identities.push(Identity {
        provider: row.provider,
        kind: foreigner.provider.kind().as_str().to_owned(),
        issuer: foreigner.issuer.map(str::to_owned),
        user_id: row.value,
        primary: bond == Bond::Made,
        created: now,
    });
    Ok(true)
}

/// Who was found by another attribute has come: they are known by their subject from now on, and by that alone, so that nobody else whom
/// the provider gives this value one day is taken for them. Nothing changes of who was found by the subject.
///
/// [`Stop::Raced`]: somebody else took the subject meanwhile.
pub(crate) fn come(
    tx: &mut Tx<'_>,
    user: &mut User,
    found: &ExternalUser,
    (subject, issuer): (&str, Option<&str>),
) -> Result<(), Stop> {
    if found.attribute == SUBJECT {
        return Ok(());
    }
    let known = ExternalUser {
        attribute: SUBJECT.to_owned(),
        value: subject.to_owned(),
        ..found.clone()
    };
    if !external_users::claim(tx, &known)? || !delete(tx, found)? {
        return Err(Stop::Raced);
    }
    if let Some(shown) = user.doc.identities.iter_mut().find(|identity| shows(identity, found)) {
        subject.clone_into(&mut shown.user_id);
        shown.issuer = issuer.map(str::to_owned);
    }
    Ok(())
}

/// They are `user`, who is not stored here, no longer.
pub(crate) fn release(tx: &mut Tx<'_>, user: &mut User, row: &ExternalUser) -> Result<(), StoreError> {
    delete(tx, row)?;
    user.doc.identities.retain(|identity| !shows(identity, row));
    Ok(())
}

/// How many are linked with a user; whom the user was made of is not among them.
pub(crate) fn links(r: &mut impl Read, user: &User) -> Result<usize, StoreError> {
    let rows = external_users::of_user(r, &user.pool, &user.sub)?;
    Ok(rows.iter().filter(|row| row.linked).count())
}

fn delete(tx: &mut Tx<'_>, row: &ExternalUser) -> Result<bool, StoreError> {
    external_users::delete(tx, &row.pool, (&row.provider, &row.attribute, &row.value))
}

/// Whether an entry is a row's copy. The time tells links apart that have the same value by two attributes.
fn shows(identity: &Identity, row: &ExternalUser) -> bool {
    identity.provider == row.provider && identity.user_id == row.value && identity.created == row.created
}
