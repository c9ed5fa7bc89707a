//! Attribute lists of requests, applied to a user: what becomes of the values, the verified flags, the addresses that
//! want proof (`attribute_rules` says who may). Pure, but for [`save`]. Reference: user-pools 2.3, 2.4, 3.6, 4.3, 4.8, 5.5.
//!
//! The story of a change is [`apply`], then a code for each of its `unproven` addresses (`code::sending`), then [`save`] in
//! one write. New users are stored by `creation` instead of [`save`].

use kernel::{ApiError, Timestamp};
use store::{
    Read, Stop, Tx,
    records::{
        address::Address,
        status::Status,
        users::{self, User},
    },
};

use super::{
    addresses,
    attribute_rules::{self as rules, GivenAttribute, Occasion},
    directory,
    names::{self, Contest},
    rebase,
};
use crate::{code::Target, errors, pool::Pool};

/// What a request makes of a user. Nothing is stored yet.
#[derive(Debug)]
pub(crate) struct Applied {
    /// The user with the new attributes and pending values; `version` is still the one that was read.
    pub user: User,
    /// The addresses that are to be sent a code. Only updates have any.
    pub unproven: Vec<Target>,
}

/// Applies a request's attributes; a blank value deletes.
///
/// Errors: NotAuthorized (write permission, already provided), InvalidParameter (null, schema, format, immutable, required).
pub(crate) fn apply(
    pool: &Pool,
    occasion: Occasion<'_>,
    user: &User,
    given: &[GivenAttribute],
    now: Timestamp,
) -> Result<Applied, ApiError> {
    rules::settable(occasion, given)?;
    let given = last_of_each(given);
    rules::permitted(pool, occasion, user, &given)?;
    rules::to_schema(pool, occasion, user, &given)?;
    let mut applied = Applied {
        user: User {
            modified: now,
            ..user.clone()
        },
        unproven: Vec::new(),
    };
    for (name, value) in &given {
        if Address::of_attribute(name).is_none() && !Address::is_flag(name) {
            applied.set(name, &names::spelled(pool, name, value));
        }
    }
    for address in Address::ALL {
        let value = value_of(&given, address.attribute()).map(|v| names::spelled(pool, address.attribute(), v));
        let flag = value_of(&given, address.flag());
        let given = GivenAddress {
            address,
            value: value.as_deref(),
            flag,
        };
        applied.set_address(pool, occasion, given)?;
    }
    rules::complete(pool, occasion, user, &applied.user)?;
    Ok(applied)
}

/// Deletes attributes by name. Errors: as [`apply`], and InvalidParameter for names that the schema lacks.
pub(crate) fn remove(
    pool: &Pool,
    occasion: Occasion<'_>,
    user: &User,
    names: &[String],
    now: Timestamp,
) -> Result<Applied, ApiError> {
    rules::known(pool, names)?;
    let blanks: Vec<GivenAttribute> = names
        .iter()
        .map(|name| GivenAttribute {
            name: name.clone(),
            value: Some(String::new()),
        })
        .collect();
    apply(pool, occasion, user, &blanks, now)
}

/// Stores a change of a user together with the sign-in names that it gives up and takes. [`Stop::Raced`] if somebody else has
/// changed the same, or the user's state, since `before` was read ([`rebase`]).
///
/// Errors: AliasExists; nothing is written then.
pub(crate) fn save(tx: &mut Tx<'_>, pool: &Pool, before: &User, after: &User) -> Result<(), Stop> {
    let (stored, after) = due(tx, pool, before, after)?;
    directory::save(tx, &stored, &after)?;
    Ok(names::reclaim(tx, pool, Some(&stored), &after)?)
}

/// Whether [`save`] would go well; errors as there.
pub(crate) fn may_save(r: &mut impl Read, pool: &Pool, before: &User, after: &User) -> Result<(), Stop> {
    due(r, pool, before, after).map(drop)
}

/// The user as stored, and with the change.
fn due(r: &mut impl Read, pool: &Pool, before: &User, after: &User) -> Result<(User, User), Stop> {
    let stored = users::by_sub(r, &before.pool, &before.sub)?.ok_or(Stop::Raced)?;
    let after = rebase::onto(&stored, before, after).ok_or(Stop::Raced)?;
    match names::taken(r, pool, Some(&stored), &after, Contest::Yield)? {
        Some(alias) => Err(names::is_anothers(pool, alias).into()),
        None => Ok((stored, after)),
    }
}

/// What a request says of an address.
#[derive(Clone, Copy)]
struct GivenAddress<'a> {
    address: Address,
    value: Option<&'a str>,
    /// The verified flag, which only administrators may give.
    flag: Option<&'a str>,
}

impl Applied {
    fn set(&mut self, name: &str, value: &str) {
        let attributes = &mut self.user.doc.attributes;
        if value.is_empty() {
            attributes.remove(name);
        } else {
            attributes.insert(name.to_owned(), value.to_owned());
        }
    }

    fn set_address(&mut self, pool: &Pool, occasion: Occasion<'_>, given: GivenAddress<'_>) -> Result<(), ApiError> {
        let GivenAddress { address, value, flag } = given;
        let verified = flag.is_some_and(addresses::is_true);
        let present = self.user.doc.attributes.get(address.attribute()).cloned();
        match value {
            Some("") => {
                self.set(address.attribute(), "");
                self.set(address.flag(), "");
                self.user.doc.pending.remove(&address);
                return if verified {
                    Err(errors::verified_without_value(address.attribute()))
                } else {
                    Ok(())
                };
            }
            Some(value) if present.as_deref() != Some(value) => {
                self.replace_address(pool, occasion, given, value);
                return Ok(());
            }
            // The value that is there already: a request for another one is taken back.
            Some(_) => {
                self.user.doc.pending.remove(&address);
            }
            None => {}
        }
        match flag {
            Some(_) if verified && present.is_none() => Err(errors::verified_without_value(address.attribute())),
            Some(flag) if present.is_some() || flag.is_empty() => {
                self.set(address.flag(), &flag.to_ascii_lowercase());
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn replace_address(
        &mut self,
        pool: &Pool,
        occasion: Occasion<'_>,
        GivenAddress { address, flag, .. }: GivenAddress<'_>,
        value: &str,
    ) {
        let verified = flag.is_some_and(addresses::is_true);
        let update = matches!(occasion, Occasion::Update(_) | Occasion::Administration);
        let target = Target {
            kind: address,
            address: value.to_owned(),
        };
        // Who is not confirmed yet has nothing to keep: the new address is the one to prove.
        let waits = self.user.status != Status::Unconfirmed && pool.verification.before_update.contains(&address);
        if update && !verified && waits {
            // The old value stays, and stays verified, until the code is given.
            self.user.doc.pending.insert(address, value.to_owned());
            self.unproven.push(target);
            return;
        }
        self.user.doc.pending.remove(&address);
        self.set(address.attribute(), value);
        match (occasion, flag) {
            // A user made by an administrator has the flag only if it was given.
            (Occasion::Creation, None) => self.set(address.flag(), ""),
            _ => self.set(address.flag(), if verified { "true" } else { "false" }),
        }
        if update && !verified && pool.auto_verifies(address) {
            self.unproven.push(target);
        }
    }
}

/// Of a name given twice the last value counts.
fn last_of_each(given: &[GivenAttribute]) -> Vec<(&str, &str)> {
    let mut list: Vec<(&str, &str)> = Vec::with_capacity(given.len());
    for attribute in given {
        let value = attribute.value.as_deref().unwrap_or_default();
        match list.iter_mut().find(|(name, _)| *name == attribute.name) {
            Some(entry) => entry.1 = value,
            None => list.push((&attribute.name, value)),
        }
    }
    list
}

fn value_of<'a>(given: &[(&str, &'a str)], name: &str) -> Option<&'a str> {
    given.iter().find(|(n, _)| *n == name).map(|(_, value)| *value)
}
