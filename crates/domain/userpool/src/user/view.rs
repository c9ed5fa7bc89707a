//! How a user is shown: attribute lists, second factors, `UserType`. Reference: user-pools 3.6, 4.2, 6.3.

use api::cognito_idp::{AttributeType, DeliveryMediumType, MFAOptionType, UserStatusType, UserType};
use store::records::{address::Address, factor::Factor, users::User};

use crate::{
    client::Client,
    external::shown::{self, IDENTITIES},
};

/// `sub` first, then who the user is elsewhere, then the rest by name.
pub(crate) fn attributes(user: &User) -> Vec<AttributeType> {
    attributes_where(user, |_| true)
}

/// What a client may read of a user.
pub(crate) fn readable_attributes(user: &User, client: &Client) -> Vec<AttributeType> {
    attributes_where(user, |name| client.may_read(name))
}

fn attributes_where(user: &User, wanted: impl Fn(&str) -> bool) -> Vec<AttributeType> {
    let identities = shown::text(user);
    let identities = identities.as_deref().map(|text| (IDENTITIES, text));
    std::iter::once(("sub", user.sub.as_str()))
        .chain(identities)
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
    UserStatusType::parse(user.status.as_str())
}

/// The second factors that the user turned on, if any.
pub(crate) fn mfa_setting_list(user: &User) -> Option<Vec<String>> {
    let mfa = &user.doc.mfa;
    let passkey = mfa.passkey.then(|| PASSKEY_MFA.to_owned());
    let factors: Vec<String> = mfa.enabled.iter().map(Factor::to_string).chain(passkey).collect();
    (!factors.is_empty()).then_some(factors)
}

/// How AWS spells it is unconfirmed (6.3): as the challenge.
const PASSKEY_MFA: &str = "WEB_AUTHN";

pub(crate) fn preferred_mfa(user: &User) -> Option<String> {
    user.doc.mfa.preferred.as_ref().map(Factor::to_string)
}

/// The older form, which knows text messages alone.
pub(crate) fn mfa_options(user: &User) -> Option<Vec<MFAOptionType>> {
    let by_text = MFAOptionType {
        delivery_medium: Some(DeliveryMediumType::Sms),
        attribute_name: Some(Address::Phone.attribute().to_owned()),
    };
    user.doc.mfa.enabled.contains(&Factor::Sms).then(|| vec![by_text])
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
        mfa_options: mfa_options(user),
    }
}
