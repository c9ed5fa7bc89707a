//! An administrator says that somebody of a provider is a user who is there already, or is not any more. Reference:
//! oauth-and-federation 10.6.

use api::cognito_idp::ProviderUserIdentifierType;
use kernel::{ApiError, Timestamp};
use store::{
    Stop, Tx,
    records::{
        external_users::{self, SUBJECT},
        identity_providers, passwords,
        status::Status,
        users::{self, User},
    },
};

use super::identities::{self, Bond, Foreigner, MOST_ATTRIBUTES, MOST_LINKS};
use crate::{
    errors::{self, linking, providers},
    pool::Pool,
    user::{attributes, directory},
};

/// What stands for the pool itself where a provider is named.
const COGNITO: &str = "Cognito";

/// Provider, attribute and value of somebody who is linked. As Cognito was seen to count.
const LONGEST: usize = 128;

/// Somebody as a request names them.
pub(crate) struct Named {
    provider: String,
    attribute: Option<String>,
    value: String,
}

impl Named {
    /// Errors: InvalidParameter.
    pub fn of(given: ProviderUserIdentifierType) -> Result<Self, ApiError> {
        let present = |member: Option<String>, name| {
            let member = member.filter(|value| !value.is_empty());
            member.ok_or_else(|| errors::missing_parameter(name))
        };
        Ok(Self {
            provider: present(given.provider_name, "ProviderName")?,
            attribute: given.provider_attribute_name.filter(|name| !name.is_empty()),
            value: present(given.provider_attribute_value, "ProviderAttributeValue")?,
        })
    }

    fn attribute(&self) -> Result<&str, ApiError> {
        let attribute = self.attribute.as_deref();
        attribute.ok_or_else(|| errors::missing_parameter("ProviderAttributeName"))
    }

    fn key(&self) -> Result<(&str, &str, &str), ApiError> {
        Ok((&self.provider, self.attribute()?, &self.value))
    }

    /// Whoever is to be linked. Errors: ResourceNotFound (the provider), InvalidParameter.
    pub fn foreigner<'a>(&'a self, pool: &'a Pool) -> Result<Foreigner<'a>, ApiError> {
        if self.provider == COGNITO {
            return Err(linking::source_of_the_pool());
        }
        let provider = pool.provider(&self.provider)?;
        let attribute = self.attribute()?;
        if attribute != SUBJECT && provider.is_social() {
            return Err(linking::subject_only(&self.provider));
        }
        if attribute != SUBJECT && !provider.maps(attribute) {
            return Err(linking::attribute_not_mapped(attribute, &self.provider));
        }
        let length = [&self.provider, attribute, &self.value].map(|part| part.chars().count());
        if length.into_iter().sum::<usize>() > LONGEST {
            return Err(linking::source_too_long());
        }
        Ok(Foreigner {
            provider,
            attribute,
            value: &self.value,
            issuer: None,
        })
    }

    /// A user who is there: by the name they have here, or by what a provider calls them. Errors: UserNotFound.
    fn user(&self, tx: &mut Tx<'_>, pool: &Pool) -> Result<User, Stop> {
        if self.provider == COGNITO {
            return directory::existing(tx, pool, &self.value);
        }
        let found = external_users::find(tx, &pool.id, (&self.provider, SUBJECT, &self.value))?;
        let user = match found {
            Some(found) => users::by_sub(tx, &pool.id, &found.sub)?,
            None => None,
        };
        Ok(user.ok_or_else(errors::user_does_not_exist)?)
    }
}

/// Errors: UserNotFound, ResourceNotFound (the provider, deleted meanwhile), InvalidParameter (somebody here already, an attribute that can't be
/// written), LimitExceeded.
pub(crate) fn link(
    tx: &mut Tx<'_>,
    pool: &Pool,
    (destination, source): (&Named, Foreigner<'_>),
    now: Timestamp,
) -> Result<(), Stop> {
    let before = destination.user(tx, pool)?;
    let provider = source.provider.name.as_str();
    // What is cached may be gone, and the pool with it.
    if !identity_providers::exists(tx, &pool.id, provider)? {
        return Err(providers::provider_not_found(provider).into());
    }
    match external_users::find(tx, &pool.id, (provider, source.attribute, source.value))? {
        Some(known) if known.linked && known.sub == before.sub => return Err(linking::already_linked().into()),
        Some(_) => return Err(linking::merging_not_supported().into()),
        None => {}
    }
    let fixed = |name: &&String| pool.schema.is_immutable(name);
    if let Some(name) = before.doc.attributes.keys().find(fixed) {
        return Err(linking::immutable_attribute(name).into());
    }
    if identities::links(tx, &before)? >= MOST_LINKS {
        return Err(linking::too_many_links().into());
    }
    let names = identities::linked_by(tx, pool, provider)?;
    let is_new = source.attribute != SUBJECT && !names.iter().any(|name| name == source.attribute);
    if is_new && names.len() >= MOST_ATTRIBUTES {
        return Err(linking::too_many_attributes(provider).into());
    }
    let mut user = before.clone();
    if !identities::claim(tx, &mut user, source, Bond::Linked, now)? {
        return Err(Stop::Raced);
    }
    user.modified = now;
    directory::save(tx, &before, &user)
}

/// The link goes; of a user of the pool itself the password, and with it all that they could sign in by here.
///
/// Errors: UserNotFound, ResourceNotFound (the provider), InvalidParameter.
pub(crate) fn disable(tx: &mut Tx<'_>, pool: &Pool, named: &Named, now: Timestamp) -> Result<(), Stop> {
    if named.provider == COGNITO {
        return close(tx, pool, named, now);
    }
    let found = external_users::find(tx, &pool.id, named.key()?)?;
    let Some(link) = found.filter(|found| found.linked) else {
        // Whose provider is gone may be unlinked; of others its name is the mistake.
        pool.provider(&named.provider)?;
        return Err(linking::not_linked().into());
    };
    let before = users::by_sub(tx, &pool.id, &link.sub)?.ok_or(Stop::Raced)?;
    let mut user = before.clone();
    identities::release(tx, &mut user, &link)?;
    user.modified = now;
    directory::save(tx, &before, &user)
}

fn close(tx: &mut Tx<'_>, pool: &Pool, named: &Named, now: Timestamp) -> Result<(), Stop> {
    if named.attribute()? != SUBJECT {
        return Err(linking::subject_only(COGNITO).into());
    }
    let before = directory::existing(tx, pool, &named.value)?;
    let mut user = before.clone();
    user.status = Status::ExternalProvider;
    user.doc.temporary_until = None;
    user.modified = now;
    attributes::save(tx, pool, &before, &user)?;
    Ok(passwords::delete(tx, &pool.id, &before.sub)?)
}
