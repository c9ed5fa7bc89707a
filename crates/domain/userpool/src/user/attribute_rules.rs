//! What a list of attributes has to satisfy. Pairs are (name, value), each name once; a blank value deletes.

use kernel::ApiError;
use store::records::{address::Address, users::User};

use super::names;
use crate::{
    client::Client,
    errors,
    pool::{Pool, SignInNames},
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

/// An attribute as a request gives it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct GivenAttribute {
    pub name: String,
    /// None: null. Blank: it is to go.
    pub value: Option<String>,
}

impl<'a> Occasion<'a> {
    /// The client whose write permissions hold; administrators need none.
    fn client(self) -> Option<&'a Client> {
        match self {
            Self::SignUp(client) | Self::Update(client) | Self::NewPassword(client) => Some(client),
            Self::Creation | Self::Administration => None,
        }
    }
}

/// What no caller may give at all. Errors: InvalidParameter.
pub(super) fn settable(occasion: Occasion<'_>, given: &[GivenAttribute]) -> Result<(), ApiError> {
    let fixed = |name: &str| match occasion {
        Occasion::NewPassword(_) => name == "sub" || Address::is_flag(name),
        _ => name == "sub",
    };
    if let Some(attribute) = given.iter().find(|a| fixed(&a.name)) {
        return Err(errors::attribute_not_mutable(&attribute.name));
    }
    match given.iter().find(|a| a.value.is_none()) {
        Some(attribute) => Err(errors::attribute_value_null(&attribute.name)),
        None => Ok(()),
    }
}

/// Errors: NotAuthorized.
pub(super) fn permitted(
    pool: &Pool,
    occasion: Occasion<'_>,
    user: &User,
    given: &[(&str, &str)],
) -> Result<(), ApiError> {
    if let Some(client) = occasion.client()
        && given.iter().any(|(name, _)| !client.may_write(&pool.schema, name))
    {
        return Err(errors::unauthorized_attribute_write());
    }
    if let Occasion::NewPassword(_) = occasion
        && let Some((name, _)) = given.iter().find(|(name, _)| user.doc.attributes.contains_key(*name))
    {
        return Err(errors::cannot_modify_provided(name));
    }
    Ok(())
}

/// Errors: InvalidParameter.
pub(super) fn to_schema(
    pool: &Pool,
    occasion: Occasion<'_>,
    user: &User,
    given: &[(&str, &str)],
) -> Result<(), ApiError> {
    let updates = matches!(occasion, Occasion::Update(_) | Occasion::Administration);
    let names = given.iter().map(|(name, _)| *name);
    let unknown: Vec<&str> = names.clone().filter(|name| !pool.schema.has(name)).collect();
    if !unknown.is_empty() {
        return Err(if updates {
            errors::attributes_not_in_schema(&unknown)
        } else if unknown.iter().any(|name| pool.schema.has(&format!("dev:{name}"))) {
            errors::attribute_for_developers()
        } else {
            errors::nonconforming_unknown(&unknown)
        });
    }
    if updates {
        let fixed: Vec<&str> = names.filter(|name| pool.schema.is_immutable(name)).collect();
        if !fixed.is_empty() {
            return Err(errors::attributes_cannot_be_updated(&fixed));
        }
    }
    let objections: Vec<String> = given
        .iter()
        .filter_map(|(name, value)| pool.schema.objection(name, value))
        .collect();
    if !objections.is_empty() {
        return Err(if updates {
            errors::nonconforming_update(&objections)
        } else {
            errors::nonconforming_attributes(&objections)
        });
    }
    if let Occasion::SignUp(_) = occasion {
        // The username of a username-attribute pool is there already.
        let is_missing = |name: &&str| {
            !user.doc.attributes.contains_key(*name) && !given.iter().any(|(n, value)| n == name && !value.is_empty())
        };
        let missing: Vec<&str> = pool.schema.required().filter(is_missing).collect();
        if !missing.is_empty() {
            return Err(errors::attributes_required(&missing));
        }
    }
    for (name, value) in given.iter().filter(|(_, value)| !value.is_empty()) {
        match *name {
            "email" if !names::is_email(value) => return Err(errors::invalid_email_format()),
            "phone_number" if !names::is_phone_number(value) => return Err(errors::invalid_phone_format()),
            "preferred_username" if matches!(occasion, Occasion::SignUp(_)) && is_alias(pool) => {
                return Err(errors::preferred_username_at_sign_up());
            }
            _ => {}
        }
    }
    Ok(())
}

/// Required attributes that the user had stay; those that a first sign-in has to bring must be there.
///
/// Errors: InvalidParameter.
pub(super) fn complete(pool: &Pool, occasion: Occasion<'_>, before: &User, after: &User) -> Result<(), ApiError> {
    let lacks = |user: &User, name: &str| !user.doc.attributes.contains_key(name);
    match occasion {
        Occasion::Update(_) | Occasion::Administration => {
            let lost: Vec<&str> = pool
                .schema
                .required()
                .filter(|name| lacks(after, name) && !lacks(before, name))
                .collect();
            if lost.is_empty() {
                Ok(())
            } else {
                Err(errors::cannot_delete_required(&lost))
            }
        }
        Occasion::NewPassword(_) => pool
            .schema
            .required()
            .find(|name| lacks(after, name))
            .map_or(Ok(()), |name| Err(errors::required_attribute_missing(name))),
        Occasion::SignUp(_) | Occasion::Creation => Ok(()),
    }
}

/// Errors: InvalidParameter, a line for each name that the schema lacks.
pub(super) fn known(pool: &Pool, names: &[String]) -> Result<(), ApiError> {
    let unknown: Vec<&str> = names
        .iter()
        .map(String::as_str)
        .filter(|name| !pool.schema.has(name))
        .collect();
    if unknown.is_empty() {
        Ok(())
    } else {
        Err(errors::cannot_delete_unknown(&unknown))
    }
}

fn is_alias(pool: &Pool) -> bool {
    matches!(
        pool.sign_in_names,
        SignInNames::Aliases {
            preferred_username: true,
            ..
        }
    )
}
