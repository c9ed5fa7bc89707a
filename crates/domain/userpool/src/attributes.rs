//! Attribute lists of requests become changes of a user: who may write what, what the schema says, what becomes of the
//! verified flags, which addresses want proof. Pure, but for [`put`]. Reference: user-pools 2.3, 2.4, 3.6, 4.3, 4.8, 5.5.
//!
//! The story of a change is [`change`], then a code for each of its `unproven` addresses (`Dispatch`), then [`put`] in one
//! write. New users are stored by `enrolment` instead of [`put`].

mod conform;

use api::cognito_idp::{AttributeType, UserStatusType, VerifiedAttributeType};
use kernel::{ApiError, Timestamp};
use store::{
    Stop, Tx,
    records::users::{self, User},
};

use crate::{
    codes,
    delivery_target::Target,
    errors,
    names::{self, Contest},
    settings::{Client, Pool, SignInNames},
};

/// Who asks for a change, and when.
#[derive(Clone, Copy)]
pub(crate) enum Occasion<'a> {
    SignUp(&'a Client),
    /// AdminCreateUser.
    Creation,
    /// UpdateUserAttributes, DeleteUserAttributes.
    Update(&'a Client),
    /// The same by an administrator.
    Administration,
    /// The answer to NEW_PASSWORD_REQUIRED: what is missing may be given, what is there stays.
    NewPassword(&'a Client),
}

/// What a request makes of a user. Nothing is stored yet.
#[derive(Debug)]
pub(crate) struct Change {
    /// The user with the new attributes and pending values; `version` is still the one that was read.
    pub user: User,
    /// The addresses that are to be sent a code. Only updates have any.
    pub unproven: Vec<Target>,
}

/// Applies a request's attributes; a blank value deletes.
///
/// Errors: NotAuthorized (write permission, already provided), InvalidParameter (null, schema, format, immutable, required).
pub(crate) fn change(
    pool: &Pool,
    occasion: Occasion<'_>,
    user: &User,
    given: &[AttributeType],
    now: Timestamp,
) -> Result<Change, ApiError> {
    conform::settable(occasion, given)?;
    let given = last_of_each(given);
    conform::permitted(pool, occasion, user, &given)?;
    conform::to_schema(pool, occasion, user, &given)?;
    let mut change = Change {
        user: User {
            modified: now,
            ..user.clone()
        },
        unproven: Vec::new(),
    };
    for (name, value) in &given {
        match *name {
            "email" | "phone_number" | "email_verified" | "phone_number_verified" => {}
            _ => change.set(name, &spelled(pool, name, value)),
        }
    }
    for address in [&EMAIL, &PHONE_NUMBER] {
        let value = value_of(&given, address.name).map(|v| spelled(pool, address.name, v));
        let flag = value_of(&given, address.flag);
        change.set_address(pool, occasion, address, value.as_deref(), flag)?;
    }
    conform::complete(pool, occasion, user, &change.user)?;
    Ok(change)
}

/// Deletes attributes by name. Errors: as [`change`], and InvalidParameter for names that the schema lacks.
pub(crate) fn delete(
    pool: &Pool,
    occasion: Occasion<'_>,
    user: &User,
    names: &[String],
    now: Timestamp,
) -> Result<Change, ApiError> {
    conform::known(pool, names)?;
    let blanks: Vec<AttributeType> = names
        .iter()
        .map(|name| AttributeType {
            name: name.clone(),
            value: Some(String::new()),
        })
        .collect();
    change(pool, occasion, user, &blanks, now)
}

/// Stores a change of a user together with the sign-in names that it gives up and takes. [`Stop::Raced`] if somebody else
/// changed the user since `before` was read.
///
/// Errors: AliasExists; nothing is written then.
pub(crate) fn put(tx: &mut Tx<'_>, pool: &Pool, before: &User, after: &User) -> Result<(), Stop> {
    if let Some(kind) = names::taken(tx, pool, Some(before), after, Contest::Yield)? {
        return Err(alias_is_anothers(pool, kind).into());
    }
    if !users::update(tx, after)? {
        return Err(Stop::Raced);
    }
    codes::follow(tx, before, after)?;
    Ok(names::reclaim(tx, pool, Some(before), after)?)
}

/// Errors for a sign-in name that an existing user would take and another one has.
pub(crate) fn alias_is_anothers(pool: &Pool, kind: &str) -> ApiError {
    match pool.sign_in_names {
        SignInNames::Attributes { .. } => errors::alias_with_given(kind),
        SignInNames::Aliases { .. } | SignInNames::Username => errors::alias_exists(kind),
    }
}

/// An attribute that is an address, and the flag that says whether it is proven.
struct Address {
    name: &'static str,
    flag: &'static str,
    kind: VerifiedAttributeType,
}

const EMAIL: Address = Address {
    name: "email",
    flag: "email_verified",
    kind: VerifiedAttributeType::Email,
};
const PHONE_NUMBER: Address = Address {
    name: "phone_number",
    flag: "phone_number_verified",
    kind: VerifiedAttributeType::PhoneNumber,
};

impl Change {
    fn set(&mut self, name: &str, value: &str) {
        let attributes = &mut self.user.doc.attributes;
        if value.is_empty() {
            attributes.remove(name);
        } else {
            attributes.insert(name.to_owned(), value.to_owned());
        }
    }

    /// `flag` is the verified flag that the request carries, which only administrators may.
    fn set_address(
        &mut self,
        pool: &Pool,
        occasion: Occasion<'_>,
        address: &Address,
        value: Option<&str>,
        flag: Option<&str>,
    ) -> Result<(), ApiError> {
        let verified = flag.is_some_and(|f| f.eq_ignore_ascii_case("true"));
        let present = self.user.doc.attributes.get(address.name).cloned();
        match value {
            Some("") => {
                self.set(address.name, "");
                self.set(address.flag, "");
                self.user.doc.pending.remove(address.name);
                return if verified {
                    Err(errors::verified_without_value(address.name))
                } else {
                    Ok(())
                };
            }
            Some(value) if present.as_deref() != Some(value) => {
                self.replace_address(pool, occasion, address, value, flag);
                return Ok(());
            }
            // The value that is there already: a request for another one is taken back.
            Some(_) => {
                self.user.doc.pending.remove(address.name);
            }
            None => {}
        }
        match flag {
            Some(_) if verified && present.is_none() => Err(errors::verified_without_value(address.name)),
            Some(flag) if present.is_some() || flag.is_empty() => {
                self.set(address.flag, &flag.to_ascii_lowercase());
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn replace_address(
        &mut self,
        pool: &Pool,
        occasion: Occasion<'_>,
        address: &Address,
        value: &str,
        flag: Option<&str>,
    ) {
        let verified = flag.is_some_and(|f| f.eq_ignore_ascii_case("true"));
        let update = matches!(occasion, Occasion::Update(_) | Occasion::Administration);
        let target = Target {
            attribute: address.name,
            address: value.to_owned(),
        };
        // Who is not confirmed yet has nothing to keep: the new address is the one to prove.
        let waits = self.user.status != UserStatusType::Unconfirmed.as_str() && proven_before_update(pool, address);
        if update && !verified && waits {
            // The old value stays, and stays verified, until the code is given.
            self.user.doc.pending.insert(address.name.to_owned(), value.to_owned());
            self.unproven.push(target);
            return;
        }
        self.user.doc.pending.remove(address.name);
        self.set(address.name, value);
        match (occasion, flag) {
            // A user made by an administrator has the flag only if it was given.
            (Occasion::Creation, None) => self.set(address.flag, ""),
            _ => self.set(address.flag, if verified { "true" } else { "false" }),
        }
        if update && !verified && pool.auto_verifies(address.kind) {
            self.unproven.push(target);
        }
    }
}

fn proven_before_update(pool: &Pool, address: &Address) -> bool {
    let settings = pool.settings.user_attribute_update_settings.as_ref();
    settings
        .and_then(|s| s.attributes_require_verification_before_update.as_ref())
        .is_some_and(|list| list.contains(&address.kind))
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

/// Of a name given twice the last value counts.
fn last_of_each(given: &[AttributeType]) -> Vec<(&str, &str)> {
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
