//! Sign-in names: what may be one, how names compare, whom they belong to. Reference: user-pools 2.8, 2.9.

use kernel::{ApiError, Sub, Timestamp};
use store::{
    Read, StoreError, Tx,
    records::{
        names,
        users::{self, User},
    },
};

use crate::{
    codes, errors,
    settings::{Pool, SignInNames},
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
    if looks_like_sub(name)
        && let Some(user) = users::by_sub(r, &pool.id, &Sub::new(name))?
    {
        return Ok(Some(user));
    }
    names::find(r, &pool.id, &normal(pool, name))
}

/// 36 characters of lower-case hexadecimal digits and dashes. Reference: user-pools 4.2 (no valid UUID version is promised).
pub(crate) fn looks_like_sub(name: &str) -> bool {
    name.len() == 36 && name.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f' | b'-'))
}

/// What kind of name the caller of SignUp or AdminCreateUser gave, or why it may not be one.
pub(crate) enum Given {
    /// The username itself.
    Username,
    /// A username attribute (`email` or `phone_number`): it becomes that attribute, and the sub becomes the username.
    Attribute(&'static str),
}

/// Errors: InvalidParameter with the sentence of the pool's kind.
pub(crate) fn classify(pool: &Pool, username: &str) -> Result<Given, ApiError> {
    match pool.sign_in_names {
        SignInNames::Attributes { email, phone_number } => {
            if phone_number && is_phone_number(username) {
                return Ok(Given::Attribute("phone_number"));
            }
            if email && is_email(username) {
                return Ok(Given::Attribute("email"));
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
            Ok(Given::Username)
        }
        SignInNames::Username => Ok(Given::Username),
    }
}

/// Which attributes of a user are sign-in names now, with the name each makes.
///
/// Aliases count once they are verified (preferred_username always), username attributes at once. Reference: 2.8.
pub(crate) fn attribute_names(pool: &Pool, user: &User) -> Vec<(&'static str, String)> {
    let attributes = &user.doc.attributes;
    let verified = |flag: &str| attributes.get(flag).is_some_and(|v| v.eq_ignore_ascii_case("true"));
    let mut found = Vec::new();
    let mut add = |kind: &'static str, wanted: bool| {
        if wanted && let Some(value) = attributes.get(kind).filter(|v| !v.is_empty()) {
            found.push((kind, normal(pool, value)));
        }
    };
    match pool.sign_in_names {
        SignInNames::Username => {}
        SignInNames::Attributes { email, phone_number } => {
            add("email", email);
            add("phone_number", phone_number);
        }
        SignInNames::Aliases {
            email,
            phone_number,
            preferred_username,
        } => {
            add("email", email && verified("email_verified"));
            add("phone_number", phone_number && verified("phone_number_verified"));
            add("preferred_username", preferred_username);
        }
    }
    found
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
) -> Result<Option<&'static str>, StoreError> {
    let old = before.map(|user| attribute_names(pool, user)).unwrap_or_default();
    for (kind, name) in attribute_names(pool, after) {
        if !old.iter().any(|(_, n)| *n == name)
            && let Some((holder, held_as)) = names::holder(r, &pool.id, &name)?
            && holder != after.sub
            && !(contest == Contest::Seize && is_seizable(pool, kind, &held_as))
        {
            return Ok(Some(kind));
        }
    }
    // What waits for its code would be refused then; in pools that sign in by it the user is told now.
    if let SignInNames::Attributes { email, phone_number } = pool.sign_in_names {
        for (kind, wanted) in [("email", email), ("phone_number", phone_number)] {
            if wanted
                && let Some(value) = after.doc.pending.get(kind)
                && names::holder(r, &pool.id, &normal(pool, value))?.is_some_and(|(holder, _)| holder != after.sub)
            {
                return Ok(Some(kind));
            }
        }
    }
    Ok(None)
}

/// Only proof can be contested: there is none of a preferred username, and username attributes are unique without it.
fn is_seizable(pool: &Pool, kind: &str, held_as: &str) -> bool {
    matches!(pool.sign_in_names, SignInNames::Aliases { .. }) && kind != "preferred_username" && held_as == kind
}

/// Gives up the names that changing `before` into `after` ends, and claims those that it begins. Look with [`taken`] first:
/// a refusal commits, so nothing may be half claimed.
pub(crate) fn reclaim(tx: &mut Tx<'_>, pool: &Pool, before: Option<&User>, after: &User) -> Result<(), StoreError> {
    let old = before.map(|user| attribute_names(pool, user)).unwrap_or_default();
    let new = attribute_names(pool, after);
    for (kind, name) in old.iter().filter(|entry| !new.contains(entry)) {
        names::release(tx, &pool.id, name, kind, &after.sub)?;
    }
    for (kind, name) in new.iter().filter(|entry| !old.contains(entry)) {
        names::claim(tx, &pool.id, name, kind, &after.sub)?;
    }
    Ok(())
}

/// Whoever holds a verified address of `user` as alias loses it, and is no longer verified by it. Reference: 4.4, 4.5.
pub(crate) fn seize(tx: &mut Tx<'_>, pool: &Pool, user: &User, now: Timestamp) -> Result<(), StoreError> {
    for (kind, name) in attribute_names(pool, user) {
        let Some((holder, held_as)) = names::holder(tx, &pool.id, &name)? else {
            continue;
        };
        if holder == user.sub || !is_seizable(pool, kind, &held_as) {
            continue;
        }
        if let Some(before) = users::by_sub(tx, &pool.id, &holder)? {
            let mut loser = before.clone();
            loser
                .doc
                .attributes
                .insert(format!("{kind}_verified"), "false".to_owned());
            loser.modified = now;
            users::update(tx, &loser)?;
            codes::follow(tx, &before, &loser)?;
        }
        names::release(tx, &pool.id, &name, kind, &holder)?;
    }
    Ok(())
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

    #[test]
    fn a_sub_is_recognised_whatever_its_version_digits() {
        assert!(looks_like_sub("f4c8e4d8-3061-70a5-1a2b-8a3c5d7e9f00"));
        assert!(!looks_like_sub("f4c8e4d8-3061-70a5-1a2b-8a3c5d7e9f0"));
        assert!(!looks_like_sub("F4C8E4D8-3061-70A5-1A2B-8A3C5D7E9F00"));
    }
}
