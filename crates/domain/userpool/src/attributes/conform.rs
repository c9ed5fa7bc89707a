//! What a list of attributes has to satisfy. Pairs are (name, value), each name once; a blank value deletes.

use kernel::ApiError;
use store::records::users::User;

use super::Occasion;
use crate::{
    errors, names,
    settings::{Client, Pool, SignInNames},
    user_view,
};

impl<'a> Occasion<'a> {
    /// The client whose write permissions hold; administrators need none.
    fn client(self) -> Option<&'a Client> {
        match self {
            Self::SignUp(client) | Self::Update(client) | Self::NewPassword(client) => Some(client),
            Self::Creation | Self::Administration => None,
        }
    }

    /// Attributes that can be set once are set when the user comes to be.
    fn begins(self) -> bool {
        matches!(self, Self::SignUp(_) | Self::Creation)
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
        && given.iter().any(|(name, _)| !user_view::may_write(pool, client, name))
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
    let unknown = given.iter().find(|(name, _)| pool.schema.get(name).is_none());
    if let Some((name, value)) = unknown {
        return Err(match occasion {
            Occasion::Update(_) | Occasion::Administration => errors::attribute_not_in_schema(name),
            _ => errors::nonconforming_attributes(&pool.schema.objection(name, value).unwrap_or_default()),
        });
    }
    let fixed = |name: &str| {
        name == "sub"
            || (pool.schema.is_immutable(name) && !occasion.begins() && !matches!(occasion, Occasion::NewPassword(_)))
    };
    let fixed: Vec<&str> = given.iter().map(|(name, _)| *name).filter(|name| fixed(name)).collect();
    if !fixed.is_empty() {
        return Err(errors::attributes_cannot_be_updated(&fixed));
    }
    let mut clauses: Vec<String> = given
        .iter()
        .filter_map(|(name, value)| pool.schema.objection(name, value))
        .collect();
    if let Occasion::SignUp(_) = occasion {
        // The username of a username-attribute pool is there already.
        let missing = |name: &&str| {
            !user.doc.attributes.contains_key(*name) && !given.iter().any(|(n, value)| n == name && !value.is_empty())
        };
        clauses.extend(pool.schema.required().filter(missing).map(required_clause));
    }
    if !clauses.is_empty() {
        return Err(errors::nonconforming_attributes(&ended(&clauses)));
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
            let lost: Vec<String> = pool
                .schema
                .required()
                .filter(|name| lacks(after, name) && !lacks(before, name))
                .map(required_clause)
                .collect();
            if lost.is_empty() {
                Ok(())
            } else {
                Err(errors::nonconforming_attributes(&ended(&lost)))
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
        .filter(|name| pool.schema.get(name).is_none())
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

/// The structured attributes of OIDC are named by their formatted part. Reference: 4.3.
fn required_clause(name: &str) -> String {
    match name {
        "name" | "address" => format!("{name}.formatted: The attribute {name}.formatted is required"),
        _ => format!("{name}: The attribute is required"),
    }
}

fn ended(clauses: &[String]) -> String {
    clauses.iter().flat_map(|clause| [clause.as_str(), "\n"]).collect()
}
