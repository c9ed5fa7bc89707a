//! Sign-in names: what may be one, how names compare, whom they belong to. Reference: user-pools 2.8, 2.9.

use kernel::{ApiError, Sub, Timestamp};
use serde_json::json;
use store::{
    Read, StoreError, Tx,
    records::{
        address::Address,
        names,
        users::{self, User},
    },
};

use super::{addresses, standing};
use crate::{
    code::ending,
    errors,
    pool::{Pool, SignInNames},
};

/// Longer names are stored as a digest: every engine limits what an index holds.
const STORED_CHARS: usize = 256;

/// What digests begin with. No username or address can, for the blank; and any other name that does is stored as its digest
/// too, so that nobody is found under somebody else's.
const DIGEST: &str = " sha256:";

/// A name as it is compared: lower-cased in pools that ignore case. Phone numbers have no case.
pub(crate) fn normal(pool: &Pool, name: &str) -> String {
    let name = if pool.case_sensitive {
        name.to_owned()
    } else {
        name.to_lowercase()
    };
    if name.chars().count() > STORED_CHARS || name.starts_with(DIGEST) {
        format!("{DIGEST}{}", hex::encode(vault::sha256(name.as_bytes())))
    } else {
        name
    }
}

/// The user that `name` means: a sub, a username, an alias or a username attribute.
///
/// A sub goes first, so that nobody can stand in for another by choosing that other's sub as username.
pub(crate) fn find(r: &mut impl Read, pool: &Pool, name: &str) -> Result<Option<User>, StoreError> {
    if let Some(sub) = Sub::parse(name)
        && let Some(user) = users::by_sub(r, &pool.id, &sub)?
    {
        return Ok(Some(user));
    }
    names::find(r, &pool.id, &normal(pool, name))
}

/// The user of `sub`, if `name` means them. Mostly it is their username, which is sooner compared than looked up.
pub(crate) fn find_again(r: &mut impl Read, pool: &Pool, name: &str, sub: &Sub) -> Result<Option<User>, StoreError> {
    let Some(user) = users::by_sub(r, &pool.id, sub)? else {
        return Ok(None);
    };
    // What has the form of a sub may be another's.
    let is_username = Sub::parse(name).is_none() && normal(pool, name) == normal(pool, &user.username);
    if is_username || name == sub.as_str() {
        return Ok(Some(user));
    }
    Ok(find(r, pool, name)?.filter(|found| found.sub == *sub))
}

/// What kind of name the caller of SignUp or AdminCreateUser gave, or why it may not be one.
pub(crate) enum Shape {
    /// The username itself.
    Username,
    /// A username attribute: it becomes that attribute, and the sub becomes the username.
    Address(Address),
}

/// An attribute by which a user signs in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Alias {
    Address(Address),
    PreferredUsername,
}

impl Alias {
    pub const fn attribute(self) -> &'static str {
        match self {
            Self::Address(address) => address.attribute(),
            Self::PreferredUsername => "preferred_username",
        }
    }
}

const EMAIL: Alias = Alias::Address(Address::Email);
const PHONE: Alias = Alias::Address(Address::Phone);

/// Errors: InvalidParameter with the sentence of the pool's kind.
pub(crate) fn classify(pool: &Pool, username: &str) -> Result<Shape, ApiError> {
    match pool.sign_in_names {
        SignInNames::Attributes { email, phone_number } => {
            if phone_number && is_phone_number(username) {
                return Ok(Shape::Address(Address::Phone));
            }
            if email && is_email(username) {
                return Ok(Shape::Address(Address::Email));
            }
            Err(match (email, phone_number) {
                (true, true) => errors::username_should_be_either(),
                (true, false) => errors::username_should_be_an_email(),
                (false, _) => errors::username_should_be_a_phone_number(),
            })
        }
        SignInNames::Aliases {
            email, phone_number, ..
        } => {
            if email && is_email(username) {
                return Err(errors::username_of_email_format());
            }
            if phone_number && is_phone_number(username) {
                return Err(errors::username_of_phone_format());
            }
            Ok(Shape::Username)
        }
        SignInNames::Username => Ok(Shape::Username),
    }
}

/// Whether somebody might be made under such a name. What is typed at a sign-in may be any text.
pub(crate) fn is_possible(pool: &Pool, name: &str) -> bool {
    let request = json!({"UserPoolId": pool.id.as_str(), "Username": name});
    let takes = |operation| model::COGNITO_IDP.validate(operation, &request).is_ok();
    model::COGNITO_IDP.operation("AdminCreateUser").is_some_and(takes) && classify(pool, name).is_ok()
}

/// Which attributes of a user are sign-in names now, with the name each makes.
///
/// Aliases count once they are verified (preferred_username always), username attributes at once; of somebody who comes from an identity
/// provider only what that vouches for, else it could keep others from their own addresses. Reference: 2.8, oauth-and-federation 10.5.
fn aliases(pool: &Pool, user: &User) -> Vec<(Alias, String)> {
    let verified = |address| addresses::is_verified(user, address);
    let wanted = match pool.sign_in_names {
        SignInNames::Username => [(EMAIL, false), (PHONE, false), (Alias::PreferredUsername, false)],
        SignInNames::Attributes { email, phone_number } => {
            let counts = |address| standing::signs_in_here(user) || verified(address);
            [
                (EMAIL, email && counts(Address::Email)),
                (PHONE, phone_number && counts(Address::Phone)),
                (Alias::PreferredUsername, false),
            ]
        }
        SignInNames::Aliases {
            email,
            phone_number,
            preferred_username,
        } => [
            (EMAIL, email && verified(Address::Email)),
            (PHONE, phone_number && verified(Address::Phone)),
            (Alias::PreferredUsername, preferred_username),
        ],
    };
    let value = |alias: Alias| user.doc.attributes.get(alias.attribute()).filter(|v| !v.is_empty());
    wanted
        .into_iter()
        .filter(|(_, wanted)| *wanted)
        .filter_map(|(alias, _)| Some((alias, normal(pool, value(alias)?))))
        .collect()
}

/// What becomes of a verified address that is another user's alias already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Contest {
    Yield,
    /// ForceAliasCreation.
    Seize,
}

impl Contest {
    pub fn of(force_alias_creation: Option<bool>) -> Self {
        if force_alias_creation == Some(true) {
            Self::Seize
        } else {
            Self::Yield
        }
    }
}

/// The attribute of `after` whose sign-in name is another user's, if one is. Names that `before` has already need no look.
pub(crate) fn taken(
    r: &mut impl Read,
    pool: &Pool,
    before: Option<&User>,
    after: &User,
    contest: Contest,
) -> Result<Option<Alias>, StoreError> {
    let old = before.map(|user| aliases(pool, user)).unwrap_or_default();
    for (alias, name) in aliases(pool, after) {
        if !old.iter().any(|(_, n)| *n == name)
            && let Some((holder, held_as)) = names::holder(r, &pool.id, &name)?
            && holder != after.sub
            && !(contest == Contest::Seize && is_seizable(pool, alias, &held_as))
        {
            return Ok(Some(alias));
        }
    }
    // What waits for its code would be refused then; in pools that sign in by it the user is told now.
    if let SignInNames::Attributes { email, phone_number } = pool.sign_in_names {
        for (address, wanted) in [(Address::Email, email), (Address::Phone, phone_number)] {
            if wanted
                && let Some(value) = after.doc.pending.get(&address)
                && names::holder(r, &pool.id, &normal(pool, value))?.is_some_and(|(holder, _)| holder != after.sub)
            {
                return Ok(Some(Alias::Address(address)));
            }
        }
    }
    Ok(None)
}

/// Errors for a sign-in name that an existing user would take and another one has.
pub(crate) fn is_anothers(pool: &Pool, alias: Alias) -> ApiError {
    match pool.sign_in_names {
        SignInNames::Attributes { .. } => errors::alias_with_given(alias.attribute()),
        SignInNames::Aliases { .. } | SignInNames::Username => errors::alias_exists(alias.attribute()),
    }
}

/// Only proof can be contested: there is none of a preferred username, and username attributes are unique without it.
fn is_seizable(pool: &Pool, alias: Alias, held_as: &str) -> bool {
    matches!(pool.sign_in_names, SignInNames::Aliases { .. })
        && alias != Alias::PreferredUsername
        && held_as == alias.attribute()
}

/// Gives up the names that changing `before` into `after` ends, and claims those that it begins. Look with [`taken`] first:
/// a refusal commits, so nothing may be half claimed.
pub(crate) fn reclaim(tx: &mut Tx<'_>, pool: &Pool, before: Option<&User>, after: &User) -> Result<(), StoreError> {
    let old = before.map(|user| aliases(pool, user)).unwrap_or_default();
    let new = aliases(pool, after);
    for (alias, name) in old.iter().filter(|entry| !new.contains(entry)) {
        names::release(tx, &pool.id, name, alias.attribute(), &after.sub)?;
    }
    for (alias, name) in new.iter().filter(|entry| !old.contains(entry)) {
        names::claim(tx, &pool.id, name, alias.attribute(), &after.sub)?;
    }
    Ok(())
}

/// Whoever holds a verified address of `user` as alias loses it, and is no longer verified by it. Reference: 4.4, 4.5.
pub(crate) fn seize(tx: &mut Tx<'_>, pool: &Pool, user: &User, now: Timestamp) -> Result<(), StoreError> {
    for (alias, name) in aliases(pool, user) {
        let Some((holder, held_as)) = names::holder(tx, &pool.id, &name)? else {
            continue;
        };
        let Alias::Address(address) = alias else { continue };
        if holder == user.sub || !is_seizable(pool, alias, &held_as) {
            continue;
        }
        if let Some(before) = users::by_sub(tx, &pool.id, &holder)? {
            let mut loser = before.clone();
            addresses::set_verified(&mut loser, address, false);
            loser.modified = now;
            users::update(tx, &loser)?;
            ending::follow(tx, &before, &loser)?;
        }
        names::release(tx, &pool.id, &name, alias.attribute(), &holder)?;
    }
    Ok(())
}

/// Sign-in names of pools that ignore case are kept in lower case, everything else as it was typed. Reference: 2.9.
pub(crate) fn spelled(pool: &Pool, name: &str, value: &str) -> String {
    let is_name = match (pool.sign_in_names, name) {
        (_, "username") => true,
        (SignInNames::Attributes { email, .. } | SignInNames::Aliases { email, .. }, "email") => email,
        (SignInNames::Aliases { preferred_username, .. }, "preferred_username") => preferred_username,
        _ => false,
    };
    if is_name && !pool.case_sensitive {
        value.to_lowercase()
    } else {
        value.to_owned()
    }
}

/// The name that a user is found by beside attributes and sub: none where the sub is the username.
pub(crate) fn own_name(pool: &Pool, user: &User) -> Option<String> {
    (user.username != user.sub.as_str()).then(|| normal(pool, &user.username))
}

/// Cognito's notion, not RFC 5322's: something, one `@`, a host with a dot in it, no blanks. Reference: 2.3, 4.3.
pub(crate) fn is_email(text: &str) -> bool {
    let Some((local, host)) = text.rsplit_once('@') else {
        return false;
    };
    let host_fine = host.contains('.') && host.split('.').all(|label| !label.is_empty());
    let all_fine = text.chars().all(|c| !c.is_whitespace() && !c.is_control());
    !local.is_empty() && !local.contains('@') && host_fine && all_fine && text.len() <= 2048
}

/// E.164 as Cognito checks it: `+`, then digits only, at most fifteen. Reference: 2.3.
pub(crate) fn is_phone_number(text: &str) -> bool {
    text.strip_prefix('+')
        .is_some_and(|digits| (1..=15).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_what_cognito_takes_for_them() {
        for good in ["ana@example.com", "a.b+c@mail.example.org", "ü@example.com"] {
            assert!(is_email(good), "{good}");
        }
        for bad in [
            "",
            "ana",
            "@example.com",
            "ana@",
            "ana@example",
            "ana@.com",
            "a@b@example.com",
            "a b@example.com",
        ] {
            assert!(!is_email(bad), "{bad}");
        }
    }

    #[test]
    fn phone_numbers_are_a_plus_and_digits() {
        assert!(is_phone_number("+12065550100"));
        for bad in ["12065550100", "+", "+1 206", "+1206555010012345", "+1a"] {
            assert!(!is_phone_number(bad), "{bad}");
        }
    }
}
