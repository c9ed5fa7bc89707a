//! Finding, making and rewriting entities. Names: identity-pools-iam 3.2, 3.3; unique ids: 2.3.

use kernel::{AccountId, Arn, Cx, base32_upper};
use store::{
    Read, Stop, StoreError, Tx,
    records::iam::{self, Entity, Kind},
};

use crate::{doc::Doc, errors};

/// A fresh unique id: 21 characters, never reused.
pub(crate) fn new_id(cx: &Cx, kind: Kind) -> String {
    let prefix = match kind {
        Kind::Role => "AROA",
        Kind::User => "AIDA",
        Kind::Group => "AGPA",
        Kind::Policy => "ANPA",
    };
    format!("{prefix}{}", base32_upper(cx.rng(), 17))
}

pub(crate) fn new(cx: &Cx, kind: Kind, name: String, path: Option<String>, doc: &Doc) -> kernel::Result<Entity> {
    Ok(Entity {
        kind,
        id: new_id(cx, kind),
        name,
        path: path.unwrap_or_else(|| "/".to_owned()),
        created: cx.now(),
        version: 1,
        doc: doc.text()?,
    })
}

pub(crate) fn arn(account: &AccountId, entity: &Entity) -> Arn {
    Arn::iam(account, entity.kind.as_str(), &entity.path, &entity.name)
}

/// An entity as a request names it: policies by ARN, all others by name.
pub(crate) struct Named {
    pub kind: Kind,
    pub name: String,
}

impl Named {
    pub fn role(name: String) -> Self {
        Self { kind: Kind::Role, name }
    }

    pub fn user(name: String) -> Self {
        Self { kind: Kind::User, name }
    }

    pub fn group(name: String) -> Self {
        Self {
            kind: Kind::Group,
            name,
        }
    }

    pub fn policy(arn: String) -> Self {
        Self {
            kind: Kind::Policy,
            name: arn,
        }
    }
}

/// Errors: NoSuchEntity.
pub(crate) fn named(r: &mut impl Read, account: &AccountId, kind: Kind, name: &str) -> Result<Entity, Stop> {
    let found = iam::find(r, account, kind, name)?;
    found.ok_or_else(|| errors::no_such_entity(kind, name).into())
}

/// The entity of this very ARN, path and case included.
pub(crate) fn by_arn(
    r: &mut impl Read,
    account: &AccountId,
    kind: Kind,
    text: &str,
) -> Result<Option<Entity>, StoreError> {
    let Some(name) = name_in(account, kind, text) else {
        return Ok(None);
    };
    let found = iam::find(r, account, kind, name)?;
    Ok(found.filter(|entity| arn(account, entity).as_str() == text))
}

/// The last part of an ARN of that kind in that account.
pub(crate) fn name_in<'a>(account: &AccountId, kind: Kind, text: &'a str) -> Option<&'a str> {
    let rest = text.strip_prefix("arn:aws:iam::")?.strip_prefix(account.as_str())?;
    let path_and_name = rest.strip_prefix(':')?.strip_prefix(kind.as_str())?;
    let (_, name) = path_and_name
        .strip_prefix('/')
        .map(|_| path_and_name.rsplit_once('/'))??;
    Some(name)
}

/// Reads the doc, lets `act` change it, writes it back. Errors: ConcurrentModification.
pub(crate) fn change(
    tx: &mut Tx<'_>,
    account: &AccountId,
    mut entity: Entity,
    act: impl FnOnce(&mut Doc) -> Result<(), Stop>,
) -> Result<(), Stop> {
    let mut doc = Doc::of(&entity)?;
    act(&mut doc)?;
    entity.doc = doc.text()?;
    save(tx, account, &entity)
}

/// Errors: ConcurrentModification.
pub(crate) fn save(tx: &mut Tx<'_>, account: &AccountId, entity: &Entity) -> Result<(), Stop> {
    if iam::update(tx, account, entity)? {
        Ok(())
    } else {
        Err(Stop::Raced)
    }
}

/// Errors: ValidationError.
pub(crate) fn check_policy_arn(arn: &str) -> Result<(), Stop> {
    match Arn::parse(arn) {
        Some(_) => Ok(()),
        None => Err(errors::unparsable_arn().into()),
    }
}

/// A policy of the account's own. Errors: ValidationError, NoSuchEntity.
pub(crate) fn policy(r: &mut impl Read, account: &AccountId, arn: &str) -> Result<Entity, Stop> {
    check_policy_arn(arn)?;
    by_arn(r, account, Kind::Policy, arn)?.ok_or_else(|| errors::no_such_policy(arn).into())
}
