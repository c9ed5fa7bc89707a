//! How a user is shown: attribute lists and `UserType`. Reference: user-pools 3.6, 4.2.

use api::cognito_idp::{AttributeType, UserStatusType, UserType};
use store::records::users::User;

use crate::settings::{Client, Pool};

/// `sub` first, then the rest by name.
pub(crate) fn attributes(user: &User) -> Vec<AttributeType> {
    attributes_where(user, |_| true)
}

/// What a client may read: everything, unless its ReadAttributes say otherwise; developer-only attributes are readable.
pub(crate) fn readable_attributes(user: &User, client: &Client) -> Vec<AttributeType> {
    attributes_where(user, |name| may_read(client, name))
}

/// `sub` can always be read: it is what the tokens are about.
pub(crate) fn may_read(client: &Client, name: &str) -> bool {
    name == "sub"
        || client
            .settings
            .read_attributes
            .as_ref()
            .filter(|l| !l.is_empty())
            .is_none_or(|list| list.iter().any(|n| n == name))
}

fn attributes_where(user: &User, wanted: impl Fn(&str) -> bool) -> Vec<AttributeType> {
    let sub = ("sub", user.sub.as_str());
    std::iter::once(sub)
        .chain(
            user.doc
                .attributes
                .iter()
                .map(|(name, value)| (name.as_str(), value.as_str())),
        )
        .filter(|(name, _)| wanted(name))
        .map(|(name, value)| AttributeType {
            name: name.to_owned(),
            value: Some(value.to_owned()),
        })
        .collect()
}

pub(crate) fn status(user: &User) -> Option<UserStatusType> {
    UserStatusType::parse(&user.status)
}

/// As ListUsers, ListUsersInGroup and AdminCreateUser show a user. `wanted` names the attributes, None all of them.
pub(crate) fn user_type(user: &User, wanted: Option<&[String]>) -> UserType {
    UserType {
        username: Some(user.username.clone()),
        attributes: Some(attributes_where(user, |name| {
            wanted.is_none_or(|list| list.iter().any(|n| n == name))
        })),
        user_create_date: Some(user.created),
        user_last_modified_date: Some(user.modified),
        enabled: Some(user.enabled),
        user_status: status(user),
        mfa_options: None,
    }
}

/// Whether a client may write an attribute: what its WriteAttributes name, by default all; never the verified flags, and
/// never what is for developers only. Reference: user-pools 2.4, 3.6.
pub(crate) fn may_write(pool: &Pool, client: &Client, name: &str) -> bool {
    let developer_only = pool
        .schema
        .get(name)
        .is_some_and(|a| a.developer_only_attribute == Some(true));
    if developer_only || matches!(name, "email_verified" | "phone_number_verified" | "sub") {
        return false;
    }
    let list = client
        .settings
        .write_attributes
        .as_ref()
        .filter(|list| !list.is_empty());
    list.is_none_or(|list| list.iter().any(|n| n == name))
}
