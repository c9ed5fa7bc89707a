//! What a provider says of somebody, as attributes of the pool. Pure. Reference: oauth-and-federation 10.5.

use std::collections::BTreeMap;

use api::cognito_idp::IdentityProviderTypeType as Kind;
use kernel::ApiError;
use store::records::{address::Address, users::User};

use crate::{
    client::Client,
    errors::{self, external},
    pool::Pool,
    provider::Provider,
    user::{addresses, names},
};

/// Whatever the schema says. Reference: oauth-and-federation 10.5.
const LONGEST: usize = 2048;

/// Values by the pool's names, each as the schema wants it; none is blank.
pub(crate) struct Mapped {
    kind: Kind,
    values: BTreeMap<String, String>,
}

/// `said`: by the provider's names. What the client may not write is left out without a word, and so is what the provider does not say,
/// and a flag without its address: whose address it would be of the provider does not say.
///
/// Errors: InvalidParameter (a value is too long, or breaks the schema).
pub(super) fn mapped(
    pool: &Pool,
    client: &Client,
    provider: &Provider,
    said: &BTreeMap<String, String>,
) -> Result<Mapped, ApiError> {
    let kind = provider.kind();
    let mut values = BTreeMap::new();
    for (name, source) in provider.mapping() {
        let value = said.get(source).filter(|value| !value.is_empty());
        if let Some(value) = value.filter(|_| is_for(pool, client, name)) {
            check(pool, kind, name, value)?;
            values.insert(name.to_owned(), names::spelled(pool, name, value));
        }
    }
    for address in Address::ALL {
        if !values.contains_key(address.attribute()) {
            values.remove(address.flag());
        }
    }
    Ok(Mapped { kind, values })
}

/// Whether a provider may say this of a user of the client: a flag goes with its address.
fn is_for(pool: &Pool, client: &Client, name: &str) -> bool {
    let flagged = Address::ALL.into_iter().find(|address| address.flag() == name);
    let written = match flagged {
        Some(address) => address.attribute(),
        None => name,
    };
    let is_ours = matches!(name, "sub" | "identities") || name.starts_with("cognito:");
    !is_ours && pool.schema.has(name) && client.may_write(&pool.schema, written)
}

/// Errors: InvalidParameter.
fn check(pool: &Pool, kind: Kind, name: &str, value: &str) -> Result<(), ApiError> {
    if value.encode_utf16().count() > LONGEST {
        return Err(external::attribute_too_long(name, LONGEST));
    }
    if kind == Kind::Saml && value.chars().any(|c| c.len_utf8() == 4) {
        return Err(external::attribute_with_long_character(name));
    }
    // Of a flag everything is no that is not yes.
    let objection = pool.schema.objection(name, value).filter(|_| !Address::is_flag(name));
    if let Some(objection) = objection {
        return Err(errors::nonconforming_update(&[objection]));
    }
    match name {
        "email" if !names::is_email(value) => Err(errors::invalid_email_format()),
        "phone_number" if !names::is_phone_number(value) => Err(errors::invalid_phone_format()),
        _ => Ok(()),
    }
}

impl Mapped {
    /// On a user who is not stored yet. Errors: InvalidParameter (the pool requires more).
    pub fn begin(&self, pool: &Pool, user: &mut User) -> Result<(), ApiError> {
        self.write(user);
        let has = |name: &&str| user.doc.attributes.contains_key(*name);
        let missing: Vec<&str> = pool.schema.required().filter(|name| !has(name)).collect();
        if missing.is_empty() {
            Ok(())
        } else {
            Err(external::attributes_required(self.kind, &missing))
        }
    }

    /// On a user who is there: what can be set once only is refused although it were the same. Errors: InvalidParameter.
    pub fn renew(&self, pool: &Pool, user: &mut User) -> Result<(), ApiError> {
        let names = self.values.keys().map(String::as_str);
        let fixed: Vec<&str> = names.filter(|name| pool.schema.is_immutable(name)).collect();
        if !fixed.is_empty() {
            return Err(errors::attributes_cannot_be_updated(&fixed));
        }
        self.write(user);
        Ok(())
    }

    /// An address that is another than before is proven only if the provider says so.
    fn write(&self, user: &mut User) {
        for (name, value) in &self.values {
            if Address::is_flag(name) || Address::of_attribute(name).is_some() {
                continue;
            }
            user.doc.attributes.insert(name.clone(), value.clone());
        }
        for address in Address::ALL {
            let Some(value) = self.values.get(address.attribute()) else {
                continue;
            };
            let said = self.values.get(address.flag()).map(|flag| addresses::is_true(flag));
            if user.doc.attributes.get(address.attribute()) != Some(value) {
                user.doc
                    .attributes
                    .insert(address.attribute().to_owned(), value.clone());
                user.doc.pending.remove(&address);
                addresses::set_verified(user, address, said.unwrap_or(false));
            } else if let Some(said) = said.filter(|said| *said != addresses::is_verified(user, address)) {
                addresses::set_verified(user, address, said);
            }
        }
    }
}
