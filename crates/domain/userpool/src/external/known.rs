//! Whether somebody is a user here whom a provider sends. Reference: oauth-and-federation 10.6; decision 23.

use std::collections::BTreeMap;

use store::{
    Read, StoreError,
    records::{
        external_users::ExternalUser,
        users::{self, User},
    },
};

use super::identities;
use crate::{pool::Pool, provider::Provider};

/// All that somebody could be known by.
#[derive(Clone)]
pub(super) struct Claim {
    pub provider: String,
    pub subject: String,
    /// The pool's attributes with what the provider says of them, letter by letter.
    attributes: BTreeMap<String, String>,
}

impl Claim {
    /// `said`: by the provider's names.
    pub fn new(provider: &Provider, subject: &str, said: &BTreeMap<String, String>) -> Self {
        let attributes = provider.mapping().filter_map(|(name, source)| {
            let value = said.get(source).filter(|value| !value.contains('\0'))?;
            Some((name.to_owned(), value.clone()))
        });
        Self {
            provider: provider.name.clone(),
            subject: subject.to_owned(),
            attributes: attributes.collect(),
        }
    }

    /// The value of an attribute of the pool, as the provider says it.
    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.get(name).map(String::as_str)
    }

    /// The user, and by which row.
    pub fn find(&self, r: &mut impl Read, pool: &Pool) -> Result<Option<(User, ExternalUser)>, StoreError> {
        let by = (self.subject.as_str(), &self.attributes);
        let Some(row) = identities::find(r, pool, &self.provider, by)? else {
            return Ok(None);
        };
        let user = users::by_sub(r, &pool.id, &row.sub)?;
        Ok(user.map(|user| (user, row)))
    }
}
